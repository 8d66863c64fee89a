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

/// <summary>A dictionary of a pickle, keys in the order in which they were first set. It may contain itself.</summary>
/// <param name="ordered">An <c>OrderedDict</c>, which may carry attributes, unlike a plain dictionary.</param>
internal sealed class PickleDictionary(bool ordered)
{
    // Made with the first entry: a hostile file can ask for a million empty ones.
    private OrderedDictionary<object, object?>? _entries;

    public bool Ordered => ordered;

    public int Count => _entries?.Count ?? 0;

    /// <summary>The entries whose keys are texts.</summary>
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

    /// <summary>False where the key is neither text nor whole number: only those can be compared without walking through values.</summary>
    public bool TrySet(object? key, object? value)
    {
        // A class name as a key is how training checkpoints file their callbacks; it is of no use here.
        if (key is PickleGlobal { Kind: PickleGlobalKind.Inert })
            return true;
        if (key is not (string or long or bool))
            return false;
        _entries ??= [];
        _entries[key] = value;
        return true;
    }
}

/// <summary>A value that weights do not need: a set, a number of numpy, a class of a training program. Nothing of it is kept.</summary>
internal sealed class PickleOpaque
{
    private PickleOpaque()
    {
    }

    public static PickleOpaque Instance { get; } = new();
}
