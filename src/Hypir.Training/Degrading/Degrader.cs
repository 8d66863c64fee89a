using Hypir.Imaging;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.Training.Degrading;

/// <summary>Runs jobs from reading to writing, on the calling thread.</summary>
internal sealed class Degrader(DegradePlan plan, DegradeOutput output)
{
    private readonly SampleDrawer _drawer = new(plan.Settings);
    private readonly RecipeSampler _sampler = new(plan.Settings.Degradation);

    /// <summary>Runs a job. A bad image or recipe is an outcome, not an exception.</summary>
    /// <param name="number">The job's index in the plan, which is also the random stream of its recipe.</param>
    /// <param name="cancellation">Cancels the reading of images.</param>
    public DegradeOutcome Do(long number, CancellationToken cancellation)
    {
        var job = plan.Jobs[(int)number];
        try
        {
            var recipe = job.Recipe ?? Draw(job, number);
            using var images = Load(recipe, cancellation);
            using var result = RecipeApplier.Apply(recipe.Degradation, images);
            return new(job, recipe, Write(recipe, result, number < plan.ContactSheet), null);
        }
        catch (HypirException failure) when (failure is not OutputException)
        {
            return new(job, null, [], failure);
        }
    }

    private BatchRecipe Draw(DegradeJob job, long number)
    {
        var random = new SeededRandom(plan.Settings.Seed, number);
        return new([_drawer.Draw(job.Entry!, job.Label, random)], _sampler.Recipe(random));
    }

    private static Tensor Load(BatchRecipe recipe, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        Tensor[] images = [.. recipe.Samples.Select(sample => SampleImage.Load(sample, cancellation))];
        if (images.Any(image => !image.shape.SequenceEqual(images[0].shape)))
            throw new RecipeException(
                $"{string.Join(", ", recipe.Samples.Select(sample => sample.Name))}: samples of one recipe must have the same size.",
                "Give them the same crop size.");
        return ImageTensor.ToUnit(stack(images)).MoveToOuterDisposeScope();
    }

    private List<Pair> Write(BatchRecipe recipe, DegradedImages result, bool show)
    {
        var pairs = new List<Pair>();
        for (int i = 0; i < recipe.Samples.Count; i++)
        {
            using var scope = NewDisposeScope();
            string name = recipe.Samples[i].Name;
            var damaged = ImageTensor.ToImage(result.Lq[i]);
            Save(damaged, plan.LqFolder, name);
            if (!plan.SaveHq && !show)
                continue;
            var clean = ImageTensor.ToImage(result.Gt[i]);
            if (plan.SaveHq)
                Save(clean, plan.HqFolder, name);
            if (show)
                pairs.Add(new(name, Thumbnail.Of(clean), Thumbnail.Of(damaged), SampleWords.Describe(recipe, i)));
        }
        return pairs;
    }

    private void Save(RgbImage image, string folder, string name)
    {
        string file = Path.Combine(folder, name + ".png");
        output.Protect(file);
        try
        {
            ImageFile.Save(image.ToImage(), file);
        }
        catch (ImageException failure)
        {
            throw new OutputException(failure.Message, failure.Remedy, failure);
        }
    }
}
