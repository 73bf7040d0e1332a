using System.Text.Json;

namespace ActorTrain.Admin.Tests;

public sealed class AnswerTests
{
    private static readonly CommandDeclaration List = Palettes.Find("train list")!;

    [Fact]
    public void A_table_becomes_an_array_of_objects_whose_numbers_are_numbers()
    {
        var answer = new CommandAnswer(List, [CommandAnswer.Row(List, "job-1", "kjv \"x\"", "running", 7L, 300L, 1.25e-7), CommandAnswer.Row(List, "job-2", "x", "waiting", null, 1L, double.NaN)]);
        var json = JsonDocument.Parse(AnswerJson.Write(answer)).RootElement;
        Assert.Equal(2, json.GetArrayLength());
        Assert.Equal(("kjv \"x\"", 7, 1.25e-7), (json[0].GetProperty("name").GetString(), json[0].GetProperty("step").GetInt64(), json[0].GetProperty("loss").GetDouble()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (json[1].GetProperty("step").ValueKind, json[1].GetProperty("loss").ValueKind));
    }

    [Fact]
    public void A_single_object_stands_alone() =>
        Assert.Equal("""{"done":"left"}""", AnswerJson.Write(CommandAnswer.Done(Palettes.Find("cluster leave")!, "left")));

    [Fact]
    public void A_number_that_JSON_has_not_is_a_text() =>
        Assert.Contains("\"Infinity\"", AnswerJson.Write(new CommandAnswer(List, [CommandAnswer.Row(List, "j", "n", "s", 1, 2, double.PositiveInfinity)])), StringComparison.Ordinal);

    [Fact]
    public void A_row_that_does_not_fit_its_columns_is_refused() =>
        Assert.Throws<ArgumentException>(() => CommandAnswer.Row(List, "job-1"));
}
