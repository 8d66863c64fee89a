using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.PdnEffect.ViewModel.Viewing;

namespace Hypir.PdnEffect;

/// <summary>
/// Shows before and after with a draggable divider between them. Dragging elsewhere pans; the wheel zooms. Keyboard: arrows move the
/// divider, with Ctrl the image; plus and minus zoom; holding Space shows the original.
/// </summary>
internal sealed class CompareView : Control
{
    private const int KeyStep = 24;

    private readonly RestoreViewModel _model;
    private readonly ComparePainter _painter;
    private Viewport _view;
    private bool _fits = true;
    private double _divider = 0.5;
    private readonly Guard _guard;
    private bool _held;
    private bool _failed;
    private bool _aims;
    private ViewModel.Region? _previewed;
    private (bool Divider, Point From)? _drag;

    public CompareView(RestoreViewModel model)
    {
        (_model, _painter, _guard) = (model, new(model, this), new(model));
        SetStyle(
            ControlStyles.AllPaintingInWmPaint
                | ControlStyles.OptimizedDoubleBuffer
                | ControlStyles.UserPaint
                | ControlStyles.Selectable
                | ControlStyles.ResizeRedraw,
            true
        );
        (Name, TabStop, AccessibleName, AccessibleRole) = ("view", true, model.Words[Phrase.ViewName], AccessibleRole.Graphic);
    }

    /// <summary>The divider's position, 0 … 1.</summary>
    public double Divider
    {
        get => _divider;
        set => Change(() => _divider = Math.Clamp(value, 0, 1));
    }

    /// <summary>Whether only the original is shown.</summary>
    public bool Held
    {
        get => _held;
        set => Change(() => _held = value);
    }

    /// <summary>The area being previewed.</summary>
    public ViewModel.Region? Previewed
    {
        get => _previewed;
        set => Change(() => _previewed = value);
    }

    /// <summary>Whether to outline the area that would be previewed.</summary>
    public bool Aims
    {
        get => _aims;
        set => Change(() => _aims = value);
    }

    /// <summary>The area that a preview would restore.</summary>
    public ViewModel.Region Area => _view.Area(RestoreViewModel.AreaSide, _model.Layer.Selection);

    public void ShowModel()
    {
        if (!_painter.IsCurrent)
            Invalidate();
    }

    /// <summary>Shows the whole selection.</summary>
    public void Fit() => Change(() => (_view, _fits) = (Viewport.Fit(_model.Layer.Selection, ClientSize.Width, ClientSize.Height), true));

    /// <summary>Zooms to one screen pixel per layer pixel.</summary>
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
        // Do not retry a failed paint until something changes: each progress report would trigger it again.
        if (ClientSize.Width < 1 || ClientSize.Height < 1 || _failed)
            return;
        _failed = true;
        _painter.Paint(e.Graphics, _view, _model.Shown is null || _held ? null : _divider, _previewed ?? (_aims ? Area : null));
        if (Focused)
            ControlPaint.DrawFocusRectangle(e.Graphics, ClientRectangle);
        _failed = false;
    }

    /// <summary>Guards all of this control's code, which always runs in response to a message.</summary>
    protected override void WndProc(ref Message m)
    {
        Message message = m;
        _guard.Run(() => base.WndProc(ref message));
        m = message;
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

    protected override bool IsInputKey(Keys keyData) =>
        (keyData & Keys.KeyCode) is Keys.Left or Keys.Right or Keys.Up or Keys.Down || base.IsInputKey(keyData);

    protected override void OnKeyDown(KeyEventArgs e)
    {
        base.OnKeyDown(e);
        int step = LogicalToDeviceUnits(KeyStep),
            x = e.KeyCode == Keys.Left ? -1
            : e.KeyCode == Keys.Right ? 1
            : 0,
            y = e.KeyCode == Keys.Up ? -1
            : e.KeyCode == Keys.Down ? 1
            : 0;
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
            _painter.Dispose();
        base.Dispose(disposing);
    }

    private bool OnDivider(int x) =>
        _model.Shown is not null && Math.Abs(x - _divider * ClientSize.Width) <= LogicalToDeviceUnits(ComparePainter.Grip);

    private void Zoom(int steps, Point at) => Change(() => (_view, _fits) = (_view.ZoomBy(steps, at.X, at.Y), false));

    private void Pan(int dx, int dy) => Change(() => (_view, _fits) = (_view.PanBy(dx, dy, _model.Layer.Bounds), false));

    private void Change(Action change)
    {
        change();
        _failed = false;
        Invalidate();
    }
}
