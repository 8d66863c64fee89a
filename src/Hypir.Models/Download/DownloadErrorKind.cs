namespace Hypir.Models.Download;

/// <summary>Why a download ended without its file.</summary>
public enum DownloadErrorKind
{
    /// <summary>Nothing says where the file can be had.</summary>
    NoSource,

    /// <summary>A web page came in place of the file.</summary>
    WebPage,

    /// <summary>A git-LFS pointer came, which only stands for the file.</summary>
    LfsPointer,

    /// <summary>A server's error message came in place of the file.</summary>
    ServerMessage,

    /// <summary>The file is shorter or longer than it should be.</summary>
    WrongLength,

    /// <summary>The file's bytes are not those that were expected.</summary>
    WrongHash,

    /// <summary>The server wants a sign-in (401).</summary>
    SignInNeeded,

    /// <summary>The server refuses (403).</summary>
    Forbidden,

    /// <summary>The file is not there (404, 410).</summary>
    NotFound,

    /// <summary>The server asks to come again later (429, 503).</summary>
    Busy,

    /// <summary>The server failed (other 5xx), or answered what makes no sense here.</summary>
    ServerError,

    /// <summary>The server continues a download at another place than it was asked for.</summary>
    WrongRange,

    /// <summary>The proxy refused or failed.</summary>
    Proxy,

    /// <summary>The server cannot be reached, or the connection broke.</summary>
    Connection,

    /// <summary>The connection is there, but nothing comes any more.</summary>
    Stalled,

    /// <summary>The disk is full, or would be.</summary>
    DiskFull,

    /// <summary>The file cannot be written.</summary>
    CannotWrite,
}
