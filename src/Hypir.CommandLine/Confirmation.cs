using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hypir.CommandLine;

/// <summary>Questions to a person at a terminal.</summary>
public static class Confirmation
{
    /// <summary>Asks a question and waits for the answer. Everything but yes is no; so is the end of the input (Ctrl+D).</summary>
    /// <param name="terminal">Where the question is shown.</param>
    /// <param name="question">The question.</param>
    public static bool Ask(TextWriter terminal, string question)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        terminal.Write($"{question} (yes/no) ");
        terminal.Flush();
        string? answer = OperatingSystem.IsWindows() ? Console.ReadLine() : ReadLine();
        // The end of the input leaves the cursor behind the question.
        if (answer is null)
            terminal.WriteLine();
        return answer?.Trim().ToUpperInvariant() is "YES" or "Y";
    }

    /// <summary>Reads a line as the terminal gives it: .NET's own reader of lines ignores Ctrl+D.</summary>
    private static string? ReadLine()
    {
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        List<byte> line = [];
        for (int next = input.ReadByte(); next != '\n'; next = input.ReadByte())
        {
            if (next < 0)
                return null;
            line.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
