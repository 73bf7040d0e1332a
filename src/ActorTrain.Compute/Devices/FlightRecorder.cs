using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>
/// Notes what a device does in a small memory-mapped file, which the kernel keeps when the process dies, however that
/// happens. A note costs nanoseconds.
/// </summary>
public sealed unsafe class FlightRecorder : IFlightRecorder, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly FlightRecord* _record;
    private Run _run = new("", default);
    private Run? _noted;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public FlightRecorder(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, sizeof(FlightRecord));
        _view = _file.CreateViewAccessor(0, sizeof(FlightRecord));
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _record = (FlightRecord*)start;
        *_record = default;
    }

    /// <summary>Says for whom the device works from its next action on. Called on any thread.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The job's generation.</param>
    public void WorkFor(string job, Generation generation) => Volatile.Write(ref _run, new Run(job, generation));

    /// <inheritdoc/>
    public void Begin(string name, PipelineAction? action, long step)
    {
        NoteRun();
        _record->Stage = action?.Chunk ?? -1;
        _record->MicroBatch = action?.MicroBatch ?? -1;
        _record->Step = step;
        Write(name, _record->Name, FlightRecord.NameBytes);
        Volatile.Write(ref _record->Running, 1);
    }

    /// <inheritdoc/>
    public void End() => Volatile.Write(ref _record->Running, 0);

    /// <summary>Reads what the device of a process that has died did.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when it did nothing, or never came to open the file.</returns>
    public static FlightNote? Read(string path)
    {
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { } bytes || bytes.Length < sizeof(FlightRecord))
            return null;
        var record = MemoryMarshal.Read<FlightRecord>(bytes);
        return record.Running == 0
            ? null
            : new FlightNote(
                Text(record.Job, FlightRecord.JobBytes),
                new Generation(record.Generation, record.Incarnation),
                record.Stage,
                Text(record.Name, FlightRecord.NameBytes),
                record.Step,
                record.MicroBatch);
    }

    /// <summary>Closes the file, once the device has ended.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    // Only this thread writes to the record, so what it notes of a run and of an action belongs together.
    private void NoteRun()
    {
        var run = Volatile.Read(ref _run);
        if (ReferenceEquals(run, _noted))
            return;
        _noted = run;
        (_record->Generation, _record->Incarnation) = (run.Generation.Number, run.Generation.Incarnation);
        Write(run.Job, _record->Job, FlightRecord.JobBytes);
    }

    private static void Write(string text, byte* place, int size)
    {
        var bytes = new Span<byte>(place, size);
        Encoding.ASCII.TryGetBytes(text.AsSpan(0, Math.Min(text.Length, size)), bytes, out var written);
        bytes[written..].Clear();
    }

    private static string Text(byte* place, int size) =>
        Encoding.ASCII.GetString(new ReadOnlySpan<byte>(place, size)).TrimEnd('\0');

    private sealed record Run(string Job, Generation Generation);
}
