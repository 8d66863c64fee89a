namespace Hypir.Training.Degradation;

/// <summary>
/// The generator behind every random choice here: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
/// It is our own so that a seed gives the same numbers on every platform and in every version, and so that each sample has its own stream:
/// the draws for sample 7 do not depend on those for sample 6.
/// </summary>
public sealed class SeededRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">The seed's stream: a sample's or batch's number.</param>
    public SeededRandom(long seed, long stream = 0) => State = Mix(Mix((ulong)seed + Step) ^ (ulong)stream);

    /// <summary>Resumes a stream from its saved <see cref="State"/>.</summary>
    public SeededRandom(ulong state) => State = state;

    /// <summary>The complete state of the stream.</summary>
    public ulong State { get; private set; }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A number between two bounds.</summary>
    public double Uniform(double low, double high) => low + (high - low) * Unit();

    /// <summary>A whole number in [low, high], both included.</summary>
    public int Whole(int low, int high) => low + (int)(Unit() * (high - low + 1L));

    /// <summary>One of several items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Whole(0, items.Count - 1)];

    /// <summary>One of several items by their probabilities, which sum to 1.</summary>
    public T Pick<T>(IReadOnlyList<T> items, IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items[IndexAt(probabilities, Unit())];
    }

    /// <summary>The index of the weight in which a point lies when the weights are laid end to end, from 0.</summary>
    /// <param name="weights">At least one, none negative.</param>
    /// <param name="point">From 0 to the weights' sum.</param>
    public static int IndexAt(IReadOnlyList<double> weights, double point)
    {
        ArgumentNullException.ThrowIfNull(weights);
        for (int i = 0; i < weights.Count - 1; i++)
        {
            point -= weights[i];
            if (point < 0)
                return i;
        }
        return weights.Count - 1;
    }

    /// <summary>The numbers 0 to count - 1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Whole(0, i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>A seed for another generator: at least 0 and below 2^53, which every JSON parser represents exactly.</summary>
    public long Seed() => (long)(Next() >> 11);

    private ulong Next() => Mix(State += Step);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
