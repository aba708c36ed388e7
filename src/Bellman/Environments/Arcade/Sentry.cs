using Bellman.Neural.State;

namespace Bellman.Environments.Arcade;

/// <summary>Shoot down what comes from the sky before it lands.</summary>
/// <remarks>
/// Actions: 0 nothing, 1 left, 2 right, 3 shoot, 4 left and shoot, 5 right and shoot. Reward 1 for a scout, 3 for a carrier, which takes two
/// hits. Each one that lands costs a life. They come ever faster. The rules stand in full on the game's page.
/// </remarks>
public sealed class Sentry : ArcadeGame
{
    internal const int MostInvaders = 8;
    internal const int CannonWidth = 7;
    internal const int CannonTop = 76;
    internal const int ShotSpeed = 3;          // pixels a frame

    private const int CannonStep = 2;          // pixels a frame
    private const int MostShots = 2;
    private const int ShotHeight = 4;
    private const int Reload = 8;              // frames
    private const int Landing = 76;            // the row that nothing must reach
    private const int Top = 8;
    private const int FirstInterval = 60;      // frames from one invader to the next
    private const int LastInterval = 20;
    private const int InvadersPerInterval = 2;
    private const int CarrierIn = 5;           // one of so many invaders is a carrier

    private readonly Invader[] invaders = new Invader[MostInvaders];
    private readonly Shot[] shots = new Shot[MostShots];
    private int cannon;
    private int reloading;
    private int untilNext;
    private int come;

    public Sentry()
        : base(
            ["nothing", "left", "right", "shoot", "left and shoot", "right and shoot"],
            new(70, new(70, 92, 66)), new(140, new(92, 196, 220)), new(180, new(226, 110, 170)), new(190, new(236, 148, 60)),
            new(220, new(150, 214, 120)))
    {
    }

    /// <summary>Left side of the cannon, in pixels.</summary>
    internal int CannonLeft => cannon;

    /// <summary>Those whose hits are not 0 are in the sky.</summary>
    internal ReadOnlySpan<Invader> Invaders => invaders;

    /// <summary>Those whose row is not 0 are on their way.</summary>
    internal ReadOnlySpan<Shot> Shots => shots;

    private protected override void Begin()
    {
        Array.Clear(invaders);
        Array.Clear(shots);
        cannon = (Size - CannonWidth) / 2;
        reloading = 0;
        come = 0;
        untilNext = 1;
    }

    private protected override double Play(int action)
    {
        int move = action is 1 or 4 ? -CannonStep : action is 2 or 5 ? CannonStep : 0;
        cannon = Math.Clamp(cannon + move, 0, Size - CannonWidth);
        MoveShots();
        if (reloading > 0) reloading--;
        if (action >= 3) Shoot();
        MoveInvaders();
        int reward = Hit();
        if (--untilNext == 0) SendInvader();
        return reward;
    }

    private protected override void Draw(Screen screen)
    {
        screen.Fill(0, Landing + 4, Size, Size, 70);
        screen.Fill(cannon, CannonTop + 2, CannonWidth, 3, 220);
        screen.Fill(cannon + (CannonWidth / 2) - 1, CannonTop, 3, 2, 220);
        foreach (Invader invader in invaders)
        {
            if (invader.Hits == 0) continue;
            (int x, int y) = (invader.X / Pixel, invader.Y / Pixel);
            if (!invader.IsCarrier)
            {
                screen.Fill(x, y, Invader.ScoutWidth, 2, 140);
                screen.Fill(x + 1, y + 2, Invader.ScoutWidth - 2, 3, 140);
                continue;
            }

            // A carrier that was hit has another colour.
            byte shade = invader.Hits == 2 ? (byte)180 : (byte)190;
            screen.Fill(x, y + 2, Invader.CarrierWidth, 4, shade);
            screen.Fill(x + 2, y, Invader.CarrierWidth - 4, 2, shade);
        }

        foreach (Shot shot in shots)
        {
            if (shot.Y > 0) screen.Fill(shot.X, shot.Y, 1, ShotHeight, 255);
        }
    }

