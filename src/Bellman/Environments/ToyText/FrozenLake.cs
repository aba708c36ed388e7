using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ToyText;

/// <summary>Cross a frozen lake from start to goal without falling into a hole; the ice may be slippery.</summary>
/// <remarks>
/// Observation: row · columns + column. Action: 0 left, 1 down, 2 right, 3 up. On slippery ice the walker goes where it wants with the
/// success rate and to either side with half of the rest. A map has rows of S start, F frozen, H hole, G goal.
/// </remarks>
public sealed class FrozenLake : IEnvironment, IStateful, IRenderable, ITextRenderable, IOutcome
{
    private static readonly Discrete Actions = new(4);

    // Left, down, right, up.
    private static readonly (int Row, int Column)[] Moves = [(0, -1), (1, 0), (0, 1), (-1, 0)];

    private readonly string[] map;
    private readonly Discrete observations;
    private readonly TransitionTable table;
    private readonly double[] starts;
    private Pcg64 random = new(0);
    private int state;
    private int lastAction = -1;
    private bool isRunning;

    /// <param name="map">Rows of one length.</param>
    /// <param name="isSlippery">False for going where one wants.</param>
    /// <param name="successRate">Probability of going where one wants on slippery ice.</param>
    /// <param name="goalReward">Reward of reaching the goal.</param>
    /// <param name="holeReward">Reward of falling into a hole.</param>
    /// <param name="frozenReward">Reward of any other step.</param>
    public FrozenLake(
        IReadOnlyList<string>? map = null, bool isSlippery = true, double successRate = 1.0 / 3.0,
        double goalReward = 1, double holeReward = 0, double frozenReward = 0)
    {
        this.map = [.. map ?? Map("4x4")];
        RequireMap(this.map);
        if (!(successRate is >= 0 and <= 1)) throw new ArgumentException($"success_rate lies in [0, 1]; got {successRate}.");
        int columns = this.map[0].Length;
        int states = this.map.Length * columns;
        observations = new Discrete(states);
        string letters = string.Concat(this.map);
        starts = [.. letters.Select(letter => letter == 'S' ? 1.0 / letters.Count(other => other == 'S') : 0)];
        table = new TransitionTable(states, Actions.Count);
        double failRate = (1.0 - successRate) / 2.0;
        for (int from = 0; from < states; from++)
        {
            for (int action = 0; action < Actions.Count; action++)
            {
                if (letters[from] is 'G' or 'H')
                {
                    table.Add(from, action, new Transition(1, from, 0, Terminated: true));
                }
                else if (isSlippery)
                {
                    table.Add(from, action, Move(from, (action + 3) % 4, failRate));
                    table.Add(from, action, Move(from, action, successRate));
                    table.Add(from, action, Move(from, (action + 1) % 4, failRate));
                }
                else
                {
                    table.Add(from, action, Move(from, action, 1));
                }
            }
        }

        Transition Move(int from, int direction, double probability)
        {
            int row = Math.Clamp((from / columns) + Moves[direction].Row, 0, this.map.Length - 1);
            int column = Math.Clamp((from % columns) + Moves[direction].Column, 0, columns - 1);
            char letter = this.map[row][column];
            double reward = letter == 'G' ? goalReward : letter == 'H' ? holeReward : frozenReward;
            return new Transition(probability, (row * columns) + column, reward, letter is 'G' or 'H');
        }
    }

    public Space ObservationSpace => observations;

    public Space ActionSpace => Actions;

    public int Width => FrozenLakeRenderer.Side(map[0].Length);

    public int Height => FrozenLakeRenderer.Side(map.Length);

    public int FramesPerSecond => 4;

    public string? Outcome => Letter switch
    {
        'G' => "arrived",
        'H' => "fell",
        _ => null,
    };

    private char Letter => map[state / map[0].Length][state % map[0].Length];

    /// <summary>The maps named 4x4 and 8x8.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IReadOnlyList<string> Map(string name) => name switch
    {
        "4x4" => ["SFFF", "FHFH", "FFFH", "HFFG"],
        "8x8" => ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
        _ => throw new ArgumentException($"There is no map '{name}'; there are 4x4 and 8x8."),
    };

    /// <summary>A random square map with a way from the upper left to the lower right, Gymnasium's for the same seed.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <param name="frozen">Probability of ice rather than a hole.</param>
    /// <param name="seed">Of a generator of its own.</param>
    public static IReadOnlyList<string> RandomMap(int size = 8, double frozen = 0.8, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        var generator = new Pcg64(seed);
        double share = Math.Min(1, frozen);
        while (true)
        {
            int[] draws = generator.Choice([share, 1 - share], size * size);
            var cells = new char[size * size];
            for (int i = 0; i < cells.Length; i++)
            {
                cells[i] = draws[i] == 0 ? 'F' : 'H';
            }

            cells[0] = 'S';
            cells[^1] = 'G';
            if (HasWay(cells, size)) return [.. cells.Chunk(size).Select(row => new string(row))];
        }
    }

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        state = TransitionTable.Draw(starts, random);
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

    public void Render(Span<byte> pixels) => FrozenLakeRenderer.Draw(pixels, map, state, lastAction < 0 ? null : lastAction);

    public string RenderText() => FrozenLakeRenderer.Text(map, state, lastAction < 0 ? null : lastAction);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(this.state), ref this.state);
        state.Value(nameof(lastAction), ref lastAction);
        state.Value(nameof(isRunning), ref isRunning);
    }

    private static void RequireMap(string[] map)
    {
        bool isRectangle = map.Length > 0 && map[0].Length > 0 && Array.TrueForAll(map, row => row.Length == map[0].Length);
        if (!isRectangle || !map.Any(row => row.Contains('S')) || map.Any(row => row.AsSpan().IndexOfAnyExcept("SFHG") >= 0))
        {
            throw new ArgumentException(
                $"A map has rows of one length, of the letters S, F, H and G, with at least one S; got '{string.Join(',', map)}'.");
        }
    }

    private static bool HasWay(char[] cells, int size)
    {
        var seen = new bool[cells.Length];
        var open = new Stack<int>([0]);
        while (open.TryPop(out int cell))
        {
            if (seen[cell]) continue;
            seen[cell] = true;
            foreach ((int down, int right) in Moves)
            {
                int row = (cell / size) + down;
                int column = (cell % size) + right;
                if (row < 0 || row >= size || column < 0 || column >= size) continue;
                char letter = cells[(row * size) + column];
                if (letter == 'G') return true;
                if (letter != 'H') open.Push((row * size) + column);
            }
        }

        return false;
    }
}
