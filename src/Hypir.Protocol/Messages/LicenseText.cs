namespace Hypir.Protocol.Messages;

/// <summary>What a person must be shown before a licence can be accepted.</summary>
/// <param name="Id">Its short name.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Text">The name, the terms quoted, and their address: all of it is shown.</param>
/// <param name="Address">Where the terms themselves are to be read.</param>
/// <param name="Sha256">Of <paramref name="Text"/> in UTF-8, in small hexadecimal digits: says which wording is accepted.</param>
/// <param name="Accepted">When it was accepted on this machine in this wording, in UTC, or null.</param>
public sealed record LicenseText(string Id, string Name, string Text, string Address, string Sha256, DateTimeOffset? Accepted = null);
