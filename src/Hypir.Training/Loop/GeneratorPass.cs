using Hypir.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>One forward and backward pass through the generator.</summary>
internal sealed class GeneratorPass : IDisposable
{
    private readonly SegmentTape? _tape;

    private GeneratorPass(Tensor image, SegmentTape? tape) => (Image, _tape) = (image, tape);

    /// <summary>The generated images, nominally in [-1, 1], (B, 3, H, W), in the type of the losses; this object owns them.</summary>
    public Tensor Image { get; }

    /// <summary>Generates images.</summary>
    /// <param name="networks">The generator.</param>
    /// <param name="settings">Timesteps; whether activations are kept.</param>
    /// <param name="batch">What to restore.</param>
    /// <param name="gradients">Whether <see cref="Backward"/> will follow.</param>
    public static GeneratorPass Run(TrainingNetworks networks, TrainingSettings settings, PreparedBatch batch, bool gradients)
    {
        SegmentTape? tape = gradients && settings.Checkpointing ? new SegmentTape() : null;
        using var mode = set_grad_enabled(gradients);
        using var scope = NewDisposeScope();
        try
        {
            return new(networks.Generate(settings, batch, new NetworkRun { Tape = tape }).DetachFromDisposeScope(), tape);
        }
        catch
        {
            tape?.Dispose();
            throw;
        }
    }

    /// <summary>Adds the parameters' gradients.</summary>
    /// <param name="gradient">The losses' gradient with respect to <see cref="Image"/>.</param>
    public void Backward(Tensor gradient)
    {
        if (_tape is null)
            autograd.backward([Image], [gradient]);
        else
            _tape.Backward(Image, gradient);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        _tape?.Dispose();
    }
}

/// <summary>Matches parameters to the modules configured for gradient norms.</summary>
internal static class GradientModules
{
    /// <summary>Whether a parameter belongs to a module whose name has this ending, as in the reference's
    /// <c>log_grad_modules</c>.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="ending">The end of a module's name.</param>
    public static bool Matches(string parameter, string ending)
    {
        for (int dot = parameter.LastIndexOf('.'); dot > 0; dot = parameter.LastIndexOf('.', dot - 1))
        {
            if (parameter.AsSpan(0, dot).EndsWith(ending, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}

/// <summary>Sets parameters' accumulated gradients aside, and restores them when disposed.</summary>
internal sealed class GradientStash : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor? Gradient)> _gradients;

    public GradientStash(ParameterSet parameters)
    {
        _gradients = [.. parameters.ByName.Values.Select(p => (p, p.grad?.DetachFromDisposeScope()))];
        parameters.ClearGradients();
    }

    public void Dispose()
    {
        foreach ((Parameter parameter, Tensor? gradient) in _gradients)
        {
            parameter.grad = gradient;
            gradient?.Dispose();
        }
    }
}
