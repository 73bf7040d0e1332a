using PublicApiGenerator;

namespace ActorTrain.Hosting.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        var api = typeof(ITrainingService).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        var approved = Path.Combine(AppContext.BaseDirectory, "ActorTrain.Hosting.approved.txt");
        if (api.Trim() == File.ReadAllText(approved).Trim())
            return;
        File.WriteAllText(approved.Replace("approved", "received", StringComparison.Ordinal), api);
        Assert.Fail($"the public API has changed: compare {approved} with the received one beside it, and copy it over the approved one in the tests when the change is meant");
    }
}
