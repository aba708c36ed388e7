using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void A_product_and_its_gradients_are_those_computed_by_hand()
    {
        Tensor a = Tensor.From([1, 2, 3, 4], 2, 2).RequireGradient();
        Tensor b = Tensor.From([5, 6, 7, 8], 2, 2).RequireGradient();
        Tensor c = Tensor.MatMul(a, b);
        Assert.Equal([19, 22, 43, 50], c.ToArray());
        c.Sum().Backward();
        Assert.Equal([11, 15, 11, 15], a.Gradient.ToArray());
        Assert.Equal([4, 4, 6, 6], b.Gradient.ToArray());
    }

    [Fact]
    public void A_row_is_the_stretch_of_an_index_of_the_first_axis()
    {
        Tensor a = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2);
        Assert.Equal([5, 6, 7, 8], a.Row(1).ToArray());
        a.Row(0)[3] = 9;
        Assert.Equal(9, a[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Row(2).Length);
    }

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        Tensor x = Tensor.From([3, -2], 2).RequireGradient();
        ((x * x) + x).Sum().Backward();
        Assert.Equal([7, -3], x.Gradient.ToArray());
    }

    [Theory]
    [InlineData(new[] { 2, 3 }, new[] { 3 })]
    [InlineData(new[] { 2, 3 }, new[] { 2, 1 })]
    [InlineData(new[] { 4, 2, 3 }, new[] { 4, 1, 3 })]
    [InlineData(new[] { 1, 3 }, new[] { 2, 1 })]
    public void Broadcasting_repeats_values_and_sums_gradients(int[] left, int[] right)
    {
        Tensor a = Tensor.Full(new Shape(left), 2).RequireGradient();
        Tensor b = Tensor.Full(new Shape(right), 3).RequireGradient();
        Tensor y = a * b;
        Assert.All(y.ToArray(), value => Assert.Equal(6, value));
        y.Sum().Backward();
        Assert.All(a.Gradient.ToArray(), value => Assert.Equal(3f * y.Length / a.Length, value));
        Assert.All(b.Gradient.ToArray(), value => Assert.Equal(2f * y.Length / b.Length, value));
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused_by_name()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Zeros(2, 3) + Tensor.Zeros(2, 4));
        Assert.Contains("[2, 3] and [2, 4]", error.Message);
    }

    [Fact]
    public void Nothing_is_recorded_during_a_pause()
    {
        Tensor x = Tensor.From([1], 1).RequireGradient();
        using (Autograd.Pause())
        {
            Assert.False((x * 2).RequiresGradient);
        }

        Assert.True((x * 2).RequiresGradient);
    }

    [Fact]
    public void The_gradient_of_the_largest_value_goes_to_its_place()
    {
        Tensor x = Tensor.From([1, 5, 2, 7, 7, 0], 2, 3).RequireGradient();
        Tensor largest = x.MaxRows();
        Assert.Equal([5, 7], largest.ToArray());
        largest.Backward([10, 20]);
        Assert.Equal([0, 10, 0, 20, 0, 0], x.Gradient.ToArray());
    }

    [Fact]
    public void A_tensor_of_an_ended_scope_says_so()
    {
        var workspace = new Workspace();
        Tensor kept;
        using (workspace.Begin())
        {
            kept = Tensor.Zeros(3) + 1;
        }

        Assert.Contains("scope", Assert.Throws<InvalidOperationException>(() => kept.ToArray()).Message);
    }
}
