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

/// <summary>y[i] = x[i, index[i]]: the action values of the actions taken, for example.</summary>
internal sealed class Choice : Operator
{
    private static readonly Choice Instance = new();

    public static Tensor Apply(Tensor x, Tensor index)
    {
        if (x.Rank != 2 || index.Length != x.Shape[0])
        {
            throw new ArgumentException($"Pick takes values [n, m] and n indices; got {x.Shape} and {index.Shape}.");
        }

        int width = x.Shape[1];
        Tensor y = Tensor.Result(new Shape(x.Shape[0]), Instance, x);
        y.Saved.Tensor0 = index;
        ReadOnlySpan<float> from = x.Values;
        ReadOnlySpan<float> indices = index.Values;
        Span<float> to = y.Values;
        for (int i = 0; i < to.Length; i++)
        {
            int column = (int)indices[i];
            if ((uint)column >= (uint)width) throw new ArgumentOutOfRangeException(nameof(index), $"Index {indices[i]} is outside of [0, {width}).");
            to[i] = from[(i * width) + column];
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        int width = x.Shape[1];
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> indices = y.Saved.Tensor0!.Values;
        for (int i = 0; i < dy.Length; i++)
        {
            dx[(i * width) + (int)indices[i]] += dy[i];
        }
    }
}
