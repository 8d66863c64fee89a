namespace Hypir.Planning;

/// <summary>
/// Chooses the window of an area: large enough that the model sees what it depends on, and placed so that its pixels, scaled, lie exactly
/// on those of the scaled image.
/// </summary>
internal static class AreaPlanner
{
    /// <summary>Windows begin at multiples of at most this many pixels.</summary>
    private const int LargestStep = 64;

    /// <summary>Factors come as decimal numbers: 64 steps of a factor with 15 digits are whole within this.</summary>
    private const double Rounding = 1e-9;

    /// <summary>How far a mask's pixel reaches when the mask is scaled: the cubic filter's radius.</summary>
    private const int ScalingReach = 2;

    /// <summary>Plans an area.</summary>
    /// <param name="image">The image's size.</param>
    /// <param name="area">The requested area.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="PlanException">The area does not lie within the image, or a size is out of range.</exception>
    public static AreaPlan Of(PixelSize image, PixelArea area, RestoreOptions options, ModelFacts model)
    {
        if (!area.LiesIn(image))
            throw new PlanException(
                "crop", $"The area {area} (left, top, width, height) does not lie within the image of {image} pixels.",
                "Choose an area within the image.");
        PixelSize from = options.KeepsRest ? image : area.Size;
        (PixelSize to, double? factor) = ImageSizes.Scale(from, options);
        var across = new AreaAxis(from.Width, to.Width, factor, model.Multiple);
        var down = new AreaAxis(from.Height, to.Height, factor, model.Multiple);
        bool scales = from != to;
        if (options.KeepsRest && scales && (across.Exact is null || down.Exact is null))
        {
            // Any window of its own would be shifted by a fraction of a pixel against its surroundings.
            var whole = new PixelArea(0, 0, image.Width, image.Height);
            var all = new PixelArea(0, 0, to.Width, to.Height);
            return new()
            {
                Image = image,
                Result = to,
                Area = whole,
                Window = whole,
                Part = all,
                Place = all,
                Scaled = to,
                Factor = factor,
            };
        }

        (int x, int width) = options.KeepsRest && scales ? across.Grown(area.X, area.Width, ScalingReach, image.Width)
            : (area.X, area.Width);
        (int y, int height) = options.KeepsRest && scales ? down.Grown(area.Y, area.Height, ScalingReach, image.Height)
            : (area.Y, area.Height);
        int context = Context(options, model), least = model.Needs.Minimum ?? model.TileOf(options);
        if (model.SinglePass?.Needs.Side is not null)
            // A face fills the square that the model sees.
            (context, least) = (0, Math.Max(across.To(Math.Max(width, height)), down.To(Math.Max(width, height))));
        (int left, int columns) = across.Window(x, width, context, least, image.Width);
        (int top, int rows) = down.Window(y, height, context, least, image.Height);
        PixelSize size = options.KeepsRest ? new(across.To(width), down.To(height)) : to;
        return new()
        {
            Image = image,
            Result = to,
            Area = new(x, y, width, height),
            Window = new(left, top, columns, rows),
            Part = new(across.To(x - left), down.To(y - top), size.Width, size.Height),
            Place = options.KeepsRest ? new(across.To(x), down.To(y), size.Width, size.Height) : null,
            Origin = across.IsOnSteps(left) && down.IsOnSteps(top) ? (across.To(left), down.To(top)) : (0, 0),
            Scaled = new(across.To(columns), down.To(rows)),
            Factor = factor,
        };
    }

    /// <summary>
    /// What surrounds an area, in pixels of the model's input: as much as neighboring tiles share, and what the color fix sees.
    /// </summary>
    private static int Context(RestoreOptions options, ModelFacts model)
    {
        if (options.Strength == 0)
            return ScalingReach * 2;
        if (model.SinglePass is { } network)
            return Math.Max(network.Needs.Overlap, options.ColorFix ? ColorFixReach.Rows : 0);
        int tile = model.TileOf(options);
        return Math.Max(Math.Min(tile - model.StrideOf(options), tile / 4), ColorFixReach.Rows);
    }

    /// <summary>One axis of an area: pixels of the image, and pixels of its scaled image.</summary>
    private sealed class AreaAxis
    {
        private readonly double _ratio;
        private readonly int _step, _multiple;

        public AreaAxis(int from, int to, double? factor, int multiple)
        {
            // An image that is reduced is resampled to a size, whose ratio may differ from the factor by a fraction of a pixel.
            _ratio = factor is { } f && (f >= 1 || IsWhole(from * f)) ? f : (double)to / from;
            _multiple = multiple;
            Exact = Steps(1);
            _step = Steps(multiple) ?? Exact ?? 1;
        }

        /// <summary>Multiples of this many pixels are whole pixels of the scaled image; null if there is no such number.</summary>
        public int? Exact { get; }

        public int To(int pixels) => (int)Math.Floor(pixels * _ratio + Rounding);

        public bool IsOnSteps(int pixels) => IsWhole(pixels * _ratio / _multiple);

        /// <summary>An area that a scaled mask fits in, with exact ends.</summary>
        public (int Start, int Length) Grown(int start, int length, int by, int image)
        {
            int step = Exact!.Value, first = Math.Max(start - by, 0) / step * step;
            int end = Math.Min((start + length + by + step - 1) / step * step, image);
            return (first, end - first);
        }

        public (int Start, int Length) Window(int start, int length, int context, int least, int image)
        {
            int around = (int)Math.Ceiling(context / _ratio), first = Math.Max(start - around, 0),
                end = (int)Math.Min((long)start + length + around, image);
            // A model with a smallest size would enlarge a smaller window, although the image has more pixels.
            int wanted = Math.Max(end - first, (int)Math.Min(Math.Ceiling(least / _ratio), image));
            first = Math.Clamp(first - (wanted - (end - first)) / 2, 0, image - wanted);
            end = first + wanted;
            first = first / _step * _step;
            end = Math.Min((end + _step - 1) / _step * _step, image);
            return (first, end - first);
        }

        private int? Steps(int multiple)
        {
            for (int step = 1; step <= LargestStep; step++)
            {
                if (IsWhole(step * _ratio / multiple))
                    return step;
            }

            return null;
        }

        private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < Rounding;
    }
}
