namespace Bellman.Algorithms;

/// <summary>An option that does not exist or has a value outside of its range; the message is one sentence for the user.</summary>
public sealed class OptionException(string message) : ArgumentException(message);
