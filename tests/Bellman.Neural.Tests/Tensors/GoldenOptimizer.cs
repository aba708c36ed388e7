using System.Text.Json;
using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>The recorded optimizers and clippings.</summary>
internal static class GoldenOptimizer
{
    public static void Run(GoldenCase golden)
    {
        var bag = new Bag(golden.Numbers("start"));
        Optimizer optimizer = Create(golden.Json.GetProperty("name").GetString()!, bag);
        int number = 0;
        foreach (JsonElement step in golden.Json.GetProperty("steps").EnumerateArray())
        {
            bag.ZeroGradients();
            GoldenCase.Numbers(step.GetProperty("gradient")).CopyTo(bag.Parts[0].Gradient);
            bag.Parts[0].GradientTarget(out _);
            optimizer.Step();
            golden.Near($"step {++number}", GoldenCase.Numbers(step.GetProperty("parameter")), bag.Parts[0].Values);
        }
    }

    public static void Clip(GoldenCase golden)
    {
        JsonElement[] before = [.. golden.Json.GetProperty("before").EnumerateArray()];
        JsonElement[] after = [.. golden.Json.GetProperty("after").EnumerateArray()];
        var bag = new Bag([.. before.Select(GoldenCase.Numbers)]);
        bag.ZeroGradients();
        for (int i = 0; i < before.Length; i++)
        {
            GoldenCase.Numbers(before[i]).CopyTo(bag.Parts[i].GradientTarget(out _));
        }

        GradientClip clip = golden.Name == "clip_grad_value"
            ? new GradientClip(Value: 0.1f)
            : new GradientClip(Norm: golden.Json.TryGetProperty("max_norm", out JsonElement norm) ? norm.GetSingle() : 0.5f);
        var optimizer = new Sgd(bag, learningRate: 0) { Clip = clip };
        optimizer.Step();
        for (int i = 0; i < after.Length; i++)
        {
            golden.Near($"part {i}", GoldenCase.Numbers(after[i]), bag.Parts[i].Gradient);
        }

        if (clip.Norm is not null) golden.Near("norm", [golden.Float("total_norm")], [optimizer.GradientNorm]);
    }

    private static Optimizer Create(string name, Module module) => name switch
    {
        "sgd" => new Sgd(module, 0.05),
        "sgd_momentum_nesterov" => new Sgd(module, 0.02, momentum: 0.9, nesterov: true),
        "SGD lr=.05 momentum=.9" => new Sgd(module, 0.05, momentum: 0.9),
        "SGD lr=.05 momentum=.9 dampening=.3 weight_decay=.01" =>
            new Sgd(module, 0.05, momentum: 0.9, dampening: 0.3, weightDecay: 0.01),
        "rmsprop" => new RmsProp(module, 0.01),
        "rmsprop_centered_momentum" => new RmsProp(module, 0.01, decay: 0.95, epsilon: 0.01, momentum: 0.9, centred: true),
        "RMSprop lr=.01 alpha=.99 eps=1e-8" => new RmsProp(module, 0.01, decay: 0.99, epsilon: 1e-8),
        "RMSprop lr=.01 weight_decay=.1 momentum=.5" => new RmsProp(module, 0.01, weightDecay: 0.1, momentum: 0.5),
        "RMSpropTFLike lr=7e-4 alpha=.99 eps=1e-5" => new RmsProp(module, 7e-4, decay: 0.99, epsilon: 1e-5, tensorFlow: true),
        "adam" => new Adam(module, 0.01),
        "adam_weight_decay" => new Adam(module, 0.01, weightDecay: 0.1),
        "Adam lr=3e-4 eps=1e-5" => new Adam(module, 3e-4, epsilon: 1e-5),
        "Adam lr=.01 amsgrad betas=(.8,.95)" => new Adam(module, 0.01, beta1: 0.8, beta2: 0.95, amsgrad: true),
        "adamw_amsgrad" => Adam.W(module, 0.01, amsgrad: true),
        "AdamW lr=.01" => Adam.W(module, 0.01),
        "AdamW lr=1e-4 amsgrad" => Adam.W(module, 1e-4, amsgrad: true),
        "adagrad" => new Adagrad(module, 0.1),
        _ => throw new ArgumentException($"No optimizer is mapped to {name}."),
    };

    /// <summary>Parameters without a function.</summary>
    private sealed class Bag : Module
    {
        public Bag(params float[][] parts)
        {
            Parts = [.. parts.Select((part, i) => AddParameter(i.ToString(), Tensor.From(part, part.Length)))];
        }

        public Tensor[] Parts { get; }

        public override Tensor Forward(Tensor input) => input;
    }
}
