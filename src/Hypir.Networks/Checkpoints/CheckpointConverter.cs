using Hypir.Core.Files;

namespace Hypir.Networks.Checkpoints;

/// <summary>Turns weights of any readable format into safetensors, which other programs open without a pickle.</summary>
public static class CheckpointConverter
{
    /// <summary>Writes a file's tensors as safetensors, each in its own type; text that the file carries is kept.</summary>
    /// <param name="source">The file to read.</param>
    /// <param name="target">The file to write, or replace: complete or not at all.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    /// <returns>How many tensors were written.</returns>
    /// <exception cref="CheckpointException">The source is damaged, hostile, or something else.</exception>
    /// <exception cref="ModelException">The source cannot be read, or is the target.</exception>
    /// <exception cref="OutputException">The target cannot be written.</exception>
    public static int Convert(string source, string target, CancellationToken cancellation = default)
    {
        if (FileIdentity.AreSame(source, target))
            throw new ModelException($"{source}: source and target are the same file.", "Give the new file another name.");
        using var tensors = CheckpointFile.Open(source);
        var metadata = tensors is SafetensorsFile { Metadata.Count: > 0 } file ? file.Metadata : new Dictionary<string, string> { ["format"] = "pt" };
        OutputException.Guard(target, () => SafetensorsWriter.Write(target, tensors, metadata, cancellation));
        return tensors.Tensors.Count;
    }
}
