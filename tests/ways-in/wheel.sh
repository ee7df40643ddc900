#!/usr/bin/env bash
# The wheel in a clean virtual environment: `pip install`, then a finding.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python3 -m venv venv
venv/bin/pip install --quiet --no-index --find-links "$WHEELS" ecrlint
expect 0 venv/bin/ecrlint --version
says "ecrlint "
expect 0 venv/bin/python -c 'from importlib.metadata import metadata; print(metadata("ecrlint")["License-Expression"])'
says "MIT OR Apache-2.0"

expect 0 venv/bin/python -c 'import ecrlint; print(ecrlint.binary_path())'
says "/venv/bin/ecrlint"

cp "$ROOT/fixtures/example/registry.yaml" .
expect 1 venv/bin/python -m ecrlint check registry.yaml
expect 1 venv/bin/ecrlint check registry.yaml
says "error[scan-on-push]" "registry.yaml:53:21"

# Released wheels can capture accounts, too.
expect 0 venv/bin/ecrlint snapshot --print-iam-policy
says "ecr:DescribeRepositories"
