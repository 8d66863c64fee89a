using System.Text.RegularExpressions;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>
/// Members as a caller's metadata knows them: result, name, types of parameters; without modifiers, and without parameters' names.
/// </summary>
internal static partial class Call
{
    /// <summary>Of a line of metadata.</summary>
    public static string OfMetadata(string member)
    {
        Match match = Member().Match(member);
        return match.Success
            ? $"{match.Groups["result"].Value} "
                + $"{match.Groups["name"].Value}({string.Join(",", Split(match.Groups["list"].Value).Select(WithoutName))})"
            : member;
    }

    /// <summary>
    /// The same in the reference's words: C#'s names without namespaces. Nullable types and generic parameters are not told apart from
    /// others.
    /// </summary>
    public static string Short(string call)
    {
        string text = Assemblies().Replace(call, "");
        text = Modifiers().Replace(text, "");
        text = Nullable().Replace(text, "$1");
        text = Namespaces().Replace(text, "");
        text = Arity().Replace(text, "");
        text = text.Replace("&", "", StringComparison.Ordinal);
        text = Parameters().Replace(text, "T");
        foreach ((string from, string to) in Keywords)
            text = Regex.Replace(text, $@"\b{from}\b", to);
        return text;
    }

    /// <summary>Members of a line of the reference: a property is one or two.</summary>
    public static IEnumerable<string> OfReference(string member)
    {
        string text = ReferenceWords().Replace(member, "").Replace("?", "", StringComparison.Ordinal);
        if (Property().Match(text) is { Success: true } property)
        {
            string type = property.Groups["type"].Value, name = property.Groups["name"].Value;
            yield return Generic($"{type} get_{name}()");
            if (text.Contains("set;", StringComparison.Ordinal))
                yield return Generic($"void set_{name}({type})");
            yield break;
        }
        text = text.Replace("operator ==", "op_Equality", StringComparison.Ordinal)
            .Replace("operator !=", "op_Inequality", StringComparison.Ordinal);
        Match method = Method().Match(text);
        if (!method.Success)
            yield break;
        string result = method.Groups["type"].Success ? method.Groups["type"].Value : "void",
            called = method.Groups["type"].Success ? method.Groups["name"].Value : ".ctor";
        yield return Generic($"{result} {called}({string.Join(",", Split(method.Groups["list"].Value).Select(WithoutName))})");
    }

    /// <summary>The same with generic parameters that are not told apart.</summary>
    public static string Generic(string text) => GenericNames().Replace(text, "T");

    /// <summary>Splits at commas that are not within a generic type.</summary>
    private static IEnumerable<string> Split(string list)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                if (i > start)
                    yield return list[start..i].Trim();
                start = i + 1;
            }
            else
            {
                depth += list[i] == '<' ? 1 : list[i] == '>' ? -1 : 0;
            }
        }
    }

    private static string WithoutName(string parameter)
    {
        string text = Directions().Replace(Default().Replace(parameter, ""), "");
        int space = text.LastIndexOf(' ');
        return space < 0 || text.EndsWith(')') ? text : text[..space];
    }

    private static readonly (string From, string To)[] Keywords =
    [
        ("boolean", "bool"),
        ("int32", "int"),
        ("uint32", "uint"),
        ("int64", "long"),
        ("uint64", "ulong"),
        ("single", "float"),
        ("uint16", "ushort"),
        ("intptr", "nint"),
        ("String", "string"),
        ("Object", "object"),
    ];

    [GeneratedRegex(
        @"^M (?:Public|Family|Assembly|Private|FamANDAssem|FamORAssem) "
            + @"(?:(?:static|abstract|virtual|newslot|final) )*(?<result>\S+(?: modreq\([^)]*\))?) "
            + @"(?<name>[^\s(<]+|<Clone>\$)(?:<.*?>(?=\())?\((?<list>.*)\)$"
    )]
    private static partial Regex Member();

    [GeneratedRegex(@"\[PaintDotNet[^\]]*\]")]
    private static partial Regex Assemblies();

    [GeneratedRegex(@" modreq\([^)]*\)")]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"System\.Nullable`1<([^>]*)>")]
    private static partial Regex Nullable();

    [GeneratedRegex(@"(?<![\w.])(?:\w+\.)+(?=[A-Z<])")]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"`\d")]
    private static partial Regex Arity();

    [GeneratedRegex(@"!!?\d")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"^(?:\[[^\]]*\] )*(?:(?:public|protected|static|virtual|override|abstract|sealed|readonly|new) )*")]
    private static partial Regex ReferenceWords();

    [GeneratedRegex(@"^(?<type>.+) (?<name>\w+) \{")]
    private static partial Regex Property();

    [GeneratedRegex(@"^(?:(?<type>.+?) )?(?<name>\w+)(?:<\w+>)?\((?<list>.*)\)")]
    private static partial Regex Method();

    [GeneratedRegex(@"\bT(?:[A-Z]\w*)?\b(?![a-z])")]
    private static partial Regex GenericNames();

    [GeneratedRegex(@" = .*$")]
    private static partial Regex Default();

    [GeneratedRegex(@"^(?:in|out|ref|this|params) ")]
    private static partial Regex Directions();
}
