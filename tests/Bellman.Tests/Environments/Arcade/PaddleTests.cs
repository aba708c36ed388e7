using Bellman.Environments;
using Bellman.Environments.Arcade;

namespace Bellman.Tests.Environments.Arcade;

public sealed class PaddleTests
{
    private const int Fire = 1;
    private const int Right = 2;
    private const int Left = 3;

    private readonly Board<Paddle> board = new Board<Paddle>(new Paddle()).Begin(seed: 5);

    [Fact]
    public void The_paddle_moves_two_pixels_a_frame_and_stops_at_the_walls()
    {
        int start = board.Game.PaddleLeft;
        board.Play(Left);
        Assert.Equal(Math.Max(2, start - 2), board.Game.PaddleLeft);
        board.Play(Left, 50);
        Assert.Equal(2, board.Game.PaddleLeft);
        board.Play(Right, 5);
        Assert.Equal(12, board.Game.PaddleLeft);
    }

    [Fact]
    public void The_ball_rests_on_the_paddle_until_it_is_fired()
    {
        board.Play(Left, 50);
        Assert.False(board.Game.IsServed);
        Assert.Equal((6 * 16, 74 * 16), (board.Game.BallLeft, board.Game.BallTop));
        board.Play(Fire);
        Assert.True(board.Game.IsServed);
        Assert.Equal(-24, board.Game.Velocity.Y);
        Assert.Contains(board.Game.Velocity.X, (int[])[-16, -8, 8, 16]);
    }

    [Fact]
    public void A_ball_that_nobody_serves_is_served_at_the_sixtieth_frame()
    {
        board.Play(0, 59);
        Assert.False(board.Game.IsServed);
        board.Play(0);
        Assert.True(board.Game.IsServed);
    }

    [Fact]
    public void A_served_ball_breaks_a_brick_of_the_lowest_row_and_comes_back()
    {
        board.Play(Fire);
        Assert.Equal(40, board.Game.Bricks);

        // The middle of the ball starts in row 75 and has to reach row 37; 24 frames at 1.5 pixels take it 36 rows, 25 take it 37.5.
        Assert.Equal(0, board.Play(0, 24));
        Assert.Equal(1, board.Play(0, 2));
        Assert.Equal(39, board.Game.Bricks);
        Assert.Equal(24, board.Game.Velocity.Y);
    }

    [Fact]
    public void Where_the_ball_meets_the_paddle_decides_its_slant()
    {
        var slants = new HashSet<int>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            board.Begin(seed);
            board.Play(Fire);
            int before = board.Game.PaddleLeft;
            for (int frame = 0; frame < 200 && board.Game.Lives == 3; frame++)
            {
                (int x, int downwards) = (board.Game.BallLeft / 16, board.Game.Velocity.Y);
                int meet = (int)(seed % 11);
                board.Play(x > before + meet ? Right : x < before + meet - 1 ? Left : 0);
                before = board.Game.PaddleLeft;
                if (downwards <= 0 || board.Game.Velocity.Y >= 0 || board.Game.BallTop != 74 * 16) continue;
                int offset = (board.Game.BallLeft / 16) + 2 - before;
                int expected = ((int[])[-24, -24, -16, -16, -8, -8, 8, 8, 16, 16, 24, 24])[offset - 1];
                Assert.InRange(board.Game.Velocity.X, expected - 2, expected + 2);
                slants.Add(expected);
            }
        }

        Assert.True(slants.Count >= 4, $"Slants seen: {string.Join(' ', slants)}");
    }

    [Fact]
    public void A_missed_ball_costs_a_life_and_the_third_ends_the_game()
    {
        var ends = new List<StepResult>();
        int lives = 3;
        while (board.Game.Lives > 0)
        {
            // Away from the ball.
            int x = board.Game.BallLeft / 16;
            StepResult result = board.Step(!board.Game.IsServed ? Fire : x > 42 ? Left : Right);
            if (board.Game.Lives == lives) continue;
            lives = board.Game.Lives;
            Assert.False(board.Game.IsServed);
            ends.Add(result);
        }

        Assert.Equal([false, false, true], ends.Select(end => end.Terminated));
        Assert.Equal("game over", board.Game.Outcome);
        Assert.Throws<InvalidOperationException>(() => board.Step(0));
    }

    [Fact]
    public void A_broken_wall_is_built_anew_and_balls_grow_faster()
    {
        int bricks = 0;
        int fastest = 0;
        bool rebuilt = false;
        for (int frame = 0; frame < 10_000 && board.Game.Lives > 0; frame++)
        {
            int before = board.Game.Bricks;
            bricks += (int)board.Play(ScriptedPlayers.Act(board.Game));
            rebuilt |= before == 0 && board.Game.Bricks == 40;
            if (board.Game.IsServed) fastest = Math.Max(fastest, Math.Abs(board.Game.Velocity.Y));
        }

        Assert.True(rebuilt, $"{bricks} bricks");
        Assert.InRange(fastest, 34, 40);
    }

    [Fact]
    public void The_screen_shows_walls_bricks_paddle_ball_and_lives()
    {
        Assert.Equal(90, board[0, 20]);
        Assert.Equal(90, board[83, 40]);
        Assert.Equal([210, 190, 170, 150], [board[2, 22], board[2, 26], board[2, 30], board[2, 34]]);
        Assert.Equal(0, board[9, 22]);
        Assert.Equal(210, board[10, 22]);
        Assert.Equal(230, board[board.Game.PaddleLeft, 76]);
        Assert.Equal(255, board[board.Game.BallLeft / 16, 75]);
        Assert.Equal([255, 255, 255, 0], [board[2, 2], board[7, 2], board[12, 2], board[17, 2]]);
    }
}
