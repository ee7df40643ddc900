#!/bin/sh
# Keeps what a target found out: adds to seeds/TARGET the inputs of corpus/TARGET that reach code which the
# seeds do not, the smallest for each: fuzz/minimise.sh TARGET [LARGEST_SIZE_IN_BYTES]
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: fuzz/minimise.sh TARGET [LARGEST_SIZE_IN_BYTES]" >&2
    exit 2
fi
target=$1
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
binary=${CARGO_TARGET_DIR:-target}/$host/release/$target
here=$(pwd)
exec "$binary" -merge=1 -max_len="${2:-1024}" "$here/seeds/$target" "${FUZZ_CORPUS:-$here/corpus}/$target"
