using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;

namespace Bellman.Algorithms;

/// <summary>Makes the network of a value-based algorithm: a trunk for the kind of observation, then one or two streams of two layers.</summary>
/// <remarks>
/// As in the papers, whose convolutions are the trunk and whose last two layers are the streams, which dueling doubles and noisy networks
/// make noisy: here the last hidden layer and the output are the stream, the hidden layers before them the trunk.
/// </remarks>
internal static class ValueNetwork
{
    /// <param name="options">Say how wide the layers are, and whether there are two streams and noise.</param>
    /// <param name="observations">What the network sees, [batch, …].</param>
    /// <param name="actions">How many actions there are.</param>
    /// <param name="numbers">Numbers that describe the value of an action.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <returns>[batch, …] → [batch, actions · numbers]</returns>
    public static Module Create(ValueOptions options, Space observations, int actions, int numbers, Pcg64 random)
    {
        FeaturesExtractor? extractor = FeaturesExtractor.Create(options.FeaturesExtractor, observations, random);
        int features = extractor?.Features ?? observations.FlatSize;
        int[] hidden = [.. options.NetArch];
        if (!options.Dueling && !options.NoisyNet)
        {
            var head = new Mlp(features, hidden, actions * numbers, random);
            return extractor is null ? head : new Sequential(extractor, head);
        }

        List<Module> layers = extractor is null ? [] : [extractor];
        foreach (int width in hidden.SkipLast(1))
        {
            layers.Add(new Linear(features, width, random));
            layers.Add(new Relu());
            features = width;
        }

        if (options.Dueling)
        {
            layers.Add(new Dueling(Stream(numbers), Stream(actions * numbers), numbers));
        }
        else
        {
            layers.Add(Stream(actions * numbers));
        }

        return new Sequential(layers.ToArray());

        Module Stream(int outputs) => hidden.Length == 0
            ? Layer(features, outputs)
            : new Sequential(Layer(features, hidden[^1]), new Relu(), Layer(hidden[^1], outputs));

        Module Layer(int inputs, int outputs) => options.NoisyNet
            ? new NoisyLinear(inputs, outputs, random, (float)options.NoisySigma0)
            : new Linear(inputs, outputs, random);
    }
}
