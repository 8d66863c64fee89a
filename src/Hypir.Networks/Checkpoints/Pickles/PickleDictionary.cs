namespace Hypir.Networks.Checkpoints.Pickles;

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
