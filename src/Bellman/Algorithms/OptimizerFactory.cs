using Bellman.Neural.Nn;

namespace Bellman.Algorithms;

/// <summary>Makes the optimizer that an algorithm's options name.</summary>
internal static class OptimizerFactory
{
    private const double DefaultEpsilon = 1e-8;

    /// <param name="epsilon">Added to the root of the second moment; null for PyTorch's default.</param>
    public static Optimizer Create(
        OptimizerKind kind, Module network, double learningRate, bool amsgrad, double? weightDecay, GradientClip clip,
        double? epsilon = null)
    {
        double decay = weightDecay ?? 0;
        double eps = epsilon ?? DefaultEpsilon;
        return kind switch
        {
            OptimizerKind.Adam => new Adam(network, learningRate, epsilon: eps, weightDecay: decay, amsgrad: amsgrad) { Clip = clip },
            OptimizerKind.AdamW => new Adam(
                network, learningRate, epsilon: eps, weightDecay: weightDecay ?? 0.01, decoupled: true, amsgrad: amsgrad)
            {
                Clip = clip,
            },
            OptimizerKind.RmsProp => new RmsProp(network, learningRate, epsilon: eps, weightDecay: decay) { Clip = clip },
            OptimizerKind.Sgd => new Sgd(network, learningRate, weightDecay: decay) { Clip = clip },
            _ => throw new OptionException($"There is no optimizer {kind}."),
        };
    }
}
