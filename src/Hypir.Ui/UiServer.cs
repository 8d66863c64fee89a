using System.Net;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Ui.Api;
using Hypir.Ui.Launch;
using Hypir.Ui.Safety;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Hypir.Ui;

/// <summary>
/// The window in a browser: a server on this machine's loopback address, a queue of jobs, a client of the engine. It ends by itself some
/// time after the last page was closed and the last job has finished.
/// </summary>
public sealed class UiServer : IAsyncDisposable
{
    private readonly UiSettings _settings;
    private readonly Session _session = new();
    private readonly PrivateFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Gallery _gallery;
    private readonly Pictures _pictures;
    private readonly EngineClient _client;
    private readonly Worker _worker;
    private readonly WebApplication _app;
    private readonly Task[] _tasks;
    private readonly IdleEnd _idle;
    private int _port;
    private bool _disposed;

    private UiServer(UiSettings settings)
    {
        _settings = settings;
        _gallery = new(settings, _folder);
        _pictures = new(_gallery, _folder);
        _client = new(settings.Engine, new()
        {
            Pipe = settings.Pipe,
            Name = "window",
            StartLimit = settings.StartLimit,
            HandshakeLimit = settings.StartLimit,
        });
        _worker = new(settings, _gallery, _folder, _pictures, _client);
        _idle = new(_gallery, settings.IdleExit, _end.Cancel, TimeProvider.System);
        _app = Build();
        foreach (string file in settings.Files)
            Take(file);
        // Listens before the window has started: a second one may begin at once.
        _tasks = [Task.Run(() => _worker.RunAsync(_end.Token)), ServeOthersAsync()];
    }

    /// <summary>An address that opens the window in one browser, once.</summary>
    public string NewAddress() => $"http://127.0.0.1:{_port}{RequestGuard.Start}?token={_session.NewToken()}";

    /// <summary>The address of the page, for browsers that were opened with <see cref="NewAddress"/>.</summary>
    public string PageAddress => $"http://127.0.0.1:{_port}{_session.Root}";

    /// <summary>The folder for uploads.</summary>
    internal string PrivateFolder => _folder.Path;

    /// <summary>Whether a page is open or a job is left.</summary>
    internal bool IsOccupied => _gallery.IsOccupied;

    /// <summary>Starts a window, unless the user has one: that one then gets the images.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <returns>The window, or null and the address that opens the other one once.</returns>
    /// <exception cref="HypirException">A file is no supported image.</exception>
    public static async Task<(UiServer? Window, string Address)> StartAsync(UiSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (await OtherWindow.AskAsync(OtherWindow.NameFor(settings.Pipe), settings.Files, cancellation).ConfigureAwait(false) is { } other)
            return (null, other);
        foreach (string file in settings.Files)
            ImageFile.Inspect(file);
        var window = new UiServer(settings);
        try
        {
            await window._app.StartAsync(cancellation).ConfigureAwait(false);
            IServerAddressesFeature at = window._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            window._port = new Uri(at.Addresses.Single()).Port;
            return (window, window.NewAddress());
        }
        catch
        {
            await window.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for the end, which comes by itself.</summary>
    /// <param name="cancellation">Ends it now.</param>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration now = cancellation.Register(_end.Cancel);
        await Task.Delay(Timeout.Infinite, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _end.CancelAsync().ConfigureAwait(false);
        _idle.Dispose();
        // Pages hold streams open: they end with the token above.
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _pictures.Dispose();
        _gallery.Dispose();
        _folder.Dispose();
        _end.Dispose();
    }

    private WebApplication Build()
    {
        // Empty: neither variables of the environment nor a file in the current folder can add an address to listen on.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            // A little more than the limit, so that it is ours that is noticed.
            kestrel.Limits.MaxRequestBodySize = _settings.MaxUploadBytes + (1 << 20);
        });
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        var guard = new RequestGuard(_session, () => _port);
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseRouting();
        new Routes(_settings, _session, _gallery, _folder, _pictures, _worker, _client, _end.Token).Add(app);
        return app;
    }

    private Task ServeOthersAsync() => OtherWindow.ServeAsync(
        OtherWindow.NameFor(_settings.Pipe),
        files =>
        {
            foreach (string file in files)
                Take(file);
            return NewAddress();
        },
        _end.Token);

    private void Take(string file)
    {
        try
        {
            _gallery.Add(Gallery.NewId(), Path.GetFileName(file), file);
        }
        catch (HypirException)
        {
            // Its own run has looked at it; since then it has changed, or the window is full.
        }
    }
}
