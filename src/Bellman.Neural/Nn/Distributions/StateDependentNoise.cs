using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>
/// Generalised state-dependent exploration (Raffin et al. 2021): the noise of an action is a function of the state, ε(s) = z(s) · Θ, that
/// stays the same until the matrix Θ is drawn anew. The same state then meets the same noise, so that exploration is smooth in time.
/// </summary>
/// <remarks>
/// z(s) are features of the state, the last hidden layer as a rule; pass them detached where the noise must not train them (as
/// policy gradients do, while SAC lets it). Θ is a matrix of independent normal numbers of mean zero and deviations σ, [features, actions],
/// which are learned by their logarithms. What is kept here are the standard normal numbers Θ / σ, a matrix for each copy of the
/// environment, so that gradients reach σ through the noise.
/// </remarks>
public sealed class StateDependentNoise : IStateful
{
    /// <summary>Keeps the deviation of an action from zero, as Stable-Baselines3 does.</summary>
    private const float Epsilon = 1e-6f;

    private readonly Tensor matrices;

    /// <param name="features">Numbers in z(s).</param>
    /// <param name="actions">Coordinates of an action.</param>
    /// <param name="copies">Matrices: one for each row of a batch, or a single one that all rows share.</param>
    /// <param name="random">Draws the first matrices.</param>
    public StateDependentNoise(int features, int actions, int copies, Pcg64 random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(actions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        matrices = copies == 1 ? Tensor.Zeros(features, actions) : Tensor.Zeros(copies, features, actions);
        Draw(random);
    }

    /// <summary>σ from its parameter: e^x; or, growing more slowly above zero, e^x for x ≤ 0 and 1 + ln(1 + x) beyond.</summary>
    /// <param name="logDeviation">x, [features, actions], or [features, 1] for one deviation for all actions.</param>
    /// <param name="expln">True for the second form, of which the paper says that it keeps large deviations in check.</param>
    public static Tensor Deviation(Tensor logDeviation, bool expln = false)
    {
        ArgumentNullException.ThrowIfNull(logDeviation);
        if (!expln) return logDeviation.Exp();
        Tensor isAbove = Tensor.Constant(logDeviation.Shape);
        ReadOnlySpan<float> x = logDeviation.Values;
        Span<float> flags = isAbove.Values;
        for (int i = 0; i < flags.Length; i++)
        {
            flags[i] = x[i] > 0 ? 1 : 0;
        }

        // The limits keep each branch a number where the other one is chosen.
        return Tensor.Where(isAbove, logDeviation.Clamp(low: 0).Log1p() + 1, logDeviation.Clamp(high: 0).Exp());
    }

    /// <summary>
    /// The distribution of an action over all draws of Θ: normal, of variance z² · σ². It gives log-probability, entropy and mode;
    /// actions to take are the mean plus <see cref="Of"/>.
    /// </summary>
    /// <param name="mean">[batch, actions]</param>
    /// <param name="features">z, [batch, features]</param>
    /// <param name="deviation">σ, see <see cref="Deviation"/>.</param>
    public static DiagonalGaussian Distribution(Tensor mean, Tensor features, Tensor deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(deviation);
        Tensor variance = Tensor.MatMul(features.Square(), Wide(deviation, mean.Shape[1]).Square());
        return new DiagonalGaussian(mean, (variance + Epsilon).Log() * 0.5f);
    }

    /// <summary>Whether new matrices are to be drawn before a step.</summary>
    /// <param name="position">Steps since a rollout, or a round of steps between updates, began.</param>
    /// <param name="interval">Steps between two draws; -1 draws at the beginning only.</param>
    public static bool IsDue(long position, int interval) => position == 0 || (interval > 0 && position % interval == 0);

    /// <summary>Draws new matrices.</summary>
    public void Draw(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(matrices.Values);
    }

    /// <summary>z · Θ: what is added to the mean. Gradients pass to features and deviations.</summary>
    /// <param name="features">z, [batch, features]; row i meets matrix i where there are several.</param>
    /// <param name="deviation">σ, see <see cref="Deviation"/>.</param>
    /// <returns>[batch, actions]</returns>
    public Tensor Of(Tensor features, Tensor deviation)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(deviation);
        Tensor theta = Wide(deviation, matrices.Shape[-1]) * matrices;
        if (matrices.Rank == 2) return Tensor.MatMul(features, theta);
        if (features.Shape[0] != matrices.Shape[0])
        {
            throw new ArgumentException(
                $"Features of {matrices.Shape[0]} copies were expected, a row each; got {features.Shape}.", nameof(features));
        }

        return (features.Unsqueeze(2) * theta).Sum(axis: 1);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Values(nameof(matrices), matrices.Values);
    }

    private static Tensor Wide(Tensor deviation, int actions) =>
        deviation.Shape[1] == actions ? deviation : deviation.BroadcastTo(new Shape(deviation.Shape[0], actions));
}
