#!/bin/sh
# Builds every fuzz target and runs each for some seconds: fuzz/all.sh SECONDS [CORPUS]
# Ends with the first that fails. New inputs are kept in CORPUS/TARGET, else in fuzz/corpus/TARGET.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: fuzz/all.sh SECONDS [CORPUS]" >&2
    exit 2
fi
seconds=$1
if [ $# -eq 2 ]; then
    mkdir -p "$2"
    FUZZ_CORPUS=$(cd "$2" && pwd)
    export FUZZ_CORPUS
fi
cd "$(dirname "$0")"

for file in targets/*.rs; do
    # Files without an entry point are shared by the others.
    grep -q '^fuzz_target!' "$file" || continue
    target=$(basename "$file" .rs)
    printf '\n== %s\n' "$target"
    ./run.sh "$target" "$seconds"
done
