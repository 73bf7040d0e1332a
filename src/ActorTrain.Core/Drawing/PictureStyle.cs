using System.Collections.Immutable;

namespace ActorTrain.Core.Drawing;

/// <summary>How the classes of a picture look.</summary>
public static class PictureStyle
{
    /// <summary>The corner radius of boxes.</summary>
    public const double Radius = 3;

    /// <summary>The class of the background.</summary>
    public const string Page = "page";

    /// <summary>The class of titles.</summary>
    public const string Title = "title";

    /// <summary>The class of numbers in boxes, which are centred.</summary>
    public const string Number = "number";

    /// <summary>For each class its colour where the viewer's scheme is light and where it is dark; the empty class is that of all text.</summary>
    public static ImmutableArray<(string Class, string Light, string Dark)> Colours { get; } =
    [
        ("", "#1f2328", "#e6edf3"), ("quiet", "#59636e", "#9198a1"), (Number, "#ffffff", "#ffffff"), ("late", "#1f2328", "#ffffff"),
        (Page, "#ffffff", "#0d1117"), ("row", "#eceff3", "#1d232c"),
        ("f", "#2f6fde", "#3b76dd"), ("l", "#6b4fbb", "#7e63cc"), ("bw", "#1a8a55", "#258a58"), ("b", "#0e8a8a", "#1d8888"),
        ("w", "#b7611a", "#b0641f"), ("u", "#59636e", "#6e7681"),
    ];

    /// <summary>The light colour of a class; of several, separated by blanks, that of the last.</summary>
    /// <param name="kind">The class or classes.</param>
    public static string ColourOf(string kind)
    {
        var last = kind[(kind.LastIndexOf(' ') + 1)..];
        return Colours.FirstOrDefault(c => c.Class == last).Light ?? Colours[0].Light;
    }

    /// <summary>The size of a text's letters, in pixels.</summary>
    /// <param name="kind">The text's class or classes.</param>
    public static double FontSizeOf(string kind) => kind.Split(' ')[0] switch
    {
        Title => 17,
        Number => 12,
        _ => 13,
    };
}
