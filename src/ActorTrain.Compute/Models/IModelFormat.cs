using TorchSharp;

namespace ActorTrain.Compute.Models;

/// <summary>How a model is stored outside of ActorTrain, such as a Hugging Face directory.</summary>
public interface IModelFormat
{
    /// <summary>Writes the model.</summary>
    /// <param name="directory">Made when it does not exist; files in it are replaced one by one, atomically.</param>
    /// <param name="parameters">For each layer of the model its parameters by name, on the CPU.</param>
    void Save(string directory, IReadOnlyList<IReadOnlyDictionary<string, torch.Tensor>> parameters);

    /// <summary>Reads one layer's parameters into the tensors given; each is overwritten.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="layer">The layer's place in the model.</param>
    /// <param name="parameters">The layer's parameters by name, on the CPU.</param>
    /// <exception cref="Core.Settings.SettingsException">The directory holds another model, or a file is missing or malformed.</exception>
    void Load(string directory, int layer, IReadOnlyDictionary<string, torch.Tensor> parameters);
}
