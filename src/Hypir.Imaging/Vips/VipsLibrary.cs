using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>libvips with the settings that suit files of strangers: only the loaders that are wanted, no cache, no words on stderr.</summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders =
        ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadNsgif"];

    // More threads than this gain nothing here, and each holds a strip of the picture.
    private const int MostThreads = 8;

    // The state is the native library's own and of the whole process, so it is set once, here.
    static VipsLibrary()
    {
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = Math.Min(Environment.ProcessorCount, MostThreads);
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in Loaders)
            Operation.Block(loader, false);
        foreach (string domain in new[] { "VIPS", "GLib", "GLib-GObject" })
            Log.SetLogHandler(domain, Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Critical | Enums.LogLevelFlags.Message, (_, _, _) => { });
    }

    /// <summary>Called before the library is used; its work is done in the static constructor.</summary>
    internal static void Prepare()
    {
    }

    /// <summary>The library's words on a failure, in one line.</summary>
    internal static string Words(VipsException failure)
    {
        var lines = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(3);
        return string.Join("; ", lines);
    }
}
