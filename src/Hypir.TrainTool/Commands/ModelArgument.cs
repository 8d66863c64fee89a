using Hypir.Models;
using Hypir.Models.Store;
using Hypir.Training.Loop;

namespace Hypir.TrainTool.Commands;

/// <summary>Finds the models that a person names: by path, or by the names of `hypir models list`.</summary>
internal static class ModelArgument
{
    /// <summary>A model, perhaps with LoRA weights on it.</summary>
    /// <exception cref="StoreException">There is neither such a path nor such a name, or the model is not complete.</exception>
    public static ResolvedModel Find(string model) => ModelHome.Default.Choose(model, AppContext.BaseDirectory);

    /// <summary>The folder or file of a model of its own.</summary>
    /// <exception cref="StoreException">There is neither such a path nor such a name, or the model is not complete.</exception>
    /// <exception cref="TrainingException">The name stands for LoRA weights on another model.</exception>
    public static string Base(string model) => Find(model) is { Lora: null, Path: var path }
        ? path
        : throw new TrainingException($"{model} is LoRA weights for another model, not a model of its own.", "Name the model that they are for (`hypir models list` shows it); lora_init starts training from LoRA weights.");
}
