#!/usr/bin/env python3
"""Packs the npm packages: one with the binary of each target in DIST, `ecrlint`, which takes the one for its system, and
`@ecrlint/cdk`.

    packaging/npm.py DIST OUT

DIST holds archives as `packaging/archive.py` writes them. Targets without an archive are left out of OUT and named.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from version import ROOT, VERSION

SOURCES = Path(__file__).with_name("npm")
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
# Static binaries run with every C library, so that npm need not know which one there is.
SYSTEMS = {
    "aarch64-apple-darwin": ("darwin", "arm64"),
    "aarch64-unknown-linux-musl": ("linux", "arm64"),
    "x86_64-apple-darwin": ("darwin", "x64"),
    "x86_64-pc-windows-msvc": ("win32", "x64"),
    "x86_64-unknown-linux-gnu": ("linux", "x64"),
    "x86_64-unknown-linux-musl": ("linux", "x64"),
}


def versioned(manifest: dict) -> dict:
    """The manifest with the version of this release, of itself and of the packages that are released with it."""
    manifest["version"] = VERSION
    for key in ("dependencies", "optionalDependencies"):
        for name in manifest.get(key, {}):
            manifest[key][name] = VERSION
    return manifest


def binary(archive: Path, name: str) -> bytes:
    inside = f"{archive.name.removesuffix('.zip').removesuffix('.tar.gz')}/{name}"
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            return opened.read(inside)
    with tarfile.open(archive) as opened:
        return opened.extractfile(inside).read()


def platform(folder: Path, archive: Path, system: str, processor: str) -> None:
    name = "ecrlint.exe" if system == "win32" else "ecrlint"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / name).write_bytes(binary(archive, name))
    (folder / "bin" / name).chmod(0o755)
    common = json.loads((SOURCES / "ecrlint/package.json").read_text())
    manifest = {
        "name": f"@ecrlint/{system}-{processor}",
        "version": VERSION,
        "description": f"The binary of ecrlint for {system} on {processor}",
        "license": common["license"],
        "repository": common["repository"],
        "files": ["bin"],
        "os": [system],
        "cpu": [processor],
        "preferUnplugged": True,
    }
    (folder / "package.json").write_text(json.dumps(manifest, indent=2))


def pack(folder: Path, out: Path) -> None:
    for name in LICENCES:
        shutil.copy(ROOT / name, folder)
    npm = shutil.which("npm")
    subprocess.run([npm, "pack", "--silent", "--pack-destination", out], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    dist, out = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for target, (system, processor) in SYSTEMS.items():
            for archive in dist.glob(f"ecrlint-v{VERSION}-{target}.*[zp]"):
                folder = Path(scratch) / target
                platform(folder, archive, system, processor)
                pack(folder, out)
                break
            else:
                print(f"no archive of {target}: no package for it", file=sys.stderr)
        for name in ("ecrlint", "cdk"):
            folder = Path(scratch) / name
            shutil.copytree(SOURCES / name, folder)
            manifest = versioned(json.loads((folder / "package.json").read_text()))
            (folder / "package.json").write_text(json.dumps(manifest, indent=2))
            pack(folder, out)


main()
