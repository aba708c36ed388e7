namespace Bellman.Environments.Rendering;

/// <summary>Text in colour for terminals that understand ECMA-48, with the very sequences that Gymnasium writes.</summary>
internal static class TerminalColor
{
    public static string OnRed(string text) => Wrap("41", text);

    public static string OnGreen(string text) => Wrap("42", text);

    public static string OnYellow(string text) => Wrap("43", text);

    public static string BoldBlue(string text) => Wrap("34;1", text);

    public static string Magenta(string text) => Wrap("35", text);

    private static string Wrap(string attributes, string text) => $"\e[{attributes}m{text}\e[0m";
}
