using System.Globalization;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>Describes what a recipe does to an image, in order.</summary>
public static class RecipeWords
{
    /// <summary>One line for each operation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="index">The index of the image.</param>
    public static IReadOnlyList<string> Describe(DegradationRecipe recipe, int index)
    {
        var image = recipe.Images[index];
        var words = new List<string>();
        void Add(bool done, string what)
        {
            if (done)
                words.Add(what);
        }

        string smaller = recipe.Stage2Scale == 1 ? "the first size" : Text($"1/{recipe.Stage2Scale:0.##} of the first size");
        if (recipe.Sharpen is { } sharpen)
            words.Add(Text($"clean image sharpened by {sharpen.Weight:0.##} above {sharpen.Threshold:0.#} levels"));
        Add(Filters(image.Kernels.Blur1), Kernel(image.Kernels.Blur1));
        Add(
            recipe.Stage1.Scale != 1,
            Text($"{(recipe.Stage1.Scale > 1 ? "enlarged" : "shrunk")} to {recipe.Stage1.Scale * 100:0} % ({Mode(recipe.Stage1.Mode)})"));
        Add(image.Stage1.NoiseAmount > 0, Noise(recipe.Stage1.Noise, image.Stage1));
        Add(image.Stage1.Quality is not null, Jpeg(image.Stage1));
        Add(recipe.SecondBlur && Filters(image.Kernels.Blur2), Kernel(image.Kernels.Blur2));
        string share = recipe.Stage2.Scale == 1 ? "" : Text($"{recipe.Stage2.Scale * 100:0} % of ");
        Add(
            recipe.Stage1.Scale != 1 || recipe.Stage2Scale != 1 || recipe.Stage2.Scale != 1,
            $"resized to {share}{smaller} ({Mode(recipe.Stage2.Mode)})"
        );
        Add(image.Stage2.NoiseAmount > 0, Noise(recipe.Stage2.Noise, image.Stage2));
        Add(recipe.Final.Order == FinalOrder.JpegThenSinc && image.Stage2.Quality is not null, Jpeg(image.Stage2));
        Add(recipe.Stage2.Scale != 1, $"resized to {smaller} ({Mode(recipe.Final.Mode)})");
        Add(Filters(image.Kernels.Sinc), Kernel(image.Kernels.Sinc));
        Add(recipe.Final.Order == FinalOrder.SincThenJpeg && image.Stage2.Quality is not null, Jpeg(image.Stage2));
        Add(recipe.Final.ResizeBack && recipe.Stage2Scale != 1, "back to the first size (bicubic)");
        return words;
    }

    private static bool Filters(KernelSpec spec) => spec.Kind != KernelKind.Pulse;

    private static string Jpeg(ImageStage image) => Text($"JPEG, quality {image.Quality:0.#}");

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

    private static string Noise(NoiseKind kind, ImageStage image) => kind == NoiseKind.Gaussian
        ? Text($"{(image.GreyNoise ? "gray" : "colored")} Gaussian noise, sigma {image.NoiseAmount:0.#} of 255")
        : Text($"{(image.GreyNoise ? "gray" : "colored")} Poisson noise, strength {image.NoiseAmount:0.##}");

    private static string Mode(ResizeMode mode) => mode.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
