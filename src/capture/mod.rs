//! Captures live accounts: asks AWS, and writes a snapshot of its plain answers, one repository a line.
//! The only place that knows AWS's SDK, asynchronous code or the network. It does not know rules, and judges
//! nothing.

mod answer;
mod caller;
mod credentials;
mod edges;
mod endpoint;
mod events;
mod failure;
mod identity;
mod keys;
mod listing;
mod operation;
mod output;
mod pace;
mod parameters;
mod permissions;
mod record;
mod region;
mod registry;
mod repository;
mod time;
mod unfinished;
mod visit;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::signal;

pub use identity::Identity;
pub use operation::Part;
pub use permissions::policy;
pub use unfinished::is_left;

use caller::Caller;
use credentials::Account;
use endpoint::Endpoints;
use output::Output;
use region::Region;

/// What to capture, as whom, and where to.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Profile of the shared configuration; `None` for the standard chain.
    pub profile: Option<String>,
    /// Roles to take, each for its account; empty for the account of the credentials themselves.
    pub roles: Vec<String>,
    /// Regions; empty for the one of the profile or the environment.
    pub regions: Vec<String>,
    /// Every region that the account has enabled.
    pub all_regions: bool,
    /// Regions of single accounts, instead of `regions`.
    pub regions_of: BTreeMap<String, Vec<String>>,
    /// Longest time from a request to the last byte of its answer.
    pub patience: Duration,
    /// Endpoint of every service instead of AWS's own.
    pub endpoint_url: Option<String>,
    /// What to capture, in the order of [`Part::ALL`].
    pub parts: Vec<Part>,
    /// How parameters are named, with `{BASE}` and `{kind}` in it.
    pub parameter_name: String,
    /// The file; `None` for standard output.
    pub output: Option<PathBuf>,
    /// Go on with what an interrupted run has left.
    pub resume: bool,
    /// Replace the file whatever it holds.
    pub force: bool,
}

impl Options {
    /// The names of the parts, as a snapshot has them.
    fn included(&self) -> Vec<&'static str> {
        self.parts.iter().map(|part| part.word()).collect()
    }
}

/// Who is told how far it is.
pub trait Progress {
    /// These accounts are captured.
    fn start(&mut self, identities: &[Identity]);
    /// An account and region begins, with so many repositories to ask about.
    fn begin(&mut self, place: &str, repositories: usize);
    /// So many more of them are done.
    fn advance(&mut self, repositories: usize);
}

/// What a capture came to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The accounts that were asked.
    pub identities: Vec<Identity>,
    /// Repositories that were written in this run.
    pub repositories: usize,
    /// Repositories that an interrupted run had written before.
    pub kept: usize,
    /// Lines of registries, those included that an interrupted run had written.
    pub registries: usize,
    /// Repositories that were deleted while they were asked about.
    pub gone: usize,
    /// How often a member is missing, by member and name of the error.
    pub missing: BTreeMap<(String, String), usize>,
    /// Accounts and regions in which repositories could not be listed, and why.
    pub unlisted: Vec<(String, String)>,
}

impl Summary {
    /// Counts what a line is missing.
    fn note(&mut self, line: &Value) {
        if let Some(errors) = line.get("errors").and_then(Value::as_object) {
            self.note_errors(errors);
        }
    }

    /// Takes back what lines are missing that are there no more.
    fn forget(&mut self, others: &Summary) {
        for (key, times) in &others.missing {
            if let Some(all) = self.missing.get_mut(key) {
                *all = all.saturating_sub(*times);
            }
        }
        self.missing.retain(|_, times| *times > 0);
    }

