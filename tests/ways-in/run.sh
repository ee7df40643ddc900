#!/usr/bin/env bash
# Each way to get ecrlint, from an empty HOME to a finding, with the time it took. Builds the static binary once, as
# releases do but for optimization, which alone takes minutes, and needs Rust, Python 3.11 or newer with venv, Node.js with
# npm, and the registries crates.io, PyPI and npm. With OPTIMIZED=1 it is what is released.
#
#   tests/ways-in/run.sh [WAY]...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$here/../.." && pwd)
cd "$ROOT"

every=(binary wheel pre-commit action npm cdk-typescript cdk-python release)
ways=("${@:-${every[@]}}")
target=$(rustc -vV | sed -n 's/^host: //p')
DEV_TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
scratch=$DEV_TARGET/ways-in
rm -rf "$scratch"
mkdir -p "$scratch"

# What is installed lies in the HOME that is taken away.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export PATH="$CARGO_HOME/bin:$PATH"
export PIP_DISABLE_PIP_VERSION_CHECK=1

if [[ -z ${OPTIMIZED:-} ]]; then
  export CARGO_PROFILE_DIST_OPT_LEVEL=0 CARGO_PROFILE_DIST_LTO=off CARGO_PROFILE_DIST_CODEGEN_UNITS=16
fi

table=()
# Runs a command and notes how long it took.
timed() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n-- %s\n' "$name"
  "$@"
  table+=("$(printf '%-16s %4d s' "$name" $((SECONDS - begun)))")
}

in_empty_home() {
  local way=$1 folder=$scratch/$1
  mkdir -p "$folder/home"
  (
    cd "$folder"
    unset "${!XDG_@}" "${!GITHUB_@}" "${!RUNNER_@}"
    env -u CI HOME="$folder/home" timeout 900 bash "$here/$way.sh"
  )
}

timed "build" packaging/build.sh "$target" "$scratch/dist"
VERSION=$(python3 packaging/version.py)
BINARY=${CARGO_TARGET_DIR:-$ROOT/target}/$target/dist/ecrlint
WHEELS=$scratch/dist
DIST=$scratch/dist
TARGET=$target
export ROOT VERSION BINARY WHEELS DIST TARGET DEV_TARGET
for way in "${ways[@]}"; do
  timed "$way" in_empty_home "$way"
done
rm -rf "$scratch"
printf '\nways in, each from an empty HOME to a finding:\n'
printf '  %s\n' "${table[@]}"
