# What the scripts of this folder share. Each runs in a folder of its own with an empty HOME: `run.sh` sets it up, and
# names the checkout (ROOT), the static binary (BINARY), the folder of wheels (WHEELS) and that of npm packages (PACKAGES).

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

# No TEXT stands in what the last command printed.
silent_about() {
  local text
  for text in "$@"; do
    if grep --quiet --fixed-strings -- "$text" "$out"; then
      cat "$out" >&2
      die "did not expect to read \`$text\`"
    fi
  done
}
