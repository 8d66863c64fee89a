using System.Text;

namespace Hypir.Networks.Checkpoints;

/// <summary>Recognises what people often have in place of weights, and says what happened.</summary>
internal static class ForeignFile
{
    private const int HeadBytes = 512;

    private const string DownloadItself = "Download the file itself, with the site's download button or `git lfs pull`.";

    /// <exception cref="CheckpointException">The file is empty, a web page, a git-LFS pointer …</exception>
    public static void Refuse(TensorFile file)
    {
        if (file.Length == 0)
            throw Not(file, "the file is empty.", "Download or copy it again.");
        byte[] head = file.Read(0, (int)Math.Min(file.Length, HeadBytes));
        string text = Encoding.Latin1.GetString(head).TrimStart('ï', '»', '¿', ' ', '\t', '\r', '\n');
        if (StartsWith(text, "<!doctype html") || StartsWith(text, "<html"))
            throw Not(file, "this is a web page, not weights.", DownloadItself);
        if (StartsWith(text, "<?xml"))
            throw Not(file, "this is an XML document, perhaps a server's error message, not weights.", DownloadItself);
        if (StartsWith(text, "version https://git-lfs"))
            throw Not(file, "this is a git-LFS pointer, which only stands for the weights.", DownloadItself);
        if (StartsWith(text, "{\"error\"") || StartsWith(text, "Entry not found") || StartsWith(text, "Invalid username"))
            throw Not(file, "this is a server's error message, not weights.", DownloadItself);
        if (head is [0x1f, 0x8b, ..])
            throw Not(file, "this is compressed with gzip.", "Unpack it first.");
        if (text.StartsWith("GGUF", StringComparison.Ordinal))
            throw Not(file, "this is a GGUF file, a format that is not read here.", "Take the model's safetensors files.");
        if (text.StartsWith("Rar!", StringComparison.Ordinal) || head is [0x37, 0x7a, 0xbc, 0xaf, ..])
            throw Not(file, "this is a compressed archive.", "Unpack it first.");
    }

    private static bool StartsWith(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static CheckpointException Not(TensorFile file, string message, string remedy) =>
        file.Error(CheckpointErrorKind.NotACheckpoint, message, remedy);
}
