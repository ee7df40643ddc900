"""A validation plugin of the AWS CDK: `cdk synth` fails on what ecrlint finds.

    from aws_cdk import App, Validations
    from ecrlint.cdk import EcrlintValidator

    app = App()
    Validations.of(app).add_plugins(EcrlintValidator())

With an aws-cdk-lib that has no `Validations`: `App(policy_validation_beta1=[EcrlintValidator()])`.

`packaging/npm/cdk/index.js` does the same for TypeScript and JavaScript; a test holds them to the same report.
"""

import json
import os
import re
import subprocess
from importlib.metadata import version
from typing import Any, Dict, List, Optional, Sequence

import aws_cdk
import jsii

from ecrlint import binary_path

__all__ = ["EcrlintValidator"]

_IS_BETA = not hasattr(aws_cdk, "IPolicyValidationPlugin")
_BETA = "Beta1" if _IS_BETA else ""
_Plugin = getattr(aws_cdk, f"IPolicyValidationPlugin{_BETA}")
_Report = getattr(aws_cdk, f"PolicyValidationPluginReport{_BETA}")
_Violation = getattr(aws_cdk, f"PolicyViolation{_BETA}")
_Resource = getattr(aws_cdk, f"PolicyViolatingResource{_BETA}")

_SEVERITIES = {"error": "error", "warning": "warning", "note": "info"}
_RANKS = ["note", "warning", "error", "never"]
_KEY = re.compile(r'^ *("(?:[^"\\]|\\.)*") *:')

_Finding = Dict[str, Any]


@jsii.implements(_Plugin)
class EcrlintValidator:
    """Runs ecrlint on what `cdk synth` has written.

    :param fail_on: lowest severity that fails the synthesis: `error`, `warning`, `note` or `never`
    :param args: more arguments for `ecrlint check`
    :param binary: path of another `ecrlint`
    """

    def __init__(self, *, fail_on: str = "error", args: Sequence[str] = (), binary: Optional[str] = None) -> None:
        self._fail_on = fail_on
        self._args = list(args)
        self._binary = binary

    @property
    def name(self) -> str:
        return "ecrlint"

    @property
    def version(self) -> str:
        return version("ecrlint")

    @property
    def rule_ids(self) -> Optional[List[str]]:
        return None

    def validate(self, context: Any) -> Any:
        templates = context.template_paths
        folder = _assembly_of(templates)
        try:
            report = self._check(folder)
        except (OSError, RuntimeError) as error:
            return self._failed(str(error))
        stages = {os.path.dirname(os.path.abspath(template)) for template in templates}
        told = []
        for finding in report["diagnostics"]:
            place = os.path.abspath(finding["location"]["path"])
            if not _is_below(place, folder) or os.path.dirname(place) in stages:
                told.append(finding)
        least = _RANKS.index(self._fail_on)
        return _Report(
            success=all(_RANKS.index(finding["severity"]) < least for finding in told),
            violations=_violations(told, folder),
            plugin_version=self.version,
            metadata={"conclusion": report["conclusion"]},
        )

    def _failed(self, reason: str) -> Any:
        """A report that fails the synthesis. CDK passes over a plugin that raises, as though it had found nothing."""
        nowhere = {"resource_logical_id": "", "template_path": "", "locations": []}
        if not _IS_BETA:
            nowhere["construct_path"] = ""
        violation = _Violation(
            rule_name="could-not-check",
            description=reason,
            severity="fatal",
            rule_metadata={},
            violating_resources=[_Resource(**nowhere)],
        )
        return _Report(success=False, violations=[violation], plugin_version=self.version, metadata={"conclusion": reason})

    def _check(self, folder: str) -> Any:
        """The JSON report on an assembly. Raises where it could not be checked."""
        program = self._binary or binary_path()
        options = ["--during-synth", "--output", "json", "--fail-on", self._fail_on, *self._args]
        command = [program, "check", *options, "--", folder]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if run.returncode in (0, 1):
            return json.loads(run.stdout)
        ended = f"was ended by signal {-run.returncode}" if run.returncode < 0 else f"ended with {run.returncode}"
        said = [f"ecrlint {ended}", *_mistakes(run.stdout), run.stderr.strip()]
        raise RuntimeError("\n".join(filter(None, said)))


