using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>One simulation in progress. Expects a valid schedule.</summary>
internal sealed class SimulationRun
{
    /// <summary>
    /// What a device without a list does first: the loss makes the next backward ready, a backward gives memory back and
    /// lets the chunk above go on, and a weight gradient nobody waits for.
    /// </summary>
    private static readonly ImmutableArray<ActionKind> Preference =
        [ActionKind.Loss, ActionKind.Backward, ActionKind.InputGradient, ActionKind.Forward, ActionKind.WeightGradient];

    /// <summary>Stands for the optimizer step where kinds of actions are numbers.</summary>
    private const int NoAction = -1;

    private readonly Schedule _schedule;
    private readonly CostModel _costs;
    private readonly SimulationOptions _options;
    private readonly int _microBatches;
    private readonly int _lastChunk;
    private readonly ImmutableArray<ImmutableArray<int>> _chunksOf;
    private readonly ChunkState[] _chunks;
    private readonly DeviceState[] _devices;

    /// <summary>When each edge's two directions are free again.</summary>
    private readonly double[] _forwardFree;
    private readonly double[] _backwardFree;

    private readonly PriorityQueue<Event, double> _events = new();
    private readonly Queue<int> _awake = new();
    private readonly List<TimedAction> _timeline = [];
    private readonly List<TimedUpdate> _updates = [];
    private readonly ImmutableArray<double>.Builder _stepEnds;
    private int _updatesEnded;
    private double _now;
    private double _resumed;
    private double _lost;
    private int _restarts;

    public SimulationRun(Schedule schedule, CostModel costs, SimulationOptions options)
    {
        _schedule = schedule;
        _costs = costs;
        _options = options;
        _microBatches = schedule.Shape.MicroBatches;
        _lastChunk = schedule.Shape.Chunks - 1;
        _chunksOf = [.. Enumerable.Range(0, schedule.Shape.Devices).Select(device => schedule.ChunksOf(device).ToImmutableArray())];
        _chunks = new ChunkState[schedule.Shape.Chunks];
        _devices = new DeviceState[schedule.Shape.Devices];
        _forwardFree = new double[costs.Edges.Length];
        _backwardFree = new double[costs.Edges.Length];
        _stepEnds = ImmutableArray.CreateBuilder<double>(options.Steps);
        _chunks[0].Inputs = _microBatches * options.Steps;
    }

    private enum EventKind
    {
        WorkEnds,
        ActivationArrives,
        GradientArrives,
        NormsArrive,
        VerdictArrives,
    }

    public SimulationResult Run()
    {
        WakeAll();
        foreach (var failure in _options.Failures.OrderBy(f => f.AtSeconds))
        {
            RunUntil(failure.AtSeconds);
            if (_stepEnds.Count < _options.Steps)
                Restart(failure);
        }

        RunUntil(double.PositiveInfinity);
        return new SimulationResult
        {
            Schedule = _schedule,
            Timeline = _options.KeepTimeline ? [.. _timeline] : null,
            Updates = _options.KeepTimeline ? [.. _updates] : null,
            StepEnds = _stepEnds.MoveToImmutable(),
            BusySeconds = [.. _devices.Select(d => d.Busy)],
            PeakInFlight = [.. _chunks.Select(c => c.Started.Peak)],
            DevicePeakInFlight = [.. _devices.Select(d => d.PeakInFlight)],
            Restarts = _restarts,
            LostSeconds = _lost,
        };
    }

    private void RunUntil(double limit)
    {
        // In a recovery that a second failure cuts short nothing has started yet.
        if (_now >= limit)
            return;
        StartWork();
        while (_events.TryPeek(out _, out var time) && time < limit)
        {
            _now = time;
            // Devices choose only when they know all that happens at this moment.
            while (_events.TryPeek(out _, out time) && time == _now)
                Handle(_events.Dequeue());
            StartWork();
        }
    }

