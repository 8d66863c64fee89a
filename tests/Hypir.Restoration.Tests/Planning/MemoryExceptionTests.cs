using Hypir.Planning;
using Hypir.Planning.Memory;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>What a person reads where a plan does not fit.</summary>
[TestClass]
public sealed class MemoryExceptionTests
{
    [TestMethod]
    public void It_shows_the_plans_own_figures()
    {
        RestorePlan plan = Machine.Plan(Machine.Nano, new(), 700, 700) with { FreeMemory = 290L << 20 };
        string text = new MemoryException(plan).Message;
        StringAssert.Contains(text, $"need {PlanFigures.Memory(plan.PeakMemory)} of memory, and 0.30 GB are free");
    }
}
