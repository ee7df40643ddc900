#!/usr/bin/env bash
# `@ecrlint/cdk` in a program in TypeScript: `cdk synth` fails on a repository that is not scanned and says where it is
# made, nested stacks and stages included; a program without one is synthesized.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkdir app
cd app
cp "$ROOT/fixtures/cdk-shapes/versions/current/package.json" "$ROOT/fixtures/cdk-shapes/versions/current/package-lock.json" .
cp "$ROOT/tests/ways-in/cdk/app.ts" .
npm ci --no-audit --no-fund --silent
source "$ROOT/tests/ways-in/npm-registry.sh"
npm install --ignore-scripts --no-audit --no-fund --silent @ecrlint/cdk
printf '{ "app": "node -r ts-node/register app.ts" }\n' > cdk.json
printf '{ "compilerOptions": { "target": "ES2022", "module": "commonjs", "strict": true, "lib": ["es2022"] } }\n' > tsconfig.json
export CDK_DISABLE_VERSION_CHECK=1 CDK_VALIDATION=false

# The first run checks the types, and so that the plugin is one of either interface.
expect 0 node_modules/.bin/cdk synth --quiet
export TS_NODE_TRANSPILE_ONLY=true
FAULTY=true expect 1 node_modules/.bin/cdk synth --quiet
python3 "$ROOT/tests/ways-in/cdk/told.py" "$out" app.ts cdk.out/validation-report.json
BETA=true FAULTY=true expect 1 node_modules/.bin/cdk synth --quiet
python3 "$ROOT/tests/ways-in/cdk/told.py" "$out" app.ts cdk.out/validation-report.json

# What cannot be judged fails, too.
printf 'no: such: yaml\n' > ecrlint.yaml
expect 1 node_modules/.bin/cdk synth --quiet
says "FATAL ecrlint ended with 2" "ecrlint.yaml:1"
