// Runs pin threads to one core and count live tensors, so they do not share the process with one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
