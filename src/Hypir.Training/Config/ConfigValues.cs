using System.Globalization;
using System.Text.Json;
using Hypir.Training.Degradation.Ranges;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>The kinds of values in configurations.</summary>
internal static class ConfigValues
{
    private const string None = "~";

    /// <summary>true or false, or YAML's older yes, no, on, off.</summary>
    public static ConfigValue<bool> Flag { get; } = new("true or false", ReadFlag, value => value ? "true" : "false");

    /// <summary>Any text.</summary>
    public static ConfigValue<string> Text { get; } = new("a text", ReadText, Quote);

    /// <summary>A text, or ~ for none.</summary>
    public static ConfigValue<string?> TextOrNone { get; } = new("a text, or ~ for none", (YamlNode node, out string? value) =>
    {
        bool good = ReadText(node, out string text);
        value = good ? text : null;
        return good || IsNone(node);
    }, value => value is null ? None : Quote(value));

    /// <summary>A number from 0 to 1.</summary>
    public static ConfigValue<double> Probability { get; } = Number(0, 1, "a probability, 0 to 1");

    /// <summary>A finite number between two bounds, both included.</summary>
    public static ConfigValue<double> Number(double low, double high, string allowed) =>
        new ConfigValue<double>(allowed, ReadNumber, Print).Where(value => value >= low && value <= high, allowed);

    /// <summary>A whole number between two bounds, both included.</summary>
    public static ConfigValue<long> Whole(long low, long high, string allowed) =>
        new ConfigValue<long>(allowed, ReadWhole, value => value.ToString(CultureInfo.InvariantCulture)).Where(
            value => value >= low && value <= high, allowed);

    /// <summary>Two numbers, the lower first, that pass a condition.</summary>
    public static ConfigValue<ValueRange> Range(Func<ValueRange, bool> condition, string allowed) =>
        List<double>(ReadNumber, Print, allowed)
            .Where(values => values.Count == 2 && values[0] <= values[1], allowed)
            .As(values => new ValueRange(values[0], values[1]), range => [range.Low, range.High])
            .Where(condition, allowed);

    /// <summary>A number, or two of them, the lower first.</summary>
    public static ConfigValue<ValueRange> NumberOrRange(Func<ValueRange, bool> condition, string allowed)
    {
        var range = Range(condition, allowed);
        return new(allowed, (YamlNode node, out ValueRange value) =>
        {
            if (!ReadNumber(node, out double number))
                return range.Read(node, out value);
            value = new(number, number);
            return condition(value);
        }, value => value.Low == value.High ? Print(value.Low) : range.Write(value));
    }

    /// <summary>Two odd sizes, the smaller first.</summary>
    public static ConfigValue<SizeRange> Sizes { get; } =
        Range(
                range => range is { Low: >= 1, High: <= 255 } && range.Low % 2 == 1 && range.High % 2 == 1,
                "two odd numbers from 1 to 255, the smaller first"
            )
            .As(range => new SizeRange((int)range.Low, (int)range.High), sizes => new ValueRange(sizes.Low, sizes.High));

    /// <summary>Probabilities that sum to 1.</summary>
    public static ConfigValue<IReadOnlyList<double>> Shares(int? count, string allowed) =>
        List<double>(ReadNumber, Print, allowed)
            .Where(
                values =>
                    (count is null ? values.Count > 0 : values.Count == count)
                    && values.All(value => value is >= 0 and <= 1)
                    && Math.Abs(values.Sum() - 1) <= 1e-6,
                allowed
            );

    /// <summary>A value, or ~ for none.</summary>
    public static ConfigValue<T?> OrNone<T>(ConfigValue<T> value)
        where T : struct =>
        new(
            $"{value.Allowed}, or ~",
            (YamlNode node, out T? optional) =>
            {
                bool good = value.Read(node, out T read);
                optional = good ? read : null;
                return good || IsNone(node);
            },
            optional => optional is { } given ? value.Write(given) : None
        );

