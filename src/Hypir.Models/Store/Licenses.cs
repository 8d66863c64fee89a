using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>Which licences were accepted on this machine: each is shown once, and again if what is shown has changed.</summary>
public static class Licenses
{
    /// <summary>Whether a licence was accepted in its present wording.</summary>
    /// <param name="index">What the store remembers.</param>
    /// <param name="licence">The licence.</param>
    public static bool IsAccepted(StoreIndex index, License licence) =>
        index.Licences.TryGetValue(licence.Id, out var acceptance) && acceptance.TextSha256 == licence.TextSha256;

    /// <summary>Remembers that a licence was shown and accepted.</summary>
    /// <param name="store">The store.</param>
    /// <param name="licence">The licence.</param>
    /// <param name="now">The time of it.</param>
    /// <param name="cancellation">Ends the waiting for others.</param>
    public static Task AcceptAsync(ModelStore store, License licence, DateTimeOffset now, CancellationToken cancellation = default) =>
        store.UpdateAsync(index => index.Licences[licence.Id] = new Acceptance(now.ToUniversalTime(), licence.TextSha256), cancellation);
}
