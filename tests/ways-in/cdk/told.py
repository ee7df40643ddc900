"""Holds what `cdk synth` said and reported of the shop to what is wrong with it, in whichever language it is written.

    told.py PRINTED PROGRAM REPORT
"""

import json
import sys
from pathlib import Path

printed, program, report = Path(sys.argv[1]).read_text(), sys.argv[2], json.loads(Path(sys.argv[3]).read_text())
lines = Path(program).read_text().splitlines()
fixes = {"app.ts": "imageScanOnPush: true", "app.py": "image_scan_on_push=True"}
rules = {("scan-on-push", "error"), ("lifecycle-missing", "warning"), ("tag-immutability", "warning")}
repositories = {
    "shop/api": {"Shop/Api/Resource": "Shop", "Prod/Shop/Api/Resource": "assembly-Prod/ProdShop"},
    "shop/thumbnails": {
        "Shop/Images/Thumbnails/Resource": "ShopImages",
        "Prod/Shop/Images/Thumbnails/Resource": "assembly-Prod/ProdShopImages",
    },
}

(own,) = [one for one in report["pluginReports"] if one["pluginName"] == "ecrlint"]
assert own["conclusion"] == "failure", own
for name, constructs in repositories.items():
    found = [one for one in own["violations"] if f"`{name}`" in one["description"]]
    assert {(one["ruleName"], one["severity"]) for one in found} == rules, found
    (line,) = [number for number, text in enumerate(lines, 1) if name in text]
    place = f"{program}:{line}"
    assert place in printed, (place, printed)
    for one in found:
        assert one["ruleMetadata"]["source"].split(":")[:2] == place.split(":"), one
        places = {it["constructPath"]: it["cloudFormationResource"]["templatePath"] for it in one["violatingConstructs"]}
        assert places.keys() == constructs.keys(), places
        assert all(path.startswith(constructs[construct]) for construct, path in places.items()), places
        for it in one["violatingConstructs"]:
            assert it["constructFqn"] == "aws-cdk-lib.aws_ecr.CfnRepository", it
            assert any(place in trace for trace in it["stackTraces"]), it
    (scan,) = [one for one in found if one["ruleName"] == "scan-on-push"]
    assert scan["suggestedFix"] == fixes[program], scan
    for it in scan["violatingConstructs"]:
        assert it["cloudFormationResource"]["propertyPaths"] == ["Properties.ImageScanningConfiguration.ScanOnPush"], it
assert "shop/web" not in json.dumps(own), own
assert len(own["violations"]) == len(rules) * len(repositories), own
assert "repository `shop/api` does not scan images on push (ecrlint)" in printed, printed
assert "Suggested fix: " + fixes[program] in printed, printed
