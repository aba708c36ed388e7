using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Lays out what is seen as one row of numbers, as Gymnasium's <c>flatten</c>: boxes row-major, every discrete number as zeros with a one at
/// its place, parts one after the other.
/// </summary>
public sealed class FlattenObservation : Wrapper
{
    private readonly float[] seen;

    public FlattenObservation(IEnvironment inner)
        : base(inner)
    {
        Space space = inner.ObservationSpace;
        seen = new float[space.FlatSize];
        int size = Size(space);
        float[] low = new float[size];
        float[] high = new float[size];
        WriteBounds(space, low, high);
        ObservationSpace = space is Box { IsImage: true } ? Box.Image(new Shape(size)) : new Box(low, high);
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(seen, seed);
        Write(Inner.ObservationSpace, seen, observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, seen);
        Write(Inner.ObservationSpace, seen, observation);
        return result;
    }

    private static int Size(Space space)
    {
        int size = 0;
        switch (space)
        {
            case Discrete discrete:
                return discrete.Count;
            case MultiDiscrete choices:
                foreach (int count in choices.Counts)
                {
                    size += count;
                }

                return size;
            case CompositeSpace composite:
                foreach ((_, Space part) in composite.Parts)
                {
                    size += Size(part);
                }

                return size;
            default:
                return space.FlatSize;
        }
    }

    private static void WriteBounds(Space space, Span<float> low, Span<float> high)
    {
        switch (space)
        {
            case Box box:
                box.Low.CopyTo(low);
                box.High.CopyTo(high);
                break;
            case CompositeSpace composite:
                foreach ((_, Space part) in composite.Parts)
                {
                    int size = Size(part);
                    WriteBounds(part, low[..size], high[..size]);
                    low = low[size..];
                    high = high[size..];
                }

                break;
            default:
                low.Clear();
                high.Fill(1);
                break;
        }
    }

    private static void Write(Space space, ReadOnlySpan<float> source, Span<float> destination)
    {
        switch (space)
        {
            case Discrete discrete:
                destination.Clear();
                destination[(int)source[0] - discrete.Start] = 1;
                break;
            case MultiDiscrete choices:
                destination.Clear();
                for (int i = 0; i < choices.Counts.Length; i++)
                {
                    destination[(int)source[i]] = 1;
                    destination = destination[choices.Counts[i]..];
                }

                break;
            case CompositeSpace composite:
                foreach ((_, Space part) in composite.Parts)
                {
                    int size = Size(part);
                    Write(part, source[..part.FlatSize], destination[..size]);
                    source = source[part.FlatSize..];
                    destination = destination[size..];
                }

                break;
            default:
                source.CopyTo(destination);
                break;
        }
    }
}
