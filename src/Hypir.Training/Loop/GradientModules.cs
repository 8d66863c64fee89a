namespace Hypir.Training.Loop;

/// <summary>Which parameters belong to the modules that a configuration names for its gradient norms.</summary>
internal static class GradientModules
{
    /// <summary>Whether a parameter lies in a module whose name ends so, as the reference reads <c>log_grad_modules</c>.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="ending">The end of a module's name.</param>
    public static bool Matches(string parameter, string ending)
    {
        for (int dot = parameter.LastIndexOf('.'); dot > 0; dot = parameter.LastIndexOf('.', dot - 1))
        {
            if (parameter.AsSpan(0, dot).EndsWith(ending, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
