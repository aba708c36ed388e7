using System.Runtime.InteropServices;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// Finds out when an iteration begins to go round. The next state depends on the present one alone, so once a state comes back the
/// rest is known to repeat (Brent 1980). With floats sequential impulses soon end in a fixed point or a short round, and most of
/// the passes that a step asks for need not be made, though the result is exactly theirs.
/// </summary>
internal sealed class CycleDetector
{
    /// <summary>Rounds of more passes are not looked for.</summary>
    public const int LongestRound = 8;

    private byte[] snapshot = new byte[128];
    private int length;
    private int since;
    private int patience;

    public void Begin()
    {
        since = 0;
        patience = 1;
        length = 0;
    }

    /// <summary>Call before each pass with the whole state.</summary>
    /// <returns>The number of passes after which this state comes back; 0 where that is not known.</returns>
    public int FindRound(
        ReadOnlySpan<BodyVelocity> velocities, ReadOnlySpan<JointTurns> joints, ReadOnlySpan<ContactImpulses> contacts) =>
        Look(MemoryMarshal.AsBytes(velocities), MemoryMarshal.AsBytes(joints), MemoryMarshal.AsBytes(contacts));

    private int Look(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (length != 0)
        {
            since++;
            if (since <= LongestRound && Equal(first, second, third)) return since;
            if (since < patience) return 0;
            patience = Math.Min(2 * patience, LongestRound);
        }

        since = 0;
        length = first.Length + second.Length + third.Length;
        if (length > snapshot.Length) snapshot = new byte[2 * length];
        first.CopyTo(snapshot);
        second.CopyTo(snapshot.AsSpan(first.Length));
        third.CopyTo(snapshot.AsSpan(first.Length + second.Length));
        return 0;
    }

    private bool Equal(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        first.SequenceEqual(snapshot.AsSpan(0, first.Length))
        && second.SequenceEqual(snapshot.AsSpan(first.Length, second.Length))
        && third.SequenceEqual(snapshot.AsSpan(first.Length + second.Length, third.Length));
}
