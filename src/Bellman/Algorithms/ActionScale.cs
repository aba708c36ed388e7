using Bellman.Environments;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>Between the actions of a box and those in [−1, 1] that networks and noise work with.</summary>
internal sealed class ActionScale
{
    private readonly float[] low;
    private readonly float[] width;

    /// <param name="algorithm">For the message.</param>
    /// <param name="actionSpace">A box with finite bounds.</param>
    /// <exception cref="ArgumentException">It is another space.</exception>
    public ActionScale(string algorithm, Space actionSpace)
    {
        if (!Fits(actionSpace)) throw new ArgumentException($"{algorithm} needs {Needs}; got {actionSpace}.", nameof(actionSpace));
        var box = (Box)actionSpace;
        low = box.Low.ToArray();
        width = new float[low.Length];
        for (int i = 0; i < low.Length; i++)
        {
            width[i] = box.High[i] - low[i];
        }
    }

    /// <summary>What is needed, in words.</summary>
    public static string Needs => "a Box action space with bounds";

    public static bool Fits(Space actionSpace) =>
        actionSpace is Box { IsInteger: false } box && float.IsFinite(box.Low.ToArray().Min()) && float.IsFinite(box.High.ToArray().Max());

    /// <summary>From [−1, 1] to the box.</summary>
    /// <param name="actions">[batch, action], changed in place.</param>
    public void ToBox(Tensor actions)
    {
        Span<float> values = actions.Values;
        for (int i = 0; i < values.Length; i++)
        {
            int coordinate = i % low.Length;
            values[i] = low[coordinate] + (0.5f * (values[i] + 1) * width[coordinate]);
        }
    }

    /// <summary>From the box to [−1, 1].</summary>
    /// <param name="actions">[batch, action], changed in place.</param>
    public void ToUnit(Tensor actions)
    {
        Span<float> values = actions.Values;
        for (int i = 0; i < values.Length; i++)
        {
            int coordinate = i % low.Length;
            values[i] = (2 * ((values[i] - low[coordinate]) / width[coordinate])) - 1;
        }
    }
}
