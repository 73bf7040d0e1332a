using System.Collections.Immutable;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What the job supervisor and its jobs, which are its children, tell each other. Never leaves the process.</summary>
internal interface ILeaseMessage;

/// <summary>Asks for devices; the answer, once enough are free, is <see cref="DevicesLeased"/>.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Least">How many it needs.</param>
/// <param name="Most">How many it can use.</param>
internal sealed record LeaseDevices(string Job, int Least, int Most) : ILeaseMessage;

/// <summary>Devices that the job has until it ends.</summary>
/// <param name="Devices">In the order of the pipeline: devices of one node are neighbours.</param>
internal sealed record DevicesLeased(ImmutableArray<ClusterDevice> Devices) : ILeaseMessage;

/// <summary>A node that the job has devices of has left the cluster.</summary>
/// <param name="Address">The node's.</param>
internal sealed record NodeLost(string Address) : ILeaseMessage;

/// <summary>A job has ended, and its actor is about to stop.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Ended">What late followers are told.</param>
internal sealed record JobOver(string Job, JobEnded Ended) : ILeaseMessage;
