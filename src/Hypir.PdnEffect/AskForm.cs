using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A small window with a text and two answers, in the look of the window before it.</summary>
internal sealed class AskForm : Form
{
    private readonly TextBox _text = new() { Name = "text", Dock = DockStyle.Fill };

    private AskForm(string title, string heading, string yes, string no, Form before)
    {
        SuspendLayout();
        (Text, Font, BackColor, ForeColor) = (title, before.Font, before.BackColor, before.ForeColor);
        (AutoScaleDimensions, AutoScaleMode) = (new(96, 96), AutoScaleMode.Dpi);
        (MaximizeBox, MinimizeBox, ShowInTaskbar, ShowIcon) = (false, false, false, false);
        StartPosition = FormStartPosition.CenterParent;
        var rows = new TableLayoutPanel { ColumnCount = 1, RowCount = 3, Dock = DockStyle.Fill, Padding = new(12) };
        rows.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        rows.RowStyles.Add(new RowStyle(SizeType.AutoSize));
        rows.RowStyles.Add(new RowStyle(SizeType.Percent, 100));
        rows.RowStyles.Add(new RowStyle(SizeType.AutoSize));
        var answers = new FlowLayoutPanel { AutoSize = true, FlowDirection = FlowDirection.RightToLeft, Dock = DockStyle.Fill, Margin = new(0) };
        ThemedButton Answer(string name, string text, DialogResult result)
        {
            var button = new ThemedButton { Name = name, Text = text, DialogResult = result, AutoSize = true, MinimumSize = new(90, 28) };
            answers.Controls.Add(button);
            return button;
        }

        CancelButton = Answer("no", no, DialogResult.Cancel);
        AcceptButton = Answer("yes", yes, DialogResult.OK);
        rows.Controls.Add(new Label { Text = heading, AutoSize = true, MaximumSize = new(390, 0), UseMnemonic = false, Margin = new(3, 3, 3, 9) });
        rows.Controls.Add(_text);
        rows.Controls.Add(answers);
        Controls.Add(rows);
        _text.AccessibleName = heading;
        ResumeLayout(true);
    }

    /// <summary>Asks for a line of text; null where it is not given.</summary>
    public static string? Line(Form before, string title, string heading, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before) { ClientSize = before.LogicalToDeviceUnits(new Size(340, 120)), FormBorderStyle = FormBorderStyle.FixedDialog };
        form._text.MaxLength = 60;
        Theme.Apply(form);
        return form.ShowDialog(before) == DialogResult.OK ? form._text.Text : null;
    }

    /// <summary>Asks whether something is to be done.</summary>
    public static bool Agree(Form before, string title, string heading, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before) { ClientSize = before.LogicalToDeviceUnits(new Size(420, 130)), FormBorderStyle = FormBorderStyle.FixedDialog };
        form._text.Visible = false;
        Theme.Apply(form);
        return form.ShowDialog(before) == DialogResult.OK;
    }

    /// <summary>Shows a text that is to be read, and asks whether it is accepted.</summary>
    public static bool Accept(Form before, string title, string heading, string text, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before) { ClientSize = before.LogicalToDeviceUnits(new Size(560, 420)), FormBorderStyle = FormBorderStyle.Sizable };
        (form._text.Multiline, form._text.ReadOnly, form._text.ScrollBars) = (true, true, ScrollBars.Vertical);
        form._text.Text = text.ReplaceLineEndings("\r\n");
        // Enter must not accept what was not looked at.
        (form.AcceptButton, form.ActiveControl) = (null, form._text);
        Theme.Apply(form);
        form._text.Select(0, 0);
        return form.ShowDialog(before) == DialogResult.OK;
    }
}
