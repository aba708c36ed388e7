using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Reads Python's pickle format as far as plain containers and PyTorch's tensors need it. Nothing is ever called: the
/// few imports that are allowed are known by name here, and every other one is refused.
/// </summary>
internal ref struct PickleReader(ReadOnlySpan<byte> source)
{
    private const int MaxProtocol = 5;

    private static readonly object Mark = new();

    private readonly ReadOnlySpan<byte> source = source;
    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];
    private int position;

    /// <summary>The one value that the pickle describes.</summary>
    public static object? Read(ReadOnlySpan<byte> source) => new PickleReader(source).Run();

    private object? Run()
    {
        while (true)
        {
            var code = (PickleCode)NextByte();
            if (code == PickleCode.Stop)
            {
                object? result = Pop();
                return stack.Count == 0 ? result : throw Damaged("it stops with values left over");
            }

            if (!RunConstant(code) && !RunContainer(code) && !RunMemo(code) && !RunObject(code))
            {
                throw new FileFormatException($"The pickle uses the operation 0x{(byte)code:X2}, which is refused.");
            }
        }
    }

    private bool RunConstant(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.None: Push(null); break;
            case PickleCode.True: Push(true); break;
            case PickleCode.False: Push(false); break;
            case PickleCode.Int32: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Next(4))); break;
            case PickleCode.UInt8: Push((long)NextByte()); break;
            case PickleCode.UInt16: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Next(2))); break;
            case PickleCode.Long: Push(LittleEndian(Next(NextByte()))); break;
            case PickleCode.Float: Push(BinaryPrimitives.ReadDoubleBigEndian(Next(8))); break;
            case PickleCode.ShortText: Push(Encoding.UTF8.GetString(Next(NextByte()))); break;
            case PickleCode.Text: Push(Encoding.UTF8.GetString(Next(NextLength()))); break;
            case PickleCode.WideText: Push(Encoding.UTF8.GetString(Next(NextWideLength()))); break;
            case PickleCode.ShortBytes or PickleCode.ShortString: Push(Next(NextByte()).ToArray()); break;
            case PickleCode.Bytes or PickleCode.String: Push(Next(NextLength()).ToArray()); break;
            case PickleCode.IntText: Push(ParseInteger(NextLine())); break;
            default: return false;
        }

        return true;
    }

    private bool RunContainer(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Mark: Push(Mark); break;
            case PickleCode.Pop: Pop(); break;
            case PickleCode.PopMark: PopToMark(); break;
            case PickleCode.EmptyTuple: Push(new PickleTuple([])); break;
            case PickleCode.Tuple1: Push(new PickleTuple(PopMany(1))); break;
            case PickleCode.Tuple2: Push(new PickleTuple(PopMany(2))); break;
            case PickleCode.Tuple3: Push(new PickleTuple(PopMany(3))); break;
            case PickleCode.Tuple: Push(new PickleTuple(PopToMark())); break;
            case PickleCode.EmptyList: Push(new List<object?>()); break;
            case PickleCode.List: Push(PopToMark().ToList()); break;
            case PickleCode.Append: Append(PopMany(1)); break;
            case PickleCode.Appends: Append(PopToMark()); break;
            case PickleCode.EmptyDictionary: Push(new PickleDictionary()); break;
            case PickleCode.Dictionary:
                object?[] items = PopToMark();
                Push(new PickleDictionary());
                SetItems(items);
                break;
            case PickleCode.SetItem: SetItems(PopMany(2)); break;
            case PickleCode.SetItems: SetItems(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private bool RunMemo(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Get: Push(Recall(NextByte())); break;
            case PickleCode.WideGet: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Next(4)))); break;
            case PickleCode.Put: memo[NextByte()] = Peek(); break;
            case PickleCode.WidePut: memo[BinaryPrimitives.ReadUInt32LittleEndian(Next(4))] = Peek(); break;
            case PickleCode.Memoize: memo[memo.Count] = Peek(); break;
            default: return false;
        }

        return true;
    }

    private bool RunObject(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Protocol:
                int protocol = NextByte();
                if (protocol > MaxProtocol) throw new FileFormatException($"Pickle protocol {protocol} is not known.");
                break;
            case PickleCode.Frame: Next(8); break;
            case PickleCode.Global: Push(PickleObjects.Import($"{NextLine()}.{NextLine()}")); break;
            case PickleCode.StackGlobal:
                string name = PopText();
                Push(PickleObjects.Import($"{PopText()}.{name}"));
                break;
            case PickleCode.Reduce:
                object? arguments = Pop();
                Push(PickleObjects.Create(Pop(), arguments));
                break;
            case PickleCode.Build: Build(); break;
            case PickleCode.PersistentId: Push(PickleObjects.Storage(Pop())); break;
            default: return false;
        }

        return true;
    }

    // Python sets attributes; of containers (a state_dict has _metadata) they are dropped, other objects have none
    // here.
    private void Build()
    {
        Pop();
        if (Peek() is not PickleDictionary) throw Damaged("it sets attributes of something that is no dictionary");
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list) throw Damaged("it appends to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Length % 2 != 0)
        {
            throw Damaged("it sets items of something that is no dictionary");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }
    }

    private void Push(object? value) => stack.Add(value);

    private object? Peek() => stack.Count > 0 && stack[^1] != Mark ? stack[^1] : throw Damaged("a value is missing");

    private object? Pop()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private string PopText() => Pop() as string ?? throw Damaged("a name is no text");

    private object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private object?[] PopToMark()
    {
        int mark = stack.LastIndexOf(Mark);
        if (mark < 0) throw Damaged("a mark is missing");
        object?[] items = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    private object? Recall(long index) =>
        memo.TryGetValue(index, out object? value)
            ? value
            : throw Damaged($"it recalls {index}, which it has not kept");

    private byte NextByte() => Next(1)[0];

    private int NextLength() => Length(BinaryPrimitives.ReadUInt32LittleEndian(Next(4)));

    private int NextWideLength() => Length(BinaryPrimitives.ReadUInt64LittleEndian(Next(8)));

    private int Length(ulong length) =>
        length <= (ulong)(source.Length - position) ? (int)length : throw Damaged("it ends too early");

    private ReadOnlySpan<byte> Next(int count)
    {
        if (count > source.Length - position) throw Damaged("it ends too early");
        ReadOnlySpan<byte> result = source.Slice(position, count);
        position += count;
        return result;
    }

    private string NextLine()
    {
        int length = source[position..].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("it ends too early");
        string line = Encoding.UTF8.GetString(Next(length));
        position++;
        return line;
    }

    private static object ParseInteger(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Damaged($"'{text}' is no integer"),
    };

    private static long LittleEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw Damaged("an integer has more than 64 bits");
        long value = bytes.Length > 0 && (sbyte)bytes[^1] < 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private static FileFormatException Damaged(string reason) => new($"The pickle is damaged: {reason}.");
}
