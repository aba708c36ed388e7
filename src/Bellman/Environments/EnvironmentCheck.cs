using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments;

/// <summary>
/// The rules that an environment has to keep so that algorithms, memories and checkpoints can rely on it. Run it on your own:
/// <c>EnvironmentCheck.Require(() =&gt; new MyEnvironment());</c>
/// </summary>
public sealed class EnvironmentCheck
{
    private const int Steps = 400;

    private readonly Func<IEnvironment> make;
    private readonly List<string> violations = [];

    private EnvironmentCheck(Func<IEnvironment> make) => this.make = make;

    /// <summary>Checks every rule.</summary>
    /// <param name="make">Makes a fresh copy each time it is called.</param>
    /// <returns>A sentence for each rule that is broken; none where all is well.</returns>
    public static IReadOnlyList<string> Run(Func<IEnvironment> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var check = new EnvironmentCheck(make);
        check.Guarded("Reset and Step", check.CheckEpisodes);
        check.Guarded("seeding", check.CheckSeeds);
        check.Guarded("the border of episodes", check.CheckBorders);
        check.Guarded("actions outside of the space", check.CheckActions);
        check.Guarded("saving and restoring", check.CheckState);
        check.Guarded("allocation", check.CheckAllocation);
        return check.violations;
    }

    /// <summary>As <see cref="Run"/>, but throws where a rule is broken.</summary>
    /// <exception cref="InvalidOperationException">Lists the rules that are broken.</exception>
    public static void Require(Func<IEnvironment> make)
    {
        IReadOnlyList<string> broken = Run(make);
        if (broken.Count > 0) throw new InvalidOperationException(string.Join('\n', broken));
    }

    private void Guarded(string subject, Action check)
    {
        try
        {
            check();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            violations.Add($"Checking {subject}, {error.GetType().Name} was thrown: {error.Message}");
        }
    }

    private void Expect(bool rule, string sentence)
    {
        if (!rule && !violations.Contains(sentence)) violations.Add(sentence);
    }

    private void CheckEpisodes()
    {
        var play = new Play(make(), seed: 1);
        Expect(play.Environment.ObservationSpace.Contains(play.Observation), "The first observation lies outside of the observation space.");
        for (int i = 0; i < Steps; i++)
        {
            StepResult result = play.Step();
            Expect(double.IsFinite(result.Reward), "A reward is not finite.");
            Expect(play.Environment.ObservationSpace.Contains(play.Observation), "An observation lies outside of the observation space, or is not a number.");
        }
    }

    private void CheckSeeds()
    {
        var first = new Play(make(), seed: 7);
        var second = new Play(make(), seed: 7);
        for (int i = 0; i < Steps; i++)
        {
            Expect(first.Step() == second.Step() && first.SeesAs(second), "Two copies with one seed do not play the same episodes.");
        }

        // Once more with a copy that has a past: a seed makes it forget the random stream, if not the whole past.
        second.Begin(seed: 7);
        var third = new Play(make(), seed: 7);
        Expect(second.SeesAs(third), "A seed given to a used copy does not restart its random stream.");
    }

    private void CheckBorders()
    {
        IEnvironment fresh = make();
        var observation = new float[fresh.ObservationSpace.FlatSize];
        float[] action = fresh.ActionSpace.Sample(new Pcg64(0));
        Expect(Refuses<InvalidOperationException>(() => fresh.Step(action, observation)), "A step before the first Reset is not refused by InvalidOperationException.");

        var play = new Play(make(), seed: 3);
        for (int i = 0; i < 5000; i++)
        {
            StepResult result = play.StepOnly();
            if (!(result.Terminated || result.Truncated)) continue;
            Expect(Refuses<InvalidOperationException>(() => play.StepOnly()), "A step after an episode's end is not refused by InvalidOperationException.");
            return;
        }
    }

