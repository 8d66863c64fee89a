using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Hypir.Onnx.Sessions;

/// <summary>A function of ONNX Runtime that its .NET package leaves out, from the table of its C interface.</summary>
internal static unsafe partial class NativeSessionOptions
{
    // Places in the table, which never change: functions are only added at its end.
    private const int GetErrorMessage = 2;
    private const int ReleaseStatus = 93;
    private const int AddExternalInitializersFromFilesInMemory = 279;

    // The version of the table in which the last of them appeared.
    private const uint TableVersion = 18;

    /// <summary>Gives a session the content of files, so that it does not open them. It copies what it needs when it is created.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="files">The names as the model has them, and the content.</param>
    /// <exception cref="InvalidOperationException">The library has no such function, or refuses.</exception>
    public static void GiveFiles(SessionOptions options, IReadOnlyList<(string Name, GraphMemory Content)> files)
    {
        if (files.Count == 0)
            return;
        nint* table = Table();
        byte[][] texts = [.. files.Select(file => Text(file.Name))];
        GCHandle[] pins = [.. texts.Select(text => GCHandle.Alloc(text, GCHandleType.Pinned))];
        try
        {
            nint[] names = [.. pins.Select(pin => pin.AddrOfPinnedObject())], contents = [.. files.Select(file => file.Content.Address)];
            nuint[] lengths = [.. files.Select(file => (nuint)file.Content.Length)];
            fixed (nint* name = names, content = contents)
            fixed (nuint* length = lengths)
            {
                nint status = ((delegate* unmanaged<nint, nint*, nint*, nuint*, nuint, nint>)
                    table[AddExternalInitializersFromFilesInMemory])(
                        options.DangerousGetHandle(), name, content, length, (nuint)files.Count);
                GC.KeepAlive(options);
                Check(table, status);
            }
        }
        finally
        {
            foreach (GCHandle pin in pins)
                pin.Free();
        }
    }

    private static nint* Table()
    {
        nint* table = ((delegate* unmanaged<uint, nint*>)*(nint*)OrtGetApiBase())(TableVersion);
        return table is not null ? table : throw new InvalidOperationException("ONNX Runtime is too old.");
    }

    private static void Check(nint* table, nint status)
    {
        if (status == 0)
            return;
        string? message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)table[GetErrorMessage])(status));
        ((delegate* unmanaged<nint, void>)table[ReleaseStatus])(status);
        throw new InvalidOperationException(message);
    }

    /// <summary>A path as the library reads it: UTF-16 on Windows, else UTF-8, with a zero at the end.</summary>
    private static byte[] Text(string path) =>
        (OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF8).GetBytes(path + '\0');

    [LibraryImport("onnxruntime")]
    private static partial nint OrtGetApiBase();
}
