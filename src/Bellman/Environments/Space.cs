using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>The set of valid actions or observations. An element is a row of <see cref="FlatSize"/> floats.</summary>
public abstract class Space
{
    /// <summary>The shape of one element; discrete spaces have one number.</summary>
    public abstract Shape Shape { get; }

    /// <summary>How many floats an element takes.</summary>
    public abstract int FlatSize { get; }

    public abstract bool Contains(ReadOnlySpan<float> element);

    /// <summary>Draws a random element as Gymnasium's <c>sample()</c> does with the same generator.</summary>
    public abstract void Sample(Pcg64 random, Span<float> destination);

    /// <summary>A random element in an array of its own.</summary>
    public float[] Sample(Pcg64 random)
    {
        var element = new float[FlatSize];
        Sample(random, element);
        return element;
    }
}
