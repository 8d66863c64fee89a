namespace Hypir.Protocol.Messages;

/// <summary>A licence of a model.</summary>
/// <param name="Id">Its short name, for <see cref="IEngine.GetLicenceAsync"/>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Accepted">Whether it was accepted on this machine in its present wording.</param>
public sealed record ModelLicense(string Id, string Name, bool Accepted);
