namespace TorchSharp;

public static partial class torch
{
    /// <content>Mathematical functions, element by element.</content>
    public partial class Tensor
    {
        public Tensor exp() => Op.Call1("aten::exp", this);

        public Tensor exp_() => InPlace("aten::exp_", this);

        public Tensor exp2() => Op.Call1("aten::exp2", this);

        public Tensor exp2_() => InPlace("aten::exp2_", this);

        public Tensor expm1() => Op.Call1("aten::expm1", this);

        public Tensor expm1_() => InPlace("aten::expm1_", this);

        public Tensor log() => Op.Call1("aten::log", this);

        public Tensor log_() => InPlace("aten::log_", this);

        public Tensor log10() => Op.Call1("aten::log10", this);

        public Tensor log10_() => InPlace("aten::log10_", this);

        public Tensor log1p() => Op.Call1("aten::log1p", this);

        public Tensor log1p_() => InPlace("aten::log1p_", this);

        public Tensor log2() => Op.Call1("aten::log2", this);

        public Tensor log2_() => InPlace("aten::log2_", this);

        public Tensor logaddexp(Tensor other) => Op.Call1("aten::logaddexp", this, other);

        public Tensor logaddexp2(Tensor other) => Op.Call1("aten::logaddexp2", this, other);

        public Tensor logit(double? eps = null) => Op.Call1("aten::logit", this, eps);

        public Tensor logit_(double? eps = null) => InPlace("aten::logit_", this, eps);

        public Tensor sqrt() => Op.Call1("aten::sqrt", this);

        public Tensor sqrt_() => InPlace("aten::sqrt_", this);

        public Tensor rsqrt() => Op.Call1("aten::rsqrt", this);

        public Tensor rsqrt_() => InPlace("aten::rsqrt_", this);

        public Tensor square() => Op.Call1("aten::square", this);

        public Tensor erf() => Op.Call1("aten::erf", this);

        public Tensor erf_() => InPlace("aten::erf_", this);

        public Tensor erfc() => Op.Call1("aten::erfc", this);

        public Tensor erfc_() => InPlace("aten::erfc_", this);

        public Tensor erfinv() => Op.Call1("aten::erfinv", this);

        public Tensor erfinv_() => InPlace("aten::erfinv_", this);

        public Tensor lgamma() => Op.Call1("aten::lgamma", this);

        public Tensor lgamma_() => InPlace("aten::lgamma_", this);

        public Tensor digamma() => Op.Call1("aten::digamma", this);

        public Tensor digamma_() => InPlace("aten::digamma_", this);

        public Tensor xlogy(Scalar y) => Op.Call1("aten::xlogy.Scalar_Other", this, y);

        public Tensor xlogy(Tensor y) => Op.Call1("aten::xlogy.Tensor", this, y);

        public Tensor xlogy_(Scalar y) => InPlace("aten::xlogy_.Scalar_Other", this, y);

        public Tensor xlogy_(Tensor y) => InPlace("aten::xlogy_.Tensor", this, y);

        public Tensor sin() => Op.Call1("aten::sin", this);

        public Tensor sin_() => InPlace("aten::sin_", this);

        public Tensor cos() => Op.Call1("aten::cos", this);

        public Tensor cos_() => InPlace("aten::cos_", this);

        public Tensor tan() => Op.Call1("aten::tan", this);

        public Tensor tan_() => InPlace("aten::tan_", this);

        public Tensor asin() => Op.Call1("aten::asin", this);

        public Tensor asin_() => InPlace("aten::asin_", this);

        public Tensor acos() => Op.Call1("aten::acos", this);

        public Tensor acos_() => InPlace("aten::acos_", this);

        public Tensor atan() => Op.Call1("aten::atan", this);

        public Tensor atan_() => InPlace("aten::atan_", this);

        public Tensor atan2(Tensor other) => Op.Call1("aten::atan2", this, other);

        public Tensor atan2_(Tensor other) => InPlace("aten::atan2_", this, other);

        public Tensor sinh() => Op.Call1("aten::sinh", this);

        public Tensor sinh_() => InPlace("aten::sinh_", this);

        public Tensor cosh() => Op.Call1("aten::cosh", this);

        public Tensor cosh_() => InPlace("aten::cosh_", this);

        public Tensor asinh() => Op.Call1("aten::asinh", this);

        public Tensor asinh_() => InPlace("aten::asinh_", this);

        public Tensor acosh() => Op.Call1("aten::acosh", this);

        public Tensor acosh_() => InPlace("aten::acosh_", this);

        public Tensor atanh() => Op.Call1("aten::atanh", this);

        public Tensor atanh_() => InPlace("aten::atanh_", this);

        public Tensor arctan2(Tensor other) => Op.Call1("aten::arctan2", this, other);

        public Tensor sinc() => Op.Call1("aten::sinc", this);

        public Tensor sinc_() => InPlace("aten::sinc_", this);

        public Tensor floor() => Op.Call1("aten::floor", this);

        public Tensor floor_() => InPlace("aten::floor_", this);

        public Tensor ceil() => Op.Call1("aten::ceil", this);

        public Tensor ceil_() => InPlace("aten::ceil_", this);

        public Tensor round(long decimals = 0) => Op.Call1("aten::round.decimals", this, decimals);

        public Tensor round_(long decimals = 0) => InPlace("aten::round_.decimals", this, decimals);

        public Tensor trunc() => Op.Call1("aten::trunc", this);

        public Tensor trunc_() => InPlace("aten::trunc_", this);

        public Tensor fix() => Op.Call1("aten::fix", this);

        public Tensor fix_() => InPlace("aten::fix_", this);

        public Tensor frac() => Op.Call1("aten::frac", this);

        public Tensor frac_() => InPlace("aten::frac_", this);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Op.Call1("aten::nan_to_num", this, nan, posinf, neginf);

        public Tensor deg2rad() => Op.Call1("aten::deg2rad", this);

        public Tensor rad2deg() => Op.Call1("aten::rad2deg", this);

        public Tensor heaviside(Tensor other) => Op.Call1("aten::heaviside", this, other);
    }
}
