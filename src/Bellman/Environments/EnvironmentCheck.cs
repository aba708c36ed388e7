using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments;

/// <summary>
/// The rules that an environment has to keep so that algorithms, memories and checkpoints can rely on it. Run it on your own:
/// <c>EnvironmentCheck.Require(() =&gt; new MyEnvironment());</c>
/// </summary>
/// <remarks>
/// Observations lie in their space and are written whole; seed and actions fix what happens, whatever other copies do and whatever stood
/// in the caller's memory; wrong calls and actions are refused and leave no trace; restored state plays on as the saved one; steps allocate
/// nothing; drawing changes nothing.
/// </remarks>
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
        check.Guarded("drawing", check.CheckDrawing);
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
        var second = new Play(make(), seed: 7) { Filling = 12345 };
        var other = new Play(make(), seed: 8);
        for (int i = 0; i < Steps; i++)
        {
            Expect(first.Step() == second.Step() && first.SeesAs(second), "Two copies with one seed do not play the same episodes.");
        }

        // The same again beside a copy that does something else, which must not matter.
        first = new Play(make(), seed: 7);
        var alone = new Play(make(), seed: 7);
        List<StepResult> results = [];
        for (int i = 0; i < Steps; i++)
        {
            results.Add(alone.Step());
        }

        foreach (StepResult result in results)
        {
            other.Step();
            Expect(first.Step() == result, "What one copy does depends on what another one does.");
        }

        Expect(first.SeesAs(alone), "What one copy does depends on what another one does.");

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
        var twin = new Play(make(), seed: 4);
        Space space = play.Environment.ActionSpace;
        float[] action = space.Sample(new Pcg64(0));
        for (int i = 0; i < Steps; i++)
        {
            if (i < 3)
            {
                ExpectRefused(play, [], "An empty action");
                ExpectRefused(play, [.. action, 0], "An action with too many numbers");
                ExpectRefused(play, [float.NaN, .. action.AsSpan(1)], "An action that is not a number");
                ExpectOutsideRefused(play, space);
            }

            Expect(play.Step() == twin.Step() && play.SeesAs(twin), "An action that was refused changes what follows.");
        }
    }

    private void ExpectOutsideRefused(Play play, Space space)
    {
        switch (space)
        {
            case Discrete discrete:
                ExpectRefused(play, [discrete.Start + discrete.Count], "An action beyond the last");
                ExpectRefused(play, [discrete.Start - 1], "An action before the first");
                ExpectRefused(play, [discrete.Start + 0.5f], "An action between two");
                break;
            case MultiDiscrete choices:
                ExpectRefused(play, [.. choices.Counts], "A choice beyond the last");
                break;
            case MultiBinary switches:
                ExpectRefused(play, [.. Enumerable.Repeat(2f, switches.Count)], "A switch that is neither 0 nor 1");
                break;
        }
    }

    private void ExpectRefused(Play play, float[] action, string what) =>
        Expect(Refuses<ArgumentException>(() => play.Take(action)), $"{what} is not refused by ArgumentException.");

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
            Expect(
                play.Saved().AsSpan().SequenceEqual(copy.Saved()), "Saved state that was restored is saved differently the next time.");
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

        // The least of several tries: a collection that another thread causes meanwhile counts the rest of this thread's buffer as used.
        long bytes = long.MaxValue;
        for (int attempt = 0; attempt < 3 && bytes > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Steps; i++)
            {
                play.Step();
            }

            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Expect(bytes == 0, $"Steps allocate memory: {bytes / (double)Steps:0.0} bytes each.");
    }

    private void CheckDrawing()
    {
        var play = new Play(make(), seed: 10);
        var drawnTwin = new Play(make(), seed: 10);
        var twin = new Play(make(), seed: 10);
        if (play.Environment.Find<IRenderable>() is not IRenderable renderable) return;
        bool hasSize = renderable is { Width: > 0, Height: > 0, FramesPerSecond: > 0 };
        Expect(hasSize, "The picture's width, height or frames per second are not positive.");
        if (!hasSize) return;
        byte[] picture = new byte[renderable.Width * renderable.Height * 3];
        byte[] other = new byte[picture.Length];
        for (int i = 0; i < Steps; i++)
        {
            if (i < 3)
            {
                Array.Fill(other, (byte)77);
                renderable.Render(picture);
                drawnTwin.Environment.Find<IRenderable>()!.Render(other);
                Expect(picture.AsSpan().SequenceEqual(other), "Two copies in one state give different pictures, or pictures that are not whole.");
            }

            drawnTwin.Step();
            Expect(play.Step() == twin.Step() && play.SeesAs(twin), "Drawing changes what follows.");
        }
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

        /// <summary>What stands in the caller's memory before an observation is written over it.</summary>
        public float Filling { get; init; } = float.NaN;

        public void Begin(ulong seed)
        {
            Observation.AsSpan().Fill(Filling);
            Environment.Reset(Observation, seed);
            random = new Pcg64(seed + 11);
        }

        public bool SeesAs(Play other) => Observation.AsSpan().SequenceEqual(other.Observation);

        /// <summary>Steps, and begins the next episode where one ends.</summary>
        public StepResult Step()
        {
            StepResult result = StepOnly();
            if (!(result.Terminated || result.Truncated)) return result;
            Observation.AsSpan().Fill(Filling);
            Environment.Reset(Observation);
            return result;
        }

        public StepResult StepOnly()
        {
            Environment.ActionSpace.Sample(random, action);
            Observation.AsSpan().Fill(Filling);
            return Environment.Step(action, Observation);
        }

        public void Take(float[] given) => Environment.Step(given, Observation);

        public byte[] Saved()
        {
            using var stream = new MemoryStream();
            ((IStateful)Environment).Visit(new StateWriter(stream));
            return stream.ToArray();
        }

        /// <summary>Another copy in the same state, though it has done something else before.</summary>
        public Play Restored(IEnvironment fresh)
        {
            byte[] saved = Saved();
            var copy = new Play(fresh, seed: 99);
            copy.Step();
            using var stream = new MemoryStream();
            stream.Write(saved);
            stream.Position = 0;
            var reader = new StateReader(stream, saved.Length);
            ((IStateful)fresh).Visit(reader);
            reader.RequireEnd();
            Observation.CopyTo(copy.Observation, 0);
            stream.SetLength(0);
            random.Visit(new StateWriter(stream));
            stream.Position = 0;
            copy.random.Visit(new StateReader(stream, stream.Length));
            return copy;
        }
    }
}
