using System.Collections.Concurrent;
using System.Diagnostics;
using ActorTrain.Core.Devices;
using ActorTrain.Runtime.Cluster.Nodes.Isolation;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class DeviceSupervisorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task A_process_that_dies_too_often_is_not_started_again_and_that_is_said()
    {
        Start(restarts: 2, "kill -ABRT $$");
        await WaitAsync("error: ");
        Assert.Equal(3, _log.Count(line => line.Contains("device cpu:0 died, signal 6", StringComparison.Ordinal)));
        Assert.Contains(_log, line => line.Contains("more than 2 restarts within 10 minutes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pauses_grow_from_one_restart_to_the_next()
    {
        Start(restarts: 2, "exit 3");
        await WaitAsync("error: ");
        Assert.Equal(
            ["device cpu:0 died, exit code 3; it is started again in 0.25 s", "device cpu:0 died, exit code 3; it is started again in 0.50 s"],
            _log.Take(2));
    }

    [Fact]
    public async Task What_a_process_says_is_told_with_its_device()
    {
        Start(restarts: 0, "echo hello; cat > /dev/null");
        await WaitAsync("[cpu:0] hello");
    }

    [Fact]
    public async Task Processes_end_when_their_input_is_closed_and_are_not_started_again()
    {
        var supervisor = Start(restarts: 5, "echo hello; cat > /dev/null");
        await WaitAsync("hello");
        supervisor.Tell(new EndDevices(), TestActor);
        ExpectMsg<DevicesEnded>(Patience);
        Assert.Single(_log);
    }

    [Fact]
    public async Task Processes_end_with_their_supervisor()
    {
        var supervisor = Start(restarts: 5, "echo $$; exec sleep 1000");
        await WaitAsync("[cpu:0] ");
        var process = Process.GetProcessById(int.Parse(_log.First()["[cpu:0] ".Length..], System.Globalization.CultureInfo.InvariantCulture));
        await supervisor.GracefulStop(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        Start(restarts: 0, "", program: "/no/such/program");
        await WaitAsync("it cannot be started: ");
    }

    private IActorRef Start(int restarts, string script, string program = "sh") => Sys.ActorOf(DeviceSupervisor.Props(
        new DeviceSupervisorSettings
        {
            Node = "10.0.0.1:4053",
            Devices = [new DeviceSpec(DeviceKind.Cpu, 0, 0)],
            Restarts = restarts,
            Program = _ => new ProcessStartInfo(program, ["-c", script]),
            Log = _log.Enqueue,
        },
        TestActor));

    private async Task WaitAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!_log.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
    }
}
