namespace TorchSharp;

public static partial class torch
{
    /// <content>Comparisons and logic, element by element; the results are of type Bool.</content>
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Op.Call1("aten::eq.Scalar", this, target);

        public Tensor eq(Tensor target) => Op.Call1("aten::eq.Tensor", this, target);

        public Tensor eq_(Scalar target) => InPlace("aten::eq_.Scalar", this, target);

        public Tensor eq_(Tensor target) => InPlace("aten::eq_.Tensor", this, target);

        public Tensor ne(Scalar target) => Op.Call1("aten::ne.Scalar", this, target);

        public Tensor ne(Tensor target) => Op.Call1("aten::ne.Tensor", this, target);

        public Tensor ne_(Scalar target) => InPlace("aten::ne_.Scalar", this, target);

        public Tensor ne_(Tensor target) => InPlace("aten::ne_.Tensor", this, target);

        public Tensor lt(Scalar target) => Op.Call1("aten::lt.Scalar", this, target);

        public Tensor lt(Tensor target) => Op.Call1("aten::lt.Tensor", this, target);

        public Tensor lt_(Scalar target) => InPlace("aten::lt_.Scalar", this, target);

        public Tensor lt_(Tensor target) => InPlace("aten::lt_.Tensor", this, target);

        public Tensor le(Scalar target) => Op.Call1("aten::le.Scalar", this, target);

        public Tensor le(Tensor target) => Op.Call1("aten::le.Tensor", this, target);

        public Tensor le_(Scalar target) => InPlace("aten::le_.Scalar", this, target);

        public Tensor le_(Tensor target) => InPlace("aten::le_.Tensor", this, target);

        public Tensor gt(Scalar target) => Op.Call1("aten::gt.Scalar", this, target);

        public Tensor gt(Tensor target) => Op.Call1("aten::gt.Tensor", this, target);

        public Tensor gt_(Scalar target) => InPlace("aten::gt_.Scalar", this, target);

        public Tensor gt_(Tensor target) => InPlace("aten::gt_.Tensor", this, target);

        public Tensor ge(Scalar target) => Op.Call1("aten::ge.Scalar", this, target);

        public Tensor ge(Tensor target) => Op.Call1("aten::ge.Tensor", this, target);

        public Tensor ge_(Scalar target) => InPlace("aten::ge_.Scalar", this, target);

        public Tensor ge_(Tensor target) => InPlace("aten::ge_.Tensor", this, target);

        public Tensor not_equal(Tensor target) => Op.Call1("aten::not_equal.Tensor", this, target);

        public Tensor not_equal_(Tensor target) => InPlace("aten::not_equal_.Tensor", this, target);

        public Tensor less(Tensor target) => Op.Call1("aten::less.Tensor", this, target);

        public Tensor less_equal(Tensor target) => Op.Call1("aten::less_equal.Tensor", this, target);

        public Tensor less_equal_(Tensor target) => InPlace("aten::less_equal_.Tensor", this, target);

        public Tensor greater(Tensor target) => Op.Call1("aten::greater.Tensor", this, target);

        public Tensor greater_equal(Tensor target) => Op.Call1("aten::greater_equal.Tensor", this, target);

        public Tensor isnan() => Op.Call1("aten::isnan", this);

        public Tensor isinf() => Op.Call1("aten::isinf", this);

        public Tensor isfinite() => Op.Call1("aten::isfinite", this);

        public Tensor isneginf() => Op.Call1("aten::isneginf", this);

        public Tensor isposinf() => Op.Call1("aten::isposinf", this);

        public Tensor isreal() => Op.Call1("aten::isreal", this);

        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) =>
            Op.Call1("aten::isclose", this, other, rtol, atol, nanEqual);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Op.Call1("aten::isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);

        public Tensor logical_and(Tensor other) => Op.Call1("aten::logical_and", this, other);

        public Tensor logical_and_(Tensor other) => InPlace("aten::logical_and_", this, other);

        public Tensor logical_or(Tensor other) => Op.Call1("aten::logical_or", this, other);

        public Tensor logical_or_(Tensor other) => InPlace("aten::logical_or_", this, other);

        public Tensor logical_xor(Tensor other) => Op.Call1("aten::logical_xor", this, other);

        public Tensor logical_xor_(Tensor other) => InPlace("aten::logical_xor_", this, other);

        public Tensor logical_not() => Op.Call1("aten::logical_not", this);

        public Tensor logical_not_() => InPlace("aten::logical_not_", this);

        public Tensor equal(Tensor target) => eq(target);

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            Op.CallBool("aten::allclose", this, target, rtol, atol, equal_nan);

        public Tensor signbit() => Op.Call1("aten::signbit", this);

        public bool is_nonzero() => Op.CallBool("aten::is_nonzero", this);
    }
}
