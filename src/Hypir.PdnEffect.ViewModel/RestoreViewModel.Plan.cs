using System.Diagnostics.CodeAnalysis;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel;

/// <content>The time and memory of a run, before it starts.</content>
public sealed partial class RestoreViewModel
{
    private RestorationSettings? _planned;
    private int _planTurn;
    private bool _noGpu;

    /// <summary>A description of the time and memory for the next run; empty while unknown.</summary>
    public string PlanText { get; private set; } = "";

    /// <summary>
    /// Requests a new plan if a change affects it. The engine can plan while it computes, so it answers at once.
    /// </summary>
    private void Plan(bool again = false)
    {
        RestorationSettings asked = EffectiveSettings with { Prompt = "", Seed = 0 };
        if (Models.Count == 0 || (asked == _planned && !again))
            return;
        _planned = asked;
        _ = PlanAsync(asked, ++_planTurn);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The plan is optional: failures are shown when the run fails.")]
    private async Task PlanAsync(RestorationSettings asked, int turn)
    {
        string text = "";
        try
        {
            Region context = ResultKey.ContextOf(_layer, null);
            RestoreRequest request = asked.Request(Math.Max(1, context.Width), Math.Max(1, context.Height));
            PlanAnswer plan = await _client.PlanAsync(request, _life.Token);
            PlanAnswer? gpu = plan.Device == "cpu" && !_noGpu ? await OnGpuAsync(request) : null;
            text = PlanWords.Of(Words, plan, gpu, OffersGpu);
        }
        catch (EngineException failure) when (failure.Error == EngineError.BadRequest)
        {
            text = FailureWords.Of(Words, failure).Message;
        }
        catch (Exception)
        {
            // A lost engine is reported when the user next needs it.
        }
        if (_disposed || turn != _planTurn)
            return;
        PlanText = text;
        Changed();
    }

    /// <summary>The plan on the GPU, or null if this engine cannot use one.</summary>
    private async Task<PlanAnswer?> OnGpuAsync(RestoreRequest request)
    {
        try
        {
            return await _client.PlanAsync(request with { Device = "cuda", AllowCpu = false }, _life.Token);
        }
        catch (EngineException)
        {
            _noGpu = true;
            return null;
        }
    }
}
