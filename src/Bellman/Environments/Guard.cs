namespace Bellman.Environments;

/// <summary>The checks that every environment makes of its caller.</summary>
public static class Guard
{
    /// <summary>The index of a discrete action, counted from zero.</summary>
    /// <exception cref="ArgumentException">The action is not one number of the space.</exception>
    public static int Index(ReadOnlySpan<float> action, Discrete space)
    {
        ArgumentNullException.ThrowIfNull(space);
        float value = action.Length == 1 ? action[0] : float.NaN;
        int index = (int)value;
        if (index != value || (uint)(index - space.Start) >= (uint)space.Count) throw Outside(action, space);
        return index - space.Start;
    }

    /// <summary>Refuses an action of another length, and one that is not finite. Bounds are the environment's to clip.</summary>
    /// <exception cref="ArgumentException">The action does not have the space's size, or is not a number.</exception>
    public static void Finite(ReadOnlySpan<float> action, Space space)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (action.Length != space.FlatSize) throw Outside(action, space);
        foreach (float value in action)
        {
            if (!float.IsFinite(value)) throw Outside(action, space);
        }
    }

    /// <summary>True for what an environment takes: any finite numbers for a box, as they are clipped, else elements of the space.</summary>
    public static bool Accepts(Space space, ReadOnlySpan<float> action)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space is Box
            ? action.Length == space.FlatSize && action.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0
            : space.Contains(action);
    }

    /// <summary>Refuses a step where no episode is running.</summary>
    /// <exception cref="InvalidOperationException">The environment has not been reset since its last episode, or ever.</exception>
    public static void Running(bool isRunning)
    {
        if (!isRunning) throw new InvalidOperationException("No episode is running: call Reset before the first Step and after an episode's end.");
    }

    private static ArgumentException Outside(ReadOnlySpan<float> action, Space space)
    {
        string text = action.Length == 1 ? $"{action[0]}" : $"[{string.Join(", ", action.ToArray())}]";
        return new ArgumentException($"An action of {space} was expected; got {text}.");
    }
}
