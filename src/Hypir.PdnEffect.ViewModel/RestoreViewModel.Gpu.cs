using System.Diagnostics.CodeAnalysis;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel;

/// <content>The GPU: offered if there is one that is not in use.</content>
public sealed partial class RestoreViewModel
{
    private GpuStatus? _gpu;

    /// <summary>Whether there is a GPU that a download would make usable.</summary>
    public bool OffersGpu => _gpu is { State: GpuState.Available or GpuState.Partial, Problem: null, Gpus.Count: > 0 };

    /// <summary>The question shown before the download.</summary>
    public string GpuWords
    {
        get
        {
            string gpu = _gpu is { Gpus.Count: > 0 } status ? status.Gpus[0] : Words[Phrase.Gpu];
            return _gpu?.DownloadBytes is { } bytes
                ? Words.Of(Phrase.GpuTitle, gpu, ProgressWords.Size(Words, bytes))
                : Words.Of(Phrase.GpuTitleUnknown, gpu);
        }
    }

    /// <summary>Downloads the GPU backend. Partial downloads are kept when it is stopped.</summary>
    public async Task InstallGpuAsync()
    {
        if (!CanStart || !OffersGpu)
            return;
        await RunAsync(
            Words.Of(Phrase.DownloadConnecting, Words[Phrase.Gpu]),
            async run =>
            {
                GpuStatus now = await _client.InstallGpuAsync(progress: Transfer(run, Words[Phrase.Gpu]), cancellation: run.Token);
                // A running engine keeps the libraries it started with.
                if (now.RestartNeeded)
                    await _client.ShutdownAsync(run.Token);
                (_gpu, _noGpu) = (await _client.GetGpuAsync(run.Token), false);
                Plan(again: true);
                await RequireGpuAsync(run.Token);
                return () => SetStatus(Words[Phrase.GpuReady]);
            },
            Phrase.DownloadKept);
    }

    /// <summary>The installed backend might not work: require that an engine would compute on the GPU.</summary>
    private async Task RequireGpuAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.PlanAsync(EffectiveSettings.Request(AreaSide, AreaSide) with { Device = "cuda", AllowCpu = false }, cancellation);
        }
        catch (EngineException refused) when (refused.Error == EngineError.BadRequest)
        {
            throw new EngineException(EngineError.GpuUnsuitable, refused.Message, inner: refused);
        }
    }

    /// <summary>Asks the engine once whether there is a GPU to offer.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The offer is optional: if the engine fails, nothing is offered.")]
    private async Task AskForGpuAsync()
    {
        if (_gpu is not null)
            return;
        try
        {
            GpuStatus status = await _client.GetGpuAsync(_life.Token);
            if (_disposed)
                return;
            _gpu = status;
            if (OffersGpu)
                Plan(again: true);
        }
        catch (Exception)
        {
            // The dialog works without it.
        }
    }
}
