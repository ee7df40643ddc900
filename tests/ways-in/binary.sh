#!/usr/bin/env bash
# The archive of a release: the binary runs where there is nothing else, as somebody without rights.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tar -xzf "$DIST/ecrlint-v$VERSION-$TARGET.tar.gz"
cd "ecrlint-v$VERSION-$TARGET"
for name in LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md man/ecrlint.1 completions/_ecrlint completions/ecrlint.bash; do
  [[ -s $name ]] || die "the archive lacks $name"
done
cd ..

# As packaging/Dockerfile says: the binary, a working directory, a user who owns nothing.
mkdir -p root/work
cp "ecrlint-v$VERSION-$TARGET/ecrlint" root/ecrlint
cp "$ROOT/fixtures/example/registry.yaml" root/work/
expect 1 inside root /ecrlint check /work/registry.yaml
says "error[scan-on-push]" "/work/registry.yaml:53:21"
expect 0 inside root /ecrlint explain scan-on-push
