using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Hypir.Protocol.Tests;

/// <summary>The public types and members of an assembly as text: one line each, in ordinal order, close to how C# declares them.</summary>
public static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Renders an assembly.</summary>
    public static string Render(Assembly assembly) => string.Concat(assembly.GetExportedTypes()
        .OrderBy(FullName, StringComparer.Ordinal)
        .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Select(member => $"    {member}\n").Prepend($"{Header(type)}\n")));

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class"
            : (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (type.GetMethod("<Clone>$") is null ? "class" : "record");
        IEnumerable<Type> parents = type.IsEnum ? [Enum.GetUnderlyingType(type)]
            : type.GetInterfaces().OrderBy(FullName, StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
            parents = parents.Prepend(parent);
        string list = string.Join(", ", parents.Select(Name));
        return $"{kind} {FullName(type)}{(list.Length > 0 ? " : " : "")}{list}";
    }

    /// <summary>What other assemblies can see, less what the compiler adds to records.</summary>
    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        var written = type.GetMembers(Declared).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)));
        return written.Select(member => member switch
        {
            FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly => Render(field),
            PropertyInfo property when property.GetAccessors(true).Any(IsVisible) => Render(property),
            EventInfo occurrence when IsVisible(occurrence.AddMethod!) => $"event {Name(Nullability.Create(occurrence))} {occurrence.Name}",
            ConstructorInfo constructor when IsVisible(constructor) => $"{Modifiers(constructor)}new({Parameters(constructor)})",
            MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
                => Render(method),
            _ => "",
        }).Where(line => line.Length > 0);
    }

    private static string Render(FieldInfo field)
    {
        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{kind}{Name(Nullability.Create(field))} {field.Name}{(field.IsLiteral ? $" = {Value(field.GetRawConstantValue())}" : "")}";
    }

    private static string Render(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(true).Where(IsVisible)];
        string verbs = string.Concat(accessors.Select(accessor => accessor == property.GetMethod ? "get; "
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; "));
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string indices = string.Join(", ", property.GetIndexParameters().Select(Render));
        return $"{Modifiers(accessors[0])}{required}{Name(Nullability.Create(property))} {property.Name}"
            + $"{(indices.Length > 0 ? $"[{indices}]" : "")} {{ {verbs}}}";
    }

    private static string Render(MethodInfo method) =>
        $"{Modifiers(method)}{Name(Nullability.Create(method.ReturnParameter))} {method.Name}{Generics(method)}({Parameters(method)})";

    private static string Render(ParameterInfo parameter)
    {
        string by = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{by}{Name(Nullability.Create(parameter))} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue)}" : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Render));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodBase method) => (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static "
            : method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal ? ""
            : method is MethodInfo info && info.GetBaseDefinition() != info ? "override "
            : method.IsAbstract ? "abstract " : "virtual ");

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string name = info.ElementType is { } element && type.IsArray ? $"{Name(element)}[]"
            : Nullable.GetUnderlyingType(type) is { } inner ? Name(inner)
            : type.IsGenericType ? $"{Plain(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>"
            : Plain(type);
        return info.ReadState == NullabilityState.Nullable ? $"{name}?" : name;
    }

    private static string Name(Type type) =>
        type.IsGenericType ? $"{Plain(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : Plain(type);

    private static string Plain(Type type) => type.Name.Split('`')[0];

    private static string FullName(Type type) => type.FullName!.Replace('+', '.');
}
