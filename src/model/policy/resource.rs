//! Which repositories a statement is about, by its `Resource` or `NotResource`, and the repositories that a policy
//! is tried on. It does not know what a statement says of them.

use super::ground::Ground;
use super::symbols::{HoleId, Own, TextSymbol};
use super::text::{PolicyText, member, one_or_many};
use super::words::Words;
use super::{Guarded, Owner, overlap, wildcard};
use crate::model::policy::keys;
use crate::model::{Truth, Value};

/// The repositories that a statement is about.
#[derive(Debug, Default)]
pub(super) struct StatementResources {
    scope: ResourceScope,
    /// Whether AWS does not say that the element limits the statement: what it leaves out is then not certain.
    is_contested: bool,
}

#[derive(Debug, Default)]
enum ResourceScope {
    /// All that the policy is attached to.
    #[default]
    All,
    /// Those whose ARN fits one of the patterns.
    Of(Vec<ArnPattern>),
    /// Those whose ARN fits none of them.
    Except(Vec<ArnPattern>),
}

/// A pattern of ARNs.
#[derive(Debug)]
struct ArnPattern {
    words: Words,
    /// Why it is not known; what the stack itself fills in counts as known.
    reason: Option<String>,
}

impl StatementResources {
    /// Reads a statement.
    ///
    /// In the policy of a registry both elements count. In that of a repository or key a `NotResource` does, while
    /// nobody has shown that a `Resource` limits what is allowed there.
    /// In that of a key a statement with neither has no effect:
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>.
    pub(super) fn read(statement: Value<'_>, allows: bool, owner: &Owner<'_>) -> Self {
        let patterns = |value| {
            let values = one_or_many(value).into_iter();
            values.map(|value| ArnPattern::read(value, owner)).collect()
        };
        let is_registry = owner.guarded == Guarded::Registry;
        if let Some(value) = member(statement, keys::RESOURCE) {
            return match is_registry || !allows {
                true => Self {
                    scope: ResourceScope::Of(patterns(value)),
                    is_contested: !is_registry,
                },
                false => Self::default(),
            };
        }
        match member(statement, keys::NOT_RESOURCE) {
            Some(value) => Self {
                scope: ResourceScope::Except(patterns(value)),
                is_contested: !is_registry && allows,
            },
            None if owner.guarded == Guarded::Key => Self {
                scope: ResourceScope::Of(Vec::new()),
                is_contested: false,
            },
            None => Self::default(),
        }
    }

    /// Whether the statement is about what has this ARN.
    pub(super) fn hold(&self, arn: &Words) -> Truth {
        let fits = |patterns: &[ArnPattern]| Truth::any(patterns.iter().map(|one| one.fits(arn)));
        let within = match &self.scope {
            ResourceScope::All => return Truth::True,
            ResourceScope::Of(patterns) => fits(patterns),
            ResourceScope::Except(patterns) => !fits(patterns),
        };
        match within {
            Truth::False if self.is_contested => Truth::unknown(
                "AWS does not say whether the resources of a statement limit it in the policy of a \
                 repository or key",
            ),
            within => within,
        }
    }

    fn patterns(&self) -> &[ArnPattern] {
        match &self.scope {
            ResourceScope::All => &[],
            ResourceScope::Of(patterns) | ResourceScope::Except(patterns) => patterns,
        }
    }

    /// The partitions that the ARNs name.
    pub(super) fn partitions(&self) -> impl Iterator<Item = String> {
        self.patterns().iter().filter_map(|pattern| {
            let [_, partition, ..] = pattern.words.arn_fields()?;
            let name = partition.known()?;
            (!wildcard::is_pattern(name)).then(|| name.to_owned())
        })
    }

    /// The places in which the statement can have an effect, where it names them and the stack's own is not known.
    ///
    /// In any other place the statement is about nothing, so that it can be judged in these alone.
    pub(super) fn grounds(&self, owner: &Owner<'_>) -> Vec<Ground> {
        let ResourceScope::Of(patterns) = &self.scope else {
            return Vec::new();
        };
        let mut grounds = Vec::new();
        for pattern in patterns {
            let ground = Ground::of(&pattern.words, owner);
            if !grounds.contains(&ground) {
                grounds.push(ground);
            }
        }
        // A pattern that is about every place leaves nothing to be told apart.
        match grounds.contains(&Ground::default()) {
            true => Vec::new(),
            false => grounds,
        }
    }
}

impl ArnPattern {
    fn read(value: Value<'_>, owner: &Owner<'_>) -> Self {
        let (words, reason) = match PolicyText::read(value, owner) {
            PolicyText::Known(text) => (Words::from(text.as_ref()), None),
            PolicyText::Own(words) => (words, None),
            PolicyText::Partial { words, reason } => (words, Some(reason.to_owned())),
            PolicyText::Other => (
                Words::default(),
                Some("`Resource` is not a text".to_owned()),
            ),
        };
        Self { words, reason }
    }

    fn fits(&self, arn: &Words) -> Truth {
        if wildcard::matches_symbols(self.words.symbols(), arn.symbols()) {
            return Truth::True;
        }
        if !overlap::may_meet(self.words.symbols(), arn.symbols()) {
            return Truth::False;
        }
        Truth::unknown(match &self.reason {
            Some(reason) => reason,
            None if arn.is_whole() => "the account and region of the stack are not known",
            None => "which repositories there are is not known",
        })
    }

