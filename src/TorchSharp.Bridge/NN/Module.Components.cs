using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters with their dotted names, own ones first; one that is shared is named once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (own, parameter) in _internal_params)
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle)) yield return (own, parameter);

                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, parameter) in module.named_parameters())
                        if (seen.Add(parameter.Handle)) yield return ($"{child}.{inner}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>The buffers with their dotted names, own ones first; one that is shared is named once.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (own, (buffer, persistent)) in _internal_buffers)
                {
                    if (!persistent && !include_nonpersistent) continue;
                    if (!buffer.IsInvalid && seen.Add(buffer.Handle)) yield return (own, buffer);
                }

                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.Handle)) yield return ($"{child}.{inner}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            /// <summary>The direct submodules.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(entry => entry.module);

            /// <summary>All submodules below this one (itself not included), the direct ones first.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (child, module) in named_children())
                    foreach (var (inner, descendant) in module.named_modules())
                        yield return ($"{child}.{inner}", descendant);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>The parameter of a dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out var parameter)) return parameter;
                var (child, rest) = Descend(target);
                return child?.get_parameter(rest);
            }

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The buffer of a dotted name, or null.</summary>
            public virtual Tensor? get_buffer(string target)
            {
                if (_internal_buffers.TryGetValue(target, out var entry)) return entry.Item1;
                var (child, rest) = Descend(target);
                return child?.get_buffer(rest);
            }

            private (Module? child, string rest) Descend(string target)
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return (null, target);
                var first = target[..dot];
                return (named_children().FirstOrDefault(entry => entry.name == first).module, target[(dot + 1)..]);
            }
        }
    }
}
