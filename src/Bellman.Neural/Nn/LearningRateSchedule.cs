namespace Bellman.Neural.Nn;

/// <summary>Learning rates over a training, after torch.optim.lr_scheduler: functions of the number of steps made, without state.</summary>
/// <remarks>Used as <c>optimizer.LearningRate = LearningRateSchedule.Cosine(3e-4, step, period: 10_000)</c>.</remarks>
public static class LearningRateSchedule
{
    /// <summary>From α · startFactor in a straight line to α · endFactor, constant from then on.</summary>
    /// <param name="learningRate">α</param>
    /// <param name="step">Steps made, from 0 on.</param>
    /// <param name="totalSteps">Steps after which the end is reached.</param>
    public static double Linear(double learningRate, long step, long totalSteps, double startFactor = 1, double endFactor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps);
        return learningRate * (startFactor + ((endFactor - startFactor) * Math.Min(step, totalSteps) / totalSteps));
    }

    /// <summary>α · factorˢᵗᵉᵖ</summary>
    /// <param name="learningRate">α</param>
    /// <param name="step">Steps made, from 0 on.</param>
    public static double Exponential(double learningRate, long step, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return learningRate * Math.Pow(factor, step);
    }

    /// <summary>α, multiplied by a factor every <paramref name="interval"/> steps.</summary>
    /// <param name="learningRate">α</param>
    /// <param name="step">Steps made, from 0 on.</param>
    public static double Step(double learningRate, long step, long interval, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interval);
        return learningRate * Math.Pow(factor, step / interval);
    }

    /// <summary>From α along half a cosine wave to the lowest rate after one period, and back in the next. Loshchilov &amp; Hutter 2017.</summary>
    /// <param name="learningRate">α</param>
    /// <param name="step">Steps made, from 0 on.</param>
    /// <param name="period">Steps from the highest rate to the lowest.</param>
    public static double Cosine(double learningRate, long step, long period, double lowest = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        return lowest + ((learningRate - lowest) * (1 + Math.Cos(Math.PI * step / period)) / 2);
    }
}
