using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Edges;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace ActorTrain.Runtime.Cluster.Clients;

/// <summary>Talks to a cluster from outside: submits jobs, follows and stops them, and carries out commands. Any node will do as a contact.</summary>
public sealed partial class JobClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system;
    private readonly string _contact;
    private readonly IActorRef _guardian;

    private readonly bool _tls;
    private readonly bool _ownsSystem;

    private JobClient(ActorSystem system, string contact, bool tls, IActorRef guardian, bool ownsSystem) =>
        (_system, _contact, _tls, _guardian, _ownsSystem) = (system, contact, tls, guardian, ownsSystem);

    /// <summary>Talks to a cluster from within one of its nodes.</summary>
    internal static JobClient Of(ActorSystem system, IActorRef guardian, string address, bool tls) =>
        new(system, address, tls, guardian, ownsSystem: false);

    /// <summary>Connects to a node.</summary>
    /// <param name="contact">The node, as <c>HOST:PORT</c>.</param>
    /// <param name="tls">Mutual TLS when the cluster has it, or null.</param>
    /// <exception cref="ClusterUnavailableException">No node answers there.</exception>
    public static async Task<JobClient> ConnectAsync(string contact, TlsSettings? tls)
    {
        var address = Parse(contact, tls is not null);
        var system = ActorSystem.Create("actortrain-client", Setup(address, tls));
        try
        {
            var guardian = system.ActorSelection(new RootActorPath(address) / "user" / NodeGuardian.Name);
            return new JobClient(system, contact, tls is not null, await guardian.ResolveOne(Patience).ConfigureAwait(false), ownsSystem: true);
        }
        catch (ActorNotFoundException e)
        {
            await system.Terminate().ConfigureAwait(false);
            throw new ClusterUnavailableException($"no node of a cluster answers at {contact}; is it running, and is TLS set on both sides or on neither?", e);
        }
    }

    /// <summary>How the contact sees the cluster.</summary>
    /// <returns>Its own status, and the members that are up.</returns>
    public async Task<(string Status, IReadOnlyList<string> Members)> HealthAsync()
    {
        var health = await AskAsync<ClusterHealth>(new CheckHealth()).ConfigureAwait(false);
        return (health.Status, health.Members);
    }

    /// <summary>The devices that jobs can use, such as <c>10.0.0.2:4053 cpu:0</c>.</summary>
    public async Task<IReadOnlyList<string>> DevicesAsync() => (await AskAsync<DeviceList>(new ListDevices()).ConfigureAwait(false)).Devices;

    /// <summary>The jobs that the supervisor knows.</summary>
    public async Task<IReadOnlyList<JobEntry>> JobsAsync() => (await AskAsync<JobList>(new ListJobs()).ConfigureAwait(false)).Jobs;

    /// <summary>Follows a job.</summary>
    /// <param name="job">The job's id.</param>
    /// <returns>What happens to it until it ends; what happened before is not told again.</returns>
    public ChannelReader<IJobNews> Follow(string job)
    {
        var news = Channel.CreateUnbounded<IJobNews>();
        _system.ActorOf(FollowActor.Props(_guardian, _contact, _tls, job, news.Writer));
        return news.Reader;
    }

    /// <summary>Submits a job.</summary>
    /// <param name="name">What the job's text is called in errors.</param>
    /// <param name="text">The whole job in HOCON (<see cref="JobSettings.Resolved"/>).</param>
    /// <returns>The job's id, and what happens to it until it ends.</returns>
    /// <exception cref="JobRefusedException">The cluster does not take the job.</exception>
    /// <exception cref="ClusterUnavailableException">The contact is lost.</exception>
    public async Task<(string Job, ChannelReader<IJobNews> News)> SubmitAsync(string name, string text)
    {
        var news = Channel.CreateUnbounded<IJobNews>();
        var accepted = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _system.ActorOf(FollowActor.Props(_guardian, _contact, _tls, new SubmitJob(name, text), accepted, news.Writer));
        return (await accepted.Task.ConfigureAwait(false), news.Reader);
    }

    /// <summary>Asks for a job to end after the step that it is in, with a checkpoint.</summary>
    /// <param name="job">The job's id.</param>
    public void Stop(string job) => _guardian.Tell(new StopJob(job), ActorRefs.NoSender);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ownsSystem)
            await _system.Terminate().ConfigureAwait(false);
    }

    private async Task<T> AskAsync<T>(object question, TimeSpan? patience = null)
    {
        try
        {
            return await _guardian.Ask<T>(question, patience ?? Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            throw new ClusterUnavailableException($"{_contact} did not answer within {(patience ?? Patience).TotalSeconds:F0} s", e);
        }
    }

    private static Address Parse(string contact, bool tls)
    {
        try
        {
            return Addresses.Parse(contact, tls);
        }
        catch (FormatException e)
        {
            throw new ClusterUnavailableException(e.Message, e);
        }
    }

    // Nodes answer on the connection that this side opened, so its own address need not be reachable.
    private static ActorSystemSetup Setup(Address contact, TlsSettings? tls)
    {
        var edgeTls = tls is null ? null : EdgeTls.Load(tls);
        var config = ConfigurationFactory.ParseString($$"""
            # Failures reach the caller as exceptions.
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.actor.provider = remote
            akka.remote.retry-gate-closed-for = 500ms
            akka.remote.dot-netty.tcp {
              hostname = "{{LocalAddressTowards(contact)}}"
              port = 0
              enable-ssl = {{(tls is null ? "off" : "on")}}
            }
            """);
        var setup = BootstrapSetup.Create().WithConfig(config.WithFallback(ReferenceConfig.Of(typeof(JobClient).Assembly)));
        return edgeTls is null ? ActorSystemSetup.Create(setup) : setup.And(edgeTls.ForControlPlane());
    }

    private static IPAddress LocalAddressTowards(Address contact)
    {
        try
        {
            using var probe = new Socket(SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(contact.Host, contact.Port!.Value);
            var local = ((IPEndPoint)probe.LocalEndPoint!).Address;
            return local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        }
        catch (SocketException e)
        {
            throw new ClusterUnavailableException($"{contact.HostAndPort()} cannot be reached: {e.Message}", e);
        }
    }
}
