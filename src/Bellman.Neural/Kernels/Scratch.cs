using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bellman.Neural.Kernels;

/// <summary>Working memory of the calling thread, aligned to cache lines. It grows to what is asked of it and is kept.</summary>
/// <remarks>
/// Each slot has one user at a time: a kernel may hold a slot while it calls only kernels that use other slots. The arrays are pinned and
/// the thread holds them, so that addresses stay valid until the slot grows.
/// </remarks>
internal sealed unsafe class Scratch
{
    private const int CacheLine = 64;

    [ThreadStatic]
    private static Scratch? current;

    private readonly float[]?[] arrays = new float[]?[(int)ScratchSlot.Count];
    private readonly nint[] addresses = new nint[(int)ScratchSlot.Count];
    private readonly nint[] capacity = new nint[(int)ScratchSlot.Count];

    /// <summary>At least so many floats of unspecified content.</summary>
    public static float* Rent(ScratchSlot slot, nint length)
    {
        Scratch scratch = current ??= new Scratch();
        return length <= scratch.capacity[(int)slot] ? (float*)scratch.addresses[(int)slot] : scratch.Grow(slot, length);
    }

    /// <summary>Pinned memory at the start of a cache line, alive as long as <paramref name="array"/>.</summary>
    internal static float* Allocate(nint length, out float[] array)
    {
        array = GC.AllocateUninitializedArray<float>(checked((int)length + (CacheLine / sizeof(float))), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (float*)((address + CacheLine - 1) & -CacheLine);
    }

    /// <summary>Zeros that are never written to nor freed.</summary>
    internal static float* Zeros(int length)
    {
        float* zeros = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), CacheLine);
        new Span<float>(zeros, length).Clear();
        return zeros;
    }

    private float* Grow(ScratchSlot slot, nint length)
    {
        float* address = Allocate(length, out float[] array);
        arrays[(int)slot] = array;
        addresses[(int)slot] = (nint)address;
        capacity[(int)slot] = length;
        return address;
    }
}

/// <summary>What working memory is for.</summary>
internal enum ScratchSlot
{
    /// <summary>A panel of the right matrix of a product.</summary>
    RightPanel,

    /// <summary>Parts of the left matrix of a product.</summary>
    LeftPanel,

    /// <summary>A tile at a matrix's right edge.</summary>
    Edge,

    /// <summary>An image as floats, with its border.</summary>
    Picture,

    /// <summary>What a convolution puts together before it is written or added.</summary>
    Convolution,

    /// <summary>A convolution's weights with their outputs or channels innermost, or their gradient.</summary>
    ConvolutionWeights,

    /// <summary>Where a convolution's rows start in its left factor, as integers.</summary>
    ARows,

    /// <summary>Where a row's numbers stand, as integers.</summary>
    Steps,

    /// <summary>Where a convolution's rows start in its result, as integers.</summary>
    CRows,

    Count,
}
