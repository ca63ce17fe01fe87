namespace TorchSharp;

public static partial class torch
{
    /// <content>Arithmetic, element by element.</content>
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Op.Call1("aten::add.Scalar", this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Op.Call1("aten::add.Scalar", this, scalar, alpha);

        public Tensor add(Tensor target) => Op.Call1("aten::add.Tensor", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Op.Call1("aten::add.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar) => InPlace("aten::add_.Scalar", this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => InPlace("aten::add_.Scalar", this, scalar, alpha);

        public Tensor add_(Tensor target) => InPlace("aten::add_.Tensor", this, target);

        public Tensor add_(Tensor target, Scalar alpha) => InPlace("aten::add_.Tensor", this, target, alpha);

        public Tensor sub(Scalar target) => Op.Call1("aten::sub.Scalar", this, target);

        public Tensor sub(Tensor target) => Op.Call1("aten::sub.Tensor", this, target);

        public Tensor sub_(Scalar target) => InPlace("aten::sub_.Scalar", this, target);

        public Tensor sub_(Tensor target) => InPlace("aten::sub_.Tensor", this, target);

        public Tensor subtract(Scalar target) => Op.Call1("aten::subtract.Scalar", this, target);

        public Tensor subtract(Tensor target) => Op.Call1("aten::subtract.Tensor", this, target);

        public Tensor subtract_(Scalar target) => InPlace("aten::subtract_.Scalar", this, target);

        public Tensor subtract_(Tensor target) => InPlace("aten::subtract_.Tensor", this, target);

        public Tensor mul(Scalar target) => Op.Call1("aten::mul.Scalar", this, target);

        public Tensor mul(Tensor target) => Op.Call1("aten::mul.Tensor", this, target);

        public Tensor mul_(Scalar target) => InPlace("aten::mul_.Scalar", this, target);

        public Tensor mul_(Tensor target) => InPlace("aten::mul_.Tensor", this, target);

        public Tensor multiply(Scalar target) => Op.Call1("aten::multiply.Scalar", this, target);

        public Tensor multiply(Tensor target) => Op.Call1("aten::multiply.Tensor", this, target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call1("aten::div.Scalar_mode", this, target, Rounding(rounding_mode));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call1("aten::div.Tensor_mode", this, target, Rounding(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("aten::div_.Scalar_mode", this, target, Rounding(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("aten::div_.Tensor_mode", this, target, Rounding(rounding_mode));

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor true_divide(Scalar other) => Op.Call1("aten::true_divide.Scalar", this, other);

        public Tensor true_divide(Tensor other) => Op.Call1("aten::true_divide.Tensor", this, other);

        public Tensor true_divide_(Scalar other) => InPlace("aten::true_divide_.Scalar", this, other);

        public Tensor true_divide_(Tensor other) => InPlace("aten::true_divide_.Tensor", this, other);

        public Tensor floor_divide(Scalar other) => Op.Call1("aten::floor_divide.Scalar", this, other);

        public Tensor floor_divide(Tensor other) => Op.Call1("aten::floor_divide", this, other);

        public Tensor floor_divide_(Scalar other) => InPlace("aten::floor_divide_.Scalar", this, other);

        public Tensor floor_divide_(Tensor other) => InPlace("aten::floor_divide_.Tensor", this, other);

        public Tensor remainder(Scalar scalar) => Op.Call1("aten::remainder.Scalar", this, scalar);

        public Tensor remainder(Tensor target) => Op.Call1("aten::remainder.Tensor", this, target);

        public Tensor remainder_(Scalar scalar) => InPlace("aten::remainder_.Scalar", this, scalar);

        public Tensor remainder_(Tensor target) => InPlace("aten::remainder_.Tensor", this, target);

        public Tensor fmod(Scalar scalar) => Op.Call1("aten::fmod.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Op.Call1("aten::fmod.Tensor", this, target);

        public Tensor fmod_(Scalar scalar) => InPlace("aten::fmod_.Scalar", this, scalar);

        public Tensor fmod_(Tensor target) => InPlace("aten::fmod_.Tensor", this, target);

        public Tensor neg() => Op.Call1("aten::neg", this);

        public Tensor neg_() => InPlace("aten::neg_", this);

        public Tensor negative() => Op.Call1("aten::negative", this);

        public Tensor positive() => Op.Call1("aten::positive", this);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call1("aten::addcmul", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("aten::addcmul_", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Call1("aten::addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call1("aten::addcdiv", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => InPlace("aten::addcdiv_", this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("aten::addcdiv_", this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Op.Call1("aten::lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => InPlace("aten::lerp_.Tensor", this, end, weight);

        public Tensor pow(Scalar exponent) => Op.Call1("aten::pow.Tensor_Scalar", this, exponent);

        public Tensor pow(Tensor exponent) => Op.Call1("aten::pow.Tensor_Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => InPlace("aten::pow_.Scalar", this, exponent);

        public Tensor pow_(Tensor exponent) => InPlace("aten::pow_.Tensor", this, exponent);

        public Tensor float_power(Tensor target) => Op.Call1("aten::float_power.Tensor_Tensor", this, target);

        public Tensor float_power_(Tensor target) => InPlace("aten::float_power_.Tensor", this, target);

        public Tensor reciprocal() => Op.Call1("aten::reciprocal", this);

        public Tensor reciprocal_() => InPlace("aten::reciprocal_", this);

        public Tensor abs() => Op.Call1("aten::abs", this);

        public Tensor abs_() => InPlace("aten::abs_", this);

        public Tensor absolute() => Op.Call1("aten::absolute", this);

        public Tensor absolute_() => InPlace("aten::absolute_", this);

        public Tensor sign() => Op.Call1("aten::sign", this);

        public Tensor sign_() => InPlace("aten::sign_", this);

        public Tensor sgn() => Op.Call1("aten::sgn", this);

        public Tensor sgn_() => InPlace("aten::sgn_", this);

        public Tensor maximum(Tensor other) => Op.Call1("aten::maximum", this, other);

        public Tensor minimum(Tensor other) => Op.Call1("aten::minimum", this, other);

        public Tensor fmax(Tensor other) => Op.Call1("aten::fmax", this, other);

        public Tensor fmin(Tensor other) => Op.Call1("aten::fmin", this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Call1("aten::clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Call1("aten::clamp.Tensor", this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("aten::clamp_", this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => InPlace("aten::clamp_.Tensor", this, min, max);

        public Tensor clamp_max(Scalar max) => Op.Call1("aten::clamp_max", this, max);

        public Tensor clamp_max_(Scalar max) => InPlace("aten::clamp_max_", this, max);

        public Tensor clamp_min(Scalar min) => Op.Call1("aten::clamp_min", this, min);

        public Tensor clamp_min_(Scalar min) => InPlace("aten::clamp_min_", this, min);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => Op.Call1("aten::clip", this, min, max);

        public Tensor hypot(Tensor other) => Op.Call1("aten::hypot", this, other);

        public Tensor copysign(Tensor other) => Op.Call1("aten::copysign.Tensor", this, other);

        public Tensor copysign_(Tensor other) => InPlace("aten::copysign_.Tensor", this, other);

        public Tensor bitwise_and(Tensor other) => Op.Call1("aten::bitwise_and.Tensor", this, other);

        public Tensor bitwise_and_(Tensor other) => InPlace("aten::bitwise_and_.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) => Op.Call1("aten::bitwise_or.Tensor", this, other);

        public Tensor bitwise_or_(Tensor other) => InPlace("aten::bitwise_or_.Tensor", this, other);

        public Tensor bitwise_xor(Tensor other) => Op.Call1("aten::bitwise_xor.Tensor", this, other);

        public Tensor bitwise_xor_(Tensor other) => InPlace("aten::bitwise_xor_.Tensor", this, other);

        public Tensor bitwise_not() => Op.Call1("aten::bitwise_not", this);

        public Tensor bitwise_not_() => InPlace("aten::bitwise_not_", this);

        public Tensor bitwise_left_shift(Tensor other) => Op.Call1("aten::bitwise_left_shift.Tensor", this, other);

        public Tensor bitwise_left_shift_(Tensor other) => InPlace("aten::bitwise_left_shift_.Tensor", this, other);

        public Tensor bitwise_right_shift(Tensor other) => Op.Call1("aten::bitwise_right_shift.Tensor", this, other);

        public Tensor bitwise_right_shift_(Tensor other) => InPlace("aten::bitwise_right_shift_.Tensor", this, other);

        public Tensor gcd(Tensor other) => Op.Call1("aten::gcd", this, other);

        public Tensor lcm(Tensor other) => Op.Call1("aten::lcm", this, other);

        private static string? Rounding(RoundingMode mode) => mode switch
        {
            RoundingMode.None => null,
            RoundingMode.floor => "floor",
            _ => "trunc",
        };
    }
}
