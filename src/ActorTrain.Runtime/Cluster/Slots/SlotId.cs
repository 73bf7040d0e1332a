using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrain.Core.Generations;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>
/// A device slot: one device of one life of a node. Its text is a shard's id, and every entity's id begins with it, so
/// that the plan alone decides where a stage runs.
/// </summary>
/// <param name="Uid">Tells this life of the node from an earlier one at the same address.</param>
/// <param name="Address">Where the node's control plane is, as <c>HOST:PORT</c>.</param>
/// <param name="Device">The device's name, such as <c>cpu:0</c>.</param>
internal sealed record SlotId(int Uid, string Address, string Device)
{
    private const char EndOfUid = '@';
    private const char EndOfAddress = '|';
    private const char EndOfSlot = '/';

    /// <summary>The id of the entity that answers a probe.</summary>
    public string Probe => $"{this}{EndOfSlot}probe";

    /// <summary>The id of a stage's entity.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="replica">The replica, from 0.</param>
    /// <param name="stage">The stage, from 0.</param>
    public string Stage(string job, Generation generation, int replica, int stage) =>
        string.Create(CultureInfo.InvariantCulture, $"{this}{EndOfSlot}{job}{EndOfSlot}{generation}{EndOfSlot}{replica}{EndOfSlot}{stage}");

    /// <summary>The shard's id of an entity's.</summary>
    public static string ShardOf(string entity) => entity.IndexOf(EndOfSlot, StringComparison.Ordinal) is >= 0 and var end ? entity[..end] : entity;

    /// <summary>Reads a slot out of a shard's or an entity's id.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SlotId? slot)
    {
        slot = null;
        var shard = ShardOf(text);
        var (at, bar) = (shard.IndexOf(EndOfUid, StringComparison.Ordinal), shard.IndexOf(EndOfAddress, StringComparison.Ordinal));
        if (at < 0 || bar < at || !int.TryParse(shard.AsSpan(0, at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid))
            return false;
        slot = new SlotId(uid, shard[(at + 1)..bar], shard[(bar + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Uid}{EndOfUid}{Address}{EndOfAddress}{Device}");
}
