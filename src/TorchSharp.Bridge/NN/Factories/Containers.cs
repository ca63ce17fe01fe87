using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Sequential Sequential() => new();

        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Chain(modules);

        public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
            Chain(modules.Select(entry => (entry.Item1, entry.Item2)));

        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Chain(modules);

        public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => Chain(modules);

        public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
            Chain(modules.Select(entry => (entry.Item1, entry.Item2)));

        public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => Chain(modules);

        public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

        public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

        private static Sequential Chain(IEnumerable<Module<Tensor, Tensor>> modules) =>
            Chain(modules.Select((module, i) => (i.ToString(), module)));

        private static Sequential Chain(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
        {
            var sequential = new Sequential();
            foreach (var (name, submodule) in modules) sequential.append(name, submodule);
            return sequential;
        }
    }
}
