//! `ecrlint fix --remediation sh`: writes a script for what is found in live accounts, for a person to read and run.
//! It runs nothing, and asks nobody.

mod action;

use std::collections::{BTreeMap, BTreeSet};

use super::judging::judge;
use super::{CommandError, setup::Setup, terminal::Terminal};
use crate::cli::{CheckArgs, FixArgs};
use crate::render::clean;
use crate::report::{Diagnostic, DraftReport, Outcome, Verdict};
use crate::source::shown;
use action::ScriptStep;

/// The functions that a script calls: each reads before it writes.
const PRELUDE: &str = include_str!("remediation/prelude.sh");

/// Judges with edits for what is live.
pub(super) fn judged(
    check: &CheckArgs,
    terminal: &mut Terminal,
) -> Result<(Setup, DraftReport), CommandError> {
    let mut setup = Setup::load_for(&check.rule_args, &check.paths, terminal)?;
    setup.proposes = true;
    let draft = judge(check, &mut setup, terminal)?;
    Ok((setup, draft))
}

/// Prints the script.
pub(super) fn write(
    args: &FixArgs,
    setup: &Setup,
    draft: &DraftReport,
    terminal: &mut Terminal,
) -> Result<u8, CommandError> {
    let mut accounts: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for one in &draft.diagnostics {
        let subject = one.subject.as_deref();
        let live = subject.filter(|subject| subject.arn.is_some());
        let account = live.and_then(|subject| subject.account.as_deref());
        if let Some(account) = account.filter(|_| one.verdict == Verdict::Fail) {
            accounts.entry(account).or_default().push(one);
        }
    }
    if accounts.is_empty() {
        terminal.say("there is no finding about a live account: name a snapshot of one");
        return Ok(Outcome::Pass.exit_code());
    }
    let mut script = Script {
        args,
        setup,
        text: head(args),
        statements: BTreeSet::new(),
        done: BTreeSet::new(),
        acted: 0,
        by_hand: 0,
    };
    for (account, findings) in accounts {
        script.account(account, &findings);
    }
    terminal.print_text(script.text.trim_end())?;
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (calls, by_hand) = (script.acted, script.by_hand);
    terminal.say(&format!(
        "wrote a script with {calls} call{} for a person to read, and {by_hand} finding{} to mend by hand",
        plural(calls),
        plural(by_hand)
    ));
    Ok(Outcome::Pass.exit_code())
}

fn head(args: &FixArgs) -> String {
    let names: Vec<String> = args
        .paths
        .iter()
        .map(|path| clean(&shown(path)).into_owned())
        .collect();
    format!(
        "#!/usr/bin/env bash\n\
         # What ecrlint {} proposes for what it finds in: {}\n\
         # Read it before you run it. Each call reads what is there, changes one setting or one statement, and stops\n\
         # everything where that is not what was captured. Nothing is deleted and nothing expires.\n{PRELUDE}",
        env!("CARGO_PKG_VERSION"),
        names.join(", ")
    )
}

struct Script<'a> {
    args: &'a FixArgs,
    setup: &'a Setup,
    text: String,
    /// Statements that change, by repository and number: a second change would find another one.
    statements: BTreeSet<(String, usize)>,
    done: BTreeSet<String>,
    acted: usize,
    by_hand: usize,
}

impl Script<'_> {
    /// What is to be done in one account.
    fn account(&mut self, account: &str, findings: &[&Diagnostic]) {
        let (mut calls, mut by_hand) = (String::new(), String::new());
        for finding in findings {
            match self.action(finding) {
                Ok(call) => {
                    self.acted += 1;
                    calls.push_str(&format!(
                        "  # {}: {}\n",
                        finding.rule,
                        clean(&finding.message)
                    ));
                    calls.push_str(&format!("  {call}\n"));
                }
                Err(Skip::Done) => {}
                Err(Skip::ByHand(why)) => {
                    self.by_hand += 1;
                    by_hand.push_str(&remark(finding, &why));
                }
            }
        }
        let is_known = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if !calls.is_empty() && is_known {
            self.text
                .push_str(&format!("\nif is_account {account}; then\n{calls}fi\n"));
        }
        if !by_hand.is_empty() {
            self.text.push_str(&format!(
                "\n# By hand, in account {}:\n{by_hand}",
                clean(account)
            ));
        }
    }

    /// The call that ends a finding.
    fn action(&mut self, finding: &Diagnostic) -> Result<String, Skip> {
        let by_hand = |why: &str| Skip::ByHand(why.to_owned());
        let Some(proposal) = finding.proposal.as_deref() else {
            return Err(by_hand(""));
        };
        if !proposal.is_safe && !self.args.unsafe_rules.contains(&finding.rule) {
            return Err(by_hand(""));
        }
        let place = proposal.amendment.place;
        let text = self.setup.sources.source(place.source).text();
        let subject = finding.subject.as_deref().ok_or_else(|| by_hand(""))?;
        let action = ScriptStep::of(subject, text, &proposal.amendment).map_err(Skip::ByHand)?;
        if let Some(number) = action.statement() {
            let key = (subject.arn.clone().unwrap_or_default(), number);
            if !self.statements.insert(key) {
                return Err(by_hand(
                    "after a new capture, for the same statement changes above",
                ));
            }
        }
        let call = action.call();
        match self.done.insert(call.clone()) {
            true => Ok(call),
            false => Err(Skip::Done),
        }
    }
}

/// Why a finding has no call.
enum Skip {
    /// Another finding has the same.
    Done,
    ByHand(String),
}

/// What a person has to know about a finding.
fn remark(finding: &Diagnostic, why: &str) -> String {
    let mut text = format!("#\n# {}: {}\n", finding.rule, clean(&finding.message));
    if !why.is_empty() {
        text.push_str(&format!("#   {}\n", clean(why)));
    }
    let help = finding.help.iter().flat_map(|help| help.lines());
    for line in help {
        text.push_str(&format!("#     {}\n", clean(line)));
    }
    text
}
