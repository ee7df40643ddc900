"""Jobs that use the action, each with what GitHub would answer: that the verdict, the reports and the upload are right.

    action.py FOLDER
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from runner import Job

FOLDER, ROOT, VERSION = Path(sys.argv[1]), Path(os.environ["ROOT"]), os.environ["VERSION"]
PROCESSOR, ARCH = {"x86_64": ("x86_64", "X64"), "aarch64": ("aarch64", "ARM64")}[platform.machine()]
TARGET = f"{PROCESSOR}-unknown-linux-musl"
NAME = f"ecrlint-v{VERSION}-{TARGET}.tar.gz"
DENIED = (403, {"message": "Resource not accessible by integration"})
UNUSED = (404, {"message": "no analysis found"})
OFF = (403, {"message": "Code Security must be enabled for this repository to use code scanning."})

answers = {"code-scanning": UNUSED}


class GitHub(BaseHTTPRequestHandler):
    """Releases as they are fetched, and the one question that is asked of the API."""

    def do_GET(self):
        if "/code-scanning/analyses" in self.path:
            assert self.headers["Authorization"] == "Bearer a-token", self.headers
            status, body = answers["code-scanning"]
            return self.answer(status, json.dumps(body).encode())
        file = FOLDER / "dist" / self.path.rsplit("/", 1)[1]
        if self.path == f"/v{VERSION}/{file.name}" and file.is_file():
            return self.answer(200, file.read_bytes())
        return self.answer(404, b"Not Found")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def program(name, text):
    path = FOLDER / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/usr/bin/env bash\n" + text)
    path.chmod(0o755)
    return path


def prepare():
    """The release, the action that knows it, and stand-ins for the programs that reach GitHub."""
    pack = [ROOT / "packaging/archive.py", TARGET, os.environ["BINARY"], FOLDER / "dist"]
    subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
    action = FOLDER / "action"
    (action / "packaging").mkdir(parents=True)
    for name in ("action.yml", "Cargo.toml", "packaging/version.py", "packaging/checksums.py", "packaging/checksums.txt"):
        shutil.copy(ROOT / name, action / name)
    subprocess.run([action / "packaging/checksums.py", FOLDER / "dist", "--table"], check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    # The real curl, sent here. HTTPS alone is what the action asks for.
    program(
        "curl",
        f"""releases=https://github.com/ecrlint/ecrlint/releases/download
[[ $* != *releases* || $* == *"--proto =https"* ]] || exit 3
arguments=()
for argument in "$@"; do
  [[ $argument != =https && $argument != --proto ]] || continue
  arguments+=("${{argument/#"$releases"/{base}}}")
done
exec {shutil.which("curl")} "${{arguments[@]}}"
""",
    )
    program("gh", f"""[[ $* != *--help* ]] || {{ echo "--signer-workflow --source-ref"; exit 0; }}
