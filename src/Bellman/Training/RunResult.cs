using System.Text.Json;

namespace Bellman.Training;

/// <summary>What came of a run; <c>result.json</c> of its directory once it is complete.</summary>
/// <param name="Steps">Environment steps taken, from the very first.</param>
/// <param name="WallTime">Of training and final evaluation, pauses left out.</param>
/// <param name="TrainingTime">Of training alone.</param>
/// <param name="StepsPerSecond">Of training alone.</param>
/// <param name="Evaluation">Of the policy to use: the best one seen where there were periodic evaluations, else the
/// last. Null where the run was interrupted.</param>
/// <param name="BestStep">The step at which that policy was seen; null for the last.</param>
/// <param name="WeightsSha256">Over the parameters of the last policy, in order.</param>
public sealed record RunResult(
    long Steps, TimeSpan WallTime, TimeSpan TrainingTime, double StepsPerSecond, Evaluation? Evaluation, long? BestStep,
    string WeightsSha256)
{
    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not what <see cref="Save"/> writes.</exception>
    public static RunResult Load(string path) => JsonFile.Read(path, Read);

    /// <summary>Writes the result of a complete run.</summary>
    public void Save(string path) => JsonFile.Write(path, Write);

    internal static RunResult Read(JsonElement json)
    {
        JsonElement evaluation = json.GetProperty("evaluation");
        return new RunResult(
            json.GetProperty("steps").GetInt64(),
            TimeSpan.FromSeconds(json.GetProperty("wallSeconds").GetDouble()),
            TimeSpan.FromSeconds(json.GetProperty("trainingSeconds").GetDouble()),
            json.GetProperty("stepsPerSecond").GetDouble(),
            new Evaluation(
                JsonFile.Numbers(evaluation.GetProperty("returns")),
                [.. evaluation.GetProperty("lengths").EnumerateArray().Select(value => value.GetInt64())]),
            json.GetProperty("bestStep") is { ValueKind: JsonValueKind.Number } step ? step.GetInt64() : null,
            json.GetProperty("weightsSha256").GetString()!);
    }

    /// <summary>Writes the properties of the object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        Evaluation evaluation = Evaluation ?? throw new InvalidOperationException("A run that was interrupted has no result to keep.");
        json.WriteNumber("steps", Steps);
        json.WriteNumber("wallSeconds", Math.Round(WallTime.TotalSeconds, 3));
        json.WriteNumber("trainingSeconds", Math.Round(TrainingTime.TotalSeconds, 3));
        json.WriteNumber("stepsPerSecond", Math.Round(StepsPerSecond, 1));
        if (BestStep is long step) json.WriteNumber("bestStep", step);
        else json.WriteNull("bestStep");
        json.WriteString("weightsSha256", WeightsSha256);
        json.WriteStartObject("evaluation");
        json.WriteNumber("episodes", evaluation.Episodes);
        json.WriteNumber("meanReturn", evaluation.MeanReturn);
        json.WriteNumber("standardDeviation", evaluation.StandardDeviation);
        JsonFile.WriteNumbers(json, "returns", evaluation.Returns);
        JsonFile.WriteNumbers(json, "lengths", evaluation.Lengths.Select(length => (double)length));
        json.WriteEndObject();
    }
}
