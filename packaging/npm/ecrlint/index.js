// Where the binary of this system lies: in the one of the optional dependencies that npm has installed.
'use strict';

const path = require('node:path');

/** Path of the `ecrlint` for this system. */
function binaryPath() {
  const system = `${process.platform}-${process.arch}`;
  const name = process.platform === 'win32' ? 'ecrlint.exe' : 'ecrlint';
  let manifest;
  try {
    manifest = require.resolve(`@ecrlint/${system}/package.json`);
  } catch {
    throw new Error(
      `there is no package \`@ecrlint/${system}\`: either there is no ecrlint for this system, or optional ` +
        'dependencies were left out when packages were installed',
    );
  }
  return path.join(path.dirname(manifest), 'bin', name);
}

module.exports = { binaryPath };
