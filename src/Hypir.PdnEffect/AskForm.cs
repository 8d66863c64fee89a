using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A small window with a text and two answers, styled like its parent window.</summary>
internal sealed class AskForm : Form
{
    private readonly LineBox _text = new() { Name = "text", Dock = DockStyle.Fill };

    private readonly ThemedLink _link = new()
    {
        Name = "link",
        AutoSize = true,
        Anchor = AnchorStyles.Left,
        Margin = new(3, 6, 3, 0),
        Visible = false,
    };

    private readonly TableLayoutPanel _rows = new() { ColumnCount = 1, RowCount = 3, Dock = DockStyle.Fill, Padding = new(12) };

    private AskForm(string title, string heading, string yes, string no, Form before, Size size)
    {
        SuspendLayout();
        (Text, Font, BackColor, ForeColor) = (title, before.Font, before.BackColor, before.ForeColor);
        (AutoScaleDimensions, AutoScaleMode) = (new(96, 96), AutoScaleMode.Dpi);
        ClientSize = size;
        FormBorderStyle = FormBorderStyle.FixedDialog;
        (MaximizeBox, MinimizeBox, ShowInTaskbar, ShowIcon) = (false, false, false, false);
        StartPosition = FormStartPosition.CenterParent;
        _rows.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        _rows.RowStyles.Add(new RowStyle(SizeType.AutoSize));
        _rows.RowStyles.Add(new RowStyle(SizeType.Percent, 100));
        _rows.RowStyles.Add(new RowStyle(SizeType.AutoSize));
        var answers = new FlowLayoutPanel
        {
            AutoSize = true,
            AutoSizeMode = AutoSizeMode.GrowAndShrink,
            WrapContents = false,
            FlowDirection = FlowDirection.RightToLeft,
            Anchor = AnchorStyles.Right,
            Margin = new(0, 0, 3, 0),
        };
        ThemedButton Answer(string name, string text, DialogResult result)
        {
            var button = new ThemedButton
            {
                Name = name,
                Text = text,
                DialogResult = result,
                AutoSize = true,
                MinimumSize = new(90, 28),
                Margin = new(6, 6, 0, 0),
            };
            answers.Controls.Add(button);
            return button;
        }

        var foot = new TableLayoutPanel
        {
            ColumnCount = 2,
            AutoSize = true,
            AutoSizeMode = AutoSizeMode.GrowAndShrink,
            Dock = DockStyle.Fill,
            Margin = new(0),
        };
        foot.ColumnStyles.Add(new ColumnStyle(SizeType.AutoSize));
        foot.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        foot.Controls.Add(_link, 0, 0);
        foot.Controls.Add(answers, 1, 0);
        // The row is filled from the right; the tab order goes from the left.
        ThemedButton decline = Answer("no", no, DialogResult.Cancel), agree = Answer("yes", yes, DialogResult.OK);
        (agree.TabIndex, decline.TabIndex) = (0, 1);
        (CancelButton, AcceptButton) = (decline, agree);
        _rows.Controls.Add(
            new Label
            {
                Text = heading,
                AutoSize = true,
                MaximumSize = new(size.Width - 30, 0),
                UseMnemonic = false,
                Margin = new(3, 3, 3, 9),
            }
        );
        _rows.Controls.Add(_text);
        _rows.Controls.Add(foot);
        Controls.Add(_rows);
        _text.AccessibleName = heading;
        ResumeLayout(true);
        Theme.Apply(this);
    }

    /// <summary>Asks for a line of text; null if canceled.</summary>
    public static string? Line(Form before, string title, string heading, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before, new(340, 120));
        form._text.MaxLength = 60;
        form.Shrink();
        return form.ShowDialog(before) == DialogResult.OK ? form._text.Text : null;
    }

    /// <summary>Asks for confirmation.</summary>
    public static bool Agree(Form before, string title, string heading, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before, new(420, 130));
        form._text.Visible = false;
        form.Shrink();
        return form.ShowDialog(before) == DialogResult.OK;
    }

    /// <summary>Shows a text and asks whether the user accepts it.</summary>
    /// <param name="before">The parent window.</param>
    /// <param name="title">The caption.</param>
    /// <param name="heading">The question.</param>
    /// <param name="text">The text to read.</param>
    /// <param name="more">The text of a link to more information.</param>
    /// <param name="open">Opens the link.</param>
    /// <param name="yes">The answer that accepts.</param>
    /// <param name="no">The answer that does not.</param>
    public static bool Accept(Form before, string title, string heading, string text, string more, Action open, string yes, string no)
    {
        using var form = new AskForm(title, heading, yes, no, before, new(560, 420)) { FormBorderStyle = FormBorderStyle.Sizable };
        (form._text.Multiline, form._text.ReadOnly) = (true, true);
        form._text.Text = text.ReplaceLineEndings("\r\n");
        // Enter must not accept an unread text.
        (form.AcceptButton, form.ActiveControl) = (null, form._text);
        form._text.Select(0, 0);
        (form._link.Text, form._link.AccessibleName, form._link.Visible) = (more, more.Replace("&", "", StringComparison.Ordinal), true);
        form._link.LinkClicked += (_, _) => open();
        form.Suit();
        form.MinimumSize = form.Size;
        return form.ShowDialog(before) == DialogResult.OK;
    }

    /// <summary>Removes empty space below the answers.</summary>
    private void Shrink() => ClientSize = new(ClientSize.Width, _rows.GetPreferredSize(new(ClientSize.Width, 0)).Height);

    /// <summary>
    /// No taller than the text, with a scroll bar only if needed: the system draws it light on dark backgrounds.
    /// </summary>
    private void Suit()
    {
        PerformLayout();
        int needed = TextRenderer
            .MeasureText(
                _text.Text, Font, new(_text.ClientSize.Width, int.MaxValue), TextFormatFlags.WordBreak | TextFormatFlags.TextBoxControl)
            .Height;
        int spare = _text.ClientSize.Height - needed - 2 * Font.Height;
        if (spare > 0)
            Height -= spare;
        _text.ScrollBars = needed > _text.ClientSize.Height ? ScrollBars.Vertical : ScrollBars.None;
    }
}
