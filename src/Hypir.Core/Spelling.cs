namespace Hypir.Core;

/// <summary>Finds what a mistyped word may have been meant to be.</summary>
public static class Spelling
{
    /// <summary>A part of a word is taken for the word from this length on.</summary>
    private const int LeastPart = 3;

    /// <summary>A question to append to a message: " Did you mean X?", or nothing if no word is similar.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The words that exist.</param>
    public static string Question(string typed, IEnumerable<string> known) =>
        Closest(typed, known) is { } word ? $" Did you mean {word}?" : "";

    /// <summary>
    /// The most similar word: it differs by case and dashes only, begins with what was typed, or is at most a third of its letters away
    /// (insertions, deletions, replacements, swapped neighbors). Null if none is similar.
    /// </summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The words that exist.</param>
    public static string? Closest(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        string bare = Bare(typed);
        var (word, distance) = known
            .Select(word => (Word: word, Distance: Distance(bare, Bare(word))))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return word is not null && distance <= Math.Max(1, bare.Length / 3) && distance < bare.Length ? word : null;
    }

    private static string Bare(string word) => word.TrimStart('-').ToLowerInvariant();

    /// <summary>The optimal string alignment distance (Damerau 1964); 1 for the beginning of a word.</summary>
    private static int Distance(string typed, string word)
    {
        if (typed.Length >= LeastPart && typed.Length < word.Length && word.StartsWith(typed, StringComparison.Ordinal))
            return 1;
        int[,] cost = new int[typed.Length + 1, word.Length + 1];
        for (int i = 0; i <= typed.Length; i++)
        {
            for (int j = 0; j <= word.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replaced = cost[i - 1, j - 1] + (typed[i - 1] == word[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[typed.Length, word.Length];
    }
}
