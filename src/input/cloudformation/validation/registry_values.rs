//! Values of the resources of a registry that ECR refuses when they are created: its scanning configuration, templates
//! for repositories, rules for pull-through caches, and its replication. It does not know what becomes of repositories.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html>

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::flaw::Flaw;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::Mistake;
use crate::source::{Kind, Span, nearest};

/// How images are scanned.
const SCAN_TYPES: [&str; 2] = ["BASIC", "ENHANCED"];
/// When, as far as CloudFormation knows it.
const FREQUENCIES: [&str; 2] = ["SCAN_ON_PUSH", CONTINUOUS];
/// When only Inspector scans.
const CONTINUOUS: &str = "CONTINUOUS_SCAN";
/// How filters of a replication are read.
const FILTERS: [&str; 1] = ["PREFIX_MATCH"];
/// What repositories are created by.
const OCCASIONS: [&str; 3] = ["REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"];
/// What the names of secrets for upstream registries begin with.
const SECRETS: &str = "ecr-pullthroughcache/";

/// Upstream registries by name and host, with whether they ask for a secret; hosts of Azure have a name in front.
const UPSTREAMS: [(&str, &str, bool); 8] = [
    ("docker-hub", "registry-1.docker.io", true),
    ("github-container-registry", "ghcr.io", true),
    ("gitlab-container-registry", "registry.gitlab.com", true),
    ("chainguard", "cgr.dev", true),
    ("azure-container-registry", ".azurecr.io", true),
    ("ecr-public", "public.ecr.aws", false),
    ("k8s", "registry.k8s.io", false),
    ("quay", "quay.io", false),
];

/// What is refused of the resource, as far as its values are known.
pub(super) fn flaws<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Vec<Flaw> {
    let properties = evaluator.properties(resource);
    match &properties.value {
        Resolved::Node(node)
            if node.kind() == Kind::Object
                && !node.members().any(|it| it.key.starts_with("Fn::")) =>
        {
            let kind = resource.node.get("Type").and_then(|kind| kind.as_str());
            let mut found = RegistryValues {
                evaluator,
                found: Vec::new(),
            };
            match kind {
                Some("AWS::ECR::RegistryScanningConfiguration") => found.scanning(&properties),
                Some("AWS::ECR::RepositoryCreationTemplate") => found.template(&properties),
                Some("AWS::ECR::ReplicationConfiguration") => found.replication(&properties),
                Some("AWS::ECR::PullThroughCacheRule") => found.cache(&properties, resource.place),
                _ => {}
            }
            found.found
        }
        _ => Vec::new(),
    }
}

/// A text of a property, and where it stands.
struct PropertyText {
    text: String,
    span: Span,
}

/// Checks values, and gathers what is wrong.
struct RegistryValues<'e, 't, 'c> {
    evaluator: &'e Evaluator<'t, 'c>,
    found: Vec<Flaw>,
}

impl<'t> RegistryValues<'_, 't, '_> {
    fn add(&mut self, span: Span, mistake: impl Into<Mistake>) {
        self.found.push(Flaw::new(span, mistake));
    }

    /// The text of a property with its place, where it is known.
    fn text(&self, parent: &Slot<'t>, name: &str) -> Option<PropertyText> {
        let slot = self.evaluator.inside(parent, name);
        let text = slot.value.known_text()?.into_owned();
        let span = slot.value.span().unwrap_or(slot.place);
        Some(PropertyText { text, span })
    }

    /// The items of a list as far as they are known.
    fn items(&self, parent: &Slot<'t>, name: &str) -> Vec<Slot<'t>> {
        let items = match self.evaluator.inside(parent, name).value {
            Resolved::Node(node) if node.kind() == Kind::Array => {
                let items = node.items().map(|item| self.evaluator.resolve(item));
                items.collect()
            }
            Resolved::List(list) => list.items,
            _ => Vec::new(),
        };
        let placed = items.into_iter();
        placed
            .filter_map(|item| Some((item.span()?, item)))
            .map(|(place, item)| Slot::new(item, place))
            .collect()
    }

    /// Tells a word that is none of the known ones.
    fn word(&mut self, name: &str, written: &PropertyText, known: &'static [&'static str]) {
        let PropertyText { text, span } = written;
        if known.contains(&text.as_str()) {
            return;
        }
        let upper = text.to_uppercase();
        let near = known.iter().copied().find(|one| *one == upper);
        let near = near.or_else(|| nearest(&upper, known.iter().copied()));
        let all = known.join("` or `");
        let told = format!("`{name}` is `{text}`, expected `{all}`");
        self.add(*span, Mistake::new(told).instead(text, near));
    }

