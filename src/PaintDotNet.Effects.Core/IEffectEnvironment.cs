using PaintDotNet.ComponentModel;

namespace PaintDotNet.Effects;

public interface IEffectEnvironment : IObjectRef, IInternalImpl
{
    IEffectDocumentInfo Document { get; }

    int SourceLayerIndex { get; }

    IEffectSelectionInfo Selection { get; }
}
