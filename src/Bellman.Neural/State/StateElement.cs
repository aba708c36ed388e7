using System.Runtime.CompilerServices;

namespace Bellman.Neural.State;

/// <summary>
/// The name under which files know an element type; an enumeration goes by its number, a struct by its size.
/// </summary>
internal static class StateElement<T> where T : unmanaged
{
    public static readonly string Name = StateElement.NameOf(typeof(T), Unsafe.SizeOf<T>());
}

internal static class StateElement
{
    public const string Text = "text";

    /// <summary>Follows the type of a block whose values lie in segment files.</summary>
    public const string Elsewhere = "@";

    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "uint8",
        [typeof(sbyte)] = "int8",
        [typeof(short)] = "int16",
        [typeof(ushort)] = "uint16",
        [typeof(char)] = "char16",
        [typeof(int)] = "int32",
        [typeof(uint)] = "uint32",
        [typeof(long)] = "int64",
        [typeof(ulong)] = "uint64",
        [typeof(Int128)] = "int128",
        [typeof(UInt128)] = "uint128",
        [typeof(Half)] = "float16",
        [typeof(float)] = "float32",
        [typeof(double)] = "float64",
    };

    public static string NameOf(Type type, int size)
    {
        Type number = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
        return Names.TryGetValue(number, out string? name) ? name : $"struct{size}";
    }

    /// <summary>The bytes of one element, or 0 for a name that no writer writes; a text counts bytes.</summary>
    public static int SizeOf(string name) => name switch
    {
        "bool" or "uint8" or "int8" or Text => 1,
        "int16" or "uint16" or "char16" or "float16" => 2,
        "int32" or "uint32" or "float32" => 4,
        "int64" or "uint64" or "float64" => 8,
        "int128" or "uint128" => 16,
        _ when name.StartsWith("struct") && int.TryParse(name.AsSpan(6), out int size) && size > 0 => size,
        _ => 0,
    };
}
