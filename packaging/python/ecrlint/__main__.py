"""`python -m ecrlint` is `ecrlint`."""

import os
import subprocess
import sys

from ecrlint import binary_path


def main() -> None:
    command = [binary_path(), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
