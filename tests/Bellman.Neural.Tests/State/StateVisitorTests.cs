using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Neural.Tests.State;

public sealed class StateVisitorTests
{
    [Fact]
    public void What_was_written_is_read_again()
    {
        byte[] bytes = Write(Everything.Filled());
        var loaded = new Everything();
        Read(bytes, loaded);
        Assert.Equal(bytes, Write(loaded));
        Assert.Equal("ε → 0,05", loaded.Text);
        Assert.Equal([1, 2, float.PositiveInfinity, 4, 5], loaded.Block);
    }

    [Fact]
    public void A_generator_goes_on_where_it_was_saved_with_its_half_draw_and_its_children()
    {
        Pcg64 saved = Everything.Advanced();
        byte[] bytes = Write(saved);
        var loaded = new Pcg64(7);
        Read(bytes, loaded);
        Assert.Equal(saved.NextUInt32(), loaded.NextUInt32());
        Assert.Equal(saved.NextUInt64(), loaded.NextUInt64());
        Assert.Equal(saved.Spawn(1)[0].NextUInt64(), loaded.Spawn(1)[0].NextUInt64());
    }

    [Fact]
    public void A_text_may_be_null()
    {
        Everything saved = Everything.Filled();
        saved.Text = null;
        Everything loaded = Everything.Filled();
        Read(Write(saved), loaded);
        Assert.Null(loaded.Text);
    }

    [Fact]
    public void A_mismatch_is_one_sentence()
    {
        Refuses("where 'weight' was expected", new Values("bias", 3), new Values("weight", 3));
        Refuses("holds 3 values of 'weight'; 4 were expected", new Values("weight", 3), new Values("weight", 4));
        Refuses("'wide' is of type float32; int64 was expected", new Value<float>("wide"), new Value<long>("wide"));
        Refuses("ends before 'second'", new Value<int>("first"), new Pair<int>("first", "second"));
        Refuses("goes on with 'second'", new Pair<int>("first", "second"), new Value<int>("first"));
    }

    [Fact]
    public void A_byte_that_is_no_boolean_is_refused()
    {
        byte[] bytes = Write(new Value<bool>("flag"));
        bytes[^1] = 2;
        Assert.Throws<FileFormatException>(() => Read(bytes, new Value<bool>("flag")));
    }

    [Fact]
    public void The_entries_can_be_listed_without_their_values()
    {
        byte[] bytes = Write(Everything.Filled());
        IReadOnlyList<StateEntry> entries = StateReader.List(new MemoryStream(bytes), bytes.Length);
        Assert.Contains(new StateEntry("flag", "bool", 1), entries);
        Assert.Contains(new StateEntry("phase", "int16", 1), entries);
        Assert.Contains(new StateEntry("block", "float32", 5), entries);
        Assert.Contains(new StateEntry("parts.1.state", "uint128", 1), entries);
        Assert.Equal(StateCounter.Of(Everything.Filled()).Entries, entries.Count);
    }

    [Fact]
    public void The_counter_counts_values_and_bytes()
    {
        StateCounter counter = StateCounter.Of(new Values("weight", 12));
        Assert.Equal((1, 12, 48), (counter.Entries, counter.ValueCount, counter.Bytes));
        Assert.Throws<InvalidOperationException>(() => StateCounter.Of(new Pair<int>("same", "same")));
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes_that_would_be_saved()
    {
        // sha256sum of 04 00 "step" 05 "int32" 01 00 00 00 00 00 00 00 00 00 00 00
        const string Expected = "dece28269b9cf4e60f09a62883019627a3c48934d4620df6d1282d71f7f05e82";
        Assert.Equal(Expected, StateHash.Of(new Value<int>("step")));
        Everything other = Everything.Filled();
        other.Block[3] = 4.0000005f;
        Assert.NotEqual(StateHash.Of(Everything.Filled()), StateHash.Of(other));
    }

    private static void Refuses(string expected, IStateful saved, IStateful asked)
    {
        FileFormatException exception = Assert.Throws<FileFormatException>(() => Read(Write(saved), asked));
        Assert.Contains(expected, exception.Message);
    }

    private static byte[] Write(IStateful part)
    {
        var stream = new MemoryStream();
        part.Visit(new StateWriter(stream));
        return stream.ToArray();
    }

    private static void Read(byte[] bytes, IStateful part)
    {
        var reader = new StateReader(new MemoryStream(bytes), bytes.Length);
        part.Visit(reader);
        reader.RequireEnd();
    }

    private sealed class Values(string name, int count) : IStateful
    {
        private readonly float[] values = new float[count];

        public void Visit(IStateVisitor state) => state.Values<float>(name, values);
    }

    private sealed class Value<T>(string name) : IStateful where T : unmanaged
    {
        private T value;

        public void Visit(IStateVisitor state) => state.Value(name, ref value);
    }

    private sealed class Pair<T>(string first, string second) : IStateful where T : unmanaged
    {
        private T value;

        public void Visit(IStateVisitor state)
        {
            state.Value(first, ref value);
            state.Value(second, ref value);
        }
    }
}
