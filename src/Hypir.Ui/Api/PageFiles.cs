using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Api;

/// <summary>The page's own files and words, from the program itself. A path is a key of a table, so it leads nowhere else.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".png"] = "image/png",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, byte[]> Files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

    private static readonly FrozenDictionary<string, byte[]> Words = ((string[])["en", "zh-Hans"]).ToFrozenDictionary(
        language => language, language => JsonSerializer.SerializeToUtf8Bytes(WordsOf(language)));

    /// <summary>The names of the files.</summary>
    public static IReadOnlyCollection<string> Names => Files.Keys;

    /// <summary>The bytes of all files.</summary>
    public static long Weight => Files.Values.Sum(file => (long)file.Length);

    /// <summary>Sends a file of the page.</summary>
    public static Task SendAsync(HttpResponse response, string name) => Files.TryGetValue(name, out byte[]? file)
        ? SendAsync(response, file, Types[Path.GetExtension(name)])
        : NothingAsync(response);

    /// <summary>Sends the words of a language.</summary>
    public static Task SendWordsAsync(HttpResponse response, string language) => Words.TryGetValue(language, out byte[]? words)
        ? SendAsync(response, words, "application/json; charset=utf-8")
        : NothingAsync(response);

    /// <summary>The page's words in a language: the Paint.NET dialog's, and its own where they differ.</summary>
    public static IReadOnlyDictionary<string, string> WordsOf(string language)
    {
        var words = new Dictionary<string, string>();
        foreach (string file in (string[])[$"words/dialog.{language}.txt", $"words/{language}.txt"])
        {
            foreach (string line in System.Text.Encoding.UTF8.GetString(Read(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                int at = line.IndexOf(" = ", StringComparison.Ordinal);
                words[line[..at]] = WithoutKey(line[(at + 3)..].Trim());
            }
        }
        return words;
    }

    /// <summary>Dialogs mark a letter for the keyboard: "&amp;Restore", "修复(&amp;R)".</summary>
    private static string WithoutKey(string text)
    {
        int key = text.IndexOf("(&", StringComparison.Ordinal);
        return key < 0 ? text.Replace("&", "", StringComparison.Ordinal)
            : (text[..key].TrimEnd() + text[(text.IndexOf(')', key) + 1)..]).TrimEnd();
    }

    private static Task NothingAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpResponse response, byte[] bytes, string type)
    {
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
