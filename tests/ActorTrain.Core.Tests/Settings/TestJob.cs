using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Core.Tests.Settings;

/// <summary>A job file in a directory of its own, and what a program would load it with.</summary>
internal sealed class TestJob : IDisposable
{
    /// <summary>The smallest job.</summary>
    public const string Text = """
        actortrain.job {
          name = test
          steps = 300
          model { type = toy, layers = 4 }
          data { type = noise }
          batch { sequences = 32, micro-batches = 8 }
        }

        """;

    public static readonly KnownNames Names = new()
    {
        Models = ["toy", "other"],
        Data = ["noise"],
        Optimizers = ["adamw", "sgd"],
        LearningRateSchedules = ["constant", "warmup-cosine"],
        Schedules = ["1f1b", "gpipe"],
        Codecs = ["fp32", "bf16", "int8"],
    };

    public static readonly Config PluginDefaults = ConfigurationFactory.ParseString("""
        actortrain {
          models.toy { layers = 2, width = 8 }
          optimizers.adamw { learning-rate = 1e-3, betas = [0.9, 0.999] }
        }
        """);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actortrain-settings-");

    public string Folder => _directory.FullName;

    public string Write(string text, string name = "job.conf")
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Loads a text as a program does, with the plug-ins reading the keys that the defaults have.</summary>
    public static ActorTrainSettings Load(string text, params string[] overrides)
    {
        using var job = new TestJob();
        return LoadFile(job.Write(text), overrides);
    }

    public static ActorTrainSettings LoadFile(string path, params string[] overrides)
    {
        var settings = JobFile.Load(path, overrides, Names, PluginDefaults);
        ReadPlugins(settings.Job);
        return settings;
    }

    /// <summary>The message of the refusal, with the directory cut off.</summary>
    public static string Refusal(string text, params string[] overrides)
    {
        using var job = new TestJob();
        var path = job.Write(text);
        return Assert.Throws<SettingsException>(() => LoadFile(path, overrides)).Message
            .Replace(job.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static void ReadPlugins(JobSettings job)
    {
        if (job.Model.Type == "toy")
        {
            job.Model.Reader.Integer("layers", least: 1);
            job.Model.Reader.Integer("width", least: 1);
        }

        if (job.Optimizer.Type == "adamw")
        {
            job.Optimizer.Reader.Number("learning-rate", least: 0);
            job.Optimizer.Reader.Numbers("betas", 2, 0, 1);
        }

        if (job.LearningRateSchedule.Type == "warmup-cosine")
        {
            job.LearningRateSchedule.Reader.Integer("warmup-steps", least: 0);
            job.LearningRateSchedule.Reader.Number("final-fraction", least: 0, most: 1);
        }

        foreach (var plugin in new[] { job.Model, job.Data, job.Optimizer, job.LearningRateSchedule })
            plugin.Reader.RejectUnknown();
    }
}
