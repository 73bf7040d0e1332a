using CsCheck;

namespace ActorTrain.Compute.Tests.Support;

internal static class Partitions
{
    /// <summary>Any partition of some layers: the number of layers of each stage.</summary>
    public static Gen<int[]> Of(int layers) => Gen.Bool.Array[layers - 1].Select(cuts =>
    {
        var counts = new List<int> { 1 };
        foreach (var cut in cuts)
        {
            if (cut)
                counts.Add(1);
            else
                counts[^1]++;
        }

        return counts.ToArray();
    });

    public static int[] Whole(int layers) => [layers];
}
