//! A record of a snapshot: one repository with what belongs to it, or one registry.
//! It does not know which file the record stands in, nor its other records.

use super::answer::{Answer, refused};
use super::gaps;
use super::holdings;
use super::registry;
use super::repository::{KeyAnswers, RepositoryAnswers, RepositoryArn, UNSEEN};
use crate::input::{Loaded, Note};
use crate::model::members;
use crate::model::{Document, EventRule, NodeId, RegistryScanning, Truth};
use crate::source::{Kind, Node, Problem, Span, Tree, nearest};

/// The members of a record.
const MEMBERS: [&str; 17] = [
    "account",
    "capturedAt",
    "errors",
    "images",
    "included",
    "kmsKey",
    "kmsKeyPolicy",
    "kmsKeyRotation",
    "lifecyclePolicy",
    "parameters",
    "region",
    "registry",
    "repository",
    "repositoryPolicy",
    "scanning",
    "tags",
    "vanished",
];

/// Whether an object looks like a record.
pub(super) fn recognise(node: Node<'_>) -> bool {
    let names = ["repositoryArn", "repositoryName"];
    let is_named = |repository: Node<'_>| names.iter().any(|name| repository.get(name).is_some());
    let registry = node.get("registry");
    gaps::is_edge(node)
        || node.get("repository").is_some_and(is_named)
        || is_vanished(node)
        || registry.is_some_and(|it| it.kind() == Kind::Object) && node.get("account").is_some()
}

/// Whether a record says that a repository was deleted while it was asked about: there is nothing to judge.
pub(super) fn is_vanished(node: Node<'_>) -> bool {
    let vanished = node.get("vanished");
    node.get("repository").is_none() && vanished.is_some_and(|it| it.kind() == Kind::Object)
}

/// Takes what a record says. A member that no record has is a remark, whose name is added to `strange`
/// so that it is said once.
pub(super) fn load(
    node: Node<'_>,
    tree: &mut Tree,
    strange: &mut Vec<String>,
    loaded: &mut Loaded,
) {
    if node.kind() != Kind::Object {
        let problem = Problem::new(node.span(), "a record of a snapshot is not an object");
        loaded
            .problems
            .push(problem.label("an object belongs here"));
        return;
    }
    loaded.gaps.note(node);
    if gaps::is_edge(node) || is_vanished(node) {
        return;
    }
    for member in node.members() {
        let is_known = MEMBERS.contains(&member.key);
        if !is_known && !strange.iter().any(|known| known == member.key) {
            strange.push(member.key.to_owned());
            loaded
                .notes
                .push(Note::Mistake(stranger(member.key, member.key_span)));
        }
    }
    let unlisted = node.get("errors").and_then(|it| it.get("repositories"));
    if let Some(error) = unlisted {
        loaded.notes.push(Note::Undetermined {
            span: error.span(),
            reason: refused("repositories", error.as_str().unwrap_or_default()),
        });
    }
    match (node.get("repository"), node.get("registry")) {
        (Some(described), None) => match repository(node, described) {
            Ok(repository) => {
                let images = holdings::held(node, place(described), tree);
                let one = repository.write(holds_images(node), images, tree);
                loaded.entities.push(one);
            }
            Err(problem) => loaded.problems.push(problem),
        },
        (None, Some(registry)) => match load_registry(node, registry) {
            Ok(mut scanning) => {
                scanning.policy = registry::policy(registry, &mut scanning.document, tree);
                let rules =
                    Answer::in_record(node, registry.get("eventRules"), "eventRules", first(node));
                scanning.event_rules = registry::event_rules(&rules, &mut scanning.document, tree);
                if let (Some(account), Some(region)) = (&scanning.account, &scanning.region) {
                    let judged = registry::load(node, registry, account, region, tree);
                    loaded.entities.extend(judged);
                }
                loaded.registries.push(scanning);
            }
            Err(problem) => loaded.problems.push(problem),
        },
        (found, _) => loaded.problems.push(not_one(node, found.is_some())),
    }
}

/// What is wrong with a record that describes both a repository and a registry, or neither.
fn not_one(record: Node<'_>, has_both: bool) -> Problem {
    let title = match has_both {
        true => "a record of a snapshot has both `repository` and `registry`",
        false => "a record of a snapshot has neither `repository` nor `registry`",
    };
    let help =
        "write one repository or one registry a record, as `ecrlint schema snapshot` describes it";
    Problem::new(first(record), title).help(help)
}

