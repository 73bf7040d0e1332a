using System.Threading.Channels;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Feeds;

/// <summary>A node of a cluster, in this process.</summary>
/// <param name="node">The node.</param>
internal sealed class NodeSource(NodeHost node) : IClusterSource
{
    private readonly JobClient _client = node.Client;

    /// <inheritdoc/>
    public bool IsAlive => !node.Terminated.IsCompleted;

    /// <inheritdoc/>
    public bool IsReady => IsAlive && node.Up.IsCompletedSuccessfully;

    /// <inheritdoc/>
    public async Task<ClusterDocument> DescribeAsync()
    {
        var devices = (await _client.DevicesAsync().ConfigureAwait(false)).Select(device => device.Split(' ', 2)).ToLookup(d => d[0], d => d[1]);
        return new ClusterDocument(node.Address, [.. node.Members.Select(member => new MemberDocument(
            member.Address, member.Status, member.Roles, member.IsReachable, member.CarriesSupervisor, [.. devices[member.Address]]))]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobEntry>> JobsAsync() => _client.JobsAsync();

    /// <inheritdoc/>
    public ChannelReader<IJobNews> Follow(string job) => _client.Follow(job);

    /// <inheritdoc/>
    public Task<CommandAnswer> RunAsync(CommandCall call) => _client.RunAsync(call);
}