    /// <summary>Throws away what the devices do, and lets them begin with the first step that is not complete.</summary>
    private void Restart(DeviceFailure failure)
    {
        var committed = _stepEnds.Count;
        var end = Math.Max(_now, failure.AtSeconds + failure.RecoverySeconds);
        _lost += end - (_now > failure.AtSeconds ? _now : Math.Max(_resumed, committed > 0 ? _stepEnds[^1] : 0));
        _restarts++;
        CutTimeline(failure.AtSeconds);
        for (var device = 0; device < _devices.Length; device++)
            _devices[device].Stop(failure.AtSeconds);
        for (var chunk = 0; chunk < _chunks.Length; chunk++)
            _chunks[chunk].RewindTo(committed, _microBatches);
        _chunks[0].Inputs = _microBatches * _options.Steps;
        _updatesEnded = committed * _chunks.Length;
        Array.Clear(_forwardFree);
        Array.Clear(_backwardFree);
        _events.Clear();
        _awake.Clear();
        (_now, _resumed) = (end, end);
        WakeAll();
    }

    private void CutTimeline(double now)
    {
        for (var i = 0; i < _timeline.Count; i++)
            if (_timeline[i].End > now)
                _timeline[i] = _timeline[i] with { End = now };
        for (var i = 0; i < _updates.Count; i++)
            if (_updates[i].End > now)
                _updates[i] = _updates[i] with { End = now };
    }

    private void WakeAll()
    {
        for (var device = 0; device < _devices.Length; device++)
            Wake(device);
    }

    private void Wake(int device)
    {
        if (_devices[device].Awake)
            return;
        _devices[device].Awake = true;
        _awake.Enqueue(device);
    }

    private void WakeOwner(int chunk) => Wake(_schedule.Placement[chunk]);

    private void StartWork()
    {
        while (_awake.TryDequeue(out var device))
        {
            _devices[device].Awake = false;
            if (!_devices[device].Running && Pick(device) is { } work)
                Start(device, work);
        }
    }

    private Work? Pick(int device)
    {
        foreach (var chunk in _chunksOf[device])
            if (_chunks[chunk].Updates < _chunks[chunk].Verdicts)
                return new Work(null, chunk);
        return _schedule.Actions is { } lists ? PickListed(device, lists[device]) : PickReady(device);
    }

    private Work? PickListed(int device, ImmutableArray<PipelineAction> list)
    {
        ref var position = ref _devices[device].Position;
        var (kind, chunk, _) = list[position];
        if (!IsReady(kind, chunk))
            return null;
        position = (position + 1) % list.Length;
        return new Work(kind, chunk);
    }

    private Work? PickReady(int device)
    {
        foreach (var kind in Preference)
        {
            if (kind == (_schedule.SplitsBackward ? ActionKind.Backward : ActionKind.InputGradient))
                continue;
            int? oldest = null;
            foreach (var chunk in _chunksOf[device])
                if (IsReady(kind, chunk) && HasCredit(kind, chunk) && !(oldest is { } o && Next(kind, o) < Next(kind, chunk)))
                    oldest = chunk;
            if (oldest is { } found)
                return new Work(kind, found);
        }

        return null;
    }

    private bool HasCredit(ActionKind kind, int chunk) =>
        kind != ActionKind.Forward || _chunks[chunk].Started.InFlight < _schedule.Credits[chunk];

    private bool IsReady(ActionKind kind, int chunk)
    {
        ref readonly var state = ref _chunks[chunk];
        var started = state.Started;
        return kind switch
        {
            ActionKind.Forward => started.Forwards < state.Inputs && started.Forwards / _microBatches <= state.Updates,
            ActionKind.Loss => chunk == _lastChunk && started.Losses < started.Forwards,
            ActionKind.WeightGradient => started.WeightGradients < started.InputGradients,
            _ => started.InputGradients < state.OutputGradients,
        };
    }

    /// <summary>The micro-batch that an action of this kind would be for, counted over all steps.</summary>
    private int Next(ActionKind kind, int chunk) => _chunks[chunk].Started.Next(kind);

    private void Start(int device, Work work)
    {
        var seconds = work.Kind is { } kind ? StartAction(device, kind, work.Chunk) : StartUpdate(device, work.Chunk);
        ref var state = ref _devices[device];
        state.Work = work;
        state.Running = true;
        state.Busy += seconds;
        state.End = _now + seconds;
        _events.Enqueue(new Event(EventKind.WorkEnds, device), state.End);
    }

