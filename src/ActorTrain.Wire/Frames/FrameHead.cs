using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Frames;

/// <summary>What a frame says before its payload; its fields agree with one another and with the frame's length.</summary>
/// <param name="Header">Where the frame belongs.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Codec">The codec of its tensor; null for a message.</param>
/// <param name="IsFinite">Whether every value of its tensor is finite.</param>
/// <param name="Shape">The shape of its tensor.</param>
/// <param name="Bytes">The length of the head, up to the payload.</param>
/// <param name="PayloadBytes">The length of the payload.</param>
internal readonly record struct FrameHead(
    FrameHeader Header, FrameKind Kind, ICodec? Codec, bool IsFinite, FrameShape Shape, int Bytes, int PayloadBytes);
