using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// y = (μʷ + σʷ ⊙ εʷ) · x + μᵇ + σᵇ ⊙ εᵇ with factorised Gaussian noise, whose size is learned: exploration by the network itself.
/// Fortunato et al. 2018.
/// </summary>
/// <remarks>
/// εʷ is the product f(ε of y) · f(ε of x)ᵀ with f(z) = sgn(z)·√|z|, and εᵇ = f(ε of y). Noise stays until <see cref="ResetNoise"/>;
/// in evaluation there is none.
/// </remarks>
public sealed class NoisyLinear : Module
{
    private readonly Tensor weightMean;
    private readonly Tensor weightDeviation;
    private readonly Tensor biasMean;
    private readonly Tensor biasDeviation;
    private readonly Tensor inputNoise;
    private readonly Tensor outputNoise;
    private readonly Pcg64 noise;

    /// <param name="inputs">Features of x.</param>
    /// <param name="outputs">Features of y.</param>
    /// <param name="random">Draws the means; a generator derived from it draws the noise.</param>
    /// <param name="initialDeviation">σ₀; σ starts from σ₀ / √inputs.</param>
    public NoisyLinear(int inputs, int outputs, Pcg64 random, float initialDeviation = 0.5f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(random);
        weightMean = AddParameter("weight_mu", Tensor.Zeros(outputs, inputs));
        weightDeviation = AddParameter("weight_sigma", Tensor.Zeros(outputs, inputs));
        biasMean = AddParameter("bias_mu", Tensor.Zeros(outputs));
        biasDeviation = AddParameter("bias_sigma", Tensor.Zeros(outputs));
        inputNoise = AddBuffer("input_noise", Tensor.Zeros(inputs));
        outputNoise = AddBuffer("output_noise", Tensor.Zeros(outputs));
        float bound = 1 / MathF.Sqrt(inputs);
        Initialise.Uniform(weightMean, -bound, bound, random);
        Initialise.Uniform(biasMean, -bound, bound, random);
        Initialise.Constant(weightDeviation, initialDeviation * bound);
        Initialise.Constant(biasDeviation, initialDeviation * bound);
        noise = random.Spawn(1)[0];
        ResetNoise();
    }

    /// <param name="input">[…, inputs]</param>
    /// <returns>[…, outputs]</returns>
    public override Tensor Forward(Tensor input)
    {
        Tensor mean = Tensor.Linear(input, weightMean, biasMean);
        if (!IsTraining) return mean;

        // The noise of a weight is a product, so it can be put on x before and on y after the matrix of deviations.
        return mean + (Tensor.Linear(input * inputNoise, weightDeviation, biasDeviation) * outputNoise);
    }

    public override void ResetNoise()
    {
        Draw(inputNoise.Values);
        Draw(outputNoise.Values);
    }

    public override void Visit(IStateVisitor state)
    {
        base.Visit(state);
        state.Part(nameof(noise), noise);
    }

    private void Draw(Span<float> destination)
    {
        foreach (ref float value in destination)
        {
            double z = noise.StandardNormal();
            value = (float)(Math.Sign(z) * Math.Sqrt(Math.Abs(z)));
        }
    }
}