/// Whether the record of a repository lists images; unknown where AWS did not answer.
fn holds_images(record: Node<'_>) -> Truth<()> {
    match Answer::of(record, "images", record.span()) {
        Answer::Given(images) => Truth::from(images.items().len() > 0),
        Answer::Nothing(_) => Truth::False,
        Answer::Unknown(..) => Truth::Unknown(()),
    }
}

/// The first few characters of a record: all of it is too much to point at.
fn first(node: Node<'_>) -> Span {
    node.members()
        .next()
        .map_or(node.span(), |member| member.key_span)
}

fn stranger(key: &str, span: Span) -> Problem {
    let title = format!("`{key}` is not a member of a snapshot's record, and is passed over");
    let problem = Problem::new(span, title).label("said once, for all records");
    match nearest(key, MEMBERS) {
        Some(near) => problem.help(format!("write `{near}`")),
        None => problem,
    }
}

fn repository<'t>(
    record: Node<'t>,
    repository: Node<'t>,
) -> Result<RepositoryAnswers<'t>, Problem> {
    let identity = identity(record, repository)?;
    let place = place(repository);
    let answer = |key: &str| Answer::of(record, key, place);
    let own = Answer::Given(repository);
    let parameters = answer("parameters");
    let own_parameters = parameters.node().into_iter().flat_map(Node::items);
    Ok(RepositoryAnswers {
        place,
        identity,
        own_parameters: own_parameters.collect(),
        parameters,
        lifecycle_policy: answer("lifecyclePolicy").required("lifecyclePolicyText"),
        repository_policy: answer("repositoryPolicy").required("policyText"),
        scan_frequency: match answer("scanning") {
            // AWS has an answer for every repository.
            Answer::Nothing(span) => Answer::not_captured("scanning", span),
            scanning => scanning.required("scanFrequency"),
        },
        tags: answer("tags"),
        key: KeyAnswers {
            metadata: answer("kmsKey"),
            rotation: answer("kmsKeyRotation"),
            policy: answer("kmsKeyPolicy").required("Policy"),
        },
        ..described(&own, place, repository)
    })
}

/// What an item of `describe-repositories` alone says.
pub(super) fn described<'t>(
    own: &Answer<'t>,
    place: Span,
    repository: Node<'t>,
) -> RepositoryAnswers<'t> {
    let missing = |key: &str| Answer::not_captured(key, place);
    let tag_mutability = own.required("imageTagMutability");
    // AWS leaves the list out where the mode has no exclusions.
    let excludes = tag_mutability
        .text()
        .is_none_or(|mode| mode.ends_with("_WITH_EXCLUSION"));
    let filters = "imageTagMutabilityExclusionFilters";
    let filters = match excludes {
        true => own.required(filters),
        false => own.optional(filters),
    };
    let encryption = own.required("encryptionConfiguration");
    let encryption_type = encryption.required("encryptionType");
    let is_keyed = encryption_type.text() != Some("AES256");
    RepositoryAnswers {
        place,
        identity: RepositoryArn {
            arn: String::new(),
            account: String::new(),
            region: String::new(),
            name: "",
        },
        uri: repository.get("repositoryUri").and_then(Node::as_str),
        tag_mutability,
        exclusion_filters: (filters, ["filterType", "filter"]),
        scan_on_push: own
            .required("imageScanningConfiguration")
            .required("scanOnPush"),
        scan_frequency: missing("scanning"),
        kms_key: match is_keyed {
            true => encryption.required("kmsKey"),
            false => encryption.optional("kmsKey"),
        },
        encryption_type,
        lifecycle_policy: missing("lifecyclePolicy"),
        repository_policy: missing("repositoryPolicy"),
        tags: missing("tags"),
        key: KeyAnswers {
            metadata: missing("kmsKey"),
            rotation: missing("kmsKeyRotation"),
            policy: missing("kmsKeyPolicy"),
        },
        parameters: missing("parameters"),
        own_parameters: Vec::new(),
    }
}

/// Where the name of an item of `describe-repositories` stands.
pub(super) fn place(repository: Node<'_>) -> Span {
    let name = repository.get("repositoryName");
    let name = name.or_else(|| repository.get("repositoryArn"));
    name.map_or(repository.span(), Node::span)
}

