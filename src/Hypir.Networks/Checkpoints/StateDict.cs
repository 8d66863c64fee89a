using Hypir.Networks.Checkpoints.Pickles;

namespace Hypir.Networks.Checkpoints;

/// <summary>Finds the dictionary of named tensors in what a torch file holds: at the top, or below one of the names that training programs use.</summary>
internal static class StateDict
{
    // Averaged weights first: where a file has both, they are the ones meant for use.
    private static readonly string[] Names = ["params_ema", "params", "state_dict", "model_state_dict", "model", "module", "generator", "net", "weights"];

    /// <summary>The tensors by key, or null where there is no state dict. Entries that are no tensors are left out.</summary>
    public static IReadOnlyDictionary<string, TorchTensor>? Find(object? root)
    {
        for (int depth = 0; depth < PickleLimits.StateDictDepth && root is PickleDictionary dictionary; depth++)
        {
            var inner = Names.Select(name => dictionary[name]).OfType<PickleDictionary>().FirstOrDefault(LeadsToTensors);
            if (inner is null)
                return dictionary.Count == 0 ? new Dictionary<string, TorchTensor>() : Tensors(dictionary) ?? OnlyInner(dictionary);
            root = inner;
        }
        return null;
    }

    private static bool LeadsToTensors(PickleDictionary dictionary) =>
        dictionary.Texts.Any(entry => entry.Value is TorchTensor || Names.Contains(entry.Key) && entry.Value is PickleDictionary);

    private static Dictionary<string, TorchTensor>? OnlyInner(PickleDictionary dictionary)
    {
        var candidates = dictionary.Texts.Select(entry => entry.Value).OfType<PickleDictionary>().Select(Tensors).OfType<Dictionary<string, TorchTensor>>();
        return candidates.Take(2).ToArray() is [var only] ? only : null;
    }

    private static Dictionary<string, TorchTensor>? Tensors(PickleDictionary dictionary)
    {
        var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Texts)
        {
            if (value is TorchTensor tensor)
                tensors[key] = tensor;
        }
        return tensors.Count == 0 ? null : tensors;
    }
}
