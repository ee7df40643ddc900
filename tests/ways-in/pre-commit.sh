#!/usr/bin/env bash
# Hooks of `.pre-commit-hooks.yaml`, run by the pre-commit of PyPI in a scratch repository: a commit with a finding is
# refused. `system` takes the binary on PATH; `python` installs the checkout, as `pip install .` does; and a hook of the
# user's own takes the wheel, which needs no Rust.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python3 -m venv tools
tools/bin/pip install --quiet --requirement "$ROOT/tests/ways-in/pre-commit.txt"
export PATH="$PWD/tools/bin:$PATH"
git config --global user.name somebody
git config --global user.email somebody@example.com
git config --global init.defaultBranch main
git config --global safe.directory '*'
git config --global protocol.file.allow always

# The checkout as a repository that hooks come from, with what is not committed yet.
mkdir hooks
(cd "$ROOT" && git ls-files --cached --others --exclude-standard -z | tar --create --null --verbatim-files-from --files-from - --ignore-failed-read) | tar -xf - -C hooks
git -C hooks init --quiet
git -C hooks add --all
git -C hooks commit --quiet --message "state of the checkout"
revision=$(git -C hooks rev-parse HEAD)

# A fresh repository with one hook, which may commit what is not ours and may not commit what has a finding.
refuses() {
  local name=$1 configuration=$2
  git init --quiet "$name"
  printf '%s\n' "$configuration" > "$name/.pre-commit-config.yaml"
  (
    cd "$name"
    printf '{"name": "not-ours"}\n' > package.json
    git add --all
    expect 0 pre-commit install
    expect 0 git commit --message "nothing of ours"
    says "Passed"
    cp "$ROOT/fixtures/example/registry.yaml" "my registry.yaml"
    git add --all
    expect 1 git commit --message "a finding"
    says "Failed" "error[scan-on-push]" "my registry.yaml:53:21"
  )
}

from_checkout="repos:
  - repo: file://$PWD/hooks
    rev: $revision
    hooks: [{ id: %s }]"

PATH="$(dirname "$BINARY"):$PATH" refuses system "$(printf "$from_checkout" ecrlint-system)"

PIP_FIND_LINKS=$WHEELS refuses wheel "repos:
  - repo: local
    hooks:
      - id: ecrlint
        name: ecrlint
        entry: ecrlint check --skip-foreign
        language: python
        additional_dependencies: [ecrlint==$VERSION]
        files: \\.(json|ya?ml|template)\$
        require_serial: true"

# Dependencies are those of the static binary, so that only ecrlint itself is compiled again.
export RUSTFLAGS="-C target-feature=+crt-static" MATURIN_PEP517_ARGS="--target $TARGET" CARGO_TARGET_DIR=$DEV_TARGET
refuses python "$(printf "$from_checkout" ecrlint)"
