"""The binary of ecrlint, a policy linter for Amazon ECR, and a plugin for the AWS CDK in `ecrlint.cdk`."""

import os
import sys
import sysconfig
from pathlib import Path

__all__ = ["binary_path"]


def binary_path() -> str:
    """Path of the `ecrlint` that was installed with this package."""
    name = "ecrlint" + (sysconfig.get_config_var("EXE") or "")
    user = sysconfig.get_preferred_scheme("user") if sys.version_info >= (3, 10) else f"{os.name}_user"
    # Beside the interpreter, for the user, and what `pip install --target` makes.
    folders = [
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", scheme=user),
        str(Path(__file__).parent.parent / "bin"),
    ]
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"there is no {name} in {', '.join(folders)}")
