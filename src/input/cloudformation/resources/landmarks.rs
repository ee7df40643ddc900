//! What the ARNs of a template say about where its stack is: AWS refuses those of another partition.
//! It does not know what the ARNs are for.

use memchr::memmem;

use crate::input::Context;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Data, Document, Entity, Landmark, Value, Whereabouts, partition};
use crate::source::Tree;

/// How many resources are kept for each place that is named: one, and another for that one itself.
const MOST: usize = 2;

/// How many are kept in all.
const MOST_IN_ALL: usize = 16;

/// Keys of properties whose values are ARNs that AWS looks up, besides those that end like one.
const KEYS: [&str; 9] = [
    "AWS",
    "KmsKey",
    "KmsKeyId",
    "KmsMasterKeyId",
    "KMSMasterKeyID",
    "NotResource",
    "PermissionsBoundary",
    "Resource",
    "Role",
];

/// The greatest partition, and how the names of all others begin.
const GREATEST: &str = "aws";
const PREFIX: &str = "aws-";

/// Properties with policies of ECR.
const POLICIES: [&str; 3] = ["PolicyText", "RepositoryPolicy", "RepositoryPolicyText"];

/// Keys behind which ARNs of any place may stand.
const FREE: [&str; 8] = [
    "Condition",
    "Environment",
    "EnvironmentVariables",
    "EventPattern",
    "Metadata",
    "Parameters",
    "Tags",
    "Variables",
];

/// ARNs of the resources of a template.
#[derive(Default)]
pub(crate) struct Landmarks<'t> {
    found: Vec<(&'t str, Landmark)>,
}

impl<'t> Landmarks<'t> {
    /// Looks through the resources that exist in every deployment.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> Self {
        let mut landmarks = Self::default();
        if evaluator.setting.context.region().is_some() {
            return landmarks;
        }
        let template = evaluator.template;
        let is_sure = |resource: &Resource<'t>| resource.node.get("Condition").is_none();
        for kind in [ResourceKind::Repository, ResourceKind::CreationTemplate] {
            for resource in template.of_kind(kind).filter(is_sure) {
                let mut document = Document::default();
                let properties = evaluator.properties(&resource);
                let encryption = evaluator.inside(&properties, "EncryptionConfiguration");
                let key = evaluator.inside(&encryption, "KmsKey");
                let key = evaluator.write_any(&mut document, key);
                landmarks.extend(resource.id, key_of(document.value(key), resource.id));
            }
        }
        if has_partitions(template.root.source_text()) {
            let mut all: Vec<_> = template.resources.values().copied().collect();
            all.sort_unstable_by_key(|resource| resource.place.start);
            for resource in all.into_iter().filter(is_sure) {
                landmarks.look_through(evaluator, &resource, embedded);
            }
        }
        landmarks
    }

    /// What they say about where a repository, or what is judged in the place of one, is.
    pub(crate) fn whereabouts(
        &self,
        context: &Context,
        one: &Entity,
        document: &Document,
    ) -> Whereabouts {
        let own = one.subject.logical_id.as_deref();
        let others = self.found.iter().filter(|(id, _)| Some(*id) != own);
        let key = one.settings();
        let key = key.and_then(|one| key_of(document.value(one.own.kms_key), ""));
        Whereabouts {
            partitions: context.assumed.partitions,
            regions: context.assumed.regions.clone(),
            landmarks: others
                .map(|(_, landmark)| landmark.clone())
                .chain(key)
                .collect(),
        }
    }

    fn look_through(
        &mut self,
        evaluator: &Evaluator<'t, '_>,
        resource: &Resource<'t>,
        embedded: &mut Tree,
    ) {
        let kind = resource.node.get("Type").and_then(|kind| kind.as_str());
        // What is handed on may be for anywhere.
        let is_told = kind.is_some_and(|kind| {
            kind.starts_with("AWS::")
                && !kind.starts_with("AWS::CloudFormation::")
                && kind != "AWS::SSM::Parameter"
        });
        if !is_told {
            return;
        }
        let mut document = Document::default();
        let properties = evaluator.properties(resource);
        let mut partitions = Vec::new();
        // Policies of ECR may be texts.
        for name in POLICIES.into_iter().filter(|_| is_ecr(resource)) {
            let policy = evaluator.inside(&properties, name);
            let policy = evaluator.write_policy(&mut document, policy, embedded);
            partitions_in(document.value(policy), false, &mut partitions);
        }
        let properties = evaluator.write_any(&mut document, properties);
        partitions_in(document.value(properties), false, &mut partitions);
        for partition in partitions {
            let landmark = Landmark {
                what: format!("an ARN of `{}`", resource.id),
                partition,
                region: None,
            };
            self.extend(resource.id, Some(landmark));
        }
    }

    fn extend(&mut self, id: &'t str, landmark: Option<Landmark>) {
        let room = MOST_IN_ALL - self.found.len();
        let Some(landmark) = landmark.filter(|_| room > 0) else {
            return;
        };
        let is_same = |(other, known): &&(&str, Landmark)| {
            let same = known.partition == landmark.partition && known.region == landmark.region;
            same && *other == id
        };
        let alike = self.found.iter().filter(|(_, known)| {
            known.partition == landmark.partition && known.region == landmark.region
        });
        if alike.count() < MOST && !self.found.iter().any(|known| is_same(&known)) {
            self.found.push((id, landmark));
        }
    }
}

