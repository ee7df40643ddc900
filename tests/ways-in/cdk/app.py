"""The shop of `app.ts`, in Python."""

import os

from aws_cdk import App, Environment, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_ecr as ecr
from constructs import Construct
from ecrlint.cdk import EcrlintValidator


class Images(NestedStack):
    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "Images")
        ecr.Repository(self, "Thumbnails", repository_name="shop/thumbnails", image_scan_on_push=False)


class Shop(Stack):
    def __init__(self, scope: Construct, account: str, faulty: bool) -> None:
        super().__init__(scope, "Shop", env=Environment(account=account, region="eu-west-1"))
        ecr.Repository(
            self,
            "Web",
            repository_name="shop/web",
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=50)],
        )
        if faulty:
            ecr.Repository(self, "Api", repository_name="shop/api", image_scan_on_push=False)
            Images(self)


plugin = EcrlintValidator(fail_on="error")
faulty = os.environ.get("FAULTY") == "true"
app = App()
Validations.of(app).add_plugins(plugin)
Shop(app, "111111111111", faulty)
if faulty:
    Shop(Stage(app, "Prod"), "333333333333", faulty)
app.synth()
