using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ToyText;

/// <summary>Fetch a passenger at one of four places and bring it to another. Dietterich 2000.</summary>
/// <remarks>
/// Observation: ((row · 5 + column) · 5 + passenger) · 4 + destination; passenger 4 is in the taxi. Action: 0 south, 1 north, 2 east, 3 west,
/// 4 pick up, 5 drop off. Reward −1 for a step, 20 for the passenger delivered, −10 for picking up or dropping off where it cannot be.
/// </remarks>
public sealed class Taxi : IEnvironment, IStateful, IRenderable, ITextRenderable, IOutcome
{
    private const int Size = 5;
    private const int Aboard = 4;
    private const int States = Size * Size * 5 * 4;

    private static readonly Discrete Actions = new(6);
    private static readonly Discrete Observations = new(States);

    // A colon between two cells is open, a bar is a wall.
    private static readonly string[] Town = ["|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |", "|Y| : |B: |"];
    private static readonly (int Row, int Column)[] Places = [(0, 0), (0, 4), (4, 0), (4, 3)];

    // South, north, east, west, each with where the car slides in the rain: the first to its left, the second to its right.
    private static readonly (int Row, int Column)[] Moves = [(1, 0), (-1, 0), (0, 1), (0, -1)];
    private static readonly (int Row, int Column)[] LeftSlides = [(0, 1), (0, -1), (-1, 0), (1, 0)];
    private static readonly (int Row, int Column)[] RightSlides = [(0, -1), (0, 1), (1, 0), (-1, 0)];

    private readonly TransitionTable table = new(States, 6);
    private readonly double[] starts = new double[States];
    private readonly bool hasFicklePassenger;
    private readonly double fickleProbability;
    private Pcg64 random = new(0);
    private int state;
    private int lastAction = -1;
    private int heading;
    private bool willChangeItsMind;
    private bool isRunning;
    private bool hasDelivered;

    /// <param name="isRainy">A move may slide to a side.</param>
    /// <param name="hasFicklePassenger">The passenger may want to go elsewhere once on the way.</param>
    /// <param name="rainyProbability">Probability of moving as wanted in the rain.</param>
    /// <param name="fickleProbability">Probability that the passenger of an episode is fickle.</param>
    public Taxi(
        bool isRainy = false, bool hasFicklePassenger = false, double rainyProbability = 0.8, double fickleProbability = 0.3)
    {
        if (!(rainyProbability is >= 0 and <= 1)) throw new ArgumentException($"rainy_probability lies in [0, 1]; got {rainyProbability}.");
        if (!(fickleProbability is >= 0 and <= 1)) throw new ArgumentException($"fickle_probability lies in [0, 1]; got {fickleProbability}.");
        this.hasFicklePassenger = hasFicklePassenger;
        this.fickleProbability = fickleProbability;
        int count = Size * Size * 4 * 3;
        for (int from = 0; from < States; from++)
        {
            (_, _, int passenger, int destination) = Split(from);
            if (passenger != Aboard && passenger != destination) starts[from] = 1.0 / count;
            for (int action = 0; action < 4; action++)
            {
                AddMove(from, action, isRainy, rainyProbability);
            }

            table.Add(from, 4, PickUp(from));
            table.Add(from, 5, DropOff(from));
        }
    }

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => TaxiRenderer.Width;

    public int Height => TaxiRenderer.Height;

    public int FramesPerSecond => 4;

    public string? Outcome => hasDelivered ? "delivered" : null;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        state = TransitionTable.Draw(starts, random);
        willChangeItsMind = hasFicklePassenger && random.NextDouble() < fickleProbability;
        lastAction = -1;
        heading = 0;
        isRunning = true;
        hasDelivered = false;
        observation[0] = state;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        lastAction = Guard.Index(action, Actions);
        if (lastAction < 4) heading = lastAction;
        Transition transition = table.Draw(state, lastAction, random);
        (int oldRow, int oldColumn, int oldPassenger, int oldDestination) = Split(state);
        (int row, int column, int passenger, _) = Split(transition.State);
        state = transition.State;
        if (willChangeItsMind && oldPassenger == Aboard && (row != oldRow || column != oldColumn))
        {
            willChangeItsMind = false;
            int other = random.Integers(3);
            state = Join(row, column, passenger, other < oldDestination ? other : other + 1);
        }

