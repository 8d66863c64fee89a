namespace Hypir.Networks.Text;

/// <summary>
/// Windows-1252, as browsers read it: its five unassigned bytes are the control characters that Latin-1 has there.
/// </summary>
internal static class Windows1252
{
    private const string From80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The character of a byte.</summary>
    public static char Decode(byte value) => value is >= 0x80 and < 0xA0 ? From80[value - 0x80] : (char)value;

    /// <summary>The byte of a character, or null.</summary>
    public static byte? Encode(char character)
    {
        if (character is < '\u0080' or (>= '\u00A0' and <= '\u00FF'))
            return (byte)character;
        int index = From80.IndexOf(character, StringComparison.Ordinal);
        return index < 0 ? null : (byte)(0x80 + index);
    }
}
