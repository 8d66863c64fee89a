using Hypir.PdnEffect.ViewModel.Viewing;

namespace Hypir.PdnEffect.Tests.Viewing;

/// <summary>Zooming, moving, and the area that a preview restores.</summary>
[TestClass]
public sealed class ViewportTests
{
    private static readonly ViewModel.Region Layer = new(0, 0, 4000, 3000);

    [TestMethod]
    public void Fitting_shows_all_and_enlarges_nothing()
    {
        var fit = Viewport.Fit(Layer, 400, 400);
        Assert.AreEqual((0.1, 2000.0, 1500.0), (fit.Zoom, fit.X, fit.Y));
        Assert.AreEqual(1, Viewport.Fit(new(50, 60, 10, 10), 400, 400).Zoom);
    }

    [TestMethod]
    public void The_pixel_under_the_pointer_stays_there()
    {
        var view = Viewport.Fit(Layer, 400, 300);
        foreach (int steps in (int[])[5, 40, -9, -80])
        {
            Viewport zoomed = view.ZoomBy(steps, 70, 250);
            Assert.AreEqual(view.LayerX(70), zoomed.LayerX(70), 1e-6);
            Assert.AreEqual(view.LayerY(250), zoomed.LayerY(250), 1e-6);
            Assert.IsTrue(zoomed.Zoom is >= 1.0 / 64 and <= 16);
        }
    }

    [TestMethod]
    public void Moving_follows_the_pointer_and_does_not_lose_the_layer()
    {
        Viewport view = Viewport.Fit(Layer, 400, 300).ZoomTo(2, 200, 150), moved = view.PanBy(30, -10, Layer);
        Assert.AreEqual((view.X - 15, view.Y + 5), (moved.X, moved.Y));
        Assert.AreEqual((0.0, 3000.0), (view.PanBy(1e6, -1e6, Layer).X, view.PanBy(1e6, -1e6, Layer).Y));
    }

    [TestMethod]
    public void The_area_is_in_sight_in_the_middle_and_within_the_selection()
    {
        Viewport whole = Viewport.Fit(Layer, 400, 300);
        Assert.AreEqual(new ViewModel.Region(1744, 1244, 512, 512), whole.Area(512, Layer));
        Assert.AreEqual(new ViewModel.Region(0, 0, 300, 512), whole.Area(512, new(0, 0, 300, 512)));
        Assert.AreEqual(new ViewModel.Region(1900, 1425, 200, 150), whole.ZoomTo(2, 200, 150).Area(512, Layer));
        Assert.IsTrue(whole.ZoomTo(2, 200, 150).Area(512, new(0, 0, 300, 300)).IsEmpty);
    }
}
