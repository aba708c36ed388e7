using Bellman.Environments.Arcade;

namespace Bellman.Tests.Environments.Arcade;

public sealed class CrossingTests
{
    private const int Up = 1;
    private const int Down = 2;
    private const int Left = 3;
    private const int Right = 4;

    private readonly Board<Crossing> board = new Board<Crossing>(new Crossing()).Begin(seed: 3);

    [Fact]
    public void The_walker_goes_a_pixel_a_frame_and_stays_on_the_screen()
    {
        Assert.Equal((40, 78), board.Game.Walker);
        board.Play(Right, 3);
        Assert.Equal((43, 78), board.Game.Walker);
        board.Play(Down, 3);
        Assert.Equal((43, 78), board.Game.Walker);
        board.Play(Right, 50);
        Assert.Equal((80, 78), board.Game.Walker);
        board.Play(Left, 100);
        Assert.Equal((0, 78), board.Game.Walker);
        board.Play(Up, 2);
        Assert.Equal((0, 76), board.Game.Walker);
    }

    [Fact]
    public void A_car_is_where_its_speed_takes_it_and_comes_round_again()
    {
        // A ring of 100 pixels; the screen begins 16 pixels into it.
        var lane = new Crossing.Lane(Place: 20 * 16, Speed: 8, CarWidth: 10);
        Assert.Equal(4, lane.CarLeft(car: 0, frames: 0));
        Assert.Equal(54, lane.CarLeft(car: 1, frames: 0));
        Assert.Equal(9, lane.CarLeft(car: 0, frames: 10));
        Assert.Equal(-16, lane.CarLeft(car: 0, frames: 160));
        Assert.Equal(new Crossing.Lane((20 * 16) + 8, 8, 10), lane.Moved());
        Assert.Equal(99 * 16, new Crossing.Lane(0, -16, 10).Moved().Place);
    }

    [Fact]
    public void What_is_foreseen_happens()
    {
        for (int i = 0; i < 200; i++)
        {
            bool[] foreseen = [.. Enumerable.Range(0, 80).Select(x => board.Game.IsHit(x, 40, frames: 5))];
            board.Play(0, 5);
            Assert.Equal(foreseen, Enumerable.Range(0, 80).Select(x => board.Game.IsHit(x, 40, frames: 0)));
        }
    }

    [Fact]
    public void To_be_run_over_costs_a_life_and_leads_back_to_the_start()
    {
        // Upwards without looking is run over sooner or later.
        int lives = 3;
        double sum = 0;
        for (int i = 0; i < 5000 && board.Game.Lives > 0; i++)
        {
            bool isHit = board.Game.Walker is var (x, y) && board.Game.IsHit(x, y - 1, frames: 1);
            double reward = board.Play(Up);
            sum += reward;
            Assert.Equal(isHit ? lives - 1 : lives, board.Game.Lives);
            if (isHit) Assert.Equal((40, 78), board.Game.Walker);
            lives = board.Game.Lives;
        }

        Assert.Equal(0, board.Game.Lives);
        Assert.Equal(0, sum % 1);
    }

    [Fact]
    public void Each_lane_brings_one_once_from_the_start_on_and_so_do_the_far_side_and_the_flower()
    {
        var lanes = new HashSet<int>();
        int entered = 0;
        int crossings = 0;
        int flowers = 0;
        double sum = 0;
        for (int i = 0; i < 5000 && board.Game.Lives > 0; i++)
        {
            int lives = board.Game.Lives;
            (int x, int y) = board.Game.Walker;
            bool hadFlower = board.Game.Flower is not null;
            double reward = board.Play(ScriptedPlayers.Act(board.Game));
            sum += reward;
            if (reward > 0 && y == 9)
            {
                Assert.Equal((40, 78), board.Game.Walker);
                Assert.NotNull(board.Game.Flower);
                crossings++;
                lanes.Clear();
            }
            else if (reward > 0 && board.Game.Walker.Y is 75 or 67 or 59 or 51 or 43 or 35 or 27 or 19 && lanes.Add(board.Game.Walker.Y))
            {
                Assert.Equal(hadFlower && board.Game.Flower is null ? 2 : 1, reward);
                entered++;
            }
            else
            {
                Assert.Equal(hadFlower && board.Game.Flower is null ? 1 : 0, reward);
            }

            if (hadFlower && board.Game.Flower is null) flowers++;
            if (board.Game.Lives < lives) lanes.Clear();
        }

        Assert.True(crossings > 5, $"{crossings} crossings");
        Assert.True(flowers > 0, $"{flowers} flowers");
        Assert.Equal(entered + crossings + flowers, sum);
    }
}
