#!/usr/bin/env node
// Runs the binary of this system and ends as it has ended.
'use strict';

const { spawnSync } = require('node:child_process');
const { binaryPath } = require('..');

let run;
try {
  run = spawnSync(binaryPath(), process.argv.slice(2), { stdio: 'inherit' });
} catch (error) {
  run = { error };
}
if (run.error) {
  console.error(`error: cannot run ecrlint: ${run.error.message}`);
  process.exitCode = 2;
} else if (run.signal) {
  process.kill(process.pid, run.signal);
} else {
  process.exitCode = run.status;
}
