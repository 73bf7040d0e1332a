using ActorTrain.Cli.Tuning;
using ActorTrain.Core.Advice;
using ActorTrain.Hosting.Runs;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Suggests what would make a job faster, and tries it when asked.</summary>
internal sealed class TuneCommand : AsyncCommand<TuneSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, TuneSettings settings, CancellationToken cancellationToken)
    {
        Tables.WidenPipe();
        AdviceResult advice;
        using (var loaded = LoadedJob.Load(settings.Job, settings.Set))
            advice = Advisor.Advise(await new AdviceGathering(loaded, settings).RunAsync().ConfigureAwait(false));
        var measured = await Trials.RunAsync(settings, advice, Console.Error.WriteLine).ConfigureAwait(false);
        if (settings.Json)
            Console.WriteLine(TuneReport.ToJson(advice, measured));
        else
            TuneReport.Print(advice, measured);
        return ExitCode.Done;
    }
}
