namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// Interprets one pickle as far as state dicts require. It creates plain values, dictionaries and tensor descriptions; no instruction finds
/// or runs code, and a pickle that requests one is refused. Only text and numbers are ever traversed, hashed or compared, so depth, cycles
/// and exponentially shared structures cost nothing.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>,
/// <see cref="string"/>, byte[], object?[] (a tuple), <see cref="List{T}"/>, <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>,
/// <see cref="PickleOpaque"/>,
/// <see cref="TorchStorage"/>, <see cref="TorchTensor"/>.
/// </remarks>
internal sealed class PickleMachine
{
    private const byte HighestProtocol = 5;

    private readonly PickleCursor _cursor;
    private readonly PickleStack _stack;
    private readonly PickleCalls _calls;

    private PickleMachine(PickleCursor cursor, TensorBudget budget) =>
        (_cursor, _stack, _calls) = (cursor, new PickleStack(cursor), new PickleCalls(cursor, budget));

    /// <summary>Runs a pickle up to its STOP instruction.</summary>
    /// <returns>Its value, and every storage that it refers to.</returns>
    /// <exception cref="CheckpointException">It is damaged, hostile, or exceeds a limit.</exception>
    public static (object? Value, IReadOnlyDictionary<string, TorchStorage> Storages) Run(PickleCursor cursor, TensorBudget budget)
    {
        var machine = new PickleMachine(cursor, budget);
        int instructions = 0;
        while ((PickleOpcode)cursor.Byte() is var opcode && opcode != PickleOpcode.Stop)
        {
            if (++instructions > PickleLimits.Instructions)
                throw cursor.Fail(CheckpointErrorKind.LimitExceeded, $"has more than {PickleLimits.Instructions} instructions");
            machine.Step(opcode);
        }
        return (machine._stack.Pop(), machine._calls.Storages);
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: CheckProtocol(); break;
            case PickleOpcode.Frame: _cursor.CheckFrame(); break;

            case PickleOpcode.None: _stack.Push(null); break;
            case PickleOpcode.NewTrue: _stack.Push(true); break;
            case PickleOpcode.NewFalse: _stack.Push(false); break;
            case PickleOpcode.BinInt1: _stack.Push((long)_cursor.Byte()); break;
            case PickleOpcode.BinInt2: _stack.Push((long)_cursor.UInt16()); break;
            case PickleOpcode.BinInt: _stack.Push((long)_cursor.Int32()); break;
            case PickleOpcode.Long1: _stack.Push(_cursor.Integer(_cursor.Byte())); break;
            case PickleOpcode.Long4: _stack.Push(_cursor.Integer(_cursor.Int32())); break;
            case PickleOpcode.Int or PickleOpcode.Long: _stack.Push(_cursor.DecimalLine()); break;
            case PickleOpcode.BinFloat: _stack.Push(_cursor.Double()); break;
            case PickleOpcode.Float: _stack.Push(_cursor.DoubleLine()); break;

            case PickleOpcode.ShortBinUnicode: _stack.Push(_cursor.Text(_cursor.Byte())); break;
            case PickleOpcode.BinUnicode: _stack.Push(_cursor.Text(_cursor.UInt32())); break;
            case PickleOpcode.BinUnicode8: _stack.Push(_cursor.Text(_cursor.UInt64())); break;
            case PickleOpcode.Unicode: _stack.Push(RawUnicode.Decode(_cursor.Line())); break;
            case PickleOpcode.ShortBinString: _stack.Push(_cursor.OldText(_cursor.Byte())); break;
            case PickleOpcode.BinString: _stack.Push(_cursor.OldText(_cursor.Int32())); break;
            case PickleOpcode.ShortBinBytes: _stack.Push(_cursor.Take(_cursor.Byte()).ToArray()); break;
            case PickleOpcode.BinBytes: _stack.Push(_cursor.Take(_cursor.UInt32()).ToArray()); break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: _stack.Push(_cursor.Take(_cursor.UInt64()).ToArray()); break;

            case PickleOpcode.EmptyTuple: _stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: PushTuple(1); break;
            case PickleOpcode.Tuple2: PushTuple(2); break;
            case PickleOpcode.Tuple3: PushTuple(3); break;
            case PickleOpcode.Tuple: _stack.Push(_stack.PopToMark()); break;
            case PickleOpcode.EmptyList: _stack.Push(new List<object?>()); break;
            case PickleOpcode.List: _stack.Push(new List<object?>(_stack.PopToMark())); break;
            case PickleOpcode.Append: Append([_stack.Pop()]); break;
            case PickleOpcode.Appends: Append(_stack.PopToMark()); break;
            case PickleOpcode.EmptyDict: _stack.Push(new PickleDictionary(ordered: false)); break;
            case PickleOpcode.Dict: PushDictionary(); break;
            case PickleOpcode.SetItem: SetOne(); break;
            case PickleOpcode.SetItems: SetMany(); break;
            case PickleOpcode.EmptySet: _stack.Push(PickleOpaque.Instance); break;
            case PickleOpcode.AddItems: _stack.PopToMark(); _stack.Peek<PickleOpaque>("a set"); break;
            case PickleOpcode.FrozenSet: _stack.PopToMark(); _stack.Push(PickleOpaque.Instance); break;

            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Drop(); break;
            case PickleOpcode.PopMark: _stack.PopToMark(); break;
            case PickleOpcode.Dup: _stack.Push(_stack.Peek()); break;
            case PickleOpcode.Put: _stack.Remember(_cursor.DecimalLine()); break;
            case PickleOpcode.BinPut: _stack.Remember((long)_cursor.Byte()); break;
            case PickleOpcode.LongBinPut: _stack.Remember((long)_cursor.UInt32()); break;
            case PickleOpcode.Memoize: _stack.RememberNext(); break;
            case PickleOpcode.Get: _stack.Recall(_cursor.DecimalLine()); break;
            case PickleOpcode.BinGet: _stack.Recall((long)_cursor.Byte()); break;
            case PickleOpcode.LongBinGet: _stack.Recall((long)_cursor.UInt32()); break;

            case PickleOpcode.Global: PushGlobal(_cursor.Line(), _cursor.Line()); break;
            case PickleOpcode.StackGlobal: PushStackGlobal(); break;
            case PickleOpcode.Inst: RefuseInstance(); break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: _stack.Pop(); _calls.SetState(_stack.Peek()); break;
            case PickleOpcode.BinPersId: _stack.Push(_calls.Persistent(_stack.Pop())); break;

            default: throw Unsupported($"uses the instruction 0x{(byte)opcode:X2}, which plain weights never need");
        }
    }

    private void CheckProtocol()
    {
        byte protocol = _cursor.Byte();
        if (protocol > HighestProtocol)
            throw Malformed($"is of protocol {protocol}; {HighestProtocol} is the highest there is");
    }

    private void PushTuple(int count)
    {
        var items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = _stack.Pop();
        _stack.Push(items);
    }

    private void Append(object?[] items) => _stack.Peek<List<object?>>("a list").AddRange(items);

    private void PushDictionary()
    {
        object?[] items = _stack.PopToMark();
        _stack.Push(new PickleDictionary(ordered: false));
        Set(items);
    }

    private void SetOne()
    {
        object? value = _stack.Pop();
        Set([_stack.Pop(), value]);
    }

    private void SetMany() => Set(_stack.PopToMark());

    private void Set(object?[] items)
    {
        var dictionary = _stack.Peek<PickleDictionary>("a dictionary");
        if (items.Length % 2 != 0)
            throw Malformed("has a key without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (!dictionary.TrySet(items[i], items[i + 1]))
                throw Malformed("has a dictionary key that is neither text nor whole number");
        }
    }

    private void PushGlobal(string module, string name) => _stack.Push(PickleGlobals.Resolve(_cursor, module, name));

    private void PushStackGlobal()
    {
        string name = _stack.Pop<string>("a name");
        PushGlobal(_stack.Pop<string>("a module's name"), name);
    }

    private void RefuseInstance()
    {
        PickleGlobals.Resolve(_cursor, _cursor.Line(), _cursor.Line());
        throw Unsupported("makes an object with INST, which plain weights never need");
    }

    private void Reduce()
    {
        object? arguments = _stack.Pop();
        _stack.Push(_calls.Call(_stack.Pop(), arguments));
    }

    private CheckpointException Malformed(string what) => _cursor.Fail(CheckpointErrorKind.MalformedPickle, what);

    private CheckpointException Unsupported(string what) => _cursor.Fail(CheckpointErrorKind.UnsupportedOpcode, what);
}
