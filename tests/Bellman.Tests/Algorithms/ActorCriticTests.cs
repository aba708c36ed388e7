using System.Text.Json;
using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;

namespace Bellman.Tests.Algorithms;

public sealed class ActorCriticTests
{
    [Theory]
    [InlineData("ppo-CartPole-v1", "CartPole-v1")]
    [InlineData("a2c-Pendulum-v1", "Pendulum-v1")]
    public void A_policy_of_Stable_Baselines3_acts_and_values_here_as_it_did_there(string file, string id)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "sb3", file);
        StateDict saved = TensorFile.Load(path + ".zip");
        int[] widths = [.. saved.Where(entry => entry.Name.StartsWith("mlp_extractor.policy_net.", StringComparison.Ordinal)
            && entry.Name.EndsWith("bias", StringComparison.Ordinal)).Select(entry => entry.Value.Shape[0])];
        IEnvironment environment = Registry.Find(id).Make();
        var network = new ActorCritic(
            environment.ObservationSpace, environment.ActionSpace, new ActorCriticShape(widths, ActivationKind.Tanh, true, 0), new Pcg64(1));
        saved.CopyTo(network.NamedState());
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path + ".json"));
        float[] values = Numbers(golden.RootElement.GetProperty("values"));
        float[] actions = Numbers(golden.RootElement.GetProperty("deterministic_actions"));
        float[] rows = Numbers(golden.RootElement.GetProperty("observations"));
        Tensor observations = Tensor.From(rows, values.Length, rows.Length / values.Length);
        (PolicyDistribution policy, Tensor value) = network.Evaluate(observations);
        Tensor mode = policy.Mode();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], value[i], 1e-5f * Math.Max(1, Math.Abs(values[i])));
            Assert.Equal(actions[i], mode.Values[i], 1e-5f);
        }

        static float[] Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().SelectMany(Numbers)]
            : [element.GetSingle()];
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void The_product_with_the_Fisher_matrix_is_the_change_of_the_divergences_gradient(Space actionSpace, bool stateNoise)
    {
        var shape = new ActorCriticShape([6, 5], ActivationKind.Tanh, OrthoInit: false, LogStdInit: -0.3, stateNoise);
        var space = new Box(-1, 1, new Shape(3));
        var network = new ActorCritic(space, actionSpace, shape, new Pcg64(1));
        var moved = new ActorCritic(space, actionSpace, shape, new Pcg64(1));
        var direction = new ActorCritic(space, actionSpace, shape, new Pcg64(2));
        Tensor observations = Tensor.Zeros(7, 3);
        new Pcg64(3).FillNormal(observations.Values);

        (Tensor change, Tensor? deviationChange) = network.PolicyTangent(observations, direction);
        Tensor product = network.Policy(observations).FisherProduct(change);

        // The gradient of KL(π ‖ π′) in the output of π′ where π′ is a small step away, by central differences.
        const float Step = 5e-3f;
        float[] forward = Gradient(+Step);
        float[] backward = Gradient(-Step);
        for (int i = 0; i < product.Length; i++)
        {
            Assert.Equal((forward[i] - backward[i]) / (2 * Step), product.Values[i], 3e-3f * Math.Max(1, Math.Abs(product.Values[i])));
        }

        Assert.Equal(actionSpace is Box, deviationChange is not null);

        float[] Gradient(float step)
        {
            for (int i = 0; i < moved.Parameters.Length; i++)
            {
                moved.Parameters[i] = network.Parameters[i] + (step * direction.Parameters[i]);
            }

            // Only the output moves here: σ has its own block of the Fisher matrix.
            if (moved.LogDeviation is not null) network.LogDeviation!.Values.CopyTo(moved.LogDeviation.Values);
            PolicyDistribution other = moved.Policy(observations);
            Tensor output = other.Output.Detach().RequireGradient();
            PolicyDistribution free = actionSpace is Box
                ? new PolicyDistribution(actionSpace, output, network.Policy(observations).Gaussian.LogDeviation.Detach())
                : new PolicyDistribution(actionSpace, output);
            network.Policy(observations).Divergence(free).Sum().Backward();
            return output.Gradient.ToArray();
        }
    }

    public static TheoryData<Space, bool> Spaces() => new()
    {
        { new Discrete(4), false },
        { new MultiDiscrete(2, 3), false },
        { new MultiBinary(3), false },
        { new Box(-1, 1, new Shape(2)), false },
        { new Box(-1, 1, new Shape(2)), true },
    };

    [Fact]
    public void Forbidden_actions_are_never_chosen()
    {
        var network = new ActorCritic(
            new Box(-1, 1, new Shape(2)), new Discrete(4), new ActorCriticShape([8], ActivationKind.Relu, false, 0), new Pcg64(5));
        Tensor observations = Tensor.Zeros(200, 2);
        new Pcg64(6).FillNormal(observations.Values);
        Tensor masks = Tensor.Zeros(200, 4);
        for (int row = 0; row < 200; row++)
        {
            masks[row, row % 4] = 1;
            masks[row, (row + 1) % 4] = 1;
        }

        PolicyDistribution policy = network.Policy(observations, masks);
        foreach (Tensor actions in new[] { policy.Sample(new Pcg64(7)), policy.Mode() })
        {
            for (int row = 0; row < 200; row++)
            {
                Assert.Contains((int)actions.Values[row], new[] { row % 4, (row + 1) % 4 });
            }
        }
    }
}