    fn note_errors(&mut self, errors: &Map<String, Value>) {
        for (member, error) in errors {
            let error = error.as_str().unwrap_or_default();
            let code = error.split(':').next().unwrap_or_default();
            let key = (member.clone(), code.to_owned());
            *self.missing.entry(key).or_default() += 1;
        }
    }
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No credentials, or none that AWS takes.
    #[error("{0}")]
    Credentials(String),
    /// A role that may not be taken.
    #[error("cannot take the role `{0}`: {1}")]
    Role(String, String),
    /// Nothing says which region is meant.
    #[error("no AWS region is set; name one with `--region`, or set `AWS_REGION`")]
    NoRegion,
    /// Something that is not the name of a region.
    #[error("`{0}` is no region, expected a name such as `eu-west-1`")]
    NotRegion(String),
    /// The regions of an account could not be listed.
    #[error("cannot list the regions of account {0}: {1}; name them with `--region`")]
    Regions(String, String),
    /// The region does not take the credentials, which elsewhere hold.
    #[error(
        "`{region}` does not know the credentials of account {account} (`{code}`); the region may not be enabled for it"
    )]
    Region {
        /// The region.
        region: String,
        /// The account.
        account: String,
        /// Name of AWS's error.
        code: String,
    },
    /// No service answers.
    #[error("{why}; look whether `{region}` is the region that is meant, and at the network")]
    Unreachable {
        /// The region.
        region: String,
        /// What was attempted, and why it failed.
        why: String,
    },
    /// Repositories could not be listed, for another reason than a missing permission.
    #[error("cannot list the repositories of {0}: {1}")]
    Listing(String, String),
    /// The file holds something else.
    #[error("`{}` is there and is no snapshot; name another file, or replace it with `--force`", .0.display())]
    NoSnapshot(PathBuf),
    /// A link to nothing could lead anywhere.
    #[error("`{}` is a link to a file that is not there; name the file itself", .0.display())]
    Nowhere(PathBuf),
    /// An interrupted run has left something.
    #[error("`{}` is what an interrupted run has captured; go on with `--resume`, or remove it", .0.display())]
    Unfinished(PathBuf),
    /// What is in the place of an unfinished snapshot, and is none: a link, somebody's file.
    #[error("`{}` is in the way and is no unfinished snapshot; move it elsewhere, or name another file", .0.display())]
    NotUnfinished(PathBuf),
    /// An unfinished snapshot of other parts.
    #[error("`{}` was begun with `{}`; go on with the same, or remove it", .0.display(), .1.join(","))]
    OtherOptions(PathBuf, Vec<String>),
    /// An unfinished snapshot of another account or region.
    #[error("`{}` holds {place}, which is not asked for; go on with the same accounts and regions, or remove it", path.display())]
    OtherPlace {
        /// The unfinished snapshot.
        path: PathBuf,
        /// Account and region.
        place: String,
    },
    /// Another run writes the same snapshot.
    #[error("`{}` is being written by another run", .0.display())]
    Busy(PathBuf),
    /// A file cannot be read.
    #[error("cannot read `{path}`: {1}", path = .0.display())]
    Read(PathBuf, std::io::Error),
    /// A file cannot be written.
    #[error("cannot write `{path}`: {1}", path = .0.display())]
    Write(PathBuf, std::io::Error),
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// Somebody has stopped the run, by a signal of this number.
    #[error("interrupted")]
    Interrupted(i32),
    /// The machine gives no means to run anything at once.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
}

