#!/usr/bin/env python3
"""Prints the Homebrew formula of a release, from the SHA256SUMS in DIST.

    packaging/homebrew.py DIST > Formula/ecrlint.rb
"""

import sys
from pathlib import Path

from version import VERSION

FORMULA = '''\
class Ecrlint < Formula
  desc "Policy linter for Amazon ECR in CloudFormation templates and CDK assemblies"
  homepage "https://github.com/ecrlint/ecrlint"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
{aarch64-apple-darwin}
    end
    on_intel do
{x86_64-apple-darwin}
    end
  end

  on_linux do
    on_arm do
{aarch64-unknown-linux-musl}
    end
    on_intel do
{x86_64-unknown-linux-musl}
    end
  end

  def install
    bin.install "ecrlint"
    man1.install "man/ecrlint.1"
    bash_completion.install "completions/ecrlint.bash" => "ecrlint"
    fish_completion.install "completions/ecrlint.fish"
    zsh_completion.install "completions/_ecrlint"
  end

  test do
    (testpath/"registry.yaml").write <<~YAML
      Resources:
        Api:
          Type: AWS::ECR::Repository
          Properties:
            ImageScanningConfiguration: {{ ScanOnPush: false }}
    YAML
    assert_match "scan-on-push", shell_output("#{{bin}}/ecrlint check registry.yaml", 1)
  end
end
'''
TARGETS = ["aarch64-apple-darwin", "x86_64-apple-darwin", "aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl"]


def main() -> None:
    lines = (Path(sys.argv[1]) / "SHA256SUMS").read_text().splitlines()
    sums = {name: hash for hash, name in (line.split("  ", 1) for line in lines)}
    places = {}
    for target in TARGETS:
        name = f"ecrlint-v{VERSION}-{target}.tar.gz"
        url = f"https://github.com/ecrlint/ecrlint/releases/download/v{VERSION}/{name}"
        places[target] = f'      url "{url}"\n      sha256 "{sums[name]}"'
    print(FORMULA.format(version=VERSION, **places), end="")


main()
