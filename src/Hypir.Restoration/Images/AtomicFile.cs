namespace Hypir.Restoration.Images;

/// <summary>Writes a file beside its target and renames it, so that a reader sees the old file or the new one, never half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Has a temporary file written and puts it in the target's place.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Is given the temporary file's path.</param>
    /// <exception cref="PictureException">The folder is missing or the disk refused.</exception>
    internal static void Write(string path, Action<string> write)
    {
        string temporary = TemporaryFiles.NewFor(path);
        try
        {
            // Made here first: libraries tell badly why they could not.
            File.Create(temporary).Dispose();
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NetVips.VipsException)
        {
            string why = failure is NetVips.VipsException vips ? VipsLibrary.Words(vips) : failure.Message;
            throw new PictureException(path, "It cannot be written: " + why, "Check that the folder exists, may be written, and has space.", failure);
        }
        finally
        {
            TemporaryFiles.TryDelete(temporary);
        }
    }
}
