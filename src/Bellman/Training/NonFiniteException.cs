using System.Numerics;
using System.Runtime.InteropServices;
using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Training;

/// <summary>A number from which nothing can be learned, infinite or undefined, in a policy or from an environment.</summary>
public sealed class NonFiniteException(string message) : ArithmeticException(message)
{
    internal static void ThrowIfAny(Module network, long step)
    {
        foreach ((string name, Tensor value) in network.NamedState())
        {
            if (IndexOfNonFinite(value.Values) < 0) continue;
            throw new NonFiniteException(
                $"{name} of the policy is not finite at step {step}; a smaller learning rate or clipped gradients may help.");
        }
    }

    /// <summary>Looks through what the step just taken gave. Pictures are bytes, which are always finite.</summary>
    internal static void ThrowIfAny(VectorEnvironment environments, long step)
    {
        int index = IndexOfNonFinite(environments.Rewards);
        if (index >= 0) Throw("reward", environments.Rewards[index], index);
        if (environments.ObservationSpace is Box { IsImage: true }) return;
        Tensor observations = environments.NextObservations;
        index = IndexOfNonFinite(observations.Values);
        if (index >= 0) Throw("observation", observations.Values[index], index / (observations.Length / environments.Count));

        void Throw(string what, float value, int copy) => throw new NonFiniteException(
            $"{environments[copy].Unwrapped().GetType().Name} (copy {copy}) gave the {what} {value} at step {step}.");
    }

    /// <summary>Where the first number is that is not finite; −1 where all are.</summary>
    internal static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        // x · 0 is 0 for all finite x, and undefined for the others.
        Vector<float> sum = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (Vector<float> vector in vectors)
        {
            sum += vector * 0;
        }

        int first = Vector.EqualsAll(sum, Vector<float>.Zero) ? vectors.Length * Vector<float>.Count : 0;
        for (int i = first; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return i;
        }

        return -1;
    }
}
