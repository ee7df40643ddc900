#!/usr/bin/env bash
# Sorts what packaging/build.sh has built for all targets into what is published where:
#
#   packaging/pack.sh DIST PACKED
#
# PACKED/release: archives, bills of materials, the formula for Homebrew, rows for packaging/checksums.txt, SHA256SUMS
# PACKED/pypi: wheels and the source distribution · PACKED/npm: packages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dist=$1
packed=$2
mkdir -p "$packed"/{release,pypi,npm}
cp "$dist"/ecrlint-v* "$packed/release/"
cp "$dist"/*.whl "$packed/pypi/"
packaging/maturin.sh sdist --out "$packed/pypi"
python3 packaging/npm.py "$dist" "$packed/npm"
python3 packaging/checksums.py "$packed/release"
python3 packaging/homebrew.py "$packed/release" > "$packed/release/ecrlint.rb"
python3 packaging/checksums.py "$packed/release"
