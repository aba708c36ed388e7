namespace Bellman.Environments.Rendering;

/// <summary>The suits of playing cards, in Gymnasium's order.</summary>
public enum Suit
{
    Clubs,
    Diamonds,
    Hearts,
    Spades,
}

/// <summary>Draws Blackjack: the dealer's open and hidden cards and the player's sum on green cloth.</summary>
public static class BlackjackRenderer
{
    public const int Width = 600;
    public const int Height = 500;

    private const int CardHeight = Height / 3;
    private const int CardWidth = CardHeight * 142 / 197;
    private const int Spacing = Height / 20;
    private const int SmallDot = 3;
    private const int LargeDot = 10;
    private const int SmallLine = Height / 15;
    private const int LargeLine = Height / 6;

    private static readonly Rgb Cloth = new(7, 99, 36);
    private static readonly Rgb Red = new(200, 30, 40);
    private static readonly Rgb Ink = new(25, 25, 30);
    private static readonly Rgb Back = new(60, 80, 160);
    private static readonly Rgb BackLine = new(130, 150, 220);

    private static readonly string[] Ranks = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"];

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="dealer">The value of the dealer's open card, 1 (ace) … 10.</param>
    /// <param name="rank">Its rank: 1 ace, 2 … 10, 11 jack, 12 queen, 13 king.</param>
    /// <param name="suit">Its suit.</param>
    /// <param name="playerSum">The player's sum, at most 31.</param>
    /// <param name="hasUsableAce">Whether the sum counts an ace as eleven.</param>
    public static void Draw(Span<byte> pixels, int dealer, int rank, Suit suit, int playerSum, bool hasUsableAce)
    {
        Canvas canvas = new(pixels, Width, Height);
        canvas.Fill(Cloth);
        WriteNumber(canvas, "Dealer: ", dealer, Spacing, Spacing, SmallDot);

        int top = 2 * Spacing + SmallLine;
        DrawOpenCard(canvas, Width / 2 - CardWidth - Spacing / 2, top, rank, suit);
        DrawHiddenCard(canvas, Width / 2 + Spacing / 2, top);

        int line = top + CardHeight + 3 * Spacing / 2;
        BitmapFont.Draw(canvas, "Player", Spacing, line, SmallDot, Rgb.White);
        line += SmallLine + Spacing;
        int digits = playerSum < 10 ? 1 : 2;
        int width = (digits * BitmapFont.Advance - 1) * LargeDot;
        WriteNumber(canvas, string.Empty, playerSum, Width / 2 - width / 2, line, LargeDot);
        if (!hasUsableAce) return;
        const string UsableAce = "usable ace";
        BitmapFont.Draw(
            canvas,
            UsableAce,
            Width / 2 - BitmapFont.Measure(UsableAce, SmallDot) / 2,
            line + LargeLine + Spacing / 2,
            SmallDot,
            Rgb.White);
    }

    private static void WriteNumber(Canvas canvas, ReadOnlySpan<char> label, int number, int x, int y, int dot)
    {
        Span<char> text = stackalloc char[16];
        label.CopyTo(text);
        number.TryFormat(text[label.Length..], out int digits);
        BitmapFont.Draw(canvas, text[..(label.Length + digits)], x, y, dot, Rgb.White);
    }

    private static void DrawOpenCard(Canvas canvas, int x, int y, int rank, Suit suit)
    {
        const int Dot = 4;
        Rgb color = suit is Suit.Diamonds or Suit.Hearts ? Red : Ink;
        string text = Ranks[rank - 1];
        canvas.FilledRectangle(x, y, CardWidth, CardHeight, Rgb.White);
        BitmapFont.Draw(canvas, text, x + 8, y + 8, Dot, color);
        BitmapFont.Draw(
            canvas,
            text,
            x + CardWidth - 8 - BitmapFont.Measure(text, Dot),
            y + CardHeight - 8 - BitmapFont.Height * Dot,
            Dot,
            color);
        DrawSuit(new Tile(canvas, x + CardWidth / 2 - 28, y + CardHeight / 2 - 28, 56, 56), suit, color);
    }

    private static void DrawHiddenCard(Canvas canvas, int x, int y)
    {
        canvas.FilledRectangle(x, y, CardWidth, CardHeight, Rgb.White);
        canvas.FilledRectangle(x + 6, y + 6, CardWidth - 12, CardHeight - 12, Back);
        Tile back = new(canvas, x + 6, y + 6, CardWidth - 12, CardHeight - 12);
        for (int i = 10; i < 100; i += 20)
        {
            back.Line(i, 0, 0, i, BackLine);
            back.Line(100 - i, 0, 100, i, BackLine);
            back.Line(i, 100, 0, 100 - i, BackLine);
            back.Line(100 - i, 100, 100, 100 - i, BackLine);
        }
    }

    private static void DrawSuit(Tile tile, Suit suit, Rgb color)
    {
        switch (suit)
        {
            case Suit.Diamonds:
                tile.Shape([new Point(50, 0), new Point(90, 50), new Point(50, 100), new Point(10, 50)], color);
                break;
            case Suit.Hearts:
                tile.Disc(28, 30, 26, color);
                tile.Disc(72, 30, 26, color);
                tile.Shape([new Point(5, 42), new Point(95, 42), new Point(50, 98)], color);
                break;
            case Suit.Spades:
                tile.Disc(28, 58, 26, color);
                tile.Disc(72, 58, 26, color);
                tile.Shape([new Point(5, 46), new Point(50, 0), new Point(95, 46)], color);
                tile.Shape([new Point(50, 55), new Point(70, 100), new Point(30, 100)], color);
                break;
            default:
                tile.Disc(50, 25, 24, color);
                tile.Disc(25, 60, 24, color);
                tile.Disc(75, 60, 24, color);
                tile.Shape([new Point(50, 40), new Point(70, 100), new Point(30, 100)], color);
                break;
        }
    }
}
