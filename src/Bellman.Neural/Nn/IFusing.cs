using Bellman.Neural.Kernels;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>A layer whose kernel can do the activation after it as well.</summary>
internal interface IFusing
{
    bool Fuses(Activation activation);

    Tensor Forward(Tensor input, Activation activation);
}
