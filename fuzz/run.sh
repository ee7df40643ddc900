#!/bin/sh
# Fuzzes one target for some seconds: fuzz/run.sh TARGET SECONDS
# Runs on the stable toolchain; needs a C++ compiler for the engine. New inputs are kept in
# FUZZ_CORPUS/TARGET (an absolute path), else in corpus/TARGET. FUZZ_OPT_LEVEL=1 builds sooner what runs slower.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: fuzz/run.sh TARGET SECONDS" >&2
    exit 2
fi
target=$1
seconds=$2
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')

RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=${FUZZ_OPT_LEVEL:-3} \
    nice -n 19 cargo build --locked --release --target "$host" --bins

# Absolute, since a target may change its working directory, and libFuzzer comes back to its folders while it runs.
here=$(pwd)
corpus=${FUZZ_CORPUS:-$here/corpus}/$target
artifacts=$here/artifacts/$target
seeds=$here/seeds/$target
binary=${CARGO_TARGET_DIR:-target}/$host/release/$target
mkdir -p "$corpus" "$artifacts" "$seeds"
dictionary=
[ -f "dictionaries/$target.txt" ] && dictionary="-dict=dictionaries/$target.txt"
exec nice -n 19 "$binary" "$corpus" "$seeds" \
    -max_total_time="$seconds" -max_len=4096 -timeout=30 -rss_limit_mb=1024 \
    $dictionary -artifact_prefix="$artifacts/"
