using System.ComponentModel;
using System.Globalization;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>
/// Runs a node's devices as processes of their own: starts them, starts those again that die, with growing pauses and not
/// for ever, and tells the job supervisor what they did when they died. They end with this actor at the latest.
/// </summary>
internal sealed class DeviceSupervisor : ReceiveActor, IWithTimers
{
    /// <summary>The actor's name.</summary>
    public const string Name = "devices";

    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(10);

    private readonly string _directory = Directory.CreateTempSubdirectory("actortrain-devices-").FullName;
    private readonly DeviceSupervisorSettings _settings;
    private readonly IActorRef _jobs;
    private readonly List<IsolatedDevice> _devices;
    private IActorRef? _endedBy;

    public DeviceSupervisor(DeviceSupervisorSettings settings, IActorRef jobs)
    {
        (_settings, _jobs) = (settings, jobs);
        var restarts = new RecoverySettings(settings.Restarts, RestartWindow);
        _devices = [.. settings.Devices.Select(spec => new IsolatedDevice(spec, _directory, restarts))];
        Receive<StartProcess>(start => Start(start.Device));
        Receive<ProcessEnded>(ended => OnEnded(ended.Device, ended.How));
        Receive<EndDevices>(_ => OnEnd());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make the actor.</summary>
    /// <param name="settings">The devices, and how their processes are started.</param>
    /// <param name="jobs">Gets a <see cref="DeviceDied"/> for the job supervisor.</param>
    public static Props Props(DeviceSupervisorSettings settings, IActorRef jobs) =>
        Akka.Actor.Props.Create(() => new DeviceSupervisor(settings, jobs));

    protected override void PreStart() => _devices.ForEach(Start);

    protected override void PostStop()
    {
        foreach (var device in _devices)
            device.Process?.Kill();
        Directory.Delete(_directory, recursive: true);
    }

    private void Start(IsolatedDevice device)
    {
        var (self, log) = (Self, _settings.Log);
        File.Delete(device.FlightRecorder);
        try
        {
            var command = _settings.Program(new DeviceProcessOrder(device.Name, _settings.Node, device.FlightRecorder));
            device.Begin(DeviceProcess.Start(
                command, line => log($"[{device.Name}] {line}"), how => self.Tell(new ProcessEnded(device, how), ActorRefs.NoSender)));
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            OnEnded(device, $"it cannot be started: {e.Message}");
        }
    }

    private void OnEnded(IsolatedDevice device, string how)
    {
        device.End();
        if (_endedBy is not null)
        {
            AnswerWhenEnded();
            return;
        }

        var flight = device.LastFlight;
        if (flight is { Job.Length: > 0, Step: > 0 })
            _jobs.Tell(Report(device, flight, how));
        var death = $"device {device.Name} died{(flight is null ? "" : $" during {flight}")}, {how}";
        if (device.TryRestart() is not { } pause)
        {
            _settings.Log($"error: {death}; that is more than {_settings.Restarts} restarts within {RestartWindow.TotalMinutes:F0} minutes, so it stays away until this node is started again");
            return;
        }

        _settings.Log(string.Create(CultureInfo.InvariantCulture, $"{death}; it is started again in {pause.TotalSeconds:F2} s"));
        Timers.StartSingleTimer(device.Name, new StartProcess(device), pause);
    }

    private DeviceDied Report(IsolatedDevice device, FlightNote flight, string how) => new(
        flight.Job,
        GenerationNumber.Of(flight.Generation),
        $"{_settings.Node} {device.Name}",
        flight.Stage,
        flight.Action,
        flight.Step,
        flight.MicroBatch,
        how);

    private void OnEnd()
    {
        _endedBy = Sender;
        Timers.CancelAll();
        foreach (var device in _devices)
            device.Process?.Leave();
        AnswerWhenEnded();
    }

    private void AnswerWhenEnded()
    {
        if (_devices.All(device => device.Process is null))
            _endedBy!.Tell(new DevicesEnded());
    }

    private sealed record StartProcess(IsolatedDevice Device);

    private sealed record ProcessEnded(IsolatedDevice Device, string How);
}
