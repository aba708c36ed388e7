namespace Bellman.Experience;

/// <summary>Sums of future rewards, as pure functions on spans.</summary>
/// <remarks>
/// Layout of several environments: the numbers of all environments at one step, then those of the next step. Where an episode was cut off
/// by a time limit, the value of its last observation has been added to the last reward already: r + γ·V(s′).
/// </remarks>
public static class Returns
{
    /// <summary>
    /// Generalized advantage estimation, Schulman et al. 2016, equation 16: Âₜ = Σ (γλ)ˡ δₜ₊ₗ with δₜ = rₜ + γ·V(sₜ₊₁) − V(sₜ), up to the end of the
    /// episode. The returns are Âₜ + V(sₜ), those of TD(λ).
    /// </summary>
    /// <param name="rewards">r, [steps, environments]</param>
    /// <param name="values">V(s), [steps, environments]</param>
    /// <param name="ends">Not zero where an episode ended with the step, [steps, environments].</param>
    /// <param name="lastValues">V of the observations after the last step, [environments].</param>
    /// <param name="discount">γ in [0, 1]</param>
    /// <param name="lambda">λ in [0, 1]; 1 gives n-step advantages, 0 those of one step.</param>
    /// <param name="advantages">Â, [steps, environments]</param>
    /// <param name="returns">Â + V, [steps, environments]</param>
    public static void Gae(
        ReadOnlySpan<float> rewards, ReadOnlySpan<float> values, ReadOnlySpan<float> ends, ReadOnlySpan<float> lastValues,
        float discount, float lambda, Span<float> advantages, Span<float> returns)
    {
        int environments = lastValues.Length;
        if (environments == 0 || rewards.Length % environments != 0)
        {
            throw new ArgumentException($"Rewards [steps, {environments}] were expected; got {rewards.Length} numbers.", nameof(rewards));
        }

        for (int i = rewards.Length - 1; i >= 0; i--)
        {
            bool isLast = i + environments >= rewards.Length;
            float running = ends[i] == 0 ? 1 : 0;
            float nextValue = isLast ? lastValues[i % environments] : values[i + environments];
            float nextAdvantage = isLast ? 0 : advantages[i + environments];
            float delta = rewards[i] + (discount * nextValue * running) - values[i];
            advantages[i] = delta + (discount * lambda * running * nextAdvantage);
            returns[i] = advantages[i] + values[i];
        }
    }

    /// <summary>The discounted sum of the rewards from each step of one episode to its end: Gₜ = rₜ + γ·Gₜ₊₁.</summary>
    /// <param name="rewards">r, [steps]</param>
    /// <param name="discount">γ in [0, 1]</param>
    /// <param name="after">What follows the last step: 0 after a terminal one.</param>
    /// <param name="returns">G, [steps]</param>
    public static void RewardToGo(ReadOnlySpan<float> rewards, double discount, double after, Span<float> returns)
    {
        double sum = after;
        for (int t = rewards.Length - 1; t >= 0; t--)
        {
            sum = rewards[t] + (discount * sum);
            returns[t] = (float)sum;
        }
    }

    /// <summary>1 − Var(returns − values) / Var(returns): 1 for values that foresee everything, 0 for values that tell nothing.</summary>
    public static double ExplainedVariance(ReadOnlySpan<float> values, ReadOnlySpan<float> returns)
    {
        double variance = Variance(returns, default);
        return variance == 0 ? double.NaN : 1 - (Variance(returns, values) / variance);
    }

    private static double Variance(ReadOnlySpan<float> numbers, ReadOnlySpan<float> subtracted)
    {
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            double number = subtracted.IsEmpty ? numbers[i] : numbers[i] - subtracted[i];
            double difference = number - mean;
            mean += difference / (i + 1);
            squares += difference * (number - mean);
        }

        return squares / Math.Max(1, numbers.Length);
    }
}
