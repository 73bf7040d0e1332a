using System.Text.Json;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Answers for a node: what it offers, and what a job's layers take on its devices.</summary>
internal sealed class NodeActor : ReceiveActor
{
    private readonly NodeServices _node;
    private readonly NodeOffer _offer;

    public NodeActor(NodeServices node, IReadOnlyList<DeviceOffer> devices)
    {
        _node = node;
        var self = Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress;
        _offer = new NodeOffer(self.Uid, self.Address.HostAndPort(), node.DataPlane, devices);
        Receive<DescribeNode>(_ => Sender.Tell(_offer));
        Receive<MeasureProfile>(OnMeasure);
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(NodeServices node, IReadOnlyList<DeviceOffer> devices) =>
        Akka.Actor.Props.Create(() => new NodeActor(node, devices));

    private void OnMeasure(MeasureProfile request)
    {
        var node = _node;
        Task.Run(() => MeasureAsync(node, request)).PipeTo(
            Sender,
            Self,
            profile => new ProfileMeasured(JsonSerializer.Serialize(profile)),
            e => new Refused($"{_offer.Address} cannot measure job {request.Job}: {e.GetBaseException().Message}", IsUsage: false));
    }

    private static async Task<ModelProfile> MeasureAsync(NodeServices node, MeasureProfile request)
    {
        using var job = node.Resolve(request.Job, request.Text);
        var device = node.Devices.FirstOrDefault(d => d.Spec.ToString() == request.Device)
            ?? throw new InvalidOperationException($"this node does not offer {request.Device}");
        return await device.Executor.Run("profile", () => LayerProfiler.Measure(job, device.Executor.Device)).ConfigureAwait(false);
    }
}
