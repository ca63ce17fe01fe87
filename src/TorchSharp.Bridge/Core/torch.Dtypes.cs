namespace TorchSharp;

public static partial class torch
{
    public static ScalarType uint8 = ScalarType.Byte;

    public static ScalarType int8 = ScalarType.Int8;

    public static ScalarType int16 = ScalarType.Int16;

    public static ScalarType int32 = ScalarType.Int32;

    public static ScalarType int64 = ScalarType.Int64;

    public static ScalarType float16 = ScalarType.Float16;

    public static ScalarType float32 = ScalarType.Float32;

    public static ScalarType float64 = ScalarType.Float64;

    public static ScalarType bfloat16 = ScalarType.BFloat16;

    public static ScalarType complex64 = ScalarType.ComplexFloat32;

    public static ScalarType complex128 = ScalarType.ComplexFloat64;

    public static ScalarType @bool = ScalarType.Bool;

    public static ScalarType @short = ScalarType.Int16;

    public static ScalarType @int = ScalarType.Int32;

    public static ScalarType @long = ScalarType.Int64;

    public static ScalarType half = ScalarType.Float16;

    public static ScalarType @float = ScalarType.Float32;

    public static ScalarType @double = ScalarType.Float64;

    public static ScalarType cfloat = ScalarType.ComplexFloat32;

    public static ScalarType cdouble = ScalarType.ComplexFloat64;

    public static bool is_integral(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16
        or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static ScalarType get_default_dtype() => (ScalarType)NativeMethods.DefaultDtype();

    public static void set_default_dtype(ScalarType dtype) => NativeError.Check(NativeMethods.SetDefaultDtype((int)dtype));

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) =>
        (ScalarType)Op.CallValue("aten::promote_types", type1, type2).Bits;

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) =>
        (ScalarType)Op.CallValue("aten::result_type.Tensor", tensor1, tensor2).Bits;

    public static bool can_cast(ScalarType from, ScalarType to) => Op.CallBool("aten::can_cast", from, to);
}
