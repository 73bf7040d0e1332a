using System.Threading.Channels;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Feeds;

/// <summary>Where the endpoint knows of a cluster and its jobs from, and what carries its commands out.</summary>
internal interface IClusterSource
{
    /// <summary>Whether it works at all.</summary>
    bool IsAlive { get; }

    /// <summary>Whether it takes part in its cluster.</summary>
    bool IsReady { get; }

    /// <summary>The cluster as it is now.</summary>
    /// <exception cref="Runtime.Cluster.Clients.ClusterUnavailableException">The job supervisor does not answer.</exception>
    Task<ClusterDocument> DescribeAsync();

    /// <summary>The jobs that are known.</summary>
    /// <exception cref="Runtime.Cluster.Clients.ClusterUnavailableException">The job supervisor does not answer.</exception>
    Task<IReadOnlyList<JobEntry>> JobsAsync();

    /// <summary>What happens to a job from now on.</summary>
    /// <param name="job">The job's id.</param>
    ChannelReader<IJobNews> Follow(string job);

    /// <summary>Carries a command out whose answer is a table or an object.</summary>
    /// <param name="call">The command.</param>
    /// <exception cref="Runtime.Cluster.Clients.JobRefusedException">The cluster does not carry it out.</exception>
    /// <exception cref="Runtime.Cluster.Clients.ClusterUnavailableException">The job supervisor does not answer.</exception>
    Task<CommandAnswer> RunAsync(CommandCall call);
}
