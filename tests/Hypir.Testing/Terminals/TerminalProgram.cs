using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Testing.Terminals;

/// <summary>
/// A program that runs at a terminal of its own, with a user who reads the screen and presses keys. Nothing waits for a time to pass, only
/// for what is shown.
/// </summary>
public sealed partial class TerminalProgram : IDisposable
{
    /// <summary>The byte that Ctrl+C sends.</summary>
    public const string CtrlC = "\u0003";

    /// <summary>The byte that Ctrl+D sends: the end of the input.</summary>
    public const string CtrlD = "\u0004";

    // Far beyond what any of these programs takes: it only keeps a hanging one from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly object _lock = new();
    private readonly PseudoTerminal _terminal;
    private readonly Process _process;
    private readonly Thread _reader;
    private readonly StringBuilder _raw = new();
    private readonly Screen _screen;
    private bool _closed;

    private TerminalProgram(PseudoTerminal terminal, Screen screen, Process process)
    {
        (_terminal, _screen, _process) = (terminal, screen, process);
        // The rest of the output is still read; then the reader sees the end.
        _process.Exited += (_, _) => _terminal.HangUp();
        _process.EnableRaisingEvents = true;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Starts a program at a terminal. Of the environment of the tests it sees nothing but where things are.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="look">What kind of terminal it is.</param>
    /// <param name="arguments">Its arguments.</param>
    public static TerminalProgram Start(BuiltProgram program, string folder, TerminalLook look, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Pseudo-terminals are opened on Linux only.");
        var terminal = new PseudoTerminal(look.Columns, look.Rows);
        // A session of its own, whose controlling terminal it is. It begins with a prompt: from then on keys reach it.
        // Where tests run in the background, they inherit that Ctrl+C is ignored: a terminal's shell does not.
        const string Session =
            "exec env --default-signal=INT,QUIT,HUP,TERM setsid --ctty --wait sh -c 'echo \"$\"; exec \"$0\" \"$@\"' \"$0\" \"$@\" "
                + "<\"$PTY\" >\"$PTY\" 2>&1";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Session, program.Path, .. arguments]) { WorkingDirectory = folder };
        foreach (string variable in start.Environment.Keys.Where(key => !IsKept(key)).ToArray())
            start.Environment.Remove(variable);
        foreach (var (variable, value) in look.Environment)
            start.Environment[variable] = value;
        start.Environment["PTY"] = terminal.Name;
        start.Environment["TERM"] = look.Term;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["HYPIR_HOME"] = Path.Combine(folder, BuiltProgram.Home);
        return new TerminalProgram(terminal, new Screen(look.Columns, look.Rows), Process.Start(start)!).Await("$ ");
    }

    /// <summary>What is on the screen, and was before it scrolled.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _screen.Text;
        }
    }

    /// <summary>Everything that came, control sequences included.</summary>
    public string Raw
    {
        get
        {
            lock (_lock)
                return _raw.ToString();
        }
    }

    /// <summary>Looks at the screen while nothing changes on it.</summary>
    public T See<T>(Func<Screen, T> look)
    {
        lock (_lock)
            return look(_screen);
    }

    /// <summary>Waits until the screen is as expected.</summary>
    public TerminalProgram Await(Func<Screen, bool> expected, string what)
    {
        var clock = Stopwatch.StartNew();
        lock (_lock)
        {
            while (!expected(_screen))
            {
                if (_closed || clock.Elapsed > Limit)
                    throw new AssertFailedException(
                        $"{what} was not shown{(_closed ? " before the program ended" : "")}. The screen:\n{_screen.Text}\n\nAll that "
                            + $"came:\n{_raw}"
                    );
                Monitor.Wait(_lock, Limit - clock.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1));
            }
        }
        return this;
    }

    /// <summary>Waits until a text is shown.</summary>
    public TerminalProgram Await(string text) => Await(screen => screen.Joined.Contains(text, StringComparison.Ordinal), $"\"{text}\"");

    /// <summary>Waits until a bar is shown.</summary>
    public TerminalProgram AwaitBar() => Await(screen => screen.Rows.Any(HasBar), "A bar");

    /// <summary>Whether a row shows a bar with its percentage.</summary>
    public static bool HasBar(string row) => Bar().IsMatch(row);

    /// <summary>
    /// Whether the screen can be trusted: on some virtual machines libtorch writes warnings past a program's streams into its bar, which
    /// then goes astray.
    /// </summary>
    public bool IsUndisturbed => !Raw.Contains("NNPACK", StringComparison.Ordinal);

    /// <summary>Types.</summary>
    public TerminalProgram Type(string keys)
    {
        _terminal.Stream.Write(Encoding.UTF8.GetBytes(keys));
        _terminal.Stream.Flush();
        return this;
    }

    /// <summary>Gives the window another size.</summary>
    public TerminalProgram Resize(int columns, int rows)
    {
        lock (_lock)
        {
            _screen.Resize(columns, rows);
            _terminal.Resize(columns, rows);
        }
        return this;
    }

    /// <summary>Waits for the end.</summary>
    public TerminalProgram MustEnd(params ExitCode[] codes)
    {
        if (!_process.WaitForExit(Limit))
            throw new AssertFailedException($"The program did not end. The screen:\n{Text}\n\nAll that came:\n{Raw}");
        _terminal.HangUp();
        _reader.Join();
        CollectionAssert.Contains(codes, (ExitCode)_process.ExitCode, $"Exit code {_process.ExitCode}. The screen:\n{Text}");
        Assert.IsTrue(_screen.CursorVisible, $"The cursor stays hidden:\n{Raw}");
        Assert.IsFalse(Text.Contains("   at Hypir", StringComparison.Ordinal) || Text.Contains("Unhandled", StringComparison.Ordinal),
            Text);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _terminal.HangUp();
        _reader.Join();
        _process.Dispose();
        _terminal.Dispose();
    }

    private static bool IsKept(string variable) => variable is "PATH" or "HOME" or "TMPDIR" or "USER"
        || variable.StartsWith("DOTNET", StringComparison.Ordinal);

    private void Read()
    {
        var bytes = new byte[4096];
        var letters = new char[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        string rest = "";
        try
        {
            while (_terminal.Stream.Read(bytes) is var count and > 0)
            {
                string text = new(letters, 0, decoder.GetChars(bytes, 0, count, letters, 0));
                lock (_lock)
                {
                    _raw.Append(text);
                    rest += text;
                    rest = rest[_screen.Write(rest)..];
                    Monitor.PulseAll(_lock);
                }
            }
        }
        catch (IOException)
        {
            // Nobody has the other end open any more.
        }
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    [GeneratedRegex(@"[█░#-]{8,} +[0-9]+%")]
    private static partial Regex Bar();
}
