//! What can be typed after `ecrlint lifecycle`.
//! It does not know what the commands do.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::InputArgs;

/// Arguments of `ecrlint lifecycle`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing here asks AWS, applies a policy or deletes an image.\n\
    Exit codes: 0 answered, 2 the job could not be done."
)]
pub struct LifecycleArgs {
    /// What to tell.
    #[command(subcommand)]
    pub question: LifecycleQuestion,
}

/// What can be asked about lifecycle policies.
#[derive(Debug, Subcommand)]
pub enum LifecycleQuestion {
    /// Which images a policy expires, of a snapshot or of a history that you describe
    Preview(PreviewArgs),
    /// What each rule of a policy says, what it can take and never can
    Explain(ExplainPolicyArgs),
    /// What another policy expires additionally, and no longer
    Diff(DiffArgs),
}

impl LifecycleQuestion {
    /// How inputs are found and read for it.
    #[must_use]
    pub fn input(&self) -> &InputArgs {
        match self {
            Self::Preview(args) => &args.answer.input,
            Self::Explain(args) => &args.answer.input,
            Self::Diff(args) => &args.answer.input,
        }
    }
}

/// Arguments of `ecrlint lifecycle preview`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint lifecycle preview snapshot.ndjson --repository team/api    the live policy on the live images\n  \
    ecrlint lifecycle preview cdk.out --live snapshot.ndjson           what deploying it expires\n  \
    ecrlint lifecycle preview --policy policy.json --history \"push main-{n} daily; v{semver} weekly\"\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct PreviewArgs {
    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub policy: PolicyArgs,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub images: ImageArgs,

    /// Dollars that a gigabyte costs for a month [default: 0.10, AWS's list price for us-east-1 in March 2026]
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    pub price: Option<PriceArg>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub answer: AnswerArgs,
}

/// Arguments of `ecrlint lifecycle explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint lifecycle explain --policy policy.json\n  \
    ecrlint lifecycle explain infra/ecr.yaml --repository ApiRepo\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct ExplainPolicyArgs {
    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub policy: PolicyArgs,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub answer: AnswerArgs,
}

/// Arguments of `ecrlint lifecycle diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    ecrlint lifecycle diff old.json new.json                      what holds for all images that there could be\n  \
    ecrlint lifecycle diff old.json new.json --live snapshot.ndjson --repository team/api    and for these\n  \
    ecrlint lifecycle diff --live snapshot.ndjson infra/ecr.yaml    what deploying the template changes\n\
    Exit codes: 0 answered, 2 the job could not be done.")]
pub struct DiffArgs {
    /// The old policy and the new one: policy files, templates, folders or snapshots. With `--live`, the old one may be left
    /// out: then it is the live one
    #[arg(value_name = "OLD NEW", num_args = 1..=2, required = true)]
    pub policies: Vec<PathBuf>,

    /// Name, logical id, construct path or ARN of the repository [default: the only one]
    #[arg(long, value_name = "REPOSITORY")]
    pub repository: Option<String>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub images: ImageArgs,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub answer: AnswerArgs,
}

/// Which policy is meant.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// Files, folders, globs, a cdk.out, or `-` for standard input [default: cdk.out, else .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Name, logical id, construct path or ARN of the repository [default: the only one]
    #[arg(long, value_name = "REPOSITORY")]
    pub repository: Option<String>,

    /// A policy in a file: its JSON text, or what `aws ecr get-lifecycle-policy` answers
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub policy: Option<PathBuf>,
}

/// Which images are meant.
#[derive(Debug, Args)]
pub struct ImageArgs {
    /// Snapshot with the images of the repository, from `ecrlint snapshot --images`
    #[arg(long, value_name = "SNAPSHOT", conflicts_with = "history")]
    pub live: Option<PathBuf>,

    /// What is pushed and pulled and how often, such as "main-{n} daily 300MB; pr-{n}+{sha} 5 a day; untagged weekly;
    /// v{semver} weekly for 2 platforms; pull v{semver} daily until 30 days after the push"
    #[arg(long, value_name = "TEXT")]
    pub history: Option<String>,

    /// How many months of the history to look at, of thirty days each
    #[arg(long, value_name = "COUNT", default_value_t = 6, requires = "history",
        value_parser = clap::value_parser!(u64).range(1..=60))]
    pub months: u64,

    /// Decides at which time of the day the images of the history are pushed
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "history")]
    pub seed: u64,

    /// The day on which the images of the snapshot are looked at [default: that of the capture, else today]
    #[arg(long, value_name = "DATE", conflicts_with = "history")]
    pub at: Option<String>,
}

/// How the answer is written, and how inputs are found and read.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub output: LifecycleFormat,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "clap would print a docstring here as a heading"
    )]
    pub input: InputArgs,
}

/// How an answer about lifecycle policies is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LifecycleFormat {
    /// Tables, sentences and a timeline
    Human,
    /// The same for programs
    Json,
}

/// Dollars for a gigabyte and a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceArg(pub f64);

impl std::str::FromStr for PriceArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let price = text.parse::<f64>().ok();
        match price.filter(|price| (0.0..=1000.0).contains(price)) {
            Some(price) => Ok(Self(price)),
            None => Err("write dollars, from 0 to 1000, such as `0.10`".to_owned()),
        }
    }
}
