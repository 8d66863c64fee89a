namespace PaintDotNet.Imaging;

public static class ImagingFactory
{
    /// <summary>The factory of the program that runs plug-ins; it sets this before it loads any.</summary>
    internal static Func<IImagingFactory>? Host { get; set; }

    public static IImagingFactory CreateRef() => (Host ?? throw new InvalidOperationException("No host runs.")).Invoke();
}
