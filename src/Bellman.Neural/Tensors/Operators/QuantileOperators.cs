using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>The quantile Huber loss, summed over a row's quantiles and averaged over its targets and over the rows.</summary>
internal sealed class QuantilePenalty : Operator
{
    private static readonly QuantilePenalty Instance = new();

    public static Tensor Apply(Tensor quantiles, Tensor target, float kappa, Tensor? weights)
    {
        if (quantiles.Rank != 2 || target.Rank != 2 || target.Shape[0] != quantiles.Shape[0]
            || (weights is not null && weights.Length != quantiles.Shape[0]))
        {
            throw new ArgumentException(
                $"A quantile loss compares [batch, quantiles] and [batch, targets]; got {quantiles.Shape}, {target.Shape} and weights "
                + $"{weights?.Shape.ToString() ?? "none"}.");
        }

        (int rows, int count) = (quantiles.Shape[0], quantiles.Shape[1]);
        int targets = target.Shape[1];
        Tensor y = Tensor.Result(default, Instance, quantiles);
        Tensor slopes = Tensor.Constant(quantiles.Shape);
        y.Saved.Tensor0 = slopes;
        Span<float> losses = Tensor.Constant(new Shape(count)).Values;
        Span<float> fractions = Tensor.Constant(new Shape(count)).Values;
        for (int i = 0; i < count; i++)
        {
            fractions[i] = (i + 0.5f) / count;
        }

        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            Span<float> slope = slopes.Values.Slice(row * count, count);
            QuantileRegression.Row(
                quantiles.Values.Slice(row * count, count), fractions, target.Values.Slice(row * targets, targets), kappa, losses, slope);
            float weight = weights is null ? 1 : weights.Values[row];
            sum += weight * Reductions.Sum(losses);
            OptimizerKernels.Scale(slope, weight / rows);
        }

        y.Values[0] = (float)(sum / rows);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor quantiles = y.Input(0);
        Span<float> gradient = quantiles.GradientTarget(out bool accumulate);
        ReadOnlySpan<float> slopes = y.Saved.Tensor0!.Values;
        Elementwise.Backward(new Affine(y.Gradient[0], 0), slopes, slopes, slopes, gradient, accumulate);
    }
}
