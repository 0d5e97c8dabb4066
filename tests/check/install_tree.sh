#!/usr/bin/env bash
# Installs the build tree given as $1 into an empty prefix and builds examples/embed against it, outside the tree: once
# with find_package and once with pkg-config. Both must run and say the same.
set -euo pipefail
build=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
cp -r "$source/examples/embed" "$work/embed"

# Headers of the tree itself must not be found by accident: nothing below names it.
cmake -S "$work/embed" -B "$work/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release \
  >"$work/configure.log" 2>&1 || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/cmake" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
"$work/cmake/embed" >"$work/by_cmake.txt"

export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig:$work/prefix/lib/x86_64-linux-gnu/pkgconfig"
# The words of pkg-config are separate arguments; the prefix comes from mktemp and has no spaces.
# shellcheck disable=SC2046
"${CXX:-c++}" -std=c++20 -O2 $(pkg-config --cflags margrave) "$work/embed/main.cpp" -o "$work/by_pkg_config" \
  $(pkg-config --libs margrave)
"$work/by_pkg_config" >"$work/by_pkg_config.txt"

cmp "$work/by_cmake.txt" "$work/by_pkg_config.txt"
cat "$work/by_cmake.txt"
[ -s "$work/by_cmake.txt" ] || { echo "the example printed nothing"; exit 1; }
if grep -rl --include='*.cmake' --include='*.pc' -- "$source" "$work/prefix"; then
  echo "the installed files above name the source tree"
  exit 1
fi
echo "installed headers: $(find "$work/prefix/include" -name '*.h' | wc -l)"
