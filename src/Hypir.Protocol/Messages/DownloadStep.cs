namespace Hypir.Protocol.Messages;

/// <summary>What a download is at.</summary>
public enum DownloadStep
{
    /// <summary>Another program downloads the same file: it is waited for.</summary>
    WaitingForOther,

    /// <summary>Bytes that are on this machine are read and checked.</summary>
    Checking,

    /// <summary>A server was asked and has not answered yet.</summary>
    Connecting,

    /// <summary>Bytes come.</summary>
    Receiving,

    /// <summary>After a failure, the next try is waited for.</summary>
    WaitingToRetry,

    /// <summary>An archive that has come is unpacked.</summary>
    Unpacking,
}
