using Bellman.Training.Tuning;

namespace Bellman.Tests.Training.Tuning;

public sealed class PrunerTests
{
    // Medians: 3, 30.
    private static readonly Trial[] Five = [Complete(0, 1, 10), Complete(1, 2, 20), Complete(2, 3, 30), Complete(3, 4, 40), Complete(4, 5, 50)];

    [Fact]
    public void The_median_rule_ends_what_was_never_as_good_as_half_of_the_others()
    {
        var pruner = new MedianPruner();
        Assert.False(pruner.ShouldEnd(Running(0), Five));
        Assert.True(pruner.ShouldEnd(Running(0, 29), Five));
        Assert.False(pruner.ShouldEnd(Running(0, 30), Five));
        Assert.False(pruner.ShouldEnd(Running(31, 0), Five));
        Assert.True(new MedianPruner { WarmUpRungs = 0 }.ShouldEnd(Running(2), Five));
    }

    [Fact]
    public void The_median_rule_waits_for_five_complete_trials()
    {
        var pruner = new MedianPruner();
        Trial[] others = [.. Five.Take(4), Ended(TrialState.Pruned, 9, 90), Ended(TrialState.Failed), Running(7, 70)];
        Assert.False(pruner.ShouldEnd(Running(0, 0), others));
    }

    [Fact]
    public void Halving_lets_the_best_third_go_on_at_rungs_1_3_9()
    {
        var pruner = new HalvingPruner();
        Assert.False(pruner.ShouldEnd(Running(0), []));
        Assert.True(pruner.ShouldEnd(Running(0), [Running(1)]));
        Assert.False(pruner.ShouldEnd(Running(2), [Running(1)]));

        // Six at the first rung: two go on.
        Trial[] others = [Running(1), Running(2), Running(3), Running(4), Running(5, 5)];
        Assert.False(pruner.ShouldEnd(Running(4.5), others));
        Assert.True(pruner.ShouldEnd(Running(3.5), others));

        // The second evaluation is no rung; the third is, and only one came so far.
        Assert.False(pruner.ShouldEnd(Running(9, 0), others));
        Assert.True(pruner.ShouldEnd(Running(9, 9, 0), [.. others, Running(9, 9, 1)]));
        Assert.False(pruner.ShouldEnd(Running(9, 9, 9, 0), [.. others, Running(9, 9, 9, 1)]));
    }

    [Fact]
    public void A_trial_of_several_seeds_is_worth_their_mean_so_far()
    {
        var trial = new Trial(0, [], [], rungsOfSeed: 2);
        Measure(trial, 1, 10, 2, 30);
        Assert.Equal([1, 10, 6, 20], Enumerable.Range(0, 4).Select(trial.ValueAt));
        Assert.Equal(20, trial.Value);
        Assert.Equal(10, trial.BestUntil(2));

        // After an interruption rung 2 is measured again; two rungs may be passed in one step.
        trial.Measure(2, 2);
        Assert.Equal(3, trial.Rungs);
        trial.Measure(5, 4);
        Assert.Equal([1, 10, 6, 7, 6, 6], Enumerable.Range(0, 6).Select(trial.ValueAt));
    }

    [Fact]
    public void Complete_trials_rank_by_value_pruned_ones_by_how_far_they_came()
    {
        Trial[] trials =
        [
            Ended(TrialState.Failed), Ended(TrialState.Pruned, 5), Ended(TrialState.Pruned, 1, 2), Complete(3, 0, -7), Ended(TrialState.Pruned, 1, 3),
            Complete(5, 0, -6),
        ];
        Array.Sort(trials, Trial.Compare);
        Assert.Equal([-6, -7, 3, 2, 5, double.NaN], trials.Select(trial => trial.Value));
    }

    private static Trial Running(params double[] returns) => Measure(new Trial(99, [], [], rungsOfSeed: 20), returns);

    private static Trial Complete(int number, params double[] returns)
    {
        Trial trial = Measure(new Trial(number, [], [], rungsOfSeed: 20), returns);
        trial.End(TrialState.Complete);
        return trial;
    }

    private static Trial Ended(TrialState state, params double[] returns)
    {
        Trial trial = Running(returns);
        trial.End(state);
        return trial;
    }

    private static Trial Measure(Trial trial, params double[] returns)
    {
        for (int i = 0; i < returns.Length; i++)
        {
            trial.Measure(i, returns[i]);
        }

        return trial;
    }
}