/// The key of a repository, which has to be in the same region.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html>
fn key_of(key: Value<'_>, id: &str) -> Option<Landmark> {
    let mut fields = certain(key)?.splitn(5, ':');
    let [head, partition, service, region] = [(); 4].map(|()| fields.next());
    fields.next()?;
    let what = match id {
        "" => "its key".to_owned(),
        id => format!("the key of `{id}`"),
    };
    (head? == "arn" && service? == "kms").then_some(Landmark {
        what,
        partition: partition?.to_owned(),
        region: region.filter(|it| !it.is_empty()).map(str::to_owned),
    })
}

fn is_ecr(resource: &Resource<'_>) -> bool {
    use ResourceKind::{CreationTemplate, PublicRepository, RegistryPolicy, Repository};
    matches!(
        resource.kind,
        Repository | PublicRepository | RegistryPolicy | CreationTemplate
    )
}

/// Whether a text names any partition but the greatest, or may do so by escapes.
fn has_partitions(text: &str) -> bool {
    let text = text.as_bytes();
    let names_one = |at: usize| {
        let mut names = partition::all().map(|(name, _)| name);
        names.any(|name| name != GREATEST && text[at..].starts_with(name.as_bytes()))
    };
    memmem::find_iter(text, PREFIX).any(names_one)
        || memchr::memchr_iter(b'\\', text).any(|at| matches!(text.get(at + 1), Some(b'u' | b'x')))
}

/// The partitions of ARNs in a value, each once. The depth of documents is bounded.
fn partitions_in(value: Value<'_>, is_arn: bool, found: &mut Vec<String>) {
    for item in value.items() {
        partitions_in(item, is_arn, found);
    }
    for (key, member) in value.members() {
        if !FREE.contains(&key) && !key.contains(':') {
            partitions_in(member, is_key(key), found);
        }
    }
    let mut fields = certain(value).unwrap_or_default().splitn(3, ':');
    if let (true, Some("arn"), Some(partition), Some(_)) =
        (is_arn, fields.next(), fields.next(), fields.next())
        && !found.iter().any(|known| known == partition)
        && !partition.contains('*')
    {
        found.push(partition.to_owned());
    }
}

fn is_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    // Who calls a function may be anybody.
    let is_arn = (lower.ends_with("arn") || lower.ends_with("arns")) && lower != "sourcearn";
    KEYS.contains(&key) || is_arn
}

/// The characters of a text that are certain at its beginning.
fn certain<'d>(value: Value<'d>) -> Option<&'d str> {
    match value.data() {
        Data::String(text) => Some(text),
        Data::Unknown(unknown) => unknown.shape.as_ref().map(|shape| shape.prefix()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{GREATEST, PREFIX, has_partitions};
    use crate::model::partition;

    #[test]
    fn every_partition_is_found_wherever_it_stands() {
        for (name, _) in partition::all().filter(|(name, _)| *name != GREATEST) {
            assert!(name.starts_with(PREFIX), "{name}");
            assert!(has_partitions(&format!("aws-x aws- arn:{name}:iam")));
        }
        assert!(!has_partitions("arn:aws:iam::1:root, aws-"));
        assert!(has_partitions(r#""arn:\u0061ws""#) && has_partitions(r"\x61"));
        assert!(!has_partitions(r#""a\"b\\" \"#));
    }
}
