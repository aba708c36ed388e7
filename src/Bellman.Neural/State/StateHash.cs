using System.Security.Cryptography;

namespace Bellman.Neural.State;

/// <summary>
/// The SHA-256 of everything that an object visits: names, types, counts and values, as they would be saved.
/// </summary>
public static class StateHash
{
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(IStateful part)
    {
        ArgumentNullException.ThrowIfNull(part);
        using var hash = SHA256.Create();
        using var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write);
        part.Visit(new StateWriter(stream));
        stream.FlushFinalBlock();
        return Convert.ToHexStringLower(hash.Hash!);
    }
}
