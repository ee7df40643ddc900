//! Who may do what in one line: who pushes, who pulls, what is left for everyone.
//! It counts and names; what it counts was found out before.

use std::collections::BTreeSet;

use crate::report::access::{AccessEntry, AccessListing, Giver};

/// What somebody does with images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum ImageWork {
    Push,
    Pull,
}

impl ImageWork {
    /// Both, in the order in which they are reported.
    pub(in crate::render) const BOTH: [Self; 2] = [Self::Push, Self::Pull];

    fn word(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Pull => "pull",
        }
    }

    /// The actions that it needs.
    fn needs(self, entry: &AccessEntry) -> &'static [&'static str] {
        match self {
            Self::Push => entry.needs.push,
            Self::Pull => entry.needs.pull,
        }
    }
}

/// The class of those who can be anybody.
const PUBLIC: &str = "public";
/// The class of those of whom nobody gets through.
const NOBODY: &str = "nobody";
/// Repositories and actions that are named; of more, the number is reported.
const MOST_NAMED: usize = 2;

/// Whether somebody can do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Can {
    Surely,
    Perhaps,
    Not,
}

/// Whether one entry by itself is enough for some work.
pub(in crate::render) fn can(entry: &AccessEntry, work: ImageWork) -> Can {
    let all = work.needs(entry);
    let given = |name: &&str| entry.actions.iter().any(|one| one.name == *name);
    let possible = |name: &&str| entry.possible.iter().any(|one| one.name == *name);
    if all.iter().all(given) {
        Can::Surely
    } else if all.iter().all(|name| given(name) || possible(name)) {
        Can::Perhaps
    } else {
        Can::Not
    }
}

/// What one principal is given by all statements about it.
struct Party<'l> {
    entries: Vec<&'l AccessEntry>,
}

impl Party<'_> {
    fn class(&self) -> Option<&'static str> {
        let classes = self.entries.iter().map(|one| one.class.as_ref().ok());
        let classes: BTreeSet<_> = classes.map(|class| class.copied()).collect();
        match classes.len() {
            1 => classes.into_iter().next().flatten(),
            _ if classes.contains(&Some(PUBLIC)) => Some(PUBLIC),
            _ => None,
        }
    }

    /// Whether it can do some work. Several statements together are certain where none has a condition; what
    /// is given to others may be given to it, too: `everything` has the actions of all.
    fn can(&self, work: ImageWork, everything: &BTreeSet<&str>) -> Can {
        let all = self.entries.first().map_or(&[][..], |one| work.needs(one));
        let free = self.entries.iter().filter(|one| one.conditions.is_empty());
        let free: BTreeSet<&str> = free
            .flat_map(|one| one.actions.iter())
            .map(|it| it.name)
            .collect();
        let is_alone = self.entries.iter().any(|one| can(one, work) == Can::Surely);
        let has_some = |one: &&AccessEntry| {
            let mut actions = one.actions.iter().chain(&one.possible);
            actions.any(|action| all.contains(&action.name))
        };
        if is_alone || all.iter().all(|name| free.contains(name)) {
            Can::Surely
        } else if self.entries.iter().any(has_some)
            && all.iter().all(|name| everything.contains(name))
        {
            Can::Perhaps
        } else {
            Can::Not
        }
    }

    /// The actions of which nobody knows whether they come to more.
    fn actions(&self) -> impl Iterator<Item = &'static str> {
        let all = self.entries.iter();
        all.flat_map(|one| one.actions.iter().chain(&one.possible))
            .map(|it| it.name)
    }
}

/// What the policy of a repository, or of a registry, says in one line.
#[must_use]
pub fn policy(listing: &AccessListing) -> String {
    let own = |giver: Giver| giver != Giver::Identity;
    let unknown = listing.unknown.iter().filter(|(giver, _)| own(*giver));
    let unknown: Vec<&str> = unknown.map(|(_, reason)| reason.as_str()).collect();
    let entries: Vec<&AccessEntry> = listing
        .entries
        .iter()
        .filter(|one| own(one.giver))
        .collect();
    let mut line = match (&entries[..], &unknown[..]) {
        ([], [reason, ..]) => format!("who may do what is undetermined, because {reason}"),
        ([], []) => "lets nobody in".to_owned(),
        (entries, unknown) => told(entries, unknown),
    };
    if let Some(when) = &listing.when {
        line.push_str(&format!(" (when {when})"));
    }
    line
}

