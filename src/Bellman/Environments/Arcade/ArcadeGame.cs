using System.Runtime.InteropServices;
using Bellman.Environments.Rendering;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Arcade;

/// <summary>
/// A game with lives on a screen of 84 × 84 greys. Whole numbers only, so a seed fixes every pixel on every machine; pictures for people
/// show the greys as colours, four times as large.
/// </summary>
public abstract class ArcadeGame : IPictures, IStateful, IRenderable, ILives, IActionNames, IOutcome
{
    /// <summary>Height and width of the screen.</summary>
    public const int Size = 84;

    /// <summary>Parts of a pixel in which places and speeds are counted.</summary>
    private protected const int Pixel = 16;

    private const int Enlargement = 4;
    private const int FirstLives = 3;

    private static readonly Box Screens = Box.Image(new Shape(Size, Size));

    private readonly Discrete actions;
    private readonly byte[] screen = new byte[Size * Size];
    private readonly Rgb[] palette;
    private Pcg64 random = new(0);
    private int lives;

    /// <param name="actionNames">In the order of the actions.</param>
    /// <param name="colors">How greys look to people; others as they are.</param>
    private protected ArcadeGame(IReadOnlyList<string> actionNames, params IReadOnlyList<Paint> colors)
    {
        ActionNames = actionNames;
        actions = new Discrete(actionNames.Count);
        palette = [.. Enumerable.Range(0, 256).Select(shade => new Rgb((byte)shade, (byte)shade, (byte)shade))];
        foreach ((byte shade, Rgb color) in colors)
        {
            palette[shade] = color;
        }
    }

    public Space ObservationSpace => Screens;

    public Space ActionSpace => actions;

    public IReadOnlyList<string> ActionNames { get; }

    public int Lives => lives;

    public string? Outcome => lives == 0 && HasBegun ? "game over" : null;

    public int Width => Size * Enlargement;

    public int Height => Size * Enlargement;

    public int FramesPerSecond => 60;

    private protected Pcg64 Random => random;

    private bool HasBegun { get; set; }

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        lives = FirstLives;
        HasBegun = true;
        Begin();
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(lives > 0);
        double reward = Play(Guard.Index(action, actions));
        Observe(observation);
        return new StepResult(reward, Terminated: lives == 0);
    }

    public void Show(Span<byte> picture)
    {
        picture.Clear();
        Screen canvas = new(picture);
        Draw(canvas);
        for (int i = 0; i < lives; i++)
        {
            canvas.Fill(2 + (5 * i), 2, 3, 3, 255);
        }
    }

    public void Render(Span<byte> pixels)
    {
        Show(screen);
        Span<Rgb> picture = MemoryMarshal.Cast<byte, Rgb>(pixels);
        for (int y = 0; y < Size; y++)
        {
            Span<Rgb> line = picture.Slice(y * Enlargement * Width, Width);
            for (int x = 0; x < Size; x++)
            {
                line.Slice(x * Enlargement, Enlargement).Fill(palette[screen[(y * Size) + x]]);
            }

            for (int copy = 1; copy < Enlargement; copy++)
            {
                line.CopyTo(picture[(((y * Enlargement) + copy) * Width)..]);
            }
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool hasBegun = HasBegun;
        state.Part(nameof(random), random);
        state.Value(nameof(lives), ref lives);
        state.Value(nameof(hasBegun), ref hasBegun);
        HasBegun = hasBegun;
        VisitGame(state);
    }

    /// <summary>Sets up a game.</summary>
    private protected abstract void Begin();

    /// <summary>Plays one frame and returns its reward.</summary>
    private protected abstract double Play(int action);

    /// <summary>Draws on a black screen; the lives left are drawn over it.</summary>
    private protected abstract void Draw(Screen screen);

    /// <summary>Visits what is the game's own.</summary>
    private protected abstract void VisitGame(IStateVisitor state);

    private protected void LoseLife() => lives--;

    /// <summary>One of the whole numbers from the first up to and including the last.</summary>
    private protected int Draw(int first, int last) => (int)random.Integers(first, last + 1);

    private void Observe(Span<float> observation)
    {
        if (observation.IsEmpty) return;
        Show(screen);
        PixelMath.ToFloats(screen, observation);
    }
}

/// <summary>The colour that a grey stands for.</summary>
internal readonly record struct Paint(byte Shade, Rgb Color);

/// <summary>A screen to draw upon.</summary>
internal readonly ref struct Screen(Span<byte> pixels)
{
    private readonly Span<byte> pixels = pixels;

    /// <summary>Fills a rectangle; what lies outside is cut off.</summary>
    public void Fill(int x, int y, int width, int height, byte shade)
    {
        int left = Math.Max(x, 0);
        int count = Math.Min(x + width, ArcadeGame.Size) - left;
        if (count <= 0) return;
        int bottom = Math.Min(y + height, ArcadeGame.Size);
        for (int row = Math.Max(y, 0); row < bottom; row++)
        {
            pixels.Slice((row * ArcadeGame.Size) + left, count).Fill(shade);
        }
    }
}