    /// <summary>Two numbers that pass a condition each, or ~ for none.</summary>
    public static ConfigValue<IReadOnlyList<double>?> Pair(Func<double, bool> condition, string allowed)
    {
        var list = List<double>(ReadNumber, Print, allowed).Where(values => values.Count == 2 && values.All(condition), allowed);
        return new($"{allowed}, or ~", (YamlNode node, out IReadOnlyList<double>? values) =>
        {
            bool good = list.Read(node, out var read);
            values = good ? read : null;
            return good || IsNone(node);
        }, values => values is null ? None : list.Write(values));
    }

    /// <summary>A list of texts.</summary>
    /// <param name="least">The minimum count.</param>
    public static ConfigValue<IReadOnlyList<string>> Texts(int least)
    {
        string allowed = least == 0 ? "a list of texts" : "a list of texts, not empty";
        return List<string>(ReadText, Quote, allowed).Where(values => values.Count >= least, allowed);
    }

    /// <summary>A list of whole numbers between two bounds, at least a number of them.</summary>
    public static ConfigValue<IReadOnlyList<int>> Counts(int low, int high, int least = 1)
    {
        string allowed = $"a list of whole numbers from {low} to {high}{(least == 0 ? "" : ", not empty")}";
        return List<long>(ReadWhole, value => value.ToString(CultureInfo.InvariantCulture), allowed)
            .Where(values => values.Count >= least && values.All(value => value >= low && value <= high), allowed)
            .As(IReadOnlyList<int> (values) => [.. values.Select(value => (int)value)], counts => [.. counts.Select(count => (long)count)]);
    }

    /// <summary>One of an enumeration's names, in snake_case.</summary>
    public static ConfigValue<T> Choice<T>() where T : struct, Enum => new($"one of {Names<T>()}", ReadChoice, Name);

    /// <summary>Some of an enumeration's names, at least one.</summary>
    public static ConfigValue<IReadOnlyList<T>> Choices<T>(string allowed) where T : struct, Enum =>
        List<T>(ReadChoice, Name, allowed).Where(values => values.Count > 0, allowed);

    /// <summary>An enumeration's names, for messages.</summary>
    public static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Name));

    private static ConfigValue<IReadOnlyList<T>> List<T>(ConfigValue<T>.Reader item, Func<T, string> write, string allowed) =>
        new(allowed, (YamlNode node, out IReadOnlyList<T> values) =>
        {
            var read = new List<T>();
            values = read;
            if (node is not YamlSequenceNode sequence)
                return false;
            foreach (var child in sequence)
            {
                if (!item(child, out T value))
                    return false;
                read.Add(value);
            }
            return true;
        }, values => $"[{string.Join(", ", values.Select(write))}]");

    private static ConfigValue<TOther> As<T, TOther>(this ConfigValue<T> value, Func<T, TOther> to, Func<TOther, T> from) =>
        new(value.Allowed, (YamlNode node, out TOther other) =>
        {
            bool good = value.Read(node, out T inner);
            other = good ? to(inner) : default!;
            return good;
        }, other => value.Write(from(other)));

    private static bool ReadNumber(YamlNode node, out double value)
    {
        value = 0;
        return node is YamlScalarNode { Style: ScalarStyle.Plain } scalar
            && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static bool ReadWhole(YamlNode node, out long value)
    {
        value = 0;
        return node is YamlScalarNode { Style: ScalarStyle.Plain } scalar
            && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool ReadFlag(YamlNode node, out bool value)
    {
        string? text = node is YamlScalarNode { Style: ScalarStyle.Plain } scalar ? scalar.Value?.ToUpperInvariant() : null;
        value = text is "TRUE" or "YES" or "ON";
        return value || text is "FALSE" or "NO" or "OFF";
    }

    private static bool ReadText(YamlNode node, out string value)
    {
        value = (node as YamlScalarNode)?.Value ?? "";
        return node is YamlScalarNode scalar && !(scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null");
    }

    private static bool IsNone(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or null };

    private static bool ReadChoice<T>(YamlNode node, out T value) where T : struct, Enum
    {
        string? text = (node as YamlScalarNode)?.Value;
        foreach (T candidate in Enum.GetValues<T>())
        {
            value = candidate;
            if (text == Name(candidate))
                return true;
        }
        value = default;
        return false;
    }

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Print(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
