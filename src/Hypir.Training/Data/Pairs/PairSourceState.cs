using System.Globalization;
using Hypir.Networks.Checkpoints;
using Hypir.Training.Config;
using Hypir.Training.Data.RecipeFiles;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>The state of a source of pairs.</summary>
/// <param name="Next">The number of the batch that comes next.</param>
/// <param name="Random">The state of the pool's generator.</param>
/// <param name="Pool">The pool's pairs, in order.</param>
public sealed record PairSourceState(long Next, ulong Random, IReadOnlyList<TrainingPair> Pool)
{
    private const string NextKey = "next", RandomKey = "random", PlacesKey = "places", RecipesKey = "recipes", OwnersKey = "owners";

    /// <summary>A place in the data with an empty pool.</summary>
    /// <param name="next">The number of the batch that comes next.</param>
    /// <param name="seed">The run's seed.</param>
    public static PairSourceState At(long next, long seed) => new(next, PairSource.PoolRandom(seed).State, []);

    /// <summary>
    /// The state with only the pairs that a run with these settings can use: of its size, and at most its pool's capacity.
    /// </summary>
    /// <param name="settings">The settings of the run that continues.</param>
    public PairSourceState For(DataSettings settings) => this with
    {
        Pool = [.. Pool.Where(pair => pair.Height == settings.Crop.Size && pair.Width == settings.Crop.Size).Take(settings.QueueSize)],
    };

    /// <summary>Writes the state as one safetensors file.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path)
    {
        using var scope = NewDisposeScope();
        // Pairs degraded together share one recipe.
        BatchRecipe[] recipes = [.. Pool.Select(pair => pair.Recipe).Distinct(ReferenceEqualityComparer.Instance).Cast<BatchRecipe>()];
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (int i = 0; i < Pool.Count; i++)
        {
            long[] shape = [3, Pool[i].Height, Pool[i].Width];
            tensors[Gt(i)] = tensor(Pool[i].Gt, shape);
            tensors[Lq(i)] = tensor(Pool[i].Lq, shape);
        }
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
        {
            [NextKey] = Next.ToString(CultureInfo.InvariantCulture),
            [RandomKey] = Random.ToString(CultureInfo.InvariantCulture),
            [PlacesKey] = string.Join(',', Pool.Select(pair => pair.Place)),
            [OwnersKey] = string.Join(',', Pool.Select(pair => Array.FindIndex(recipes, recipe => ReferenceEquals(recipe, pair.Recipe)))),
            [RecipesKey] = string.Join('\n', recipes.Select(RecipeJson.Line)),
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    /// <exception cref="RecipeException">A recipe in it is invalid.</exception>
    public static PairSourceState Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        var texts = file.Metadata;
        try
        {
            BatchRecipe[] recipes =
            [
                .. texts[RecipesKey].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RecipeJson.Parse(line, path)),
            ];
            int[] places = Numbers(texts[PlacesKey]),
                owners = Numbers(texts[OwnersKey]);
            var pool = places.Select(
                (place, i) =>
                {
                    Tensor gt = file.Read(Gt(i)),
                        lq = file.Read(Lq(i));
                    return new TrainingPair(
                        [.. gt.data<float>()], [.. lq.data<byte>()], (int)gt.shape[1], (int)gt.shape[2], recipes[owners[i]], place);
                }
            );
            return new(
                long.Parse(texts[NextKey], CultureInfo.InvariantCulture), ulong.Parse(texts[RandomKey], CultureInfo.InvariantCulture),
                [.. pool]);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new RecipeException($"{path} is not the state of a training run's data.", "Use an older checkpoint.", failure);
        }
    }

    private static int[] Numbers(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];

    private static string Gt(int i) => string.Create(CultureInfo.InvariantCulture, $"gt.{i}");

    private static string Lq(int i) => string.Create(CultureInfo.InvariantCulture, $"lq.{i}");
}
