namespace Bellman.Experience;

/// <summary>Puts the distribution of r + γZ back on the atoms of Z. Bellemare et al. 2017, equation 7 and algorithm 1.</summary>
public static class CategoricalProjection
{
    /// <summary>
    /// Each atom zⱼ of Z moves to r + γzⱼ, limited to [low, high]; its probability is divided between the two atoms beside it, more to the
    /// nearer one.
    /// </summary>
    /// <param name="probabilities">p of Z, [batch, atoms].</param>
    /// <param name="rewards">r, [batch].</param>
    /// <param name="discounts">γ, or 0 where nothing follows, [batch].</param>
    /// <param name="low">The smallest atom; the others follow at equal distances.</param>
    /// <param name="high">The largest atom.</param>
    /// <param name="destination">m, [batch, atoms].</param>
    public static void Project(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<float> rewards, ReadOnlySpan<float> discounts, double low, double high,
        Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(discounts.Length, rewards.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, probabilities.Length);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        if (rewards.IsEmpty) return;
        int atoms = probabilities.Length / rewards.Length;
        double distance = (high - low) / (atoms - 1);
        destination.Clear();
        for (int row = 0; row < rewards.Length; row++)
        {
            ReadOnlySpan<float> p = probabilities.Slice(row * atoms, atoms);
            Span<float> m = destination.Slice(row * atoms, atoms);
            for (int j = 0; j < atoms; j++)
            {
                // b: where the moved atom lies, counted in atoms.
                double moved = rewards[row] + (discounts[row] * (low + (j * distance)));
                double b = Math.Clamp((moved - low) / distance, 0, atoms - 1);
                int left = (int)b;
                float share = (float)(b - left);
                m[left] += p[j] * (1 - share);
                if (share > 0) m[left + 1] += p[j] * share;
            }
        }
    }
}
