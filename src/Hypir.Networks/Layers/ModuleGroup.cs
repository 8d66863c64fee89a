
namespace Hypir.Networks.Layers;

/// <summary>A level in the tree of names that computes nothing itself: "net" with children "0" and "2".</summary>
internal sealed class ModuleGroup(string name) : NetworkModule(name);
