#!/usr/bin/env bash
# The steps of `action.yml`, run as GitHub runs them: from a fork, in a private repository, without a token, cancelled, with a
# binary that crashes, and more; `action.py` has each.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python3 -m venv tools
tools/bin/pip install --quiet --requirement "$ROOT/tests/ways-in/action.txt"
mkdir jobs
tools/bin/python "$ROOT/tests/ways-in/action.py" "$PWD/jobs"
