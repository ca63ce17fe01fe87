namespace RnnLab.Layers;

/// <summary>Checks of what attention is given.</summary>
internal static class AttentionArguments
{
    public static void RequireMemory(Attention attention, Tensor memory, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.shape is not [> 0, > 0, var width] || width != attention.MemorySize)
            throw new ArgumentException($"memory is {Shape(memory)}, expected (S, B, {attention.MemorySize}) with no dimension of 0", nameof(memory));
        if (attention.parameters().FirstOrDefault() is { } weight)
            RequireLike(memory, weight, "memory", "the weights are");
        if (mask is not null)
            RequireMask(mask, memory);
    }

    public static void RequireQuery(Tensor query, Tensor memory, long width)
    {
        ArgumentNullException.ThrowIfNull(query);
        var B = memory.shape[0];
        if (query.shape is not ([_, _] or [> 0, _, _]) || query.shape[^1] != width || query.shape[^2] != B)
            throw new ArgumentException($"query is {Shape(query)}, expected ({B}, {width}) or (T, {B}, {width})", nameof(query));
        RequireLike(query, memory, "query", "the memory is");
    }

    public static void RequireContext(Tensor dContext, Tensor memory, AttentionStep step)
    {
        ArgumentNullException.ThrowIfNull(dContext);
        var (B, T, M) = (memory.shape[0], step.Query.shape[1], memory.shape[2]);
        long[] expected = step.IsSingle ? [B, M] : [T, B, M];
        if (!dContext.shape.SequenceEqual(expected))
            throw new ArgumentException($"dContext is {Shape(dContext)}, the step gave ({string.Join(", ", expected)})", nameof(dContext));
        RequireLike(dContext, memory, "dContext", "the memory is");
    }

    private static void RequireMask(Tensor mask, Tensor memory)
    {
        if (mask.dtype != ScalarType.Bool || !mask.shape.SequenceEqual([memory.shape[0], memory.shape[1]]))
            throw new ArgumentException($"mask is {mask.dtype} {Shape(mask)}, expected Bool ({memory.shape[0]}, {memory.shape[1]})", nameof(mask));
        if (mask.device.type != memory.device.type)
            throw new ArgumentException($"mask is on {mask.device}, the memory on {memory.device}", nameof(mask));
        // Elsewhere the host would have to wait for the device.
        if (mask.device.type != TorchSharp.DeviceType.CPU)
            return;
        using var scope = NewDisposeScope();
        if (!mask.any(0).all().item<bool>())
            throw new ArgumentException("the mask leaves a sequence nothing to attend to", nameof(mask));
    }

    private static void RequireLike(Tensor x, Tensor reference, string name, string whose)
    {
        if (x.dtype != reference.dtype || x.device.type != reference.device.type)
            throw new ArgumentException($"{name} is {x.dtype} on {x.device}, {whose} {reference.dtype} on {reference.device}", name);
    }

    private static string Shape(Tensor x) => $"({string.Join(", ", x.shape)})";
}
