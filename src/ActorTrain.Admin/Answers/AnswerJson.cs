using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrain.Admin;

/// <summary>Writes answers as JSON, with the columns' names as properties.</summary>
public static class AnswerJson
{
    // Names of files and layers are for people; nothing here goes into a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object for a command that answers with one, otherwise an array of objects.</summary>
    /// <param name="answer">The answer.</param>
    public static string Write(CommandAnswer answer) => Written(writer =>
    {
        if (answer.Command.Answer == AnswerKind.Object && answer.Rows is [var only])
        {
            WriteRow(writer, answer.Command, only);
            return;
        }

        writer.WriteStartArray();
        foreach (var row in answer.Rows)
            WriteRow(writer, answer.Command, row);
        writer.WriteEndArray();
    });

    /// <summary>A row as an object, for streams: one object a line.</summary>
    /// <param name="command">The command.</param>
    /// <param name="row">The row.</param>
    public static string Write(CommandDeclaration command, ImmutableArray<string?> row) => Written(writer => WriteRow(writer, command, row));

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
            write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteRow(Utf8JsonWriter writer, CommandDeclaration command, ImmutableArray<string?> row)
    {
        writer.WriteStartObject();
        foreach (var (column, cell) in command.Columns.Zip(row))
        {
            writer.WritePropertyName(column.Name);
            WriteCell(writer, column.Kind, cell);
        }

        writer.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter writer, CellKind kind, string? cell)
    {
        if (cell is null)
            writer.WriteNullValue();
        else if (kind == CellKind.Flag)
            writer.WriteBooleanValue(cell == "true");
        else if (kind == CellKind.Number && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            writer.WriteRawValue(cell);
        else
            writer.WriteStringValue(cell);
    }
}
