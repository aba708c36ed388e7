using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>max(x, 0)</summary>
public sealed class Relu : Module
{
    public override Tensor Forward(Tensor input) => input.Relu();
}

/// <summary>x where positive, else slope·x.</summary>
public sealed class LeakyRelu(float slope = 0.01f) : Module
{
    /// <summary>The factor of negative numbers.</summary>
    public float Slope { get; } = slope;

    public override Tensor Forward(Tensor input) => input.LeakyRelu(Slope);
}

/// <summary>tanh x</summary>
public sealed class Tanh : Module
{
    public override Tensor Forward(Tensor input) => input.Tanh();
}

/// <summary>1 / (1 + e⁻ˣ)</summary>
public sealed class Sigmoid : Module
{
    public override Tensor Forward(Tensor input) => input.Sigmoid();
}

/// <summary>x where positive, else α·(eˣ − 1).</summary>
public sealed class Elu(float alpha = 1) : Module
{
    public override Tensor Forward(Tensor input) => input.Elu(alpha);
}

/// <summary>x · σ(x), also called swish.</summary>
public sealed class Silu : Module
{
    public override Tensor Forward(Tensor input) => input.Silu();
}

/// <summary>x · Φ(x), or its approximation by tanh.</summary>
public sealed class Gelu(bool approximate = false) : Module
{
    public override Tensor Forward(Tensor input) => approximate ? input.GeluTanh() : input.Gelu();
}

/// <summary>ln(1 + eˣ)</summary>
public sealed class Softplus : Module
{
    public override Tensor Forward(Tensor input) => input.Softplus();
}

/// <summary>eˣ / Σ eˣ along the last axis.</summary>
public sealed class Softmax : Module
{
    public override Tensor Forward(Tensor input) => input.Softmax();
}

/// <summary>[batch, …] → [batch, features]</summary>
public sealed class Flatten : Module
{
    public override Tensor Forward(Tensor input) => input.Flatten();
}
