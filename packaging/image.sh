#!/usr/bin/env bash
# Lays out the context of the image: the binary of each processor from the archives in DIST, and the certificate
# authorities of this machine, by which `ecrlint snapshot` knows AWS.
#
#   packaging/image.sh DIST CONTEXT && docker build --file packaging/Dockerfile CONTEXT
set -euo pipefail
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dist=$1
context=$2
version=$(python3 "$packaging/version.py")
for pair in amd64:x86_64 arm64:aarch64; do
  for archive in "$dist/ecrlint-v$version-${pair#*:}-unknown-linux"-*.tar.gz; do
    if [[ -f $archive ]]; then
      mkdir -p "$context/${pair%%:*}"
      tar -xzOf "$archive" "$(basename "$archive" .tar.gz)/ecrlint" > "$context/${pair%%:*}/ecrlint"
      chmod 755 "$context/${pair%%:*}/ecrlint"
    fi
  done
done
cp /etc/ssl/certs/ca-certificates.crt "$context/ca-certificates.crt"
