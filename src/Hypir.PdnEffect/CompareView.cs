using System.Drawing;
using System.Drawing.Imaging;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>
/// Before and after, with a divider between them that is dragged; everything else that is dragged moves the picture, the wheel zooms. With the keyboard: arrows move
/// the divider, with Ctrl the picture; plus and minus zoom; Space shows the original while it is held.
/// </summary>
internal sealed class CompareView : Control
{
    private const int Grip = 6;
    private const int KeyStep = 24;

    private readonly RestoreViewModel _model;
    private readonly Comparison _comparison;
    private Viewport _view;
    private bool _fits = true;
    private double _divider = 0.5;
    private bool _held;
    private (bool Divider, Point From)? _drag;
    private Bitmap? _before;
    private Bitmap? _after;
    private (Viewport View, RestoredRegion? Result, int Strength)? _drawn;

    public CompareView(RestoreViewModel model)
    {
        (_model, _comparison) = (model, new(model.Layer));
        SetStyle(ControlStyles.AllPaintingInWmPaint | ControlStyles.OptimizedDoubleBuffer | ControlStyles.UserPaint | ControlStyles.Selectable | ControlStyles.ResizeRedraw, true);
        (Name, TabStop, AccessibleName, AccessibleRole) = ("view", true, model.Words[Phrase.ViewName], AccessibleRole.Graphic);
    }

    /// <summary>What is in sight.</summary>
    public Viewport View => _view;

    /// <summary>Where the divider is, 0 … 1.</summary>
    public double Divider
    {
        get => _divider;
        set => Change(() => _divider = Math.Clamp(value, 0, 1));
    }

    /// <summary>Whether the original is shown alone.</summary>
    public bool Held
    {
        get => _held;
        set => Change(() => _held = value);
    }

    public void ShowModel()
    {
        if (_drawn is not { } drawn || drawn.Result != _model.Shown || drawn.Strength != _model.Strength)
            Invalidate();
    }

    /// <summary>Shows the whole selection.</summary>
    public void Fit() => Change(() => (_view, _fits) = (Viewport.Fit(_model.Layer.Selection, ClientSize.Width, ClientSize.Height), true));

    /// <summary>A pixel of the layer as a pixel of the screen.</summary>
    public void ActualSize() => Change(() => (_view, _fits) = (_view.ZoomTo(1, ClientSize.Width / 2.0, ClientSize.Height / 2.0), false));

    public void Zoom(int steps) => Zoom(steps, new(ClientSize.Width / 2, ClientSize.Height / 2));

    protected override void OnSizeChanged(EventArgs e)
    {
        base.OnSizeChanged(e);
        if (_fits || _view.Zoom == 0)
            Fit();
        else
            Change(() => _view = _view with { Width = ClientSize.Width, Height = ClientSize.Height });
    }

    protected override void OnPaint(PaintEventArgs e)
    {
        if (ClientSize.Width < 1 || ClientSize.Height < 1)
            return;
        Draw();
        int at = _model.Shown is null || _held ? ClientSize.Width : (int)Math.Round(_divider * ClientSize.Width);
        e.Graphics.DrawImageUnscaled(_after!, 0, 0);
        e.Graphics.SetClip(new Rectangle(0, 0, at, ClientSize.Height));
        e.Graphics.DrawImageUnscaled(_before!, 0, 0);
        e.Graphics.ResetClip();
        if (_model.AreaResult is { } area)
            Frame(e.Graphics, area.Key.Region);
        if (at < ClientSize.Width)
            DrawDivider(e.Graphics, at);
        if (_model.Shown is not null)
            Captions(e.Graphics, at);
        if (Focused)
            ControlPaint.DrawFocusRectangle(e.Graphics, ClientRectangle);
    }

    protected override void OnMouseDown(MouseEventArgs e)
    {
        base.OnMouseDown(e);
        Focus();
        if (e.Button == MouseButtons.Left)
            _drag = (OnDivider(e.X), e.Location);
    }

    protected override void OnMouseMove(MouseEventArgs e)
    {
        base.OnMouseMove(e);
        Cursor = OnDivider(e.X) ? Cursors.VSplit : Cursors.Hand;
        if (_drag is not { } drag)
            return;
        if (drag.Divider)
            Divider = e.X / (double)Math.Max(1, ClientSize.Width);
        else
            Pan(e.X - drag.From.X, e.Y - drag.From.Y);
        _drag = drag with { From = e.Location };
    }

    protected override void OnMouseUp(MouseEventArgs e)
    {
        base.OnMouseUp(e);
        _drag = null;
    }

    protected override void OnMouseWheel(MouseEventArgs e)
    {
        base.OnMouseWheel(e);
        Zoom(Math.Sign(e.Delta), e.Location);
    }

    protected override bool IsInputKey(Keys keyData) => (keyData & Keys.KeyCode) is Keys.Left or Keys.Right or Keys.Up or Keys.Down || base.IsInputKey(keyData);

