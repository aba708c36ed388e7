using System.Numerics;
using Bellman.Neural.State;

namespace Bellman.Environments.Arcade;

/// <summary>Keep a ball in the air with a paddle and break the wall above, brick by brick.</summary>
/// <remarks>
/// Actions: 0 nothing, 1 fire, which serves the ball, 2 right, 3 left. Reward 1 for every brick. A ball that is not served within 60 frames is
/// served by itself, so a game ends however it is played. The rules stand in full on the game's page.
/// </remarks>
public sealed class Paddle : ArcadeGame
{
    internal const int PaddleWidth = 11;
    internal const int PaddleTop = 76;
    internal const int BallSize = 2;

    private const int Fire = 1;
    private const int Right = 2;
    private const int Left = 3;
    private const int PaddleHeight = 3;
    private const int PaddleStep = 2;          // pixels a frame
    private const int FieldLeft = 2;
    private const int FieldRight = 82;
    private const int FieldTop = 10;
    private const int BrickTop = 22;
    private const int BrickWidth = 8;
    private const int BrickHeight = 4;
    private const int BrickColumns = 10;
    private const int BrickRows = 4;
    private const ulong WholeWall = (1UL << (BrickColumns * BrickRows)) - 1;
    private const int FirstSpeed = 24;         // 1/16 pixels a frame
    private const int LastSpeed = 40;
    private const int BricksPerSpeed = 4;
    private const int Patience = 60;           // frames

    private int paddle;
    private int ballX;
    private int ballY;
    private int velocityX;
    private int velocityY;
    private int waited;
    private int broken;
    private bool isServed;
    private ulong wall;

    public Paddle()
        : base(
            ["nothing", "fire", "right", "left"],
            new(90, new(96, 104, 120)), new(150, new(74, 144, 217)), new(170, new(86, 179, 110)), new(190, new(237, 201, 81)),
            new(210, new(221, 97, 74)), new(230, new(240, 240, 240)))
    {
    }

    /// <summary>Left side of the paddle, in pixels.</summary>
    internal int PaddleLeft => paddle;

    /// <summary>Left side of the ball, in 1/16 pixels.</summary>
    internal int BallLeft => ballX;

    /// <summary>Upper side of the ball, in 1/16 pixels.</summary>
    internal int BallTop => ballY;

    /// <summary>In 1/16 pixels a frame, to the right and down.</summary>
    internal (int X, int Y) Velocity => (velocityX, velocityY);

    internal bool IsServed => isServed;

    /// <summary>Bricks that stand.</summary>
    internal int Bricks => BitOperations.PopCount(wall);

    /// <summary>Speed up and down: it grows by 1 for every four bricks broken.</summary>
    private int Speed => Math.Min(FirstSpeed + (broken / BricksPerSpeed), LastSpeed);

    private protected override void Begin()
    {
        paddle = Draw(FieldLeft, FieldRight - PaddleWidth);
        broken = 0;
        wall = WholeWall;
        Wait();
    }

    private protected override double Play(int action)
    {
        int move = action == Right ? PaddleStep : action == Left ? -PaddleStep : 0;
        paddle = Math.Clamp(paddle + move, FieldLeft, FieldRight - PaddleWidth);
        if (!isServed)
        {
            Rest();
            waited++;
            if (action == Fire || waited >= Patience) Serve();
            return 0;
        }

        int reward = MoveAcross() + MoveUpOrDown();
        broken += reward;
        MeetPaddle();
        if (ballY >= Size * Pixel)
        {
            LoseLife();
            Wait();
        }

        return reward;
    }

