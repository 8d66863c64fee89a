using System.Globalization;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>Says what a recipe does to a picture, in the order in which it does it.</summary>
public static class RecipeWords
{
    /// <summary>One line for each operation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="index">Which of its pictures.</param>
    public static IReadOnlyList<string> Describe(DegradationRecipe recipe, int index)
    {
        var picture = recipe.Pictures[index];
        var words = new List<string>();
        void Add(bool done, string what)
        {
            if (done)
                words.Add(what);
        }

        string smaller = recipe.Stage2Scale == 1 ? "the first size" : Text($"1/{recipe.Stage2Scale:0.##} of the first size");
        if (recipe.Sharpen is { } sharpen)
            words.Add(Text($"clean picture sharpened by {sharpen.Weight:0.##} above {sharpen.Threshold:0.#} levels"));
        Add(Filters(picture.Kernels.Blur1), Kernel(picture.Kernels.Blur1));
        Add(
            recipe.Stage1.Scale != 1,
            Text($"{(recipe.Stage1.Scale > 1 ? "enlarged" : "shrunk")} to {recipe.Stage1.Scale * 100:0} % ({Mode(recipe.Stage1.Mode)})"));
        Add(picture.Stage1.NoiseAmount > 0, Noise(recipe.Stage1.Noise, picture.Stage1));
        Add(picture.Stage1.Quality is not null, Jpeg(picture.Stage1));
        Add(recipe.SecondBlur && Filters(picture.Kernels.Blur2), Kernel(picture.Kernels.Blur2));
        Add(
            recipe.Stage1.Scale != 1 || recipe.Stage2Scale != 1 || recipe.Stage2.Scale != 1,
            Text(
                $"resized to {(recipe.Stage2.Scale == 1 ? "" : Text($"{recipe.Stage2.Scale * 100:0} % of "))}{smaller} ({Mode(recipe.Stage2.Mode)})"
            )
        );
        Add(picture.Stage2.NoiseAmount > 0, Noise(recipe.Stage2.Noise, picture.Stage2));
        Add(recipe.Final.Order == FinalOrder.JpegThenSinc && picture.Stage2.Quality is not null, Jpeg(picture.Stage2));
        Add(recipe.Stage2.Scale != 1, $"resized to {smaller} ({Mode(recipe.Final.Mode)})");
        Add(Filters(picture.Kernels.Sinc), Kernel(picture.Kernels.Sinc));
        Add(recipe.Final.Order == FinalOrder.SincThenJpeg && picture.Stage2.Quality is not null, Jpeg(picture.Stage2));
        Add(recipe.Final.ResizeBack && recipe.Stage2Scale != 1, "back to the first size (bicubic)");
        return words;
    }

    private static bool Filters(KernelSpec spec) => spec.Kind != KernelKind.Pulse;

    private static string Jpeg(ImageStage picture) => Text($"JPEG, quality {picture.Quality:0.#}");

    private static string Kernel(KernelSpec spec) => spec.Kind switch
    {
        KernelKind.Sinc => Text($"sinc filter, {spec.Size} px, cut-off {spec.Cutoff / Math.PI:0.##} pi"),
        _ => Text($"{Family(spec)} blur, {spec.Size} px, sigma {Shape(spec)}{(spec.Beta is { } beta ? $", power {beta:0.##}" : "")}"),
    };

    private static string Family(KernelSpec spec) => spec.Kind switch
    {
        KernelKind.Iso => "round Gaussian",
        KernelKind.Aniso => "elliptical Gaussian",
        KernelKind.GeneralizedIso => "round generalized",
        KernelKind.GeneralizedAniso => "elliptical generalized",
        KernelKind.PlateauIso => "round plateau",
        _ => "elliptical plateau",
    };

    private static string Shape(KernelSpec spec) => spec.SigmaY is { } sigmaY
        ? Text($"{spec.SigmaX:0.##} x {sigmaY:0.##} at {spec.Theta * 180 / Math.PI:0}°")
        : Text($"{spec.SigmaX:0.##}");

    private static string Noise(NoiseKind kind, ImageStage picture) => kind == NoiseKind.Gaussian
        ? Text($"{(picture.GreyNoise ? "grey" : "coloured")} Gaussian noise, sigma {picture.NoiseAmount:0.#} of 255")
        : Text($"{(picture.GreyNoise ? "grey" : "coloured")} Poisson noise, strength {picture.NoiseAmount:0.##}");

    private static string Mode(ResizeMode mode) => mode.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
