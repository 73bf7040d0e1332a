using System.Globalization;
using System.Xml.Linq;

namespace ActorTrain.Core.Drawing;

/// <summary>A picture as a self-contained SVG document that follows the viewer's light or dark scheme.</summary>
internal static class SvgPicture
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly string Style = $$"""
        text { font: {{Number(PictureStyle.FontSizeOf(""))}}px ui-sans-serif, system-ui, 'DejaVu Sans', sans-serif; }
        .title { font-size: {{Number(PictureStyle.FontSizeOf(PictureStyle.Title))}}px; font-weight: 600; }
        .number { font-size: {{Number(PictureStyle.FontSizeOf(PictureStyle.Number))}}px; text-anchor: middle; }
        {{Fills(c => c.Light)}}
        @media (prefers-color-scheme: dark) { {{Fills(c => c.Dark)}} }
        """;

    /// <summary>Writes the document.</summary>
    /// <param name="picture">The picture.</param>
    public static string Write(Picture picture) => new XDocument(new XElement(
        Svg + "svg",
        Attributes(("viewBox", $"0 0 {Number(picture.Width)} {Number(picture.Height)}"), ("width", Number(picture.Width)), ("height", Number(picture.Height)), ("role", "img")),
        new XElement(Svg + "title", picture.Title),
        new XElement(Svg + "style", Style),
        picture.Items.Select(Element))).ToString() + "\n";

    private static XElement Element(PictureItem item) => item switch
    {
        PictureBox { Label: { } label } box => new XElement(Svg + "g", Rectangle(box), Element(label)),
        PictureBox box => Rectangle(box),
        PictureText text => new XElement(Svg + "text", Attributes(("class", text.Class), ("x", Number(text.X)), ("y", Number(text.Y))), text.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "not an item of a picture"),
    };

    private static XElement Rectangle(PictureBox box)
    {
        var rectangle = new XElement(Svg + "rect", Attributes(
            ("class", box.Class), ("x", Number(box.X)), ("y", Number(box.Y)), ("width", Number(box.Width)), ("height", Number(box.Height)),
            ("rx", Number(box.Class == PictureStyle.Page ? 0 : PictureStyle.Radius))));
        if (box.Opacity < 1)
            rectangle.SetAttributeValue("fill-opacity", Number(box.Opacity));
        if (box.Tip is { } tip)
            rectangle.Add(new XElement(Svg + "title", tip));
        return rectangle;
    }

    private static string Fills(Func<(string Class, string Light, string Dark), string> colour) => string.Join(
        ' ', PictureStyle.Colours.Select(c => $"{(c.Class.Length == 0 ? "text" : $".{c.Class}")} {{ fill: {colour(c)}; }}"));

    private static IEnumerable<XAttribute> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.Select(a => new XAttribute(a.Name, a.Value));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
