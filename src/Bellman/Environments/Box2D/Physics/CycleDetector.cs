using System.Runtime.InteropServices;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// Counts the passes of an iteration whose next state depends on the present one alone. When a state comes back, the rest is
/// known to repeat, and all whole rounds of it are skipped (Brent 1980). With floats sequential impulses soon end in a fixed
/// point or a short round, so most of the passes that a step asks for are never made, though the result is exactly theirs.
/// </summary>
internal sealed class CycleDetector
{
    private byte[] snapshot = new byte[256];
    private int length;
    private int left;
    private int since;
    private int patience;
    private bool found;

    public void Begin(int iterations)
    {
        left = iterations;
        since = 0;
        patience = 1;
        found = false;
        length = 0;
    }

    /// <summary>Call before each pass with the whole state.</summary>
    /// <returns>False where no pass is left.</returns>
    public bool Continue(
        ReadOnlySpan<BodyVelocity> velocities, ReadOnlySpan<JointImpulses> joints, ReadOnlySpan<ContactImpulses> contacts)
    {
        if (left == 0) return false;
        if (!found) Look(MemoryMarshal.AsBytes(velocities), MemoryMarshal.AsBytes(joints), MemoryMarshal.AsBytes(contacts));
        if (left == 0) return false;
        left--;
        since++;
        return true;
    }

    private void Look(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (length != 0 && Equal(first, second, third))
        {
            found = true;
            left %= since;
            return;
        }

        if (length != 0 && since < patience) return;
        patience = length == 0 ? 1 : 2 * patience;
        since = 0;
        length = first.Length + second.Length + third.Length;
        if (length > snapshot.Length) snapshot = new byte[2 * length];
        first.CopyTo(snapshot);
        second.CopyTo(snapshot.AsSpan(first.Length));
        third.CopyTo(snapshot.AsSpan(first.Length + second.Length));
    }

    private bool Equal(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        first.SequenceEqual(snapshot.AsSpan(0, first.Length))
        && second.SequenceEqual(snapshot.AsSpan(first.Length, second.Length))
        && third.SequenceEqual(snapshot.AsSpan(first.Length + second.Length, third.Length));
}
