using Bellman.Environments;
using Bellman.Environments.Arcade;

namespace Bellman.Tests.Environments.Arcade;

/// <summary>
/// Simple players written by hand, who know the rules and see where things are: what a good return is. They decide every fourth frame, as a
/// network behind the Nature pipeline does.
/// </summary>
internal static class ScriptedPlayers
{
    private const int Frames = 4;

    /// <summary>The mean return over whole games, for the points of the game itself.</summary>
    /// <param name="id">An arcade game's.</param>
    /// <param name="games">Seeds 0, 1, 2 ….</param>
    public static double MeanReturn(string id, int games)
    {
        double sum = 0;
        for (int seed = 0; seed < games; seed++)
        {
            IEnvironment environment = Registry.Find(id).MakeForEvaluation();
            var observation = new float[environment.ObservationSpace.FlatSize];
            environment.Reset(observation, (ulong)seed);
            StepResult result;
            do
            {
                result = environment.Step([Act(environment.Unwrapped())], observation);
                sum += result.Reward;
            }
            while (!(result.Terminated || result.Truncated));
        }

        return sum / games;
    }

    public static int Act(IEnvironment game) => game switch
    {
        Paddle paddle => Act(paddle),
        Sentry sentry => Act(sentry),
        Crossing crossing => Act(crossing),
        _ => throw new ArgumentException($"Nobody knows how to play {game.GetType().Name}.", nameof(game)),
    };

    /// <summary>Goes to where the ball will come down.</summary>
    private static int Act(Paddle game)
    {
        if (!game.IsServed) return 1;
        double x = game.BallLeft / 16.0;
        if (game.Velocity.Y > 0)
        {
            double frames = (((Paddle.PaddleTop - Paddle.BallSize) * 16) - game.BallTop) / (double)game.Velocity.Y;
            x = Folded(x + (frames * game.Velocity.X / 16));
        }

        double distance = x + 1 - (game.PaddleLeft + (Paddle.PaddleWidth / 2.0));
        return distance > Frames ? 2 : distance < -Frames ? 3 : 0;
    }

    /// <summary>A place beyond the side walls, mirrored back between them.</summary>
    private static double Folded(double x)
    {
        const double Left = 2;
        const double Right = 80;
        while (x is < Left or > Right)
        {
            x = (2 * (x < Left ? Left : Right)) - x;
        }

        return x;
    }

    /// <summary>Aims ahead of the lowest invader that no shot is on its way to.</summary>
    private static int Act(Sentry game)
    {
        Sentry.Invader? lowest = null;
        foreach (Sentry.Invader invader in game.Invaders)
        {
            if (invader.Hits > 0 && (lowest is null || Arrival(invader) < Arrival(lowest.Value))) lowest = invader;
        }

        if (lowest is not Sentry.Invader target) return 0;
        double frames = (Sentry.CannonTop - (target.Y / 16.0) - target.Height) / (Sentry.ShotSpeed + (target.VelocityY / 16.0));
        double aim = Mirrored((target.X / 16.0) + (frames * target.VelocityX / 16), 84 - target.Width) + (target.Width / 2.0);
        double distance = aim - (game.CannonLeft + (Sentry.CannonWidth / 2.0));
        int direction = distance > Frames ? 2 : distance < -Frames ? 1 : 0;
        bool isOnTarget = Math.Abs(distance) < target.Width / 2.0;
        return isOnTarget ? 3 : direction;
    }

    private static double Arrival(Sentry.Invader invader) => (76.0 - (invader.Y / 16.0)) / invader.VelocityY;

    private static double Mirrored(double x, double limit) => x < 0 ? -x : x > limit ? (2 * limit) - x : x;

    /// <summary>Goes up where that is survived for a while, else waits, gives way or steps aside.</summary>
    private static int Act(Crossing game)
    {
        foreach (int action in (ReadOnlySpan<int>)[1, 0, 4, 3, 2])
        {
            if (Survives(game, game.Walker.X, game.Walker.Y, action, 0, depth: 7)) return action;
        }

        return 2;
    }

    private static bool Survives(Crossing game, int x, int y, int action, int frame, int depth)
    {
        for (int i = 0; i < Frames; i++)
        {
            frame++;
            x = Math.Clamp(x + (action == 4 ? 1 : action == 3 ? -1 : 0), 0, 80);
            y = Math.Min(y + (action == 2 ? 1 : action == 1 ? -1 : 0), Crossing.StartY);
            if (game.IsHit(x, y, frame)) return false;
            if (y <= 8) return true;
        }

        if (depth == 1) return true;
        foreach (int next in (ReadOnlySpan<int>)[1, 0, 2, 3, 4])
        {
            if (Survives(game, x, y, next, frame, depth - 1)) return true;
        }

        return false;
    }
}
