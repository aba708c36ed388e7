using Bellman.Environments;
using Bellman.Environments.Arcade;

namespace Bellman.Tests.Environments.Arcade;

/// <summary>A game and its screen.</summary>
internal sealed class Board<TGame>(TGame game) where TGame : ArcadeGame
{
    private readonly float[] screen = new float[ArcadeGame.Size * ArcadeGame.Size];

    public TGame Game => game;

    public float this[int x, int y] => screen[(y * ArcadeGame.Size) + x];

    public Board<TGame> Begin(ulong seed)
    {
        game.Reset(screen, seed);
        return this;
    }

    /// <summary>Takes an action several times and returns the sum of the rewards.</summary>
    public double Play(int action, int frames = 1)
    {
        double sum = 0;
        for (int i = 0; i < frames; i++)
        {
            sum += game.Step([action], screen).Reward;
        }

        return sum;
    }

    public StepResult Step(int action) => game.Step([action], screen);
}
