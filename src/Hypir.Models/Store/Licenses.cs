using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>Records which licenses were accepted on this machine: each is shown once, and again if its text has changed.</summary>
public static class Licenses
{
    /// <summary>Whether a license was accepted in its current wording.</summary>
    /// <param name="index">The store's index.</param>
    /// <param name="license">The license.</param>
    public static bool IsAccepted(StoreIndex index, License license) =>
        index.Licences.TryGetValue(license.Id, out var acceptance) && acceptance.TextSha256 == license.TextSha256;

    /// <summary>Records that a license was shown and accepted.</summary>
    /// <param name="store">The store.</param>
    /// <param name="license">The license.</param>
    /// <param name="now">The time of acceptance.</param>
    /// <param name="cancellation">Cancels the waiting for others.</param>
    public static Task AcceptAsync(ModelStore store, License license, DateTimeOffset now, CancellationToken cancellation = default) =>
        store.UpdateAsync(index => index.Licences[license.Id] = new Acceptance(now.ToUniversalTime(), license.TextSha256), cancellation);
}
