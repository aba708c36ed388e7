using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>Masks of several environments in one tensor.</summary>
internal static class ActionMask
{
    /// <summary>Numbers in the mask of one environment.</summary>
    /// <exception cref="ArgumentException">Actions of the space cannot be forbidden.</exception>
    public static int Size(Space actionSpace) => actionSpace switch
    {
        Discrete discrete => discrete.Count,
        MultiDiscrete multiple => multiple.CountArray.Sum(),
        _ => throw new ArgumentException($"Actions of a Discrete or MultiDiscrete space can be forbidden; got {actionSpace}.", nameof(actionSpace)),
    };

    /// <summary>Writes the mask of one environment into its row.</summary>
    public static void Write(IActionMask environment, Tensor masks, int row) => environment.WriteActionMask(masks.Row(row));
}
