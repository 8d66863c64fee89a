namespace Hypir.Protocol.Messages;

/// <summary>Whether a model can be used, and what it takes.</summary>
public enum ModelState
{
    /// <summary>It is here.</summary>
    Ready,

    /// <summary>It can be downloaded.</summary>
    Available,

    /// <summary>A part of it has been downloaded; a download goes on from there.</summary>
    Partial,

    /// <summary>It is not here and no address of it is known: a person who has it adds it.</summary>
    Unavailable,

    /// <summary>It was here, but files are missing or damaged; <see cref="ModelEntry.Problem"/> says more.</summary>
    Damaged,
}
