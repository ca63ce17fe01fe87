using System.Globalization;
using RnnLab.Tests.Kernels;
using RnnLab.Tests.Recurrence;

namespace RnnLab.Tests;

/// <summary>What the tests run in a process of its own, because it depends on how the runtime started or looks at all the process's threads.</summary>
internal static class Program
{
    public const string EveryWidth = "every-width", Parking = "parking";

    private static int Main(string[] args) => args switch
    {
        [EveryWidth, var bitsThatAreOff] => FusedWidthTests.CheckAll(int.Parse(bitsThatAreOff, CultureInfo.InvariantCulture)),
        [Parking] => ParkingTests.WaitUntilParked(),
        _ => throw new ArgumentException($"the tests have no program {string.Join(' ', args)}"),
    };
}