/// Captures what `options` ask for.
///
/// # Errors
/// Nothing was captured, or not everything; the lines that were captured stay in the unfinished snapshot.
pub fn capture(options: &Options, progress: &mut dyn Progress) -> Result<Summary, Error> {
    for region in &options.regions {
        if !is_region(region) {
            return Err(Error::NotRegion(region.clone()));
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Start)?;
    runtime.block_on(async {
        tokio::select! {
            // Signals are heard before anything is written.
            biased;
            signal = stopped() => Err(Error::Interrupted(signal)),
            result = run(options, progress) => result,
        }
    })
}

async fn run(options: &Options, progress: &mut dyn Progress) -> Result<Summary, Error> {
    let config = credentials::settings(options).await;
    let mut base = credentials::base(options, &config).await;
    // A profile that is not there has no region either: what is wrong is its name.
    if options.profile.is_some() {
        base = Ok(base?);
    }
    let Some(home) = config.region().map(|region| region.to_string()) else {
        return Err(Error::NoRegion);
    };
    let mut output = Output::open(options)?;
    let mut summary = output.left();
    let accounts = credentials::accounts(options, &config, base?).await?;
    let connector = Arc::new(credentials::connector(None));
    let endpoints = Endpoints::new(&config);
    let caller = |account: &Account, region: &str| {
        Caller::new(
            Arc::clone(&connector),
            Arc::clone(&account.credentials),
            endpoints.clone(),
            (region, options.patience),
        )
    };
    let mut places = Vec::new();
    for account in &accounts {
        let regions = match regions(options, account) {
            Some([]) => vec![home.clone()],
            Some(named) => named.to_vec(),
            None => enabled_regions(&caller(account, &home), account).await?,
        };
        for region in regions {
            // Somebody may name a region twice, or one account by two roles.
            let is_named =
                |(other, name): &(&Account, String)| other.id == account.id && *name == region;
            if !places.iter().any(is_named) {
                places.push((account, region));
            }
        }
    }
    let named: Vec<_> = places
        .iter()
        .map(|(account, region)| (account.id.clone(), region.clone()))
        .collect();
    output.refuse_foreign(&named)?;
    summary.identities = identity::of(&places);
    progress.start(&summary.identities);
    output.begin(&edges::beginning(options, &summary.identities))?;
    for (account, name) in places {
        let region = Region {
            account: account.id.clone(),
            caller: caller(account, &name),
            name,
            options: options.clone(),
            keys: keys::Keys::default(),
            parameters: None,
        };
        region.capture(&mut output, progress, &mut summary).await?;
    }
    output.write(&edges::end(&summary))?;
    output.finish()?;
    Ok(summary)
}

/// The regions that are named for an account; none stands for the one of the credentials, nothing for all of them.
fn regions<'o>(options: &'o Options, account: &Account) -> Option<&'o [String]> {
    let own = options.regions_of.get(&account.id);
    (!options.all_regions).then_some(own.unwrap_or(&options.regions))
}

/// The regions that an account has enabled, by name.
async fn enabled_regions(caller: &Caller, account: &Account) -> Result<Vec<String>, Error> {
    let input = json!({ "RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT"] });
    let listed = listing::REGIONS.all(caller, input);
    let listed = listed
        .await
        .map_err(|failure| Error::Regions(account.id.clone(), failure.to_string()))?;
    let mut names: Vec<String> = listed
        .iter()
        .filter_map(|region| region.get("RegionName")?.as_str())
        .map(str::to_owned)
        .collect();
    names.sort();
    Ok(names)
}

/// Whether a text looks like the name of a region: it becomes part of a host's name.
fn is_region(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().unwrap_or_default();
    let words: Vec<&str> = parts.collect();
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && words.len() >= 2
        && words
            .iter()
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
}

/// Ends when somebody stops the run, by Ctrl-C or, on Unix, by the signal that asks to end; says by which.
async fn stopped() -> i32 {
    #[cfg(unix)]
    {
        let ended = signal::unix::signal(signal::unix::SignalKind::terminate());
        if let Ok(mut ended) = ended {
            return tokio::select! {
                _ = signal::ctrl_c() => libc::SIGINT,
                _ = ended.recv() => libc::SIGTERM,
            };
        }
    }
    // Without a way to hear of it, the run is stopped by the system itself.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    2
}

/// What would be asked, one call a line, without asking anything.
#[must_use]
pub fn plan(options: &Options) -> Vec<String> {
    permissions::calls(options)
        .map(|call| format!("{}:{} ({})", call.service.name, call.name, call.times))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_region;

    #[test]
    fn a_region_is_words_and_a_number() {
        for region in ["eu-west-1", "us-gov-east-1", "ap-southeast-12"] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "eu-west",
            "eu-west1",
            "evil.example/-1",
            "EU-WEST-1",
            "-1",
            "a-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }
}
