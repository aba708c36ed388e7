namespace Bellman.Neural.State;

/// <summary>The scopes that are open, as the prefix of the names inside: <c>agent.optimizer.</c></summary>
internal sealed class StateScope
{
    private readonly Stack<int> lengths = new();
    private string prefix = "";

    public void Enter(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lengths.Push(prefix.Length);
        prefix = $"{prefix}{name}.";
    }

    public void Leave() => prefix = prefix[..lengths.Pop()];

    public string Name(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return prefix + name;
    }
}
