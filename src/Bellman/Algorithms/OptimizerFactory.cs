using Bellman.Neural.Nn;

namespace Bellman.Algorithms;

/// <summary>Makes the optimizer that an algorithm's options name.</summary>
internal static class OptimizerFactory
{
    public static Optimizer Create(
        OptimizerKind kind, Module network, double learningRate, bool amsgrad, double? weightDecay, GradientClip clip) => kind switch
        {
            OptimizerKind.Adam => new Adam(network, learningRate, weightDecay: weightDecay ?? 0, amsgrad: amsgrad) { Clip = clip },
            OptimizerKind.AdamW => new Adam(network, learningRate, weightDecay: weightDecay ?? 0.01, decoupled: true, amsgrad: amsgrad)
            {
                Clip = clip,
            },
            OptimizerKind.RmsProp => new RmsProp(network, learningRate, weightDecay: weightDecay ?? 0) { Clip = clip },
            OptimizerKind.Sgd => new Sgd(network, learningRate, weightDecay: weightDecay ?? 0) { Clip = clip },
            _ => throw new OptionException($"There is no optimizer {kind}."),
        };
}
