using System.Globalization;
using System.IO.Compression;
using Bellman.Environments;

namespace Bellman.Tests.Environments;

public sealed class NumpyMathTests
{
    [Fact]
    public void Sine_and_cosine_have_NumPys_bits()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "numpy", "sine.txt.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int lines = 0;
        while (reader.ReadLine() is string line)
        {
            double[] values = [.. line.Split(' ').Select(text => BitConverter.Int64BitsToDouble(long.Parse(text, NumberStyles.HexNumber)))];
            Assert.Equal(values[1], NumpyMath.Sin(values[0]));
            Assert.Equal(values[2], NumpyMath.Cos(values[0]));
            lines++;
        }

        Assert.Equal(4807, lines);
    }
}
