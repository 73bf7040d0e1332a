using System.Text.Json;
using ActorTrain.Compute.Safetensors;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>
/// A GPT-2 directory's <c>config.json</c>, as Hugging Face's <c>GPT2Config</c> has it. Keys that are left out of a file have
/// the values that GPT-2 has; other keys concern other programs.
/// </summary>
internal sealed record Gpt2Configuration
{
    private const string FileName = "config.json";
    private const int Gpt2Vocabulary = 50257;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public required string ModelType { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = ["GPT2LMHeadModel"];

    public required int NLayer { get; init; }

    public required int NHead { get; init; }

    public required int NEmbd { get; init; }

    public required int NPositions { get; init; }

    public required int VocabSize { get; init; }

    public int? NInner { get; init; }

    public bool TieWordEmbeddings { get; init; } = true;

    public string ActivationFunction { get; init; } = "gelu_new";

    public double LayerNormEpsilon { get; init; } = Gpt2Settings.NormEpsilon;

    public double ResidPdrop { get; init; } = 0.1;

    public double EmbdPdrop { get; init; } = 0.1;

    public double AttnPdrop { get; init; } = 0.1;

    public bool ScaleAttnWeights { get; init; } = true;

    public bool ScaleAttnByInverseLayerIdx { get; init; }

    /// <summary>The token <c>&lt;|endoftext|&gt;</c>, in GPT-2's own vocabulary.</summary>
    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    /// <summary>The model's settings, for use without training: dropout is 0.</summary>
    public Gpt2Settings Settings => new(NLayer, NEmbd, NHead, NPositions, 0, TieWordEmbeddings);

    public static Gpt2Configuration Of(Gpt2Settings model, int vocabulary) => new()
    {
        ModelType = "gpt2",
        NLayer = model.Layers,
        NHead = model.Heads,
        NEmbd = model.Width,
        NPositions = model.Context,
        VocabSize = vocabulary,
        TieWordEmbeddings = model.TieEmbeddings,
        ResidPdrop = model.Dropout,
        EmbdPdrop = model.Dropout,
        AttnPdrop = model.Dropout,
        BosTokenId = vocabulary == Gpt2Vocabulary ? Gpt2Vocabulary - 1 : null,
        EosTokenId = vocabulary == Gpt2Vocabulary ? Gpt2Vocabulary - 1 : null,
    };

    /// <summary>Reads the file, and refuses a model that is not GPT-2 as we compute it.</summary>
    public static Gpt2Configuration Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        Gpt2Configuration configuration;
        try
        {
            configuration = JsonSerializer.Deserialize<Gpt2Configuration>(File.ReadAllBytes(file), Json)
                ?? throw new SettingsException(file, "is null; a GPT-2 configuration is wanted");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException(file, $"cannot be read as a GPT-2 configuration: {e.Message}", inner: e);
        }

        configuration.Check(file);
        return configuration;
    }

    public void Write(string directory) =>
        AtomicFile.Write(Path.Combine(directory, FileName), file => JsonSerializer.Serialize(file, this, Json));

    /// <summary>Refuses a directory whose model has another size or form than the job's.</summary>
    public void CheckAgainst(Gpt2Settings model, string directory)
    {
        var file = Path.Combine(directory, FileName);
        Same("n_layer", NLayer, "layers", model.Layers);
        Same("n_embd", NEmbd, "width", model.Width);
        Same("n_head", NHead, "heads", model.Heads);
        Same("n_positions", NPositions, "context", model.Context);
        if (model.TieEmbeddings && !TieWordEmbeddings)
            throw new SettingsException(file, "has tie_word_embeddings = false, so tie-embeddings = false is right for the model");

        void Same(string key, int found, string setting, int wanted)
        {
            if (found != wanted)
                throw new SettingsException(file, $"has {key} = {found}, but the model has {setting} = {wanted}");
        }
    }

    private void Check(string file)
    {
        Require(ModelType == "gpt2", $"has model_type = {ModelType}; gpt2 is wanted");
        Require(NLayer > 0 && NEmbd > 0 && NHead > 0 && NPositions > 0 && VocabSize > 0, "has a size that is not above 0");
        Require(NEmbd % NHead == 0, $"has n_head = {NHead}, which does not divide n_embd = {NEmbd}");
        Require(NInner is null || NInner == 4L * NEmbd, $"has n_inner = {NInner}; only four times n_embd, {4L * NEmbd}, can be computed");
        Require(
            ActivationFunction is "gelu_new" or "gelu_pytorch_tanh",
            $"has activation_function = {ActivationFunction}; only gelu_new can be computed");
        Require(
            LayerNormEpsilon == Gpt2Settings.NormEpsilon,
            $"has layer_norm_epsilon = {LayerNormEpsilon}; only {Gpt2Settings.NormEpsilon} can be computed");
        Require(
            ScaleAttnWeights && !ScaleAttnByInverseLayerIdx,
            "scales attention in another way than by the head's width, which cannot be computed");

        void Require(bool right, string problem)
        {
            if (!right)
                throw new SettingsException(file, problem);
        }
    }
}