        hasDelivered = transition.Terminated;
        isRunning = !hasDelivered;
        observation[0] = state;
        return new StepResult(transition.Reward, transition.Terminated);
    }

    public void Render(Span<byte> pixels) => TaxiRenderer.Draw(pixels, state, heading);

    public string RenderText() => TaxiRenderer.Text(state, lastAction < 0 ? null : lastAction);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(this.state), ref this.state);
        state.Value(nameof(lastAction), ref lastAction);
        state.Value(nameof(heading), ref heading);
        state.Value(nameof(willChangeItsMind), ref willChangeItsMind);
        state.Value(nameof(isRunning), ref isRunning);
        state.Value(nameof(hasDelivered), ref hasDelivered);
    }

    private static (int Row, int Column, int Passenger, int Destination) Split(int state) =>
        (state / 100, state / 20 % 5, state / 4 % 5, state % 4);

    private static int Join(int row, int column, int passenger, int destination) =>
        (((((row * 5) + column) * 5) + passenger) * 4) + destination;

    private static bool IsOpenEast(int row, int column) => Town[row][(2 * column) + 2] == ':';

    private static bool IsOpenWest(int row, int column) => Town[row][2 * column] == ':';

    private static bool IsFree(int row, int column, int action) => action switch
    {
        0 => row < Size - 1,
        1 => row > 0,
        2 => IsOpenEast(row, column),
        _ => IsOpenWest(row, column),
    };

    private static (int Row, int Column) Moved(int row, int column, (int Row, int Column) move) =>
        (Math.Clamp(row + move.Row, 0, Size - 1), Math.Clamp(column + move.Column, 0, Size - 1));

    private static (int Row, int Column) Slid(int row, int column, (int Row, int Column) move)
    {
        // A slide is stopped by the wall on the near side of the cell it would lead to.
        (int newRow, int newColumn) = Moved(row, column, move);
        bool isBlocked = (move.Column == 1 && !IsOpenWest(newRow, newColumn)) || (move.Column == -1 && !IsOpenEast(newRow, newColumn));
        return isBlocked ? (row, column) : (newRow, newColumn);
    }

    private static Transition PickUp(int from)
    {
        (int row, int column, int passenger, int destination) = Split(from);
        bool isThere = passenger != Aboard && Places[passenger] == (row, column);
        return new Transition(1, Join(row, column, isThere ? Aboard : passenger, destination), isThere ? -1 : -10, Terminated: false);
    }

    private static Transition DropOff(int from)
    {
        (int row, int column, int passenger, int destination) = Split(from);
        int place = Array.IndexOf(Places, (row, column));
        if (passenger != Aboard || place < 0) return new Transition(1, from, -10, Terminated: false);
        bool isRight = place == destination;
        return new Transition(1, Join(row, column, place, destination), isRight ? 20 : -1, isRight);
    }

    private void AddMove(int from, int action, bool isRainy, double rainyProbability)
    {
        (int row, int column, int passenger, int destination) = Split(from);
        bool isFree = IsFree(row, column, action);
        Add(isFree ? Moved(row, column, Moves[action]) : (row, column), isRainy ? rainyProbability : 1);
        if (!isRainy) return;
        double slide = (1.0 - rainyProbability) / 2.0;
        Add(isFree ? Slid(row, column, LeftSlides[action]) : (row, column), slide);
        Add(isFree ? Slid(row, column, RightSlides[action]) : (row, column), slide);

        void Add((int Row, int Column) to, double probability) =>
            table.Add(from, action, new Transition(probability, Join(to.Row, to.Column, passenger, destination), -1, Terminated: false));
    }
}
