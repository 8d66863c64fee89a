using System.Drawing;
using System.Drawing.Imaging;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>Paints before and after, what lies between them, and what they are called.</summary>
/// <param name="model">The dialog.</param>
/// <param name="on">What it is painted on.</param>
internal sealed class ComparePainter(RestoreViewModel model, Control on) : IDisposable
{
    /// <summary>Half the divider's knob, at 96 dpi.</summary>
    public const int Grip = 6;

    private readonly Comparison _comparison = new(model.Layer);
    private Bitmap? _before;
    private Bitmap? _after;
    private (Viewport View, RestoredRegion? Result, int Strength)? _drawn;

    /// <summary>Whether what was painted last is what the dialog shows.</summary>
    public bool IsCurrent => _drawn is { } drawn && drawn.Result == model.Shown && drawn.Strength == model.Strength;

    /// <summary>Paints.</summary>
    /// <param name="graphics">Where to.</param>
    /// <param name="view">What is in sight.</param>
    /// <param name="divider">Where the divider is, 0 … 1; null where the original is shown alone.</param>
    public void Paint(Graphics graphics, Viewport view, double? divider)
    {
        Draw(view);
        int at = divider is { } share ? (int)Math.Round(share * on.ClientSize.Width) : on.ClientSize.Width;
        graphics.DrawImageUnscaled(_after!, 0, 0);
        graphics.SetClip(new Rectangle(0, 0, at, on.ClientSize.Height));
        graphics.DrawImageUnscaled(_before!, 0, 0);
        graphics.ResetClip();
        if (model.AreaResult is { } area)
            Frame(graphics, view, area.Key.Region);
        if (at < on.ClientSize.Width)
            DrawDivider(graphics, at);
        if (model.Shown is not null)
            Captions(graphics, at, both: divider is not null);
    }

    public void Dispose() => Forget();

    /// <summary>The two pictures are drawn again only when they are others: the divider moves over them.</summary>
    private void Draw(Viewport view)
    {
        (Viewport, RestoredRegion?, int) wanted = (view, model.Shown, model.Strength);
        if (_drawn == wanted)
            return;
        if (_before?.Size != on.ClientSize)
        {
            Forget();
            (_before, _after) = (new(on.ClientSize.Width, on.ClientSize.Height, PixelFormat.Format32bppRgb), new(on.ClientSize.Width, on.ClientSize.Height, PixelFormat.Format32bppRgb));
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
        float x = (float)((area.X - view.X) * view.Zoom + view.Width / 2.0), y = (float)((area.Y - view.Y) * view.Zoom + view.Height / 2.0);
        using var pen = new Pen(Theme.Accent, on.LogicalToDeviceUnits(1)) { DashStyle = System.Drawing.Drawing2D.DashStyle.Dash };
        graphics.DrawRectangle(pen, x, y, (float)(area.Width * view.Zoom), (float)(area.Height * view.Zoom));
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

    private void Caption(Graphics graphics, string text, int left, int room)
    {
        Size size = Box(text);
        if (size.Width > room)
            return;
        using var shade = new SolidBrush(Color.FromArgb(160, 0, 0, 0));
        graphics.FillRectangle(shade, left, 0, size.Width, size.Height);
        TextRenderer.DrawText(graphics, text, on.Font, new Rectangle(left, 0, size.Width, size.Height), Color.White, TextFormatFlags.HorizontalCenter | TextFormatFlags.VerticalCenter);
    }

    private Size Box(string text) => TextRenderer.MeasureText(text, on.Font) + on.LogicalToDeviceUnits(new Size(8, 4));
}
