//! What a user put together from answers of the AWS CLI: one account and region, by command.
//! It does not know what the answers mean.

mod named;

use super::answer::Answer;
use super::record;
use super::repository::{KeyAnswers, RepositoryAnswers};
use crate::input::Loaded;
use crate::model::Truth;
use crate::source::{Kind, Node, Problem, Span, Tree};
use named::ParameterIndex;

/// The command that every other answer belongs to.
const REPOSITORIES: &str = "describe-repositories";

/// The repositories that were described.
fn described(root: Node<'_>) -> Option<Node<'_>> {
    let answer = root.get("ecr")?.get(REPOSITORIES)?;
    match answer.kind() {
        Kind::Array => Some(answer),
        _ => answer.get("repositories"),
    }
}

pub(super) fn recognise(root: Node<'_>) -> bool {
    described(root).is_some()
}

pub(super) fn load(root: Node<'_>, tree: &mut Tree, loaded: &mut Loaded) {
    let Some(repositories) = described(root) else {
        return;
    };
    if repositories.kind() != Kind::Array {
        let title = format!("`{REPOSITORIES}` has no list of repositories");
        let problem = Problem::new(repositories.span(), title);
        loaded.problems.push(problem.label("a list belongs here"));
        return;
    }
    let answers = Answers::of(root);
    for repository in repositories.items() {
        match answers.repository(repository) {
            Ok(repository) => {
                loaded
                    .entities
                    .push(repository.write(Truth::Unknown(()), None, tree))
            }
            Err(problem) => loaded.problems.push(problem),
        }
    }
    let text = |key: &str| root.get(key).and_then(Node::as_text);
    let scanning = answers.ecr.get("get-registry-scanning-configuration");
    if let (Some(account), Some(region), Some(answer)) = (text("account"), text("region"), scanning)
    {
        let scanning = Answer::Given(answer).required("scanningConfiguration");
        let registry = record::write_registry(&scanning, account, region);
        loaded.registries.push(registry);
    }
}

/// The answers of one account and region.
struct Answers<'t> {
    root: Node<'t>,
    ecr: Node<'t>,
    /// Every parameter.
    parameters: ParameterIndex<'t>,
}

impl<'t> Answers<'t> {
    fn of(root: Node<'t>) -> Self {
        Self {
            root,
            ecr: root.get("ecr").unwrap_or(root),
            parameters: ParameterIndex::of(root.get("ssm")),
        }
    }

    fn repository(&self, repository: Node<'t>) -> Result<RepositoryAnswers<'t>, Problem> {
        let identity = record::identity(self.root, repository)?;
        let place = record::place(repository);
        let own = Answer::Given(repository);
        let name = identity.name;
        let lifecycle = self.of_repository("get-lifecycle-policy", name, place);
        let policy = self.of_repository("get-repository-policy", name, place);
        let tags = self.of_repository("list-tags-for-resource", name, place);
        let parts = record::described(&own, place, repository);
        let key = parts.kms_key.text();
        let own_parameters = self.parameters.of_repository(name);
        Ok(RepositoryAnswers {
            lifecycle_policy: lifecycle.required("lifecyclePolicyText"),
            repository_policy: policy.required("policyText"),
            scan_frequency: self.scanning(name, place).required("scanFrequency"),
            tags: tags.required("tags"),
            key: KeyAnswers {
                metadata: self
                    .of_key("describe-key", key, place)
                    .required("KeyMetadata"),
                rotation: self.of_key("get-key-rotation-status", key, place),
                policy: self.of_key("get-key-policy", key, place).required("Policy"),
            },
            parameters: match (self.root.get("ssm"), &own_parameters) {
                (Some(ssm), Some(_)) => Answer::Given(ssm),
                (Some(ssm), None) => Answer::Unknown(ssm.span(), named::TOO_MANY.to_owned()),
                (None, _) => Answer::not_captured("ssm", place),
            },
            own_parameters: own_parameters.unwrap_or_default(),
            identity,
            ..parts
        })
    }

    /// The answer of a command that is asked once for each repository.
    fn of_repository(&self, command: &str, name: &str, place: Span) -> Answer<'t> {
        by_name(self.ecr.get(command), command, name, place)
    }

    /// The answer of a command of KMS, by the key's ARN or id.
    fn of_key(&self, command: &str, key: Option<&str>, place: Span) -> Answer<'t> {
        let answers = self.root.get("kms").and_then(|kms| kms.get(command));
        let Some(arn) = key else {
            return Answer::not_captured(command, place);
        };
        match by_name(answers, command, arn, place) {
            Answer::Unknown(..) => {
                let id = arn.rsplit('/').next().unwrap_or(arn);
                by_name(answers, command, id, place)
            }
            found => found,
        }
    }

    /// The item of `batch-get-repository-scanning-configuration`.
    fn scanning(&self, name: &str, place: Span) -> Answer<'t> {
        let command = "batch-get-repository-scanning-configuration";
        let answer = self.ecr.get(command);
        let items = answer.and_then(|answer| answer.get("scanningConfigurations"));
        let mut items = items.into_iter().flat_map(Node::items);
        let item = items.find(|item| {
            let own = item.get("repositoryName").and_then(Node::as_str);
            own == Some(name)
        });
        item.map_or_else(|| Answer::not_captured(command, place), Answer::Given)
    }
}

fn by_name<'t>(answers: Option<Node<'t>>, command: &str, name: &str, place: Span) -> Answer<'t> {
    let Some(answers) = answers else {
        return Answer::not_captured(command, place);
    };
    match answers.get(name) {
        Some(answer) if answer.kind() == Kind::Null => Answer::Nothing(answer.span()),
        Some(answer) => Answer::Given(answer),
        None => Answer::Unknown(
            answers.span(),
            format!("the answers of `{command}` have none for `{name}`"),
        ),
    }
}
