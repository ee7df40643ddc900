#!/usr/bin/env python3
"""Packs the binary of a target as releases carry it: `ecrlint-v0.1.0-TARGET.tar.gz`, a zip for Windows.

    packaging/archive.py TARGET BINARY OUT

Beside the binary: licences, README, changelog, manual page and completions, which the binary writes itself. The same
inputs give the same bytes: order, owners, modes and times are fixed (SOURCE_DATE_EPOCH, else 1980).
"""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from version import ROOT, VERSION

SHELLS = {"bash": "ecrlint.bash", "elvish": "ecrlint.elv", "fish": "ecrlint.fish", "powershell": "_ecrlint.ps1", "zsh": "_ecrlint"}
DOCUMENTS = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]
# The earliest that a zip can say.
EARLIEST = 315532800


def contents(binary: Path) -> dict[str, tuple[int, bytes]]:
    """Names in the archive with their modes and bytes."""

    def told(*arguments: str) -> bytes:
        return subprocess.run([binary, *arguments], check=True, stdout=subprocess.PIPE).stdout

    files = {binary.name: (0o755, binary.read_bytes()), "man/ecrlint.1": (0o644, told("man"))}
    for shell, name in SHELLS.items():
        files[f"completions/{name}"] = (0o644, told("completions", shell))
    for name in DOCUMENTS:
        files[name] = (0o644, (ROOT / name).read_bytes())
    return dict(sorted(files.items()))


def tar(path: Path, folder: str, files: dict[str, tuple[int, bytes]], when: int) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=when) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, (mode, data) in files.items():
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size, entry.mode, entry.mtime = len(data), mode, when
                archive.addfile(entry, io.BytesIO(data))


def zipped(path: Path, folder: str, files: dict[str, tuple[int, bytes]], when: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (mode, data) in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", time.gmtime(when)[:6])
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def main() -> None:
    target, binary, out = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    folder = f"ecrlint-v{VERSION}-{target}"
    when = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST))
    out.mkdir(parents=True, exist_ok=True)
    write, ending = (zipped, "zip") if "windows" in target else (tar, "tar.gz")
    path = out / f"{folder}.{ending}"
    write(path, folder, contents(binary), when)
    print(path)


main()
