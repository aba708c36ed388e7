using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void A_shape_knows_its_axes_and_length()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal(3, shape.Rank);
        Assert.Equal(24, shape.Length);
        Assert.Equal(4, shape[-1]);
        Assert.Equal("[2, 3, 4]", shape.ToString());
    }

    [Fact]
    public void A_negative_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Shape(2, -1));
}
