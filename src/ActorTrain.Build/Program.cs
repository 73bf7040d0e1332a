using ActorTrain.Build;

if (args is not [var source, var destination])
{
    Console.Error.WriteLine("usage: ActorTrain.Build ORIGINAL COPY\nWrites a copy of libLibTorchSharp.so that loads with an older libstdc++.");
    return 2;
}

try
{
    Console.WriteLine($"{destination}: {WeakVersionPatch.Apply(source, destination)}");
    return 0;
}
catch (Exception e) when (e is PatchException or IOException or UnauthorizedAccessException)
{
    // The form that MSBuild recognizes as an error of a file.
    Console.Error.WriteLine($"{source} : error TORCH1: cannot make a copy that loads everywhere: {e.Message}");
    return 1;
}
