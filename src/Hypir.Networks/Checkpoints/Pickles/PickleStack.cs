using System.Runtime.InteropServices;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>The interpreter's stack, with its marks, and its memo. Values below the last mark are out of reach.</summary>
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

    /// <summary>Removes the last mark and everything above it, and returns those values.</summary>
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

    /// <summary>POP: removes the top value, or the mark if it is on top.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _values.Count == Floor)
            _marks.RemoveAt(_marks.Count - 1);
        else
            Pop();
    }

    public T Pop<T>(string wanted)
        where T : class => Pop() is T value ? value : throw Malformed($"has something else where {wanted} should be");

    public T Peek<T>(string wanted)
        where T : class => Peek() is T value ? value : throw Malformed($"has something else where {wanted} should be");

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

/// <summary>A dictionary of a pickle, with keys in the order in which they were first set. It may contain itself.</summary>
/// <param name="ordered">Whether it is an <c>OrderedDict</c>, which may carry attributes, unlike a plain dictionary.</param>
internal sealed class PickleDictionary(bool ordered)
{
    // Created with the first entry: a hostile file can create a million empty dictionaries.
    private OrderedDictionary<object, object?>? _entries;

    public bool Ordered => ordered;

    public int Count => _entries?.Count ?? 0;

    /// <summary>The entries with text keys.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Texts
    {
        get
        {
            foreach (var (key, value) in _entries ?? [])
            {
                if (key is string text)
                    yield return new(text, value);
            }
        }
    }

    public object? this[string key] => _entries?.GetValueOrDefault(key);

    /// <summary>
    /// Sets an entry; returns false for keys other than text and integers, which could not be compared without traversing values.
    /// </summary>
    public bool TrySet(object? key, object? value)
    {
        // Training checkpoints index their callbacks by class; such entries are ignored.
        if (key is PickleGlobal { Kind: PickleGlobalKind.Inert })
            return true;
        if (key is not (string or long or bool))
            return false;
        _entries ??= [];
        _entries[key] = value;
        return true;
    }
}

/// <summary>A value that weights do not need: a set, a numpy number, a class of a training program. Its content is discarded.</summary>
internal sealed class PickleOpaque
{
    private PickleOpaque()
    {
    }

    public static PickleOpaque Instance { get; } = new();
}
