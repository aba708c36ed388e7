using System.CommandLine;
using System.CommandLine.Parsing;
using Bellman.Cli.Commands;
using Bellman.Environments;
using Bellman.Neural.State;
using Bellman.Telemetry;

namespace Bellman.Cli;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command; every error becomes one sentence and an exit code.</summary>
    public static int Run(string[] arguments, Terminal terminal)
    {
        try
        {
            ParseResult parsed = Root(terminal).Parse(arguments);
            RequireNoErrors(parsed);
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return parsed.Invoke(configuration);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or NullReferenceException))
        {
            terminal.Output.Flush();
            terminal.Error.WriteLine(Sentence(error));
            return IsBadInput(error) ? ExitCode.BadInput : ExitCode.Failure;
        }
        finally
        {
            terminal.Output.Flush();
        }
    }

    private static RootCommand Root(Terminal terminal) =>
        new("Bellman: deep reinforcement learning for .NET.")
        {
            TrainCommand.Create(terminal),
            ResumeCommand.Create(terminal),
            RepeatCommand.Create(terminal),
            ExperimentCommand.Create(terminal),
            TuneCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PlotCommand.Create(terminal),
            CompareCommand.Create(terminal),
            WatchCommand.Create(terminal),
            RolloutCommand.Create(terminal),
            ListCommand.Create(terminal),
            InspectCommand.Create(terminal),
            BenchCommand.Create(terminal),
        };

    private static void RequireNoErrors(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return;
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string token = parsed.UnmatchedTokens[0];
            bool isOption = token.StartsWith('-');
            IEnumerable<string> names = isOption
                ? command.Options.SelectMany(option => option.Aliases.Append(option.Name))
                : command.Subcommands.Select(subcommand => subcommand.Name);
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string hint = Nearest.Hint(token, names);
            if (hint.Length == 0 && command.Subcommands.Count > 0) hint = $"; it has {Names(command.Subcommands)}";
            throw new UserException($"bellman{Place(command)} has no {kind} '{token}'{hint}.");
        }

        throw new UserException(
            parsed.Errors[0] is { SymbolResult: CommandResult or ArgumentResult } error && IsMissing(error)
            ? $"bellman{Place(command)} needs {Missing(command, error)}; see bellman{Place(command)} --help."
            : parsed.Errors[0].Message);
    }

    private static bool IsMissing(ParseError error) => error.SymbolResult switch
    {
        CommandResult => true,
        ArgumentResult argument => argument.Tokens.Count == 0,
        _ => false,
    };

    private static string Missing(Command command, ParseError error) =>
        error.SymbolResult is ArgumentResult argument ? argument.Argument.Name
        : command.Subcommands.Count > 0 ? $"a command ({Names(command.Subcommands)})"
        : "another argument";

    private static string Names(IEnumerable<Command> commands) =>
        string.Join(", ", commands.Select(command => command.Name));

    private static string Place(Command command) => command is RootCommand ? "" : $" {command.Name}";

    private static bool IsBadInput(Exception error) =>
        error is UserException or ArgumentException or FormatException or InvalidDataException or FileFormatException
            or FileNotFoundException or DirectoryNotFoundException or NotSupportedException;

    /// <summary>The message on one line, without the name of a parameter in our code.</summary>
    private static string Sentence(Exception error)
    {
        string message = error.Message;
        if (error is ArgumentException { ParamName: not null } argument)
        {
            message = message.Replace($" (Parameter '{argument.ParamName}')", "");
        }
        bool isExpected = IsBadInput(error)
            || error is FailureException or IOException or NonFiniteMetricException or UnauthorizedAccessException;
        if (!isExpected)
        {
            message = $"Unexpected {error.GetType().Name}: {message}";
        }

        return message.ReplaceLineEndings(" ");
    }
}
