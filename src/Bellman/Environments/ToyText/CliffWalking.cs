using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ToyText;

/// <summary>Walk along a cliff from one corner to the other. Sutton &amp; Barto 2018, example 6.6.</summary>
/// <remarks>
/// Observation: row · 12 + column of a grid of 4 rows. Action: 0 up, 1 right, 2 down, 3 left. Reward −1 for every step and −100 for
/// stepping off the cliff, which leads back to the start without ending the episode.
/// </remarks>
public sealed class CliffWalking : IEnvironment, IStateful, IRenderable, ITextRenderable, IOutcome
{
    private const int Rows = 4;
    private const int Columns = 12;
    private const int Start = (Rows - 1) * Columns;
    private const int Goal = (Rows * Columns) - 1;

    private static readonly Discrete Actions = new(4);
    private static readonly Discrete Observations = new(Rows * Columns);

    // Up, right, down, left.
    private static readonly (int Row, int Column)[] Moves = [(-1, 0), (0, 1), (1, 0), (0, -1)];

    private readonly TransitionTable table = new(Rows * Columns, 4);
    private Pcg64 random = new(0);
    private int state;
    private int lastAction = -1;
    private bool isRunning;

    /// <param name="isSlippery">Goes to either side as often as where one wants.</param>
    public CliffWalking(bool isSlippery = false)
    {
        for (int from = 0; from < Rows * Columns; from++)
        {
            for (int action = 0; action < 4; action++)
            {
                if (!isSlippery)
                {
                    table.Add(from, action, Move(from, action, 1));
                    continue;
                }

                table.Add(from, action, Move(from, (action + 3) % 4, 1.0 / 3));
                table.Add(from, action, Move(from, action, 1.0 / 3));
                table.Add(from, action, Move(from, (action + 1) % 4, 1.0 / 3));
            }
        }
    }

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => CliffWalkingRenderer.Width;

    public int Height => CliffWalkingRenderer.Height;

    public int FramesPerSecond => 4;

    public string? Outcome => state == Goal ? "arrived" : null;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);

        // The start is certain, but Gymnasium draws for it.
        _ = random.NextDouble();
        state = Start;
        lastAction = -1;
        isRunning = true;
        observation[0] = state;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        lastAction = Guard.Index(action, Actions);
        Transition transition = table.Draw(state, lastAction, random);
        state = transition.State;
        isRunning = !transition.Terminated;
        observation[0] = state;
        return new StepResult(transition.Reward, transition.Terminated);
    }

    public void Render(Span<byte> pixels) => CliffWalkingRenderer.Draw(pixels, state, lastAction < 0 ? null : lastAction);

    public string RenderText() => CliffWalkingRenderer.Text(state);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(this.state), ref this.state);
        state.Value(nameof(lastAction), ref lastAction);
        state.Value(nameof(isRunning), ref isRunning);
    }

    private static Transition Move(int from, int direction, double probability)
    {
        int row = Math.Clamp((from / Columns) + Moves[direction].Row, 0, Rows - 1);
        int column = Math.Clamp((from % Columns) + Moves[direction].Column, 0, Columns - 1);
        bool isCliff = row == Rows - 1 && column is > 0 and < Columns - 1;
        int to = isCliff ? Start : (row * Columns) + column;
        return new Transition(probability, to, isCliff ? -100 : -1, to == Goal);
    }
}
