namespace Hypir.PdnEffect.ViewModel.Viewing;

/// <summary>The part of a layer that a view shows, and its zoom. Immutable: each operation returns a new one.</summary>
/// <param name="Width">Columns of the view.</param>
/// <param name="Height">Rows of the view.</param>
/// <param name="Zoom">Screen pixels per layer pixel.</param>
/// <param name="X">The layer's column at the center of the view.</param>
/// <param name="Y">The layer's row at the center of the view.</param>
public readonly record struct Viewport(int Width, int Height, double Zoom, double X, double Y)
{
    private const double Least = 1.0 / 64;
    private const double Most = 16;
    private const double Step = 1.25;

    /// <summary>Shows a whole region, at most at actual size.</summary>
    /// <param name="region">The region.</param>
    /// <param name="width">Columns of the view.</param>
    /// <param name="height">Rows of the view.</param>
    public static Viewport Fit(Region region, int width, int height)
    {
        double zoom = Math.Min(1, Math.Min(width / (double)Math.Max(1, region.Width), height / (double)Math.Max(1, region.Height)));
        return new(width, height, Math.Clamp(zoom, Least, Most), region.X + region.Width / 2.0, region.Y + region.Height / 2.0);
    }

    /// <summary>The layer's column under a column of the view.</summary>
    /// <param name="x">The view's column.</param>
    public double LayerX(double x) => X + (x - Width / 2.0) / Zoom;

    /// <summary>The layer's row under a row of the view.</summary>
    /// <param name="y">The view's row.</param>
    public double LayerY(double y) => Y + (y - Height / 2.0) / Zoom;

    /// <summary>Zooms by steps; the pixel under the pointer stays in place.</summary>
    /// <param name="steps">Positive values zoom in.</param>
    /// <param name="x">The pointer's column in the view.</param>
    /// <param name="y">The pointer's row in the view.</param>
    public Viewport ZoomBy(int steps, double x, double y) => ZoomTo(Zoom * Math.Pow(Step, steps), x, y);

    /// <summary>Zooms to a scale; the pixel under the pointer stays in place.</summary>
    /// <param name="zoom">Screen pixels per layer pixel.</param>
    /// <param name="x">The pointer's column in the view.</param>
    /// <param name="y">The pointer's row in the view.</param>
    public Viewport ZoomTo(double zoom, double x, double y)
    {
        zoom = Math.Clamp(zoom, Least, Most);
        return this with { Zoom = zoom, X = LayerX(x) - (x - Width / 2.0) / zoom, Y = LayerY(y) - (y - Height / 2.0) / zoom };
    }

    /// <summary>Pans the image; the view's center stays within the layer.</summary>
    /// <param name="dx">Columns of the view.</param>
    /// <param name="dy">Rows of the view.</param>
    /// <param name="layer">The layer.</param>
    public Viewport PanBy(double dx, double dy, Region layer) =>
        this with { X = Math.Clamp(X - dx / Zoom, layer.X, layer.Right), Y = Math.Clamp(Y - dy / Zoom, layer.Y, layer.Bottom) };

    /// <summary>The area that a preview restores: a square at the view's center, clipped to the visible part and to a region.</summary>
    /// <param name="side">Maximum side length.</param>
    /// <param name="within">The region, such as the selection.</param>
    public Region Area(int side, Region within)
    {
        int left = (int)Math.Floor(LayerX(0)),
            top = (int)Math.Floor(LayerY(0));
        Region seen = new Region(left, top, (int)Math.Ceiling(LayerX(Width)) - left, (int)Math.Ceiling(LayerY(Height)) - top).Intersect(
            within);
        if (seen.IsEmpty)
            return seen;
        (int width, int height) = (Math.Min(side, seen.Width), Math.Min(side, seen.Height));
        return new(seen.X + (seen.Width - width) / 2, seen.Y + (seen.Height - height) / 2, width, height);
    }
}
