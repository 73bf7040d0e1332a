using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Core.Tests.Settings;

public sealed class PathResolverTests
{
    [Theory]
    [InlineData("a/b/c/x.txt")]
    [InlineData("a/x.txt")]
    public void A_path_is_found_from_the_base_directory_and_all_above(string place)
    {
        using var job = new TestJob();
        var file = job.Write("", place);
        job.Write("", "a/b/c/job.conf");
        Assert.Equal(file, PathResolver.Resolve(Path.Combine(job.Folder, "a/b/c"), "x.txt"));
    }

    [Fact]
    public void The_nearest_place_wins()
    {
        using var job = new TestJob();
        job.Write("", "x.txt");
        var nearest = job.Write("", "a/x.txt");
        Assert.Equal(nearest, PathResolver.Resolve(Path.Combine(job.Folder, "a"), "x.txt"));
    }

    [Fact]
    public void An_absolute_path_is_only_looked_for_where_it_points()
    {
        using var job = new TestJob();
        var missing = Path.Combine(job.Folder, "none");
        var e = Assert.Throws<FileNotFoundException>(() => PathResolver.Resolve(job.Folder, missing));
        Assert.Equal($"there is no '{missing}'; looked for {missing}", e.Message);
    }

    [Fact]
    public void A_path_that_is_nowhere_is_refused_with_every_place_and_the_key()
    {
        using var job = new TestJob();
        var reader = new SettingsReader(ConfigurationFactory.ParseString("path = none.txt"), "data");
        var e = Assert.Throws<SettingsException>(() => reader.ExistingPath("path", job.Folder));
        Assert.StartsWith("data.path: there is no 'none.txt'; looked for ", e.Message);
        foreach (var place in new[] { Environment.CurrentDirectory, job.Folder, Path.GetTempPath() })
            Assert.Contains(Path.Combine(place, "none.txt"), e.Message);
    }
}
