using Bellman.Cli;

namespace Bellman.Tests.Cli;

/// <summary>What the program printed and how it ended, run within the test.</summary>
internal sealed record InvokedProgram(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static InvokedProgram Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public static InvokedProgram Run(CancellationToken stop, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = CommandLine.Run(arguments, new Terminal { Output = output, Error = error, Stop = stop });
        return new InvokedProgram(exitCode, output.ToString(), error.ToString());
    }
}
