using Bellman.Environments.Rendering;

namespace Bellman.Tests.Environments.Rendering;

public sealed class PngFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_picture_survives_writing_and_reading(int channels)
    {
        byte[] pixels = new byte[7 * 5 * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i * 89);
        }

        using MemoryStream file = new();
        PngFile.Write(file, pixels, width: 7, height: 5, channels);
        file.Position = 0;
        Picture picture = PngFile.Read(file);
        Assert.Equal((7, 5, channels), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(pixels, picture.Pixels);
    }

    [Fact]
    public void Damage_is_noticed()
    {
        using MemoryStream file = new();
        PngFile.Write(file, new byte[12], width: 2, height: 2);
        byte[] bytes = file.ToArray();
        bytes[45] ^= 1;
        Assert.Throws<InvalidDataException>(() => PngFile.Read(new MemoryStream(bytes)));
        Assert.Throws<InvalidDataException>(() => PngFile.Read(new MemoryStream("not a picture"u8.ToArray())));
    }

    [Fact]
    public void The_wrong_number_of_bytes_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => PngFile.Write(new MemoryStream(), new byte[11], width: 2, height: 2));
        Assert.Contains("takes 12 bytes; got 11", error.Message);
    }
}
