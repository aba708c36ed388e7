using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008), the strongest first.</summary>
public static class Palette
{
    public static readonly Rgb Ink = new(38, 42, 48);
    public static readonly Rgb Soft = new(96, 103, 112);
    public static readonly Rgb Grid = new(229, 232, 236);
    public static readonly Rgb Axis = new(150, 156, 164);

    private static readonly Rgb[] Colors =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(90, 90, 90),
        new(140, 86, 40),
    ];

    /// <summary>The colour of a number, from the beginning again where there are no more.</summary>
    public static Rgb Of(int index) => Colors[index % Colors.Length];
}
