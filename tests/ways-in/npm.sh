#!/usr/bin/env bash
# The packages of npm in an empty project: `npm install ecrlint` brings the binary of this system and runs nothing, and
# `npx ecrlint` ends in a finding.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/tests/ways-in/npm-registry.sh"

mkdir project
cd project
npm init --yes > /dev/null
npm install --ignore-scripts --no-audit --no-fund --silent ecrlint
[[ $(ls node_modules/@ecrlint) == "$SYSTEM" ]] || die "expected the binary of $SYSTEM alone, not: $(ls node_modules/@ecrlint)"

cp "$ROOT/fixtures/example/registry.yaml" .
expect 1 npx --no-install ecrlint check registry.yaml
says "error[scan-on-push]" "registry.yaml:53:21"
expect 0 npx --no-install ecrlint --version
says "ecrlint $VERSION"
expect 2 npx --no-install ecrlint check missing.yaml

# Without optional dependencies there is no binary, and that is said.
rm -rf node_modules/@ecrlint
expect 2 npx --no-install ecrlint --version
says "there is no package \`@ecrlint/$SYSTEM\`"
