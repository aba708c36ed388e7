using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Cli.Benchmarks;

/// <summary>What checkpoints of a full replay memory cost, one after the other.</summary>
/// <param name="Megabytes">Of the memory, 10⁶ bytes each.</param>
/// <param name="Seconds">Of each checkpoint, flushed to the disk. The first two hold everything, since two in a row share nothing.</param>
/// <param name="MegabytesWritten">By each checkpoint.</param>
internal sealed record CheckpointMeasurement(double Megabytes, IReadOnlyList<double> Seconds, IReadOnlyList<double> MegabytesWritten)
{
    /// <summary>Checkpoints that are saved.</summary>
    private const int Count = 8;

    /// <summary>The longest of those that build on an earlier one.</summary>
    public double LaterSeconds => Seconds.Skip(2).Max();

    /// <summary>Fills a memory with steps of CartPole-v1 and saves it again and again.</summary>
    /// <param name="transitions">That the memory holds.</param>
    /// <param name="between">Further transitions between two checkpoints.</param>
    /// <param name="folder">Where the files are written; deleted afterwards.</param>
    /// <param name="clock">Measures.</param>
    public static CheckpointMeasurement Of(int transitions, int between, string folder, TimeProvider clock)
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), count: 1);
        var memory = new ReplayBuffer(transitions, environments.ObservationSpace, environments.ActionSpace);
        var random = new Pcg64(1);
        environments.Reset(1);
        memory.Begin(environments.Observations);
        Add(transitions);
        Directory.CreateDirectory(folder);
        var series = new CheckpointSeries(folder);
        var seconds = new double[Count];
        var megabytes = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            long before = Bytes(folder);
            long start = clock.GetTimestamp();
            series.Save(Path.Combine(folder, $"{i}.bellman"), [("memory", memory)]);
            seconds[i] = clock.GetElapsedTime(start).TotalSeconds;
            megabytes[i] = (Bytes(folder) - before) / 1e6;
            Add(between);
        }

        Directory.Delete(folder, recursive: true);
        return new CheckpointMeasurement(StateCounter.Of(memory).Bytes / 1e6, seconds, megabytes);

        void Add(int count)
        {
            for (int i = 0; i < count; i++)
            {
                environments.ActionSpace.Sample(random, environments.Actions.Values);
                environments.Step();
                memory.Add(environments);
            }
        }
    }

    private static long Bytes(string folder) => Directory.EnumerateFiles(folder).Sum(file => new FileInfo(file).Length);
}
