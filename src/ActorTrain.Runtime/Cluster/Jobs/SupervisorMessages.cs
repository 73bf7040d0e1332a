using System.Collections.Immutable;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What the job supervisor and its jobs, which are its children, tell each other. Never leaves the process.</summary>
internal interface ILeaseMessage;

/// <summary>Asks for the nodes there are; the answer is <see cref="NodesListed"/>.</summary>
internal sealed record ListNodes : ILeaseMessage;

/// <summary>The nodes there are.</summary>
/// <param name="Nodes">All that answer.</param>
/// <param name="Leaving">Those of them, by their lives, that are about to leave: they still give snapshots, and take none.</param>
internal sealed record NodesListed(ImmutableArray<NodeOffer> Nodes, ImmutableHashSet<int> Leaving) : ILeaseMessage;

/// <summary>
/// Gives back what the job has and asks for devices; the answer, once enough are free, is <see cref="DevicesLeased"/>.
/// </summary>
/// <param name="Job">The job's id.</param>
/// <param name="Least">How many it needs.</param>
/// <param name="Most">How many it can use.</param>
/// <param name="Lost">The nodes that do not answer, by their lives: they get nothing until they answer again.</param>
/// <param name="Preferred">The nodes, as <c>HOST:PORT</c>, of which one device each is given first.</param>
internal sealed record LeaseDevices(string Job, int Least, int Most, ImmutableArray<int> Lost, ImmutableArray<string> Preferred) : ILeaseMessage;

/// <summary>Fewer devices are free than the job needs: it waits.</summary>
/// <param name="Free">How many are free.</param>
internal sealed record DevicesMissing(int Free) : ILeaseMessage;

/// <summary>Devices that the job has until it asks again or ends.</summary>
/// <param name="Devices">In the order of the pipeline: devices of one node are neighbours.</param>
internal sealed record DevicesLeased(ImmutableArray<ClusterDevice> Devices) : ILeaseMessage;

/// <summary>Devices are free that the job could use too, or none any more.</summary>
/// <param name="Devices">The free devices.</param>
internal sealed record DevicesFree(ImmutableArray<ClusterDevice> Devices) : ILeaseMessage;

/// <summary>A node that the job has devices of has left the cluster.</summary>
/// <param name="Address">The node's.</param>
internal sealed record NodeLost(string Address) : ILeaseMessage;

/// <summary>A node that the job has devices of wants to leave.</summary>
/// <param name="Address">The node's.</param>
internal sealed record NodeDraining(string Address) : ILeaseMessage;

/// <summary>A job waits, or its state is safe on the nodes that its last lease says.</summary>
/// <param name="Job">The job's id.</param>
internal sealed record JobSettled(string Job) : ILeaseMessage;

/// <summary>A job has ended, and its actor is about to stop.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Ended">What late followers are told.</param>
internal sealed record JobOver(string Job, JobEnded Ended) : ILeaseMessage;

/// <summary>Asks a job for its <see cref="JobSummary"/>.</summary>
internal sealed record DescribeJob : ILeaseMessage;

/// <summary>A job in short. Comes unasked when the job ends.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it is, in a word.</param>
/// <param name="Step">The last step done.</param>
/// <param name="Steps">The last step of the job; null until it is read.</param>
/// <param name="Loss">The loss of the last step, or null.</param>
internal sealed record JobSummary(string Job, string Name, string State, long Step, long? Steps, double? Loss) : ILeaseMessage;
