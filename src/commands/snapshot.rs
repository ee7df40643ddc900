//! `ecrlint snapshot`: captures live accounts into a file that `ecrlint check` judges.
//! It does not know how AWS is asked; without the feature `capture`, nothing here does.

use super::error::CommandError;
use super::terminal::Terminal;
#[cfg(not(feature = "capture"))]
use crate::cli::SnapshotArgs;

#[cfg(feature = "capture")]
pub(super) use with_capture::run;

/// Says how to get what this binary was built without.
#[cfg(not(feature = "capture"))]
pub(super) fn run(_: &SnapshotArgs, _: &mut Terminal) -> Result<u8, CommandError> {
    Err(CommandError::Usage(
        "this `ecrlint` is built without `snapshot`, because the AWS SDK is larger than all the rest; \
         build one with `cargo install --locked --path . --features capture`"
            .to_owned(),
    ))
}

#[cfg(feature = "capture")]
mod with_capture {
    use std::collections::BTreeMap;

    use super::super::destination::{Protected, Protection, is_read};
    use super::super::progress::Bar;
    use super::super::setup::Setup;
    use super::{CommandError, Terminal};
    use crate::capture::{self, CaptureOptions, CaptureSummary, SnapshotPart};
    use crate::cli::{Include, RuleArgs, SnapshotArgs};
    use crate::config::Config;
    use crate::render::{self, clean};

    /// How parameters are named unless the configuration says otherwise.
    const PARAMETERS: &str = "ECR_{BASE}_{kind}";
    /// What stands for an account in the name of a role.
    const ACCOUNT: &str = "{account}";
    /// The word for every region.
    const ALL: &str = "all";

    pub(in crate::commands) fn run(
        args: &SnapshotArgs,
        terminal: &mut Terminal,
    ) -> Result<u8, CommandError> {
        let rules = RuleArgs::built_in(args.config.as_deref(), &args.allow_outside);
        let setup = Setup::load(&rules, terminal)?;
        if !setup.problems.is_empty() {
            return setup.complain(terminal);
        }
        let mut protected = Protected::default();
        let read = setup.sources.names();
        read.for_each(|name| protected.add(name, Protection::Found));
        if protected.holds(&args.file).is_some() {
            return Err(is_read(&args.file));
        }
        let options = options(args, &setup.config)?;
        if args.print_iam_policy {
            let policy = capture::policy(&options);
            return terminal.print_with(|out| render::write_json(&policy, out));
        }
        if args.dry_run {
            return terminal.print_text(&plan(args, &options).join("\n"));
        }
        let captured = capture::capture(&options, &mut Bar::of_capture(terminal));
        match captured {
            Ok(summary) => Ok(conclude(&summary, args, terminal)),
            Err(capture::CaptureError::Stdout(source)) => Err(CommandError::Stdout(source)),
            Err(error) => {
                let mut told = vec![CommandError::Usage(error.to_string())];
                if capture::is_left(&args.file) {
                    let kept = "what was captured is kept: go on with `--resume`";
                    told.push(CommandError::Usage(kept.to_owned()));
                }
                let told = CommandError::Several(told);
                if let capture::CaptureError::Interrupted(signal) = error {
                    terminal.complain_of(&told);
                    return Ok(end(signal));
                }
                Err(told)
            }
        }
    }

    /// Ends as the signal asks; where that is not known, with the code for a job that was not done.
    fn end(signal: i32) -> u8 {
        #[cfg(unix)]
        super::super::signals::end_by(signal);
        let _ = signal;
        2
    }

    fn options(args: &SnapshotArgs, config: &Config) -> Result<CaptureOptions, CommandError> {
        let to_stdout = args.file.as_os_str() == "-";
        if to_stdout && args.resume {
            return Err(CommandError::Usage(
                "nothing is kept of what went to standard output; `--resume` needs a file"
                    .to_owned(),
            ));
        }
        let all_regions = args.regions.iter().any(|region| region == ALL);
        if all_regions && args.regions.len() > 1 {
            return Err(CommandError::Usage(format!(
                "`--region {ALL}` is every region; leave out the others"
            )));
        }
        let accounts = accounts(args, config)?;
        let mut regions_of = BTreeMap::new();
        if args.regions.is_empty() && args.accounts.as_ref().is_some_and(Vec::is_empty) {
            regions_of = regions_of_environments(config);
        }
        let parameter_name = config.parameter_name.as_ref();
        Ok(CaptureOptions {
            profile: args.profile.clone(),
            roles: roles(args, &accounts)?,
            regions: if all_regions {
                Vec::new()
            } else {
                args.regions.clone()
            },
            all_regions,
            regions_of,
            patience: std::time::Duration::from_secs(args.timeout.into()),
            endpoint_url: args.endpoint_url.clone(),
            parts: snapshot_parts(args),
            parameter_name: parameter_name.map_or(PARAMETERS.to_owned(), |name| name.value.clone()),
            output: (!to_stdout).then(|| args.file.clone()),
            resume: args.resume,
            force: args.force,
        })
    }

    fn snapshot_parts(args: &SnapshotArgs) -> Vec<SnapshotPart> {
        let included = |part| match part {
            SnapshotPart::Ecr => true,
            SnapshotPart::Kms => args.include.contains(&Include::Kms),
            SnapshotPart::Ssm => args.include.contains(&Include::Ssm),
            SnapshotPart::Events => args.include.contains(&Include::Events),
            SnapshotPart::Images => args.images,
        };
        SnapshotPart::ALL
            .into_iter()
            .filter(|part| included(*part))
            .collect()
    }

