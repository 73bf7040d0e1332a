#!/bin/sh
# Builds intel_cpu_true.so, which is kept in the repository because users have only the .NET SDK. It needs no other
# library and holds nothing but one function, so that the same compiler always gives the same bytes.
set -eu
cd "$(dirname "$0")"
gcc -shared -nostdlib -O2 -fPIC -fno-ident -fno-asynchronous-unwind-tables -fcf-protection=none \
    -Wl,-soname,intel_cpu_true.so -Wl,--build-id=none -Wl,--hash-style=gnu -Wl,-z,noexecstack -Wl,-z,noseparate-code \
    -s -o "${1:-intel_cpu_true.so}" intel_cpu_true.c
