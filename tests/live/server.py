"""A stand-in for AWS: moto, filled with repositories of every kind, behind a proxy.

The proxy adds what moto lacks (pages, effective scanning, creation templates, cache rules, regions) and,
by the first part of the path, what goes wrong in real life:

    /plain      nothing
    /throttled  every seventh call is one too many
    /cut        every ninth connection ends without an answer, or in the middle of one
    /broken     every tenth call fails on the side of the service
    /denied     some calls are not allowed
    /unlisted   repositories of eu-central-1 must not be listed
    /expired    the credentials end after 500 calls
    /stuck      the last third of eu-west-1 has to be waited for, longer than any test does
    /still      every call has to be waited for as long
    /foreign    the region does not know the credentials
    /endless    the listing of repositories announces the same page for ever
    /third      every third call is one too many
    /circle     the pages of the listing of repositories lead back to the first
    /number     the next page of the listing of repositories is announced by a number
    /overlap    every page begins with the last things of the one before
    /flood      the policy of the registry has no length, and does not end before 80 MB
    /trickle    the rules of EventBridge arrive a byte at a time
    /vanishing  repositories are deleted after they were listed, those of copy 1
    /confused   answers are about another repository, for those of copy 1
    /shrunk     repositories of copy 0 were deleted
    /empty      policies come without their texts

A GET of a mode says what was asked there and whose keys have signed it, `/keys` has keys for each account.

What follows a `-` in it keeps the counts of one test from those of another.

Run with the path of kinds.ndjson. Prints `ready PORT`, ends when its standard input does.
"""

import collections
import http.server
import json
import logging
import re
import sys
import threading
import time

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.server import ThreadedMotoServer
from werkzeug.test import Client

ACCOUNTS = ["111111111111", "333333333333"]
REGIONS = ["eu-central-1", "eu-west-1"]
COPIES = 3
# The one place where Inspector scans: every repository, on push.
ENHANCED = ("333333333333", "eu-central-1")
PAGE = 7
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"

PAGED = {
    "DescribeRepositories": ("repositories", "nextToken"),
    "DescribeImages": ("imageDetails", "nextToken"),
    "DescribeRepositoryCreationTemplates": ("repositoryCreationTemplates", "nextToken"),
    "DescribePullThroughCacheRules": ("pullThroughCacheRules", "nextToken"),
    "DescribeParameters": ("Parameters", "NextToken"),
    "ListRules": ("Rules", "NextToken"),
    "ListTargetsByRule": ("Targets", "NextToken"),
    "ListRegions": ("Regions", "NextToken"),
}

lock = threading.Lock()
calls = collections.defaultdict(collections.Counter)
asked = collections.defaultdict(list)
# By mode: how often each access key has signed.
signed = collections.defaultdict(collections.Counter)
# By account: keys of a role in it.
keys_of = {}
aws_keys = {}


def client(service, account, region, port):
    """A client for one account: moto tells accounts apart by whose role is taken."""
    url = f"http://127.0.0.1:{port}"
    sts = boto3.client("sts", endpoint_url=url, region_name=region,
                       aws_access_key_id="test", aws_secret_access_key="test")
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/fill", RoleSessionName="fill")
    keys = role["Credentials"]
    keys_of[account] = {name: keys[name] for name in ["AccessKeyId", "SecretAccessKey", "SessionToken"]}
    return boto3.client(service, endpoint_url=url, region_name=region,
                        aws_access_key_id=keys["AccessKeyId"],
                        aws_secret_access_key=keys["SecretAccessKey"],
                        aws_session_token=keys["SessionToken"])


