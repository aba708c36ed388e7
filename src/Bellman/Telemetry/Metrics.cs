using Bellman.Neural.State;

namespace Bellman.Telemetry;

/// <summary>Collects values between two rows and hands each row to the writers.</summary>
/// <remarks>
/// What is collected is part of a checkpoint, so that a resumed run writes the rows of a run that was never
/// interrupted.
/// </remarks>
public sealed class Metrics : IMetrics, IStateful, IDisposable
{
    private readonly IReadOnlyList<IMetricsWriter> writers;
    private readonly Dictionary<string, int> indices = new(StringComparer.Ordinal);
    private readonly List<Entry> entries = [];
    private Metric[] row = [];
    private long rows;

    /// <param name="writers">Get each row in this order; disposed of with this object.</param>
    public Metrics(params IReadOnlyList<IMetricsWriter> writers)
    {
        ArgumentNullException.ThrowIfNull(writers);
        this.writers = writers;
    }

    /// <summary>Environment steps taken so far; the trainer moves it.</summary>
    public long Step { get; set; }

    /// <summary>Rows written so far, since the run began.</summary>
    public long Rows => rows;

    /// <summary>The names seen so far, in the order of their first appearance.</summary>
    public IEnumerable<string> Names => entries.Select(entry => entry.Name);

    public void Record(string name, double value)
    {
        Entry entry = Find(name);
        RequireFinite(entry, value);
        entry.Sum = value;
        entry.Count = 1;
        entry.Latest = value;
    }

    public void Average(string name, double value)
    {
        Entry entry = Find(name);
        RequireFinite(entry, value);
        entry.Sum += value;
        entry.Count++;
        entry.Latest = value;
    }

    /// <summary>The value given last under a name; null if there was none.</summary>
    public double? Latest(string name) => indices.TryGetValue(name, out int index) ? entries[index].Latest : null;

    /// <summary>Writes a row of what was collected since the last one.</summary>
    public void Write()
    {
        if (row.Length < entries.Count) row = new Metric[entries.Count * 2];
        int count = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Count == 0) continue;
            row[count++] = new Metric(entry.Name, entry.Sum / entry.Count);
            entry.Sum = 0;
            entry.Count = 0;
        }

        if (count == 0) return;
        rows++;
        foreach (IMetricsWriter writer in writers)
        {
            writer.Write(Step, row.AsSpan(0, count));
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        long step = Step;
        int count = entries.Count;
        state.Value("step", ref step);
        state.Value(nameof(rows), ref rows);
        state.Value("count", ref count);
        Step = step;
        for (int i = 0; i < count; i++)
        {
            state.Enter(i.ToString());
            string? name = i < entries.Count ? entries[i].Name : null;
            state.Text("name", ref name);
            Entry entry = Find(name!);
            state.Value("sum", ref entry.Sum);
            state.Value("valueCount", ref entry.Count);
            state.Value("latest", ref entry.Latest);
            state.Leave();
        }
    }

    public void Dispose()
    {
        foreach (IMetricsWriter writer in writers)
        {
            writer.Dispose();
        }
    }

    private Entry Find(string name)
    {
        if (indices.TryGetValue(name, out int index)) return entries[index];
        var entry = new Entry(name);
        indices.Add(name, entries.Count);
        entries.Add(entry);
        return entry;
    }

    private void RequireFinite(Entry entry, double value)
    {
        if (entry.IsLoss && !double.IsFinite(value)) throw new NonFiniteMetricException(entry.Name, value, Step);
    }

    private sealed class Entry(string name)
    {
        public double Sum;
        public int Count;
        public double Latest;

        public string Name { get; } = name;

        /// <summary>
        /// A loss that is not finite means that the weights are lost; other values may be undefined now and then.
        /// </summary>
        public bool IsLoss { get; } = name.EndsWith("loss", StringComparison.Ordinal);
    }
}

/// <summary>A loss became infinite or undefined, so that going on would only spoil the weights.</summary>
public sealed class NonFiniteMetricException(string name, double value, long step)
    : ArithmeticException(
        $"{name} became {value} at step {step}; a smaller learning rate or clipped gradients may help.")
{
    public string Name { get; } = name;

    public double Value { get; } = value;

    /// <summary>Environment steps.</summary>
    public long Step { get; } = step;
}
