#!/usr/bin/env bash
# Builds everything that is released for one target, on a machine of it: the archive, the wheel and the bill of materials.
# One compilation serves all: maturin builds the binary that it packs, and leaves it where cargo does.
#
#   packaging/build.sh TARGET DIST
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=$1
mkdir -p "$2"
dist=$(cd "$2" && pwd)
binary=${CARGO_TARGET_DIR:-target}/$target/dist/ecrlint
python=$(command -v python3 || command -v python)

# Static on Linux, and on Windows without the runtime of Visual C++: the binary needs nothing beside it.
case $target in
  *-linux-musl)
    platform=(musllinux_1_1 manylinux2014)
    flags="-C target-feature=+crt-static"
    ;;
  *-linux-gnu)
    platform=(manylinux2014)
    flags="-C target-feature=+crt-static"
    ;;
  *-windows-msvc)
    platform=(pypi)
    flags="-C target-feature=+crt-static"
    binary=$binary.exe
    ;;
  *)
    platform=(pypi)
    flags=
    ;;
esac

RUSTFLAGS=$flags packaging/maturin.sh build --target "$target" --compatibility "${platform[@]}" --out "$dist"
"$python" packaging/archive.py "$target" "$binary" "$dist"
version=$("$python" packaging/version.py)
"$python" packaging/sbom.py "$target" > "$dist/ecrlint-v$version-$target.cdx.json"
