using System.Text.Json;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Environments.Rendering;

public sealed class ClassicFrameTests
{
    public static TheoryData<string> CartPoleFrames => Frames("CartPole-v1");

    public static TheoryData<string> MountainCarFrames => Frames("MountainCar-v0", "MountainCarContinuous-v0");

    public static TheoryData<string> AcrobotFrames => Frames("Acrobot-v1");

    public static TheoryData<string> PendulumFrames => Frames("Pendulum-v1");

    [Theory]
    [MemberData(nameof(CartPoleFrames))]
    public void CartPole_looks_as_in_Gymnasium(string file)
    {
        double[] state = State(file);
        byte[] frame = new byte[CartPoleRenderer.Width * CartPoleRenderer.Height * 3];
        CartPoleRenderer.Draw(frame, state[0], state[2]);
        GoldenFrame.RequireEqual(file, frame);
    }

    [Theory]
    [MemberData(nameof(MountainCarFrames))]
    public void MountainCar_looks_as_in_Gymnasium(string file)
    {
        double[] state = State(file);
        byte[] frame = new byte[MountainCarRenderer.Width * MountainCarRenderer.Height * 3];
        MountainCarRenderer.Draw(frame, state[0], goal: file.Contains("Continuous") ? 0.45 : 0.5);
        GoldenFrame.RequireEqual(file, frame);
    }

    [Theory]
    [MemberData(nameof(AcrobotFrames))]
    public void Acrobot_looks_as_in_Gymnasium(string file)
    {
        double[] state = State(file);
        byte[] frame = new byte[AcrobotRenderer.Width * AcrobotRenderer.Height * 3];
        AcrobotRenderer.Draw(frame, state[0], state[1]);
        GoldenFrame.RequireEqual(file, frame);
    }

    [Theory]
    [MemberData(nameof(PendulumFrames))]
    public void Pendulum_looks_as_in_Gymnasium(string file)
    {
        double? torque = Entry(file).TryGetProperty("torque", out JsonElement value) ? value.GetDouble()
            : file.Contains("frame4") ? 1.5 : null;
        double[] state = State(file);
        byte[] frame = new byte[PendulumRenderer.Width * PendulumRenderer.Height * 3];
        PendulumRenderer.Draw(frame, state[0], torque);

        // The arrow is a drawing of our own; everything else is the same.
        GoldenFrame.RequireClose(file, frame, meanDifference: torque is null or 0 ? 0 : 0.25);
    }

    private static TheoryData<string> Frames(params string[] environments) =>
    [
        .. GoldenFrame.Entries()
            .Where(entry => environments.Contains(Text(entry, "env")))
            .Select(entry => Text(entry, "png")),
    ];

    private static JsonElement Entry(string file) => GoldenFrame.Entries().Single(entry => Text(entry, "png") == file);

    private static double[] State(string file) =>
        [.. Entry(file).GetProperty("state").EnumerateArray().Select(value => value.GetDouble())];

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
