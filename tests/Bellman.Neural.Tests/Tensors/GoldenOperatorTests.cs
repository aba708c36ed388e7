using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>Every case that PyTorch recorded, in value and gradient.</summary>
public sealed class GoldenOperatorTests
{
    /// <summary>What other parts of Bellman compute and test.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["resize_pil"] = "pictures are resized by Environments.Rendering.Resampling",
        ["resize_opencv_area"] = "pictures are resized by Environments.Rendering.Resampling",
        ["visual_cartpole_resize"] = "pictures are resized by Environments.Rendering.Resampling",
        ["gae"] = "advantages are computed by Experience.Returns",
    };

    public static TheoryData<string> Operators { get; } = [.. Cases().Select(entry => entry.Name).Distinct().Except(Elsewhere.Keys)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Values_and_gradients_are_those_of_PyTorch(string name)
    {
        foreach (GoldenCase golden in Cases().Where(entry => entry.Name == name))
        {
            Run(golden);
        }
    }

    private static IEnumerable<GoldenCase> Cases() =>
        GoldenCase.Read("torch/operators.jsonl.gz").Concat(GoldenCase.Read("torch-more/more.jsonl.gz"));

    private static void Run(GoldenCase golden)
    {
        switch (golden.Name)
        {
            case "linear":
                Tensor rows = golden.Input("x");
                Tensor weight = golden.Input("weight");
                Tensor bias = golden.Input("bias");
                golden.Check(Tensor.Linear(rows, weight, bias), ("x", rows), ("weight", weight), ("bias", bias));
                break;
            case "conv2d":
                Tensor images = golden.Input("x");
                Tensor kernels = golden.Input("weight");
                Tensor shift = golden.Input("bias");
                Tensor y = Tensor.Conv2d(images, kernels, shift, golden.Int("stride"), golden.Int("padding"));
                golden.Check(y, ("x", images), ("weight", kernels), ("bias", shift));
                break;
            case "max_pool2d":
                Unary(golden, x => x.MaxPool2d(golden.Int("kernel")));
                break;
            case "cross_entropy_loss":
                Unary(golden, x => Loss.CrossEntropy(x, golden.Tensor("target")));
                break;
            case "binary_cross_entropy_with_logits_loss":
                Unary(golden, x => Loss.BinaryCrossEntropy(x, golden.Tensor("target")));
                break;
            case "gather":
                Unary(golden, x => x.Gather(golden.Int("axis"), golden.Tensor("index").Unsqueeze(-1)));
                break;
            case "dqn_loss":
                DqnLoss(golden);
                break;
            case "layer_norm" or "batch_norm" or "lstm" or "gru" or "lstmcell" or "grucell":
                GoldenLayer.Run(golden);
                break;
            case "categorical" or "diagonal_gaussian" or "squashed_gaussian" or "bernoulli":
                GoldenDistribution.Run(golden);
                break;
            case "optimizer":
                GoldenOptimizer.Run(golden);
                break;
            case "clip_grad_norm" or "clip_grad_value":
                GoldenOptimizer.Clip(golden);
                break;
            default:
                if (OneInput(golden) is Func<Tensor, Tensor> one) Unary(golden, one);
                else if (TwoInputs(golden) is Func<Tensor, Tensor, Tensor> two) Binary(golden, two);
                else Assert.Fail($"{golden.Label} is not mapped to an operator.");
                break;
        }
    }

    private static Func<Tensor, Tensor>? OneInput(GoldenCase golden) => golden.Name switch
    {
        "relu" => x => x.Relu(),
        "tanh" => x => x.Tanh(),
        "sigmoid" => x => x.Sigmoid(),
        "elu" => x => x.Elu(),
        "silu" => x => x.Silu(),
        "softplus" => x => x.Softplus(),
        "leaky_relu" => x => x.LeakyRelu(),
        "gelu" => x => x.Gelu(),
        "gelu_tanh" => x => x.GeluTanh(),
        "exp" => x => x.Exp(),
        "square" => x => x.Square(),
        "log" => x => x.Log(),
        "sqrt" => x => x.Sqrt(),
        "log_softmax" => x => x.LogSoftmax(),
        "softmax" => x => x.Softmax(),
        "logsumexp" => x => x.LogSumExp(axis: 1),
        "sum" => x => x.Sum(golden.Int("axis")),
        "mean" => x => x.Mean(golden.Int("axis")),
        "max" => x => x.Max(golden.Int("axis")),
        "std_unbiased" => x => x.Std(),
        "clamp" => x => x.Clamp(golden.Float("low"), golden.Float("high")),
        _ => null,
    };

    private static Func<Tensor, Tensor, Tensor>? TwoInputs(GoldenCase golden) => golden.Name switch
    {
        "add" => (x, y) => x + y,
        "sub" => (x, y) => x - y,
        "mul" => (x, y) => x * y,
        "div" => (x, y) => x / y,
        "minimum" => Tensor.Minimum,
        "maximum" => Tensor.Maximum,
        "concat" => (x, y) => Tensor.Concatenate(golden.Int("axis"), x, y),
        "matmul" => Tensor.MatMul,
        "mse_loss" => (x, y) => Loss.Mse(x, y),
        "smooth_l1_loss" => (x, y) => Loss.SmoothL1(x, y),
        "huber_delta_0.5_loss" => (x, y) => Loss.Huber(x, y, delta: 0.5f),
        "l1_loss" => (x, y) => Loss.L1(x, y),
        _ => null,
    };

    private static void Unary(GoldenCase golden, Func<Tensor, Tensor> apply)
    {
        Tensor x = golden.Input("x");
        golden.Check(apply(x), ("x", x));
    }

    private static void Binary(GoldenCase golden, Func<Tensor, Tensor, Tensor> apply)
    {
        Tensor x = golden.Input("x");
        Tensor y = golden.Input("y");
        golden.Check(apply(x, y), ("x", x), ("y", y));
    }

    private static void DqnLoss(GoldenCase golden)
    {
        Tensor q = golden.Input("q");
        Tensor next = golden.Tensor("target_q").MaxRows();
        Tensor y = golden.Tensor("rewards") + (golden.Float("gamma") * (1 - golden.Tensor("dones")) * next);
        Tensor taken = q.Pick(golden.Tensor("actions"));
        Tensor loss = golden.Json.GetProperty("loss").GetString() == "mse" ? Loss.Mse(taken, y) : Loss.SmoothL1(taken, y);
        golden.Near("loss", GoldenCase.Numbers(golden.Json.GetProperty("outputs").GetProperty("loss")), loss.Values);
        loss.Backward(GoldenCase.Numbers(golden.Json.GetProperty("output_gradients").GetProperty("loss")));
        golden.CheckGradients(golden.Json.GetProperty("gradients"), ("q", q));
    }
}
