using System.Security.Cryptography;
using System.Text;

namespace Hypir.Models.Manifests;

/// <summary>The terms under which weights are given away, in their own words.</summary>
/// <param name="Id">Short name, by which entries refer to it.</param>
/// <param name="Name">The licence's own name.</param>
/// <param name="Quote">The terms, quoted; empty where only their address is known.</param>
/// <param name="Address">Where the text itself is to be read.</param>
public sealed record License(string Id, string Name, string Quote, string Address)
{
    /// <summary>What is shown, and what is accepted.</summary>
    public string Text => Quote.Length > 0 ? $"{Name}\n\n{Quote}\n\nSource: {Address}" : $"{Name}\n\nRead the terms at {Address}";

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, in hexadecimal digits: says which wording was accepted.</summary>
    public string TextSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
