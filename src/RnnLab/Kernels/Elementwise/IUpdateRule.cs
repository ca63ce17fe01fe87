using System.Numerics;

namespace RnnLab.Kernels.Elementwise;

/// <summary>An optimiser's formula for one vector of elements.</summary>
internal interface IUpdateRule<T> where T : unmanaged
{
    /// <summary>The new p from p, its gradient g and the optimiser's state a, b, c, which it changes; a part that is not kept is zero.</summary>
    Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> a, ref Vector<T> b, ref Vector<T> c);
}
