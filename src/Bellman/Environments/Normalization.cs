using Bellman.Environments.Wrappers;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>
/// Brings observations to mean 0 and variance 1, and rewards to returns of variance 1, by statistics that run along: SB3's VecNormalize.
/// Given to a <see cref="VectorEnvironment"/>, which then shows its algorithm normalised numbers; episode statistics stay raw.
/// </summary>
public sealed class Normalization : IStateful
{
    private readonly bool observations;
    private readonly bool rewards;
    private readonly float clipObservation;
    private readonly float clipReward;
    private readonly double discount;
    private readonly double epsilon;
    private readonly Moments observationMoments;
    private readonly Moments returnMoments = new(1);
    private readonly Tensor publishedMeans;
    private readonly Tensor publishedDeviations;
    private double[] returns = [];

    /// <param name="observationSpace">Space of an observation; a box that is no image where observations are normalised.</param>
    /// <param name="observations">Whether observations are normalised.</param>
    /// <param name="rewards">Whether rewards are scaled.</param>
    /// <param name="clipObservation">Normalised observations are limited to ± this.</param>
    /// <param name="clipReward">Scaled rewards are limited to ± this.</param>
    /// <param name="discount">γ of the returns whose variance scales rewards.</param>
    /// <param name="epsilon">Added to variances.</param>
    public Normalization(
        Space observationSpace, bool observations = true, bool rewards = true, float clipObservation = 10, float clipReward = 10,
        double discount = 0.99, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        if (observations && observationSpace is not Box { IsImage: false })
        {
            throw new ArgumentException($"Observations of a Box of numbers can be normalised; got {observationSpace}.", nameof(observationSpace));
        }

        this.observations = observations;
        this.rewards = rewards;
        this.clipObservation = clipObservation;
        this.clipReward = clipReward;
        this.discount = discount;
        this.epsilon = epsilon;
        observationMoments = new Moments(observationSpace.FlatSize);
        publishedMeans = Tensor.Zeros(observationSpace.FlatSize);
        publishedDeviations = Tensor.Full(publishedMeans.Shape, 1);
    }

    /// <summary>False leaves the statistics as they are: for evaluation.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The running means of the observation's numbers.</summary>
    public ReadOnlySpan<double> Means => observationMoments.Means;

    /// <summary>The running variances of the observation's numbers.</summary>
    public ReadOnlySpan<double> Variances => observationMoments.Variances;

    /// <summary>
    /// The statistics of observations as they were at the latest <see cref="Publish"/>, in the form in which they are saved with a policy; none
    /// where observations are not normalised.
    /// </summary>
    public IEnumerable<(string Name, Tensor Value)> Published =>
        observations ? [("normalization.mean", publishedMeans), ("normalization.deviation", publishedDeviations)] : [];

    /// <summary>Takes over the running statistics into <see cref="Published"/>.</summary>
    public void Publish()
    {
        for (int i = 0; i < publishedMeans.Length; i++)
        {
            publishedMeans[i] = (float)observationMoments.Means[i];
            publishedDeviations[i] = (float)Math.Sqrt(observationMoments.Variances[i] + epsilon);
        }
    }

    /// <summary>Stops (or goes on) adapting the statistics.</summary>
    public void Freeze(bool frozen = true) => IsTraining = !frozen;