    private protected override void VisitGame(IStateVisitor state)
    {
        state.Values(nameof(invaders), invaders.AsSpan());
        state.Values(nameof(shots), shots.AsSpan());
        state.Value(nameof(cannon), ref cannon);
        state.Value(nameof(reloading), ref reloading);
        state.Value(nameof(untilNext), ref untilNext);
        state.Value(nameof(come), ref come);
    }

    private void Shoot()
    {
        int free = shots.AsSpan().IndexOf(default(Shot));
        if (reloading > 0 || free < 0) return;
        shots[free] = new Shot(cannon + (CannonWidth / 2), CannonTop - ShotHeight);
        reloading = Reload;
    }

    private void MoveShots()
    {
        foreach (ref Shot shot in shots.AsSpan())
        {
            if (shot.Y > 0) shot = shot.Y - ShotSpeed < Top ? default : shot with { Y = shot.Y - ShotSpeed };
        }
    }

    private void MoveInvaders()
    {
        foreach (ref Invader invader in invaders.AsSpan())
        {
            if (invader.Hits == 0) continue;
            invader = invader.Moved();
            if ((invader.Y / Pixel) + invader.Height < Landing) continue;
            invader = default;
            if (Lives > 0) LoseLife();
        }
    }

    /// <summary>A shot is spent on the first invader that it touches.</summary>
    private int Hit()
    {
        int reward = 0;
        foreach (ref Shot shot in shots.AsSpan())
        {
            if (shot.Y == 0) continue;
            foreach (ref Invader invader in invaders.AsSpan())
            {
                if (invader.Hits == 0 || !invader.Touches(shot.X, shot.Y, ShotHeight)) continue;
                invader = invader with { Hits = invader.Hits - 1 };
                if (invader.Hits == 0) reward += invader.IsCarrier ? 3 : 1;
                shot = default;
                break;
            }
        }

        return reward;
    }

    private void SendInvader()
    {
        untilNext = Math.Max(LastInterval, FirstInterval - (come / InvadersPerInterval));
        int free = -1;
        for (int i = 0; i < invaders.Length && free < 0; i++)
        {
            if (invaders[i].Hits == 0) free = i;
        }

        if (free < 0) return;
        come++;
        bool isCarrier = Draw(1, CarrierIn) == 1;
        int width = isCarrier ? Invader.CarrierWidth : Invader.ScoutWidth;
        invaders[free] = new Invader(
            Draw(0, Size - width) * Pixel, Top * Pixel, Draw(-8, 8), Draw(4, isCarrier ? 6 : 8), isCarrier ? 2 : 1, isCarrier);
    }

    /// <summary>What comes down.</summary>
    /// <param name="X">Left side, in 1/16 pixels.</param>
    /// <param name="Y">Upper side, in 1/16 pixels.</param>
    /// <param name="VelocityX">To the right, in 1/16 pixels a frame.</param>
    /// <param name="VelocityY">Down, in 1/16 pixels a frame.</param>
    /// <param name="Hits">That it still takes; 0 for none there.</param>
    /// <param name="IsCarrier">Large, slow and worth 3.</param>
    internal readonly record struct Invader(int X, int Y, int VelocityX, int VelocityY, int Hits, bool IsCarrier)
    {
        public const int ScoutWidth = 6;
        public const int CarrierWidth = 10;

        public int Width => IsCarrier ? CarrierWidth : ScoutWidth;

        public int Height => IsCarrier ? 6 : 5;

        /// <summary>A frame later; it turns at the sides.</summary>
        public Invader Moved()
        {
            int x = X + VelocityX;
            bool turns = x < 0 || x > (Size - Width) * Pixel;
            return this with { X = turns ? X : x, Y = Y + VelocityY, VelocityX = turns ? -VelocityX : VelocityX };
        }

        /// <summary>Whether a column of pixels touches it.</summary>
        public bool Touches(int x, int y, int height)
        {
            (int left, int top) = (X / Pixel, Y / Pixel);
            return x >= left && x < left + Width && y < top + Height && y + height > top;
        }
    }

    /// <summary>A shot's column and upper row; row 0 for none.</summary>
    internal readonly record struct Shot(int X, int Y);
}
