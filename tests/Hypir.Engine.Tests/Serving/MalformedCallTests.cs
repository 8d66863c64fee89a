using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;
using StreamJsonRpc;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// A malformed call costs its sender an error and nobody anything else. Methods and fields are those of <see cref="IEngine"/>: new ones are
/// tried too.
/// </summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class MalformedCallTests : ServeTest
{
    private const int InvalidParams = -32602;

    // What JSON libraries do not write: half a surrogate pair, bytes that are no UTF-8, and a number beyond all doubles.
    private const string LoneSurrogate = "@surrogate@", BadBytes = "@bytes@", Huge = "@huge@";

    private static readonly NullabilityInfoContext Nullability = new();

    private int _id = 1000;

    [TestMethod]
    public async Task Each_argument_and_field_is_checked_before_anything_is_done()
    {
        EngineClient honest = Patient();
        await honest.ConnectAsync();
        Task<byte[]> job = RestoreAsync(honest, Request(500, 400), cancellation: TestContext.CancellationToken);
        using RawClient raw = RawClient.Greet(Pipe);
        int tried = 0;
        foreach (var (method, arguments) in Methods())
        {
            foreach (var (what, mutated) in Mutations(arguments))
            {
                JsonNode answer = Call(raw, method, mutated);
                Assert.AreEqual(InvalidParams, (int?)answer["error"]?["code"], $"{method}, {what}: {answer.ToJsonString()}");
                tried++;
            }
        }
        Assert.IsGreaterThan(200, tried);
        Assert.IsNotNull(raw.Call("getStatus")["result"]);
        Assert.IsNotEmpty(await job);
        StringAssert.DoesNotMatch(Log(), new("failed outside a job"));
    }

    [TestMethod]
    public async Task Notifications_are_checked_too()
    {
        await Patient().ConnectAsync();
        using RawClient raw = RawClient.Greet(Pipe);
        string pixels = PixelFile.NewName(1);
        foreach (object? request in (object?[])[null, "x", new { width = 1 }])
            raw.Send(RawClient.Frame(new { jsonrpc = "2.0", method = "restore", @params = new { jobId = "a", pixels, request } }));
        Assert.IsNotNull(raw.Call("getStatus")["result"]);
    }

    [TestMethod]
    public async Task Arguments_that_are_neither_list_nor_object_are_refused()
    {
        await Patient().ConnectAsync();
        using RawClient raw = RawClient.Greet(Pipe);
        foreach (string method in Methods().Select(method => method.Method).Append("getStatus"))
        {
            foreach (JsonNode wrong in (JsonNode[])["x", 1, true])
            {
                JsonNode answer = Call(raw, method, wrong);
                string told = $"{method}, {wrong.ToJsonString()}: {answer.ToJsonString()}";
                Assert.AreEqual(InvalidParams, (int?)answer["error"]?["code"], told);
            }
        }
        raw.Send(RawClient.Frame(new { jsonrpc = "2.0", method = "shutdown", @params = "x" }));
        raw.Send(RawClient.Frame(new { jsonrpc = "2.0", id = "seven", method = "getStatus", @params = "x" }));
        Assert.IsNotNull(raw.Call("getStatus")["result"]);
    }

    [TestMethod]
    public async Task What_fails_in_the_engine_itself_is_in_its_log()
    {
        // Nothing but an unforeseen failure of the machine is certain to stay the engine's own.
        await Patient(Faulty(RestoreStage.Encoding, "0", "driver")).ConnectAsync();
        using RawClient raw = RawClient.Greet(Pipe);
        Assert.AreEqual((int)EngineError.Internal, (int?)raw.Call("getGpu")["error"]?["code"]);
        StringAssert.Matches(Log(), new("getGpu(.|\n)*InvalidOperationException: The driver has lost the GPU"));
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(Patient(), Request()));
        Assert.AreEqual(EngineError.Internal, failure.Error, failure.Message);
        StringAssert.Contains(Log(), "InvalidOperationException: The driver has lost the machine");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [Timeout(600_000, CooperativeCancellation = false)]
    public async Task A_pipe_in_place_of_pixels_holds_up_nobody()
    {
        Welcome welcome = await Patient().ConnectAsync();
        using RawClient raw = RawClient.Greet(Pipe);
        string name = PixelFile.NewName(Environment.ProcessId);
        Links.Pipe(Path.Combine(welcome.PixelFolder, name));
        foreach (bool inPlace in (bool[])[false, true])
        {
            JsonNode answer = raw.Call(
                "restore",
                new
                {
                    jobId = "a",
                    pixels = name,
                    request = new
                    {
                        width = 8,
                        height = 8,
                        layout = "rgb24",
                        inPlace,
                    },
                }
            );
            Assert.AreEqual((int)EngineError.BadPixels, (int?)answer["error"]?["code"], answer.ToJsonString());
        }
        Assert.IsNotEmpty(await RestoreAsync(Patient(), Request()));
    }

    /// <summary>A client that waits however busy the machine is.</summary>
    private EngineClient Patient(EngineLocation? location = null) => Client(silence: 600, location: location);

    private string Log() => string.Concat(Directory.GetFiles(Path.Combine(Home, "engine", Pipe, "logs")).Select(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }));

    private JsonNode Call(RawClient raw, string method, JsonNode arguments)
    {
        int id = ++_id;
        string text = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = arguments }.ToJsonString()
            .Replace(LoneSurrogate, @"\ud800", StringComparison.Ordinal).Replace($"\"{Huge}\"", "1e999", StringComparison.Ordinal);
        byte[] bytes = Encoding.Latin1.GetBytes(text.Replace(BadBytes, "\u00ff\u00fe", StringComparison.Ordinal));
        raw.Send(RawClient.Frame(bytes));
        return raw.Answer(id) ?? throw new AssertFailedException($"{text}: the engine hung up.");
    }

    private static IEnumerable<(string Method, Value Arguments)> Methods() =>
        from method in typeof(IEngine).GetMethods()
        let name = method.GetCustomAttribute<JsonRpcMethodAttribute>()?.Name
        where name is not null
        let parameters = method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)).ToArray()
        where parameters.Length > 0
        select (
            name,
            new Value(
                null,
                parameters.ToDictionary(
                    parameter => parameter.Name!, parameter => Of(parameter.ParameterType, Nullability.Create(parameter), required: true))
            )
        );

    private static Value Of(Type type, NullabilityInfo nullability, bool required)
    {
        bool nullable = nullability.WriteState == NullabilityState.Nullable;
        type = Nullable.GetUnderlyingType(type) ?? type;
        Dictionary<string, Value>? fields =
            type.IsClass && type != typeof(string)
                ? type.GetProperties()
                    .Where(field => field.SetMethod is not null)
                    .ToDictionary(
                        field => char.ToLowerInvariant(field.Name[0]) + field.Name[1..],
                        field =>
                            Of(
                                field.PropertyType, Nullability.Create(field),
                                field.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
                    )
                : null;
        return new(type, fields) { MayBeNull = nullable, Required = required };
    }

    /// <summary>The arguments with one thing wrong, for each thing.</summary>
    private static IEnumerable<(string What, JsonNode Arguments)> Mutations(Value arguments)
    {
        foreach (var (name, value) in arguments.Fields!)
        {
            foreach (var (what, wrong) in Wrong(value))
            {
                var all = (JsonObject)arguments.Valid();
                all[name] = wrong;
                yield return ($"{name} {what}", all);
            }
            if (value.Required)
            {
                var all = (JsonObject)arguments.Valid();
                all.Remove(name);
                yield return ($"no {name}", all);
            }
            if (value.Fields is null)
                continue;
            foreach (var (what, inner) in Mutations(value))
            {
                var all = (JsonObject)arguments.Valid();
                all[name] = inner;
                yield return ($"{name}.{what}", all);
            }
        }
    }

    private static IEnumerable<(string What, JsonNode? Value)> Wrong(Value value)
    {
        if (!value.MayBeNull)
            yield return ("null", null);
        yield return ("list", new JsonArray());
        if (value.Fields is null)
            yield return ("object", new JsonObject());
        if (value.Type == typeof(string))
        {
            yield return ("number", 1);
            yield return ("surrogate", LoneSurrogate);
            yield return ("bytes", BadBytes);
        }
        else
        {
            yield return ("text", "x");
            yield return ("surrogate", LoneSurrogate);
        }
        if (value.Type == typeof(int) || value.Type == typeof(long) || value.Type == typeof(double))
            yield return ("huge", Huge);
        if (value.Type == typeof(int) || value.Type == typeof(long))
            yield return ("fraction", 1.5);
    }

    private sealed record Value(Type? Type, Dictionary<string, Value>? Fields)
    {
        public bool MayBeNull { get; init; }

        public bool Required { get; init; }

        public JsonNode Valid()
        {
            if (Fields is not null)
                return new JsonObject(
                    Fields
                        .Where(field => field.Value.Required)
                        .Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.Valid()))
                );
            string name =
                Type == typeof(string) ? "a"
                : Type!.IsEnum ? char.ToLowerInvariant(Enum.GetNames(Type)[0][0]) + Enum.GetNames(Type)[0][1..]
                : "";
            return name.Length > 0 ? JsonValue.Create(name)
                : Type == typeof(bool) ? JsonValue.Create(true)
                : JsonValue.Create(1);
        }
    }
}
