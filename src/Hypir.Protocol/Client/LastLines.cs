namespace Hypir.Protocol.Client;

/// <summary>Keeps the last lines of a stream.</summary>
internal sealed class LastLines
{
    private const int Most = 20;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Most)
                _lines.Dequeue();
        }
    }

    public IReadOnlyList<string> ToList()
    {
        lock (_lines)
            return [.. _lines];
    }

    /// <summary>The last lines of a file that another process may be writing; none where it cannot be read.</summary>
    public static IReadOnlyList<string> OfFile(string path)
    {
        const int Tail = 8192;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(Tail, file.Length), SeekOrigin.End);
            var last = new LastLines();
            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
                last.Add(line);
            return last.ToList();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