    private void CheckActions()
    {
        var play = new Play(make(), seed: 4);
        Space space = play.Environment.ActionSpace;
        float[] action = space.Sample(new Pcg64(0));
        const string Sentence = "is not refused by ArgumentException.";
        Expect(Refuses<ArgumentException>(() => play.Take([.. action, 0])), $"An action with too many numbers {Sentence}");
        Expect(Refuses<ArgumentException>(() => play.Take(With(float.NaN))), $"An action that is not a number {Sentence}");
        if (space is Discrete discrete)
        {
            Expect(Refuses<ArgumentException>(() => play.Take([discrete.Start + discrete.Count])), $"An action beyond the last {Sentence}");
            Expect(Refuses<ArgumentException>(() => play.Take([discrete.Start - 1])), $"An action before the first {Sentence}");
            Expect(Refuses<ArgumentException>(() => play.Take([discrete.Start + 0.5f])), $"An action between two {Sentence}");
        }

        float[] With(float value)
        {
            float[] changed = [.. action];
            changed[0] = value;
            return changed;
        }
    }

    private void CheckState()
    {
        var play = new Play(make(), seed: 5);
        if (play.Environment is not IStateful)
        {
            violations.Add($"{play.Environment.GetType().Name} does not implement {nameof(IStateful)}, so that a run with it cannot be resumed.");
            return;
        }

        var moments = new Pcg64(5);
        for (int round = 0; round < 3; round++)
        {
            for (long i = moments.Integers(1, 150); i > 0; i--)
            {
                play.Step();
            }

            Play copy = play.Restored(make());
            for (int i = 0; i < Steps; i++)
            {
                Expect(play.Step() == copy.Step() && play.SeesAs(copy), "A copy restored from saved state plays on differently.");
            }
        }
    }

    private void CheckAllocation()
    {
        var play = new Play(make(), seed: 6);
        for (int i = 0; i < 3 * Steps; i++)
        {
            play.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
        {
            play.Step();
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Expect(bytes == 0, $"Steps allocate memory: {bytes / (double)Steps:0.0} bytes each.");
    }

    private static bool Refuses<TException>(Action action) where TException : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (TException)
        {
            return true;
        }
    }

    /// <summary>One copy, driven by random actions of a stream of its own.</summary>
    private sealed class Play
    {
        private readonly float[] action;
        private Pcg64 random = new(11);

        public Play(IEnvironment environment, ulong seed)
        {
            Environment = environment;
            Observation = new float[environment.ObservationSpace.FlatSize];
            action = new float[environment.ActionSpace.FlatSize];
            Begin(seed);
        }

        public IEnvironment Environment { get; }

        public float[] Observation { get; }

        public void Begin(ulong seed)
        {
            Environment.Reset(Observation, seed);
            random = new Pcg64(seed + 11);
        }

        public bool SeesAs(Play other) => Observation.AsSpan().SequenceEqual(other.Observation);

        /// <summary>Steps, and begins the next episode where one ends.</summary>
        public StepResult Step()
        {
            StepResult result = StepOnly();
            if (result.Terminated || result.Truncated) Environment.Reset(Observation);
            return result;
        }

        public StepResult StepOnly()
        {
            Environment.ActionSpace.Sample(random, action);
            return Environment.Step(action, Observation);
        }

        public void Take(float[] given) => Environment.Step(given, Observation);

        /// <summary>Another copy in the same state.</summary>
        public Play Restored(IEnvironment fresh)
        {
            using var stream = new MemoryStream();
            ((IStateful)Environment).Visit(new StateWriter(stream));
            stream.Position = 0;
            var copy = new Play(fresh, seed: 99);
            ((IStateful)fresh).Visit(new StateReader(stream, stream.Length));
            Observation.CopyTo(copy.Observation, 0);
            stream.SetLength(0);
            random.Visit(new StateWriter(stream));
            stream.Position = 0;
            copy.random.Visit(new StateReader(stream, stream.Length));
            return copy;
        }
    }
}
