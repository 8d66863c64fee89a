using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Hypir.Ui.Tests;

/// <summary>A server of one file, on loopback, which gives its first half and waits.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts to serve.</summary>
    public FileServer(byte[] file)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            context.Response.ContentLength = file.Length;
            await context.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await _rest.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(file.AsMemory(file.Length / 2), context.RequestAborted);
        });
        _app.StartAsync().GetAwaiter().GetResult();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    /// <summary>Its address.</summary>
    public string Address { get; }

    /// <summary>Gives the second half, now and from now on.</summary>
    public void Finish() => _rest.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _rest.TrySetResult();
        await _app.DisposeAsync();
    }
}
