namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>What a name that a pickle may mention stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary><c>torch._utils._rebuild_tensor</c>: storage, offset, size, stride.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>: also requires_grad, hooks, and perhaps metadata.</summary>
    RebuildTensorV2,

    /// <summary><c>torch._utils._rebuild_parameter</c>: a tensor, requires_grad, hooks.</summary>
    RebuildParameter,

    /// <summary><c>torch.FloatStorage</c> and its like: names an element type; never called.</summary>
    Storage,

    /// <summary><c>_codecs.encode</c>: how protocol 2 writes bytes.</summary>
    Encode,

    /// <summary>A name out of a training program. It, and what it is called with, becomes <see cref="PickleOpaque"/>: no code of it exists here.</summary>
    Inert,
}
