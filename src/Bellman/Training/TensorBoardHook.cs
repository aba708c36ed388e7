using System.Security.Cryptography;
using System.Text;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>
/// Writes what TensorBoard shows of a run besides its curves: options, hyperparameters with the metrics that judge them, a layout of charts, and
/// at a steady interval histograms of all weights and of the gradients that the latest update left.
/// </summary>
internal sealed class TensorBoardHook : ITrainingHook
{
    private const string FinalReturn = "eval/final_mean_reward";

    /// <summary>Histograms of a run.</summary>
    private const int Histograms = 50;

    private readonly TensorBoardWriter events;
    private readonly long interval;

    public TensorBoardHook(TensorBoardWriter events, RunOptions options)
    {
        this.events = events;
        interval = Math.Max(1, options.Steps / Histograms);
        events.WriteText("options", OptionsTable(options));
        KeyValuePair<string, string>[] hyperparameters =
        [
            new("algorithm", options.Algorithm), new("environment", options.Environment), new("preset", options.Preset),
            new("steps", $"{options.Steps}"), new("environments", $"{options.Environments}"),
            .. options.Options, .. options.EnvironmentOptions.Select(option => KeyValuePair.Create($"environment.{option.Key}", option.Value)),
        ];
        string[] metrics = options.EvaluationInterval > 0
            ? [FinalReturn, "rollout/ep_rew_mean", "eval/mean_reward"]
            : [FinalReturn, "rollout/ep_rew_mean"];
        events.WriteHyperparameters(hyperparameters, metrics, Group(hyperparameters));
        events.WriteLayout(
        [
            new("Episodes",
            [
                new("return", ["rollout/ep_rew_mean", "eval/mean_reward"]), new("length", ["rollout/ep_len_mean", "eval/mean_ep_length"]),
            ]),
            new("Learning", [new("losses", ["train/.*loss"]), new("exploration", ["rollout/exploration_rate"]), new("speed", ["time/fps"])]),
        ]);
    }

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!EveryNSteps.IsDue(trainer, interval)) return;
        foreach ((string name, Tensor value) in trainer.Agent.Network.NamedParameters())
        {
            events.WriteHistogram($"weights/{name}", value.Values, trainer.Step);
            if (value.RequiresGradient) events.WriteHistogram($"gradients/{name}", value.Gradient, trainer.Step);
        }
    }

    /// <summary>Shows a film of an episode.</summary>
    public void ShowFilm(long step, string path) => events.WriteImage("rollout/video", File.ReadAllBytes(path), step);

    /// <summary>Notes the final evaluation, and that the run is complete.</summary>
    public void End(long step, Evaluation evaluation)
    {
        events.Write(step, [new Metric(FinalReturn, evaluation.MeanReturn)]);
        events.WriteEnd(step);
    }

    private static string OptionsTable(RunOptions options)
    {
        IEnumerable<string> rows =
            options.Options.Select(option => $"| {option.Key} | {option.Value.Replace("|", "\\|")} |");
        return $"""
            {options.Algorithm} on {options.Environment}, seed {options.Seed}, preset {options.Preset}

            | option | value |
            |---|---|
            {string.Join('\n', rows)}
            """;
    }

    /// <summary>A name that all seeds of the same hyperparameters share, and no others.</summary>
    private static string Group(KeyValuePair<string, string>[] hyperparameters)
    {
        string text = string.Join('\n', hyperparameters.Select(pair => $"{pair.Key}={pair.Value}"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        return $"{string.Join('-', hyperparameters.Take(3).Select(pair => pair.Value))}-{hash}";
    }
}