    /// A repository of the registry that fits, where one can be made up.
    fn examples(&self, registry: &Words) -> Vec<Words> {
        let Some(fields) = self.words.arn_fields() else {
            return Vec::new();
        };
        let resource = fields[5];
        let name = match resource.strip_prefix("repository/") {
            Some(name) => Words::from(name),
            // What stands behind a `*` that takes the beginning is the end of a name.
            None => match resource.split_once(b'*') {
                Some((_, behind)) => Words::from("*").then_all(behind),
                None => return Vec::new(),
            },
        };
        let is_star = |symbol: &TextSymbol<'_>| *symbol == TextSymbol::Char('*');
        let without: Words = name.symbols().iter().filter(|one| !is_star(one)).collect();
        let shortest = without.example();
        [name.example(), shortest]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| registry.clone().then_all(name.symbols()))
            .collect()
    }
}

/// Whether a statement may have an element `Resource` or `NotResource`: nothing else of a policy depends on the name of what
/// it guards.
pub(crate) fn names_resources(policy: Value<'_>) -> bool {
    let statements = member(policy, keys::STATEMENT).into_iter();
    let mut statements = statements.flat_map(one_or_many);
    statements.any(|statement| {
        let has = |key| member(statement, key).is_some();
        statement.as_unknown().is_some() || has(keys::RESOURCE) || has(keys::NOT_RESOURCE)
    })
}

/// ARNs that stand for everything that the policy guards: of a registry one that the policy does not name, and
/// examples of those that it does.
pub(super) fn targets(all: &[&StatementResources], owner: &Owner<'_>) -> Vec<Words> {
    match owner.guarded {
        Guarded::Repository | Guarded::Gallery => return vec![repository(owner)],
        Guarded::Key => return vec![key(owner)],
        Guarded::Registry => {}
    }
    let registry = registry(owner);
    let mut targets = vec![registry.clone().then_fresh(3)];
    for pattern in all.iter().flat_map(|one| one.patterns()) {
        for example in pattern.examples(&registry) {
            if !targets.contains(&example) {
                targets.push(example);
            }
        }
    }
    if !is_exhaustive(all, &targets, &registry) {
        targets.push(registry.then_hole(HoleId::Guarded));
    }
    targets
}

/// Whether the targets stand for all combinations of patterns: each pattern has one, and so has each pair of which
/// one spares what the other names.
fn is_exhaustive(all: &[&StatementResources], targets: &[Words], registry: &Words) -> bool {
    let of = |wanted: bool| {
        let some = all
            .iter()
            .filter(|it| wanted == matches!(it.scope, ResourceScope::Except(_)));
        some.flat_map(|one| one.patterns()).collect::<Vec<_>>()
    };
    let (named, spared) = (of(false), of(true));
    let every = registry.clone().then("*");
    let fits = |pattern: &ArnPattern, target: &Words| {
        wildcard::matches_symbols(pattern.words.symbols(), target.symbols())
    };
    let alone = named.iter().chain(&spared).all(|pattern| {
        targets.iter().any(|target| fits(pattern, target))
            || !overlap::may_overlap(pattern.words.symbols(), every.symbols())
    });
    alone
        && spared.iter().enumerate().all(|(index, one)| {
            let others = named.iter().chain(&spared[index + 1..]);
            others.into_iter().all(|other| {
                targets
                    .iter()
                    .any(|target| fits(one, target) && fits(other, target))
                    || !overlap::may_overlap(one.words.symbols(), other.words.symbols())
            })
        })
}

/// The ARN of a repository of the registry as far as its name.
pub(super) fn registry(owner: &Owner<'_>) -> Words {
    let arn = Words::from("arn:").then_own(Own::Partition, owner);
    // Those of the public gallery have no region.
    let arn = match owner.guarded {
        Guarded::Gallery => arn.then(":ecr-public:"),
        _ => arn.then(":ecr:").then_own(Own::Region, owner),
    };
    let arn = arn.then(":").then_own(Own::Account, owner);
    arn.then(":repository/")
}

/// The ARN of the owner's repository.
pub(super) fn repository(owner: &Owner<'_>) -> Words {
    let start = registry(owner);
    match owner.name.map(|name| PolicyText::read(name, owner)) {
        Some(PolicyText::Known(name)) => start.then(&name),
        Some(PolicyText::Own(name) | PolicyText::Partial { words: name, .. }) => {
            // The name is of another document than the policy, so that its places say nothing there.
            let symbols = name.symbols().iter().map(|symbol| match symbol {
                TextSymbol::Hole(HoleId::At(..)) => TextSymbol::Hole(&HoleId::Guarded),
                symbol => symbol,
            });
            start.then_all(symbols.collect::<Words>().symbols())
        }
        Some(PolicyText::Other) | None => start.then_hole(HoleId::Guarded),
    }
}

/// The ARN of the owner's key.
fn key(owner: &Owner<'_>) -> Words {
    let arn = Words::from("arn:").then_own(Own::Partition, owner);
    let arn = arn.then(":kms:").then_own(Own::Region, owner);
    let arn = arn.then(":").then_own(Own::Account, owner);
    arn.then(":key/").then_hole(HoleId::Guarded)
}
