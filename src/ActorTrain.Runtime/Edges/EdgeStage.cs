using System.Diagnostics;
using ActorTrain.Runtime.Streams;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// One end of an edge as a stream stage: what comes from upstream goes over the link, and what comes over the link goes
/// downstream. It neither blocks nor encodes. Materialised once.
/// </summary>
/// <param name="link">What is beneath; stopped with the stage.</param>
/// <param name="ahead">Messages that the other side may send beyond this side's demand.</param>
/// <param name="needsCredit">Whether this side sends only what the other side has asked for.</param>
internal sealed class EdgeStage<TOut, TIn>(IEdgeLink<TOut, TIn> link, int ahead, bool needsCredit) : GraphStage<FlowShape<TOut, TIn>>
    where TOut : IDisposable
    where TIn : IDisposable
{
    private readonly Inlet<TOut> _in = new("edge.in");
    private readonly Outlet<TIn> _out = new("edge.out");

    public override FlowShape<TOut, TIn> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, link, ahead, needsCredit);

    private sealed class Logic : GraphStageLogic
    {
        private readonly EdgeStage<TOut, TIn> _stage;
        private readonly IEdgeLink<TOut, TIn> _link;
        private readonly int _ahead;
        private readonly bool _needsCredit;
        private readonly OutletQueue<TIn> _received;
        private readonly Completions<LinkEvent<TIn>> _events;
        private readonly int _batch;

        private int _credits;
        private int _pulled;
        private long _waitingSince;
        private string _reason = "the stream was stopped before the run ended";

        public Logic(EdgeStage<TOut, TIn> stage, IEdgeLink<TOut, TIn> link, int ahead, bool needsCredit)
            : base(stage.Shape)
        {
            (_stage, _link, _ahead, _needsCredit) = (stage, link, ahead, needsCredit);
            // The end that gives credit has as much outstanding again while it counts; the other only keeps the count.
            _batch = needsCredit ? 1 : Math.Max(1, ahead / 2);
            _received = new OutletQueue<TIn>(() => IsAvailable(stage._out), m => Push(stage._out, m), () => Complete(stage._out));
            _events = new Completions<LinkEvent<TIn>>(OnEvent, Free).Through(GetAsyncCallback);
            SetHandler(stage._in, onPush: OnPush, onUpstreamFinish: link.Finish, onUpstreamFailure: Break);
            SetHandler(stage._out, onPull: OnPull, onDownstreamFinish: OnCancel);
        }

        public override void PreStart()
        {
            _link.Grant(_ahead);
            _link.Start(_events.Add);
            _waitingSince = Stopwatch.GetTimestamp();
            PullWithinCredits();
        }

        public override void PostStop()
        {
            // What was pushed but not yet looked at when the stream failed.
            if (IsAvailable(_stage._in))
                Grab(_stage._in).Dispose();
            _events.Close();
            _received.Clear();
            _link.Stop(_reason);
        }

        private void OnPush()
        {
            _link.Send(Grab(_stage._in));
            if (_needsCredit && --_credits == 0)
                _waitingSince = Stopwatch.GetTimestamp();
            PullWithinCredits();
        }

        private void OnPull()
        {
            if (++_pulled >= _batch)
            {
                _link.Grant(_pulled);
                _pulled = 0;
            }

            _received.Drain();
        }

        private void PullWithinCredits()
        {
            if ((!_needsCredit || _credits > 0) && !HasBeenPulled(_stage._in) && !IsClosed(_stage._in))
                Pull(_stage._in);
        }

        private void OnEvent(LinkEvent<TIn> happened)
        {
            switch (happened)
            {
                case LinkEvent<TIn>.Arrived arrived:
                    _received.Enqueue(arrived.Message);
                    break;
                case LinkEvent<TIn>.Granted granted:
                    AddCredit(granted.Messages);
                    break;
                case LinkEvent<TIn>.Finished:
                    _received.Finish();
                    break;
                case LinkEvent<TIn>.Broken broken:
                    FailStage(broken.Cause);
                    break;
            }
        }

        private void AddCredit(int messages)
        {
            if (!_needsCredit || messages > int.MaxValue - _credits)
            {
                Break(_link.Error($"credit for {messages} messages on top of {_credits} was given, which cannot be meant"));
                return;
            }

            if (_credits == 0)
                _link.Meter.WaitedForCredit(_waitingSince);
            _credits += messages;
            PullWithinCredits();
        }

        private void OnCancel(Exception cause) =>
            Break(cause is SubscriptionWithCancelException.NonFailureCancellation ? _link.Error(_reason) : cause);

        private void Break(Exception cause)
        {
            _reason = cause.Message;
            FailStage(cause);
        }

        private static void Free(LinkEvent<TIn> happened) => (happened as LinkEvent<TIn>.Arrived)?.Message.Dispose();
    }
}
