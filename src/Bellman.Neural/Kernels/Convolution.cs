using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Convolution of images, one image after another, as products of matrices whose rows are patches of the image.</summary>
/// <remarks>
/// The patches are read from the image where they are; bytes become floats in working memory that stays in the cache. An output is one
/// chain of fused multiply-adds over the patch, channel by channel and row by row; a weight's gradient one over the images and places of
/// a group of images, and then the sum of the groups, whose size depends on the batch's alone.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>y[batch, outputs, places] = weights ∗ x + bias, or the larger of that and zero.</summary>
    /// <param name="bias">Empty for none.</param>
    public static void Forward(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool relu)
    {
        Debug.Assert(x.Length >= shape.Batch * shape.Image, "Every image is there.");
        fixed (float* source = x)
        {
            Forward(in shape, new ImageSource(source), weights, bias, y, relu);
        }
    }

    /// <summary>The same for bytes, each multiplied by <paramref name="scale"/>.</summary>
    public static void Forward(
        in ConvolutionShape shape, ReadOnlySpan<byte> x, float scale, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y,
        bool relu)
    {
        Debug.Assert(x.Length >= shape.Batch * shape.Image, "Every image is there.");
        fixed (byte* source = x)
        {
            Forward(in shape, new ImageSource(source, scale), weights, bias, y, relu);
        }
    }

    /// <summary>dweights = or += the sum over images and places of dy times the patch.</summary>
    public static void BackwardWeights(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        fixed (float* source = x)
        {
            BackwardWeights(in shape, new ImageSource(source), dy, dweights, accumulate);
        }
    }

    /// <summary>The same for bytes, each multiplied by <paramref name="scale"/>.</summary>
    public static void BackwardWeights(
        in ConvolutionShape shape, ReadOnlySpan<byte> x, float scale, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        fixed (byte* source = x)
        {
            BackwardWeights(in shape, new ImageSource(source, scale), dy, dweights, accumulate);
        }
    }

    /// <summary>dx = or += what each output passes back to the patch that it saw.</summary>
    public static void BackwardInput(
        in ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Debug.Assert(dx.Length >= shape.Batch * shape.Image, "Every image has a gradient.");
        fixed (float* pWeights = weights, pOutput = dy, pInput = dx)
        {
            if (Vector512.IsHardwareAccelerated) BackwardInput<Simd512>(in shape, pWeights, pOutput, pInput, accumulate);
            else if (Vector256.IsHardwareAccelerated) BackwardInput<Simd256>(in shape, pWeights, pOutput, pInput, accumulate);
            else BackwardInput<Simd128>(in shape, pWeights, pOutput, pInput, accumulate);
        }
    }

    /// <summary>dbias[outputs] = or += Σ dy over images and places.</summary>
    public static void BackwardBias(in ConvolutionShape shape, ReadOnlySpan<float> dy, Span<float> dbias, bool accumulate)
    {
        Debug.Assert(dbias.Length >= shape.Outputs, "Every output has a bias.");
        fixed (float* pOutput = dy, pBias = dbias)
        {
            ConvolutionBias work = new(in shape, pOutput, pBias, accumulate);
            Workers.Run(ref work, shape.Outputs, Workers.ShareElements(dy.Length));
        }
    }

    /// <summary>The next multiple of some unit, such as the lanes of a vector.</summary>
    internal static int RoundUp(int count, int unit) => (count + unit - 1) / unit * unit;

    private static void Forward(
        in ConvolutionShape shape, ImageSource source, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool relu)
    {
        Debug.Assert(weights.Length >= shape.Outputs * shape.Patch, "Every output has its weights.");
        Debug.Assert(y.Length >= shape.Batch * shape.Outputs * shape.Places, "Every image has its outputs.");
        fixed (float* pWeights = weights, pBias = bias, pOutput = y)
        {
            if (Vector512.IsHardwareAccelerated) Forward<Simd512>(in shape, source, pWeights, pBias, pOutput, relu);
            else if (Vector256.IsHardwareAccelerated) Forward<Simd256>(in shape, source, pWeights, pBias, pOutput, relu);
            else Forward<Simd128>(in shape, source, pWeights, pBias, pOutput, relu);
        }
    }

    private static void Forward<V>(in ConvolutionShape shape, ImageSource source, float* weights, float* bias, float* y, bool relu)
        where V : struct, ISimd<V>
    {
        ConvolutionForward<V> work = new(in shape, source, weights, bias, y, relu);
        Workers.Run(ref work, shape.Batch, Workers.ShareProducts(shape.Products));
    }

    private static void BackwardWeights(
        in ConvolutionShape shape, ImageSource source, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        Debug.Assert(dweights.Length >= shape.Outputs * shape.Patch, "Every weight has a gradient.");
        fixed (float* pOutput = dy)
        {
            if (Vector512.IsHardwareAccelerated) BackwardWeights<Simd512>(in shape, source, pOutput, dweights, accumulate);
            else if (Vector256.IsHardwareAccelerated) BackwardWeights<Simd256>(in shape, source, pOutput, dweights, accumulate);
            else BackwardWeights<Simd128>(in shape, source, pOutput, dweights, accumulate);
        }
    }

    private static void BackwardWeights<V>(in ConvolutionShape shape, ImageSource source, float* dy, Span<float> dweights, bool accumulate)
        where V : struct, ISimd<V>
    {
        ConvolutionWeights<V> work = new(in shape, source, dy);
        Workers.Run(ref work, work.Groups, Workers.ShareProducts(shape.Products));
        work.Add(dweights[..(shape.Outputs * shape.Patch)], accumulate);
    }

    private static void BackwardInput<V>(in ConvolutionShape shape, float* weights, float* dy, float* dx, bool accumulate)
        where V : struct, ISimd<V>
    {
        ConvolutionInput<V> work = new(in shape, weights, dy, dx, accumulate);
        Workers.Run(ref work, shape.Batch, Workers.ShareProducts(shape.Products));
    }
}
