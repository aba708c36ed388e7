using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>An operator with inputs to try it on.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Shapes">Of the inputs, which all take gradients.</param>
/// <param name="Apply">The operator.</param>
/// <param name="Positive">True where the inputs must be above zero.</param>
internal sealed record OperatorCase(string Name, int[][] Shapes, Func<Tensor[], Tensor> Apply, bool Positive = false)
{
    /// <summary>Inputs that are the same at every call: all different by far more than a difference's step, and none near zero.</summary>
    public Tensor[] Inputs()
    {
        ulong seed = 1;
        foreach (char letter in Name)
        {
            seed = (seed * 31) + letter;
        }

        Tensor[] inputs = [.. Shapes.Select(shape => Tensor.Zeros(new Shape(shape)).RequireGradient())];
        int count = inputs.Sum(input => input.Length);
        double spacing = Math.Max(1.0 / 24, 3.0 / count);
        Queue<int> order = new(new Pcg64(seed).Permutation(count));
        foreach (Tensor input in inputs)
        {
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = (float)(Positive ? (order.Dequeue() + 5) * spacing : (order.Dequeue() - (count / 2) + 0.45) * spacing);
            }
        }

        return inputs;
    }

    /// <summary>A hash of the result's bits and of those of all gradients.</summary>
    public byte[] Sha256()
    {
        Tensor[] inputs = Inputs();
        Tensor y = Apply(inputs);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(y.Values));
        float[] weights = new float[y.Length];
        new Pcg64(3).FillUniform(weights, -1, 1);
        y.Backward(weights);
        foreach (Tensor input in inputs)
        {
            hash.AppendData(MemoryMarshal.AsBytes(input.Gradient));
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>Every operator of <see cref="Tensor"/>, every layer and every density, on several shapes each.</summary>
internal static class OperatorCatalogue
{
    private static readonly int[][] ElementShapes = [[1], [7], [3, 5], [2, 17], [2, 3, 4]];
    private static readonly (int[] Left, int[] Right)[] BinaryShapes =
        [([3, 5], [3, 5]), ([3, 5], [5]), ([3, 5], [3, 1]), ([5], [3, 5]), ([2, 3, 5], [2, 1, 5]), ([3, 1], [1, 17]), ([3, 4], [1])];

    public static IReadOnlyList<OperatorCase> All { get; } =
    [
        .. Elementwise(ElementShapes), .. Binary(BinaryShapes), .. Reductions(), .. Layout(), .. Indexing(), .. Products(), .. Losses(), .. Layers(),
        .. Densities(),
    ];

    /// <summary>Operators on shapes that are large enough for several threads, and that fit neither vectors nor tiles.</summary>
    public static IReadOnlyList<OperatorCase> Large { get; } =
        [.. Elementwise([[397, 521]]), .. Binary([([397, 521], [397, 521]), ([397, 521], [521])]), .. LargeProducts(), .. LargeLayers()];

    private static IEnumerable<OperatorCase> LargeProducts()
    {
        foreach ((int m, int k, int n) in new[] { (203, 301, 207), (1999, 71, 67), (33, 513, 1029), (1, 3001, 3001) })
        {
            yield return new OperatorCase($"product {m} {k} {n}", [[m, k], [k, n]], x => Tensor.MatMul(x[0], x[1]));
            yield return new OperatorCase($"linear {m} {k} {n}", [[m, k], [n, k], [n]], x => Tensor.Linear(x[0], x[1], x[2]));
        }

        (int[] Images, int[] Weights, int Stride, int Padding)[] convolutions =
        [
            ([37, 3, 40, 90], [16, 3, 5, 5], 2, 0), ([37, 16, 18, 43], [32, 16, 5, 5], 2, 0), ([21, 4, 44, 44], [32, 4, 8, 8], 4, 0),
            ([33, 17, 19, 23], [24, 17, 3, 3], 1, 1), ([9, 5, 61, 47], [19, 5, 4, 7], 3, 2), ([130, 6, 21, 35], [7, 6, 3, 2], 1, 0),
        ];
        foreach ((int[] images, int[] weights, int stride, int padding) in convolutions)
        {
            yield return new OperatorCase(
                $"convolution {new Shape(images)} {new Shape(weights)} by {stride} padded by {padding}", [images, weights, [weights[0]]],
                x => Tensor.Conv2d(x[0], x[1], x[2], stride, padding));
            yield return new OperatorCase(
                $"convolution and ReLU {new Shape(images)} {new Shape(weights)} by {stride} padded by {padding}", [images, weights, [weights[0]]],
                x => Convolved.Apply(x[0], x[1], x[2], stride, padding, relu: true, scale: 1));
        }
    }

    private static IEnumerable<OperatorCase> LargeLayers()
    {
        foreach (bool relu in new[] { false, true })
        {
            yield return new OperatorCase(
                $"batch norm in training, ReLU {relu}", [[29, 17, 18, 43], [17], [17]],
                x => BatchNormalised.Train(x[0], x[1], x[2], 1e-5f, relu, new float[17], new float[17]));
            yield return new OperatorCase(
                $"batch norm in evaluation, ReLU {relu}", [[1003, 2, 77], [2], [2]],
                x => BatchNormalised.Evaluate(x[0], x[1], x[2], 1e-5f, relu, [0.3f, -0.2f], [0.5f, 2]));
        }

        yield return new OperatorCase("layer norm", [[401, 523], [523], [523]], x => LayerNormalised.Apply(x[0], x[1], x[2], 1e-5f));
    }

    private static IEnumerable<OperatorCase> Elementwise(int[][] shapes)
    {
        (string Name, Func<Tensor, Tensor> Apply, bool Positive)[] functions =
        [
            ("relu", x => x.Relu(), false), ("leaky relu", x => x.LeakyRelu(0.2f), false), ("elu", x => x.Elu(1.5f), false),
            ("silu", x => x.Silu(), false), ("gelu", x => x.Gelu(), false), ("gelu tanh", x => x.GeluTanh(), false),
            ("softplus", x => x.Softplus(), false), ("sigmoid", x => x.Sigmoid(), false), ("tanh", x => x.Tanh(), false),
            ("exp", x => x.Exp(), false), ("expm1", x => x.Expm1(), false), ("log", x => x.Log(), true), ("log1p", x => x.Log1p(), true),
            ("sqrt", x => x.Sqrt(), true), ("square", x => x.Square(), false), ("abs", x => x.Abs(), false), ("sin", x => x.Sin(), false),
            ("cos", x => x.Cos(), false), ("clamp", x => x.Clamp(-0.5f, 0.76f), false), ("negate", x => -x, false),
            ("scale", x => 2.5f * x, false), ("shift", x => 1 - x, false), ("divide by number", x => x / 3, false),
            ("number divided", x => 3 / x, true), ("softmax", x => x.Softmax(), false), ("log softmax", x => x.LogSoftmax(), false),
        ];
        return from function in functions
               from shape in shapes
               select new OperatorCase($"{function.Name} {new Shape(shape)}", [shape], x => function.Apply(x[0]), function.Positive);
    }

    private static IEnumerable<OperatorCase> Binary((int[] Left, int[] Right)[] shapes)
    {
        (string Name, Func<Tensor, Tensor, Tensor> Apply, bool Positive)[] functions =
        [
            ("add", (a, b) => a + b, false), ("subtract", (a, b) => a - b, false), ("multiply", (a, b) => a * b, false),
            ("divide", (a, b) => a / b, true), ("minimum", Tensor.Minimum, false), ("maximum", Tensor.Maximum, false),
            ("where", (a, b) => Tensor.Where(Alternating(a.Rank == 2 ? a.Shape[0] : 3), a, b), false),
        ];
        return from function in functions
               from shape in shapes
               select new OperatorCase(
                   $"{function.Name} {new Shape(shape.Left)} {new Shape(shape.Right)}", [shape.Left, shape.Right],
                   x => function.Apply(x[0], x[1]), function.Positive);
    }

    /// <summary>[rows, 1]: 1, 0, 1 …</summary>
    private static Tensor Alternating(int rows) => Tensor.From([.. Enumerable.Range(1, rows).Select(row => row % 2f)], rows, 1);

    private static IEnumerable<OperatorCase> Reductions()
    {
        yield return new OperatorCase("sum", [[3, 5]], x => x[0].Sum());
        yield return new OperatorCase("mean", [[3, 5]], x => x[0].Mean());
        yield return new OperatorCase("max", [[3, 5]], x => x[0].Max());
        yield return new OperatorCase("min", [[3, 5]], x => x[0].Min());
        yield return new OperatorCase("std", [[3, 5]], x => x[0].Std());
        yield return new OperatorCase("sum of two axes", [[2, 3, 4]], x => x[0].Sum([0, -1]));
        yield return new OperatorCase("mean of two axes", [[2, 3, 4]], x => x[0].Mean([2, 1], keep: true));
        foreach (int axis in new[] { 0, 1, -1 })
        {
            foreach (bool keep in new[] { false, true })
            {
                string label = $"along {axis}{(keep ? ", kept" : "")}";
                int[][] shapes = [[3, 4, 5]];
                yield return new OperatorCase($"sum {label}", shapes, x => x[0].Sum(axis, keep));
                yield return new OperatorCase($"mean {label}", shapes, x => x[0].Mean(axis, keep));
                yield return new OperatorCase($"max {label}", shapes, x => x[0].Max(axis, keep));
                yield return new OperatorCase($"min {label}", shapes, x => x[0].Min(axis, keep));
                yield return new OperatorCase($"std {label}", shapes, x => x[0].Std(axis, keep));
                yield return new OperatorCase($"biased std {label}", shapes, x => x[0].Std(axis, keep, unbiased: false));
                yield return new OperatorCase($"log sum exp {label}", shapes, x => x[0].LogSumExp(axis, keep));
            }

            yield return new OperatorCase($"softmax along {axis}", [[3, 4, 5]], x => x[0].Softmax(axis));
            yield return new OperatorCase($"log softmax along {axis}", [[3, 4, 5]], x => x[0].LogSoftmax(axis));
        }
    }

    private static IEnumerable<OperatorCase> Layout()
    {
        yield return new OperatorCase("reshape", [[3, 4]], x => x[0].Reshape(2, -1));
        yield return new OperatorCase("flatten", [[2, 3, 4]], x => x[0].Flatten());
        yield return new OperatorCase("unsqueeze and squeeze", [[3, 4]], x => x[0].Unsqueeze(1).Squeeze(1));
        yield return new OperatorCase("broadcast", [[3, 1]], x => x[0].BroadcastTo(new Shape(2, 3, 4)));
        yield return new OperatorCase("transpose", [[3, 4]], x => x[0].Transpose(0, 1));
        yield return new OperatorCase("transpose outer", [[2, 3, 4]], x => x[0].Transpose(0, 1));
        yield return new OperatorCase("permute", [[2, 3, 4, 2]], x => x[0].Permute(2, 0, 3, 1));
        yield return new OperatorCase("slice outer", [[5, 3]], x => x[0].Slice(0, 1, 3));
        yield return new OperatorCase("slice inner", [[3, 5]], x => x[0].Slice(1, 2, 2));
        yield return new OperatorCase("slices overlap", [[5, 3]], x => x[0].Slice(0, 0, 3) + x[0].Slice(0, 2, 3));
        yield return new OperatorCase("select", [[3, 5]], x => x[0].Select(1, 4));
        yield return new OperatorCase("concatenate outer", [[2, 3], [1, 3]], x => Tensor.Concatenate(0, x[0], x[1]));
        yield return new OperatorCase("concatenate inner", [[2, 3, 2], [2, 1, 2], [2, 4, 2]], x => Tensor.Concatenate(1, x));
        yield return new OperatorCase("concatenate one twice", [[2, 3]], x => Tensor.Concatenate(1, x[0], x[0]));
        yield return new OperatorCase("stack outer", [[2, 3], [2, 3]], x => Tensor.Stack(0, x));
        yield return new OperatorCase("stack inner", [[2, 3], [2, 3], [2, 3]], x => Tensor.Stack(-1, x));
    }

    private static IEnumerable<OperatorCase> Indexing()
    {
        yield return new OperatorCase("pick", [[3, 4]], x => x[0].Pick(Tensor.From([3, 0, 3], 3)));
        yield return new OperatorCase("max of rows", [[3, 4]], x => x[0].MaxRows());
        yield return new OperatorCase("gather inner", [[3, 4]], x => x[0].Gather(1, Tensor.From([0, 0, 3, 1, 2, 2], 3, 2)));
        yield return new OperatorCase("gather outer", [[3, 4]], x => x[0].Gather(0, Tensor.From([2, 0, 1, 1], 1, 4)));
        yield return new OperatorCase("rows", [[4, 3]], x => x[0].Rows(Tensor.From([1, 1, 3, 0], 2, 2)));
    }

    private static IEnumerable<OperatorCase> Products()
    {
        foreach ((int m, int k, int n) in new[] { (1, 1, 1), (1, 4, 3), (3, 5, 2), (7, 17, 18), (33, 3, 1) })
        {
            yield return new OperatorCase($"product {m} {k} {n}", [[m, k], [k, n]], x => Tensor.MatMul(x[0], x[1]) * 0.25f);
            yield return new OperatorCase(
                $"linear {m} {k} {n}", [[m, k], [n, k], [n]], x => Tensor.Linear(x[0], x[1], x[2]) * 0.25f);
        }

        yield return new OperatorCase("linear over a sequence", [[2, 3, 4], [5, 4]], x => Tensor.Linear(x[0], x[1]));
        foreach ((int stride, int padding) in new[] { (1, 0), (2, 0), (1, 1), (2, 2), (3, 1) })
        {
            yield return new OperatorCase(
                $"convolution by {stride} padded by {padding}", [[2, 2, 6, 7], [3, 2, 3, 4], [3]],
                x => Tensor.Conv2d(x[0], x[1], x[2], stride, padding));
        }

        yield return new OperatorCase("pooling", [[2, 2, 5, 6]], x => x[0].MaxPool2d(2));
        yield return new OperatorCase("overlapping padded pooling", [[1, 2, 5, 6]], x => x[0].MaxPool2d(3, stride: 2, padding: 1));
    }

    private static IEnumerable<OperatorCase> Losses()
    {
        Tensor target = Tensor.From([0.31f, -1.21f, 0.77f, 2.13f, -0.43f, 0.11f], 2, 3);
        Tensor weights = Tensor.From([0.5f, 1, 2, 0, 1.5f, 1], 2, 3);
        Tensor probabilities = Tensor.From([0.2f, 0.3f, 0.5f, 0.7f, 0, 0.3f], 2, 3);
        yield return new OperatorCase("squared", [[2, 3], [2, 3]], x => Loss.Mse(x[0], x[1]));
        yield return new OperatorCase("squared, weighted", [[2, 3]], x => Loss.Mse(x[0], target, weights));
        yield return new OperatorCase("absolute", [[2, 3]], x => Loss.L1(x[0], target));
        yield return new OperatorCase("Huber", [[2, 3]], x => Loss.Huber(x[0], target, delta: 0.7f, weights));
        yield return new OperatorCase("smooth absolute", [[2, 3]], x => Loss.SmoothL1(x[0], target, beta: 0.6f));
        yield return new OperatorCase("cross-entropy of classes", [[2, 3]], x => Loss.CrossEntropy(x[0], Tensor.From([2, 0], 2)));
        yield return new OperatorCase(
            "cross-entropy of classes, weighted", [[2, 3]], x => Loss.CrossEntropy(x[0], Tensor.From([2, 0], 2), Tensor.From([2, 3], 2)));
        yield return new OperatorCase("cross-entropy of probabilities", [[2, 3]], x => Loss.CrossEntropy(x[0], probabilities));
        yield return new OperatorCase("binary cross-entropy", [[2, 3]], x => Loss.BinaryCrossEntropy(x[0], probabilities, weights));
        yield return new OperatorCase("quantiles", [[2, 3]], x => Loss.QuantileHuber(x[0], Tensor.From([1.01f, -0.63f, 0.2f, -1.7f], 2, 2)));
        yield return new OperatorCase(
            "quantiles, weighted", [[2, 19]], x => Loss.QuantileHuber(x[0], target, kappa: 0.37f, Tensor.From([0.5f, 2], 2)));
        yield return new OperatorCase("divergence", [[2, 3]], x => Loss.KullbackLeibler(x[0], probabilities));
        yield return new OperatorCase("divergence of targets", [[2, 3], [2, 3]], x => Loss.KullbackLeibler(x[0], x[1]), Positive: true);
    }

    private static IEnumerable<OperatorCase> Layers()
    {
        Tensor starts = Tensor.From([0, 0, 1, 0, 0, 1], 3, 2);
        yield return new OperatorCase("layer norm", [[3, 5], [5], [5]], x => LayerNormalised.Apply(x[0], x[1], x[2], 1e-5f));
        yield return new OperatorCase(
            "batch norm in training", [[3, 2, 2, 3], [2], [2]],
            x => BatchNormalised.Train(x[0], x[1], x[2], 1e-5f, relu: false, new float[2], new float[2]));
        yield return new OperatorCase(
            "batch norm in evaluation", [[3, 2, 4], [2], [2]],
            x => BatchNormalised.Evaluate(x[0], x[1], x[2], 1e-5f, relu: false, [0.3f, -0.2f], [0.5f, 2]));
        yield return new OperatorCase(
            "LSTM", [[3, 2, 12], [12, 3], [2, 3], [2, 3]], x => LstmSequence.Apply(x[0] * 1, x[1], x[2], x[3], starts));
        yield return new OperatorCase(
            "LSTM without resets", [[2, 3, 16], [16, 4], [3, 4], [3, 4]], x => LstmSequence.Apply(x[0] * 1, x[1], x[2], x[3], null));
        yield return new OperatorCase(
            "GRU", [[3, 2, 9], [9, 3], [9], [2, 3]], x => GruSequence.Apply(x[0] * 1, x[1], x[2], x[3], starts));
        yield return new OperatorCase(
            "GRU without resets", [[2, 3, 12], [12, 4], [12], [3, 4]], x => GruSequence.Apply(x[0] * 1, x[1], x[2], x[3], null));
    }

    private static IEnumerable<OperatorCase> Densities()
    {
        Tensor actions = Tensor.From([0.31f, -0.5f, 0.77f, 0.13f, -0.43f, 0.11f], 2, 3);
        Tensor bits = Tensor.From([1, 0, 1, 0, 0, 1], 2, 3);
        Tensor mask = Tensor.From([1, 0, 1, 1, 1, 1], 2, 3);
        yield return new OperatorCase("categorical", [[2, 3]], x => new Categorical(x[0], mask).LogProbability(Tensor.From([2, 1], 2)));
        yield return new OperatorCase("categorical entropy", [[2, 3]], x => new Categorical(x[0], mask).Entropy());
        yield return new OperatorCase(
            "categorical divergence", [[2, 3], [2, 3]], x => new Categorical(x[0]).Divergence(new Categorical(x[1])));
        yield return new OperatorCase(
            "choices", [[2, 5]], x => new MultiCategorical(x[0], [2, 3]).LogProbability(Tensor.From([1, 2, 0, 1], 2, 2)));
        yield return new OperatorCase("choices' entropy", [[2, 5]], x => new MultiCategorical(x[0], [2, 3]).Entropy());
        yield return new OperatorCase("normal", [[2, 3], [3]], x => new DiagonalGaussian(x[0], x[1]).LogProbability(actions) * 0.1f);
        yield return new OperatorCase("normal entropy", [[2, 3], [3]], x => new DiagonalGaussian(x[0], x[1]).Entropy());
        yield return new OperatorCase(
            "normal divergence", [[2, 3], [3], [2, 3], [3]],
            x => new DiagonalGaussian(x[0], x[1] * 0.5f).Divergence(new DiagonalGaussian(x[2], x[3] * 0.5f)) * 0.1f);
        yield return new OperatorCase(
            "squashed action", [[2, 3], [2, 3]], x => new SquashedGaussian(x[0], x[1] * 0.25f).At(actions).Action);
        yield return new OperatorCase(
            "squashed density", [[2, 3], [2, 3]], x => new SquashedGaussian(x[0], x[1] * 0.25f).At(actions).LogProbability);
        yield return new OperatorCase(
            "squashed density of actions", [[2, 3], [2, 3]],
            x => new SquashedGaussian(x[0], x[1] * 0.25f).LogProbability(actions) * 0.1f);
        yield return new OperatorCase("bits", [[2, 3]], x => new Bernoulli(x[0]).LogProbability(bits));
        yield return new OperatorCase("bits' entropy", [[2, 3]], x => new Bernoulli(x[0]).Entropy());
        yield return new OperatorCase("bits' divergence", [[2, 3], [2, 3]], x => new Bernoulli(x[0]).Divergence(new Bernoulli(x[1])));
    }
}
