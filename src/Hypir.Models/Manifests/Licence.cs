using System.Security.Cryptography;
using System.Text;

namespace Hypir.Models.Manifests;

/// <summary>The terms under which somebody gives weights away, as far as a person must know them before downloading. It is no copy of the licence.</summary>
/// <param name="Id">Short name, by which entries refer to it.</param>
/// <param name="Name">The licence's own name.</param>
/// <param name="Summary">What it asks for, in a few sentences.</param>
/// <param name="Address">Where the text itself is to be read.</param>
public sealed record Licence(string Id, string Name, string Summary, string Address)
{
    /// <summary>What is shown, and what is accepted.</summary>
    public string Text => $"{Name}\n\n{Summary}\n\nThe terms themselves: {Address}";

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, in hexadecimal digits: says which wording was accepted.</summary>
    public string TextSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
