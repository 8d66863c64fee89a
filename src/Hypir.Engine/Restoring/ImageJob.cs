namespace Hypir.Engine.Restoring;

/// <summary>One image and where its result goes.</summary>
/// <param name="Input">The image file, as the person named it.</param>
/// <param name="Output">The result's file.</param>
/// <param name="Name">The path within the folder that was searched, or the file's name: what prompts are looked up by.</param>
internal sealed record ImageJob(string Input, string Output, string Name);
