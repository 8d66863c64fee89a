using Hypir.Imaging;
using Hypir.Imaging.Damage;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>The choice between the two models that ship with the programs, image by image (docs/damage.md).</summary>
public static class AutomaticModel
{
    /// <summary>Images that are enlarged by this factor or more need detail that they do not have.</summary>
    private const double Enlarging = 1.5;

    /// <summary>The most pixels of an image that keeps its size: a result of sixteen times as many is reduced, which takes long.</summary>
    private const long Most = 4_000_000;

    /// <summary>JPEG's blocks begin at its multiples, and the estimate expects them at the corner.</summary>
    private const int Block = 8;

    /// <summary>A part with fewer pixels in a row or column says too little without some of its surroundings.</summary>
    private const int LeastSide = 96;

    /// <summary>Whether an image is enlarged so much that the model that makes up detail is chosen whatever the image shows.</summary>
    /// <param name="plan">A plan with either model.</param>
    public static bool Enlarges(RestorePlan plan) => plan.Sizes.Scaled.Longer >= Enlarging * plan.Sizes.Input.Longer;

    /// <summary>Chooses by what an image, or the part of it that is restored, shows.</summary>
    /// <param name="plan">A plan with either model.</param>
    /// <param name="image">The whole image.</param>
    /// <param name="jpegQuality">The quality of the JPEG file that it comes from, if that is known and not in its metadata.</param>
    public static AutomaticChoice Of(RestorePlan plan, RasterImage image, int? jpegQuality = null)
    {
        var damage = DamageEstimate.Of(plan.Area is { } area ? Cut(image, area.Area) : image, jpegQuality);
        return Enlarges(plan)
            ? new(MakesUpDetail: true, [.. damage.Kinds, "enlarged"])
            : new(damage.IsSevere && plan.Sizes.Input.Pixels <= Most, damage.Kinds);
    }

    private static RasterImage Cut(RasterImage image, PixelArea area)
    {
        (int left, int width) = Around(area.X, area.Width, image.Width);
        (int top, int height) = Around(area.Y, area.Height, image.Height);
        return image.Cut(left, top, width, height);
    }

    private static (int Start, int Length) Around(int start, int length, int whole)
    {
        int more = Math.Max(0, LeastSide - length);
        int first = Math.Max(0, start - more / 2) / Block * Block;
        return (first, Math.Min(whole, start + length + more / 2) - first);
    }
}

/// <summary>A choice between the two models.</summary>
/// <param name="MakesUpDetail">Whether it is the model that makes up detail, and not the one that invents nothing.</param>
/// <param name="Grounds">What decided it, at least one: "strong noise", "light compression", "enlarged".</param>
public sealed record AutomaticChoice(bool MakesUpDetail, IReadOnlyList<string> Grounds)
{
    /// <summary>The choice in one line: "Strong noise, light compression: faithful."</summary>
    /// <param name="model">The model's name.</param>
    public string Reason(string model)
    {
        string words = string.Join(", ", Grounds);
        return $"{char.ToUpperInvariant(words[0])}{words[1..]}: {model}.";
    }

    /// <summary>The same if memory does not suffice for the model that was chosen.</summary>
    /// <param name="chosen">Its name.</param>
    /// <param name="instead">The name of the other one.</param>
    public string Reason(string chosen, string instead) => $"{Reason(chosen)[..^1]}, but that needs too much memory here: {instead}.";
}
