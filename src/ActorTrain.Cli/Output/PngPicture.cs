using ActorTrain.Core.Drawing;
using SkiaSharp;

namespace ActorTrain.Cli.Output;

/// <summary>A picture as PNG, in the light scheme.</summary>
internal static class PngPicture
{
    // Sharp on screens of high resolution, and in print.
    private const float Scale = 2;

    // Viewers give up on wider ones.
    private const int MostPixels = 16_000;

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="picture">The picture.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Picture picture)
    {
        var scale = Math.Min(Scale, MostPixels / (float)Math.Max(picture.Width, picture.Height));
        using var surface = SKSurface.Create(new SKImageInfo((int)Math.Ceiling(picture.Width * scale), (int)Math.Ceiling(picture.Height * scale)));
        surface.Canvas.Scale(scale);
        using var regular = SKTypeface.FromFamilyName("DejaVu Sans");
        using var bold = SKTypeface.FromFamilyName("DejaVu Sans", SKFontStyle.Bold);
        foreach (var item in picture.Items)
            Paint(surface.Canvas, item, regular, bold);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        png.SaveTo(file);
    }

    private static void Paint(SKCanvas canvas, PictureItem item, SKTypeface regular, SKTypeface bold)
    {
        using var paint = new SKPaint { Color = SKColor.Parse(PictureStyle.ColourOf(item.Class)), IsAntialias = true };
        switch (item)
        {
            case PictureBox box:
                paint.Color = paint.Color.WithAlpha((byte)Math.Round(byte.MaxValue * box.Opacity));
                var radius = box.Class == PictureStyle.Page ? 0 : (float)PictureStyle.Radius;
                canvas.DrawRoundRect(SKRect.Create((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height), radius, radius, paint);
                if (box.Label is { } label)
                    Paint(canvas, label, regular, bold);
                break;
            case PictureText text:
                using (var font = new SKFont(text.Class == PictureStyle.Title ? bold : regular, (float)PictureStyle.FontSizeOf(text.Class)))
                    canvas.DrawText(text.Text, (float)text.X, (float)text.Y, text.Class.StartsWith(PictureStyle.Number, StringComparison.Ordinal) ? SKTextAlign.Center : SKTextAlign.Left, font, paint);
                break;
        }
    }
}
