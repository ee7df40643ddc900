# For scripts that install our packages from npm: packs them, and serves them until the script ends. Sets SYSTEM.

python3 "$ROOT/packaging/npm.py" "$DIST" "$PWD/packages" 2> /dev/null
SYSTEM=$(node -p '`${process.platform}-${process.arch}`')
python3 "$ROOT/tests/ways-in/registry.py" "$PWD/packages" "$(npm config get registry)" "$PWD/port" &
registry=$!
trap 'kill "$registry"' EXIT
for _ in {1..100}; do
  [[ -s port ]] && break
  sleep 0.1
done
export npm_config_registry="http://127.0.0.1:$(< port)"
export npm_config_update_notifier=false
