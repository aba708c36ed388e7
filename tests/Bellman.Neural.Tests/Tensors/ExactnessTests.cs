using System.Diagnostics;
using Bellman.Neural.Kernels;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tests.Nn;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>
/// The bits of every operator, of its gradient and of short trainings are the same whatever the width of the hardware's vectors: this
/// program runs itself with parts of the hardware switched off and compares.
/// </summary>
public sealed class ExactnessTests
{
    /// <summary>Names the file that a process started by these tests writes its hashes to.</summary>
    private const string FileVariable = "BELLMAN_EXACTNESS_FILE";

    [Fact]
    public void Hashes_are_computed()
    {
        string[] hashes = [.. Hashes()];
        Assert.True(hashes.Length > OperatorCatalogue.All.Count);
        if (Environment.GetEnvironmentVariable(FileVariable) is string file) File.WriteAllLines(file, [$"{Simd.Width}", .. hashes]);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 8)]
    [InlineData("DOTNET_EnableAVX2", 4)]
    public void Narrower_vectors_give_the_same_bits(string variable, int lanes)
    {
        (int width, string[] narrow) = HashesOfProcess(variable);
        Assert.Equal(Math.Min(lanes, Simd.Width), width);
        string[] expected = [.. Hashes()];
        Assert.Equal(expected.Length, narrow.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i] == narrow[i], $"With {variable}=0: {narrow[i]}; here: {expected[i]}.");
        }
    }

    private static (int Width, string[] Hashes) HashesOfProcess(string variable)
    {
        string file = Path.Combine(Path.GetTempPath(), $"bellman-exactness-{Environment.ProcessId}-{variable}.txt");
        string library = typeof(ExactnessTests).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", library, "--filter-method", $"*{nameof(ExactnessTests)}.{nameof(Hashes_are_computed)}" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable] = "0";
        start.Environment[FileVariable] = file;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0 && File.Exists(file), $"The process with {variable}=0 failed:\n{output}\n{errors.Result}");
            string[] lines = File.ReadAllLines(file);
            return (int.Parse(lines[0]), lines[1..]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Hashes()
    {
        foreach (OperatorCase operation in OperatorCatalogue.All.Concat(OperatorCatalogue.Large))
        {
            yield return $"{operation.Name}: {Convert.ToHexStringLower(operation.Sha256())[..16]}";
        }

        foreach ((string name, _, _) in ModuleCatalogue.All)
        {
            (Module module, Tensor input) = ModuleCatalogue.Create(name);
            if (module.ParameterCount > 0) yield return $"trained {name}: {Train(module, input, updates: 5)[..16]}";
        }

        var random = new Pcg64(1);
        Tensor rows = Tensor.Zeros(64, 8);
        random.FillNormal(rows.Values);
        yield return $"trained for longer: {Train(new Mlp(8, [64, 64], 4, random), rows, updates: 50)[..16]}";
    }

    private static string Train(Module module, Tensor input, int updates)
    {
        Optimizer[] optimizers =
        [
            new Adam(module, 1e-3, amsgrad: true) { Clip = new GradientClip(Norm: 1) }, Adam.W(module), new RmsProp(module, 1e-3, momentum: 0.5, centred: true),
            new Sgd(module, 1e-3, momentum: 0.9, nesterov: true), new Adagrad(module),
        ];
        var workspace = new Workspace();
        for (int i = 0; i < updates; i++)
        {
            using Workspace.Scope scope = workspace.Begin();
            module.ResetNoise();
            Tensor y = module.Forward(input);
            Tensor target = Tensor.Zeros(y.Shape);
            new Pcg64((ulong)i).FillNormal(target.Values);
            optimizers[i % optimizers.Length].Minimize(Loss.SmoothL1(y, target));
        }

        return module.Sha256();
    }
}
