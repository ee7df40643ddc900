#!/usr/bin/env python3
"""The version that is released: the one of Cargo.toml. Run with a tag, it refuses any but `v` and that version, and a
changelog that does not tell of it."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def main() -> None:
    if sys.argv[1:] and sys.argv[1] != f"v{VERSION}":
        sys.exit(f"the tag is {sys.argv[1]}, and Cargo.toml has the version {VERSION}")
    if sys.argv[1:] and f"\n## {VERSION}" not in (ROOT / "CHANGELOG.md").read_text():
        sys.exit(f"CHANGELOG.md has no section `## {VERSION}`")
    print(VERSION)


if __name__ == "__main__":
    main()
