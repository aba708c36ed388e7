using System.Text.Json;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>The recorded distributions: several outputs, each with its gradient.</summary>
internal static class GoldenDistribution
{
    public static void Run(GoldenCase golden)
    {
        switch (golden.Name)
        {
            case "categorical":
                Categorical(golden);
                break;
            case "diagonal_gaussian":
                DiagonalGaussian(golden);
                break;
            case "squashed_gaussian":
                SquashedGaussian(golden);
                break;
            default:
                Bernoulli(golden);
                break;
        }
    }

    private static void Categorical(GoldenCase golden)
    {
        Tensor logits = golden.Input("logits");
        Tensor other = golden.Input("other");
        var distribution = new Categorical(logits);
        Outputs(
            golden,
            ("log_prob", distribution.LogProbability(golden.Tensor("actions"))),
            ("entropy", distribution.Entropy()),
            ("kl_to_other", distribution.Divergence(new Categorical(other))));
        golden.CheckGradients(golden.Json.GetProperty("gradients"), ("logits", logits), ("other", other));
    }

    private static void DiagonalGaussian(GoldenCase golden)
    {
        Tensor mean = golden.Input("mean");
        Tensor deviation = golden.Input("log_std");
        Tensor mean2 = golden.Input("mean2");
        Tensor deviation2 = golden.Input("log_std2");
        var distribution = new DiagonalGaussian(mean, deviation);
        Outputs(
            golden,
            ("log_prob", distribution.LogProbability(golden.Tensor("actions"))),
            ("entropy", distribution.Entropy()),
            ("kl_to_other", distribution.Divergence(new DiagonalGaussian(mean2, deviation2))));
        golden.CheckGradients(
            golden.Json.GetProperty("gradients"), ("mean", mean), ("log_std", deviation), ("mean2", mean2), ("log_std2", deviation2));
    }

    private static void SquashedGaussian(GoldenCase golden)
    {
        Tensor mean = golden.Input("mean");
        Tensor deviation = golden.Input("log_std");
        (Tensor action, Tensor logProbability) = new SquashedGaussian(mean, deviation).At(golden.Tensor("noise"));
        Outputs(golden, ("action", action), ("log_prob", logProbability));
        golden.CheckGradients(golden.Json.GetProperty("gradients"), ("mean", mean), ("log_std", deviation));
    }

    private static void Bernoulli(GoldenCase golden)
    {
        Tensor logits = golden.Input("logits");
        var distribution = new Bernoulli(logits);
        Outputs(golden, ("log_prob", distribution.LogProbability(golden.Tensor("actions"))), ("entropy", distribution.Entropy()));
        golden.CheckGradients(golden.Json.GetProperty("gradients"), ("logits", logits));
    }

    // All outputs are weighted with their recorded gradients and summed, as when they were recorded.
    private static void Outputs(GoldenCase golden, params ReadOnlySpan<(string Name, Tensor Value)> outputs)
    {
        JsonElement expected = golden.Json.GetProperty("outputs");
        JsonElement gradients = golden.Json.GetProperty("output_gradients");
        Tensor? sum = null;
        foreach ((string name, Tensor value) in outputs)
        {
            golden.Near(name, GoldenCase.Numbers(expected.GetProperty(name)), value.Values);
            Tensor weighted = (value * GoldenCase.Tensor(gradients.GetProperty(name))).Sum();
            sum = sum is null ? weighted : sum + weighted;
        }

        sum!.Backward();
    }
}
