using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>Reads compiled methods: which methods each one calls, constructs with, or takes the address of.</summary>
internal static class CalledMethods
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Every method and constructor of an assembly, including those of lambdas and iterators.</summary>
    public static IEnumerable<MethodBase> In(Assembly assembly) => assembly.GetTypes().SelectMany(In);

    /// <summary>Every method and constructor of a type, without nested types.</summary>
    public static IEnumerable<MethodBase> In(Type type) => type.GetMembers(Own).OfType<MethodBase>();

    /// <summary>The methods that one method refers to, in the order of its code. Generic methods are given as they are declared.</summary>
    public static List<MethodBase> Of(MethodBase method)
    {
        var called = new List<MethodBase>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return called;
        Type[]? ofType = method.DeclaringType?.GetGenericArguments();
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            // Instructions of two bytes begin with FE.
            OpCode operation = Codes[code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at]];
            at += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
                called.Add(Declared(method.Module.ResolveMethod(Integer(code, at), ofType, ofMethod)!));
            at += operation.OperandType == OperandType.InlineSwitch ? 4 + 4 * Integer(code, at) : Length(operation.OperandType);
        }
        return called;
    }

    private static MethodBase Declared(MethodBase method) =>
        method.IsGenericMethod || method.DeclaringType is { IsConstructedGenericType: true }
            ? method.Module.ResolveMethod(method.MetadataToken)!
            : method;

    private static int Integer(byte[] code, int at) => BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
