namespace Bellman.Neural.Tensors;

/// <summary>A penalty on a difference d, and its derivative.</summary>
internal interface IPenalty
{
    static abstract float Value(float d, float delta);

    static abstract float Slope(float d, float delta);
}

/// <summary>d²</summary>
internal readonly struct Squared : IPenalty
{
    public static float Value(float d, float delta) => d * d;

    public static float Slope(float d, float delta) => 2 * d;
}

/// <summary>½d² for |d| ≤ δ, δ(|d| − ½δ) beyond. Huber 1964.</summary>
internal readonly struct HuberPenalty : IPenalty
{
    public static float Value(float d, float delta)
    {
        float size = MathF.Abs(d);
        return size <= delta ? 0.5f * d * d : delta * (size - (0.5f * delta));
    }

    public static float Slope(float d, float delta) => d > delta ? delta : d < -delta ? -delta : d;
}

/// <summary>½d²/β for |d| &lt; β, |d| − ½β beyond: PyTorch's SmoothL1Loss.</summary>
internal readonly struct SmoothL1Penalty : IPenalty
{
    public static float Value(float d, float delta)
    {
        float size = MathF.Abs(d);
        return size < delta ? 0.5f * d * d / delta : size - (0.5f * delta);
    }

    public static float Slope(float d, float delta) => d >= delta ? 1 : d <= -delta ? -1 : d / delta;
}

/// <summary>|d|</summary>
internal readonly struct Absolute : IPenalty
{
    public static float Value(float d, float delta) => MathF.Abs(d);

    public static float Slope(float d, float delta) => d > 0 ? 1 : d < 0 ? -1 : d;
}

/// <summary>The mean over all elements of a penalty on prediction − target, weighted by element if weights are given.</summary>
internal sealed class MeanPenalty<TPenalty> : Operator where TPenalty : struct, IPenalty
{
    private static readonly MeanPenalty<TPenalty> Instance = new();

    public static Tensor Apply(Tensor prediction, Tensor target, Tensor? weights, float delta)
    {
        if (prediction.Length != target.Length || (weights is not null && weights.Length != prediction.Length))
        {
            throw new ArgumentException(
                $"A loss compares tensors of one shape; got {prediction.Shape}, {target.Shape} and weights {weights?.Shape.ToString() ?? "none"}.");
        }

        Tensor y = Tensor.Result(default, Instance, prediction, target);
        y.Saved.Float0 = delta;
        y.Saved.Tensor0 = weights;
        ReadOnlySpan<float> p = prediction.Values;
        ReadOnlySpan<float> t = target.Values;
        ReadOnlySpan<float> w = weights is null ? default : weights.Values;
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            float value = TPenalty.Value(p[i] - t[i], delta);
            sum += w.IsEmpty ? value : w[i] * value;
        }

        y.Values[0] = (float)(sum / p.Length);
        return y;
    }

    public override void Backward(Tensor y)
    {
        if (y.Input(0).RequiresGradient) AddSlopes(y, y.Input(0), sign: 1);
        if (y.Input(1).RequiresGradient) AddSlopes(y, y.Input(1), sign: -1);
    }

    private static void AddSlopes(Tensor y, Tensor input, float sign)
    {
        Span<float> gradient = input.GradientTarget(out bool accumulate);
        if (!accumulate) gradient.Clear();
        ReadOnlySpan<float> p = y.Input(0).Values;
        ReadOnlySpan<float> t = y.Input(1).Values;
        ReadOnlySpan<float> w = y.Saved.Tensor0 is Tensor weights ? weights.Values : default;
        float delta = y.Saved.Float0;
        float scale = sign * y.Gradient[0] / p.Length;
        for (int i = 0; i < gradient.Length; i++)
        {
            float slope = scale * TPenalty.Slope(p[i] - t[i], delta);
            gradient[i] += w.IsEmpty ? slope : w[i] * slope;
        }
    }
}
