using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private bool _areComponentsRegistered;

            /// <summary>
            /// Registers the fields (of any visibility, inherited ones too) that hold a module, a parameter or a tensor, under
            /// the field's name or the one of its <see cref="Utils.ComponentNameAttribute"/>. Names that are taken stay as they
            /// are; a second call does nothing.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;

                foreach (var field in InstanceFields(GetType()))
                {
                    var component = field.ComponentName();
                    if (IsRegistered(component)) continue;

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }

                _areComponentsRegistered = true;
            }

            /// <summary>
            /// Adds a submodule. A null removes the name; throws <see cref="ArgumentException"/> where the name is empty or has a dot,
            /// <see cref="InvalidOperationException"/> where it is taken.
            /// </summary>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name)) throw new ArgumentException("A module's name cannot be empty.", nameof(name));
                if (name.Contains('.')) throw new ArgumentException($"A module's name cannot contain a dot: {name}", nameof(name));
                if (_internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");

                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>
            /// Adds a parameter; throws <see cref="ArgumentNullException"/> for null and <see cref="InvalidOperationException"/> where
            /// the name is taken.
            /// </summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (IsAbsent(param)) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_internal_params.ContainsKey(name)) throw new InvalidOperationException($"Parameter {name} is already registered.");
                _internal_params.Add(name, param);
            }

            /// <summary>
            /// Adds a buffer, which is state but not trained; a persistent one is part of the state dictionary. Throws
            /// <see cref="ArgumentNullException"/> for null and <see cref="InvalidOperationException"/> where the name is taken.
            /// </summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (IsAbsent(tensor)) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_internal_buffers.ContainsKey(name)) throw new InvalidOperationException($"Tensor {name} is already registered.");
                _internal_buffers.Add(name, (tensor, persistent));
            }

            /// <summary>Adds or replaces a parameter; null removes the name.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            internal void Reregister(string name, Parameter? value) => ConditionallyRegisterParameter(name, value);

            /// <summary>As the other overload; a tensor that is no <see cref="Parameter"/> counts as null.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor? value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Adds or replaces a buffer; null removes the name.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();

            private bool IsRegistered(string component) =>
                _internal_submodules.ContainsKey(component)
                || _internal_params.ContainsKey(component)
                || _internal_buffers.ContainsKey(component);

            // Private fields of base classes are not inherited in reflection's sense, so each level is asked for its own.
            private static IEnumerable<FieldInfo> InstanceFields(Type type)
            {
                const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
                var seen = new HashSet<string>();
                for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
                    foreach (var field in level.GetFields(all))
                        if (seen.Add(field.Name)) yield return field;
            }
        }
    }
}
