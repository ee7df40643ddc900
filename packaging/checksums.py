#!/usr/bin/env python3
"""SHA-256 of what is released.

    packaging/checksums.py DIST             writes DIST/SHA256SUMS, for `sha256sum --check`
    packaging/checksums.py DIST --table     puts the archives of DIST into packaging/checksums.txt, for action.yml
"""

import hashlib
import re
import sys
from pathlib import Path

from version import VERSION

SUMS = "SHA256SUMS"
TABLE = Path(__file__).with_name("checksums.txt")


def main() -> None:
    dist = Path(sys.argv[1])
    sums = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(dist.iterdir())
        if file.is_file() and file.name != SUMS
    }
    if sys.argv[2:] != ["--table"]:
        (dist / SUMS).write_text("".join(f"{hash}  {name}\n" for name, hash in sums.items()))
        return
    archive = re.compile(rf"ecrlint-v{re.escape(VERSION)}-(.+)\.(?:tar\.gz|zip)")
    rows = [f"{VERSION} {match[1]} {hash}\n" for name, hash in sums.items() if (match := archive.fullmatch(name))]
    if not rows:
        sys.exit(f"there are no archives of {VERSION} in {dist}")
    lines = TABLE.read_text().splitlines(keepends=True)
    head = [line for line in lines if line.startswith("#") and "no release" not in line]
    rest = [line for line in lines if not line.startswith("#") and line.split()[0] != VERSION]
    TABLE.write_text("".join(head + rows + rest))


main()
