using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tests.Kernels;

public sealed class ReductionsTests
{
    [Fact]
    public void Sums_are_near_for_every_length()
    {
        for (int length = 0; length < 70; length++)
        {
            float[] x = Numbers.Normal(length, 1);
            float[] y = Numbers.Normal(length, 2);
            Assert.Equal(x.Sum(value => (double)value), Reductions.Sum(x), 1e-5);
            Assert.Equal(x.Sum(value => (double)value * value), Reductions.SumOfSquares(x), 1e-5);
            Assert.Equal(x.Sum(value => (double)MathF.Abs(value)), Reductions.SumOfMagnitudes(x), 1e-5);
            Assert.Equal(x.Zip(y).Sum(pair => (double)pair.First * pair.Second), Reductions.Dot(x, y), 1e-5);
            if (length == 0) continue;
            Assert.Equal(x.Max(), Reductions.Max(x));
            Assert.Equal(x.Min(), Reductions.Min(x));
            Assert.Equal(Array.IndexOf(x, x.Max()), Reductions.ArgMax(x));
        }
    }

    [Fact]
    public void A_maximum_with_a_not_a_number_is_none()
    {
        for (int at = 0; at < 40; at++)
        {
            float[] x = Numbers.Normal(40, 1);
            x[at] = float.NaN;
            Assert.True(float.IsNaN(Reductions.Max(x)));
            Assert.True(float.IsNaN(Reductions.Min(x)));
            Assert.Equal(at, Reductions.ArgMax(x));
        }
    }

    [Fact]
    public void Sums_along_both_axes_are_near()
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (3, 5), (32, 64), (7, 33), (40, 2) })
        {
            float[] x = Numbers.Normal(rows * columns, 1);
            float[] ofRows = [.. Enumerable.Repeat(1f, rows)];
            float[] ofColumns = [.. Enumerable.Repeat(1f, columns)];
            Reductions.SumOfRows(x, ofRows, rows, columns, accumulate: true);
            Reductions.SumOfColumns(x, ofColumns, rows, columns, accumulate: true);
            for (int row = 0; row < rows; row++)
            {
                Assert.Equal(1 + x.Skip(row * columns).Take(columns).Sum(value => (double)value), ofRows[row], 1e-5);
            }

            for (int column = 0; column < columns; column++)
            {
                Assert.Equal(1 + x.Where((_, i) => i % columns == column).Sum(value => (double)value), ofColumns[column], 1e-5);
            }
        }
    }

    [Fact]
    public void A_softmax_row_sums_to_one_and_its_logarithm_agrees()
    {
        foreach (int columns in new[] { 1, 2, 4, 6, 16, 18, 37 })
        {
            float[] x = Numbers.Normal(3 * columns, 4, 3);
            float[] y = new float[x.Length];
            float[] logarithm = new float[x.Length];
            float[] total = new float[3];
            Softmax.Forward(x, y, 3, columns);
            Softmax.LogForward(x, logarithm, 3, columns);
            Softmax.LogSumExp(x, total, new float[columns], 3, columns);
            for (int i = 0; i < x.Length; i++)
            {
                double sum = x.Skip(i / columns * columns).Take(columns).Sum(value => Math.Exp(value));
                Assert.Equal(Math.Exp(x[i]) / sum, y[i], 1e-6);
                Assert.Equal(x[i] - Math.Log(sum), logarithm[i], 3e-6);
                Assert.Equal(Math.Log(sum), total[i / columns], 1e-6);
            }
        }
    }
}
