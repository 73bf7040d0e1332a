using ActorTrain.Compute.Training;
using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;
using CsCheck;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class StepLedgerTests
{
    private const int Stages = 3;
    private const int Steps = 4;
    private static readonly GenerationNumber Generation = new(1, 1);

    [Fact]
    public void Steps_come_out_complete_and_in_order_whatever_the_order_of_the_reports() =>
        Gen.Shuffle(Reports().ToArray()).Sample(
            reports =>
            {
                var ledger = new StepLedger(
                    0, new OneForwardOneBackwardSchedule().Create(new ScheduleShape(Stages, 1, 2)), new WorkMeter(Stages, Stages));
                var seen = new List<long>();
                var arrived = new Dictionary<long, int>();
                foreach (var (step, add) in reports)
                {
                    add(ledger);
                    arrived[step] = arrived.GetValueOrDefault(step) + 1;
                    foreach (var (judged, edges) in ledger.TakeComplete())
                    {
                        Assert.Equal(Stages + 1, arrived[judged.Step]);
                        Assert.Equal([0, 1], edges.Select(e => e.Edge));
                        seen.Add(judged.Step);
                    }
                }

                Assert.Equal([1, 2, 3, 4], seen);
            },
            iter: 500);

    private static IEnumerable<(long Step, Action<StepLedger> Add)> Reports()
    {
        for (long s = 1; s <= Steps; s++)
        {
            var step = s;
            yield return (step, ledger => ledger.Add(new StepJudged(Generation, step, step, 0, 1, 1, 1, false, false, false, [])));
            for (var i = 0; i < Stages; i++)
            {
                var stage = i;
                var edge = stage < Stages - 1 ? new EdgeUsage(stage, 1, 4, 0, 0, 0) : null;
                yield return (step, ledger => ledger.Add(new StageStepped(Generation, stage, step, new WorkDone([0.5], [2], 0.1), edge)));
            }
        }
    }
}