def fill(kinds, account, region, port):
    services = {name: client(name, account, region, port) for name in ["ecr", "kms", "ssm", "events"]}
    ecr, events = services["ecr"], services["events"]
    other = next(a for a in ACCOUNTS if a != account)
    words = {"{account}": account, "{other}": other, "{region}": region}
    for copy in range(COPIES):
        for kind in kinds:
            repository(services, kind, copy, words)
    if (account, region) == ENHANCED:
        rule = {"scanFrequency": "SCAN_ON_PUSH",
                "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
        ecr.put_registry_scanning_configuration(scanType="ENHANCED", rules=[rule])
    for number in range(9):
        pattern = {"source": ["aws.s3"]} if number % 3 else {"source": ["aws.ecr"]}
        events.put_rule(Name=f"rule-{number}", EventPattern=json.dumps(pattern))
        target = {"Id": "1", "Arn": f"arn:aws:sns:{region}:{account}:scans", "Input": '"s3cr3t"'}
        events.put_targets(Rule=f"rule-{number}", Targets=[target])


def repository(services, kind, copy, words):
    def fitted(value):
        text = json.dumps(value)
        for word, stands_for in words.items():
            text = text.replace(word, stands_for)
        return json.loads(text)

    ecr, kms, ssm = services["ecr"], services["kms"], services["ssm"]
    base = f"{kind['kind']}-{copy}"
    name = fitted(kind["name"]).replace("{base}", base) if "name" in kind else f"acme-shop-{base}"
    create = fitted(kind.get("create", {}))
    key = kind.get("key")
    if key == "aws":
        create["encryptionConfiguration"] = {"encryptionType": "KMS"}
    elif key:
        arn = make_key(kms, key, fitted(kind.get("keyPolicy")))
        create["encryptionConfiguration"] = {"encryptionType": "KMS", "kmsKey": arn}
    made = ecr.create_repository(repositoryName=name, **create)["repository"]
    if key == "aws":
        with lock:
            aws_keys[made["encryptionConfiguration"]["kmsKey"]] = made["registryId"]
    if "lifecycle" in kind:
        text = json.dumps({"rules": kind["lifecycle"]})
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=text)
    if "policy" in kind:
        text = json.dumps({"Version": "2012-10-17", "Statement": fitted(kind["policy"])})
        ecr.set_repository_policy(repositoryName=name, policyText=text)
    for parameter in fitted(kind.get("parameters", [])):
        value = parameter.get("Value", "").replace("{arn}", made["repositoryArn"]).replace("{name}", name)
        ssm.put_parameter(Name=parameter["Name"].replace("{BASE}", base.upper()), Value=value,
                          Type=parameter.get("Type", "String"))
    for tag in kind.get("images", []):
        # Without layers, moto draws the digest from a hundred, and two images would now and then be one.
        digest = {"digest": f"sha256:{base}{tag}"}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": digest, "layers": [digest]}
        ecr.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag=tag)