    /// The accounts that `{account}` stands for: those of the command line, else of the configuration.
    fn accounts(args: &SnapshotArgs, config: &Config) -> Result<Vec<String>, CommandError> {
        let Some(named) = &args.accounts else {
            return Ok(Vec::new());
        };
        let mut accounts = named.clone();
        if accounts.is_empty() {
            let organisation = config.organisation.as_ref();
            let environments = organisation.map_or(&[][..], |own| &own.environments);
            accounts.extend(environments.iter().map(|one| one.account.value.clone()));
        }
        accounts.sort();
        accounts.dedup();
        if accounts.is_empty() {
            return Err(CommandError::Usage(
                "the configuration has no `organisation.environments`; name accounts with \
                 `--accounts=111111111111,222222222222`"
                    .to_owned(),
            ));
        }
        let is_id = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
        match accounts.iter().find(|id| !is_id(id)) {
            Some(other) => Err(CommandError::Usage(format!(
                "`{other}` is not an account, expected twelve digits"
            ))),
            None => Ok(accounts),
        }
    }

    fn roles(args: &SnapshotArgs, accounts: &[String]) -> Result<Vec<String>, CommandError> {
        let open = args.roles.iter().find(|role| role.contains(ACCOUNT));
        match (open, accounts.is_empty()) {
            (Some(role), true) => Err(CommandError::Usage(format!(
                "`{role}` does not say which account; add `--accounts`"
            ))),
            (None, false) => Err(CommandError::Usage(format!(
                "accounts are reached by a role: add `--assume-role 'arn:aws:iam::{ACCOUNT}:role/NAME'`"
            ))),
            _ => Ok(args
                .roles
                .iter()
                .flat_map(|role| match role.contains(ACCOUNT) {
                    true => accounts
                        .iter()
                        .map(|id| role.replace(ACCOUNT, id))
                        .collect(),
                    false => vec![role.clone()],
                })
                .collect()),
        }
    }

    /// The regions of the environments, by account. An account with an environment that names none is left
    /// out: its region is the one of the command line's profile or environment.
    fn regions_of_environments(config: &Config) -> BTreeMap<String, Vec<String>> {
        let mut regions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let organisation = config.organisation.as_ref();
        let environments = organisation.map_or(&[][..], |own| &own.environments);
        for environment in environments {
            if let Some(region) = &environment.region {
                let of = regions
                    .entry(environment.account.value.clone())
                    .or_default();
                if !of.contains(&region.value) {
                    of.push(region.value.clone());
                }
            }
        }
        regions.retain(|account, _| {
            environments
                .iter()
                .all(|one| one.account.value != *account || one.region.is_some())
        });
        regions
    }

    fn plan(args: &SnapshotArgs, options: &CaptureOptions) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |what: &str, said: String| {
            lines.push(clean(&format!("{what:<9}{said}")).into_owned());
        };
        let profile = options.profile.as_ref();
        line(
            "as",
            profile.map_or_else(
                || "the standard chain of AWS credentials".to_owned(),
                |name| format!("profile `{name}`"),
            ),
        );
        for role in &options.roles {
            line("role", role.clone());
        }
        if options.all_regions {
            line(
                "regions",
                "every region that the account has enabled".to_owned(),
            );
        } else if !options.regions.is_empty() {
            line("regions", options.regions.join(", "));
        } else if options.regions_of.is_empty() {
            line(
                "regions",
                "the one of the profile or of `AWS_REGION`".to_owned(),
            );
        }
        for (account, regions) in &options.regions_of {
            line("regions", format!("{} of {account}", regions.join(", ")));
        }
        if let Some(url) = &options.endpoint_url {
            line("at", url.clone());
        }
        line("into", format!("`{}`", args.file.display()));
        for call in capture::plan(options) {
            line("calls", call);
        }
        lines
    }

    /// Says what the capture came to, and what to do next.
    fn conclude(summary: &CaptureSummary, args: &SnapshotArgs, terminal: &mut Terminal) -> u8 {
        let file = args.file.display();
        let count = |n: usize| match n {
            1 => "1 repository".to_owned(),
            n => format!("{n} repositories"),
        };
        let mut said = format!(
            "captured {} into `{file}`",
            count(summary.repositories + summary.kept)
        );
        if summary.kept > 0 {
            said.push_str(&format!(
                ", {} of them before the interruption",
                summary.kept
            ));
        }
        terminal.say(&said);
        if summary.gone > 0 {
            terminal.say(&format!(
                "left out: {} deleted meanwhile",
                count(summary.gone)
            ));
        }
        for ((member, code), times) in &summary.missing {
            let times = if *times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            };
            terminal.say(&format!("not captured: `{member}`, {times} ({code})"));
        }
        if !summary.missing.is_empty() {
            terminal.say(
                "what depends on it stays undetermined until it is captured again; where access was denied, \
                 `ecrlint snapshot --print-iam-policy` prints what has to be allowed",
            );
        }
        for (place, why) in &summary.unlisted {
            terminal.complain(&format!("cannot list the repositories of {place}: {why}"));
        }
        let is_whole = summary.unlisted.is_empty();
        if is_whole && args.file.as_os_str() != "-" {
            terminal.say(&format!("next: ecrlint check {file}"));
        }
        for identity in &summary.identities {
            terminal.say(&format!("seen: {identity}"));
        }
        if is_whole { 0 } else { 2 }
    }
}
