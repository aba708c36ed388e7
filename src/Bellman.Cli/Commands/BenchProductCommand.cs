using System.CommandLine;
using Bellman.Cli.Benchmarks;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Cli.Commands;

/// <summary><c>bench gemm</c>: how near products of square matrices come to what one core can do.</summary>
internal static class BenchProductCommand
{
    private const int LargestSize = 1 << 14;
    private static readonly int[] Sizes = [64, 128, 256, 512, 1024];

    public static Command Create(Terminal terminal)
    {
        Option<long?> size = CommandOptions.Count(
            "--size", $"n of [n, n] · [n, n], at most {LargestSize}. Default: {string.Join(", ", Sizes)}.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command("gemm", "Measure matrix products against the peak of one core.") { size, json };
        command.SetAction(parsed =>
        {
            int[] sizes = parsed.GetValue(size) is long one ? [(int)Math.Min(one, LargestSize)] : Sizes;
            double? peak = PeakSpeed.Measure(terminal.Clock);
            (int Size, double Speed)[] results = [.. sizes.Select(n => (n, Speed(n, terminal.Clock)))];
            if (parsed.GetValue(json)) WriteJson(terminal.Output, peak, results);
            else WriteText(terminal.Output, peak, results);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Billions of multiplications and additions per second.</summary>
    private static double Speed(int n, TimeProvider clock) => 2e-3 * n * n * n / Measurement.Of(Product(n), clock).Microseconds;

    private static Action Product(int n)
    {
        var workspace = new Workspace();
        var random = new Pcg64(1);
        Tensor a = Tensor.Zeros(n, n);
        Tensor b = Tensor.Zeros(n, n);
        random.FillNormal(a.Values);
        random.FillNormal(b.Values);
        return () =>
        {
            using Workspace.Scope scope = workspace.Begin();
            _ = Tensor.MatMul(a, b);
        };
    }

    private static void WriteText(TextWriter output, double? peak, (int Size, double Speed)[] results)
    {
        output.WriteLine(peak is double known
            ? $"peak of one core: {known:0.0} GFLOP/s"
            : "peak of one core: none, this processor has no fused multiply-add");
        foreach ((int n, double speed) in results)
        {
            string share = peak is double most ? $", {100 * speed / most:0.0} % of the peak" : "";
            output.WriteLine($"[{n}, {n}] · [{n}, {n}]: {speed:0.0} GFLOP/s{share}");
        }
    }

    private static void WriteJson(TextWriter output, double? peak, (int Size, double Speed)[] results) =>
        JsonLine.Write(output, writer =>
        {
            if (peak is double known) writer.WriteNumber("peakGigaflopsPerSecond", known);
            writer.WriteStartArray("products");
            foreach ((int n, double speed) in results)
            {
                writer.WriteStartObject();
                writer.WriteString("shape", $"{n}x{n}x{n}");
                writer.WriteNumber("gigaflopsPerSecond", speed);
                if (peak is double most) writer.WriteNumber("percentOfPeak", 100 * speed / most);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
}
