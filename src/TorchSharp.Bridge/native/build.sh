#!/usr/bin/env bash
# Compiles bridge.cpp against a libtorch. Usage: build.sh OUTPUT.so [LIBTORCH]
# LIBTORCH is a folder with include/ and lib/ (libtorch's archive, or the folder of Python's torch package); without
# it, the libtorch-dev of the system is used. One line on stderr says what is missing.
set -euo pipefail
output=$1
root=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
compiler=${CXX:-g++}

fail() { echo "$1" >&2; exit 1; }

command -v "$compiler" >/dev/null || fail "the native bridge needs a C++ compiler: '$compiler' was not found (Debian: apt-get install g++)"
if [ -n "$root" ]; then
    [ -d "$root" ] || fail "LIBTORCH is '$root', which is not a folder"
    root=$(cd "$root" && pwd)
    include=$root/include
    libraries=$root/lib
    config=$root/share/cmake/Torch/TorchConfig.cmake
else
    include=/usr/include
    libraries=/usr/lib/$("$compiler" -dumpmachine)
    config=$libraries/cmake/Torch/TorchConfig.cmake
fi
[ -f "$include/torch/csrc/autograd/autograd.h" ] ||
    fail "no libtorch headers under '$include' (Debian: apt-get install libtorch-dev; else set LIBTORCH to a libtorch folder)"
[ -e "$libraries/libtorch_cpu.so" ] || fail "no libtorch_cpu.so under '$libraries'"

# The C++ ABI must be libtorch's own (where its configuration names none, it is the compiler's default), and its headers
# may ask for a later standard than 17. NDEBUG, as libtorch's releases have it: inline code and layouts depend on it.
standard=17
flags=(-DNDEBUG)
if [ -f "$config" ]; then
    asked=$(grep -oE 'CXX_STANDARD [0-9]+' "$config" | grep -oE '[0-9]+' | head -n 1 || true)
    if [ "${asked:-0}" -gt "$standard" ]; then standard=$asked; fi
    abi=$(grep -oE '_GLIBCXX_USE_CXX11_ABI=[01]' "$config" | head -n 1 || true)
    if [ -n "$abi" ]; then flags+=("-D$abi"); fi
fi
# -z defs: a library of another ABI or version fails here, by the symbol's name, instead of when it is loaded.
links=("-Wl,-z,defs" -ltorch -ltorch_cpu -lc10 -ldl)
# Nothing here refers to torch_cuda's symbols: its operators register themselves when it is loaded.
if [ -e "$libraries/libtorch_cuda.so" ]; then links=("-Wl,--no-as-needed" -ltorch_cuda "${links[@]}"); fi
if [ -n "$root" ]; then
    flags+=(-I"$include" -I"$include/torch/csrc/api/include")
    links=("-L$libraries" "-Wl,-rpath,$libraries" "${links[@]}")
else
    flags+=(-I"$include/torch/csrc/api/include")
fi

mkdir -p "$(dirname "$output")"
"$compiler" -std=c++"$standard" -O2 -fPIC -shared -fvisibility=hidden "${flags[@]}" \
    "$here/bridge.cpp" -o "$output.tmp" "${links[@]}"
mv "$output.tmp" "$output"
