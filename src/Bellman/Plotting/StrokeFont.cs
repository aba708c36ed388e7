using System.Globalization;
using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Letters drawn with a round pen, so that pictures have the same text on every machine.</summary>
/// <remarks>
/// A letter is its width and its strokes, in hundredths of the font's size: small letters are 50 high, capitals 70. Strokes are separated by |,
/// points by spaces; a point with * is not touched: the line bends towards it (a quadratic Bézier curve).
/// </remarks>
internal static class StrokeFont
{
    /// <summary>Units of a letter per size of the font.</summary>
    public const double UnitsPerSize = 100;

    private const int Gap = 16;
    private const int Space = 30;
    private const int CurvePieces = 8;
    private const string LeftBowl = "40,32 40,50* 20,50 0,50* 0,25 0,0* 20,0 40,0* 40,18";
    private const string RightBowl = "0,18 0,0* 20,0 40,0* 40,25 40,50* 20,50 0,50* 0,32";
    private const string Arch = "0,30 0,50* 20,50 38,50* 38,30 38,0";
    private const string LargeRound = "28,70 0,70* 0,35 0,0* 28,0 56,0* 56,35 56,70* 28,70";
    private const string Missing = "0,0 0,70 40,70 40,0 0,0";

    private static readonly Dictionary<char, Glyph> Glyphs = Build();

    /// <summary>How wide a text of some size stands.</summary>
    public static double Width(string text, double size) => Width(text) * size / UnitsPerSize;

    /// <summary>Units that a text takes along its line.</summary>
    public static double Width(string text)
    {
        double width = 0;
        foreach (char letter in text)
        {
            width += Advance(letter);
        }

        return Math.Max(0, width - Gap);
    }

    /// <summary>The strokes of a text from the left end of its base line, y upwards.</summary>
    public static IEnumerable<Point[]> Strokes(string text)
    {
        double place = 0;
        foreach (char letter in text)
        {
            foreach (Point[] stroke in Find(letter).Strokes)
            {
                double left = place;
                yield return Array.ConvertAll(stroke, point => new Point(point.X + left, point.Y));
            }

            place += Advance(letter);
        }
    }

    private static double Advance(char letter) => Find(letter).Width + Gap;

    private static Glyph Find(char letter) => Glyphs.TryGetValue(letter, out Glyph? glyph) ? glyph : Glyphs['\0'];

