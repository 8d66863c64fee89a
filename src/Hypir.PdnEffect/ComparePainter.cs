using System.Drawing;
using System.Drawing.Imaging;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.PdnEffect.ViewModel.Viewing;

namespace Hypir.PdnEffect;

/// <summary>Paints before and after, the divider, and the labels.</summary>
/// <param name="model">The dialog.</param>
/// <param name="on">The control to paint on.</param>
internal sealed class ComparePainter(RestoreViewModel model, Control on) : IDisposable
{
    /// <summary>Half the width of the divider's knob, at 96 dpi.</summary>
    public const int Grip = 6;

    private const byte LightBeside = 128, DarkBeside = 56;

    private Comparison? _comparison;
    private Bitmap? _before;
    private Bitmap? _after;
    private (Viewport View, RestoredRegion? Result, int Strength)? _drawn;

    /// <summary>Whether the last painted state is up to date.</summary>
    public bool IsCurrent => _drawn is { } drawn && drawn.Result == model.Shown && drawn.Strength == model.Strength;

    /// <summary>Paints.</summary>
    /// <param name="graphics">The target.</param>
    /// <param name="view">The visible part.</param>
    /// <param name="divider">The divider's position, 0 … 1; null if only the original is shown.</param>
    /// <param name="marked">The area to outline: a preview's target.</param>
    public void Paint(Graphics graphics, Viewport view, double? divider, ViewModel.Region? marked)
    {
        Draw(view);
        int at = divider is { } share ? (int)Math.Round(share * on.ClientSize.Width) : on.ClientSize.Width;
        graphics.DrawImageUnscaled(_after!, 0, 0);
        graphics.SetClip(new Rectangle(0, 0, at, on.ClientSize.Height));
        graphics.DrawImageUnscaled(_before!, 0, 0);
        graphics.ResetClip();
        if ((marked ?? model.AreaResult?.Key.Region) is { IsEmpty: false } area)
            Frame(graphics, view, area);
        if (at < on.ClientSize.Width)
            DrawDivider(graphics, at);
        if (model.Shown is not null)
            Captions(graphics, at, both: divider is not null);
        string zoom = $"{Math.Max(1, (int)Math.Round(100 * view.Zoom))}%";
        Caption(graphics, zoom, 0, on.ClientSize.Width, on.ClientSize.Height - Box(zoom).Height);
    }

    public void Dispose() => Forget();

    /// <summary>Redraws the two images only when they change; moving the divider does not change them.</summary>
    private void Draw(Viewport view)
    {
        (Viewport, RestoredRegion?, int) wanted = (view, model.Shown, model.Strength);
        if (_drawn == wanted)
            return;
        if (_before?.Size != on.ClientSize)
        {
            Forget();
            (_before, _after) = (
                new(on.ClientSize.Width, on.ClientSize.Height, PixelFormat.Format32bppRgb),
                new(on.ClientSize.Width, on.ClientSize.Height, PixelFormat.Format32bppRgb));
        }
        if (_drawn?.View != view)
            Draw(_before!, view, null);
        Draw(_after!, view, model.Shown);
        _drawn = wanted;
    }

    private unsafe void Draw(Bitmap bitmap, Viewport view, RestoredRegion? result)
    {
        BitmapData data = bitmap.LockBits(new(Point.Empty, bitmap.Size), ImageLockMode.WriteOnly, PixelFormat.Format32bppRgb);
        try
        {
            // The area around the image follows the editor's theme.
            _comparison ??= new(model.Layer, Theme.IsDark(on.BackColor) ? DarkBeside : LightBeside);
            _comparison.Draw(view, result, model.Strength, new Span<uint>((void*)data.Scan0, bitmap.Width * bitmap.Height));
        }
        finally
        {
            bitmap.UnlockBits(data);
        }
    }

    private void Forget()
    {
        _before?.Dispose();
        _after?.Dispose();
        (_before, _after, _drawn) = (null, null, null);
    }

    private void Frame(Graphics graphics, Viewport view, ViewModel.Region area)
    {
        float x = (float)((area.X - view.X) * view.Zoom + view.Width / 2.0),
            y = (float)((area.Y - view.Y) * view.Zoom + view.Height / 2.0);
        var frame = RectangleF.Intersect(
            new(x, y, (float)(area.Width * view.Zoom), (float)(area.Height * view.Zoom)),
            new(0, 0, on.ClientSize.Width, on.ClientSize.Height));
        // Light on dark, to be visible on any image.
        int line = on.LogicalToDeviceUnits(1);
        using var under = new Pen(Color.FromArgb(170, 0, 0, 0), 3 * line);
        using var over = new Pen(Color.White, line) { DashPattern = [5, 3] };
        foreach (Pen pen in (Pen[])[under, over])
            graphics.DrawRectangle(pen, frame.X + line, frame.Y + line, frame.Width - 2 * line - 1, frame.Height - 2 * line - 1);
    }

    private void DrawDivider(Graphics graphics, int at)
    {
        int wide = on.LogicalToDeviceUnits(2), grip = on.LogicalToDeviceUnits(Grip);
        graphics.FillRectangle(Brushes.Black, at - wide, 0, 2 * wide, on.ClientSize.Height);
        graphics.FillRectangle(Brushes.White, at - wide / 2, 0, wide, on.ClientSize.Height);
        var knob = new Rectangle(at - grip, on.ClientSize.Height / 2 - 2 * grip, 2 * grip, 4 * grip);
        graphics.FillRectangle(Brushes.White, knob);
        graphics.DrawRectangle(Pens.Black, knob);
    }

    private void Captions(Graphics graphics, int at, bool both)
    {
        string before = model.Words[Phrase.Before], after = model.Words[Phrase.After];
        Caption(graphics, before, 0, at);
        if (both)
            Caption(graphics, after, on.ClientSize.Width - Box(after).Width, on.ClientSize.Width - at);
    }

    private void Caption(Graphics graphics, string text, int left, int room, int top = 0)
    {
        Size size = Box(text);
        if (size.Width > room)
            return;
        using var shade = new SolidBrush(Color.FromArgb(160, 0, 0, 0));
        graphics.FillRectangle(shade, left, top, size.Width, size.Height);
        TextRenderer.DrawText(
            graphics, text, on.Font, new Rectangle(left, top, size.Width, size.Height), Color.White,
            TextFormatFlags.HorizontalCenter | TextFormatFlags.VerticalCenter);
    }

    private Size Box(string text) => TextRenderer.MeasureText(text, on.Font) + on.LogicalToDeviceUnits(new Size(8, 4));
}
