using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Experience;

/// <summary>How a memory prefers transitions with a large error. Schaul et al. 2016, the proportional variant.</summary>
/// <param name="Alpha">α in [0, 1]: how strongly; 0 draws uniformly.</param>
/// <param name="Epsilon">ε &gt; 0: added to each error, so that every transition can be drawn.</param>
public sealed record Prioritization(double Alpha = 0.6, double Epsilon = 1e-6);

/// <summary>pᵢ = (|δᵢ| + ε)^α of the transitions of a memory, by position.</summary>
internal sealed class ReplayPriorities
{
    private readonly Prioritization rule;
    private readonly SumTree priorities;
    private double largestError = 1;

    public ReplayPriorities(int positions, Prioritization rule)
    {
        Require(rule.Alpha is >= 0 and <= 1, nameof(rule.Alpha), "in [0, 1]", rule.Alpha);
        Require(rule.Epsilon > 0, nameof(rule.Epsilon), "greater than 0", rule.Epsilon);
        this.rule = rule;
        priorities = new SumTree(positions);
    }

    /// <summary>A new transition gets the largest priority there ever was, so that it is soon drawn once.</summary>
    public void Add(int position) => priorities[position] = Priority(largestError);

    public void Remove(int position) => priorities[position] = 0;

    /// <summary>The priority follows the transition's latest error.</summary>
    /// <param name="position">Of a transition that is held.</param>
    /// <param name="error">δ; one that is not finite counts as the largest so far, and shows in the loss.</param>
    public void Set(int position, float error)
    {
        double size = Math.Abs((double)error) + rule.Epsilon;
        if (!double.IsFinite(size)) size = largestError;
        largestError = Math.Max(largestError, size);
        priorities[position] = Priority(size);
    }

    /// <summary>Draws positions: one from each of equal parts of the total, as in the paper's appendix B.2.1.</summary>
    /// <param name="positions">Gets what was drawn.</param>
    /// <param name="weights">Gets wᵢ = (N · P(i))^−β, divided by the largest of the batch; N and the total cancel out.</param>
    /// <param name="beta">β in [0, 1]: how much of the bias is corrected.</param>
    /// <param name="random">Draws one number for each position.</param>
    public void Draw(Span<int> positions, Span<float> weights, double beta, Pcg64 random)
    {
        double part = priorities.Total / positions.Length;
        double smallest = double.PositiveInfinity;
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = priorities.Find((i + random.NextDouble()) * part);
            smallest = Math.Min(smallest, priorities[positions[i]]);
        }

        for (int i = 0; i < positions.Length; i++)
        {
            weights[i] = (float)Math.Pow(smallest / priorities[positions[i]], beta);
        }
    }

    public void Visit(IStateVisitor state, int used)
    {
        state.Value(nameof(largestError), ref largestError);
        priorities.Visit(state, nameof(priorities), used);
    }

    private static void Require(bool condition, string name, string range, double value)
    {
        if (!condition) throw new ArgumentOutOfRangeException(name, value, $"{name} of a prioritization lies {range}.");
    }

    private double Priority(double size) => Math.Pow(size, rule.Alpha);
}
