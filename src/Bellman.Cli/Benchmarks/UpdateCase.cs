using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Cli.Benchmarks;

/// <summary>A network, a batch size and an optimizer: what a deep Q-learning update costs.</summary>
internal sealed record UpdateCase
{
    private const float Discount = 0.99f;
    private const float SoftTau = 0.005f;

    public required string Name { get; init; }

    /// <summary>Features of an observation, widths of hidden layers, actions.</summary>
    public required int[] Sizes { get; init; }

    public required int Batch { get; init; }

    public required Func<Module, Optimizer> Optimizer { get; init; }

    /// <summary>Whether the target network follows at every update.</summary>
    public bool Soft { get; init; }

    public static IReadOnlyList<UpdateCase> All { get; } =
    [
        new() { Name = "mlp-8-64-64-4 b1 adam", Sizes = [8, 64, 64, 4], Batch = 1, Optimizer = Adam },
        new() { Name = "mlp-4-64-64-2 b32 adam", Sizes = [4, 64, 64, 2], Batch = 32, Optimizer = Adam },
        new()
        {
            Name = "mlp-4-128-128-2 b128 adamw-amsgrad clip soft", Sizes = [4, 128, 128, 2], Batch = 128, Soft = true,
            Optimizer = network => new Adam(network, 1e-4, weightDecay: 0.01, decoupled: true, amsgrad: true)
            {
                Clip = new GradientClip(Value: 100),
            },
        },
        new() { Name = "mlp-8-256-256-4 b64 adam", Sizes = [8, 256, 256, 4], Batch = 64, Optimizer = Adam },
    ];

    /// <summary>The case of a name; its beginning is enough where only one case begins so.</summary>
    /// <exception cref="ArgumentException">There is none, or several.</exception>
    public static UpdateCase Find(string name)
    {
        string plain = Plain(name);
        UpdateCase[] found = [.. All.Where(one => Plain(one.Name).StartsWith(plain, StringComparison.Ordinal))];
        return found.Length == 1
            ? found[0]
            : throw new ArgumentException(
                $"There is no case '{name}'{Nearest.Hint(name, All.Select(one => one.Name))}; "
                + $"there are {string.Join(", ", All.Select(one => one.Name))}.");
    }

    /// <summary>An update, ready to be repeated, on a fixed random batch.</summary>
    public Action Update()
    {
        var random = new Pcg64(1);
        var workspace = new Workspace();
        Module online = Network(random);
        Module target = Network(random);
        Optimizer optimizer = Optimizer(online);
        Tensor observations = Random(random, Batch, Sizes[0]);
        Tensor nextObservations = Random(random, Batch, Sizes[0]);
        Tensor rewards = Random(random, Batch);
        Tensor discounts = Tensor.Full(new Shape(Batch), Discount);
        Tensor actions = Tensor.Zeros(Batch, 1);
        var space = new Discrete(Sizes[^1]);
        for (int i = 0; i < Batch; i++)
        {
            space.Sample(random, actions.Values.Slice(i, 1));
        }

        return () =>
        {
            using Workspace.Scope scope = workspace.Begin();
            Tensor y;
            using (Autograd.Pause())
            {
                y = rewards + (discounts * target.Forward(nextObservations).MaxRows());
            }

            Tensor value = online.Forward(observations).Pick(actions);
            optimizer.Minimize(Loss.SmoothL1(value, y));
            if (Soft) target.Blend(online, SoftTau);
        };
    }

    /// <summary>One observation to its greedy action, ready to be repeated.</summary>
    public Action Inference()
    {
        var random = new Pcg64(1);
        var workspace = new Workspace();
        Module network = Network(random);
        Tensor observation = Random(random, 1, Sizes[0]);
        float[] action = new float[1];
        return () =>
        {
            using Workspace.Scope scope = workspace.Begin();
            using Autograd.PauseScope pause = Autograd.Pause();
            network.Forward(observation).ArgMaxRows(action);
        };
    }

    private static Adam Adam(Module network) => new(network);

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static Tensor Random(Pcg64 random, params ReadOnlySpan<int> sizes)
    {
        Tensor tensor = Tensor.Zeros(sizes);
        foreach (ref float value in tensor.Values)
        {
            value = (float)random.StandardNormal();
        }

        return tensor;
    }

    private Mlp Network(Pcg64 random) => new(Sizes[0], Sizes.AsSpan()[1..^1], Sizes[^1], random);
}
