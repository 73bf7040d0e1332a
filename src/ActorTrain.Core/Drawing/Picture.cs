using System.Collections.Immutable;

namespace ActorTrain.Core.Drawing;

/// <summary>A drawing that is laid out: what is where, in pixels, in the order in which it is painted.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Title">What it shows, for those who cannot see it.</param>
/// <param name="Items">What is on it.</param>
public sealed record Picture(double Width, double Height, string Title, ImmutableArray<PictureItem> Items);

/// <summary>Something on a picture.</summary>
/// <param name="Class">What it is, which says how it looks; see <see cref="PictureStyle"/>.</param>
/// <param name="X">The left edge, or where the text stands.</param>
/// <param name="Y">The upper edge, or the text's base line.</param>
public abstract record PictureItem(string Class, double X, double Y);

/// <summary>A rectangle.</summary>
/// <param name="Class">What it is.</param>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Opacity">From 0 to 1.</param>
/// <param name="Tip">What a viewer shows when it is pointed at, or null.</param>
/// <param name="Label">A text in it, or null.</param>
public sealed record PictureBox(
    string Class, double X, double Y, double Width, double Height, double Opacity = 1, string? Tip = null, PictureText? Label = null)
    : PictureItem(Class, X, Y);

/// <summary>A text.</summary>
/// <param name="Class">What it is; of several, separated by blanks, the last wins.</param>
/// <param name="X">Its start, or its middle where the class says so.</param>
/// <param name="Y">Its base line.</param>
/// <param name="Text">The text.</param>
public sealed record PictureText(string Class, double X, double Y, string Text) : PictureItem(Class, X, Y);
