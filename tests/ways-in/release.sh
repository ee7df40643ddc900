#!/usr/bin/env bash
# What a release does, as far as one machine can: workflows and the action are looked over, everything is packed, the image is
# laid out and its binary run as its user. What the other systems would add is stood in for by this one's archive.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python3 -m venv tools
tools/bin/pip install --quiet --requirement "$ROOT/tests/ways-in/release.txt"

# The workflows of this repository, the action, and the workflow that README.md shows.
mkdir -p shown/.github/workflows
sed -n '/^### In GitHub Actions/,/^### /{/^```yaml/,/^```/{/^```/!p}}' "$ROOT/README.md" > shown/.github/workflows/ecr.yml
[[ -s shown/.github/workflows/ecr.yml ]] || die "README.md shows no workflow"
expect 0 tools/bin/zizmor --offline --no-progress --persona pedantic "$ROOT/.github" "$ROOT/action.yml"
expect 0 tools/bin/zizmor --offline --no-progress shown/.github
expect 0 tools/bin/actionlint "$ROOT"/.github/workflows/*.yml shown/.github/workflows/ecr.yml

# A tag that is not the version is refused.
expect 0 python3 "$ROOT/packaging/version.py"
expect 1 python3 "$ROOT/packaging/version.py" "v$VERSION.1"
says "the tag is v$VERSION.1"

# The archive is the same whenever it is packed.
python3 "$ROOT/packaging/archive.py" "$TARGET" "$BINARY" again > /dev/null
cmp "$DIST/ecrlint-v$VERSION-$TARGET.tar.gz" "again/ecrlint-v$VERSION-$TARGET.tar.gz"

# Archives under the names of all targets, so that everything that reads them finds them.
targets=(aarch64-apple-darwin aarch64-unknown-linux-musl x86_64-apple-darwin x86_64-pc-windows-msvc x86_64-unknown-linux-musl)
mkdir dist named
cp "$BINARY" named/ecrlint
cp "$BINARY" named/ecrlint.exe
for target in "${targets[@]}"; do
  binary=ecrlint
  [[ $target != *windows* ]] || binary=ecrlint.exe
  python3 "$ROOT/packaging/archive.py" "$target" "named/$binary" dist > /dev/null
  (cd "$ROOT" && python3 packaging/sbom.py "$target") > "dist/ecrlint-v$VERSION-$target.cdx.json"
done
cp "$WHEELS"/*.whl dist/
CARGO_TARGET_DIR=$DEV_TARGET "$ROOT/packaging/pack.sh" "$PWD/dist" "$PWD/packed" > /dev/null 2>&1
(cd packed/release && sha256sum --quiet --check SHA256SUMS)
expect 0 ls packed/npm packed/pypi
says "ecrlint-cdk-$VERSION.tgz" "ecrlint-darwin-arm64-$VERSION.tgz" "ecrlint-win32-x64-$VERSION.tgz" "ecrlint-$VERSION.tar.gz"
for target in "${targets[@]}"; do
  tools/bin/python "$ROOT/tests/ways-in/bill.py" "packed/release/ecrlint-v$VERSION-$target.cdx.json"
done
expect 0 cat packed/release/ecrlint.rb
for target in aarch64-apple-darwin x86_64-unknown-linux-musl; do
  hash=$(sha256sum "packed/release/ecrlint-v$VERSION-$target.tar.gz")
  says "v$VERSION/ecrlint-v$VERSION-$target.tar.gz\"" "sha256 \"${hash%% *}\""
done

# `cargo binstall` asks for what there is.
expect 0 tools/bin/python "$ROOT/tests/ways-in/binstall.py" packed/release "${targets[@]}"
# What crates.io gets is whole.
(cd "$ROOT" && cargo package --locked --list --allow-dirty) > listed
for file in Cargo.lock README.md build.rs rules/scanning/scan-on-push.yaml src/main.rs; do
  grep --quiet --line-regexp "$file" listed || die "the crate lacks $file"
done

# The image: what its Dockerfile copies, run as the user that it names.
"$ROOT/packaging/image.sh" packed/release context
expect 0 ls context/amd64/ecrlint context/arm64/ecrlint context/ca-certificates.crt
mkdir -p root/work root/etc/ssl/certs
cp context/ca-certificates.crt root/etc/ssl/certs/
cp context/amd64/ecrlint root/
cp "$ROOT/fixtures/example/registry.yaml" root/work/
expect 1 inside root /ecrlint check /work/registry.yaml
says "error[scan-on-push]"
