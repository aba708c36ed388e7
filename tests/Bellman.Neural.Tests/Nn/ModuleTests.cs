using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn;

public sealed class ModuleTests
{
    [Fact]
    public void Names_are_those_of_a_state_dict()
    {
        var network = new Sequential(new Linear(4, 8, new Pcg64(0)), new Relu(), new Linear(8, 2, new Pcg64(1)));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], network.NamedParameters().Select(entry => entry.Name));
        Assert.Equal(58, network.ParameterCount);
    }

    [Fact]
    public void A_child_follows_when_its_parent_forms_a_block()
    {
        var child = new Linear(3, 2, new Pcg64(0));
        float[] before = child.Weight.ToArray();
        child.Parameters[0] = 42;
        Assert.Equal(42, child.Weight[0, 0]);
        var parent = new Sequential(new Linear(3, 3, new Pcg64(1)), child);
        parent.Parameters.Fill(7);
        Assert.All(child.Weight.ToArray(), value => Assert.Equal(7, value));
        child.Parameters.Fill(8);
        Assert.Equal(8, parent.NamedParameters().Last().Value[0]);
        Assert.Equal(6, before.Length);
    }

    [Fact]
    public void Blending_moves_part_of_the_way()
    {
        var a = new Linear(2, 2, new Pcg64(0));
        var b = new Linear(2, 2, new Pcg64(1));
        a.Parameters.Clear();
        b.Parameters.Fill(1);
        a.Blend(b, 0.25f);
        Assert.All(a.Weight.ToArray(), value => Assert.Equal(0.25f, value));
        a.CopyFrom(b);
        Assert.Equal(b.Sha256(), a.Sha256());
    }

    [Fact]
    public void Learning_fits_a_line_and_allocates_nothing_after_the_first_steps()
    {
        var random = new Pcg64(3);
        var network = new Mlp(2, [16, 16], 1, random);
        var optimizer = new Adam(network, 0.01) { Clip = new GradientClip(Norm: 10) };
        Tensor x = Tensor.Zeros(32, 2);
        Tensor y = Tensor.Zeros(32, 1);
        for (int i = 0; i < 32; i++)
        {
            x[i, 0] = (float)random.Uniform(-1, 1);
            x[i, 1] = (float)random.Uniform(-1, 1);
            y[i, 0] = (2 * x[i, 0]) - x[i, 1];
        }

        var workspace = new Workspace();
        float Step()
        {
            using Workspace.Scope scope = workspace.Begin();
            return optimizer.Minimize(Loss.Mse(network.Forward(x), y));
        }

        float first = Step();
        for (int i = 0; i < 300; i++) Step();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) Step();
        }));
        Assert.True(Step() < first / 100);
    }
}
