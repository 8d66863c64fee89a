namespace Hypir.Networks.Fast;

/// <summary>Keys and values of one sequence, wherever they lie: of <see cref="TokenBlocks{T}"/>, or of a text.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly unsafe struct AttentionKeys<T>
    where T : unmanaged
{
    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>The first key's first channel.</summary>
    public required T* Keys { get; init; }

    /// <summary>From one key to the next of the same block.</summary>
    public required long KeyStep { get; init; }

    /// <summary>From one channel of a key to the next.</summary>
    public required long KeyChannelStep { get; init; }

    /// <summary>From one block of keys to the next.</summary>
    public required long KeyBlockStep { get; init; }

    /// <summary>The first value's first channel.</summary>
    public required T* Values { get; init; }

    /// <summary>From one value to the next.</summary>
    public required long ValueStep { get; init; }

    /// <summary>From one channel of a value to the next.</summary>
    public required long ValueChannelStep { get; init; }
}
