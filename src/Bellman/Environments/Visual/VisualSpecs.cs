using Bellman.Environments.ClassicControl;
using Bellman.Environments.ToyText;
using Bellman.Environments.Wrappers;

namespace Bellman.Environments.Visual;

/// <summary>The ids of environments that are seen, not measured.</summary>
internal static class VisualSpecs
{
    public static IEnumerable<EnvironmentSpec> All
    {
        get
        {
            EnvironmentSpec[] seen = [.. ClassicControlSpecs.All, .. ToyTextSpecs.All];
            yield return VisualCartPole(seen, "CartPole-v0");
            yield return VisualCartPole(seen, "CartPole-v1");
            yield return Pixels(seen, "CartPole-v1", "CartPolePixels-v1", stack: 4);
            yield return Pixels(seen, "MountainCar-v0", "MountainCarPixels-v0", stack: 4);
            yield return Pixels(seen, "Acrobot-v1", "AcrobotPixels-v1", stack: 4);
            yield return Pixels(seen, "FrozenLake-v1", "FrozenLakePixels-v1", stack: 1);
        }
    }

    private static EnvironmentSpec VisualCartPole(EnvironmentSpec[] seen, string id)
    {
        EnvironmentSpec cartPole = Array.Find(seen, spec => spec.Id == id)!;
        return cartPole with
        {
            Id = $"Visual{id}",
            Summary = $"{cartPole.Summary}, seen as what changes on the screen",
            Options = [.. cartPole.Options, new("stack", 1, "differences shown at once, the newest last")],
            Create = options => Stacked(
                new DifferenceObservation(new ChannelsFirst(new CartPoleScreen(cartPole.Create(options)))), options.Whole("stack")),
        };
    }

    private static IEnvironment Stacked(IEnvironment environment, int frames) =>
        frames == 1 ? environment : new FrameStack(environment, frames, joinChannels: true);

    private static EnvironmentSpec Pixels(EnvironmentSpec[] seen, string id, string pixelId, int stack)
    {
        EnvironmentSpec spec = Array.Find(seen, spec => spec.Id == id)!;
        return spec with
        {
            Id = pixelId,
            Summary = $"{spec.Summary}, seen in {(stack == 1 ? "a grey picture" : $"{stack} grey pictures")}",
            Options = [.. spec.Options, new("stack", stack, "pictures shown at once")],
            Create = options => NaturePipeline.Wrap(
                new AddRenderObservation(spec.Create(options)),
                new NatureOptions { NoopMax = 0, FrameSkip = 1, ClipReward = false, Stack = options.Whole("stack") }),
        };
    }
}
