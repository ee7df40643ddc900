//! The program as users run it: what it prints, and the code that it ends with.

mod access;
mod adding;
mod baseline;
mod broken;
mod changed;
mod check;
mod commands;
mod configured;
mod destinations;
mod documents;
mod expected;
mod extends;
mod fix;
mod formats;
#[path = "../golden/mod.rs"]
mod golden;
mod idle;
mod lifecycle;
mod live;
mod lsp;
mod mistakes;
mod nothing;
#[path = "../packages/mod.rs"]
mod packages;
mod places;
#[path = "../program/mod.rs"]
mod program;
#[path = "../records/mod.rs"]
mod records;
#[cfg(unix)]
mod remediation;
#[path = "../sarif/mod.rs"]
mod sarif;
mod sarif_checks;
mod selecting;
mod snapshot;
mod stream;
#[cfg(unix)]
mod terminal;
mod watch;
#[path = "../watched/mod.rs"]
mod watched;

/// A repository that nothing is wrong with, as far as errors go.
const WARNED: &str = "\
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
      ImageScanningConfiguration:
        ScanOnPush: true
";

/// A repository of which one thing cannot be known.
const UNDECIDED: &str = "\
Parameters:
  Scan:
    Type: String
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
      ImageTagMutability: IMMUTABLE
      ImageScanningConfiguration:
        ScanOnPush: !Ref Scan
      LifecyclePolicy:
        LifecyclePolicyText: >-
          {\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\",
          \"countType\":\"imageCountMoreThan\",\"countNumber\":9},\"action\":{\"type\":\"expire\"}}]}
";
