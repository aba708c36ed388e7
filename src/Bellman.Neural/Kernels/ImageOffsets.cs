namespace Bellman.Neural.Kernels;

/// <summary>Tables of where rows, or their numbers, stand, in the calling thread's working memory.</summary>
/// <remarks>The last entry is repeated until there is a multiple of <see cref="ConvolutionTile.LeastRows"/>.</remarks>
internal static unsafe class ImageOffsets
{
    /// <summary>Where the patch of each place starts in an image with its border, row by row.</summary>
    /// <param name="scale">Numbers that lie together at a place of the image.</param>
    public static int* Places(in ConvolutionShape shape, ScratchSlot slot, int scale = 1)
    {
        int* offsets = Rent(slot, shape.Places);
        int place = 0;
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            for (int column = 0; column < shape.OutputWidth; column++)
            {
                offsets[place++] = scale * shape.Stride * ((row * shape.BorderedWidth) + column);
            }
        }

        return Repeat(offsets, place);
    }

    /// <summary>Where each number of a patch stands, counted from the patch's start, channel by channel and row by row.</summary>
    public static int* Patch(in ConvolutionShape shape, ScratchSlot slot)
    {
        int* offsets = Rent(slot, shape.Patch);
        int number = 0;
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int line = 0; line < shape.KernelHeight; line++)
            {
                int start = ((channel * shape.BorderedHeight) + line) * shape.BorderedWidth;
                for (int column = 0; column < shape.KernelWidth; column++)
                {
                    offsets[number++] = start + column;
                }
            }
        }

        return Repeat(offsets, number);
    }

    /// <summary>0, step, 2 · step, …</summary>
    public static int* Even(int count, int step, ScratchSlot slot)
    {
        int* offsets = Rent(slot, count);
        for (int i = 0; i < count; i++)
        {
            offsets[i] = i * step;
        }

        return Repeat(offsets, count);
    }

    private static int* Rent(ScratchSlot slot, int count) =>
        (int*)Scratch.Rent(slot, Convolution.RoundUp(count, ConvolutionTile.LeastRows));

    private static int* Repeat(int* offsets, int count)
    {
        int end = Convolution.RoundUp(count, ConvolutionTile.LeastRows);
        for (int i = count; i < end; i++)
        {
            offsets[i] = offsets[count - 1];
        }

        return offsets;
    }
}
