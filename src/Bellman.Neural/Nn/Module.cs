using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bellman.Neural.Kernels;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// A network or a part of one: parameters, buffers and child modules under names. Names, order and shapes are those of PyTorch's
/// <c>state_dict</c>.
/// </summary>
/// <remarks>
/// All parameters of a module lie in one block of memory and their gradients in another, each parameter on a cache line of its own
/// with zeros between, so that optimizers, clipping and target blending are single loops over <see cref="Parameters"/> and
/// <see cref="Gradients"/>. The block forms when it is first asked for; adding a part afterwards forms a new one.
/// </remarks>
public abstract class Module : IStateful
{
    private readonly List<(string Name, Tensor Value)> parameters = [];
    private readonly List<(string Name, Tensor Value)> buffers = [];
    private readonly List<(string Name, Module Value)> children = [];
    private Tensor[]? flat;
    private float[] values = [];
    private float[] gradients = [];
    private int start;
    private int gradientStart;
    private int blockLength;

    /// <summary>True (as at first) where layers such as batch normalisation and noisy layers behave as in training.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The block of all parameters, zeros in the gaps between them.</summary>
    public Span<float> Parameters
    {
        get
        {
            Flatten();
            return values.AsSpan(start, blockLength);
        }
    }

    /// <summary>The block of all gradients, laid out as <see cref="Parameters"/>; zeros where a backward pass did not come.</summary>
    public Span<float> Gradients
    {
        get
        {
            foreach (Tensor parameter in Flatten())
            {
                if (!parameter.HasGradient) parameter.Gradient.Clear();
            }

            return gradients.AsSpan(gradientStart, blockLength);
        }
    }

    /// <summary>The number of trainable numbers.</summary>
    public int ParameterCount => NamedParameters().Sum(parameter => parameter.Value.Length);

    public abstract Tensor Forward(Tensor input);

    /// <summary>Names and tensors of all parameters, in PyTorch's order: a module's own first, then its children's.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedParameters() => Named(module => module.parameters, prefix: "");

    /// <summary>Names and tensors of parameters and buffers, in the order of PyTorch's <c>state_dict</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedState() =>
        Named(module => module.parameters.Concat(module.buffers), prefix: "");

    /// <summary>This module under the empty name, and all modules in it, a module before its children.</summary>
    public IEnumerable<(string Name, Module Value)> NamedModules()
    {
        yield return ("", this);
        foreach ((string name, Module child) in children)
        {
            foreach ((string inner, Module module) in child.NamedModules())
            {
                yield return (inner.Length == 0 ? name : $"{name}.{inner}", module);
            }
        }
    }

    /// <summary>Sets training or evaluation behaviour here and in all children.</summary>
    public void Train(bool on = true)
    {
        IsTraining = on;
        foreach ((_, Module child) in children)
        {
            child.Train(on);
        }
    }

    /// <summary>Draws new noise in all noisy layers, here and in children.</summary>
    public virtual void ResetNoise()
    {
        foreach ((_, Module child) in children)
        {
            child.ResetNoise();
        }
    }

    /// <summary>The next backward pass starts from zero gradients.</summary>
    public void ZeroGradients()
    {
        foreach (Tensor parameter in Flatten())
        {
            parameter.ZeroGradient();
        }
    }

    /// <summary>Has backward passes compute the gradients of all parameters, or only pass through them.</summary>
    /// <remarks>What is recorded while they are not required stays so.</remarks>
    public void RequireGradients(bool required = true)
    {
        foreach (Tensor parameter in Flatten())
        {
            parameter.RequireGradient(required);
        }
    }

    /// <summary>Copies parameters and buffers of a module of the same structure.</summary>
    public void CopyFrom(Module other)
    {
        RequireSameLayout(other);
        other.Parameters.CopyTo(Parameters);
        CopyBuffers(other);
    }

    /// <summary>θ ← τ · θ′ + (1 − τ) · θ for all parameters; buffers are copied. Polyak averaging of a target network.</summary>
    /// <param name="other">The module that gives θ′.</param>
    /// <param name="tau">τ in (0, 1]; 1 copies.</param>
    public void Blend(Module other, float tau)
    {
        RequireSameLayout(other);
        OptimizerKernels.Blend(Parameters, other.Parameters, tau);
        CopyBuffers(other);
    }

