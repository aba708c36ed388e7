using Bellman.Neural.State;

namespace Bellman.Environments.Arcade;

/// <summary>Cross eight lanes of traffic, and pick up a flower on the way.</summary>
/// <remarks>
/// Actions: 0 nothing, 1 up, 2 down, 3 left, 4 right. Reward 1 for each lane that is reached for the first time since the start, for the far side
/// and for a flower. To be run over costs a life. After each crossing the traffic is drawn anew and is faster. The rules stand in full on the game's
/// page.
/// </remarks>
public sealed class Crossing : ArcadeGame
{
    internal const int Lanes = 8;
    internal const int LaneHeight = 8;
    internal const int FirstLane = 12;         // upper side of the uppermost lane
    internal const int WalkerSize = 4;
    internal const int StartY = 78;

    private const int StartX = 40;
    private const int Goal = 8;                // the row that the walker has to reach
    private const int Ring = 100;              // pixels after which a lane's traffic repeats, beyond the screen's sides
    private const int CarsPerLane = 2;
    private const int CarHeight = 6;
    private const int SlowestFirst = 6;        // 1/16 pixels a frame
    private const int FastestFirst = 14;
    private const int FasterAtMost = 10;
    private const int FlowerSize = 3;

    private readonly Lane[] lanes = new Lane[Lanes];
    private int x;
    private int y;
    private int crossings;
    private int reached;
    private int flowerX;
    private int flowerY;

    public Crossing()
        : base(
            ["nothing", "up", "down", "left", "right"],
            new(40, new(52, 54, 60)), new(70, new(84, 130, 72)), new(150, new(208, 78, 66)), new(170, new(222, 170, 70)),
            new(190, new(88, 150, 214)), new(210, new(240, 140, 190)), new(230, new(250, 226, 160)))
    {
    }

    /// <summary>Left and upper side of the walker, in pixels.</summary>
    internal (int X, int Y) Walker => (x, y);

    /// <summary>Left and upper side of the flower, in pixels; null where none is left.</summary>
    internal (int X, int Y)? Flower => flowerY == 0 ? null : (flowerX, flowerY);

    /// <summary>Whether a walker at a place is run over, some frames from now.</summary>
    internal bool IsHit(int walkerX, int walkerY, int frames)
    {
        int first = Math.Max(0, (walkerY - FirstLane) / LaneHeight);
        int last = Math.Min(Lanes - 1, (walkerY + WalkerSize - 1 - FirstLane) / LaneHeight);
        for (int lane = first; lane <= last; lane++)
        {
            int top = FirstLane + (lane * LaneHeight) + 1;
            if (walkerY + WalkerSize <= top || walkerY >= top + CarHeight) continue;
            for (int car = 0; car < CarsPerLane; car++)
            {
                int left = lanes[lane].CarLeft(car, frames);
                if (walkerX < left + lanes[lane].CarWidth && walkerX + WalkerSize > left) return true;
            }
        }

        return false;
    }

    private protected override void Begin()
    {
        crossings = 0;
        DrawTraffic();
        GoToStart();
    }

    private protected override double Play(int action)
    {
        y = Math.Min(y + (action == 2 ? 1 : action == 1 ? -1 : 0), StartY);
        x = Math.Clamp(x + (action == 4 ? 1 : action == 3 ? -1 : 0), 0, Size - WalkerSize);
        foreach (ref Lane lane in lanes.AsSpan())
        {
            lane = lane.Moved();
        }

        if (IsHit(x, y, frames: 0))
        {
            LoseLife();
            GoToStart();
            return 0;
        }

        int reward = Math.Max(0, LanesReached - reached);
        reached += reward;
        if (flowerY > 0 && Math.Abs(x - flowerX) < WalkerSize && Math.Abs(y - flowerY) < WalkerSize)
        {
            flowerY = 0;
            reward++;
        }

        if (y > Goal) return reward;
        crossings++;
        DrawTraffic();
        GoToStart();
        return reward + 1;
    }

    private protected override void Draw(Screen screen)
    {
        screen.Fill(0, Goal, Size, FirstLane - Goal, 70);
        screen.Fill(0, FirstLane, Size, Lanes * LaneHeight, 40);
        screen.Fill(0, FirstLane + (Lanes * LaneHeight), Size, Size, 70);
        for (int i = 0; i < Lanes; i++)
        {
            for (int car = 0; car < CarsPerLane; car++)
            {
                screen.Fill(
                    lanes[i].CarLeft(car, frames: 0), FirstLane + (i * LaneHeight) + 1, lanes[i].CarWidth, CarHeight,
                    (byte)(150 + (20 * (i % 3))));
            }
        }

        if (flowerY > 0) screen.Fill(flowerX, flowerY, FlowerSize, FlowerSize, 210);
        screen.Fill(x, y, WalkerSize, WalkerSize, 230);
    }

    private protected override void VisitGame(IStateVisitor state)
    {
        state.Values(nameof(lanes), lanes.AsSpan());
        state.Value(nameof(x), ref x);
        state.Value(nameof(y), ref y);
        state.Value(nameof(crossings), ref crossings);
        state.Value(nameof(reached), ref reached);
        state.Value(nameof(flowerX), ref flowerX);
        state.Value(nameof(flowerY), ref flowerY);
    }

    /// <summary>The walker is in a lane when its upper side is.</summary>
    private int LanesReached => Math.Clamp((FirstLane + (Lanes * LaneHeight) - y + LaneHeight - 1) / LaneHeight, 0, Lanes);

    private void GoToStart() => (x, y, reached) = (StartX, StartY, 0);

    private void DrawTraffic()
    {
        int faster = Math.Min(crossings, FasterAtMost);
        for (int i = 0; i < Lanes; i++)
        {
            int speed = Draw(SlowestFirst, FastestFirst) + faster;
            lanes[i] = new Lane(Draw(0, (Ring * Pixel) - 1), Draw(0, 1) == 0 ? speed : -speed, Draw(8, 14));
        }

        flowerX = Draw(0, Size - FlowerSize);
        flowerY = FirstLane + (Draw(0, Lanes - 1) * LaneHeight) + 2;
    }

    /// <summary>A lane: two cars at equal distances on a ring that is longer than the screen.</summary>
    /// <param name="Place">Of the first car on the ring, in 1/16 pixels.</param>
    /// <param name="Speed">To the right, in 1/16 pixels a frame.</param>
    /// <param name="CarWidth">Pixels.</param>
    internal readonly record struct Lane(int Place, int Speed, int CarWidth)
    {
        private const int Whole = Ring * Pixel;

        public Lane Moved() => this with { Place = (Place + Speed + Whole) % Whole };

        /// <summary>A car's left side on the screen, some frames from now; it may lie outside.</summary>
        public int CarLeft(int car, int frames)
        {
            long place = ((long)Speed * frames) + Place + (car * (Whole / CarsPerLane));
            return (int)(((place % Whole) + Whole) % Whole / Pixel) - (Ring - Size);
        }
    }
}
