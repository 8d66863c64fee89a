namespace Hypir.Models.Store;

/// <summary>What a check of a stored file found.</summary>
public enum FileCheck
{
    /// <summary>The file is as it was.</summary>
    Right,

    /// <summary>Its hash was not known; it is from now on.</summary>
    PinnedNow,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is shorter or longer than it was.</summary>
    WrongLength,

    /// <summary>Its bytes are not those that it had.</summary>
    WrongHash,

    /// <summary>It cannot be read.</summary>
    Unreadable,
}
