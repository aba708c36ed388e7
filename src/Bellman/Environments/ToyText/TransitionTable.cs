using Bellman.Neural.Random;

namespace Bellman.Environments.ToyText;

/// <summary>A place that an action may lead to.</summary>
internal readonly record struct Transition(double Probability, int State, double Reward, bool Terminated);

/// <summary>The dynamics of a finite task: for every state and action, what may happen and how likely.</summary>
internal sealed class TransitionTable
{
    private const int MaxOutcomes = 3;

    private readonly int actions;
    private readonly Transition[] transitions;
    private readonly byte[] counts;

    public TransitionTable(int states, int actions)
    {
        this.actions = actions;
        transitions = new Transition[states * actions * MaxOutcomes];
        counts = new byte[states * actions];
    }

    /// <summary>Adds what may happen; the order counts, as a draw goes through it.</summary>
    public void Add(int state, int action, Transition transition)
    {
        int row = (state * actions) + action;
        transitions[(row * MaxOutcomes) + counts[row]++] = transition;
    }

    /// <summary>Draws what happens: one uniform number against the cumulated probabilities, also where all is certain.</summary>
    public Transition Draw(int state, int action, Pcg64 random)
    {
        int row = (state * actions) + action;
        double draw = random.NextDouble();
        double sum = 0;
        for (int i = 0; i < counts[row]; i++)
        {
            Transition transition = transitions[(row * MaxOutcomes) + i];
            sum += transition.Probability;
            if (sum > draw) return transition;
        }

        // Rounding may leave the sum below one; Gymnasium then takes the first.
        return transitions[row * MaxOutcomes];
    }

    /// <summary>Draws a state from a distribution in the same way.</summary>
    public static int Draw(ReadOnlySpan<double> probabilities, Pcg64 random)
    {
        double draw = random.NextDouble();
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            if (sum > draw) return i;
        }

        return 0;
    }
}
