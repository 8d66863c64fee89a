using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hypir.Planning.Machine;

namespace Hypir.Onnx.Adapters;

/// <summary>The GPUs that Vulkan's loader finds, by its C interface. Drivers are loaded into this process.</summary>
internal static unsafe partial class VulkanAdapters
{
    private const string Loader = "libvulkan.so.1";
    private const int InstanceBytes = 64;
    private const int InstanceKind = 1;
    private const int SoftwareKind = 4;
    private const uint OwnMemory = 1;

    // Places in VkPhysicalDeviceProperties, which has 824 bytes.
    private const int PropertyBytes = 1024, DriverAt = 4, VendorAt = 8, KindAt = 16, NameAt = 20, NameBytes = 256, StorageRangeAt = 324;

    // Places in VkPhysicalDeviceMemoryProperties, which has 520 bytes.
    private const int MemoryBytes = 1024, HeapCountAt = 260, HeapsAt = 264, HeapBytes = 16, HeapFlagsAt = 8;

    private const uint Nvidia = 0x10de;

    /// <summary>The GPUs in the loader's order; none without a loader or a driver.</summary>
    public static IReadOnlyList<GpuAdapter> Find()
    {
        try
        {
            byte* create = stackalloc byte[InstanceBytes];
            new Span<byte>(create, InstanceBytes).Clear();
            *(int*)create = InstanceKind;
            if (CreateInstance(create, 0, out nint instance) != 0)
                return [];
            uint count = 0;
            if (EnumeratePhysicalDevices(instance, ref count, null) != 0)
                return [];
            nint[] devices = new nint[count];
            fixed (nint* first = devices)
            {
                // Negative results are errors; a list that was cut off is not.
                if (EnumeratePhysicalDevices(instance, ref count, first) < 0)
                    return [];
            }

            return [.. devices.Take((int)count).Select(Describe)];
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return [];
        }
    }

    private static GpuAdapter Describe(nint device)
    {
        byte[] properties = new byte[PropertyBytes], memory = new byte[MemoryBytes];
        fixed (byte* property = properties, heap = memory)
        {
            GetProperties(device, property);
            GetMemory(device, heap);
        }

        return Read(properties, memory);
    }

    /// <summary>A GPU as Vulkan describes it.</summary>
    /// <param name="properties">VkPhysicalDeviceProperties.</param>
    /// <param name="memory">VkPhysicalDeviceMemoryProperties.</param>
    internal static GpuAdapter Read(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> memory)
    {
        ReadOnlySpan<byte> name = properties.Slice(NameAt, NameBytes);
        int end = name.IndexOf((byte)0);
        long own = 0;
        for (int heap = 0; heap < (int)Number(memory, HeapCountAt); heap++)
        {
            ReadOnlySpan<byte> one = memory.Slice(HeapsAt + heap * HeapBytes, HeapBytes);
            if ((Number(one, HeapFlagsAt) & OwnMemory) != 0)
                own = Math.Max(own, BinaryPrimitives.ReadInt64LittleEndian(one));
        }

        return new(
            Encoding.UTF8.GetString(end < 0 ? name : name[..end]), Version(Number(properties, DriverAt), Number(properties, VendorAt)), own)
        {
            BindingLimit = Number(properties, StorageRangeAt),
            IsSoftware = Number(properties, KindAt) == SoftwareKind,
        };
    }

    /// <summary>A driver's version: 10, 10 and 12 bits by Vulkan's rule; NVIDIA's has 10, 8, 8 and 6.</summary>
    private static string Version(uint number, uint vendor) => vendor == Nvidia
        ? string.Create(CultureInfo.InvariantCulture, $"{number >> 22}.{(number >> 14) & 0xff}.{(number >> 6) & 0xff}")
        : string.Create(CultureInfo.InvariantCulture, $"{number >> 22}.{(number >> 12) & 0x3ff}.{number & 0xfff}");

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    [LibraryImport(Loader, EntryPoint = "vkCreateInstance")]
    private static partial int CreateInstance(byte* create, nint allocator, out nint instance);

    [LibraryImport(Loader, EntryPoint = "vkEnumeratePhysicalDevices")]
    private static partial int EnumeratePhysicalDevices(nint instance, ref uint count, nint* devices);

    [LibraryImport(Loader, EntryPoint = "vkGetPhysicalDeviceProperties")]
    private static partial void GetProperties(nint device, byte* properties);

    [LibraryImport(Loader, EntryPoint = "vkGetPhysicalDeviceMemoryProperties")]
    private static partial void GetMemory(nint device, byte* memory);
}
