using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>The sum, or the mean, of all elements.</summary>
internal sealed class Total : Operator
{
    private static readonly Total Instance = new();

    public static Tensor Apply(Tensor x, float scale)
    {
        Tensor y = Tensor.Result(default, Instance, x);
        y.Saved.Float0 = scale;
        y.Values[0] = Reductions.Sum(x.Values) * scale;
        return y;
    }

    public override void Backward(Tensor y)
    {
        Span<float> dx = y.Input(0).GradientTarget(out bool accumulate);
        float slope = y.Gradient[0] * y.Saved.Float0;
        if (!accumulate)
        {
            dx.Fill(slope);
            return;
        }

        foreach (ref float value in dx)
        {
            value += slope;
        }
    }
}