    private double StartAction(int device, ActionKind kind, int chunk)
    {
        var (step, microBatch) = Math.DivRem(Next(kind, chunk), _microBatches);
        var action = new PipelineAction(kind, chunk, microBatch);
        var cost = _options.ActionSeconds is { } measured ? measured(step, action) : _costs.Chunks[chunk].Of(kind);
        var seconds = Seconds(device, cost, step, chunk, (int)kind, microBatch);
        if (_options.KeepTimeline)
            _timeline.Add(new(device, step, action, _now, _now + seconds));
        _chunks[chunk].Started.Advance(kind);
        _devices[device].Count(kind);
        return seconds;
    }

    private double StartUpdate(int device, int chunk)
    {
        var step = _chunks[chunk].Updates++;
        var seconds = Seconds(device, _costs.Chunks[chunk].Update, step, chunk, NoAction, 0);
        if (_options.KeepTimeline)
            _updates.Add(new(device, step, chunk, _now, _now + seconds));
        return seconds;
    }

    private double Seconds(int device, double cost, int step, int chunk, int kind, int microBatch)
    {
        if (_options.Jitter is { } jitter)
            cost *= jitter.Factor(step, chunk, kind, microBatch);
        return _options.Speeds is { } speeds ? cost / speeds[device] : cost;
    }

    private void Handle(Event happened)
    {
        var index = happened.Index;
        switch (happened.Kind)
        {
            case EventKind.WorkEnds:
                _devices[index].Running = false;
                Wake(index);
                Finish(_devices[index].Work);
                break;
            case EventKind.ActivationArrives:
                _chunks[index].Inputs++;
                WakeOwner(index);
                break;
            case EventKind.GradientArrives:
                _chunks[index].OutputGradients++;
                WakeOwner(index);
                break;
            case EventKind.NormsArrive:
                _chunks[index].NormsBelow++;
                SendNorms(index);
                break;
            case EventKind.VerdictArrives:
                _chunks[index].Verdicts++;
                WakeOwner(index);
                if (index < _lastChunk)
                    _events.Enqueue(new(EventKind.VerdictArrives, index + 1), _now + _costs.Edges[index].Forward.LatencySeconds);
                break;
        }
    }

    private void Finish(Work work)
    {
        var chunk = work.Chunk;
        switch (work.Kind)
        {
            case null:
                if (++_updatesEnded % _chunks.Length == 0)
                    _stepEnds.Add(_now);
                break;
            case ActionKind.Forward when chunk < _lastChunk:
                Send(_costs.Edges[chunk].Forward, ref _forwardFree[chunk], new(EventKind.ActivationArrives, chunk + 1));
                break;
            case ActionKind.Loss:
                _chunks[chunk].OutputGradients++;
                break;
            case ActionKind.Backward or ActionKind.InputGradient when chunk > 0:
                Send(_costs.Edges[chunk - 1].Backward, ref _backwardFree[chunk - 1], new(EventKind.GradientArrives, chunk - 1));
                break;
        }

        if (work.Kind is ActionKind.Backward or ActionKind.WeightGradient)
        {
            _chunks[chunk].WeightGradientsEnded++;
            SendNorms(chunk);
        }
    }

    private void Send(LinkCost link, ref double free, Event arrival)
    {
        free = Math.Max(free, _now) + link.TransferSeconds;
        var time = free + link.LatencySeconds;
        if (time > _now)
            _events.Enqueue(arrival, time);
        else
            Handle(arrival);
    }

    /// <summary>Sends a step's norms up once the chunk's own gradients and the norms from below are there.</summary>
    private void SendNorms(int chunk)
    {
        ref var state = ref _chunks[chunk];
        var complete = state.WeightGradientsEnded / _microBatches > state.NormsSent
            && (chunk == _lastChunk || state.NormsBelow > state.NormsSent || !_options.WaitForVerdict);
        if (!complete)
            return;
        state.NormsSent++;
        if (!_options.WaitForVerdict)
            state.Verdicts++;
        else if (chunk == 0)
            _events.Enqueue(new(EventKind.VerdictArrives, 0), _now);
        else
            _events.Enqueue(new(EventKind.NormsArrive, chunk - 1), _now + _costs.Edges[chunk - 1].Backward.LatencySeconds);
    }

    /// <param name="Kind">What happens.</param>
    /// <param name="Index">The device whose work ends, or the chunk where something arrives.</param>
    private readonly record struct Event(EventKind Kind, int Index);
}