    /// A property that has to be there.
    fn required(&mut self, parent: &Slot<'t>, name: &str, of: &str) {
        let slot = self.evaluator.inside(parent, name);
        if matches!(slot.value, Resolved::Nothing) {
            self.add(slot.place, format!("{of} has no `{name}`"));
        }
    }

    fn scanning(&mut self, properties: &Slot<'t>) {
        for name in ["ScanType", "Rules"] {
            self.required(properties, name, "the scanning configuration");
        }
        let scan_type = self.text(properties, "ScanType");
        if let Some(scan_type) = &scan_type {
            self.word("ScanType", scan_type, &SCAN_TYPES);
        }
        let is_basic = scan_type.is_some_and(|it| it.text == "BASIC");
        let mut seen: Vec<String> = Vec::new();
        for rule in self.items(properties, "Rules") {
            let Some(frequency) = self.text(&rule, "ScanFrequency") else {
                continue;
            };
            self.word("ScanFrequency", &frequency, &FREQUENCIES);
            let PropertyText { text, span } = frequency;
            if is_basic && text == CONTINUOUS {
                let told =
                    format!("basic scanning has no `{CONTINUOUS}`, only enhanced scanning has");
                self.add(
                    span,
                    Mistake::new(told).instead(&text, Some("SCAN_ON_PUSH")),
                );
            } else if seen.contains(&text) {
                let told = format!("two rules scan by `{text}`, ECR takes one with all filters");
                self.add(span, told);
            }
            seen.push(text);
        }
    }

    fn template(&mut self, properties: &Slot<'t>) {
        for name in ["Prefix", "AppliedFor"] {
            self.required(properties, name, "the creation template");
        }
        for item in self.items(properties, "AppliedFor") {
            if let Some(text) = item.value.known_text() {
                let text = PropertyText {
                    text: text.into_owned(),
                    span: item.place,
                };
                self.word("AppliedFor", &text, &OCCASIONS);
            }
        }
    }

    fn replication(&mut self, properties: &Slot<'t>) {
        let inner = self
            .evaluator
            .inside(properties, "ReplicationConfiguration");
        for rule in self.items(&inner, "Rules") {
            for destination in self.items(&rule, "Destinations") {
                if let Some(PropertyText { text, span }) = self.text(&destination, "RegistryId")
                    && !(text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()))
                {
                    let told = format!(
                        "`RegistryId` is `{text}`, expected the twelve digits of an account"
                    );
                    self.add(span, told);
                }
            }
            for filter in self.items(&rule, "RepositoryFilters") {
                if let Some(kind) = self.text(&filter, "FilterType") {
                    self.word("FilterType", &kind, &FILTERS);
                }
            }
        }
    }

    fn cache(&mut self, properties: &Slot<'t>, place: Span) {
        let credential = self.evaluator.inside(properties, "CredentialArn");
        if let Some((name, asks)) = self.upstream(properties) {
            match (&credential.value, asks) {
                (Resolved::Nothing, true) => {
                    let told = format!(
                        "the upstream registry `{name}` asks for a secret, and there is no `CredentialArn`"
                    );
                    self.add(place, told);
                }
                (Resolved::Nothing | Resolved::Unknown(_), _) | (_, true) => {}
                (value, false) => {
                    let span = value.span().unwrap_or(credential.place);
                    let told = format!(
                        "the upstream registry `{name}` takes no secret, and there is a `CredentialArn`"
                    );
                    self.add(span, told);
                }
            }
        }
        let secret = self.text(properties, "CredentialArn");
        let named = secret.as_ref().and_then(|secret| {
            let (_, name) = secret.text.split_once(":secret:")?;
            (!name.starts_with(SECRETS)).then_some((name, secret.span))
        });
        if let Some((name, span)) = named {
            let told = format!(
                "the secret `{name}` is not one that ECR accepts: their names begin with `{SECRETS}`"
            );
            self.add(span, told);
        }
    }

    /// The upstream registry of a cache, and whether it asks for a secret.
    fn upstream(&self, properties: &Slot<'t>) -> Option<(String, bool)> {
        if let Some(PropertyText { text: url, .. }) = self.text(properties, "UpstreamRegistryUrl") {
            let is = |host: &str| match host.strip_prefix('.') {
                Some(_) => url.len() > host.len() && url.ends_with(host),
                None => url == host,
            };
            let (.., asks) = UPSTREAMS.iter().find(|(_, host, _)| is(host))?;
            return Some((url, *asks));
        }
        let url = self.evaluator.inside(properties, "UpstreamRegistryUrl");
        let PropertyText { text: name, .. } = self
            .text(properties, "UpstreamRegistry")
            .filter(|_| matches!(url.value, Resolved::Nothing))?;
        let (.., asks) = UPSTREAMS.iter().find(|(known, ..)| *known == name)?;
        Some((name, *asks))
    }
}
