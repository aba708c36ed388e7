using System.Text.Json;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>The recorded layers: modules with their parameters by name.</summary>
internal static class GoldenLayer
{
    public static void Run(GoldenCase golden)
    {
        switch (golden.Name)
        {
            case "layer_norm":
                LayerNorm(golden);
                break;
            case "batch_norm":
                BatchNorm(golden);
                break;
            case "lstm" or "gru":
                Sequence(golden);
                break;
            default:
                Cell(golden);
                break;
        }
    }

    private static void LayerNorm(GoldenCase golden)
    {
        Tensor x = golden.Input("x");
        var layer = new LayerNorm(x.Shape[1], golden.Float("eps"));
        golden.Input("weight").Values.CopyTo(layer.Weight.Values);
        golden.Input("bias").Values.CopyTo(layer.Bias.Values);
        golden.Check(layer.Forward(x), ("x", x), ("weight", layer.Weight), ("bias", layer.Bias));
    }

    private static void BatchNorm(GoldenCase golden)
    {
        var layer = new BatchNorm(golden.Numbers("weight").Length, golden.Float("momentum"), golden.Float("eps"));
        golden.Numbers("weight").CopyTo(layer.Weight.Values);
        golden.Numbers("bias").CopyTo(layer.Bias.Values);
        Dictionary<string, Tensor> state = layer.NamedState().ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach (JsonElement step in golden.Json.GetProperty("training_steps").EnumerateArray())
        {
            layer.ZeroGradients();
            Tensor x = GoldenCase.Tensor(step.GetProperty("x")).RequireGradient();
            Tensor y = layer.Forward(x);
            golden.Near("y", GoldenCase.Numbers(step.GetProperty("y")), y.Values);
            y.Backward(GoldenCase.Numbers(step.GetProperty("dy")));
            golden.Near("dx", GoldenCase.Numbers(step.GetProperty("dx")), x.Gradient);
            golden.Near("dweight", GoldenCase.Numbers(step.GetProperty("dweight")), layer.Weight.Gradient);
            golden.Near("dbias", GoldenCase.Numbers(step.GetProperty("dbias")), layer.Bias.Gradient);
            golden.Near("running mean", GoldenCase.Numbers(step.GetProperty("running_mean")), state["running_mean"].Values);
            golden.Near("running variance", GoldenCase.Numbers(step.GetProperty("running_var")), state["running_var"].Values);
        }

        Assert.Equal(3, state["num_batches_tracked"].Item());
        layer.Train(on: false);
        golden.Near("evaluation", "eval_y", layer.Forward(golden.Tensor("eval_x")).Values);
    }

    private static void Sequence(GoldenCase golden)
    {
        Tensor x = golden.Tensor("x").RequireGradient();
        int hidden = golden.Tensor("y").Shape[2];
        Module module = golden.Name == "lstm" ? new Lstm(x.Shape[2], hidden, new Pcg64(0)) : new Gru(x.Shape[2], hidden, new Pcg64(0));
        Load(module, golden.Json.GetProperty("parameters"));
        (Tensor y, Tensor state) = (null!, null!);
        if (module is Lstm lstm)
        {
            (y, LstmState after) = lstm.Forward(x, lstm.ZeroState(x.Shape[1]));
            state = Tensor.Stack(0, after.Output, after.Cell);
        }
        else if (module is Gru gru)
        {
            (y, state) = gru.Forward(x, gru.ZeroState(x.Shape[1]));
        }

        golden.Near("y", "y", y.Values);
        golden.Near("final state", "final_state", state.Values);
        y.Backward(golden.Numbers("dy"));
        golden.Near("dx", "dx", x.Gradient);
        golden.CheckGradients(golden.Json.GetProperty("gradients"), [.. module.NamedParameters()]);
    }

    private static void Cell(GoldenCase golden)
    {
        Tensor x = golden.Input("x");
        Tensor h = golden.Input("h");
        JsonElement gradients = golden.Json.GetProperty("output_gradients");
        Tensor dh = GoldenCase.Tensor(gradients.GetProperty("h"));
        Module module;
        if (golden.Name == "lstmcell")
        {
            Tensor c = golden.Input("c");
            var cell = new LstmCell(x.Shape[1], h.Shape[1], new Pcg64(0));
            Load(cell, golden.Json.GetProperty("parameters"));
            LstmState after = cell.Forward(x, new LstmState(h, c));
            golden.Near("h", GoldenCase.Numbers(golden.Json.GetProperty("outputs").GetProperty("h")), after.Output.Values);
            golden.Near("c", GoldenCase.Numbers(golden.Json.GetProperty("outputs").GetProperty("c")), after.Cell.Values);
            ((after.Output * dh).Sum() + (after.Cell * GoldenCase.Tensor(gradients.GetProperty("c"))).Sum()).Backward();
            golden.CheckGradients(golden.Json.GetProperty("gradients"), ("c", c));
            module = cell;
        }
        else
        {
            var cell = new GruCell(x.Shape[1], h.Shape[1], new Pcg64(0));
            Load(cell, golden.Json.GetProperty("parameters"));
            Tensor after = cell.Forward(x, h);
            golden.Near("h", GoldenCase.Numbers(golden.Json.GetProperty("outputs").GetProperty("h")), after.Values);
            (after * dh).Sum().Backward();
            module = cell;
        }

        golden.CheckGradients(golden.Json.GetProperty("gradients"), ("x", x), ("h", h));
        golden.CheckGradients(golden.Json.GetProperty("parameter_gradients"), [.. module.NamedParameters()]);
    }

    private static void Load(Module module, JsonElement parameters)
    {
        foreach ((string name, Tensor value) in module.NamedParameters())
        {
            GoldenCase.Numbers(parameters.GetProperty(name)).CopyTo(value.Values);
        }
    }
}
