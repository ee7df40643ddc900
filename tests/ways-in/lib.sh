# What the scripts of this folder share. Each runs in a folder of its own with an empty HOME: `run.sh` sets it up, and
# names the checkout (ROOT), the static binary (BINARY) and its TARGET, what packaging/build.sh made (DIST, WHEELS), the VERSION
# and the folder of cargo (DEV_TARGET).

set -euo pipefail

# What the last command printed.
out=$PWD/out

die() {
  printf 'ways-in: %s\n' "$*" >&2
  exit 1
}

# Runs a command that has to end with CODE; what it prints is in `$out`.
expect() {
  local wanted=$1 code=0
  shift
  "$@" > "$out" 2>&1 || code=$?
  if [[ $code != "$wanted" ]]; then
    cat "$out" >&2
    die "expected exit code $wanted, not $code, of: $*"
  fi
}

# Every TEXT has to stand in what the last command printed.
says() {
  local text
  for text in "$@"; do
    if ! grep --quiet --fixed-strings -- "$text" "$out"; then
      cat "$out" >&2
      die "expected to read \`$text\`"
    fi
  done
}

# Runs a program of the folder ROOT_FOLDER as though there were nothing else, as the user of packaging/Dockerfile.
inside() {
  local root=$1
  shift
  local enter=(chroot --userspec="$(sed -n 's/^USER //p' "$ROOT/packaging/Dockerfile")" "$root")
  if [[ $(id -u) == 0 ]]; then
    "${enter[@]}" "$@"
  elif sudo --non-interactive true 2> /dev/null; then
    sudo "${enter[@]}" "$@"
  else
    unshare --user --map-root-user chroot "$root" "$@"
  fi
}
