using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>
/// One matrix with a row for each token or position. Looks rows up, or is the matrix of a product. (<c>nn.Embedding</c>
/// and <c>nn.Linear</c> draw initial values from torch's process-wide generator when they are made.)
/// </summary>
internal sealed class Table : nn.Module
{
    private readonly Parameter weight;

    public Table(string name, long rows, long width)
        : base(name)
    {
        weight = nn.Parameter(empty(rows, width));
        RegisterComponents();
    }

    /// <summary>The matrix <c>[rows, width]</c>.</summary>
    public Tensor Weight => weight;

    /// <summary>The rows of some indices: <c>[B, L]</c> to <c>[B, L, width]</c>.</summary>
    public Tensor Rows(Tensor indices_BL)
    {
        // The gradients of equal rows must be summed in one order. The backward pass of index_select does that on the CPU,
        // that of index on CUDA, and each is unordered on the other device (see torch.use_deterministic_algorithms).
        if (indices_BL.device_type != TorchSharp.DeviceType.CPU)
            return weight.index(TensorIndex.Tensor(indices_BL));
        return weight.index_select(0, indices_BL.reshape(-1)).view(indices_BL.shape[0], indices_BL.shape[1], -1);
    }

    public void Initialize(Generator generator)
    {
        using var _ = no_grad();
        weight.normal_(0, InitialValues.Deviation, generator);
    }
}
