"""Runs `action.yml` as a runner of GitHub Actions does: contexts are put in place of expressions, scripts go to bash, outputs
come back through files, and steps run as `if` says. Other actions are told apart and not run.
"""

import os
import re
import signal
import subprocess
from pathlib import Path

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Job:
    """A job on a runner with a checkout and a temporary folder of its own."""

    def __init__(self, root, folder, runner):
        self.action = yaml.safe_load((root / "action.yml").read_text())
        self.checkout, self.temp = folder / "checkout", folder / "temp"
        self.checkout.mkdir(parents=True)
        self.temp.mkdir()
        self.folder, self.runner = folder, runner | {"GITHUB_ACTION_PATH": str(root), "RUNNER_TEMP": str(self.temp)}
        self.context = {
            "github.token": "a-token",
            "github.actor": "somebody",
            "github.event_name": "push",
            "github.event.pull_request.head.repo.full_name": "",
        }
        self.inputs, self.uploads, self.printed, self.summary = {}, [], "", ""
        self.upload_fails, self.cancel_when = False, None

    def run(self):
        """Outputs and conclusion: `success`, `failure` or `cancelled`."""
        for name, declared in self.action["inputs"].items():
            default = self.expand(str(declared.get("default", "")))
            self.context[f"inputs.{name}"] = self.inputs.get(name, default)
        conclusion = "success"
        for step in self.action["runs"]["steps"]:
            # Without a condition of its own, a step runs while nothing has failed and nobody has cancelled.
            runs = conclusion == "success" and self.is_true(step.get("if", "true"))
            outcome = self.step(step) if runs else "skipped"
            self.context[f"steps.{step['id']}.outcome"] = outcome
            if outcome == "cancelled":
                conclusion = "cancelled"
            elif outcome == "failure" and not self.is_true(str(step.get("continue-on-error", "false"))):
                conclusion = "failure"
        outputs = {name: self.expand(one["value"]) for name, one in self.action["outputs"].items()}
        return outputs, conclusion

    def step(self, step):
        if "uses" in step:
            self.uploads.append({name: self.expand(str(value)) for name, value in step["with"].items()})
            return "failure" if self.upload_fails else "success"
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        environment = os.environ | self.runner | {name: str(file) for name, file in files.items()}
        environment |= {name: self.expand(value) for name, value in step["env"].items()}
        # What GitHub runs for `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        process = subprocess.Popen(
            command,
            cwd=self.checkout,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        if self.cancel_when and step["id"] == self.cancel_when[0]:
            self.cancel_when[1]()
            # A runner interrupts, then ends what is still there.
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(7.5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            self.printed += process.communicate()[0]
            return "cancelled"
        self.printed += process.communicate()[0]
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        assert files["GITHUB_ENV"].read_text() == files["GITHUB_PATH"].read_text() == "", "nothing is left for later steps"
        self.read_outputs(step["id"], files["GITHUB_OUTPUT"].read_text().splitlines())
        return "success" if process.returncode == 0 else "failure"

    def read_outputs(self, step, lines):
        lines = iter(lines)
        for line in lines:
            name, assigned, value = line.partition("=")
            if "<<" in name or not assigned:
                name, _, end = line.partition("<<")
                value = "\n".join(iter(lambda: next(lines), end))
            self.context[f"steps.{step}.outputs.{name}"] = value

    def value(self, expression):
        comparison = re.fullmatch(r"(\S+)\s*(==|!=)\s*'([^']*)'", expression)
        if comparison:
            name, operator, wanted = comparison.groups()
            return "true" if (self.value(name) == wanted) == (operator == "==") else "false"
        if expression in self.context:
            return self.context[expression]
        assert expression.startswith("steps."), f"nothing sets `{expression}`"
        return ""

    def expand(self, text):
        return EXPRESSION.sub(lambda match: self.value(match[1]), text)

    def is_true(self, condition):
        text = self.expand(condition)
        return (text if text in ("true", "false") else self.value(text)) == "true"
