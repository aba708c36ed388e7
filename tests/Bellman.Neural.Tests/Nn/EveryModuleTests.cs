using System.Reflection;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Module = Bellman.Neural.Nn.Module;

namespace Bellman.Neural.Tests.Nn;

/// <summary>What holds for every module.</summary>
public sealed class EveryModuleTests
{
    public static TheoryData<string> Modules { get; } = [.. ModuleCatalogue.All.Select(entry => entry.Name)];

    [Fact]
    public void Every_module_of_the_library_is_in_the_catalogue()
    {
        IEnumerable<Type> tried = ModuleCatalogue.All.Select(entry => entry.Create(new Pcg64(0)).GetType());
        IEnumerable<Type> modules = typeof(Module).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Module)) && !type.IsAbstract);
        Assert.Empty(modules.Except(tried));
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Every_field_that_holds_a_tensor_or_a_module_is_registered(string name)
    {
        (Module module, _) = ModuleCatalogue.Create(name);
        HashSet<Tensor> registered = [.. module.NamedState().Select(entry => entry.Value)];
        foreach (FieldInfo field in module.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            IEnumerable<Tensor> held = field.GetValue(module) switch
            {
                Tensor tensor => [tensor],
                Tensor[] tensors => tensors,
                Module child => child.NamedState().Select(entry => entry.Value),
                Module[] children => children.SelectMany(child => child.NamedState()).Select(entry => entry.Value),
                RecurrentParameters part => Parts(part),
                RecurrentParameters[] parts => parts.SelectMany(Parts),
                _ => [],
            };
            Assert.All(held, tensor => Assert.True(registered.Contains(tensor), $"{module.GetType().Name}.{field.Name} is not registered."));
        }

        static Tensor[] Parts(RecurrentParameters part) => [part.InputWeight, part.Weight, part.InputBias, part.Bias];
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_step_allocates_nothing_after_the_first(string name)
    {
        (Module module, Tensor input) = ModuleCatalogue.Create(name);
        bool learns = module.ParameterCount > 0;
        if (!learns) input.RequireGradient();
        var workspace = new Workspace();
        for (int i = 0; i < 3; i++) Step();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 4; i++) Step();
        }));

        void Step()
        {
            using Workspace.Scope scope = workspace.Begin();
            module.ZeroGradients();
            module.ResetNoise();
            module.Forward(input).Square().Mean().Backward();
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Every_parameter_gets_a_gradient(string name)
    {
        (Module module, Tensor input) = ModuleCatalogue.Create(name);
        if (module.ParameterCount == 0) return;
        module.ZeroGradients();
        Tensor y = module.Forward(input);

        // The squares are weighted, because the sum of a normalised row's squares is constant.
        Tensor weights = Tensor.Zeros(y.Shape);
        new Pcg64(3).FillUniform(weights.Values);
        (y.Square() * weights).Sum().Backward();
        Assert.All(module.NamedParameters(), entry => Assert.True(entry.Value.HasGradient, entry.Name));
        Assert.Contains(module.Gradients.ToArray(), gradient => gradient != 0);
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void The_same_seed_gives_the_same_module(string name)
    {
        (Module first, Tensor input) = ModuleCatalogue.Create(name);
        (Module second, _) = ModuleCatalogue.Create(name);
        Assert.Equal(first.Sha256(), second.Sha256());
        Assert.Equal(first.Forward(input).ToArray(), second.Forward(input).ToArray());
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_copy_computes_the_same(string name)
    {
        (_, Func<Pcg64, Module> create, Func<Tensor> input) = ModuleCatalogue.All.Single(entry => entry.Name == name);
        Module source = create(new Pcg64(1));
        Module copy = create(new Pcg64(2));
        copy.CopyFrom(source);
        source.Train(on: false);
        copy.Train(on: false);
        Assert.Equal(source.Forward(input()).ToArray(), copy.Forward(input()).ToArray());
    }
}