    /// <summary>SHA-256 over the bytes of all parameters and buffers in order, in lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, Tensor value) in NamedState())
        {
            hash.AppendData(MemoryMarshal.AsBytes(value.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Visits parameters and buffers; a module with state beyond them (a noise generator, say) adds it by overriding.</summary>
    public virtual void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach ((string name, Tensor value) in parameters.Concat(buffers))
        {
            state.Values(name, value.Values);
        }

        foreach ((string name, Module child) in children)
        {
            state.Part(name, child);
        }
    }

    /// <summary>One line per parameter and buffer with its shape, as a printed <c>state_dict</c>.</summary>
    public override string ToString() =>
        string.Join('\n', NamedState().Select(entry => $"{entry.Name,-32} {entry.Value.Shape}"));

    /// <summary>Registers a child under a name and returns it.</summary>
    protected T Add<T>(string name, T module) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        RequireNewName(name);
        children.Add((name, module));
        flat = null;
        return module;
    }

    /// <summary>Registers a trainable tensor under a name and returns it.</summary>
    protected Tensor AddParameter(string name, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        RequireNewName(name);
        parameters.Add((name, parameter.RequireGradient()));
        flat = null;
        return parameter;
    }

    /// <summary>Registers a tensor that belongs to the state but is not trained, such as a running mean, and returns it.</summary>
    protected Tensor AddBuffer(string name, Tensor buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        RequireNewName(name);
        buffers.Add((name, buffer));
        return buffer;
    }

    private IEnumerable<(string Name, Tensor Value)> Named(
        Func<Module, IEnumerable<(string Name, Tensor Value)>> select, string prefix)
    {
        foreach ((string name, Tensor value) in select(this))
        {
            yield return (prefix + name, value);
        }

        foreach ((string name, Module child) in children)
        {
            foreach ((string Name, Tensor Value) entry in child.Named(select, $"{prefix}{name}."))
            {
                yield return entry;
            }
        }
    }

    // A parent that forms its block moves the parameters of its children, whose own blocks are then stretches of the parent's. So a
    // block is checked, not trusted, each time: by the place of its first and last parameter.
    private Tensor[] Flatten()
    {
        if (flat is not null && (flat.Length == 0 || IsInPlace(flat))) return flat;

        Tensor[] tensors = NamedParameters().Select(entry => entry.Value).ToArray();
        if (tensors.Length == 0) return flat = tensors;
        if (flat is not null && FollowMove(tensors)) return flat;

        blockLength = tensors.Sum(tensor => AlignedMemory.RoundUp(tensor.Length));
        values = AlignedMemory.Allocate(blockLength, out start);
        gradients = AlignedMemory.Allocate(blockLength, out gradientStart);
        int position = 0;
        foreach (Tensor tensor in tensors)
        {
            tensor.Move(values, gradients, start + position, gradientStart + position);
            position += AlignedMemory.RoundUp(tensor.Length);
        }

        return flat = tensors;
    }

    private bool IsInPlace(Tensor[] tensors) =>
        tensors[0].IsAt(values, start)
        && tensors[^1].IsAt(values, start + blockLength - AlignedMemory.RoundUp(tensors[^1].Length));

    /// <summary>Takes over the stretch of a parent's block to which the parameters have moved, if they still lie in one row.</summary>
    private bool FollowMove(Tensor[] tensors)
    {
        (float[] newValues, int newStart, float[] newGradients, int newGradientStart) = tensors[0].Place();
        int position = newStart;
        foreach (Tensor tensor in tensors)
        {
            if (!tensor.IsAt(newValues, position)) return false;
            position += AlignedMemory.RoundUp(tensor.Length);
        }

        (values, start, gradients, gradientStart) = (newValues, newStart, newGradients, newGradientStart);
        blockLength = position - newStart;
        return true;
    }

    private void CopyBuffers(Module other)
    {
        for (int i = 0; i < buffers.Count; i++)
        {
            other.buffers[i].Value.Values.CopyTo(buffers[i].Value.Values);
        }

        for (int i = 0; i < children.Count; i++)
        {
            children[i].Value.CopyBuffers(other.children[i].Value);
        }
    }

    private void RequireSameLayout(Module other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Parameters.Length != Parameters.Length)
        {
            throw new ArgumentException(
                $"A module of the same structure was expected, with {ParameterCount} parameters; got {other.ParameterCount}.", nameof(other));
        }
    }

    private void RequireNewName(string name)
    {
        if (parameters.Exists(entry => entry.Name == name) || buffers.Exists(entry => entry.Name == name)
            || children.Exists(entry => entry.Name == name))
        {
            throw new ArgumentException($"The module has a part named {name} already.", nameof(name));
        }
    }
}
