using ActorTrain.Compute.Native;
using CsCheck;

namespace ActorTrain.Compute.Tests.Native;

public sealed class CoreListTests
{
    private static readonly Gen<int[]> Cores = Gen.OneOf(
        Gen.Int[1, 300].Select(n => Enumerable.Range(0, n).ToArray()),
        Gen.Int[0, 255].HashSet[1, 100].Select(cores => cores.ToArray()));

    [Theory]
    [InlineData(1, "cpu:0")]
    [InlineData(2, "cpu:0 cpu:1")]
    [InlineData(8, "cpu:0 cpu:1 cpu:2 cpu:3 cpu:4 cpu:5 cpu:6 cpu:7")]
    [InlineData(9, "cpu:0 cpu:1 cpu:2 cpu:3 cpu:4 cpu:5 cpu:6 cpu:7")]
    [InlineData(10, "cpu:0-1 cpu:2-3 cpu:4-5 cpu:6-7 cpu:8-9")]
    [InlineData(16, "cpu:0-1 cpu:2-3 cpu:4-5 cpu:6-7 cpu:8-9 cpu:10-11 cpu:12-13 cpu:14-15")]
    [InlineData(20, "cpu:0-3 cpu:4-7 cpu:8-11 cpu:12-15 cpu:16-19")]
    public void Cores_are_cut_into_equal_devices(int cores, string devices) =>
        Assert.Equal(devices, string.Join(' ', CoreList.Cut([.. Enumerable.Range(0, cores)])));

    [Fact]
    public void Devices_never_bridge_a_core_that_is_not_allowed() =>
        Assert.Equal("cpu:0 cpu:2 cpu:4 cpu:6", string.Join(' ', CoreList.Cut([6, 4, 2, 0])));

    [Fact]
    public void There_are_one_to_eight_devices_of_one_size_and_no_core_is_in_two() => Cores.Sample(cores =>
    {
        var devices = CoreList.Cut(cores);
        Assert.InRange(devices.Count, 1, 8);
        Assert.Single(devices.Select(d => d.Cores).Distinct());
        var used = devices.SelectMany(d => Enumerable.Range(d.First, d.Cores)).ToList();
        Assert.Equal(used.Distinct(), used);
        Assert.Empty(used.Except(cores));
    });

    [Fact]
    public void Of_neighbouring_cores_few_are_left_unused() => Gen.Int[1, 300].Sample(n =>
        Assert.InRange(n - CoreList.Cut([.. Enumerable.Range(0, n)]).Sum(d => d.Cores), 0, 1 + n / 9));

    [Fact]
    public void A_list_of_cores_is_written_in_runs() => Assert.Equal("0-2, 5, 7-8", CoreList.Format([8, 0, 1, 2, 5, 7]));
}
