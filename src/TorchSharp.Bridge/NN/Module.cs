using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// The base of every module: a tree of named parameters, buffers and submodules, and a training flag.
        /// A derived class calls <see cref="RegisterComponents"/> at the end of its constructor: fields that hold modules, parameters
        /// or tensors (as buffers) are then registered under their names.
        /// </summary>
        public partial class Module : IDisposable
        {
            protected string? name;
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();
            private bool _training = true;
            private bool _disposed;

            protected Module(string? name) => this.name = name;

            /// <summary>True until <see cref="eval"/>: dropout is active.</summary>
            public virtual bool training => _training;

            /// <summary>Sets the training flag here and in every submodule.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            /// <summary>Clears the training flag here and in every submodule.</summary>
            public virtual void eval() => train(false);

            /// <summary>Drops all gradients, or fills them with zeros where <paramref name="set_to_none"/> is false.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else grad.zero_();
                }
            }

            /// <summary>Calls <paramref name="fn"/> on every submodule, children first, and last on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            /// <summary>Frees the parameters, the buffers and the submodules.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, (buffer, _)) in _internal_buffers) Release(buffer);
                foreach (var (_, parameter) in _internal_params) Release(parameter);
                foreach (var (_, child) in _internal_submodules) child.Dispose();
            }

            private static void Release(Tensor tensor)
            {
                if (!tensor.IsInvalid) tensor.DetachFromDisposeScope().Dispose();
            }

            private static bool IsAbsent([NotNullWhen(false)] Tensor? tensor) => tensor is null || tensor.IsInvalid;
        }
    }
}