    private static Dictionary<char, Glyph> Build()
    {
        (char Letter, int Width, string Strokes)[] table =
        [
            ('\0', 40, Missing), (' ', Space - Gap, ""),
            ('0', 42, "21,70 0,70* 0,35 0,0* 21,0 42,0* 42,35 42,70* 21,70"), ('1', 42, "8,57 24,70 24,0"),
            ('2', 42, "2,54 4,70* 21,70 40,70* 40,52 40,41* 28,28 0,0 42,0"),
            ('3', 42, "2,58 6,70* 21,70 39,70* 39,53 39,38* 18,38|18,38 42,38* 42,18 42,0* 20,0 4,0* 0,13"),
            ('4', 42, "32,0 32,70 0,20 42,20"), ('5', 42, "38,70 5,70 2,38 9,45* 21,45 42,45* 42,23 42,0* 20,0 4,0* 0,11"),
            ('6', 42, "37,64 32,70* 24,70 0,70* 0,30 0,0* 21,0 42,0* 42,22 42,43* 22,43 3,43* 0,24"), ('7', 42, "0,70 42,70 14,0"),
            ('8', 42, "21,38 3,38* 3,54 3,70* 21,70 39,70* 39,54 39,38* 21,38 0,38* 0,19 0,0* 21,0 42,0* 42,19 42,38* 21,38"),
            ('9', 42, "5,6 10,0* 18,0 42,0* 42,40 42,70* 21,70 0,70* 0,48 0,27* 20,27 39,27* 42,46"),
            ('A', 54, "0,0 27,70 54,0|10,24 44,24"),
            ('B', 44, "0,0 0,70 22,70 40,70* 40,54 40,37* 22,37 0,37|22,37 44,37* 44,18 44,0* 22,0 0,0"),
            ('C', 50, "49,56 43,70* 27,70 0,70* 0,35 0,0* 27,0 44,0* 50,14"), ('D', 50, "0,0 0,70 20,70 50,70* 50,35 50,0* 20,0 0,0"),
            ('E', 40, "40,70 0,70 0,0 40,0|0,37 34,37"), ('F', 38, "38,70 0,70 0,0|0,36 33,36"),
            ('G', 52, "49,57 43,70* 27,70 0,70* 0,35 0,0* 27,0 52,0* 52,30 52,33 30,33"), ('H', 48, "0,70 0,0|48,70 48,0|0,37 48,37"),
            ('I', 0, "0,70 0,0"), ('J', 30, "30,70 30,20 30,0* 14,0 2,0* 0,12"), ('K', 46, "0,70 0,0|44,70 0,26|16,42 46,0"),
            ('L', 38, "0,70 0,0 38,0"), ('M', 60, "0,0 0,70 30,22 60,70 60,0"), ('N', 48, "0,0 0,70 48,0 48,70"), ('O', 56, LargeRound),
            ('P', 42, "0,0 0,70 22,70 42,70* 42,51 42,32* 22,32 0,32"), ('Q', 56, LargeRound + "|36,14 56,-7"),
            ('R', 46, "0,0 0,70 22,70 42,70* 42,51 42,32* 22,32 0,32|24,32 46,0"),
            ('S', 44, "42,58 38,70* 22,70 2,70* 2,53 2,38* 22,36 44,34* 44,17 44,0* 22,0 4,0* 0,13"), ('T', 48, "0,70 48,70|24,70 24,0"),
            ('U', 48, "0,70 0,24 0,0* 24,0 48,0* 48,24 48,70"), ('V', 52, "0,70 26,0 52,70"), ('W', 74, "0,70 18,0 37,66 56,0 74,70"),
            ('X', 48, "0,70 48,0|48,70 0,0"), ('Y', 48, "0,70 24,34 48,70|24,34 24,0"), ('Z', 46, "0,70 46,70 0,0 46,0"),
            ('a', 40, "40,50 40,0|" + LeftBowl), ('b', 40, "0,72 0,0|" + RightBowl), ('c', 36, "36,40 32,50* 20,50 0,50* 0,25 0,0* 20,0 32,0* 36,10"),
            ('d', 40, "40,72 40,0|" + LeftBowl), ('e', 40, "0,26 40,26 40,50* 20,50 0,50* 0,25 0,0* 21,0 33,0* 38,9"),
            ('f', 24, "26,71 10,73* 10,56 10,0|0,50 24,50"), ('g', 40, "40,50 40,-4 40,-20* 20,-20 8,-20* 3,-13|" + LeftBowl),
            ('h', 38, "0,72 0,0|" + Arch), ('i', 0, "0,50 0,0|0,67 0,69"), ('j', 10, "10,50 10,-8 10,-20* 0,-20|10,67 10,69"),
            ('k', 34, "0,72 0,0|32,50 0,20|12,31 34,0"), ('l', 10, "0,72 0,10 0,0* 9,0"),
            ('m', 62, "0,50 0,0|0,30 0,50* 16,50 31,50* 31,32 31,0|31,32 31,50* 47,50 62,50* 62,32 62,0"), ('n', 38, "0,50 0,0|" + Arch),
            ('o', 42, "21,50 0,50* 0,25 0,0* 21,0 42,0* 42,25 42,50* 21,50"), ('p', 40, "0,50 0,-20|" + RightBowl),
            ('q', 40, "40,50 40,-20|" + LeftBowl), ('r', 22, "0,50 0,0|0,26 2,50* 22,49"),
            ('s', 34, "33,41 30,50* 17,50 2,50* 2,38 2,27* 17,26 34,24* 34,13 34,0* 17,0 3,0* 0,10"),
            ('t', 24, "10,66 10,14 10,0* 24,1|0,50 24,50"), ('u', 38, "0,50 0,20 0,0* 18,0 38,0* 38,20|38,50 38,0"), ('v', 38, "0,50 19,0 38,50"),
            ('w', 58, "0,50 14,0 29,48 44,0 58,50"), ('x', 36, "0,50 36,0|36,50 0,0"), ('y', 38, "0,50 19,2|38,50 17,-5 12,-20* 1,-19"),
            ('z', 34, "0,50 34,50 0,0 34,0"),
            ('.', 0, "0,0 0,1"), (',', 4, "3,1 0,-11"), (':', 0, "0,0 0,1|0,42 0,43"), (';', 4, "3,1 0,-11|3,42 3,43"),
            ('!', 0, "0,70 0,22|0,0 0,1"), ('?', 34, "0,56 3,70* 17,70 34,70* 34,53 34,42* 24,36 16,30* 16,20|16,0 16,1"),
            ('\'', 0, "0,72 0,56"), ('"', 12, "0,72 0,56|12,72 12,56"), ('(', 14, "14,78 0,60* 0,32 0,4* 14,-14"),
            (')', 14, "0,78 14,60* 14,32 14,4* 0,-14"), ('[', 12, "12,78 0,78 0,-12 12,-12"), (']', 12, "0,78 12,78 12,-12 0,-12"),
            ('/', 28, "0,-8 28,74"), ('\\', 28, "0,74 28,-8"), ('|', 0, "0,78 0,-14"), ('-', 20, "0,27 20,27"), ('–', 34, "0,27 34,27"),
            ('−', 34, "0,32 34,32"), ('+', 34, "17,49 17,15|0,32 34,32"), ('=', 34, "0,41 34,41|0,23 34,23"), ('_', 40, "0,-10 40,-10"),
            ('<', 32, "32,52 0,32 32,12"), ('>', 32, "0,52 32,32 0,12"), ('*', 26, "13,70 13,44|2,64 24,50|24,64 2,50"),
            ('%', 66, "52,70 14,0|14,70 0,70* 0,54 0,38* 14,38 28,38* 28,54 28,70* 14,70|52,32 38,32* 38,16 38,0* 52,0 66,0* 66,16 66,32* 52,32"),
            ('#', 44, "12,0 18,70|28,0 34,70|2,46 44,46|0,24 42,24"), ('·', 0, "0,30 0,31"), ('×', 30, "0,47 30,17|30,47 0,17"),
            ('±', 34, "17,58 17,24|0,41 34,41|0,8 34,8"), ('…', 40, "0,0 0,1|20,0 20,1|40,0 40,1"), ('²', 20, "1,66 4,72* 10,72 19,72* 19,63 19,57* 0,42 20,42"),
            ('ε', 32, "32,43 26,50* 18,50 2,50* 2,38 2,27* 18,27 0,27* 0,13 0,0* 18,0 28,0* 33,8"),
            ('γ', 38, "0,48 12,52* 19,14 38,50|19,14 26,-20* 19,-20 12,-20* 19,14"), ('λ', 40, "2,71 13,72* 18,54 40,0|21,44 0,0"),
            ('τ', 34, "0,48 34,48|17,48 17,12 17,0* 28,2"), ('α', 44, "44,50 36,0* 20,0 0,0* 0,25 0,50* 20,50 36,50* 44,0"),
        ];
        return table.ToDictionary(entry => entry.Letter, entry => new Glyph(entry.Width, [.. Parse(entry.Strokes)]));
    }

    private static IEnumerable<Point[]> Parse(string strokes)
    {
        foreach (string stroke in strokes.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            List<Point> points = [];
            Point? bend = null;
            foreach (string token in stroke.Split(' '))
            {
                string[] numbers = token.TrimEnd('*').Split(',');
                var point = new Point(double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
                if (token.EndsWith('*'))
                {
                    bend = point;
                    continue;
                }

                if (bend is Point control) AddCurve(points, control, point);
                else points.Add(point);
                bend = null;
            }

            yield return [.. points];
        }
    }

    private static void AddCurve(List<Point> points, Point control, Point end)
    {
        Point start = points[^1];
        for (int i = 1; i <= CurvePieces; i++)
        {
            double t = (double)i / CurvePieces;
            (double a, double b, double c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t);
            points.Add(new Point((a * start.X) + (b * control.X) + (c * end.X), (a * start.Y) + (b * control.Y) + (c * end.Y)));
        }
    }

    private sealed record Glyph(int Width, Point[][] Strokes);
}
