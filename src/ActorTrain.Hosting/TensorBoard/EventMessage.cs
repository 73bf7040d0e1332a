using Google.Protobuf;

namespace ActorTrain.Hosting.TensorBoard;

/// <summary>
/// TensorBoard's message <c>Event</c> in Protocol Buffers: the parts of tensorflow/core/util/event.proto and
/// tensorflow/core/framework/summary.proto that scalars take.
/// </summary>
internal static class EventMessage
{
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int SummaryField = 5;
    private const int Value = 1;
    private const int Tag = 1;
    private const int SimpleValue = 2;

    /// <summary>The event that every file begins with.</summary>
    /// <param name="time">When, in seconds since 1970.</param>
    public static byte[] Version(double time) => Message(output =>
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble(time);
        output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <summary>Values of a step.</summary>
    /// <param name="time">When, in seconds since 1970.</param>
    /// <param name="step">The step.</param>
    /// <param name="values">The values by tag.</param>
    public static byte[] Scalars(double time, long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        var summary = new List<byte[]>();
        foreach (var (tag, value) in values)
            summary.Add(Scalar(tag, value));
        return Message(output =>
        {
            output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
            output.WriteDouble(time);
            output.WriteTag(Step, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            output.WriteTag(SummaryField, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(Message(inner => summary.ForEach(scalar =>
            {
                inner.WriteTag(Value, WireFormat.WireType.LengthDelimited);
                inner.WriteBytes(ByteString.CopyFrom(scalar));
            }))));
        });
    }

    private static byte[] Scalar(string tag, double value) => Message(output =>
    {
        output.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
        output.WriteString(tag);
        output.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
        output.WriteFloat((float)value);
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }
}
