//! Captures live accounts: asks AWS, and writes a snapshot of its plain answers, one repository a line.
//! The only place that knows AWS's SDK, asynchronous code or the network. It does not know rules, and judges
//! nothing.

mod answer;
mod caller;
mod credentials;
mod edges;
mod endpoint;
mod error;
mod events;
mod failure;
mod identity;
mod keys;
mod listing;
mod operation;
mod options;
mod output;
mod pace;
mod parameters;
mod permissions;
mod record;
mod region;
mod registry;
mod repository;
mod summary;
mod time;
mod unfinished;
mod visit;

use std::sync::Arc;

use serde_json::json;
use tokio::signal;

pub use error::CaptureError;
pub use identity::CallerIdentity;
pub use operation::SnapshotPart;
pub use options::CaptureOptions;
pub use permissions::policy;
pub use summary::CaptureSummary;
pub use unfinished::is_left;

use caller::RegionalClient;
use credentials::AuthenticatedAccount;
use endpoint::Endpoints;
use output::SnapshotWriter;
use region::Region;

/// Who is told how far it is.
pub trait Progress {
    /// These accounts are captured.
    fn start(&mut self, identities: &[CallerIdentity]);
    /// An account and region begins, with so many repositories to ask about.
    fn begin(&mut self, place: &str, repositories: usize);
    /// So many more of them are done.
    fn advance(&mut self, repositories: usize);
}

/// Captures what `options` ask for.
///
/// # Errors
/// Nothing was captured, or not everything; the lines that were captured stay in the unfinished snapshot.
pub fn capture(
    options: &CaptureOptions,
    progress: &mut dyn Progress,
) -> Result<CaptureSummary, CaptureError> {
    for region in &options.regions {
        if !is_region(region) {
            return Err(CaptureError::NotRegion(region.clone()));
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CaptureError::Start)?;
    runtime.block_on(async {
        tokio::select! {
            // Signals are heard before anything is written.
            biased;
            signal = stopped() => Err(CaptureError::Interrupted(signal)),
            result = run(options, progress) => result,
        }
    })
}

async fn run(
    options: &CaptureOptions,
    progress: &mut dyn Progress,
) -> Result<CaptureSummary, CaptureError> {
    let config = credentials::settings(options).await;
    let mut base = credentials::base(options, &config).await;
    // A profile that is not there has no region either: what is wrong is its name.
    if options.profile.is_some() {
        base = Ok(base?);
    }
    let Some(home) = config.region().map(|region| region.to_string()) else {
        return Err(CaptureError::NoRegion);
    };
    let mut output = SnapshotWriter::open(options)?;
    let mut summary = output.left();
    let accounts = credentials::accounts(options, &config, base?).await?;
    let connector = Arc::new(credentials::connector(None));
    let endpoints = Endpoints::new(&config);
    let caller = |account: &AuthenticatedAccount, region: &str| {
        RegionalClient::new(
            Arc::clone(&connector),
            Arc::clone(&account.credentials),
            endpoints.clone(),
            region,
            options.patience,
        )
    };
    let mut places: Vec<(&AuthenticatedAccount, String)> = Vec::new();
    for account in &accounts {
        let regions = match regions(options, account) {
            Some([]) => vec![home.clone()],
            Some(named) => named.to_vec(),
            None => enabled_regions(&caller(account, &home), account).await?,
        };
        for region in regions {
            // Somebody may name a region twice, or one account by two roles.
            let mut named = places.iter();
            if !named.any(|(other, name)| other.id == account.id && *name == region) {
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
            keys: keys::KmsKeys::default(),
            parameters: None,
        };
        region.capture(&mut output, progress, &mut summary).await?;
    }
    output.write(&edges::end(&summary))?;
    output.finish()?;
    Ok(summary)
}

/// The regions that are named for an account; none stands for the one of the credentials, nothing for all of them.
fn regions<'o>(
    options: &'o CaptureOptions,
    account: &AuthenticatedAccount,
) -> Option<&'o [String]> {
    let own = options.regions_of.get(&account.id);
    (!options.all_regions).then_some(own.unwrap_or(&options.regions))
}

/// The regions that an account has enabled, by name.
async fn enabled_regions(
    caller: &RegionalClient,
    account: &AuthenticatedAccount,
) -> Result<Vec<String>, CaptureError> {
    let input = json!({ "RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT"] });
    let listed = listing::REGIONS.all(caller, input);
    let listed = listed
        .await
        .map_err(|failure| CaptureError::Regions(account.id.clone(), failure.to_string()))?;
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
pub fn plan(options: &CaptureOptions) -> Vec<String> {
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
