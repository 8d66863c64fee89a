using System.Globalization;

namespace Hypir.Ui.Work;

/// <summary>Names of results. What a page calls a file is only a wish: it never names a place.</summary>
internal static class ResultNames
{
    private const int Longest = 120;

    /// <summary>Names of Windows' devices, which no file may have, whatever its extension.</summary>
    private static readonly string[] Devices =
    [
        "CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"]),
    ];

    private static readonly char[] Unsuitable = [.. "<>:\"/\\|?*"];

    /// <summary>A plain file name out of any text.</summary>
    /// <param name="wish">Untrusted.</param>
    public static string Clean(string wish)
    {
        string name = wish[(wish.LastIndexOfAny(['/', '\\']) + 1)..];
        name = new([.. name.Where(IsSuitable)]);
        name = name.Trim(' ', '.');
        if (name.Length > Longest)
            name = name[..Longest].TrimEnd(' ', '.');
        if (name.Length == 0)
            return "image";
        return Devices.Contains(name.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase) ? "_" + name : name;
    }

    /// <summary>Creates an empty file for a result, under the name of <c>hypir restore</c>, with a number if that is taken.</summary>
    /// <param name="folder">The folder for results; it is created.</param>
    /// <param name="name">The image's name.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static string Reserve(string folder, string name)
    {
        string stem = Path.Combine(folder, Path.GetFileNameWithoutExtension(name) + ".restored");
        try
        {
            Directory.CreateDirectory(folder);
            for (int number = 1; ; number++)
            {
                string path = number == 1 ? $"{stem}.png" : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}.png");
                try
                {
                    new FileStream(path, FileMode.CreateNew).Dispose();
                    return path;
                }
                catch (IOException) when (Path.Exists(path))
                {
                    // Taken: the next number.
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder {folder} cannot be written: {failure.Message}",
                "Free some space, or start \"hypir ui\" with another --output.", failure);
        }
    }

    // Marks that change the direction of writing can make a name look like another one.
    private static bool IsSuitable(char letter) => !char.IsControl(letter) && !Unsuitable.Contains(letter)
        && CharUnicodeInfo.GetUnicodeCategory(letter) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
