namespace Bellman.Neural.Kernels;

/// <summary>Where images come from: floats, or bytes with a scale.</summary>
internal readonly unsafe struct ImageSource
{
    // A larger image is read from end to end, as caches expect it, before a kernel jumps about in it.
    private const int Small = 1 << 12;

    private readonly float* floats;
    private readonly byte* bytes;
    private readonly float scale;

    public ImageSource(float* floats) => this.floats = floats;

    public ImageSource(byte* bytes, float scale)
    {
        this.bytes = bytes;
        this.scale = scale;
    }

    /// <summary>Image n as floats with its border: a small one in place if that is what it is, else in the calling thread's working memory.</summary>
    public float* Image(in ConvolutionShape shape, int n)
    {
        if (bytes == null && shape.Padding == 0 && shape.Image <= Small) return floats + ((nint)n * shape.Image);

        float* picture = Scratch.Rent(ScratchSlot.Picture, shape.BorderedImage);
        if (shape.Padding == 0)
        {
            Read((nint)n * shape.Image, picture, shape.Image);
            return picture;
        }

        new Span<float>(picture, shape.BorderedImage).Clear();
        int rows = shape.Channels * shape.Height;
        for (int row = 0; row < rows; row++)
        {
            Read(((nint)n * shape.Image) + ((nint)row * shape.Width), picture + shape.Bordered(row), shape.Width);
        }

        return picture;
    }

    private void Read(nint start, float* target, int count)
    {
        var floatTarget = new Span<float>(target, count);
        if (bytes == null) new ReadOnlySpan<float>(floats + start, count).CopyTo(floatTarget);
        else Bytes.Scale(new ReadOnlySpan<byte>(bytes + start, count), floatTarget, scale);
    }
}