    private protected override void Draw(Screen screen)
    {
        const byte Stone = 90;
        screen.Fill(0, FieldTop - 2, Size, 2, Stone);
        screen.Fill(0, FieldTop, FieldLeft, Size, Stone);
        screen.Fill(FieldRight, FieldTop, FieldLeft, Size, Stone);
        for (ulong rest = wall; rest != 0; rest &= rest - 1)
        {
            int brick = BitOperations.TrailingZeroCount(rest);
            (int row, int column) = (brick / BrickColumns, brick % BrickColumns);
            screen.Fill(
                FieldLeft + (column * BrickWidth), BrickTop + (row * BrickHeight), BrickWidth - 1, BrickHeight - 1,
                (byte)(210 - (20 * row)));
        }

        screen.Fill(paddle, PaddleTop, PaddleWidth, PaddleHeight, 230);
        screen.Fill(ballX / Pixel, ballY / Pixel, BallSize, BallSize, 255);
    }

    private protected override void VisitGame(IStateVisitor state)
    {
        state.Value(nameof(paddle), ref paddle);
        state.Value(nameof(ballX), ref ballX);
        state.Value(nameof(ballY), ref ballY);
        state.Value(nameof(velocityX), ref velocityX);
        state.Value(nameof(velocityY), ref velocityY);
        state.Value(nameof(waited), ref waited);
        state.Value(nameof(broken), ref broken);
        state.Value(nameof(isServed), ref isServed);
        state.Value(nameof(wall), ref wall);
    }

    private void Wait()
    {
        isServed = false;
        waited = 0;
        (velocityX, velocityY) = (0, 0);
        Rest();
    }

    /// <summary>The ball lies on the middle of the paddle.</summary>
    private void Rest()
    {
        ballX = (paddle + ((PaddleWidth - BallSize) / 2)) * Pixel;
        ballY = (PaddleTop - BallSize) * Pixel;
    }

    private void Serve()
    {
        isServed = true;
        int slant = Draw(0, 3);
        velocityX = slant < 2 ? (slant - 2) * 8 : (slant - 1) * 8;
        velocityY = -Speed;
    }

    private int MoveAcross()
    {
        const int Leftmost = FieldLeft * Pixel;
        const int Rightmost = (FieldRight - BallSize) * Pixel;
        int before = ballX;
        ballX += velocityX;
        if (ballX is < Leftmost or > Rightmost)
        {
            ballX = (2 * (ballX < Leftmost ? Leftmost : Rightmost)) - ballX;
            velocityX = -velocityX;
        }

        if (!Break()) return 0;
        ballX = before;
        velocityX = -velocityX;
        return 1;
    }

    private int MoveUpOrDown()
    {
        const int Highest = FieldTop * Pixel;
        int before = ballY;
        ballY += velocityY;
        if (ballY < Highest)
        {
            ballY = (2 * Highest) - ballY;
            velocityY = -velocityY;
        }

        if (!Break()) return 0;
        ballY = before;
        velocityY = -velocityY;
        return 1;
    }

    /// <summary>Breaks the brick in which the middle of the ball lies, if there is one.</summary>
    private bool Break()
    {
        int column = ((ballX / Pixel) + 1 - FieldLeft) / BrickWidth;
        int height = (ballY / Pixel) + 1 - BrickTop;
        if (height is < 0 or >= BrickRows * BrickHeight || column >= BrickColumns) return false;
        ulong brick = 1UL << (((height / BrickHeight) * BrickColumns) + column);
        if ((wall & brick) == 0) return false;
        wall &= ~brick;
        return true;
    }

    /// <summary>A ball that comes down upon the paddle leaves it the more slanted, the farther from the paddle's middle it came down.</summary>
    private void MeetPaddle()
    {
        const int Lowest = (PaddleTop - BallSize) * Pixel;
        int before = ballY - velocityY;
        if (velocityY <= 0 || ballY < Lowest || before > Lowest) return;
        int offset = (ballX / Pixel) + BallSize - paddle;
        if (offset is <= 0 or >= PaddleWidth + BallSize) return;

        // 1 … 12 in six parts: −24, −16, −8, 8, 16, 24.
        int part = (offset - 1) / 2;
        // A little chance, so that no ball goes the same way for ever.
        velocityX = (8 * (part < 3 ? part - 3 : part - 2)) + Draw(-2, 2);
        velocityY = -Speed;
        ballY = Lowest;
        if (wall == 0) wall = WholeWall;
    }
}
