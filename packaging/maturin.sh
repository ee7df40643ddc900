#!/usr/bin/env bash
# Runs maturin in the version of packaging/maturin.txt, installed from PyPI by its hash where it is not yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=${CARGO_TARGET_DIR:-target}/packaging
maturin=$tools/bin/maturin
python=$tools/bin/python
if [[ ${OS:-} == Windows_NT ]]; then
  maturin=$tools/Scripts/maturin.exe
  python=$tools/Scripts/python.exe
fi
if [[ ! -x $maturin ]]; then
  "$(command -v python3 || command -v python)" -m venv "$tools"
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement packaging/maturin.txt
fi
exec "$maturin" "$@"
