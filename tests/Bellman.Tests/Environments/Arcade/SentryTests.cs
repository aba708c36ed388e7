using Bellman.Environments;
using Bellman.Environments.Arcade;

namespace Bellman.Tests.Environments.Arcade;

public sealed class SentryTests
{
    private const int Left = 1;
    private const int Right = 2;
    private const int Shoot = 3;

    private readonly Board<Sentry> board = new Board<Sentry>(new Sentry()).Begin(seed: 2);

    [Fact]
    public void The_cannon_moves_two_pixels_a_frame_and_stops_at_the_sides()
    {
        Assert.Equal(38, board.Game.CannonLeft);
        board.Play(Right, 3);
        Assert.Equal(44, board.Game.CannonLeft);
        board.Play(Right, 100);
        Assert.Equal(77, board.Game.CannonLeft);
        board.Play(Left, 100);
        Assert.Equal(0, board.Game.CannonLeft);
    }

    [Fact]
    public void A_shot_rises_three_pixels_a_frame_from_the_middle_of_the_cannon()
    {
        board.Play(Shoot);
        Assert.Equal(new Sentry.Shot(41, 72), board.Game.Shots[0]);
        board.Play(0, 2);
        Assert.Equal(new Sentry.Shot(41, 66), board.Game.Shots[0]);
        Assert.Equal(255, board[41, 66]);
        board.Play(0, 19);
        Assert.Equal(9, board.Game.Shots[0].Y);
        board.Play(0);
        Assert.Equal(default, board.Game.Shots[0]);
    }

    [Fact]
    public void Two_shots_fly_at_most_eight_frames_apart()
    {
        board.Play(Shoot, 8);
        Assert.Equal(0, board.Game.Shots[1].Y);
        board.Play(Shoot);
        Assert.Equal(72, board.Game.Shots[1].Y);
        board.Play(Shoot, 9);
        Assert.Equal(2, board.Game.Shots.ToArray().Count(shot => shot.Y > 0));
    }

    [Fact]
    public void Moving_and_shooting_go_together()
    {
        board.Play(action: 4);
        Assert.Equal((36, 39), (board.Game.CannonLeft, board.Game.Shots[0].X));
    }

    [Fact]
    public void Invaders_come_down_turn_at_the_sides_and_cost_a_life_where_they_land()
    {
        board.Play(0);
        Sentry.Invader before = board.Game.Invaders[0];
        Assert.True(before.Hits > 0);
        Assert.Equal(8 * 16, before.Y);
        Assert.InRange(before.VelocityY, 4, 8);
        Assert.InRange(before.VelocityX, -8, 8);
        int frames = (((76 - before.Height - 8) * 16) + before.VelocityY - 1) / before.VelocityY;
        for (int i = 0; i < frames - 1; i++)
        {
            Assert.Equal(3, board.Game.Lives);
            board.Play(0);
            Sentry.Invader now = board.Game.Invaders[0];
            Assert.InRange(now.X, 0, (84 - now.Width) * 16);
            Assert.Equal(before.Y + before.VelocityY, now.Y);
            before = now;
        }

        board.Play(0);
        Assert.Equal(2, board.Game.Lives);
    }

    [Fact]
    public void The_first_intervals_are_sixty_frames()
    {
        board.Play(0);
        Assert.Equal(1, Count());
        board.Play(0, 59);
        Assert.Equal(1, Count());
        board.Play(0);
        Assert.Equal(2, Count());
    }

    [Fact]
    public void A_scout_takes_one_hit_for_one_point_and_a_carrier_two_for_three()
    {
        var points = new HashSet<(bool IsCarrier, double Reward)>();
        int hits = 0;
        for (int i = 0; i < 6000 && board.Game.Lives > 0; i++)
        {
            Sentry.Invader[] before = board.Game.Invaders.ToArray();
            double reward = board.Play(ScriptedPlayers.Act(board.Game));
            for (int k = 0; k < before.Length; k++)
            {
                Sentry.Invader now = board.Game.Invaders[k];
                if (now.Hits == before[k].Hits - 1 && now.Hits == 1) hits++;
                if (reward > 0 && before[k].Hits == 1 && now.Hits == 0 && (before[k].Y / 16) + before[k].Height < 74)
                {
                    points.Add((before[k].IsCarrier, reward));
                }
            }
        }

        Assert.Contains((false, 1.0), points);
        Assert.Contains((true, 3.0), points);
        Assert.True(hits > 0);
        Assert.DoesNotContain(points, point => point.Reward == 2);
    }

    [Fact]
    public void Three_landings_end_the_game()
    {
        StepResult result;
        double sum = 0;
        do
        {
            result = board.Step(0);
            sum += result.Reward;
        }
        while (!result.Terminated);

        Assert.Equal(0, board.Game.Lives);
        Assert.Equal(0, sum);
    }

    private int Count() => board.Game.Invaders.ToArray().Count(invader => invader.Hits > 0);
}