fn told(entries: &[&AccessEntry], unknown: &[&str]) -> String {
    let parties = parties(entries);
    let everything: BTreeSet<&str> = parties.iter().flat_map(Party::actions).collect();
    let (public, named): (Vec<_>, Vec<_>) =
        parties.iter().partition(|one| one.class() == Some(PUBLIC));
    let named: Vec<&Party<'_>> = named
        .into_iter()
        .filter(|one| one.class() != Some(NOBODY))
        .collect();
    let [push, pull] = ImageWork::BOTH.map(|work| {
        let is_public = |one: &&Party<'_>| one.can(work, &everything) == Can::Surely;
        let who = |wanted: Can| {
            let found = named.iter();
            let found = found.filter(|one| one.can(work, &everything) == wanted);
            people(&found.copied().collect::<Vec<_>>())
        };
        match public.iter().any(is_public) {
            true => "anyone".to_owned(),
            false => both(who(Can::Surely), who(Can::Perhaps), "nobody"),
        }
    });
    let mut parts = vec![format!("push: {push}"), format!("pull: {pull}")];
    let does_neither = |one: &&&Party<'_>| {
        ImageWork::BOTH
            .into_iter()
            .all(|work| one.can(work, &everything) == Can::Not)
            && one.actions().next().is_some()
    };
    let others: Vec<&Party<'_>> = named.iter().filter(does_neither).copied().collect();
    if !others.is_empty() {
        let actions = others.iter().flat_map(|one| one.actions());
        parts.push(format!(
            "{}: {}",
            actions_named(actions.collect()),
            people(&others)
        ));
    }
    // Whom a condition lets in that nobody can tell may be anybody.
    let is_open = !unknown.is_empty()
        || named
            .iter()
            .any(|one| one.class().is_none() && one.account().is_none());
    parts.push(format!("anyone: {}", anyone(&public, is_open, &everything)));
    parts.extend(doubts(entries.iter().copied(), unknown));
    parts.join(" · ")
}

impl Party<'_> {
    fn account(&self) -> Option<&str> {
        self.entries.iter().find_map(|one| one.account.as_deref())
    }
}

/// Principals with all that is said about each.
fn parties<'l>(entries: &[&'l AccessEntry]) -> Vec<Party<'l>> {
    let mut parties: Vec<Party<'l>> = Vec::new();
    for entry in entries {
        let same = parties.iter_mut().find(|one| {
            let first = one.entries.first();
            first.is_some_and(|first| first.principal == entry.principal)
        });
        match same {
            Some(same) => same.entries.push(entry),
            None => parties.push(Party {
                entries: vec![entry],
            }),
        }
    }
    parties
}

