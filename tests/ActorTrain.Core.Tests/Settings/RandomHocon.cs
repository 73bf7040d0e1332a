using System.Text;
using CsCheck;

namespace ActorTrain.Core.Tests.Settings;

/// <summary>Well-formed HOCON in any style, with the line of each key.</summary>
/// <param name="Text">The text.</param>
/// <param name="Keys">The full keys of the values and their lines, from 1.</param>
internal sealed record RandomHocon(string Text, IReadOnlyList<(string Path, int Line)> Keys)
{
    private const int Depth = 3;

    /// <summary>Random configuration. The decisions are a list of numbers, so that a failing one shrinks.</summary>
    public static Gen<RandomHocon> Gen { get; } = CsCheck.Gen.UInt.Array[0, 60].Select(choices => new Writer(choices).Write());

    private sealed class Writer(uint[] choices)
    {
        private static readonly string[] Blanks =
            ["\n", "\n\n", "\n# x = { \"\n", "\n// y = [\n", " # } z\n", "\n  \t\n"];

        private static readonly string[] Values =
        [
            "1", "-2.5e3", "word", "two words", "\"a = { # \\\" }\"", "\"\"\"t\n{ k = 1\n\"\"\"", "[]", "[1, \"2\" ,three]",
            "[\n1 # one\n\"]\"\n]", "/a/b.c", "[{ x = 1 }, [2]]", "on // off", "{ }",
        ];

        private readonly StringBuilder _text = new();
        private readonly List<(string, int)> _keys = [];
        private int _next;

        public RandomHocon Write()
        {
            Members("", Depth);
            return new RandomHocon(_text.ToString(), _keys);
        }

        private void Members(string prefix, int depth)
        {
            for (var i = 0; _next < choices.Length && (i == 0 || Choose(5) != 0); i++)
                Member(prefix, $"k{i}", depth);
        }

        private void Member(string prefix, string name, int depth)
        {
            var key = Choose(4) switch
            {
                0 => $"\"{name} q\"",
                1 => $"{name}.sub-key",
                2 => $"{name}.\"1f1b\"",
                _ => name,
            };
            var path = prefix + key.Replace("\"", "");
            _keys.Add((path, _text.ToString().Count(c => c == '\n') + 1));
            _text.Append(key);
            if (depth > 0 && Choose(3) == 0)
            {
                _text.Append(Pick(" {", "{", "\n{", " = {", ": {")).Append(Pick(Blanks));
                Members(path + ".", depth - 1);
                _text.Append('}');
            }
            else
            {
                _text.Append(Pick(" = ", "=", ": ", " =\n ")).Append(Pick(Values));
            }

            _text.Append(Pick(Blanks));
        }

        private string Pick(params string[] options) => options[Choose(options.Length)];

        private int Choose(int count) => _next < choices.Length ? (int)(choices[_next++] % (uint)count) : count - 1;
    }
}
