using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Rendering;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Tensors;
using Bellman.Plotting;

namespace Bellman.Training;

/// <summary>
/// Draws what the convolutions of a policy have learned: the filters of the first, which look at the image itself, and what each answers to one
/// observation.
/// </summary>
public static class NetworkPictures
{
    /// <summary>
    /// Writes <c>observation.png</c>, <c>filters.png</c> and, for each convolution in turn, <c>activations-1.png</c> and so on.
    /// </summary>
    /// <param name="agent">Its network has a trunk of convolutions.</param>
    /// <param name="environment">What the policy sees, on which it plays until the observation.</param>
    /// <param name="decisions">Actions before the observation that is shown, at least one; fewer where the episode ends before.</param>
    /// <param name="seed">Of the episode.</param>
    /// <param name="folder">Made where it is missing.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="ArgumentException">The network has no convolutions.</exception>
    public static IReadOnlyList<string> Save(IAgent agent, IEnvironment environment, int decisions, ulong seed, string folder)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decisions);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FeaturesExtractor convolutions = agent.Network.NamedModules().Select(entry => entry.Value).OfType<FeaturesExtractor>().FirstOrDefault()
            ?? throw new ArgumentException("The network sees rows of numbers, not pictures: it has no convolutions to show.", nameof(agent));
        List<string> files = [];
        Directory.CreateDirectory(folder);
        Tensor observation = Play(agent, environment, decisions, seed);
        var space = (Box)environment.ObservationSpace;
        Write("observation", TileSheet.Image(observation, space.Low[0], space.High[0]));
        Write("filters", TileSheet.Filters(convolutions.FirstFilters));
        agent.Network.Train(on: false);
        int layer = 0;
        foreach (Tensor map in convolutions.Activations(observation))
        {
            layer++;
            Write($"activations-{layer}", TileSheet.Activations(map));
        }

        return files;

        void Write(string name, Picture picture)
        {
            string path = Path.Combine(folder, name + ".png");
            PngFile.Write(path, picture.Pixels, picture.Width, picture.Height, picture.Channels);
            files.Add(path);
        }
    }

    private static Tensor Play(IAgent agent, IEnvironment environment, int decisions, ulong seed)
    {
        var episode = new Prefix(environment, decisions);
        new Evaluator(() => episode, copies: 1).Run(agent, episodes: 1, seed);
        return Tensor.From(episode.Last, environment.ObservationSpace.Shape.Prepend(1));
    }

    /// <summary>An episode that is cut off after so many steps, and what was seen last.</summary>
    private sealed class Prefix(IEnvironment inner, int steps) : Wrapper(inner)
    {
        private int taken;

        public float[] Last { get; } = new float[inner.ObservationSpace.FlatSize];

        public override void Reset(Span<float> observation, ulong? seed = null)
        {
            taken = 0;
            Inner.Reset(observation, seed);
        }

        public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            StepResult result = Inner.Step(action, observation);
            observation.CopyTo(Last);
            taken++;
            return result with { Truncated = result.Truncated || taken == steps };
        }
    }
}
