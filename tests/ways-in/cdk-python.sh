#!/usr/bin/env bash
# The plugin of the wheel in a program in Python; what it reports is what the one for TypeScript reports.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkdir app
cd app
python3 -m venv .venv
.venv/bin/pip install --quiet --requirement "$ROOT/fixtures/cdk-shapes/versions/current/requirements.txt"
.venv/bin/pip install --quiet --no-index --find-links "$WHEELS" ecrlint
cli=$(node -p 'require(process.argv[1]).devDependencies["aws-cdk"]' "$ROOT/fixtures/cdk-shapes/versions/current/package.json")
npm install --no-save --no-audit --no-fund --silent "aws-cdk@$cli"
cp "$ROOT/tests/ways-in/cdk/app.py" .
printf '{ "app": ".venv/bin/python app.py" }\n' > cdk.json
export CDK_DISABLE_VERSION_CHECK=1 CDK_VALIDATION=false JSII_HOST_STACK_TRACES=1

expect 0 node_modules/.bin/cdk synth --quiet
FAULTY=true expect 1 node_modules/.bin/cdk synth --quiet
python3 "$ROOT/tests/ways-in/cdk/told.py" "$out" app.py cdk.out/validation-report.json

# What cannot be judged fails, too.
printf 'no: such: yaml\n' > ecrlint.yaml
expect 1 node_modules/.bin/cdk synth --quiet
says "FATAL ecrlint ended with 2" "ecrlint.yaml:1"
