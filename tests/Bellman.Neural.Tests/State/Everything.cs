using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Neural.Tests.State;

/// <summary>One entry of each kind.</summary>
internal sealed class Everything : IStateful
{
    private enum Phase : short
    {
        Warm,
        Hot = 7,
    }

    public bool Flag;
    public byte Small;
    public int Number;
    public long Large;
    public UInt128 Wide;
    public float Single;
    public double Double;
    public string? Text = "";
    public float[] Block = [];
    public Pcg64 Random = new(0);
    private Phase phase;

    public static Everything Filled() => new()
    {
        Flag = true,
        Small = 200,
        Number = -5,
        Large = long.MinValue,
        Wide = UInt128.MaxValue - 3,
        Single = float.NaN,
        Double = -0.0,
        Text = "ε → 0,05",
        Block = [1, 2, float.PositiveInfinity, 4, 5],
        Random = Advanced(),
        phase = Phase.Hot,
    };

    public static Pcg64 Advanced()
    {
        Pcg64 random = new Pcg64(42).Spawn(3)[2];
        random.NextUInt32();
        random.Spawn(2);
        return random;
    }

    public void Visit(IStateVisitor state)
    {
        state.Value("flag", ref Flag);
        state.Value("small", ref Small);
        state.Value("number", ref Number);
        state.Value("large", ref Large);
        state.Value("wide", ref Wide);
        state.Value("single", ref Single);
        state.Value("double", ref Double);
        state.Value("phase", ref phase);
        state.Text("text", ref Text);
        int count = Block.Length;
        state.Count("count", ref count, limit: 100);
        if (count != Block.Length) Block = new float[count];
        state.Values<float>("block", Block);
        state.Part("random", Random);
        state.Parts("parts", [new Pcg64(1), new Pcg64(2)]);
    }
}
