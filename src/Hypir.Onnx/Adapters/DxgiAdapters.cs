using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Hypir.Planning.Machine;

namespace Hypir.Onnx.Adapters;

/// <summary>
/// The GPUs that Windows lists (DXGI), in the order of DirectML's numbers. What one of them can bind is not among their properties.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class DxgiAdapters
{
    // Places in the tables of functions of IUnknown, IDXGIFactory1 and IDXGIAdapter1.
    private const int Release = 2, EnumerateAdapters = 12, CheckInterface = 9, Describe = 10;

    // Places in DXGI_ADAPTER_DESC1, which has 312 bytes.
    private const int DescriptionBytes = 512, NameCharacters = 128, MemoryAt = 272, FlagsAt = 304;
    private const uint SoftwareFlag = 2;

    private static readonly Guid Factory = new("770aae78-f26f-4dba-a829-253c83d1b387");
    private static readonly Guid Device = new("54ec77fa-1377-44e6-8c32-88fd5f44c84c");

    /// <summary>The GPUs; none if DXGI cannot be asked.</summary>
    public static IReadOnlyList<GpuAdapter> Find()
    {
        Guid kind = Factory;
        if (CreateFactory(&kind, out nint factory) < 0)
            return [];
        var found = new List<GpuAdapter>();
        try
        {
            nint adapter;
            for (uint index = 0;
                ((delegate* unmanaged<nint, uint, nint*, int>)Function(factory, EnumerateAdapters))(factory, index, &adapter) >= 0; index++)
            {
                if (Read(adapter) is { } gpu)
                    found.Add(gpu);
                Free(adapter);
            }
        }
        finally
        {
            Free(factory);
        }

        return found;
    }

    private static GpuAdapter? Read(nint adapter)
    {
        byte* description = stackalloc byte[DescriptionBytes];
        if (((delegate* unmanaged<nint, byte*, int>)Function(adapter, Describe))(adapter, description) < 0)
            return null;
        var name = new ReadOnlySpan<char>(description, NameCharacters);
        int end = name.IndexOf('\0');
        long version = 0;
        Guid kind = Device;
        string driver = ((delegate* unmanaged<nint, Guid*, long*, int>)Function(adapter, CheckInterface))(adapter, &kind, &version) < 0 ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(version >> 48) & 0xffff}.{(version >> 32) & 0xffff}.{(version >> 16) & 0xffff}.{version & 0xffff}");
        return new((end < 0 ? name : name[..end]).ToString(), driver, (long)*(nuint*)(description + MemoryAt))
        {
            IsSoftware = (*(uint*)(description + FlagsAt) & SoftwareFlag) != 0,
        };
    }

    private static void Free(nint unknown) => ((delegate* unmanaged<nint, uint>)Function(unknown, Release))(unknown);

    private static nint Function(nint unknown, int place) => (*(nint**)unknown)[place];

    [LibraryImport("dxgi.dll", EntryPoint = "CreateDXGIFactory1")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int CreateFactory(Guid* kind, out nint factory);
}
