using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>Weights ∗ x + bias over images of floats or scaled bytes, with a ReLU in the same kernel if wanted.</summary>
internal sealed class Convolved : Operator
{
    private static readonly Convolved Instance = new();

    /// <param name="x">[batch, channels, height, width], floats or bytes.</param>
    /// <param name="weight">[outputs, channels, kernel height, kernel width]</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="scale">Bytes are multiplied by it; floats are not.</param>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, int stride, int padding, bool relu, float scale)
    {
        ConvolutionShape shape = Require(x, weight, bias, stride, padding);
        var result = new Shape(shape.Batch, shape.Outputs, shape.OutputHeight, shape.OutputWidth);
        Tensor y = Tensor.Result(result, Instance, x, weight, bias);
        y.Saved.Int0 = stride;
        y.Saved.Int1 = padding;
        y.Saved.Int2 = relu ? 1 : 0;
        y.Saved.Float0 = scale;
        ReadOnlySpan<float> biases = bias is null ? default : bias.Values;
        if (x.IsByte) Convolution.Forward(in shape, x.Bytes, scale, weight.Values, biases, y.Values, relu);
        else Convolution.Forward(in shape, x.Values, weight.Values, biases, y.Values, relu);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Tensor weight = y.Input(1);
        Tensor? bias = y.InputCount == 3 ? y.Input(2) : null;
        ConvolutionShape shape = Sizes(x.Shape, weight.Shape, y.Saved.Int0, y.Saved.Int1);
        Span<float> dy = y.Gradient;

        // Nothing reads the gradient of y after this, so that of the sum takes its place.
        if (y.Saved.Int2 == 1) Elementwise.Backward<Relu>(y.Values, y.Values, dy, dy, accumulate: false);
        if (bias is { RequiresGradient: true }) Convolution.BackwardBias(in shape, dy, bias.GradientTarget(out bool addToBias), addToBias);
        if (weight.RequiresGradient)
        {
            Span<float> dw = weight.GradientTarget(out bool accumulate);
            if (x.IsByte) Convolution.BackwardWeights(in shape, x.Bytes, y.Saved.Float0, dy, dw, accumulate);
            else Convolution.BackwardWeights(in shape, x.Values, dy, dw, accumulate);
        }

        if (x.RequiresGradient)
        {
            Convolution.BackwardInput(in shape, weight.Values, dy, x.GradientTarget(out bool addToInput), addToInput);
        }
    }

    private static ConvolutionShape Require(Tensor x, Tensor weight, Tensor? bias, int stride, int padding)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (weight.Rank != 4) throw new ArgumentException($"A convolution's weight is [outputs, channels, height, width]; got {weight.Shape}.");
        if (x.Rank != 4 || x.Shape[1] != weight.Shape[1])
        {
            throw new ArgumentException($"Conv2d expects [batch, {weight.Shape[1]}, height, width]; got {x.Shape}.", nameof(x));
        }

        if (bias is not null && bias.Length != weight.Shape[0])
        {
            throw new ArgumentException($"Conv2d expects a bias of {weight.Shape[0]} elements; got shape {bias.Shape}.", nameof(bias));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ConvolutionShape shape = Sizes(x.Shape, weight.Shape, stride, padding);
        if (shape.BorderedHeight < shape.KernelHeight || shape.BorderedWidth < shape.KernelWidth)
        {
            throw new ArgumentException(
                $"A kernel of {shape.KernelHeight}×{shape.KernelWidth} with padding {padding} does not fit into {x.Shape}.", nameof(x));
        }

        return shape;
    }

    private static ConvolutionShape Sizes(Shape x, Shape weight, int stride, int padding) =>
        new(x[0], x[1], x[2], x[3], weight[0], weight[2], weight[3], stride, padding);
}

/// <summary>The largest number under a window that moves over images; the gradient goes to where it stood, the first of several.</summary>
internal sealed class MaxPooled : Operator
{
    private static readonly MaxPooled Instance = new();

    public static Tensor Apply(Tensor x, int kernel, int stride, int padding)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        if (x.Rank != 4) throw new ArgumentException($"MaxPool2d expects [batch, channels, height, width]; got {x.Shape}.", nameof(x));
        if (padding < 0 || 2 * padding > kernel)
        {
            throw new ArgumentOutOfRangeException(nameof(padding), $"Padding is 0 to half of the window of {kernel}; got {padding}.");
        }

        (int height, int width) = (x.Shape[2], x.Shape[3]);
        if (height + (2 * padding) < kernel || width + (2 * padding) < kernel)
        {
            throw new ArgumentException($"A window of {kernel}×{kernel} with padding {padding} does not fit into {x.Shape}.", nameof(x));
        }

        int rows = ((height + (2 * padding) - kernel) / stride) + 1;
        int columns = ((width + (2 * padding) - kernel) / stride) + 1;
        var shape = new Shape(x.Shape[0], x.Shape[1], rows, columns);
        Tensor places = Tensor.Constant(shape);
        Tensor y = Tensor.Result(shape, Instance, x);
        y.Saved.Tensor0 = places;
        int planes = x.Shape[0] * x.Shape[1];
        ReadOnlySpan<float> from = x.Values;
        Span<float> to = y.Values;
        Span<float> found = places.Values;
        for (int plane = 0; plane < planes; plane++)
        {
            ReadOnlySpan<float> image = from.Slice(plane * height * width, height * width);
            int start = plane * rows * columns;
            for (int i = 0; i < rows * columns; i++)
            {
                int place = Largest(image, height, width, kernel, (i / columns * stride) - padding, (i % columns * stride) - padding);
                found[start + i] = place;
                to[start + i] = image[place];
            }
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> places = y.Saved.Tensor0!.Values;
        int outputs = y.Shape[2] * y.Shape[3];
        int inputs = x.Shape[2] * x.Shape[3];
        for (int i = 0; i < dy.Length; i++)
        {
            dx[(i / outputs * inputs) + (int)places[i]] += dy[i];
        }
    }

    private static int Largest(ReadOnlySpan<float> image, int height, int width, int kernel, int top, int left)
    {
        int bottom = Math.Min(top + kernel, height);
        int right = Math.Min(left + kernel, width);
        top = Math.Max(top, 0);
        left = Math.Max(left, 0);
        int best = (top * width) + left;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                int at = (row * width) + column;
                if (image[at] > image[best] || (float.IsNaN(image[at]) && !float.IsNaN(image[best]))) best = at;
            }
        }

        return best;
    }
}
