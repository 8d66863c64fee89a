using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Safety;

/// <summary>
/// Who may use the window: browsers that were opened with a one-use token, which they trade for a cookie. Browsers send a host's cookies to
/// all of its ports, so the cookie belongs to a path that no other program on this machine can guess: it stays between page and window.
/// </summary>
internal sealed class Session
{
    /// <summary>The name of the cookie.</summary>
    public const string Cookie = "hypir";

    private readonly string _secret = NewSecret();
    private readonly ConcurrentDictionary<string, bool> _tokens = [];

    /// <summary>The path of everything but the start: begins and ends with a slash.</summary>
    public string Root { get; } = $"/{NewSecret()}/";

    /// <summary>A token that opens the window once.</summary>
    public string NewToken()
    {
        string token = NewSecret();
        _tokens[token] = true;
        return token;
    }

    /// <summary>Trades a token for the cookie.</summary>
    /// <returns>Whether the token was good; it no longer is.</returns>
    public bool Begin(string? token, HttpResponse response)
    {
        if (token is null || !_tokens.TryRemove(token, out _))
            return false;
        response.Cookies.Append(Cookie, _secret, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = Root });
        return true;
    }

    /// <summary>Whether a request comes with the cookie.</summary>
    public bool Knows(HttpRequest request) => request.Cookies[Cookie] is { } sent
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(_secret));

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