def _assembly_of(templates: Sequence[str]) -> str:
    """The folder of the whole assembly, of which stages are folders below."""
    folder = min((os.path.dirname(template) for template in templates), key=len)

    def is_assembly(one: str) -> bool:
        return all(os.path.isfile(os.path.join(one, name)) for name in ("manifest.json", "cdk.out"))

    while is_assembly(os.path.join(folder, "..")):
        folder = os.path.normpath(os.path.join(folder, ".."))
    return folder


def _is_below(place: str, folder: str) -> bool:
    return place.startswith(os.path.join(os.path.abspath(folder), ""))


def _mistakes(text: str) -> List[str]:
    """Why the assembly could not be checked, where the report says it."""
    try:
        findings = json.loads(text)["diagnostics"]
    except (ValueError, KeyError):
        return []
    errors = [finding for finding in findings if finding["severity"] == "error"]
    return [f"{one['location']['path']}:{one['location']['start']['line']}: {_sentence(one)}" for one in errors]


def _violations(findings: Sequence[_Finding], folder: str) -> List[Any]:
    """Findings that say the same about several constructs are one."""
    every: Dict[str, Dict[str, Any]] = {}
    templates: Dict[str, List[str]] = {}
    for finding in findings:
        one = _violation_of(finding, folder)
        resources = every.setdefault(json.dumps(one), {**one, "violating_resources": []})["violating_resources"]
        resource = _resource_of(finding, folder, templates)
        if resource not in resources:
            resources.append(resource)
    for one in every.values():
        one["violating_resources"] = [_Resource(**resource) for resource in one["violating_resources"]]
    return [_Violation(**one) for one in every.values()]


def _violation_of(finding: _Finding, folder: str) -> Dict[str, Any]:
    metadata = {"source": _source_of(finding, folder), "when": finding["when"]}
    return {
        "rule_name": finding["rule"],
        "description": _sentence(finding),
        "fix": finding["help"] or None,
        "severity": _SEVERITIES[finding["severity"]],
        "rule_metadata": {name: value for name, value in metadata.items() if value},
    }


def _sentence(finding: _Finding) -> str:
    undetermined = "undetermined: " if finding["verdict"] == "undetermined" else ""
    return undetermined + finding["message"]


def _source_of(finding: _Finding, folder: str) -> Optional[str]:
    """The line to change: of the program or of its configuration."""
    source = finding["source_location"]
    if source:
        places = (source["path"], source.get("line"), source.get("column"))
        return ":".join(str(place) for place in places if place)
    path, start = finding["location"]["path"], finding["location"]["start"]
    return None if _is_below(os.path.abspath(path), folder) else f"{path}:{start['line']}:{start['column']}"


def _resource_of(finding: _Finding, folder: str, templates: Dict[str, List[str]]) -> Dict[str, Any]:
    subject, location = finding["subject"] or {}, finding["location"]
    logical_id = subject.get("logical_id")
    is_template = bool(logical_id) and _is_below(os.path.abspath(location["path"]), folder)
    resource = {
        "resource_logical_id": logical_id if is_template else "",
        "template_path": location["path"] if is_template else "",
        "locations": _property_paths(location, logical_id, templates) if is_template else [],
    }
    if not _IS_BETA:
        resource["construct_path"] = subject.get("construct_path") or ""
    return resource


def _property_paths(location: Any, logical_id: str, templates: Dict[str, List[str]]) -> List[str]:
    """Where in its resource a finding points, such as `Properties.ImageScanningConfiguration`."""
    path = location["path"]
    if path not in templates:
        with open(path, encoding="utf-8") as template:
            templates[path] = template.read().split("\n")
    # CDK indents each level by one space, so that the keys above a line are those that are less and less indented.
    keys: List[str] = []
    depth: Optional[int] = None
    for line in reversed(templates[path][: location["start"]["line"]]):
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip() or (depth is not None and indent >= depth):
            continue
        depth = indent
        key = _KEY.match(line)
        if key:
            keys.insert(0, json.loads(key.group(1)))
    if keys[:2] == ["Resources", logical_id] and len(keys) > 2:
        return [".".join(keys[2:])]
    return []
