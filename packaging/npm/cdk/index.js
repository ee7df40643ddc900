// A validation plugin of the AWS CDK: runs `ecrlint check` on the assembly and tells its findings in CDK's words.
// `packaging/python/ecrlint/cdk.py` does the same for Python; a test holds them to the same report.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { version } = require('./package.json');

const SEVERITIES = { error: 'error', warning: 'warning', note: 'info' };
const RANKS = ['note', 'warning', 'error'];

class EcrlintValidator {
  constructor(options = {}) {
    this.name = 'ecrlint';
    this.version = version;
    this.options = options;
  }

  validate({ templatePaths }) {
    const folder = assemblyOf(templatePaths);
    let report;
    try {
      report = this.check(folder);
    } catch (error) {
      return failed(error.message);
    }
    const stages = new Set(templatePaths.map((template) => path.dirname(path.resolve(template))));
    const told = report.diagnostics.filter(({ location }) => {
      const place = path.resolve(location.path);
      return !isBelow(place, folder) || stages.has(path.dirname(place));
    });
    const least = RANKS.indexOf(this.options.failOn ?? 'error');
    return {
      success: least < 0 || !told.some((finding) => RANKS.indexOf(finding.severity) >= least),
      violations: violations(told, folder),
      pluginVersion: version,
      metadata: { conclusion: report.conclusion },
    };
  }

  /** The JSON report on an assembly. Throws where it could not be checked. */
  check(folder) {
    const { args = [], failOn = 'error' } = this.options;
    const program = this.options.binary ?? require('ecrlint').binaryPath();
    const options = ['--during-synth', '--output', 'json', '--fail-on', failOn, ...args];
    const run = spawnSync(program, ['check', ...options, '--', folder], { encoding: 'utf8', maxBuffer: Infinity });
    if (run.error) {
      throw new Error(`cannot run \`${program}\`: ${run.error.message}`);
    }
    if (run.status === 0 || run.status === 1) {
      return JSON.parse(run.stdout);
    }
    const ended = run.signal ? `was ended by ${run.signal}` : `ended with ${run.status}`;
    throw new Error([`ecrlint ${ended}`, ...mistakes(run.stdout), run.stderr.trim()].filter(Boolean).join('\n'));
  }
}

/** A report that fails the synthesis. CDK passes over a plugin that throws, as though it had found nothing. */
function failed(reason) {
  const nowhere = { resourceLogicalId: '', templatePath: '', constructPath: '', locations: [] };
  const violation = {
    ruleName: 'could-not-check',
    description: reason,
    severity: 'fatal',
    ruleMetadata: {},
    violatingResources: [nowhere],
  };
  return { success: false, violations: [violation], pluginVersion: version, metadata: { conclusion: reason } };
}

/** The folder of the whole assembly, of which stages are folders below. */
function assemblyOf(templates) {
  const folders = templates.map((template) => path.dirname(template));
  let folder = folders.reduce((shortest, one) => (one.length < shortest.length ? one : shortest));
  const isAssembly = (one) => ['manifest.json', 'cdk.out'].every((name) => isFile(path.join(one, name)));
  while (isAssembly(path.join(folder, '..'))) {
    folder = path.join(folder, '..');
  }
  return folder;
}

function isFile(name) {
  return fs.statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isBelow(place, folder) {
  const inside = path.relative(path.resolve(folder), place);
  return inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside);
}

/** Why the assembly could not be checked, where the report says it. */
function mistakes(text) {
  try {
    const errors = JSON.parse(text).diagnostics.filter((one) => one.severity === 'error');
    return errors.map((one) => `${one.location.path}:${one.location.start.line}: ${sentence(one)}`);
  } catch {
    return [];
  }
}

/** Findings that say the same about several constructs are one. */
function violations(findings, folder) {
  const all = new Map();
  const templates = new Map();
  for (const finding of findings) {
    const one = violation(finding, folder);
    const key = JSON.stringify(one);
    if (!all.has(key)) {
      all.set(key, { ...one, violatingResources: [] });
    }
    const resource = resourceOf(finding, folder, templates);
    const { violatingResources } = all.get(key);
    if (!violatingResources.some((other) => JSON.stringify(other) === JSON.stringify(resource))) {
      violatingResources.push(resource);
    }
  }
  return [...all.values()];
}

function violation(finding, folder) {
  const { rule, severity, help, when } = finding;
  const ruleMetadata = { source: source(finding, folder), when };
  return {
    ruleName: rule,
    description: sentence(finding),
    ...(help ? { fix: help } : {}),
    severity: SEVERITIES[severity],
    ruleMetadata: Object.fromEntries(Object.entries(ruleMetadata).filter(([, value]) => value)),
  };
}

function sentence({ message, verdict }) {
  return verdict === 'undetermined' ? `undetermined: ${message}` : message;
}

/** The line to change: of the program or of its configuration. */
function source({ location, source_location }, folder) {
  if (source_location) {
    const { path: file, line, column } = source_location;
    return [file, line, column].filter(Boolean).join(':');
  }
  const { path: file, start } = location;
  return isBelow(path.resolve(file), folder) ? undefined : `${file}:${start.line}:${start.column}`;
}

function resourceOf({ subject, location }, folder, templates) {
  const isTemplate = subject?.logical_id && isBelow(path.resolve(location.path), folder);
  return {
    resourceLogicalId: isTemplate ? subject.logical_id : '',
    templatePath: isTemplate ? location.path : '',
    constructPath: subject?.construct_path ?? '',
    locations: isTemplate ? propertyPaths(location, subject.logical_id, templates) : [],
  };
}

/** Where in its resource a finding points, such as `Properties.ImageScanningConfiguration`. */
function propertyPaths({ path: file, start }, logicalId, templates) {
  if (!templates.has(file)) {
    templates.set(file, fs.readFileSync(file, 'utf8').split('\n'));
  }
  // CDK indents each level by one space, so that the keys above a line are those that are less and less indented.
  const keys = [];
  let depth = Infinity;
  for (const line of templates.get(file).slice(0, start.line).reverse()) {
    const indent = line.search(/[^ ]/);
    if (indent < 0 || indent >= depth) continue;
    depth = indent;
    const key = /^ *("(?:[^"\\]|\\.)*") *:/.exec(line);
    if (key) keys.unshift(JSON.parse(key[1]));
  }
  const [section, resource, ...inside] = keys;
  return section === 'Resources' && resource === logicalId && inside.length > 0 ? [inside.join('.')] : [];
}

module.exports = { EcrlintValidator };