def make_key(kms, key, policy):
    options = {"Policy": json.dumps(policy)} if policy else {}
    made = kms.create_key(**options)["KeyMetadata"]
    if key == "rotating":
        kms.enable_key_rotation(KeyId=made["KeyId"])
    elif key == "disabled":
        kms.disable_key(KeyId=made["KeyId"])
    elif key == "deleted":
        kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
    return made["Arn"]


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        mode = self.path.strip("/")
        if mode == "keys":
            return self.answer(200, keys_of)
        with lock:
            return self.answer(200, {"calls": calls[mode], "asked": asked[mode], "signed": signed[mode]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        _, name, path = self.path.split("/", 2)
        mode = name.split("-")[0]
        with lock:
            signed[name][self.scope()[0]] += 1
        operation = self.headers.get("x-amz-target", "").split(".")[-1]
        if not operation and path == "listRegions":
            operation = "ListRegions"
        if not operation:
            return self.forward("/" + path, body)
        question = json.loads(body or b"{}")
        with lock:
            calls[name][operation] += 1
            number = sum(calls[name].values())
            asked[name].append([operation, question])
        fault = self.fault(mode, operation, question, number)
        if fault == "cut":
            self.close_connection = True
            return None
        if fault:
            code, message = fault
            return self.answer(500 if code == "ServerException" else 400,
                               {"__type": f"com.amazonaws#{code}", "message": message})
        status, answer = self.ask(operation, question, body)
        if mode == "shrunk" and operation == "DescribeRepositories":
            answer["repositories"] = [one for one in answer["repositories"]
                                      if not one["repositoryName"].endswith("-0")]
        if status == 200 and operation in PAGED and mode != "endless":
            answer = page(operation, question, answer, 3 if mode == "overlap" else 0)
            if operation == "DescribeRepositories" and "nextToken" not in answer and mode == "circle":
                answer["nextToken"] = str(PAGE)
            if operation == "DescribeRepositories" and "nextToken" in answer and mode == "number":
                answer["nextToken"] = int(answer["nextToken"])
        elif mode == "endless" and operation == "DescribeRepositories":
            answer["nextToken"] = "again"
        if mode == "flood" and operation == "GetRegistryPolicy":
            return self.flood()
        if mode == "trickle" and operation == "ListRules":
            return self.trickle(json.dumps(answer).encode())
        if mode == "confused" and question.get("repositoryName", "").endswith("-1") and status == 200:
            answer = {**answer, "repositoryName": "acme-shop-another"}
        if mode == "empty":
            answer = {name: value for name, value in answer.items()
                      if name not in ("lifecyclePolicyText", "policyText", "Policy")}
        cut = mode == "cut" and number % 9 == 3
        return self.answer(status, answer, cut)

    def flood(self):
        """An answer in chunks, so that nothing says how long it will be."""
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        chunk = b" " * (1 << 20)
        for _ in range(80):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")

    def trickle(self, text):
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        for byte in text:
            self.wfile.write(bytes([byte]))
            time.sleep(0.1)

    def fault(self, mode, operation, question, number):
        if mode == "throttled" and number % 7 == 0:
            return ("ThrottlingException", "Rate exceeded")
        if mode == "third" and number % 3 == 0:
            return ("ThrottlingException", "Rate exceeded")
        if mode == "broken" and number % 10 == 0:
            return ("ServerException", "Service has failed")
        if mode == "cut" and number % 9 == 0:
            return "cut"
        if mode == "expired" and number > 500:
            return ("ExpiredTokenException", "The security token included in the request is expired")
        if mode == "foreign":
            return ("UnrecognizedClientException", "The security token included in the request is invalid")
        name = question.get("repositoryName", "")
        if mode == "still":
            time.sleep(120)
        if mode == "stuck" and name.endswith("-2") and self.scope()[1] == "eu-west-1":
            time.sleep(120)
        if mode == "vanishing" and name.endswith("-1") and operation != "DescribeRepositories":
            return ("RepositoryNotFoundException", "The repository does not exist in the registry")
        denied = (mode == "denied" and (
            operation in ("GetRegistryPolicy", "GetKeyPolicy", "DescribeParameters")
            or (operation == "GetRepositoryPolicy" and name.endswith("-2"))
        )) or (mode == "unlisted" and operation == "DescribeRepositories"
               and self.scope()[1] == "eu-central-1")
        if denied:
            return ("AccessDeniedException", f"User is not authorized to perform: {operation}")
        return None

    def scope(self):
        """Access key and region of the signature."""
        found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", self.headers.get("authorization", ""))
        return found.groups() if found else ("nobody", "nowhere")

    def ask(self, operation, question, body):
        if operation == "ListRegions":
            names = [("eu-central-1", "ENABLED_BY_DEFAULT"), ("eu-west-1", "ENABLED_BY_DEFAULT")]
            return 200, {"Regions": [{"RegionName": n, "RegionOptStatus": s} for n, s in names]}
        if operation == "DescribeRepositoryCreationTemplates":
            return 200, {"repositoryCreationTemplates": [
                {"prefix": f"mirror-{n}", "encryptionConfiguration": {"encryptionType": "AES256"},
                 "imageTagMutability": "MUTABLE", "appliedFor": ["PULL_THROUGH_CACHE"]}
                for n in range(8)]}
        if operation == "DescribePullThroughCacheRules":
            return 200, {"pullThroughCacheRules": [
                {"ecrRepositoryPrefix": "mirror-0", "upstreamRegistryUrl": "public.ecr.aws"}]}
        if question.get("KeyId") in aws_keys:
            return 200, self.aws_key(operation, question["KeyId"])
        if operation == "BatchGetRepositoryScanningConfiguration":
            return 200, self.scanning(question["repositoryNames"])
        if operation in PAGED:
            return self.whole(operation, question)
        return self.moto(body)

    def whole(self, operation, question):
        """All pages of moto, which are not those of the proxy."""
        member, token = PAGED[operation]
        question = {name: value for name, value in question.items() if name != token}
        items = []
        while True:
            status, answer = self.moto(json.dumps(question).encode())
            if status != 200:
                return status, answer
            items += answer[member]
            if not answer.get(token):
                return status, {**answer, member: items}
            question[token] = answer[token]

    def aws_key(self, operation, arn):
        """What KMS says about the key that ECR uses where none is named."""
        return {
            "DescribeKey": {"KeyMetadata": {
                "AWSAccountId": aws_keys[arn], "Arn": arn, "KeyId": arn.split("/")[1], "KeyManager": "AWS",
                "KeyState": "Enabled", "Enabled": True, "KeySpec": "SYMMETRIC_DEFAULT",
                "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "MultiRegion": False,
                "Description": "Default key that protects my ECR data when no other key is defined"}},
            "GetKeyRotationStatus": {"KeyId": arn, "KeyRotationEnabled": True, "RotationPeriodInDays": 365},
            "GetKeyPolicy": {"PolicyName": "default", "Policy": json.dumps({
                "Version": "2012-10-17", "Id": "auto-ecr-1", "Statement": [{
                    "Sid": "Allow access through ECR", "Effect": "Allow", "Principal": {"AWS": "*"},
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:RetireGrant",
                               "kms:DescribeKey"],
                    "Resource": "*",
                    "Condition": {"StringEquals": {
                        "kms:CallerAccount": aws_keys[arn],
                        "kms:ViaService": f"ecr.{arn.split(':')[3]}.amazonaws.com"}}}]})},
        }[operation]

    def scanning(self, names):
        """Effective scanning by ECR's decision table, for the two registries that there are here."""
        registry = self.raw("GetRegistryScanningConfiguration", {})["scanningConfiguration"]
        listed = self.raw("DescribeRepositories", {"repositoryNames": names})["repositories"]
        found = []
        for item in listed:
            filters = [f for rule in registry["rules"] for f in rule["repositoryFilters"]]
            on_push = bool(filters) or item["imageScanningConfiguration"]["scanOnPush"]
            found.append({
                "repositoryArn": item["repositoryArn"], "repositoryName": item["repositoryName"],
                "scanOnPush": on_push, "scanFrequency": "SCAN_ON_PUSH" if on_push else "MANUAL",
                "appliedScanFilters": filters})
        # ECR promises no order.
        return {"scanningConfigurations": found[::-1], "failures": []}

    def raw(self, operation, question):
        target = f"AmazonEC2ContainerRegistry_V20150921.{operation}"
        status, answer = self.moto(json.dumps(question).encode(), target)
        assert status == 200, answer
        return answer

    def moto(self, body, target=None):
        headers = {name: self.headers[name] for name in
                   ["authorization", "content-type", "x-amz-target", "x-amz-security-token", "x-amz-date"]
                   if name in self.headers}
        if target:
            headers["x-amz-target"] = target
        answer = self.server.moto.post("/", data=body, headers=headers)
        return answer.status_code, json.loads(answer.data or b"{}")

    def forward(self, path, body):
        headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "connection")}
        answer = self.server.moto.post(path, data=body, headers=headers)
        self.send_response(answer.status_code)
        self.send_header("content-type", answer.headers.get("content-type", "text/xml"))
        self.send_header("content-length", str(len(answer.data)))
        self.end_headers()
        self.wfile.write(answer.data)

    def answer(self, status, value, cut=False):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        if cut:
            text = text[: len(text) // 2]
            self.close_connection = True
        self.wfile.write(text)


def page(operation, question, answer, overlap):
    member, token = PAGED[operation]
    items = answer[member]
    start = int(question.get(token) or 0)
    answer = {member: items[max(start - overlap, 0) : start + PAGE]}
    if start + PAGE < len(items):
        answer[token] = str(start + PAGE)
    return answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """Somebody who has hung up is what these tests are about."""


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open(sys.argv[1]) as rows:
        kinds = [json.loads(row) for row in rows if row.strip()]
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    port = moto.get_host_and_port()[1]
    for account in ACCOUNTS:
        for region in REGIONS:
            fill(kinds, account, region, port)
    server = Server(("127.0.0.1", 0), Proxy)
    # In this process, the backends are the ones that were filled.
    server.moto = Client(DomainDispatcherApplication(create_backend_app))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready {server.server_address[1]}", flush=True)
    sys.stdin.read()


main()
