using System.Reflection;

namespace RnnLab.Tests.Support;

/// <summary>Which of libtorch's operators a piece of work calls, by their schemas' names, as far as the bridge sees them: those that it calls itself.</summary>
internal static class Operators
{
    // Views of other tensors' memory. A reshape is one wherever a contiguous tensor is reshaped.
    private static readonly HashSet<string> Views =
        ["aten::alias", "aten::detach", "aten::narrow", "aten::reshape", "aten::select.int", "aten::slice.Tensor", "aten::squeeze.dim", "aten::t", "aten::transpose.int", "aten::unsqueeze", "aten::view"];

    // The host reads a number (item, bytes and data all reach for the memory), or memory goes from one device to the other, or the host must know the number of results.
    private static readonly HashSet<string> Waits =
        ["bridge::data_ptr", "aten::item", "aten::_local_scalar_dense", "aten::to.device", "aten::_to_copy", "aten::nonzero", "aten::index.Tensor", "aten::masked_select", "aten::is_nonzero", "aten::equal"];

    private static readonly PropertyInfo? Observer = typeof(torch).Assembly.GetType("TorchSharp.Op")?.GetProperty("Observer", BindingFlags.Static | BindingFlags.NonPublic);

    /// <summary>Whether this backend tells.</summary>
    public static bool AreSeen => Observer is not null;

    /// <summary>The operators that this thread calls while <paramref name="act"/> runs, in their order.</summary>
    public static IReadOnlyList<string> Of(Action act)
    {
        var seen = new List<string>();
        Observer!.SetValue(null, (Action<string>)seen.Add);
        try
        {
            act();
        }
        finally
        {
            Observer.SetValue(null, null);
        }
        return seen;
    }

    /// <summary>What a device has to launch for them, at the most: nothing for a view; two for a product with an addend, which some versions copy first.</summary>
    public static int Launches(IReadOnlyList<string> operators) => operators.Sum(name => Views.Contains(name) ? 0 : name == "aten::addmm" ? 2 : 1);

    /// <summary>Those that a device would have to be waited for.</summary>
    public static IEnumerable<string> Waiting(IReadOnlyList<string> operators) => operators.Where(Waits.Contains);
}

/// <summary>A test that counts operators.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperatorFactAttribute : FactAttribute
{
    internal const string Reason = "operators are counted on the bridge backend only";

    public OperatorFactAttribute() => Skip = Operators.AreSeen ? null : Reason;
}

/// <summary>The same for each row of its data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperatorTheoryAttribute : TheoryAttribute
{
    public OperatorTheoryAttribute() => Skip = Operators.AreSeen ? null : OperatorFactAttribute.Reason;
}
