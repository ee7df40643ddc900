"""Holds where `cargo binstall` looks to what is released.

    binstall.py RELEASE TARGET...
"""

import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

release = Path(sys.argv[1])
package = tomllib.loads((Path(__file__).parents[2] / "Cargo.toml").read_text())["package"]
place = package["metadata"]["binstall"]
for target in sys.argv[2:]:
    kind = place.get("overrides", {}).get(target, {}).get("pkg-fmt", place["pkg-fmt"])
    values = {
        "repo": package["repository"],
        "name": package["name"],
        "version": package["version"],
        "target": target,
        "bin": package["name"],
        "archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[kind],
        "binary-ext": ".exe" if "windows" in target else "",
    }

    def filled(text):
        for name, value in values.items():
            text = text.replace(f"{{ {name} }}", value)
        assert "{" not in text, text
        return text

    base = f"{package['repository']}/releases/download/v{package['version']}/"
    url, inside = filled(place["pkg-url"]), filled(place["bin-dir"])
    assert url.startswith(base), url
    archive = release / url.removeprefix(base)
    names = zipfile.ZipFile(archive).namelist() if kind == "zip" else tarfile.open(archive).getnames()
    assert inside in names, (inside, names)
