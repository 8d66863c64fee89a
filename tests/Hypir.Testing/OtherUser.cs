using System.Diagnostics;

namespace Hypir.Testing;

/// <summary>Another user of the same machine, played by the user nobody, which needs root on Linux.</summary>
public static class OtherUser
{
    private const string Nobody = "65534";
    private const UnixFileMode Everything = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Ends the test where nobody can be played.</summary>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/usr/bin/setpriv"))
            Assert.Inconclusive("Another user is played with setpriv, as root on Linux.");
    }

    /// <summary>How to start a command as this user.</summary>
    public static ProcessStartInfo Call(params string[] command) =>
        new("/usr/bin/setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. command]);

    /// <summary>Lets everybody write into a folder.</summary>
    public static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, Everything);
    }

    /// <summary>Lets nobody but root look into a folder.</summary>
    public static void Close(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.None);
    }

    /// <summary>Runs a program as this user to its end, in a folder that everybody can write into.</summary>
    public static ProgramRun Run(BuiltProgram program, string folder, params string[] arguments)
    {
        string home = Path.Combine(folder, BuiltProgram.Home);
        Directory.CreateDirectory(home);
        Open(home);
        var start = Call([program.Path, .. arguments]);
        start.WorkingDirectory = folder;
        start.Environment["HYPIR_HOME"] = home;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var run = BuiltProgram.Finish(process);
        if ((int)run.Code is 126 or 127)
            Assert.Inconclusive("The other user cannot run the program where it was built.");
        return run;
    }
}
