using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>Laws of shapes, over shapes that FsCheck draws.</summary>
public sealed class OperatorPropertyTests
{
    private static readonly Arbitrary<int[]> Sizes =
        Gen.Choose(1, 5).ArrayOf().Where(sizes => sizes.Length <= 5).ToArbitrary();

    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    private static readonly Arbitrary<bool[]> Choices = Gen.Elements(true, false).ArrayOf(5).ToArbitrary();

    [Fact]
    public void Broadcasting_is_what_writing_out_would_give() =>
        Check.One(Quietly, Prop.ForAll(Sizes, Choices, Choices, (sizes, left, right) =>
        {
            var shape = new Shape(sizes);
            Tensor a = Numbers(Narrow(sizes, left), 1).RequireGradient();
            Tensor b = Numbers(Narrow(sizes, right), 2).RequireGradient();
            Tensor y = a * b;
            Shape common = Broadcast.Common(a.Shape, b.Shape);
            Tensor written = Numbers(a.Shape, 1).BroadcastTo(common).Clone() * Numbers(b.Shape, 2).BroadcastTo(common).Clone();
            y.Sum().Backward();
            Tensor gradient = Sum(Numbers(b.Shape, 2).BroadcastTo(common), a.Shape);
            return y.Shape == common && y.Rank <= shape.Rank && y.ToArray().SequenceEqual(written.ToArray())
                && Near(a.Gradient.ToArray(), gradient.ToArray());
        }));

    [Fact]
    public void Reshaping_keeps_order_memory_and_gradients() =>
        Check.One(Quietly, Prop.ForAll(Sizes, sizes =>
        {
            Tensor x = Numbers(new Shape(sizes), 3).RequireGradient();
            Tensor flat = x.Reshape(-1);
            Tensor back = flat.Reshape(x.Shape);
            (back * x).Sum().Backward();
            x.Values[0] = 77;
            return flat.Rank == 1 && back.Shape == x.Shape && back.ToArray().SequenceEqual(x.ToArray())
                && x.Gradient.ToArray().Skip(1).Zip(x.ToArray().Skip(1)).All(pair => pair.First == 2 * pair.Second);
        }));

    [Fact]
    public void Every_permutation_has_its_inverse() =>
        Check.One(Quietly, Prop.ForAll(Sizes, Gen.Choose(0, 1_000_000).ToArbitrary(), (sizes, seed) =>
        {
            Tensor x = Numbers(new Shape(sizes), 4);
            int[] axes = new Pcg64((ulong)seed).Permutation(sizes.Length);
            int[] inverse = new int[axes.Length];
            for (int i = 0; i < axes.Length; i++)
            {
                inverse[axes[i]] = i;
            }

            Tensor y = x.Permute(axes);
            return y.Permute(inverse).ToArray().SequenceEqual(x.ToArray())
                && axes.Select((axis, i) => y.Shape[i] == x.Shape[axis]).All(same => same);
        }));

    [Fact]
    public void Parts_joined_again_are_the_whole() =>
        Check.One(Quietly, Prop.ForAll(Sizes, Gen.Choose(0, 100).ToArbitrary(), (sizes, choice) =>
        {
            if (sizes.Length == 0) return true;
            Tensor x = Numbers(new Shape(sizes), 5);
            int axis = choice % sizes.Length;
            int cut = choice % (sizes[axis] + 1);
            Tensor first = x.Slice(axis, 0, cut);
            Tensor second = x.Slice(axis, cut, sizes[axis] - cut);
            return Tensor.Concatenate(axis, first, second).ToArray().SequenceEqual(x.ToArray());
        }));

    [Fact]
    public void Sums_along_all_axes_are_the_sum() =>
        Check.One(Quietly, Prop.ForAll(Sizes, sizes =>
        {
            Tensor x = Numbers(new Shape(sizes), 6);
            Tensor y = x;
            while (y.Rank > 0) y = y.Sum(y.Rank / 2);
            return Math.Abs(y.Item() - x.Sum().Item()) <= 1e-5f * x.Abs().Sum().Item();
        }));

    private static Shape Narrow(int[] sizes, bool[] choices)
    {
        // Some axes become one; the first may be missing.
        IEnumerable<int> narrow = sizes.Select((size, i) => choices[i] ? 1 : size);
        return new Shape([.. choices[0] ? narrow.Skip(1) : narrow]);
    }

    private static Tensor Sum(Tensor x, Shape shape)
    {
        while (x.Rank > shape.Rank) x = x.Sum(0);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == 1) x = x.Sum(axis, keep: true);
        }

        return x;
    }

    private static bool Near(float[] expected, float[] actual) =>
        expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5 * (1 + Math.Abs(pair.First)));

    private static Tensor Numbers(Shape shape, ulong seed)
    {
        Tensor tensor = Tensor.Zeros(shape);
        new Pcg64(seed).FillUniform(tensor.Values, 0.5, 2);
        return tensor;
    }
}
