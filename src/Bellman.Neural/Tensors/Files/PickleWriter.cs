using System.Buffers.Binary;
using System.Text;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Writes a <c>state_dict</c> as protocol 2, with the imports that PyTorch's own files have and its weights-only reader
/// knows.
/// </summary>
internal sealed class PickleWriter(Stream stream)
{
    /// <summary>Tensor i of the result lies in the archive's entry <c>data/i</c>.</summary>
    public static byte[] Write(StateDict state)
    {
        using var stream = new MemoryStream();
        var writer = new PickleWriter(stream);
        writer.Put(PickleCode.Protocol, 2);
        writer.PutEmptyDictionary();
        writer.Put(PickleCode.Mark);
        int key = 0;
        foreach (NamedTensor entry in state)
        {
            writer.PutText(entry.Name);
            writer.PutTensor(entry, $"{key++}");
        }

        writer.Put(PickleCode.SetItems);
        writer.Put(PickleCode.Stop);
        return stream.ToArray();
    }

    // _rebuild_tensor_v2(storage, offset, size, strides, requires_grad, backward_hooks)
    private void PutTensor(NamedTensor entry, string key)
    {
        PutGlobal(PickleObjects.RebuildTensor);
        Put(PickleCode.Mark);

        Put(PickleCode.Mark);
        PutText("storage");
        PutGlobal(PickleObjects.StorageName(entry.Element.Stored()));
        PutText(key);
        PutText("cpu");
        PutInteger(entry.Value.Length);
        Put(PickleCode.Tuple);
        Put(PickleCode.PersistentId);

        int[] sizes = entry.Value.Shape.ToArray();
        int[] strides = new int[sizes.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            strides[axis] = entry.Value.Shape.Count(axis + 1, sizes.Length);
        }

        PutInteger(0);
        PutTuple(sizes);
        PutTuple(strides);
        Put(PickleCode.False);
        PutEmptyDictionary();
        Put(PickleCode.Tuple);
        Put(PickleCode.Reduce);
    }

    private void PutEmptyDictionary()
    {
        PutGlobal(PickleObjects.OrderedDictionary);
        Put(PickleCode.EmptyTuple);
        Put(PickleCode.Reduce);
    }

    private void PutTuple(int[] numbers)
    {
        Put(PickleCode.Mark);
        foreach (int number in numbers)
        {
            PutInteger(number);
        }

        Put(PickleCode.Tuple);
    }

    private void PutGlobal(string name)
    {
        int point = name.LastIndexOf('.');
        Put(PickleCode.Global);
        stream.Write(Encoding.ASCII.GetBytes($"{name[..point]}\n{name[(point + 1)..]}\n"));
    }

    private void PutText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Put(PickleCode.Text);
        PutInt32(bytes.Length);
        stream.Write(bytes);
    }

    private void PutInteger(int number)
    {
        Put(PickleCode.Int32);
        PutInt32(number);
    }

    private void PutInt32(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private void Put(PickleCode code, byte argument)
    {
        Put(code);
        stream.WriteByte(argument);
    }

    private void Put(PickleCode code) => stream.WriteByte((byte)code);
}
