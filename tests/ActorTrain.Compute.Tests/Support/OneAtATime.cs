// Torch's threads would compete for the cores, and the counts of live tensors are the whole process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
