using System.Runtime.InteropServices;

namespace Hypir.PdnHost.Driving;

/// <summary>The system's window for files, used as a person does: a name is typed and accepted.</summary>
internal static partial class FileWindow
{
    private const string DialogClass = "#32770";
    private const int NameField = 1148, PlainNameField = 1152; // Where the name stands: cmb13 of dlgs.h on Windows, edt1 under Wine.
    private const uint SetText = 0x000C, CommandMessage = 0x0111;
    private const int Accept = 1, Dismiss = 2;

    /// <summary>Whether one is open.</summary>
    public static bool IsOpen => Find() != 0;

    /// <summary>Types a file's whole path and accepts.</summary>
    public static void Choose(string path)
    {
        nint window = Find(), field = GetDlgItem(window, NameField);
        field = field != 0 ? field : GetDlgItem(window, PlainNameField);
        Check.That(field != 0, "The window for files has no field for a name.");
        SendText(field, SetText, 0, path);
        // Posted: the window may ask before it closes.
        Check.That(PostMessage(window, CommandMessage, Accept, 0), "The window for files is gone.");
    }

    /// <summary>Closes it without a choice.</summary>
    public static void Cancel() => Check.That(PostMessage(Find(), CommandMessage, Dismiss, 0), "The window for files is gone.");

    private static nint Find() => ThreadWindows.OfClass(DialogClass);

    [LibraryImport("user32.dll")]
    private static partial nint GetDlgItem(nint window, int id);

    [LibraryImport("user32.dll", EntryPoint = "SendMessageW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint SendText(nint window, uint message, nint unused, string text);

    [LibraryImport("user32.dll", EntryPoint = "PostMessageW")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool PostMessage(nint window, uint message, nint first, nint second);
}
