using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>max(x, 0)</summary>
public sealed class Relu : Module
{
    public override Tensor Forward(Tensor input) => input.Relu();
}

/// <summary>tanh x</summary>
public sealed class Tanh : Module
{
    public override Tensor Forward(Tensor input) => input.Tanh();
}