/// Which repository a record is about. Account and region of the record count where there is no ARN.
pub(super) fn identity<'t>(
    record: Node<'t>,
    repository: Node<'t>,
) -> Result<RepositoryArn<'t>, Problem> {
    let text = |node: Node<'t>, key: &str| node.get(key).and_then(Node::as_text);
    let name = text(repository, "repositoryName");
    if let Some(arn) = repository.get("repositoryArn") {
        let parsed = arn.as_str().and_then(RepositoryArn::of_arn);
        let parsed = parsed.ok_or_else(|| {
            Problem::new(arn.span(), "`repositoryArn` is not an ARN of a repository").help(
                "write it as AWS answers it: `arn:aws:ecr:eu-west-1:111122223333:repository/app`",
            )
        })?;
        let claims = [
            (record.get("account"), parsed.account.as_str()),
            (record.get("region"), parsed.region.as_str()),
            (repository.get("repositoryName"), parsed.name),
        ];
        for (claim, expected) in claims {
            let Some(claim) = claim else { continue };
            if claim.as_text() != Some(expected) {
                let title = format!("the ARN of the repository says `{expected}`");
                let problem = Problem::new(claim.span(), title).label("here is something else");
                return Err(problem.related(arn.span(), "the ARN"));
            }
        }
        return Ok(parsed);
    }
    let account = text(record, "account").or_else(|| text(repository, "registryId"));
    match (name, account, text(record, "region")) {
        (Some(name), Some(account), Some(region)) => Ok(RepositoryArn {
            arn: format!(
                "arn:{}:ecr:{region}:{account}:repository/{name}",
                crate::model::partition::name(region)
            ),
            account: account.to_owned(),
            region: region.to_owned(),
            name,
        }),
        _ => Err(Problem::new(
            first(repository),
            "a record of a snapshot does not say which repository it is about",
        )
        .help("give it the `repositoryArn` that `aws ecr describe-repositories` answers")),
    }
}

/// The scanning configuration of a registry.
fn load_registry(record: Node<'_>, registry: Node<'_>) -> Result<RegistryScanning, Problem> {
    let text = |key: &str| record.get(key).and_then(Node::as_text);
    let place = first(record);
    let (Some(account), Some(region)) = (text("account"), text("region")) else {
        let title = "the record of a registry does not say its account and region";
        let help = "give it `account` and `region`";
        return Err(Problem::new(place, title).help(help));
    };
    // The errors of a registry's record go by the members of `registry`.
    let scanning = registry.get("scanning");
    let scanning = match Answer::in_record(record, scanning, "scanning", place) {
        // AWS has an answer for every registry.
        Answer::Nothing(_) => Answer::not_captured("scanning", place),
        scanning => scanning,
    };
    Ok(write_registry(&scanning, account, region))
}

/// The scanning configuration that `GetRegistryScanningConfiguration` answers.
pub(super) fn write_registry(
    scanning: &Answer<'_>,
    account: &str,
    region: &str,
) -> RegistryScanning {
    let mut document = Document::default();
    let scan_type = scanning.required("scanType").write(&mut document);
    let rules = scanning
        .required("rules")
        .write_with(&mut document, |document, node| match node.kind() {
            Kind::Array => {
                let rules: Vec<NodeId> = node
                    .items()
                    .map(|rule| write_rule(document, rule))
                    .collect();
                document.array(&rules, node.span())
            }
            _ => document.import(node),
        });
    let place = document.value(scan_type).span();
    RegistryScanning {
        event_rules: vec![EventRule::unseen(&mut document, UNSEEN, place)],
        policy: None,
        account: Some(account.to_owned()),
        region: Some(region.to_owned()),
        family: None,
        file: None,
        is_live: true,
        scan_type,
        rules,
        document,
    }
}

fn write_rule(document: &mut Document, rule: Node<'_>) -> NodeId {
    if rule.kind() != Kind::Object {
        return document.import(rule);
    }
    let answer = Answer::Given(rule);
    let names = [
        ("filter", members::FILTER.name()),
        ("filterType", members::FILTER_TYPE.name()),
    ];
    let frequency = answer.required("scanFrequency").write(document);
    let filters = answer
        .required("repositoryFilters")
        .write_list(document, &names);
    document.object(
        &[
            (members::FREQUENCY.name(), frequency),
            (members::FILTERS.name(), filters),
        ],
        rule.span(),
    )
}
