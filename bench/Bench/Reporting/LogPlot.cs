using System.Globalization;
using System.Net;
using System.Text;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>An axis whose ends are powers of ten.</summary>
internal sealed record Axis(string Title, double From, double To)
{
    /// <summary>Where a value stands, from 0 to 1; what is beyond an end stands at it.</summary>
    public double Place(double value) => Math.Clamp(Math.Log10(value / From) / Math.Log10(To / From), 0, 1);

    /// <summary>The powers of ten.</summary>
    public IEnumerable<double> Ticks()
    {
        for (var tick = From; tick <= To * 1.001; tick *= 10)
        {
            yield return tick;
        }
    }
}

/// <summary>A line of points with a name.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A plot of lines on two logarithmic axes, as SVG that is readable on light and dark pages.</summary>
internal static class LogPlot
{
    private const int Width = 860;
    private const int Height = 480;
    private const int Left = 70;
    private const int Right = 230;
    private const int Top = 20;
    private const int Bottom = 60;

    // Tell apart for those who do not see all colours (Okabe and Ito), the gateway's first.
    private static readonly string[] Colours =
    [
        "#d55e00",
        "#0072b2",
        "#009e73",
        "#cc79a7",
        "#e69f00",
        "#56b4e9",
        "#7a5195",
        "#444444",
    ];

    /// <summary>Writes the file.</summary>
    public static void Write(string file, Axis x, Axis y, IReadOnlyList<Series> lines)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n"
        );
        Grid(svg, x, y);
        for (var i = 0; i < lines.Count; i++)
        {
            Line(svg, x, y, lines[i], Colours[i % Colours.Length], Top + 12 + (i * 22));
        }

        File.WriteAllText(file, svg.Append("</svg>\n").ToString());
    }

    private static void Grid(StringBuilder svg, Axis x, Axis y)
    {
        foreach (var tick in x.Ticks())
        {
            var at = AcrossOf(x, tick);
            Rule(svg, at, Top, at, Height - Bottom);
            Text(svg, at, Height - Bottom + 18, "middle", tick.ToString("N0", CultureInfo.InvariantCulture));
        }

        foreach (var tick in y.Ticks())
        {
            var at = DownOf(y, tick);
            Rule(svg, Left, at, Width - Right, at);
            Text(svg, Left - 8, at + 4, "end", tick.ToString("#,0.##", CultureInfo.InvariantCulture));
        }

        Text(svg, (Left + Width - Right) / 2.0, Height - 16, "middle", x.Title);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{y.Title}</text>\n"
        );
    }

    private static void Line(StringBuilder svg, Axis x, Axis y, Series line, string colour, int legend)
    {
        var points = line.Points.Select(point => (X: AcrossOf(x, point.X), Y: DownOf(y, point.Y))).ToList();
        var path = string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.X:F1},{point.Y:F1}")));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n"
        );
        foreach (var (across, down) in points)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<circle cx=\"{across:F1}\" cy=\"{down:F1}\" r=\"3.5\" fill=\"{colour}\"/>\n"
            );
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{Width - Right + 20}\" y=\"{legend - 10}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\n"
        );
        Text(svg, Width - Right + 38, legend + 1, "start", line.Name.Replace("`", "", StringComparison.Ordinal));
    }

    private static double AcrossOf(Axis axis, double value) => Left + (axis.Place(value) * (Width - Left - Right));

    private static double DownOf(Axis axis, double value) =>
        Height - Bottom - (axis.Place(value) * (Height - Top - Bottom));

    private static void Rule(StringBuilder svg, double fromX, double fromY, double toX, double toY) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{fromX:F1}\" y1=\"{fromY:F1}\" x2=\"{toX:F1}\" y2=\"{toY:F1}\" stroke=\"#dddddd\"/>\n"
        );

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>\n"
        );
}
