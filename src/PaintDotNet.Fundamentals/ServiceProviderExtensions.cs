namespace PaintDotNet;

public static class ServiceProviderExtensions
{
    public static TService? GetService<TService>(this IServiceProvider serviceProvider)
        where TService : class => (TService?)serviceProvider.GetService(typeof(TService));
}
