namespace Hypir.Models.Tests.Support;

/// <summary>What a client asked a <see cref="TestServer"/>.</summary>
/// <param name="Index">0 for the server's first request, 1 for the next …</param>
/// <param name="Target">What it asked for: "/name", or a whole address where the server plays a proxy.</param>
/// <param name="Headers">The headers.</param>
internal sealed record Request(int Index, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte of the range that was asked for, or null.</summary>
    public long? From =>
        Headers.GetValueOrDefault("Range") is { } range
            ? long.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>The condition of the range, or null.</summary>
    public string? IfRange => Headers.GetValueOrDefault("If-Range");
}
