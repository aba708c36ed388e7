using Bellman.Experience;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Experience;

public sealed class CategoricalProjectionTests
{
    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    // Atoms 0, 1, 2, 3, 4.
    [Theory]
    [InlineData(0, 1, new float[] { 0.1f, 0.2f, 0.3f, 0.3f, 0.1f })]          // nothing moves
    [InlineData(1, 1, new float[] { 0, 0.1f, 0.2f, 0.3f, 0.4f })]             // one atom up; the two highest meet at the limit
    [InlineData(-10, 1, new float[] { 1, 0, 0, 0, 0 })]                       // all below the lowest
    [InlineData(2.25, 0, new float[] { 0, 0, 0.75f, 0.25f, 0 })]              // an end: the reward alone, nearer to 2 than to 3
    [InlineData(0.5, 0.5, new float[] { 0.05f, 0.4f, 0.5f, 0.05f, 0 })]       // 0.5, 1, 1.5, 2, 2.5
    [InlineData(4, 0.5, new float[] { 0, 0, 0, 0, 1 })]                       // all above the highest
    public void Moved_atoms_are_divided_between_their_neighbours(float reward, float discount, float[] expected)
    {
        float[] projected = new float[5];
        CategoricalProjection.Project([0.1f, 0.2f, 0.3f, 0.3f, 0.1f], [reward], [discount], low: 0, high: 4, projected);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(expected[i], projected[i], tolerance: 1e-6);
        }
    }

    [Fact]
    public void Rows_are_projected_by_themselves()
    {
        float[] projected = new float[6];
        CategoricalProjection.Project([1, 0, 0, 0, 0.5f, 0.5f], [1, -1], [1, 0.5f], low: -1, high: 1, projected);

        // −1 → 0; and 0 → −1, 1 → −0.5.
        Assert.Equal([0, 1, 0, 0.75f, 0.25f, 0], projected);
    }

    [Fact]
    public void Probability_is_kept_and_so_is_the_mean_within_the_limits() =>
        Check.One(Quietly, Prop.ForAll(
            Gen.Choose(1, 9).ArrayOf(7).ToArbitrary(), Gen.Choose(-100, 100).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(),
            (parts, reward, discount) =>
            {
                float[] p = [.. parts.Select(part => part / (float)parts.Sum())];
                float[] m = new float[7];
                CategoricalProjection.Project(p, [reward / 50f], [discount / 100f], low: -6, high: 6, m);
                double expected = (reward / 50.0) + (discount / 100.0 * Mean(p));
                bool within = Math.Abs(reward / 50.0) + (6 * discount / 100.0) <= 6;
                return Math.Abs(m.Sum() - 1) < 1e-5 && m.All(value => value >= 0)
                    && (!within || Math.Abs(Mean(m) - expected) < 1e-4);
            }));

    private static double Mean(float[] p) => p.Index().Sum(entry => entry.Item * ((2 * entry.Index) - 6));
}
