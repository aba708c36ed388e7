using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Rendering;
using Bellman.Environments.Wrappers;

namespace Bellman.Training;

/// <summary>Films episodes of one environment. Like those of an <see cref="Evaluator"/>, they do not depend on the ones before.</summary>
internal sealed class EpisodeFilm
{
    private readonly Filmed filmed;
    private readonly Evaluator evaluator;

    /// <param name="environment">New, and something in it can be drawn.</param>
    public EpisodeFilm(IEnvironment environment)
    {
        filmed = new Filmed(environment);
        evaluator = new Evaluator(() => filmed, copies: 1);
    }

    /// <summary>Plays one episode with the policy's best actions and films it.</summary>
    public void Shoot(IPolicy policy, ulong seed, string path)
    {
        using var video = new VideoRecorder(filmed.Inner, path);
        filmed.Video = video;
        evaluator.Run(policy, episodes: 1, seed);
        filmed.Video = null;
    }

    /// <summary>Captures every frame, the first included.</summary>
    private sealed class Filmed(IEnvironment inner) : Wrapper(inner)
    {
        public VideoRecorder? Video { get; set; }

        public override void Reset(Span<float> observation, ulong? seed = null)
        {
            Inner.Reset(observation, seed);
            Video?.Capture();
        }

        public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            StepResult result = Inner.Step(action, observation);
            Video?.Capture();
            return result;
        }
    }
}
