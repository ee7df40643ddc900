//! What can be typed after `ecrlint query` and `ecrlint show`.
//! It does not know what the commands do.

use clap::Args;

use super::LookArgs;

/// Arguments of `ecrlint query`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint query '$.repository.policy.statements[*].actions[*].pattern'\n  \
    ecrlint query '$[?@.scanning.effective != true]' infra/\n  \
    ecrlint query '$.repository.lifecycle.problems[*]' live.ndjson\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct QueryArgs {
    /// Query as rules have it: JSONPath (RFC 9535) over $.repository, $.declared, $.registry, $.organisation; `$[?…]`
    /// asks about the repository
    #[arg(value_name = "QUERY")]
    pub query: String,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub inputs: LookArgs,
}

/// Arguments of `ecrlint show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint show team/api                      in the cdk.out here, else in every template below this folder\n  \
    ecrlint show ApiRepo infra/ecr.yaml        by logical id, in one template\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct ShowArgs {
    /// Name, logical id, construct path or ARN of a repository
    #[arg(value_name = "REPOSITORY")]
    pub repository: String,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub inputs: LookArgs,
}
