namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// All parameters and persistent buffers by dotted name: the tensors themselves, not copies. A shared parameter is there
            /// under each of its names.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string own) => string.IsNullOrEmpty(prefix) ? own : $"{prefix}.{own}";

                foreach (var (own, parameter) in named_parameters()) destination.TryAdd(Key(own), parameter);
                foreach (var (own, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Key(own), buffer);
                foreach (var (child, module) in _internal_submodules) module.state_dict(destination, Key(child));
                return destination;
            }

            /// <summary>
            /// Copies values into the parameters and buffers of the same names, except the skipped ones.
            /// Where <paramref name="strict"/>, names that are only on one side throw <see cref="InvalidOperationException"/> before
            /// anything is changed; otherwise they are returned. A shape that differs throws <see cref="InvalidOperationException"/> too.
            /// </summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);

                List<string> missing = [.. destination.Keys.Where(key => Wanted(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => Wanted(key) && !destination.ContainsKey(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        "The loaded state_dict does not match the module." + Listed("Missing", missing) + Listed("Unexpected", unexpected));

                List<string> common = [.. source.Keys.Where(key => Wanted(key) && destination.ContainsKey(key))];
                foreach (var key in common)
                    if (!destination[key].shape.SequenceEqual(source[key].shape))
                        throw new InvalidOperationException(
                            $"The loaded {key} has shape {Shape(source[key])}, the module's has {Shape(destination[key])}.");

                // A leaf that requires a gradient may be written in place only under no_grad.
                using var _ = no_grad();
                foreach (var key in common) destination[key].copy_(source[key]);
                return (missing, unexpected);
            }

            private static string Listed(string what, List<string> keys) =>
                keys.Count == 0 ? "" : $" {what}: {string.Join(", ", keys)}.";

            private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
        }
    }
}
