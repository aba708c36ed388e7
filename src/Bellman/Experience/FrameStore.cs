using Bellman.Environments;
using Bellman.Neural.State;

namespace Bellman.Experience;

/// <summary>
/// Many observations of one size: as bytes where the space says that they are images, as 16-bit numbers where it says that they are
/// multiples of one, as floats otherwise. All three give back what was written.
/// </summary>
internal sealed class FrameStore : IStateful
{
    // Arrays hold at most two billion elements, and a memory that is never filled should not be paid for: so chunks, made when reached.
    private const long ChunkElements = 1L << 26;

    private readonly int size;
    private readonly int framesPerChunk;
    private readonly float[]?[] floats;
    private readonly byte[]?[] bytes;
    private readonly short[]?[] multiples;
    private readonly int levels;
    private readonly int count;

    /// <param name="count">How many frames there is room for.</param>
    /// <param name="space">The space that a frame is an element of; where that is a stack of several, a frame is one of them.</param>
    /// <param name="single">True to keep one of a stack, false to keep whole elements.</param>
    public FrameStore(int count, Space space, bool single = false)
    {
        this.count = count;
        size = single && space is Box stacked ? stacked.FrameSize : space.FlatSize;
        IsByte = space is Box { IsImage: true };
        framesPerChunk = (int)Math.Clamp(ChunkElements / size, 1, count);
        int chunks = (count + framesPerChunk - 1) / framesPerChunk;
        levels = (space as Box)?.Levels ?? 0;
        floats = new float[]?[IsByte || levels > 0 ? 0 : chunks];
        bytes = new byte[]?[IsByte ? chunks : 0];
        multiples = new short[]?[levels > 0 ? chunks : 0];
    }

    public bool IsByte { get; }

    public void Write(int frame, ReadOnlySpan<float> observation)
    {
        if (IsByte)
        {
            PixelMath.ToBytes(observation, Bytes(frame));
        }
        else if (levels > 0)
        {
            PixelMath.ToLevels(observation, Multiples(frame), levels);
        }
        else
        {
            observation.CopyTo(Floats(frame));
        }
    }

    public void Read(int frame, Span<float> destination)
    {
        if (levels > 0)
        {
            PixelMath.FromLevels(Multiples(frame), destination, levels);
        }
        else
        {
            Floats(frame).CopyTo(destination);
        }
    }

    public void Read(int frame, Span<byte> destination) => Bytes(frame).CopyTo(destination);

    /// <summary>Visits the chunks in use; how many there are follows from <paramref name="usedFrames"/>.</summary>
    public void Visit(IStateVisitor state, int usedFrames)
    {
        for (int first = 0; first < usedFrames; first += framesPerChunk)
        {
            int length = Math.Min(framesPerChunk, usedFrames - first) * size;
            string name = $"chunk{first / framesPerChunk}";
            if (IsByte)
            {
                state.Settled(name, ByteChunk(first / framesPerChunk).AsSpan(0, length));
            }
            else if (levels > 0)
            {
                state.Settled(name, MultipleChunk(first / framesPerChunk).AsSpan(0, length));
            }
            else
            {
                state.Settled(name, FloatChunk(first / framesPerChunk).AsSpan(0, length));
            }
        }
    }

    public void Visit(IStateVisitor state) => Visit(state, count);

    private Span<float> Floats(int frame) => FloatChunk(frame / framesPerChunk).AsSpan(frame % framesPerChunk * size, size);

    private Span<byte> Bytes(int frame) => ByteChunk(frame / framesPerChunk).AsSpan(frame % framesPerChunk * size, size);

    private Span<short> Multiples(int frame) =>
        MultipleChunk(frame / framesPerChunk).AsSpan(frame % framesPerChunk * size, size);

    private float[] FloatChunk(int chunk) => floats[chunk] ??= new float[Math.Min(framesPerChunk, count - (chunk * framesPerChunk)) * size];

    private byte[] ByteChunk(int chunk) => bytes[chunk] ??= new byte[Math.Min(framesPerChunk, count - (chunk * framesPerChunk)) * size];

    private short[] MultipleChunk(int chunk) =>
        multiples[chunk] ??= new short[Math.Min(framesPerChunk, count - (chunk * framesPerChunk)) * size];
}