printf '%s\\n' "$*" >> {FOLDER}/attested
[[ ! -e {FOLDER}/refuses ]] || {{ echo "no attestation matches"; exit 1; }}
""")
    os.environ["PATH"] = f"{FOLDER / 'bin'}:{os.environ['PATH']}"
    return action, base


ACTION, BASE = prepare()
jobs = 0
scenarios = []


def scenario(function):
    scenarios.append(function)


def job(*files, **inputs):
    global jobs
    jobs += 1
    runner = {
        "RUNNER_OS": "Linux",
        "RUNNER_ARCH": ARCH,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_API_URL": BASE,
        "GITHUB_REPOSITORY": "somebody/shop",
    }
    one = Job(ACTION, FOLDER / f"job-{jobs}", runner)
    for file in files or ["fixtures/example/registry.yaml"]:
        shutil.copy(ROOT / file, one.checkout)
    one.inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
    answers["code-scanning"] = UNUSED
    return one


def ends(one, conclusion, code, *said, uploads=0):
    outputs, ended = one.run()
    told = one.printed
    assert (ended, outputs["exit-code"], len(one.uploads)) == (conclusion, code, uploads), (ended, outputs, one.uploads, told)
    for text in said:
        assert text in told, (text, told)
    return outputs


@scenario
def a_release_is_fetched_verified_and_run():
    one = job(category="shop")
    outputs = ends(one, "failure", "1", "verified:", "::error file=registry.yaml,line=53", "error[scan-on-push]", uploads=1)
    assert one.uploads == [{"sarif_file": "ecrlint.sarif", "category": "shop", "token": "a-token"}], one.uploads
    assert (outputs["errors"], outputs["warnings"], outputs["sarif-file"]) == ("2", "1", "ecrlint.sarif"), outputs
    assert json.loads((one.checkout / "ecrlint.sarif").read_text())["runs"], "SARIF is there"
    assert "## ecrlint: failed" in one.summary, one.summary
    (attested,) = (FOLDER / "attested").read_text().splitlines()
    assert f"--source-ref refs/tags/v{VERSION}" in attested and "release.yml" in attested, attested


@scenario
def nothing_wrong_is_a_green_job():
    ends(job("fixtures/cloudformation/clean.yaml"), "success", "0", uploads=1)
    ends(job(fail_on="never"), "success", "0", uploads=1)


@scenario
def a_fork_may_not_upload():
    one = job()
    one.context["github.event_name"] = "pull_request"
    one.context["github.event.pull_request.head.repo.full_name"] = "stranger/shop"
    ends(one, "failure", "1", "::notice title=ecrlint::no SARIF was uploaded: a pull request from a fork", "::error file=")
    own = job()
    own.context["github.event_name"] = "pull_request"
    own.context["github.event.pull_request.head.repo.full_name"] = "somebody/shop"
    ends(own, "failure", "1", uploads=1)


@scenario
def dependabot_may_not_upload():
    one = job()
    one.context["github.actor"] = "dependabot[bot]"
    ends(one, "failure", "1", "no SARIF was uploaded: what Dependabot starts")


@scenario
def a_private_repository_without_code_scanning_is_told():
    one = job()
    answers["code-scanning"] = OFF
    ends(one, "failure", "1", "no SARIF was uploaded: code scanning answers 403 (Code Security must be enabled")


@scenario
def a_job_without_permission_is_told():
    one = job()
    answers["code-scanning"] = DENIED
    ends(one, "failure", "1", "no SARIF was uploaded: code scanning answers 403 (Resource not accessible", "security-events: write")


@scenario
def a_missing_token_is_told():
    ends(job(token=""), "failure", "1", "no SARIF was uploaded: there is no token", "not verified who built")


@scenario
def an_upload_that_fails_leaves_the_verdict():
    one = job(fail_on="never")
    one.upload_fails = True
    ends(one, "success", "0", "::warning title=ecrlint::the SARIF report could not be uploaded", uploads=1)
    asked = job(fail_on="never", sarif_upload="true")
    asked.upload_fails = True
    ends(asked, "failure", "0", uploads=1)
    ends(job(sarif_upload="false"), "failure", "1")
    ends(job(sarif_upload="maybe"), "failure", "1", "`sarif-upload` is `auto`, `true` or `false`")


@scenario
def a_cancelled_job_promises_nothing():
    started = FOLDER / "started"
    half = 'for one in "$@"; do [[ $one != sarif=* ]] || echo half > "${one#sarif=}"; done'
    slow = program("slow", f"{half}\ntouch {started}\nexec sleep 60\n")

    def wait():
        while not started.exists():
            time.sleep(0.05)

    one = job(binary=str(slow))
    one.cancel_when = ("check", wait)
    outputs = ends(one, "cancelled", "")
    assert outputs["sarif-file"] == "", outputs


@scenario
def a_crash_is_an_error_with_its_reason():
    for text, reason in (("kill -SEGV $$", "ended by signal 11"), ("echo oops >&2; exit 101", "ecrlint ended with 101")):
        one = job(binary=str(program("crash", text)))
        ends(one, "failure", "2", "::error title=ecrlint could not finish::", reason)
        assert reason in one.summary, one.summary


@scenario
def what_cannot_be_read_is_an_error():
    one = job("fixtures/broken/truncated.json", fail_on="never", paths="truncated.json")
    ends(one, "failure", "2", "::error file=truncated.json", uploads=1)


@scenario
def another_archive_is_not_run():
    archive = FOLDER / "dist" / NAME
    kept = archive.read_bytes()
    archive.write_bytes(kept + b"\0")
    ends(job(), "failure", "2", "is not what was released: its SHA-256 is")
    archive.unlink()
    ends(job(), "failure", "2", "cannot fetch https://github.com/ecrlint/ecrlint/releases/download/", "404")
    archive.write_bytes(kept)


@scenario
def an_archive_that_others_built_is_not_run():
    (FOLDER / "refuses").touch()
    ends(job(), "failure", "2", "cannot verify who built", "no attestation matches")
    (FOLDER / "refuses").unlink()


@scenario
def an_unknown_release_is_told():
    ends(job(version="9.9.9"), "failure", "2", "this action knows no release 9.9.9")
    one = job()
    one.runner["RUNNER_ARCH"] = "ARM"
    ends(one, "failure", "2", "there is no release of ecrlint for Linux on ARM")


for one in scenarios:
    one()
    print(f"  {one.__name__.replace('_', ' ')}")
