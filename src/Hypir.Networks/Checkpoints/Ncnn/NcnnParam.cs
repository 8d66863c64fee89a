using System.Globalization;
using System.Text;

namespace Hypir.Networks.Checkpoints.Ncnn;

/// <summary>One layer of an ncnn <c>.param</c> file.</summary>
/// <param name="Kind">The layer's type, such as "Convolution".</param>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">The blobs that it reads.</param>
/// <param name="Outputs">The blobs that it makes.</param>
/// <param name="Values">Its parameters by number; an array has its values.</param>
internal sealed record NcnnLayer(
    string Kind, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<int, double[]> Values)
{
    /// <summary>A parameter, or the default of one that is not given.</summary>
    public double Value(int key, double standard) => Values.TryGetValue(key, out double[]? values) ? values[0] : standard;

    /// <summary>A parameter that is a whole number; -1 if it is not, or is out of range.</summary>
    public int Whole(int key, int standard) =>
        Value(key, standard) is var value && value == Math.Floor(value) && value is >= 0 and <= int.MaxValue ? (int)value : -1;
}

/// <summary>
/// Reads the text that describes an ncnn network: a magic number, two counts, then a line for each layer
/// (https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure).
/// </summary>
internal static class NcnnParam
{
    // ESRGAN's 351 convolutions take 140 KB.
    private const int LongestFile = 1 << 20;
    private const int MostBlobs = 64;

    // An array's key is this minus its number.
    private const int FirstArray = -23300;

    /// <summary>The first line, a number that no other file begins with.</summary>
    private static ReadOnlySpan<byte> Magic => "7767517"u8;

    /// <summary>Whether a file begins as such a text does.</summary>
    public static bool IsMeant(TensorFile file)
    {
        byte[] head = file.Read(0, (int)Math.Min(file.Length, Magic.Length + 1));
        return head.Length > Magic.Length && head.AsSpan().StartsWith(Magic) && head[^1] is (byte)'\n' or (byte)'\r';
    }

    /// <summary>The layers in the order of execution.</summary>
    /// <exception cref="CheckpointException">The text is damaged.</exception>
    public static IReadOnlyList<NcnnLayer> Read(TensorFile file)
    {
        if (file.Length > LongestFile)
            throw Wrong(file, $"it has {file.Length} bytes; {LongestFile} are the most");
        string[] lines = Encoding.UTF8.GetString(file.Read(0, (int)file.Length)).Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Length < 2 || lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var count, _])
            throw Wrong(file, "the second line does not hold two counts");
        NcnnLayer[] layers = [.. lines.Skip(2).Where(line => line.Length > 0).Select(line => Layer(file, line))];
        return count == layers.Length.ToString(CultureInfo.InvariantCulture)
            ? layers
            : throw Wrong(file, $"{Messages.Quote(count)} layers are announced, and {layers.Length} follow");
    }

    /// <summary>The text is damaged or hostile.</summary>
    public static CheckpointException Wrong(TensorFile file, string what) =>
        file.Error(CheckpointErrorKind.BadHeader, $"this ncnn description is damaged: {what}.", "Download or copy the file again.");

    private static NcnnLayer Layer(TensorFile file, string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || !Count(words[2], out int inputs) || !Count(words[3], out int outputs)
            || words.Length < 4 + inputs + outputs)
            throw Wrong(file, $"{Messages.Quote(line)} is not a layer");
        var values = new Dictionary<int, double[]>();
        foreach (string word in words.Skip(4 + inputs + outputs))
        {
            int sign = word.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1 || !int.TryParse(word.AsSpan(0, sign), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int key))
                throw Wrong(file, $"{Messages.Quote(word)} is not a parameter");
            double[] numbers = [.. word[(sign + 1)..].Split(',').Select(text => Number(file, text))];
            // An array begins with its length.
            if (key <= FirstArray)
                (key, numbers) = (FirstArray - key, numbers[1..]);
            if (numbers.Length == 0 || !values.TryAdd(key, numbers))
                throw Wrong(file, $"{Messages.Quote(word)} is not a parameter");
        }

        return new(words[0], words[1], words[4..(4 + inputs)], words[(4 + inputs)..(4 + inputs + outputs)], values);
    }

    private static bool Count(string word, out int count) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= MostBlobs;

    private static double Number(TensorFile file, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(file, $"{Messages.Quote(text)} is not a number");
}
