#!/usr/bin/env python3
"""Prints what is in the binary of a target as a CycloneDX 1.6 bill of materials: every crate that is built into it.

    packaging/sbom.py TARGET > ecrlint-v0.1.0-TARGET.cdx.json

Read from `Cargo.lock` through `cargo metadata`, with the features of released binaries; the same inputs give the same
bytes.
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from urllib.parse import quote

from version import ROOT, VERSION

FEATURES = "capture"


def purl(name: str, version: str) -> str:
    return f"pkg:cargo/{quote(name)}@{quote(version, safe='')}"


def built_in(metadata: dict) -> dict[str, list[str]]:
    """Ids of the packages that the binary is made of, each with those that it is made of itself. What only builds or
    tests is none of them, macros included."""
    macros = {
        package["id"] for package in metadata["packages"] if any("proc-macro" in one["kind"] for one in package["targets"])
    }
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    waiting, found = [metadata["resolve"]["root"]], {}
    while waiting:
        package = waiting.pop()
        if package in found:
            continue
        found[package] = sorted(
            dependency["pkg"]
            for dependency in nodes[package]["deps"]
            if dependency["pkg"] not in macros and any(kind["kind"] is None for kind in dependency["dep_kinds"])
        )
        waiting.extend(found[package])
    return found


def component(package: dict, checksums: dict[tuple[str, str], str]) -> dict:
    name, version = package["name"], package["version"]
    told = {"type": "library", "bom-ref": purl(name, version), "name": name, "version": version, "purl": purl(name, version)}
    checksum = checksums.get((name, version))
    if checksum:
        told["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["license"]:
        # `/` is how licences were told apart before expressions.
        told["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", package["license"])}]
    if package["repository"]:
        told["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return told


def main() -> None:
    target = sys.argv[1]
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--features", FEATURES, "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    checksums = {(one["name"], one["version"]): one["checksum"] for one in lock["package"] if "checksum" in one}
    graph = built_in(metadata)
    root = metadata["resolve"]["root"]

    def reference(package: str) -> str:
        return purl(packages[package]["name"], packages[package]["version"])

    components = sorted((component(packages[one], checksums) for one in graph if one != root), key=lambda one: one["bom-ref"])
    dependencies = [{"ref": reference(one), "dependsOn": sorted({reference(other) for other in others})} for one, others in graph.items()]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, f"{reference(root)}?target={target}").urn,
        "version": 1,
        "metadata": {
            "component": component(packages[root], checksums) | {"type": "application"},
            "properties": [{"name": "ecrlint:target", "value": target}, {"name": "ecrlint:features", "value": FEATURES}],
        },
        "components": components,
        "dependencies": sorted(dependencies, key=lambda one: one["ref"]),
    }
    print(json.dumps(bill, indent=2))


main()
