using System.Runtime.InteropServices;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>The interpreter's stack, with marks, and its memo. Nothing below the last mark can be reached.</summary>
internal sealed class PickleStack(PickleCursor cursor)
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    public void Push(object? value) => _values.Add(value);

    public object? Pop()
    {
        object? value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public object? Peek() => _values.Count > Floor ? _values[^1] : throw Malformed("takes a value from an empty stack");

    public void Mark() => _marks.Add(_values.Count);

    /// <summary>Everything above the last mark, which goes too.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw Malformed("looks for a mark that was never set");
        int begin = Floor;
        object?[] items = [.. CollectionsMarshal.AsSpan(_values)[begin..]];
        _values.RemoveRange(begin, items.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    /// <summary>POP: the top value, or the mark that lies on top.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _values.Count == Floor)
            _marks.RemoveAt(_marks.Count - 1);
        else
            Pop();
    }

    public T Pop<T>(string wanted) where T : class => Pop() is T value ? value : throw Malformed($"has something else where {wanted} should be");

    public T Peek<T>(string wanted) where T : class => Peek() is T value ? value : throw Malformed($"has something else where {wanted} should be");

    public void Remember(object index)
    {
        if (index is not (long and >= 0 and <= uint.MaxValue))
            throw Malformed("remembers a value under an impossible number");
        _memo[(long)index] = Peek();
    }

    public void RememberNext() => Remember((long)_memo.Count);

    public void Recall(object index)
    {
        if (index is not long number || !_memo.TryGetValue(number, out object? value))
            throw Malformed("recalls a value that was never remembered");
        Push(value);
    }

    private CheckpointException Malformed(string what) => cursor.Fail(CheckpointErrorKind.MalformedPickle, what);
}
