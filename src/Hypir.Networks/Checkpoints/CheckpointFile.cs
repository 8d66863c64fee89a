using System.Buffers.Binary;

namespace Hypir.Networks.Checkpoints;

/// <summary>Opens weights files of any format, told by their content: extensions lie.</summary>
public static class CheckpointFile
{
    /// <summary>Opens a safetensors file or a file of torch.save.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, or something else.</exception>
    /// <exception cref="ModelException">It is not there or cannot be read.</exception>
    public static ITensorSource Open(string path) =>
        TensorFile.Open<ITensorSource>(path, file => IsSafetensors(file) ? SafetensorsFile.Open(file) : TorchFile.Open(file));

    private static bool IsSafetensors(TensorFile file)
    {
        const int prefix = sizeof(ulong);
        bool named = file.Path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        if (file.Length <= prefix)
            return named;
        byte[] head = file.Read(0, prefix + 1);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) <= SafetensorsHeader.MaxBytes && head[prefix] == '{')
            return true;
        // A damaged file is judged as what its name says, unless it clearly is of the other format.
        return named && !head.AsSpan().StartsWith("PK"u8);
    }
}