    /// <summary>Normalises rows of observations in place, for a policy that acts outside of a vector environment.</summary>
    public void Apply(Span<float> rows)
    {
        int size = observationMoments.Means.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            double scaled = (rows[i] - observationMoments.Means[i % size]) / Math.Sqrt(observationMoments.Variances[i % size] + epsilon);
            rows[i] = (float)Math.Clamp(scaled, -clipObservation, clipObservation);
        }
    }

    /// <summary>
    /// An environment that shows what a saved policy sees, by the <see cref="Published"/> statistics at the time and without adding to them: for
    /// evaluation.
    /// </summary>
    public IEnvironment Around(IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!observations) return inner;
        return new TransformObservation(inner, (from, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = Math.Clamp((from[i] - publishedMeans[i]) / publishedDeviations[i], -clipObservation, clipObservation);
            }
        }, new Box(-clipObservation, clipObservation, inner.ObservationSpace.Shape));
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(observationMoments), observationMoments);
        state.Part(nameof(returnMoments), returnMoments);
        int count = returns.Length;
        state.Value(nameof(count), ref count);
        if (count is < 0 or > 1 << 20) throw new InvalidDataException($"A normalization holds 0 to {1 << 20} returns; got {count}.");
        if (count != returns.Length) returns = new double[count];
        state.Values(nameof(returns), returns.AsSpan());
    }

    internal void AfterReset(VectorEnvironment environments)
    {
        if (returns.Length != environments.Count) returns = new double[environments.Count];
        Array.Clear(returns);
        if (!observations) return;
        if (IsTraining) observationMoments.Add(environments.Observations.Values);
        Apply(environments.Observations.Values);
    }

    internal void AfterStep(VectorEnvironment environments)
    {
        if (observations)
        {
            if (IsTraining) observationMoments.Add(environments.Observations.Values);
            Apply(environments.Observations.Values);
            Apply(environments.NextObservations.Values);
        }

        if (rewards) ScaleRewards(environments);
    }

    private void ScaleRewards(VectorEnvironment environments)
    {
        for (int i = 0; i < returns.Length; i++)
        {
            returns[i] = (returns[i] * discount) + environments.Rewards[i];
        }

        if (IsTraining) returnMoments.Add(returns);
        double scale = Math.Sqrt(returnMoments.Variances[0] + epsilon);
        for (int i = 0; i < returns.Length; i++)
        {
            environments.Rewards[i] = (float)Math.Clamp(environments.Rewards[i] / scale, -clipReward, clipReward);
            if (environments.HasEnded(i)) returns[i] = 0;
        }
    }

    /// <summary>Means and variances of columns, batch by batch. Chan, Golub &amp; LeVeque 1979.</summary>
    private sealed class Moments(int columns) : IStateful
    {
        private readonly double[] means = new double[columns];
        private readonly double[] variances = Ones(columns);
        private double count = 1e-4;

        public ReadOnlySpan<double> Means => means;

        public ReadOnlySpan<double> Variances => variances;

        public void Add(ReadOnlySpan<float> rows)
        {
            int batch = rows.Length / columns;
            for (int column = 0; column < columns; column++)
            {
                double mean = 0;
                double variance = 0;
                for (int row = 0; row < batch; row++)
                {
                    mean += rows[(row * columns) + column];
                }

                mean /= batch;
                for (int row = 0; row < batch; row++)
                {
                    double difference = rows[(row * columns) + column] - mean;
                    variance += difference * difference;
                }

                Merge(column, mean, variance / batch, batch);
            }

            count += batch;
        }

        public void Add(ReadOnlySpan<double> values)
        {
            double mean = 0;
            double variance = 0;
            foreach (double value in values)
            {
                mean += value;
            }

            mean /= values.Length;
            foreach (double value in values)
            {
                variance += (value - mean) * (value - mean);
            }

            Merge(0, mean, variance / values.Length, values.Length);
            count += values.Length;
        }

        public void Visit(IStateVisitor state)
        {
            ArgumentNullException.ThrowIfNull(state);
            state.Values(nameof(means), means.AsSpan());
            state.Values(nameof(variances), variances.AsSpan());
            state.Value(nameof(count), ref count);
        }

        private static double[] Ones(int length)
        {
            var ones = new double[length];
            ones.AsSpan().Fill(1);
            return ones;
        }

        private void Merge(int column, double mean, double variance, int batch)
        {
            double difference = mean - means[column];
            double total = count + batch;
            means[column] += difference * batch / total;
            double squares = (variances[column] * count) + (variance * batch) + (difference * difference * count * batch / total);
            variances[column] = squares / total;
        }
    }
}
