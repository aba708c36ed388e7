using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn;

/// <summary>What layers do beyond the values that PyTorch recorded.</summary>
public sealed class LayerTests
{
    [Fact]
    public void Bytes_enter_a_convolution_as_scaled_floats_do()
    {
        Tensor bytes = Tensor.ZeroBytes(new Shape(3, 2, 9, 11));
        new Pcg64(1).FillIntegers(bytes.Bytes, 0, 256);
        foreach (int padding in new[] { 0, 2 })
        {
            var layer = new Conv2d(2, 5, kernel: 3, new Pcg64(2), stride: 2, padding);
            Tensor fromBytes = layer.Forward(bytes);
            fromBytes.Square().Mean().Backward();
            float[] gradient = layer.Weight.Gradient.ToArray();
            layer.ZeroGradients();
            Tensor fromFloats = layer.Forward(bytes.ToFloat(1f / 255));
            fromFloats.Square().Mean().Backward();
            Assert.Equal(fromFloats.ToArray(), fromBytes.ToArray());
            Assert.Equal(layer.Weight.Gradient.ToArray(), gradient);
        }
    }

    [Fact]
    public void A_picture_is_the_same_to_the_Nature_network_as_bytes_and_as_floats()
    {
        var network = new NatureCnn(2, 3, new Pcg64(1), height: 36, width: 36);
        Tensor bytes = Tensor.ZeroBytes(new Shape(2, 2, 36, 36));
        new Pcg64(1).FillIntegers(bytes.Bytes, 0, 256);
        Assert.Equal(network.Forward(bytes.ToFloat()).ToArray(), network.Forward(bytes).ToArray());
    }

    [Fact]
    public void Activations_after_layers_run_in_the_same_kernel_with_the_same_result()
    {
        Tensor input = Numbers(2, 1, 6, 5);
        var convolution = new Conv2d(1, 2, 3, new Pcg64(1));
        var normalisation = new BatchNorm(2);
        Tensor apart = convolution.Forward(input).Relu();
        Tensor together = new Sequential(convolution, new Relu()).Forward(input);
        Assert.Equal(apart.ToArray(), together.ToArray());
        apart = normalisation.Forward(together).Relu();
        together = new Sequential(normalisation, new Relu()).Forward(together);
        Assert.Equal(apart.ToArray(), together.ToArray());
    }

    [Fact]
    public void An_episodes_start_forgets_what_was_before()
    {
        Tensor input = Numbers(5, 2, 3);
        Tensor starts = Tensor.Zeros(5, 2);
        starts[2, 0] = 1;
        starts[2, 1] = 1;
        var lstm = new Lstm(3, 4, new Pcg64(1), layers: 2);
        LstmState state = new(Numbers(2, 2, 4), Numbers(2, 2, 4));
        (Tensor whole, LstmState end) = lstm.Forward(input, state, starts);
        (Tensor first, _) = lstm.Forward(input.Slice(0, 0, 2), state);
        (Tensor second, LstmState after) = lstm.Forward(input.Slice(0, 2, 3), lstm.ZeroState(2));
        Assert.Equal(Tensor.Concatenate(0, first, second).ToArray(), whole.ToArray());
        Assert.Equal(after.Cell.ToArray(), end.Cell.ToArray());

        var gru = new Gru(3, 4, new Pcg64(1), layers: 2);
        (Tensor all, Tensor last) = gru.Forward(input, Numbers(2, 2, 4), starts);
        (Tensor rest, Tensor lastOfRest) = gru.Forward(input.Slice(0, 2, 3), gru.ZeroState(2));
        Assert.Equal(rest.ToArray(), all.Slice(0, 2, 3).ToArray());
        Assert.Equal(lastOfRest.ToArray(), last.ToArray());
    }

    [Fact]
    public void Steps_one_by_one_are_the_sequence()
    {
        Tensor input = Numbers(4, 2, 3);
        var lstm = new Lstm(3, 4, new Pcg64(1));
        var cell = new LstmCell(3, 4, new Pcg64(1));
        LstmState state = cell.ZeroState(2);
        Tensor outputs = lstm.Forward(input);
        for (int t = 0; t < 4; t++)
        {
            state = cell.Forward(input.Select(0, t), state);
            Assert.Equal(outputs.Select(0, t).ToArray(), state.Output.ToArray());
        }
    }

    [Fact]
    public void Noise_changes_when_it_is_reset_and_is_absent_in_evaluation()
    {
        var layer = new NoisyLinear(4, 3, new Pcg64(1));
        Tensor input = Numbers(2, 4);
        float[] first = layer.Forward(input).ToArray();
        Assert.Equal(first, layer.Forward(input).ToArray());
        layer.ResetNoise();
        Assert.NotEqual(first, layer.Forward(input).ToArray());
        layer.Train(on: false);
        Dictionary<string, Tensor> state = layer.NamedState().ToDictionary(entry => entry.Name, entry => entry.Value);
        Assert.Equal(Tensor.Linear(input, state["weight_mu"], state["bias_mu"]).ToArray(), layer.Forward(input).ToArray());
        Assert.All(state["weight_sigma"].ToArray(), value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public void Noise_is_a_product_of_an_outputs_and_an_inputs()
    {
        var layer = new NoisyLinear(2, 1, new Pcg64(1));
        Dictionary<string, Tensor> state = layer.NamedState().ToDictionary(entry => entry.Name, entry => entry.Value);
        float Weight(int i) => state["weight_mu"][0, i] + (state["weight_sigma"][0, i] * state["output_noise"][0] * state["input_noise"][i]);
        float bias = state["bias_mu"][0] + (state["bias_sigma"][0] * state["output_noise"][0]);
        Assert.Equal((2 * Weight(0)) - Weight(1) + bias, layer.Forward(Tensor.From([2, -1], 1, 2))[0], 1e-5);
    }

    [Fact]
    public void Dueling_values_have_the_mean_of_V()
    {
        var dueling = new Dueling(4, 3, new Pcg64(1));
        Tensor input = Numbers(5, 4);
        Dictionary<string, Tensor> state = dueling.NamedState().ToDictionary(entry => entry.Name, entry => entry.Value);
        Tensor mean = dueling.Forward(input).Mean(axis: 1, keep: true);
        Tensor value = Tensor.Linear(input, state["value.weight"], state["value.bias"]);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(value[i, 0], mean[i, 0], 1e-6);
        }
    }

    [Fact]
    public void An_orthogonal_perceptron_starts_with_small_outputs_and_no_bias()
    {
        var network = new Mlp(4, [64, 64], 2, new Pcg64(1), () => new Tanh(), outputGain: 0.01f);
        Assert.True(network.Forward(Numbers(16, 4)).Abs().Max().Item() < 0.1f);
        Assert.All(
            network.NamedParameters().Where(entry => entry.Name.EndsWith("bias", StringComparison.Ordinal)),
            entry => Assert.All(entry.Value.ToArray(), value => Assert.Equal(0, value)));
    }

    private static Tensor Numbers(params int[] sizes)
    {
        Tensor tensor = Tensor.Zeros(sizes);
        new Pcg64(7).FillNormal(tensor.Values);
        return tensor;
    }
}
