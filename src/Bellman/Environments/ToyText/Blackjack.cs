using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ToyText;

/// <summary>Get closer to 21 than the dealer without going over, from an infinite deck. Sutton &amp; Barto 2018, example 5.1.</summary>
/// <remarks>
/// Observation: the player's sum, the dealer's open card (1 is an ace) and 1 where the player holds an ace that counts 11. Action: 0 stick,
/// 1 hit. Reward 1 for a win, 0 for a draw, −1 for a loss.
/// </remarks>
public sealed class Blackjack : IEnvironment, IStateful, IRenderable, IOutcome
{
    private static readonly Discrete Actions = new(2);
    private static readonly CompositeSpace Observations = CompositeSpace.Tuple(new Discrete(32), new Discrete(11), new Discrete(2));

    private readonly bool natural;
    private readonly bool sab;
    private Pcg64 random = new(0);
    private Hand player;
    private Hand dealer;
    private int suit;
    private int face;
    private bool isRunning;
    private int result;

    /// <param name="natural">Pays 1.5 for a win with an ace and a ten.</param>
    /// <param name="sab">The rules of the book: an ace and a ten win against all but the same; <paramref name="natural"/> is unused then.</param>
    public Blackjack(bool natural = false, bool sab = true)
    {
        this.natural = natural;
        this.sab = sab;
    }

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => BlackjackRenderer.Width;

    public int Height => BlackjackRenderer.Height;

    public int FramesPerSecond => 4;

    public string? Outcome => isRunning ? null : result > 0 ? "won" : result < 0 ? "lost" : "drew";

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        dealer = Deal();
        player = Deal();

        // Suit and face are for the picture only, but they take numbers from the stream.
        suit = random.Integers(4);
        face = dealer.First == 10 ? 11 + random.Integers(3) : dealer.First;
        isRunning = true;
        result = 0;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        double reward = 0;
        if (Guard.Index(action, Actions) == 1)
        {
            player = player.With(Card());
            isRunning = player.Total <= 21;
            if (!isRunning) reward = -1;
        }
        else
        {
            isRunning = false;
            while (dealer.Total < 17) dealer = dealer.With(Card());
            reward = player.Score.CompareTo(dealer.Score);
            if (sab && player.IsNatural && !dealer.IsNatural) reward = 1;
            else if (!sab && natural && player.IsNatural && reward == 1) reward = 1.5;
        }

        result = Math.Sign(reward);
        Observe(observation);
        return new StepResult(reward, !isRunning);
    }

    public void Render(Span<byte> pixels) =>
        BlackjackRenderer.Draw(pixels, dealer.First, face, (Suit)suit, player.Total, player.HasUsableAce);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(player), ref player);
        state.Value(nameof(dealer), ref dealer);
        state.Value(nameof(suit), ref suit);
        state.Value(nameof(face), ref face);
        state.Value(nameof(isRunning), ref isRunning);
        state.Value(nameof(result), ref result);
    }

    // Ace to nine are one card of thirteen each, ten and the three faces count ten.
    private int Card() => Math.Min(10, random.Integers(13) + 1);

    private Hand Deal() => default(Hand).With(Card()).With(Card());

    private void Observe(Span<float> observation)
    {
        observation[2] = player.HasUsableAce ? 1 : 0;
        observation[1] = dealer.First;
        observation[0] = player.Total;
    }

    /// <summary>What is known of a hand: its cards' sum with aces as ones, how many they are, the first, and the number of aces.</summary>
    private readonly record struct Hand(int Sum, int Count, int First, int Aces)
    {
        public bool HasUsableAce => Aces > 0 && Sum + 10 <= 21;

        public int Total => HasUsableAce ? Sum + 10 : Sum;

        /// <summary>The total, or 0 over 21.</summary>
        public int Score => Total > 21 ? 0 : Total;

        /// <summary>An ace and a ten, no more.</summary>
        public bool IsNatural => Count == 2 && Aces == 1 && Sum == 11;

        public Hand With(int card) => new(Sum + card, Count + 1, Count == 0 ? card : First, Aces + (card == 1 ? 1 : 0));
    }
}
