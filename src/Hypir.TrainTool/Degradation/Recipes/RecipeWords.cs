using System.Globalization;
using Hypir.TrainTool.Degradation.Kernels;
using Hypir.TrainTool.Degradation.Noise;

namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>Says what a recipe does to a picture, in the order in which it does it.</summary>
public static class RecipeWords
{
    /// <summary>One line for each operation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="index">Which of its pictures.</param>
    public static IReadOnlyList<string> Describe(DegradationRecipe recipe, int index)
    {
        var picture = recipe.Pictures[index];
        string jpeg = Text($"JPEG, quality {picture.Stage2.Quality:0.#}");
        string end = Text($"{(recipe.Stage2Scale == 1 ? "first size" : $"1/{recipe.Stage2Scale:0.##} of the first size")} ({Mode(recipe.Final.Mode)})");
        string[] filter = picture.Kernels.Sinc.Kind == KernelKind.Pulse ? [end] : [end, Kernel(picture.Kernels.Sinc)];
        return
        [
            .. recipe.Sharpen is { } sharpen ? (string[])[Text($"clean picture sharpened by {sharpen.Weight:0.##} above {sharpen.Threshold:0.#} levels")] : [],
            Kernel(picture.Kernels.Blur1),
            Resize(recipe.Stage1, ""),
            Noise(recipe.Stage1.Noise, picture.Stage1),
            Text($"JPEG, quality {picture.Stage1.Quality:0.#}"),
            .. recipe.SecondBlur ? (string[])[Kernel(picture.Kernels.Blur2)] : [],
            Resize(recipe.Stage2, recipe.Stage2Scale == 1 ? " of the first size" : Text($" of 1/{recipe.Stage2Scale:0.##} of the first size")),
            Noise(recipe.Stage2.Noise, picture.Stage2),
            .. recipe.Final.Order == FinalOrder.SincThenJpeg ? (string[])[.. filter, jpeg] : [jpeg, .. filter],
            .. recipe.Final.ResizeBack && recipe.Stage2Scale != 1 ? (string[])["back to the first size (bicubic)"] : [],
        ];
    }

    private static string Kernel(KernelSpec spec) => spec.Kind switch
    {
        KernelKind.Pulse => "no blur",
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

    private static string Resize(StageRecipe stage, string ofWhat) => stage.Resize switch
    {
        ResizeChoice.Keep => $"size kept{(ofWhat.Length > 0 ? " at 100 %" + ofWhat : "")} ({Mode(stage.Mode)})",
        var choice => Text($"{(choice == ResizeChoice.Up ? "enlarged" : "shrunk")} to {stage.Scale * 100:0} %{ofWhat} ({Mode(stage.Mode)})"),
    };

    private static string Noise(NoiseKind kind, PictureStage picture) => kind == NoiseKind.Gaussian
        ? Text($"{(picture.GreyNoise ? "grey" : "coloured")} Gaussian noise, sigma {picture.NoiseAmount:0.#} of 255")
        : Text($"{(picture.GreyNoise ? "grey" : "coloured")} Poisson noise, strength {picture.NoiseAmount:0.##}");

    private static string Mode(ResizeMode mode) => mode.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
