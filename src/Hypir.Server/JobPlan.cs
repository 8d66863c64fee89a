using Hypir.Networks.Models;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Planning;

namespace Hypir.Server;

/// <summary>A request with everything that was found out about it.</summary>
/// <param name="Request">The request that the plan carries out.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelStamp">The state of the model's files.</param>
/// <param name="LoraPath">The LoRA file, or null.</param>
/// <param name="LoraStamp">The state of that file.</param>
internal sealed record JobPlan(RestoreRequest Request, RestorePlan Plan, ModelFolder Model, string ModelStamp, string? LoraPath, string LoraStamp);
