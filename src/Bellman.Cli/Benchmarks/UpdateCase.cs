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

    /// <summary>Shape of an observation.</summary>
    public required Shape Observation { get; init; }

    /// <summary>Whether observations are images of bytes.</summary>
    public bool IsByte { get; init; }

    public required int Actions { get; init; }

    public required Func<Pcg64, Module> Network { get; init; }

    public required int Batch { get; init; }

    public required Func<Module, Optimizer> Optimizer { get; init; }

    /// <summary>Whether the target network follows at every update.</summary>
    public bool Soft { get; init; }

    public static IReadOnlyList<UpdateCase> All { get; } =
    [
        Dense("mlp-8-64-64-4 b1 adam", [8, 64, 64, 4], batch: 1),
        Dense("mlp-4-64-64-2 b32 adam", [4, 64, 64, 2], batch: 32),
        Dense("mlp-4-128-128-2 b128 adamw-amsgrad clip soft", [4, 128, 128, 2], batch: 128) with
        {
            Soft = true,
            Optimizer = network => new Adam(network, 1e-4, weightDecay: 0.01, decoupled: true, amsgrad: true)
            {
                Clip = new GradientClip(Value: 100),
            },
        },
        Dense("mlp-8-256-256-4 b64 adam", [8, 256, 256, 4], batch: 64),
        new()
        {
            Name = "nature-cnn b32 adam", Observation = new Shape(4, 84, 84), IsByte = true, Actions = 6, Batch = 32, Optimizer = Adam,
            Network = random => new NatureCnn(channels: 4, outputs: 6, random),
        },
        new()
        {
            Name = "visual-cartpole-cnn b128 rmsprop", Observation = new Shape(3, 40, 90), Actions = 2, Batch = 128,
            Optimizer = network => new RmsProp(network),
            Network = random => new VisualCartPoleCnn(height: 40, width: 90, outputs: 2, random),
        },
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
    public Action Update() => Update(out _);

    /// <summary>The SHA-256 of the online network's weights after a number of updates; the same on every machine.</summary>
    public string WeightsSha256(long updates)
    {
        Action update = Update(out Module online);
        for (long i = 0; i < updates; i++)
        {
            update();
        }

        return online.Sha256();
    }

    private Action Update(out Module trained)
    {
        var random = new Pcg64(1);
        var workspace = new Workspace();
        Module online = Network(random);
        Module target = Network(random);
        trained = online;
        Optimizer optimizer = Optimizer(online);
        Tensor observations = Observations(random, Batch);
        Tensor nextObservations = Observations(random, Batch);
        Tensor rewards = Random(random, Batch);
        Tensor discounts = Tensor.Full(new Shape(Batch), Discount);
        Tensor actions = Tensor.Zeros(Batch, 1);
        var space = new Discrete(Actions);
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
        network.Train(false);
        Tensor observation = Observations(random, 1);
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

    /// <summary>A multilayer perceptron: features, widths of hidden layers, actions.</summary>
    private static UpdateCase Dense(string name, int[] sizes, int batch) => new()
    {
        Name = name,
        Observation = new Shape(sizes[0]),
        Actions = sizes[^1],
        Batch = batch,
        Optimizer = Adam,
        Network = random => new Mlp(sizes[0], sizes.AsSpan()[1..^1], sizes[^1], random),
    };

    private Tensor Observations(Pcg64 random, int count)
    {
        Shape shape = Observation.Prepend(count);
        if (!IsByte) return Random(random, shape.ToArray());
        Tensor images = Tensor.ZeroBytes(shape);
        random.FillIntegers(images.Bytes, 0, 256);
        return images;
    }
}
