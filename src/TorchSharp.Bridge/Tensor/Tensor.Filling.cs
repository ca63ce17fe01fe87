namespace TorchSharp;

public static partial class torch
{
    /// <content>Values written over a tensor.</content>
    public partial class Tensor
    {
        public Tensor zero_() => InPlace("aten::zero_", this);

        public Tensor fill_(Scalar value) => InPlace("aten::fill_.Scalar", this, value);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace("aten::copy_", this, source, nonBlocking);

        public Tensor uniform_(double @from, double to, Generator? generator = null) =>
            InPlace("aten::uniform_", this, @from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            InPlace("aten::normal_", this, mean, std, generator);

        public Tensor bernoulli(Generator? generator = null) => Op.Call1("aten::bernoulli", this, generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null) => InPlace("aten::bernoulli_.Tensor", this, p, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace("aten::bernoulli_.float", this, p, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            InPlace("aten::exponential_", this, lambda, generator);

        public Tensor geometric_(double p, Generator? generator = null) => InPlace("aten::geometric_", this, p, generator);

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            InPlace("aten::log_normal_", this, mean, std, generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) =>
            InPlace("aten::cauchy_", this, median, sigma, generator);

        public Tensor random_(double @from, double to, Generator? generator = null) =>
            InPlace("aten::random_.from", this, (long)@from, (long)to, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Op.Call1("aten::multinomial", this, num_samples, replacement, generator);

        public Tensor poisson(Generator? generator = null) => Op.Call1("aten::poisson", this, generator);

        public Tensor set_(Tensor source) => InPlace("aten::set_.source_Tensor", this, source);

        private static Tensor InPlace(string op, Tensor self)
        {
            Op.Run(op, self);
            return self;
        }

        private static Tensor InPlace(string op, Tensor self, Arg first)
        {
            Op.Run(op, self, first);
            return self;
        }

        private static Tensor InPlace(string op, Tensor self, Arg first, Arg second)
        {
            Op.Run(op, self, first, second);
            return self;
        }

        private static Tensor InPlace(string op, Tensor self, Arg first, Arg second, Arg third)
        {
            Op.Run(op, self, first, second, third);
            return self;
        }

        private static Tensor InPlace(string op, Tensor self, Arg first, Arg second, Arg third, Arg fourth)
        {
            Op.Run(op, self, first, second, third, fourth);
            return self;
        }
    }
}
