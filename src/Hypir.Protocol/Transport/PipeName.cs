using System.Text.RegularExpressions;

namespace Hypir.Protocol.Transport;

/// <summary>Names of the pipe that an engine answers on.</summary>
public static partial class PipeName
{
    /// <summary>The name that engine and clients of this user agree on. Names are shared by all users of a machine, therefore it has the user's in it.</summary>
    public static string Default => "hypir-" + Unsuitable().Replace(Environment.UserName.ToLowerInvariant(), "_");

    /// <summary>Whether it is a name: 1 to 60 letters, digits, dots, underscores and hyphens, beginning with a letter or digit.</summary>
    /// <param name="name">A name that somebody chose.</param>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex("[^a-z0-9._-]")]
    private static partial Regex Unsuitable();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\z")]
    private static partial Regex Valid();
}
