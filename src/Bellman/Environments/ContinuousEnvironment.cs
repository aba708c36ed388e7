using System.Reflection;
using System.Runtime.InteropServices;
using Bellman.Neural.Random;

namespace Bellman.Environments;

/// <summary>One number of a continuous action.</summary>
/// <param name="Name">For people.</param>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
public readonly record struct Control(string Name, float Low, float High);

/// <summary>A task of your own whose actions are records of floats.</summary>
/// <typeparam name="TState">All that decides how an episode goes on; a struct of plain values.</typeparam>
/// <typeparam name="TAction">A struct of floats, one for each <see cref="Control"/> in their order.</typeparam>
public abstract class ContinuousEnvironment<TState, TAction> : TypedEnvironment<TState>
    where TState : unmanaged
    where TAction : unmanaged
{
    private readonly Box actionSpace;
    private readonly float[] clipped;

    /// <param name="controls">Names and bounds of the action's numbers, in the order of its fields; actions beyond are clipped.</param>
    /// <param name="features">The numbers of an observation, in their order.</param>
    /// <exception cref="ArgumentException">The action is no record of as many floats as there are controls.</exception>
    protected ContinuousEnvironment(IReadOnlyList<Control> controls, params ReadOnlySpan<Feature<TState>> features)
        : base(features)
    {
        ArgumentNullException.ThrowIfNull(controls);
        RequireFloats(controls.Count);
        Controls = controls;
        actionSpace = new Box([.. controls.Select(control => control.Low)], [.. controls.Select(control => control.High)]);
        clipped = new float[controls.Count];
    }

    public override Space ActionSpace => actionSpace;

    /// <summary>Names and bounds of the action's numbers.</summary>
    public IReadOnlyList<Control> Controls { get; }

    /// <summary>What an action does.</summary>
    protected abstract Move<TState> Next(TState state, TAction action, Pcg64 random);

    private protected override Move<TState> Act(in TState from, ReadOnlySpan<float> action, Pcg64 random)
    {
        Guard.Finite(action, actionSpace);
        action.CopyTo(clipped);
        actionSpace.Clip(clipped);
        return Next(from, MemoryMarshal.Read<TAction>(MemoryMarshal.AsBytes(clipped.AsSpan())), random);
    }

    private static void RequireFloats(int count)
    {
        FieldInfo[] fields = typeof(TAction).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (fields.Length == 0 || fields.Any(field => field.FieldType != typeof(float)))
        {
            throw new ArgumentException($"{typeof(TAction).Name} is no record of floats.");
        }

        if (fields.Length != count) throw new ArgumentException($"{typeof(TAction).Name} has {fields.Length} numbers; got {count} controls.");
    }
}
