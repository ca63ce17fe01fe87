using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace RnnLab.Kernels.Simd;

/// <summary>What the processor has.</summary>
internal static class Registers
{
    /// <summary>Whether there are 32 vector registers (AVX-512 and NEON) or 16.</summary>
    public static bool Many
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported || AdvSimd.Arm64.IsSupported;
    }
}
