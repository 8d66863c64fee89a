namespace Hypir.Engine.Restoring;

/// <summary>
/// <c>-</c> as an image: standard input, and standard output, which then gets the image and nothing else. Both go through files in a
/// private folder, since images are decoded and written as files.
/// </summary>
internal sealed class StandardImages : IDisposable
{
    /// <summary>What stands for the streams.</summary>
    public const string Sign = "-";

    /// <summary>A stream without end would fill the disk.</summary>
    private const long MostBytes = 1L << 32;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hypir-");
    private readonly Interruption _interruption;
    private readonly TextWriter _out = Console.Out;
    private readonly string? _result;

    /// <summary>
    /// Reads the standard input, if the job does, and sends all text to the error stream if the image goes to the output.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="interruption">Cancels reading and writing.</param>
    /// <exception cref="UsageException">There is no image on the standard input, or too much.</exception>
    public StandardImages(RestoreCommandOptions job, Interruption interruption)
    {
        _interruption = interruption;
        bool writes = Streams(job.Inputs, job.Output).Writes;
        _result = writes ? Path.Combine(_folder.FullName, "result" + (job.Format ?? ".png")) : null;
        if (writes)
            Console.SetOut(Console.Error);
        try
        {
            Job = job with
            {
                Inputs = [.. job.Inputs.Select(input => input == Sign ? Read() : input)],
                Output = _result ?? job.Output,
            };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The job, with files in place of the streams.</summary>
    public RestoreCommandOptions Job { get; }

    /// <summary>Whether a job reads or writes standard streams.</summary>
    public static bool IsUsedBy(RestoreCommandOptions job) => Streams(job.Inputs, job.Output) is { Reads: true } or { Writes: true };

    /// <summary>What does not fit together, as sentences.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<string> inputs, string? output, bool json)
    {
        var (reads, writes) = Streams(inputs, output);
        if (reads && !Console.IsInputRedirected)
            yield return "- reads an image from the standard input, which is a terminal here.";
        if (!writes)
            yield break;
        if (json)
            yield return "--json needs the standard output for itself: the image cannot go there too.";
        if (inputs.Count > 1 || inputs.Any(Directory.Exists))
            yield return "The standard output takes a single image.";
        if (!Console.IsOutputRedirected)
            yield return "The image would go to the terminal: redirect the standard output, or name a file after --output.";
    }

    /// <summary>Writes the result to the standard output, if it belongs there.</summary>
    /// <exception cref="OutputException">The standard output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public void Finish()
    {
        if (_result is null || !File.Exists(_result))
            return;
        try
        {
            using var file = File.OpenRead(_result);
            using var output = Console.OpenStandardOutput();
            Copy(file, output, long.MaxValue);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"The standard output cannot be written: {failure.Message}", "Check where it is redirected to.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.SetOut(_out);
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The system deletes its temporary files.
        }
    }

    /// <summary>Which streams are used: an image that is read goes to the standard output if nothing else is named.</summary>
    private static (bool Reads, bool Writes) Streams(IReadOnlyList<string> inputs, string? output)
    {
        bool reads = inputs.Contains(Sign);
        return (reads, output == Sign || (reads && output is null));
    }

    private string Read()
    {
        // The name appears in messages.
        string path = Path.Combine(_folder.FullName, "standard input");
        if (File.Exists(path))
            return path;
        try
        {
            using var input = Console.OpenStandardInput();
            using var file = File.Create(path);
            if (!Copy(input, file, MostBytes))
                throw new UsageException($"The standard input has more than {MostBytes >> 30} GiB.", "Name a file instead.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The standard input cannot be read: {failure.Message}", "Name a file instead.");
        }

        return path;
    }

    /// <summary>Copies a stream in a way that an interruption ends even if the other side of a pipe does nothing.</summary>
    /// <returns>Whether all of it was copied.</returns>
    private bool Copy(Stream from, Stream to, long most)
    {
        var copying = Task.Run(() =>
        {
            byte[] block = new byte[1 << 16];
            long sum = 0;
            for (int count; (count = from.Read(block)) > 0 && !_interruption.Token.IsCancellationRequested;)
            {
                if ((sum += count) > most)
                    return false;
                to.Write(block, 0, count);
            }

            to.Flush();
            return true;
        });
        try
        {
            copying.Wait(_interruption.Token);
        }
        catch (AggregateException failure)
        {
            throw failure.InnerException!;
        }

        return copying.Result;
    }
}
