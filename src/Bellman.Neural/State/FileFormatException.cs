namespace Bellman.Neural.State;

/// <summary>
/// A file that is damaged, hostile, or not what was asked for. The message is one sentence for the user; since it may
/// quote the file, it is cut to a length that a terminal can show and freed of control characters.
/// </summary>
public sealed class FileFormatException : IOException
{
    private const int MaxLength = 600;

    public FileFormatException(string message)
        : base(Printable(message))
    {
    }

    public FileFormatException(string message, Exception innerException)
        : base(Printable(message), innerException)
    {
    }

    private static string Printable(string message)
    {
        string text = message.Length <= MaxLength ? message : message[..MaxLength] + "…";
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
