using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters after their gradients; the parameters are in groups with options of their own.</summary>
        public abstract class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer()
            {
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>
            /// Updates every parameter that has a gradient. The closure, where given, computes the loss and the gradients first; its loss
            /// is returned.
            /// </summary>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            /// <summary>Fills the gradients with zeros, in place.</summary>
            public abstract void zero_grad();

            public abstract IEnumerable<Parameter> parameters();

            public abstract void add_param_group(ParamGroup param_group);

            /// <summary>Frees the optimiser's state, not the parameters.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) FreeState();
            }

            private protected abstract void FreeState();

            /// <summary>The options of the groups and the state of the parameters: the live objects, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the indices of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
