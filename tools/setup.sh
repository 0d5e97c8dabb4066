# Sourced by ./run and ./test: packages, configuring and building, with the seconds since the start on standard error.
# Expects $root, the folder of the project.

packages_cli=(build-essential cmake ninja-build ccache libfmt-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev
  libexpected-dev libxxhash-dev libgmp-dev zlib1g-dev)
packages_bench=(libquantlib0-dev libeigen3-dev)
packages_test=(libgtest-dev librapidcheck-dev clang clang-format clang-tidy libclang-rt-14-dev qemu-user git
  pkgconf python3 python3-yaml python3-jsonschema python3-numpy python3-mpmath)

say() { printf '[%3d s] %s\n' "$SECONDS" "$*" >&2; }

stop() {
  printf 'margrave: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what is missing of the named Debian packages; silent and quick when nothing is.
install_packages() {
  command -v dpkg-query >/dev/null || stop "this needs Debian 12 or a relative of it"
  local have missing=() package log
  have=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
  for package in "$@"; do
    [[ $have == *" installed:$package "* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    stop "these packages are missing, and without sudo only root can install them: ${missing[*]}"
  say "installing ${missing[*]}"
  log=$(mktemp)
  as_root apt-get update >"$log" 2>&1 || say "apt-get update complained; trying with the lists that are there"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" \
    >>"$log" 2>&1; then
    tail -n 30 "$log" >&2
    stop "the packages could not be installed; the whole log is $log"
  fi
  rm -f "$log"
}

# configure PRESET [-DNAME=VALUE ...]: only if the folder is new, was made elsewhere, or lacks one of the settings.
configure() {
  local preset=$1 folder="$root/build/$1" setting fresh=yes log
  shift
  if [ -f "$folder/build.ninja" ] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    fresh=no
    for setting in "$@"; do
      setting=${setting#-D}
      grep -qxF "${setting/=/:BOOL=}" "$folder/CMakeCache.txt" || fresh=yes
    done
  else
    rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
  fi
  [ $fresh = no ] && return
  say "configuring build/$preset"
  mkdir -p "$folder"
  log=$folder/configure.log
  if ! (cd "$root" && cmake --preset "$preset" "$@" >"$log" 2>&1); then
    tail -n 30 "$log" >&2
    return 1
  fi
}

# build PRESET [TARGET ...]: all targets if none is named. Says nothing if there is nothing to do.
build() {
  local preset=$1 folder="$root/build/$1" log
  shift
  log=$folder/build.log
  if ! NINJA_STATUS='[%f/%t] ' cmake --build "$folder" -j "$(nproc)" ${1:+--target "$@"} 2>&1 | tee "$log" |
    build_progress "$preset"; then
    grep -n -m 20 -A 3 -E 'error|FAILED|undefined reference' "$log" >&2 || tail -n 30 "$log" >&2
    say "build/$preset failed; the whole log is $log"
    return 1
  fi
}

# Every ten seconds how far ninja has come.
build_progress() {
  local line next=0 preset=$1
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+/[0-9]+)\]\ (Building|Linking) ]] || continue
    if [ $next = 0 ]; then say "building in build/$preset"; fi
    if [ $next != 0 ] && [ $SECONDS -ge $next ]; then say "  ${BASH_REMATCH[1]}"; fi
    if [ $next = 0 ] || [ $SECONDS -ge $next ]; then next=$((SECONDS + 10)); fi
  done
}

# The compiler cache keeps its files in the home folder; without one, here.
if [ ! -w "${HOME:-/nonexistent}" ]; then export CCACHE_DIR="${CCACHE_DIR:-$root/.cache/ccache}"; fi