    protected override void OnKeyDown(KeyEventArgs e)
    {
        base.OnKeyDown(e);
        int step = LogicalToDeviceUnits(KeyStep), x = e.KeyCode == Keys.Left ? -1 : e.KeyCode == Keys.Right ? 1 : 0, y = e.KeyCode == Keys.Up ? -1 : e.KeyCode == Keys.Down ? 1 : 0;
        if (e.KeyCode == Keys.Space)
            Held = true;
        else if (e.KeyCode is Keys.Add or Keys.Oemplus)
            Zoom(1);
        else if (e.KeyCode is Keys.Subtract or Keys.OemMinus)
            Zoom(-1);
        else if (y != 0 || (e.Control && x != 0))
            Pan(-x * step, -y * step);
        else if (x != 0)
            Divider += x * step / (double)Math.Max(1, ClientSize.Width);
    }

    protected override void OnKeyUp(KeyEventArgs e)
    {
        base.OnKeyUp(e);
        if (e.KeyCode == Keys.Space)
            Held = false;
    }

    protected override void OnGotFocus(EventArgs e)
    {
        base.OnGotFocus(e);
        Invalidate();
    }

    protected override void OnLostFocus(EventArgs e)
    {
        base.OnLostFocus(e);
        Held = false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Forget();
        base.Dispose(disposing);
    }

    private bool OnDivider(int x) => _model.Shown is not null && Math.Abs(x - _divider * ClientSize.Width) <= LogicalToDeviceUnits(Grip);

    private void Zoom(int steps, Point at) => Change(() => (_view, _fits) = (_view.ZoomBy(steps, at.X, at.Y), false));

    private void Pan(int dx, int dy) => Change(() => (_view, _fits) = (_view.PanBy(dx, dy, _model.Layer.Bounds), false));

    private void Change(Action change)
    {
        change();
        Invalidate();
    }

    /// <summary>The two pictures are drawn again only when they are others: the divider moves over them.</summary>
    private void Draw()
    {
        (Viewport, RestoredRegion?, int) wanted = (_view, _model.Shown, _model.Strength);
        if (_drawn == wanted)
            return;
        if (_before?.Size != ClientSize)
        {
            Forget();
            (_before, _after) = (new(ClientSize.Width, ClientSize.Height, PixelFormat.Format32bppRgb), new(ClientSize.Width, ClientSize.Height, PixelFormat.Format32bppRgb));
        }
        if (_drawn?.View != _view)
            Draw(_before!, null);
        Draw(_after!, _model.Shown);
        _drawn = wanted;
    }

    private unsafe void Draw(Bitmap bitmap, RestoredRegion? result)
    {
        BitmapData data = bitmap.LockBits(new(Point.Empty, bitmap.Size), ImageLockMode.WriteOnly, PixelFormat.Format32bppRgb);
        try
        {
            _comparison.Draw(_view, result, _model.Strength, new Span<uint>((void*)data.Scan0, bitmap.Width * bitmap.Height));
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

    private void Frame(Graphics graphics, ViewModel.Region area)
    {
        float x = (float)((area.X - _view.X) * _view.Zoom + _view.Width / 2.0), y = (float)((area.Y - _view.Y) * _view.Zoom + _view.Height / 2.0);
        using var pen = new Pen(Color.FromArgb(59, 142, 234), LogicalToDeviceUnits(1)) { DashStyle = System.Drawing.Drawing2D.DashStyle.Dash };
        graphics.DrawRectangle(pen, x, y, (float)(area.Width * _view.Zoom), (float)(area.Height * _view.Zoom));
    }

    private void DrawDivider(Graphics graphics, int at)
    {
        int wide = LogicalToDeviceUnits(2), grip = LogicalToDeviceUnits(Grip);
        graphics.FillRectangle(Brushes.Black, at - wide, 0, 2 * wide, ClientSize.Height);
        graphics.FillRectangle(Brushes.White, at - wide / 2, 0, wide, ClientSize.Height);
        var knob = new Rectangle(at - grip, ClientSize.Height / 2 - 2 * grip, 2 * grip, 4 * grip);
        graphics.FillRectangle(Brushes.White, knob);
        graphics.DrawRectangle(Pens.Black, knob);
    }

    private void Captions(Graphics graphics, int at)
    {
        string before = _model.Words[Phrase.Before], after = _model.Words[Phrase.After];
        Caption(graphics, before, 0, at);
        if (!_held)
            Caption(graphics, after, ClientSize.Width - Box(after).Width, ClientSize.Width - at);
    }

    private void Caption(Graphics graphics, string text, int left, int room)
    {
        Size size = Box(text);
        if (size.Width > room)
            return;
        using var shade = new SolidBrush(Color.FromArgb(160, 0, 0, 0));
        graphics.FillRectangle(shade, left, 0, size.Width, size.Height);
        TextRenderer.DrawText(graphics, text, Font, new Rectangle(left, 0, size.Width, size.Height), Color.White, TextFormatFlags.HorizontalCenter | TextFormatFlags.VerticalCenter);
    }

    private Size Box(string text) => TextRenderer.MeasureText(text, Font) + LogicalToDeviceUnits(new Size(8, 4));
}
