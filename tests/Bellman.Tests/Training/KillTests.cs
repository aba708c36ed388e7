using System.Diagnostics;
using System.Text.Json;
using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Training;

namespace Bellman.Tests.Training;

/// <summary>
/// The program is killed at random moments, also in the middle of writing a checkpoint, and resumed each time: it ends as if nothing had happened.
/// <c>BELLMAN_KILLS=100</c> in the environment sets the number of kills, spread over every algorithm on four environments; without it there are
/// three, with two cheap algorithms. <c>BELLMAN_KILLS_SEED</c> sets the moments, <c>BELLMAN_KILLS_ONLY=sac,td3</c> the algorithms.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly string[] Environments = ["CartPole-v1", "LunarLander-v3", "Pendulum-v1", "CartPolePixels-v1"];

    private const int Killed = 128 + 9;

    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;
    private readonly Pcg64 random = new(ulong.Parse(Environment.GetEnvironmentVariable("BELLMAN_KILLS_SEED") ?? "1"));

    [Fact]
    public void A_run_killed_at_any_moment_resumes_to_the_same_bits()
    {
        int? wanted = int.TryParse(Environment.GetEnvironmentVariable("BELLMAN_KILLS"), out int count) ? count : null;
        string? only = Environment.GetEnvironmentVariable("BELLMAN_KILLS_ONLY");
        (string Algorithm, string Environment)[] cases = wanted is null
            ? [("dqn", "CartPole-v1"), ("ppo", "CartPole-v1")]
            : [.. Cases().Where(one => only is null || only.Split(',').Contains(one.Algorithm))];
        int left = wanted ?? 3;
        for (int i = 0; i < cases.Length; i++)
        {
            int kills = (left + cases.Length - i - 1) / (cases.Length - i);
            Repeat(cases[i].Algorithm, cases[i].Environment, kills);
            left -= kills;
            if (wanted is not null) Console.Error.WriteLine($"{cases[i].Algorithm} on {cases[i].Environment}: {kills} kills, the same bits");
        }
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    // A3C's workers overtake each other, so that no two of its runs are alike.
    private static IEnumerable<(string Algorithm, string Environment)> Cases() =>
        from algorithm in AlgorithmRegistry.All
        where algorithm.Defaults is not A3cOptions
        from environment in Environments
        where Fits(algorithm, environment)
        select (algorithm.Name, environment);

    private static bool Fits(AlgorithmEntry algorithm, string environment)
    {
        IEnvironment made = Registry.Find(environment).Make();
        try
        {
            // Whether the actions suit it is asked in words; whether its network takes the observations shows when it acts.
            algorithm.RequireFit(made.ActionSpace, environment);
            var task = new AgentTask(made.ObservationSpace, made.ActionSpace, 1, 1000);
            IAgent agent = algorithm.Create(algorithm.Options([]), task, new SeedSequence(1));
            if (agent is IRecurrentPolicy recurrent) recurrent.Begin(1);
            agent.Act(Tensor.Zeros(made.ObservationSpace.Shape.Prepend(1)), Tensor.Zeros(1, made.ActionSpace.FlatSize));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Repeat(string algorithm, string environment, int kills)
    {
        string whole = Path.Combine(directory, $"{algorithm}-{environment}-whole");
        string killed = Path.Combine(directory, $"{algorithm}-{environment}-killed");
        long start = Stopwatch.GetTimestamp();
        using (Process process = Start(Train(algorithm, environment, whole)))
        {
            RequireSuccess(process);
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        for (int done = 0; done < kills;)
        {
            using Process process = Start(Next());
            if (Kill(process, killed, duration))
            {
                done++;
                continue;
            }

            // It was faster and has ended: compared, and once more from the beginning.
            Compare(whole, killed);
            Directory.Delete(killed, recursive: true);
        }

        using (Process last = Start(Next()))
        {
            RequireSuccess(last);
        }

        Compare(whole, killed);

        string[] Next() =>
            File.Exists(Path.Combine(killed, "options.json"))
                ? ["resume", killed, "--json", "--threads", "1"]
                : Train(algorithm, environment, killed);
    }

    /// <summary>At a moment of the whole run, or as soon as some file is half written.</summary>
    /// <returns>False where the process was faster.</returns>
    private bool Kill(Process process, string run, TimeSpan duration)
    {
        bool amidWriting = random.Integers(2) == 0;
        long files = 1 + random.Integers(12);
        TimeSpan limit = amidWriting ? TimeSpan.FromMinutes(5) : duration * (0.2 + (0.7 * random.NextDouble()));
        long start = Stopwatch.GetTimestamp();
        string? seen = null;
        while (!process.HasExited)
        {
            if (Stopwatch.GetElapsedTime(start) >= limit) break;
            if (!amidWriting || !Directory.Exists(run))
            {
                Thread.Sleep(1);
                continue;
            }

            string? half = Directory.EnumerateFiles(run, $"*{AtomicFile.TemporarySuffix}").FirstOrDefault();
            if (half is null || half == seen) continue;
            seen = half;
            if (--files == 0) break;
        }

        process.Kill();
        process.WaitForExit();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.ExitCode is 0 or Killed, $"{string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}: {error}");
        return process.ExitCode == Killed;
    }

    private static void Compare(string whole, string killed)
    {
        foreach (string file in new[] { "metrics.csv", "policy.safetensors", "best.safetensors" })
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(killed, file))),
                $"{file} of {killed} differs.");
        }

        Assert.Equal(Episodes(whole), Episodes(killed));
        Assert.Equal(Result(whole), Result(killed));
        Assert.Empty(Directory.EnumerateFiles(killed, $"*{AtomicFile.TemporarySuffix}"));
        Assert.Equal(2, RunDirectory.Open(killed).Checkpoints.Count);

        // Without the seconds, which are the clock's.
        static IEnumerable<string> Episodes(string run) =>
            File.ReadLines(Path.Combine(run, "episodes.csv")).Select(line => line[..line.LastIndexOf(',')]);

        static string Result(string run)
        {
            using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json")));
            JsonElement root = result.RootElement;
            return string.Join(
                '\n', new[] { "steps", "bestStep", "weightsSha256", "evaluation" }.Select(name => root.GetProperty(name).GetRawText()));
        }
    }

    private static string[] Train(string algorithm, string environment, string run)
    {
        object defaults = AlgorithmRegistry.Find(algorithm).Defaults;
        (int steps, string[] settings) = defaults switch
        {
            // Long enough for blocks that lie in segment files.
            ValueOptions when environment == "CartPole-v1" => (72_000, new[] { "LearningStarts=70000", "BufferSize=100000", "NetArch=32" }),
            ValueOptions => (1600, ["LearningStarts=200", "BufferSize=1000", "NetArch=32"]),
            ContinuousControlOptions => (500, ["LearningStarts=100", "BufferSize=400", "NetArch=32,32", "BatchSize=64"]),
            A2cOptions => (2500, ["NetArch=32"]),
            ReinforceOptions => (2500, ["NetArch=32", "NTrajectories=3"]),
            RecurrentPpoOptions => (1000, ["NSteps=128", "NEpochs=2", "LstmHiddenSize=16"]),
            _ => (2500, ["NSteps=256", "BatchSize=64"]),
        };
        bool isImage = environment.Contains("Pixels");
        if (isImage) (steps, settings) = (steps / 10, [.. settings.Where(IsForImages)]);
        if (isImage && defaults is ValueOptions) settings = [.. settings, "LearningStarts=40", "BatchSize=8"];
        return
        [
            "train", algorithm, environment, "--preset", "defaults", "--run", run, "--seed", "3", "--threads", "1", "--json",
            "--steps", $"{steps}", "--checkpoint-every", $"{steps / 40}", "--evaluate-every", $"{(steps / 3) + 1}",
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];

        static bool IsForImages(string setting) => !setting.StartsWith("NetArch") && !setting.StartsWith("LearningStarts");
    }

    private static Process Start(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Bellman.Cli.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }

    private static void RequireSuccess(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}: {error}");
        _ = output.Result;
    }
}
