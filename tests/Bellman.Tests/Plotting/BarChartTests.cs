using System.Xml.Linq;
using Bellman.Plotting;

namespace Bellman.Tests.Plotting;

public sealed class BarChartTests
{
    [Fact]
    public void Bars_are_in_proportion_to_their_shares()
    {
        var chart = new BarChart { Title = "a < b", Bars = [new Bar("LearningRate", 0.5), new Bar("Gamma", 0.25), new Bar("NSteps", 0)] };
        XElement svg = XDocument.Parse(chart.ToSvg()).Root!;
        string[] texts = [.. svg.Elements().Where(one => one.Name.LocalName == "text").Select(one => one.Value)];
        Assert.Equal(["a < b", "LearningRate", "50.0 %", "Gamma", "25.0 %", "NSteps", "0.0 %"], texts);
        double[] lengths =
        [
            .. svg.Elements().Where(one => one.Attribute("fill-opacity") is not null).Select(one => Length(one.Attribute("d")!.Value)),
        ];
        Assert.Equal([420, 210, 0], lengths.Select(length => Math.Round(length, 1)));
    }

    private static double Length(string path)
    {
        string[] corners = path.TrimStart('M').Split('L');
        return double.Parse(corners[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
            - double.Parse(corners[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
