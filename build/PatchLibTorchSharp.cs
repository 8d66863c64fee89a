using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of libLibTorchSharp.so that a libstdc++ older than GCC 13 can load.
/// The file needs one newer symbol, std::ios_base_library_init() of GLIBCXX_3.4.32, called once by a static initialiser. Before GCC 13 the
/// constructor std::ios_base::Init::Init() did that job (it only counts and initialises the standard streams; its this pointer
/// is not read), and every newer libstdc++ still exports it. So the copy asks for that one instead.
/// </summary>
public class PatchLibTorchSharp : Task
{
    private const string NewerVersion = "GLIBCXX_3.4.32";
    private const string OlderVersion = "GLIBCXX_3.4";
    private const string NewerSymbol = "_ZSt21ios_base_library_initv";
    private const string OlderSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const ushort WeakVersion = 2; // VER_FLG_WEAK: a missing version is no error

    [Required]
    public string Library { get; set; }

    [Required]
    public string Patched { get; set; }

    public string Always { get; set; }

    [Output]
    public bool Needed { get; set; }

    public override bool Execute()
    {
        byte[] elf = File.ReadAllBytes(Library);
        Needed = IndexOf(elf, NewerVersion) >= 0
            && (string.Equals(Always, "true", StringComparison.OrdinalIgnoreCase) || !SystemHasNewerVersion());
        if (!Needed || (File.Exists(Patched) && File.GetLastWriteTimeUtc(Patched) >= File.GetLastWriteTimeUtc(Library)
            && new FileInfo(Patched).Length == elf.Length))
        {
            return true;
        }

        try
        {
            Patch(elf);
        }
        catch (InvalidDataException e)
        {
            Log.LogError("{0} cannot be made to load with this system's libstdc++: {1} Install libstdc++ 13 or newer.", Library, e.Message);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Patched));
        string temporary = Patched + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, elf);
        if (File.Exists(Patched))
        {
            File.Delete(Patched);
        }

        File.Move(temporary, Patched);
        Log.LogMessage(MessageImportance.Normal, "Patched copy of libLibTorchSharp.so for an older libstdc++: {0}", Patched);
        return true;
    }

    private static bool SystemHasNewerVersion()
    {
        string[] folders = { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib" };
        string found = folders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        return found != null && IndexOf(File.ReadAllBytes(found), NewerVersion) >= 0;
    }

    private static int IndexOf(byte[] data, string text) =>
        Encoding.GetEncoding("iso-8859-1").GetString(data).IndexOf(text + "\0", StringComparison.Ordinal);

    private static void Patch(byte[] elf)
    {
        Section dynsym = Find(elf, 11), versym = Find(elf, 0x6fffffff), verneed = Find(elf, 0x6ffffffe);
        Section dynstr = At(elf, dynsym.Link);
        ushort newer = 0, older = 0;
        for (int need = verneed.Offset, next = -1; next != 0; need += next)
        {
            next = (int)U32(elf, need + 12);
            int count = U16(elf, need + 2), aux = need + (int)U32(elf, need + 8);
            for (int i = 0; i < count; i++, aux += (int)U32(elf, aux + 12))
            {
                string name = Text(elf, dynstr.Offset + (int)U32(elf, aux + 8));
                if (name == NewerVersion)
                {
                    newer = U16(elf, aux + 6);
                    Put(elf, aux + 4, (ushort)(U16(elf, aux + 4) | WeakVersion));
                }
                else if (name == OlderVersion)
                {
                    older = U16(elf, aux + 6);
                }
            }
        }

        if (newer == 0 || older == 0)
        {
            throw new InvalidDataException("its version needs are not the expected ones.");
        }

        int patched = 0;
        for (int i = 0; i < dynsym.Size / 24; i++)
        {
            int version = versym.Offset + (2 * i);
            if (U16(elf, version) != newer)
            {
                continue;
            }

            int name = dynstr.Offset + (int)U32(elf, dynsym.Offset + (24 * i));
            if (Text(elf, name) != NewerSymbol)
            {
                throw new InvalidDataException("it needs another new symbol, " + Text(elf, name) + ".");
            }

            byte[] replacement = Encoding.ASCII.GetBytes(OlderSymbol.PadRight(NewerSymbol.Length, '\0'));
            replacement.CopyTo(elf, name);
            Put(elf, version, older);
            patched++;
        }

        if (patched != 1)
        {
            throw new InvalidDataException("the symbol to replace was not found.");
        }
    }

    private static Section Find(byte[] elf, uint type)
    {
        int count = U16(elf, 60);
        for (int i = 0; i < count; i++)
        {
            Section section = At(elf, i);
            if (section.Type == type)
            {
                return section;
            }
        }

        throw new InvalidDataException("it has no section of type 0x" + type.ToString("x") + ".");
    }

    private static Section At(byte[] elf, int index)
    {
        int header = checked((int)BitConverter.ToUInt64(elf, 40)) + (index * U16(elf, 58));
        return new Section
        {
            Type = U32(elf, header + 4),
            Offset = checked((int)BitConverter.ToUInt64(elf, header + 24)),
            Size = checked((int)BitConverter.ToUInt64(elf, header + 32)),
            Link = (int)U32(elf, header + 40),
        };
    }

    private static ushort U16(byte[] elf, int at) => BitConverter.ToUInt16(elf, at);

    private static uint U32(byte[] elf, int at) => BitConverter.ToUInt32(elf, at);

    private static void Put(byte[] elf, int at, ushort value) => BitConverter.GetBytes(value).CopyTo(elf, at);

    private static string Text(byte[] elf, int at) => Encoding.ASCII.GetString(elf, at, Array.IndexOf(elf, (byte)0, at) - at);

    private struct Section
    {
        public uint Type;
        public int Offset;
        public int Size;
        public int Link;
    }
}
