using BenchmarkDotNet.Running;

// In this process, because a project generated beside the benchmarks would not find the repository's settings.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args, "--inProcess"]);
