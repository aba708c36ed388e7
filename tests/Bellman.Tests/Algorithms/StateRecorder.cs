using System.Runtime.InteropServices;
using Bellman.Neural.State;

namespace Bellman.Tests.Algorithms;

/// <summary>Notes the floats that an object visits, under their full names.</summary>
internal sealed class StateRecorder : IStateVisitor
{
    private readonly Stack<string> scopes = new([""]);

    public Dictionary<string, float[]> Floats { get; } = [];

    public bool IsLoading => false;

    public static Dictionary<string, float[]> Of(IStateful part)
    {
        var recorder = new StateRecorder();
        part.Visit(recorder);
        return recorder.Floats;
    }

    public void Value<T>(string name, ref T value) where T : unmanaged => Values(name, new Span<T>(ref value));

    public void Values<T>(string name, Span<T> values) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Floats.Add(scopes.Peek() + name, MemoryMarshal.Cast<T, float>(values).ToArray());
    }

    public void Text(string name, ref string? text)
    {
    }

    public void Enter(string name) => scopes.Push($"{scopes.Peek()}{name}.");

    public void Leave() => scopes.Pop();
}
