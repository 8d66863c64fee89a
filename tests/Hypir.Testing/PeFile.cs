using System.Buffers.Binary;
using System.Text;

namespace Hypir.Testing;

/// <summary>Writes libraries for Windows (PE32+) that hold nothing but import tables.</summary>
public static class PeFile
{
    private const int Header = 0x400, Address = 0x1000, Optional = 64 + 4 + 20, Directories = Optional + 112, Section = Optional + 240;
    private const int ImportSize = 20, DelaySize = 32;

    /// <summary>Writes a library.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needed">What it imports.</param>
    /// <param name="delayed">What it imports on first use.</param>
    public static void Write(string path, string[] needed, params string[] delayed) => File.WriteAllBytes(path, Bytes(needed, delayed));

    /// <summary>A library's bytes.</summary>
    public static byte[] Bytes(string[] needed, params string[] delayed)
    {
        int delayAt = (needed.Length + 1) * ImportSize, textAt = delayAt + (delayed.Length + 1) * DelaySize;
        byte[] file = new byte[Header + textAt + needed.Concat(delayed).Sum(name => name.Length + 1)];
        void Put16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        void Put32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        void PutText(int at, string text) => Encoding.ASCII.GetBytes(text, file.AsSpan(at));

        PutText(0, "MZ");
        Put32(60, 64);
        PutText(64, "PE");
        Put16(68, 0x8664); // AMD64
        Put16(70, 1); // one section
        Put16(84, 240); // bytes of the optional header
        Put16(86, 0x2022); // a library, of 64 bits
        Put16(Optional, 0x20B); // PE32+
        Put32(Optional + 32, 0x1000); // alignment in memory
        Put32(Optional + 36, 0x200); // and in the file
        Put32(Optional + 56, 0x2000); // bytes in memory
        Put32(Optional + 60, Header);
        Put32(Optional + 108, 16); // directories
        Put32(Directories + 8, needed.Length > 0 ? Address : 0);
        Put32(Directories + 12, delayAt);
        Put32(Directories + 13 * 8, delayed.Length > 0 ? Address + delayAt : 0);
        Put32(Directories + 13 * 8 + 4, textAt - delayAt);
        PutText(Section, ".rdata");
        Put32(Section + 8, file.Length - Header);
        Put32(Section + 12, Address);
        Put32(Section + 16, file.Length - Header);
        Put32(Section + 20, Header);

        int text = textAt;
        foreach ((int i, string name) in needed.Concat(delayed).Index())
        {
            bool late = i >= needed.Length;
            int descriptor = Header + (late ? delayAt + (i - needed.Length) * DelaySize : i * ImportSize);
            if (late)
                Put32(descriptor, 1); // addresses are relative
            Put32(descriptor + (late ? 4 : 12), Address + text);
            PutText(Header + text, name);
            text += name.Length + 1;
        }

        return file;
    }
}
