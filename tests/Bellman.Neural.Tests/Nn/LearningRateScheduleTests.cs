using Bellman.Neural.Nn;

namespace Bellman.Neural.Tests.Nn;

/// <summary>Rates that torch.optim.lr_scheduler 1.13 gave for a learning rate of 0.5, twelve steps each.</summary>
public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Linear_is_LinearLR() => Check(
        step => LearningRateSchedule.Linear(0.5, step, totalSteps: 8, startFactor: 0.25, endFactor: 1),
        [0.125, 0.171875, 0.21875, 0.265625, 0.3125, 0.359375, 0.40625, 0.453125, 0.5, 0.5, 0.5, 0.5]);

    [Fact]
    public void Exponential_is_ExponentialLR() => Check(
        step => LearningRateSchedule.Exponential(0.5, step, factor: 0.9),
        [
            0.5, 0.45, 0.405, 0.3645, 0.32805, 0.295245, 0.2657205, 0.23914845, 0.215233605, 0.1937102445, 0.17433922005, 0.156905298045,
        ]);

    [Fact]
    public void Step_is_StepLR() => Check(
        step => LearningRateSchedule.Step(0.5, step, interval: 5), [0.5, 0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.05, 0.005, 0.005]);

    [Fact]
    public void Cosine_is_CosineAnnealingLR() => Check(
        step => LearningRateSchedule.Cosine(0.5, step, period: 8, lowest: 0.1),
        [
            0.5, 0.4847759065022573, 0.4414213562373095, 0.376536686473018, 0.3, 0.22346331352698207, 0.1585786437626905, 0.11522409349774265,
            0.1, 0.11522409349774265, 0.15857864376269054, 0.2234633135269821,
        ]);

    private static void Check(Func<long, double> schedule, double[] expected)
    {
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.Equal(expected[step], schedule(step), 1e-12);
        }
    }
}
