using Hypir.Networks.Text;

namespace Hypir.Restoration.Pipeline;

/// <summary>What happens to prompts that are longer than the text encoder reads.</summary>
internal static class PromptLimit
{
    /// <summary>A note if a prompt is cut; otherwise null.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The prompt.</param>
    public static string? Note(ClipTokenizer tokenizer, string prompt)
    {
        // Begin and end take two places.
        int most = tokenizer.Length - 2, count = tokenizer.Count(prompt);
        return count <= most ? null : $"The text encoder reads {most} tokens, and the prompt has {count}: the rest is ignored.";
    }
}
