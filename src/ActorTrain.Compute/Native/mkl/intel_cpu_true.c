/*
 * MKL asks this function of its own whether the processor is Intel's, and takes its slowest code where it is not. The
 * dynamic loader resolves the call by name, and a library that was loaded before, with RTLD_GLOBAL, comes first.
 */
int mkl_serv_intel_cpu_true(void) { return 1; }
