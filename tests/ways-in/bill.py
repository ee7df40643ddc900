"""Holds a bill of materials to the schema of CycloneDX, and to having the crates that ecrlint is made of.

    bill.py FILE
"""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text()
mistake = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
assert mistake is None, mistake
bill = json.loads(text)
names = {one["name"] for one in bill["components"]}
assert {"clap", "serde_json", "aws-config", "rustls"} <= names, names
assert not {"jsonschema", "divan", "syn", "serde_derive"} & names, names
assert all("hashes" in one for one in bill["components"]), "every crate has its hash"
