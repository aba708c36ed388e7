namespace Bellman.Cli;

/// <summary>Where the program writes and what it knows of the outside; tests pass their own.</summary>
internal sealed class Terminal
{
    /// <summary>Results: what a pipe or a file gets.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Sentences about errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>True where a person watches the output, so that it may move.</summary>
    public bool IsInteractive { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Set when the user or the system asks the program to end.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The exit code of a run that was stopped from outside, 128 + the signal's number.</summary>
    public Func<int> StopCode { get; init; } = () => ExitCode.Interrupted;

    /// <summary>One that writes results where the sentences go, since standard output is kept for something else.</summary>
    public Terminal WithSentencesOnly() =>
        new() { Output = Error, Error = Error, Clock = Clock, Stop = Stop, StopCode = StopCode };
}

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The program could not do what it was rightly asked for.</summary>
    public const int Failure = 1;

    /// <summary>What was asked for makes no sense: a wrong name, value, file.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}

/// <summary>The user asked for something that makes no sense; the message is one sentence for them.</summary>
internal sealed class UserException(string message) : Exception(message);

/// <summary>Something rightly asked for did not work out; the message is one sentence for the user.</summary>
internal sealed class FailureException(string message) : Exception(message);
