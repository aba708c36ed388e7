using System.Runtime.InteropServices;
using Bellman.Cli;

using var stop = new CancellationTokenSource();
int stopCode = ExitCode.Interrupted;
using PosixSignalRegistration interrupt =
    PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, ExitCode.Interrupted));
using PosixSignalRegistration terminate =
    PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ExitCode.Terminated));
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = !Console.IsOutputRedirected };

var terminal = new Terminal
{
    Output = output,
    Error = Console.Error,
    IsInteractive = !Console.IsOutputRedirected,
    Stop = stop.Token,
    StopCode = () => stopCode,
};
return CommandLine.Run(args, terminal);

// The first signal asks the run to save and end; a second one ends the process at once.
void End(PosixSignalContext context, int code)
{
    stopCode = code;
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
