using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckDtype(dtype);
                CheckDevice(device.type);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                CheckDevice(deviceType);
                _toEpilog(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckDtype(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>
            /// Moves or converts the parameters and buffers here and below. A tensor that changes is replaced by a new one, in its field or
            /// property too, and the old one is freed.
            /// </summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var child in children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }

                foreach (var own in _internal_params.keys().ToList())
                {
                    var parameter = _internal_params[own];
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    if (AssignProperty(own, moved)) continue;
                    ConditionallyRegisterParameter(own, moved);
                    AssignField(own, moved);
                    Release(parameter);
                }

                foreach (var own in _internal_buffers.keys().ToList())
                {
                    var (buffer, persistent) = _internal_buffers[own];
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    if (AssignProperty(own, moved)) continue;
                    ConditionallyRegisterBuffer(own, moved, persistent);
                    AssignField(own, moved);
                }

                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            /// <summary>The parameter, its gradient too, with another type or on another device; false where nothing changes.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, [NotNullWhen(true)] out Parameter? p)
            {
                p = null;
                var grad = param.grad;
                var (type, target) = Target(dtype, device, param);
                if (!WillCopy(param, type, target) && (grad is null || !WillCopy(grad, type, target))) return false;

                // The move is no part of the graph, and the moved parameter is a leaf.
                using var _ = no_grad();
                p = new Parameter(param.to(type, target, copy: true), param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is not null)
                {
                    using var moved = grad.to(type, target);
                    p.grad = moved;
                    grad.Dispose();
                }

                return true;
            }

            /// <summary>The buffer with another type or on another device, the old one freed; false where nothing changes.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, [NotNullWhen(true)] out Tensor? result)
            {
                result = null;
                var (type, target) = Target(dtype, device, buffer);
                if (!WillCopy(buffer, type, target)) return false;
                result = buffer.to(type, target).DetachFromDisposeScope();
                Release(buffer);
                return true;
            }

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            /// <summary>For the factories: brings a new module to the requested or default device and type.</summary>
            internal static T Place<T>(T module, Device? device, ScalarType? dtype) where T : Module
            {
                var (targetDevice, targetType) = GetDefaultDeviceAndType(device, dtype);
                return (T)module._to(targetDevice, targetType, false);
            }

            // Integer tensors keep their type.
            private static (ScalarType dtype, Device device) Target(ScalarType? dtype, Device? device, Tensor tensor) =>
                (IsInexact(tensor.dtype) ? dtype ?? tensor.dtype : tensor.dtype, device ?? tensor.device);

            private static bool IsInexact(ScalarType dtype) => dtype is
                ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64
                or ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

            private static bool WillCopy(Tensor tensor, ScalarType dtype, Device device) =>
                tensor.dtype != dtype || tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index);

            private bool AssignProperty(string component, Tensor value)
            {
                var property = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .FirstOrDefault(p => p.Name == component && p.CanWrite && p.PropertyType.IsInstanceOfType(value));
                property?.SetValue(this, value);
                return property is not null;
            }

            private void AssignField(string component, Tensor value) =>
                InstanceFields(GetType()).FirstOrDefault(field => field.ComponentName() == component)?.SetValue(this, value);

            private static void CheckDtype(ScalarType dtype)
            {
                if (!IsInexact(dtype))
                    throw new ArgumentException($"A module can be floating point or complex, not {dtype}.", nameof(dtype));
            }

            private static void CheckDevice(DeviceType type)
            {
                if (type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
            }
        }
    }
}
