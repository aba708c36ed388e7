namespace Bellman.Environments.Rendering;

/// <summary>Films an environment into an animated GIF. Disposing it ends the film.</summary>
/// <example>
/// <code>
/// using VideoRecorder video = new(environment, "walk.gif");
/// environment.Reset(observation, seed: 1);
/// video.Capture();      // after the reset and after every step
/// </code>
/// </example>
public sealed class VideoRecorder : IDisposable
{
    private readonly IRenderable renderable;
    private readonly byte[] frame;
    private readonly GifWriter writer;

    /// <param name="environment">Itself or something inside it must be <see cref="IRenderable"/>.</param>
    /// <param name="path">Ends in .gif; overwritten where it exists.</param>
    public VideoRecorder(IEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(".gif", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"A video is written as an animated GIF, to a file that ends in .gif; got '{path}'.");
        }

        renderable = Require(environment);
        frame = new byte[renderable.Width * renderable.Height * 3];
        writer = new GifWriter(path, renderable.Width, renderable.Height, StepsPerSecond(environment, renderable));
    }

    /// <summary>Adds what the environment shows now.</summary>
    public void Capture()
    {
        renderable.Render(frame);
        writer.AddFrame(frame);
    }

    public void Dispose() => writer.Dispose();

    /// <summary>The layer of the environment that draws.</summary>
    internal static IRenderable Require(IEnvironment environment) => environment.Find<IRenderable>()
        ?? throw new ArgumentException($"{environment.GetType().Name} cannot be drawn: it does not implement IRenderable.");

    /// <summary>A wrapper that skips frames shows fewer of them in the same time.</summary>
    private static double StepsPerSecond(IEnvironment environment, IRenderable renderable)
    {
        double rate = renderable.FramesPerSecond;
        for (IEnvironment layer = environment; layer != renderable && layer is IWrapper wrapper; layer = wrapper.Inner)
        {
            rate /= wrapper.InnerSteps;
        }

        return rate;
    }
}