/// Who somebody is, in numbers.
fn people(parties: &[&Party<'_>]) -> String {
    let mut accounts = BTreeSet::new();
    let mut counts = [0_usize; 3];
    let mut groups: BTreeSet<&str> = BTreeSet::new();
    for one in parties {
        match (one.class(), one.account()) {
            (Some("same-account"), _) => drop(groups.insert("its own account")),
            (Some("service"), _) => counts[1] += 1,
            (Some("organisation"), _) => drop(groups.insert("the organisation")),
            (Some("organisational-unit"), _) => drop(groups.insert("an organisational unit")),
            (Some("network"), _) => drop(groups.insert("whoever comes from a network")),
            (_, Some(account)) => drop(accounts.insert(account)),
            (Some("named-accounts"), None) => drop(groups.insert("named accounts")),
            (_, None) => counts[2] += 1,
        }
    }
    counts[0] = accounts.len();
    let nouns = [
        ("account", "accounts"),
        ("service", "services"),
        ("undetermined", "undetermined"),
    ];
    let counted = counts.iter().zip(nouns).filter(|(count, _)| **count > 0);
    let counted = counted
        .map(|(count, (one, many))| format!("{count} {}", if *count == 1 { one } else { many }));
    let all: Vec<String> = groups
        .into_iter()
        .map(str::to_owned)
        .chain(counted)
        .collect();
    all.join(", ")
}

fn both(surely: String, perhaps: String, nobody: &str) -> String {
    match (surely.is_empty(), perhaps.is_empty()) {
        (true, true) => nobody.to_owned(),
        (false, true) => surely,
        (true, false) => format!("perhaps {perhaps}"),
        (false, false) => format!("{surely}, perhaps {perhaps}"),
    }
}

/// What is left for everyone.
fn anyone(public: &[&Party<'_>], is_open: bool, everything: &BTreeSet<&str>) -> String {
    let can = |work: ImageWork| {
        let found = public.iter().map(|one| one.can(work, everything));
        found.fold(Can::Not, |best, next| match (best, next) {
            (Can::Surely, _) | (_, Can::Surely) => Can::Surely,
            (Can::Perhaps, _) | (_, Can::Perhaps) => Can::Perhaps,
            _ => Can::Not,
        })
    };
    let mut words = Vec::new();
    for work in ImageWork::BOTH {
        let word = work.word();
        match can(work) {
            Can::Surely => words.push(word.to_owned()),
            Can::Perhaps => words.push(format!("perhaps {word}")),
            Can::Not => {}
        }
    }
    let certain: BTreeSet<&str> = public
        .iter()
        .flat_map(|one| &one.entries)
        .flat_map(|one| &one.actions)
        .map(|it| it.name)
        .collect();
    let possible: BTreeSet<&str> = public.iter().flat_map(|one| one.actions()).collect();
    match (&words[..], certain.is_empty(), possible.is_empty()) {
        ([], _, true) if is_open => "undetermined".to_owned(),
        ([], _, true) => "nothing".to_owned(),
        ([], true, false) => format!("perhaps {}", actions_named(possible)),
        ([], false, _) => actions_named(certain),
        _ => words.join(", "),
    }
}

/// Few actions by their names, more of them as such.
fn actions_named(actions: BTreeSet<&'static str>) -> String {
    match actions.len() {
        0..=MOST_NAMED => {
            let bare = actions
                .iter()
                .map(|name| name.strip_prefix("ecr:").unwrap_or(name));
            bare.collect::<Vec<_>>().join(", ")
        }
        count => format!("{count} other actions"),
    }
}

/// Why something of it is not certain.
fn doubts<'l>(entries: impl Iterator<Item = &'l AccessEntry>, unknown: &[&str]) -> Option<String> {
    let mut reasons: Vec<&str> = unknown.to_vec();
    for entry in entries {
        let why = entry.reason.iter().filter(|_| !entry.possible.is_empty());
        // Who has an account is counted, whichever group that turns out to be in.
        let class = entry.class.as_ref().err();
        let class = class.filter(|_| entry.account.is_none());
        let why = why.chain(class).chain(&entry.doubt);
        let token = entry.token.iter().filter_map(|token| token.as_ref().err());
        reasons.extend(why.chain(token).map(String::as_str));
    }
    let mut told: Vec<&str> = Vec::new();
    for reason in reasons {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    match &told[..] {
        [] => None,
        [only] => Some(format!("undetermined: {only}")),
        [first, more @ ..] => Some(format!("undetermined: {first}, and {} more", more.len())),
    }
}

/// What a role, user or group may do with repositories, in one line: each with its name.
#[must_use]
pub fn identity(given: &[(&str, &AccessEntry)]) -> String {
    let names = |work: ImageWork, wanted: Can| {
        let found = given.iter().filter(|(_, entry)| can(entry, work) == wanted);
        repositories(found.map(|(name, _)| *name).collect())
    };
    let [push, pull] = ImageWork::BOTH.map(|work| {
        both(
            names(work, Can::Surely),
            names(work, Can::Perhaps),
            "nothing",
        )
    });
    let mut parts = vec![format!("push: {push}"), format!("pull: {pull}")];
    let does_neither = |entry: &AccessEntry| {
        ImageWork::BOTH
            .into_iter()
            .all(|work| can(entry, work) == Can::Not)
    };
    let others = given.iter().filter(|(_, entry)| does_neither(entry));
    let others: Vec<_> = others.collect();
    if !others.is_empty() {
        let actions = others
            .iter()
            .flat_map(|(_, one)| one.actions.iter().chain(&one.possible));
        let actions = actions_named(actions.map(|it| it.name).collect());
        parts.push(format!(
            "{actions}: {}",
            repositories(others.iter().map(|(name, _)| *name).collect())
        ));
    }
    match given.iter().find_map(|(_, entry)| entry.token.as_ref()) {
        Some(Ok(true)) => parts.push("token: yes".to_owned()),
        Some(Ok(false)) => parts.push("token: no".to_owned()),
        Some(Err(_)) => parts.push("token: undetermined".to_owned()),
        None => {}
    }
    parts.extend(doubts(given.iter().map(|(_, entry)| *entry), &[]));
    parts.join(" · ")
}

fn repositories(names: BTreeSet<&str>) -> String {
    match names.len() {
        0 => String::new(),
        1..=MOST_NAMED => names.into_iter().collect::<Vec<_>>().join(", "),
        count => format!("{count} repositories"),
    }
}

#[cfg(test)]
mod tests {
    use super::{identity, policy};
    use crate::model::policy::{PULL, PUSH};
    use crate::report::Subject;
    use crate::report::access::{AccessEntry, AccessListing, EcrAction, Giver, ImageActions};

    fn entry(
        principal: &str,
        class: Result<&'static str, String>,
        names: &[&'static str],
    ) -> AccessEntry {
        let account = principal.strip_prefix("account ").map(str::to_owned);
        AccessEntry {
            principal: principal.to_owned(),
            account,
            giver: Giver::Repository,
            class,
            actions: names
                .iter()
                .map(|name| EcrAction {
                    name,
                    level: "read",
                })
                .collect(),
            possible: Vec::new(),
            reason: None,
            conditions: Vec::new(),
            given_by: Vec::new(),
            policies: Vec::new(),
            denied: Vec::new(),
            taken_by: Vec::new(),
            token: None,
            doubt: None,
            needs: ImageActions {
                pull: &PULL,
                push: &PUSH,
            },
        }
    }

    fn line(entries: Vec<AccessEntry>) -> String {
        policy(&AccessListing {
            subject: Subject::default(),
            when: None,
            entries,
            unknown: Vec::new(),
            policies: Vec::new(),
            unlisted: "",
        })
    }

    #[test]
    fn accounts_are_counted_once_and_everyone_stands_apart() {
        let both: Vec<_> = PUSH.iter().chain(&PULL).copied().collect();
        let named = || Ok("named-accounts");
        let all = vec![
            entry("account 1", named(), &both),
            entry("account 2", named(), &PULL),
            entry("account 2", named(), &["ecr:ListImages"]),
            entry("service a", Ok("service"), &PULL),
        ];
        assert_eq!(
            line(all.clone()),
            "push: 1 account · pull: 2 accounts, 1 service · anyone: nothing"
        );
        let all = [all, vec![entry("everyone", Ok("public"), &PULL)]].concat();
        assert_eq!(line(all), "push: 1 account · pull: anyone · anyone: pull");
        assert_eq!(line(Vec::new()), "lets nobody in");
    }

    #[test]
    fn what_several_statements_give_together_is_certain_without_conditions_only() {
        let halves = |names: [&'static str; 1]| entry("account 1", Ok("named-accounts"), &names);
        let [one, mut other] = [halves([PULL[0]]), halves([PULL[1]])];
        assert_eq!(
            line(vec![one.clone(), other.clone()]),
            "push: nobody · pull: 1 account · anyone: nothing"
        );
        other.conditions = vec![["Bool".into(), "aws:SecureTransport".into(), "true".into()]];
        assert_eq!(
            line(vec![one.clone(), other]),
            "push: nobody · pull: perhaps 1 account · anyone: nothing"
        );
        // What everybody has, this account has, too.
        let rest = entry("everyone", Ok("public"), &[PULL[1]]);
        assert_eq!(
            line(vec![one.clone(), rest]),
            "push: nobody · pull: perhaps 1 account · anyone: perhaps pull"
        );
        assert_eq!(
            line(vec![one]),
            "push: nobody · pull: nobody · BatchGetImage: 1 account · anyone: nothing"
        );
    }

    #[test]
    fn who_cannot_be_reported_may_be_anybody() {
        let who = entry("(not known)", Err("it is a parameter".to_owned()), &PULL);
        assert_eq!(
            line(vec![who]),
            "push: nobody · pull: 1 undetermined · anyone: undetermined · undetermined: it is a parameter"
        );
        let mut perhaps = entry("account 1", Ok("named-accounts"), &[]);
        perhaps.possible = PULL
            .iter()
            .map(|name| EcrAction {
                name,
                level: "read",
            })
            .collect();
        perhaps.reason = Some("of a condition".to_owned());
        assert_eq!(
            line(vec![perhaps.clone()]),
            "push: nobody · pull: perhaps 1 account · anyone: nothing · undetermined: of a condition"
        );
        perhaps.token = Some(Ok(false));
        assert_eq!(
            identity(&[("app", &perhaps)]),
            "push: nothing · pull: perhaps app · token: no · undetermined: of a condition"
        );
    }
}
