using Bellman.Environments.Rendering;
using Bellman.Neural.Tensors;
using Bellman.Plotting;

namespace Bellman.Tests.Plotting;

public class TileSheetTests
{
    [Fact]
    public void The_channels_of_filters_stand_beside_each_other_in_one_scale()
    {
        // Two filters of two channels of one number: squares of 32 with gaps of one, and two gaps between the filters of a row.
        Picture picture = TileSheet.Filters(Tensor.From([1, -1, 0, 0.5f], 2, 2, 1, 1));
        Assert.Equal(((1 * 67) + 1, (2 * 33) + 1), (picture.Width, picture.Height));
        Assert.Equal([255, 0, 0], Pixel(picture, 1, 1));
        Assert.Equal([0, 0, 255], Pixel(picture, 34, 32));
        Assert.Equal([255, 255, 255], Pixel(picture, 1, 34));
        Assert.Equal([255, 128, 128], Pixel(picture, 34, 34));
        Assert.Equal([128, 128, 128], Pixel(picture, 33, 1));
    }

    [Fact]
    public void The_loudest_activation_is_white()
    {
        Picture picture = TileSheet.Activations(Tensor.From([0, 2, 4, 1], 1, 4, 1, 1));
        Assert.Equal((1 + (2 * 34), 1 + (2 * 33)), (picture.Width, picture.Height));
        Assert.Equal([0, 0, 0], Pixel(picture, 1, 1));
        Assert.Equal([128, 128, 128], Pixel(picture, 35, 1));
        Assert.Equal([255, 255, 255], Pixel(picture, 1, 34));
        Assert.Equal([64, 64, 64], Pixel(picture, 35, 34));
    }

    [Fact]
    public void A_silent_layer_is_black() =>
        Assert.Equal([0, 0, 0], Pixel(TileSheet.Activations(Tensor.Zeros(1, 1, 2, 2)), 5, 5));

    private static byte[] Pixel(Picture picture, int x, int y) =>
        picture.Pixels.AsSpan(((y * picture.Width) + x) * 3, 3).ToArray();
}
