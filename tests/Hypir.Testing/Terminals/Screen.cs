using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypir.Testing.Terminals;

/// <summary>
/// What a terminal shows: rows of letters, changed by text and by the control sequences of ECMA-48 that programs use. Every letter takes
/// one column.
/// </summary>
public sealed partial class Screen
{
    private readonly List<string> _scrolled = [];
    private char[][] _rows;
    private int _row, _column;
    private (int Row, int Column) _saved;

    /// <summary>An empty screen.</summary>
    public Screen(int columns, int rows)
    {
        Columns = columns;
        _rows = [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];
    }

    /// <summary>Its width.</summary>
    public int Columns { get; private set; }

    /// <summary>Whether the cursor is shown.</summary>
    public bool CursorVisible { get; private set; } = true;

    /// <summary>The rows that are to be seen, without blanks at their ends.</summary>
    public IReadOnlyList<string> Rows => [.. _rows.Select(row => new string(row).TrimEnd())];

    /// <summary>Everything that was ever to be seen and not overwritten: rows that left the screen at its top, and those on it.</summary>
    public string Text => string.Join('\n', _scrolled.Concat(Rows)).TrimEnd();

    /// <summary>The same with rows joined, for text that a narrow terminal breaks anywhere.</summary>
    public string Joined => string.Concat(_scrolled.Concat(_rows.Select(row => new string(row))));

    /// <summary>Takes what a program wrote. A sequence that is cut off at the end is left for the next call.</summary>
    /// <returns>How much was taken.</returns>
    public int Write(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] != '\u001B')
            {
                Put(text[at++]);
                continue;
            }
            var sequence = Sequence().Match(text, at);
            if (!sequence.Success)
                return text.Length - at > 64
                    ? throw new AssertFailedException($"This is no control sequence: {text[at..].Replace('\u001B', '^')}")
                    : at;
            Control(sequence);
            at += sequence.Length;
        }
        return at;
    }

    /// <summary>Gives it another size, as xterm does: what no longer fits is cut off.</summary>
    public void Resize(int columns, int rows)
    {
        int gone = Math.Max(0, _row - rows + 1);
        for (int i = 0; i < gone; i++)
            _scrolled.Add(new string(_rows[i]).TrimEnd());
        _rows = [.. _rows.Skip(gone).Concat(Enumerable.Range(0, rows).Select(_ => Blank(Columns))).Take(rows)
            .Select(row => Fit(row, columns))];
        (_row, _column, Columns) = (_row - gone, Math.Min(_column, columns - 1), columns);
    }

    private void Put(char letter)
    {
        switch (letter)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                Feed();
                break;
            case '\b':
                _column = Math.Max(0, _column - 1);
                break;
            case '\t':
                _column = Math.Min(Columns - 1, (_column / 8 + 1) * 8);
                break;
            case < ' ':
                break;
            default:
                // A letter in the last column leaves the cursor there; the next one begins a new row.
                if (_column == Columns)
                {
                    _column = 0;
                    Feed();
                }
                _rows[_row][_column++] = letter;
                break;
        }
    }

    private void Feed()
    {
        if (_row < _rows.Length - 1)
        {
            _row++;
            return;
        }
        _scrolled.Add(new string(_rows[0]).TrimEnd());
        _rows = [.. _rows.Skip(1), Blank(Columns)];
    }

    private void Control(Match sequence)
    {
        if (sequence.Groups["simple"].Value is { Length: > 0 } simple)
        {
            if (simple == "7")
                _saved = (_row, _column);
            else if (simple == "8")
                (_row, _column) = _saved;
            return;
        }
        string parameters = sequence.Groups["parameters"].Value;
        int[] numbers = [.. parameters.TrimStart('?').Split(';')
            .Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : -1)];
        int count = Math.Max(1, numbers[0]), mode = Math.Max(0, numbers[0]), column = Math.Min(_column, Columns - 1);
        switch (sequence.Groups["final"].Value)
        {
            case "A":
                _row = Math.Max(0, _row - count);
                break;
            case "B":
                _row = Math.Min(_rows.Length - 1, _row + count);
                break;
            case "C":
                _column = Math.Min(Columns - 1, column + count);
                break;
            case "D":
                _column = Math.Max(0, column - count);
                break;
            case "G":
                _column = Math.Min(Columns, count) - 1;
                break;
            case "H":
                (_row, _column) = (Math.Min(_rows.Length, count) - 1, Math.Min(Columns, Math.Max(1, numbers.ElementAtOrDefault(1))) - 1);
                break;
            case "J":
                Erase(mode == 0 ? _row : 0, mode == 1 ? _row : _rows.Length - 1, mode == 0 ? column : 0, mode == 1 ? column : Columns - 1);
                break;
            case "K":
                Erase(_row, _row, mode == 0 ? column : 0, mode == 1 ? column : Columns - 1);
                break;
            case "h" or "l" when parameters == "?25":
                CursorVisible = sequence.Groups["final"].Value == "h";
                break;
        }
    }

    private void Erase(int firstRow, int lastRow, int firstColumn, int lastColumn)
    {
        for (int row = firstRow; row <= lastRow; row++)
        {
            for (int column = row == firstRow ? firstColumn : 0; column <= (row == lastRow ? lastColumn : Columns - 1); column++)
                _rows[row][column] = ' ';
        }
    }

    private static char[] Blank(int columns) => [.. Enumerable.Repeat(' ', columns)];

    private static char[] Fit(char[] row, int columns) => [.. row.Concat(Blank(columns)).Take(columns)];

    [GeneratedRegex(
        @"\G\u001B(\[(?<parameters>[0-9;?<>=]*)[ -/]*(?<final>[@-~])|\][^\u0007\u001B]*(\u0007|\u001B\\)|"
            + @"(?<simple>[()][0-9A-B]|[0-9=><A-Z]))"
    )]
    private static partial Regex Sequence();
}
