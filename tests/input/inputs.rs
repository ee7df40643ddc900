//! What inputs say: golden inventories, one folder a case, and the same system in three spellings.
//!
//! `tests/input/inputs/<case>/template.(json|yaml)` with an optional `context.json` gives `expected.json`;
//! `UPDATE_GOLDEN=1` writes it anew. A case with a `contexts.json` has several templates, which may use each
//! other's values; it names them, each with its context.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ecrlint::input::{
    Context, DeployTarget, Loaded, Note, Override, Scratch, Shelf, StackSession, StackTag,
    StackTemplate, Stacks, load, load_among,
};
use ecrlint::model::{
    Data, Entity, Of, Parameter, Particulars, RegistryScanning, Repository, RepositorySettings,
    Value,
};
use ecrlint::source::{Problem, Sources, Span};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::golden::assert_golden;

fn members(object: Json) -> Map<String, Json> {
    match object {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

/// Prints what was loaded, with the text at each span unless spellings are to be compared.
struct Printer<'s> {
    sources: &'s Sources,
    spans: bool,
}

impl Printer<'_> {
    fn loaded(&self, loaded: &Loaded) -> Json {
        json!({
            "kind": loaded.kind,
            "repositories": loaded.entities.iter().map(|it| self.repository(it)).collect::<Vec<_>>(),
            "registries": loaded.registries.iter().map(|it| self.registry(it)).collect::<Vec<_>>(),
            "problems": loaded.problems.iter().map(|it| self.problem(it)).collect::<Vec<_>>(),
            "notes": loaded.notes.iter().map(|it| self.note(it)).collect::<Vec<_>>(),
        })
    }

    fn repository(&self, repository: &Entity) -> Json {
        let value = |id| self.value(repository.document.value(id));
        let subject = &repository.subject;
        let mut printed = json!({
            "place": self.text(repository.place),
            "kind": format!("{:?}", repository.kind()),
            "subject": [subject.name, subject.logical_id, subject.stack, subject.construct_path,
                subject.arn, subject.account, subject.region],
            "assumptions": repository.assumptions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        let Json::Object(all) = &mut printed else {
            unreachable!("it is written as an object")
        };
        all.extend(
            repository
                .settings()
                .map_or_else(Map::new, |one| self.settings(one)),
        );
        all.extend(
            repository
                .repository()
                .map_or_else(Map::new, |one| self.own(one)),
        );
        if let Particulars::Registry { policy } = repository.particulars {
            all.insert("policy".to_owned(), value(policy));
        }
        for (name, list) in self.belongings(repository) {
            if list != json!([]) {
                printed[name] = list;
            }
        }
        printed
    }

    /// What repositories and templates for them have.
    fn settings(&self, one: Of<'_, RepositorySettings>) -> Map<String, Json> {
        let value = |id| self.value(one.document.value(id));
        let own = one.own;
        members(json!({
            "name": value(own.name),
            "tag_mutability": value(own.tag_mutability),
            "exclusion_filters": value(own.exclusion_filters),
            "scan_on_push": one.repository().map(|it| value(it.own.scan_on_push)),
            "encryption_type": value(own.encryption_type),
            "kms_key": value(own.kms_key),
            "key": own.key.as_ref().map(|key| json!({
                "logical_id": key.logical_id,
                "place": self.text(key.place),
                "enabled": value(key.enabled),
                "rotation": value(key.rotation),
                "policy": value(key.policy),
            })),
            "lifecycle_policy": value(own.lifecycle_policy),
            "lifecycle_written": format!("{:?}", own.lifecycle_written),
            "repository_policy": value(own.repository_policy),
            "tags": value(own.tags),
        }))
    }

    /// What repositories alone have.
    fn own(&self, one: Of<'_, Repository>) -> Map<String, Json> {
        let value = |id| self.value(one.document.value(id));
        let own = one.own;
        members(json!({
            "empty_on_delete": value(own.empty_on_delete),
            "deletion_policy": value(own.deletion_policy),
            "update_replace_policy": value(own.update_replace_policy),
            "parameters": own.parameters.iter()
                .map(|it| self.parameter(&one, it)).collect::<Vec<_>>(),
        }))
    }

    /// What most repositories have nothing of.
    fn belongings(&self, repository: &Entity) -> [(&'static str, Json); 4] {
        let value = |id| self.value(repository.document.value(id));
        let implied = repository.implied.iter();
        let implied: Vec<_> = implied.map(ToString::to_string).collect();
        let own = repository.repository();
        let auto_delete = own.and_then(|one| one.own.auto_delete.as_ref());
        let auto_delete: Vec<_> = auto_delete
            .iter()
            .map(|(_, place)| self.text(*place))
            .collect();
        let identities = repository.identities().iter().map(|it| {
            json!({
                "logical_id": it.logical_id,
                "policies": it.policies.iter().map(|id| value(*id)).collect::<Vec<_>>(),
                "doubt": it.doubt,
            })
        });
        let event_rules = repository.event_rules().iter().map(|it| {
            json!({
                "logical_id": it.logical_id,
                "state": value(it.state),
                "bus": value(it.bus),
                "pattern": value(it.pattern),
                "targets": value(it.targets),
            })
        });
        [
            ("implied", json!(implied)),
            ("auto_delete", json!(auto_delete)),
            ("identities", identities.collect()),
            ("event_rules", event_rules.collect()),
        ]
    }

    fn parameter(&self, repository: &Entity, parameter: &Parameter) -> Json {
        let value = |id| self.value(repository.document.value(id));
        json!({
            "logical_id": parameter.logical_id,
            "place": self.text(parameter.place),
            "name": value(parameter.name),
            "kind": value(parameter.kind),
            "value": value(parameter.value),
            "holds": parameter.holds.map(|holds| format!("{holds:?}")),
        })
    }

    fn registry(&self, registry: &RegistryScanning) -> Json {
        let value = |id| self.value(registry.document.value(id));
        json!({
            "account": registry.account,
            "region": registry.region,
            "scan_type": value(registry.scan_type),
            "rules": value(registry.rules),
        })
    }

    /// Scalars stand as `value @ text at the span`, other values as what they hold.
    fn value(&self, value: Value<'_>) -> Json {
        let at = |printed: String| match self.spans {
            true => json!(format!("{printed} @ {}", self.text(value.span()))),
            false => json!(printed),
        };
        match value.data() {
            Data::Null => at("null".into()),
            Data::Bool(flag) => at(flag.to_string()),
            Data::Number(text) => at(text.into()),
            Data::String(text) => at(format!("{text:?}")),
            Data::Absent => at("absent".into()),
            Data::Unknown(unknown) => {
                let mut printed = format!("unknown, because {}", unknown.reason);
                if let Some(shape) = &unknown.shape {
                    printed += &format!("; shape {shape}");
                }
                if let Some(reference) = &unknown.reference {
                    printed += &format!("; is {}.{}", reference.logical_id, reference.attribute);
                }
                if unknown.maybe_absent {
                    printed += "; may be absent";
                }
                at(printed)
            }
            Data::Array => Json::Array(value.items().map(|item| self.value(item)).collect()),
            Data::Object => Json::Object(
                value
                    .members()
                    .map(|(key, member)| (key.to_owned(), self.value(member)))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    fn problem(&self, problem: &Problem) -> Json {
        json!([
            problem.title,
            problem.label,
            problem.help,
            self.text(problem.span)
        ])
    }

    fn note(&self, note: &Note) -> Json {
        match note {
            Note::Undetermined { span, reason } => json!([reason, self.text(*span)]),
            Note::Unknown(problem) | Note::Refused(problem) | Note::Mistake(problem) => {
                self.problem(problem)
            }
        }
    }

    /// The text at a span: its first characters when it is long.
    fn text(&self, span: Span) -> Json {
        if !self.spans {
            return Json::Null;
        }
        let text = self.sources.text(span);
        let short: String = text.chars().take(60).collect();
        match short.len() < text.len() {
            true => format!("{short}…"),
            false => short,
        }
        .into()
    }
}

fn text(json: &Json, key: &str) -> Option<String> {
    json[key].as_str().map(str::to_owned)
}

/// What `context.json` says is known from outside of the template.
fn context(json: &Json, named_yaml: bool) -> Context {
    let tags = json["stack_tags"].as_object().cloned().unwrap_or_default();
    let parameters = json["parameters"].as_object().cloned().unwrap_or_default();
    Context {
        stack: text(json, "stack"),
        environment: DeployTarget {
            account: text(json, "account"),
            region: text(json, "region"),
        },
        fallback: DeployTarget {
            account: text(json, "fallback_account"),
            region: text(json, "fallback_region"),
        },
        stack_tags: tags
            .iter()
            .map(|(key, value)| StackTag {
                key: key.clone(),
                value: value.as_str().unwrap_or_default().to_owned(),
                span: Span::default(),
            })
            .collect(),
        parameters: Arc::new(
            parameters
                .iter()
                .map(|(name, value)| {
                    let value = value.as_str().unwrap_or_default().to_owned();
                    (name.clone(), Override { value, span: None })
                })
                .collect::<BTreeMap<_, _>>(),
        ),
        named_yaml,
        ..Context::default()
    }
}

fn template(case: &Path) -> PathBuf {
    ["template.json", "template.yaml"]
        .into_iter()
        .map(|name| case.join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{} has no template", case.display()))
}

/// What the templates of one run say, each with what it is told by the others.
fn inventories(case: &Path, contexts: &Json, scratch: &mut Scratch) -> Json {
    let mut sources = Sources::default();
    let names: Vec<&String> = contexts.as_object().expect("templates").keys().collect();
    for name in &names {
        let text = std::fs::read_to_string(case.join(name)).expect("a readable template");
        sources.add(name.as_str(), text);
    }
    let first = Sources::default().next_id();
    let sheets = names.iter().enumerate().map(|(index, name)| StackTemplate {
        text: sources.source(first.after(index)).text(),
        source: first.after(index),
        context: context(&contexts[name.as_str()], name.ends_with(".yaml")),
        publishes: true,
        runs: true,
    });
    let find = |parent: usize, path: &str| {
        let folder = Path::new(names[parent]).parent()?;
        let path = folder.join(path.trim_start_matches("./"));
        names.iter().position(|name| Path::new(name) == path)
    };
    let stacks = Stacks::new(sheets.collect(), find, |_, _| None);
    let shelf = Shelf::new(&stacks);
    let session = StackSession::new(&stacks, &shelf);
    let printer = Printer {
        sources: &sources,
        spans: true,
    };
    let loaded = names.iter().enumerate().map(|(index, name)| {
        let loaded = load_among(first.after(index), &session, scratch);
        ((*name).clone(), printer.loaded(&loaded))
    });
    let mut all: Map<String, Json> = loaded.collect();
    let notes = stacks.notes.iter().map(|note| printer.note(note));
    all.insert("notes".to_owned(), notes.collect());
    all.into()
}

fn inventory(case: &Path, scratch: &mut Scratch) -> Json {
    if let Ok(contexts) = std::fs::read_to_string(case.join("contexts.json")) {
        let contexts = serde_json::from_str(&contexts).expect("contexts in JSON");
        return inventories(case, &contexts, scratch);
    }
    let path = template(case);
    let mut sources = Sources::default();
    let source = sources.add(
        "template",
        std::fs::read_to_string(&path).expect("a readable template"),
    );
    let context_json = match std::fs::read_to_string(case.join("context.json")) {
        Ok(text) => serde_json::from_str(&text).expect("a context in JSON"),
        Err(_) => Json::Null,
    };
    let yaml = path
        .extension()
        .is_some_and(|extension| extension == "yaml");
    let context = context(&context_json, yaml);
    let loaded = load(sources.source(source).text(), source, &context, scratch);
    let printer = Printer {
        sources: &sources,
        spans: true,
    };
    printer.loaded(&loaded)
}

#[test]
fn every_case_gives_its_golden_inventory() {
    let folder = crate::program::root().join("tests/input/inputs");
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() > 10, "the cases are found");
    let mut scratch = Scratch::default();
    for case in cases {
        let found = serde_json::to_string_pretty(&inventory(&case, &mut scratch)).unwrap() + "\n";
        assert_golden(&case.join("expected.json"), &found);
    }
}

/// A text as a template can spell it.
fn texts() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        "[a-z0-9/é\"'{}: #-]{0,8}".prop_map(|text| json!(text)),
        prop::sample::select(vec![
            "Stage",
            "Open",
            "AWS::Region",
            "AWS::AccountId",
            "Key",
            "Gone"
        ])
        .prop_map(|name| json!({ "Ref": name })),
        prop::sample::select(vec![
            "Key.Arn",
            "Other.Arn",
            "Other.RepositoryUri",
            "Topic.TopicArn"
        ])
        .prop_map(|path| json!({ "Fn::GetAtt": path.split('.').collect::<Vec<_>>() })),
        prop::sample::select(vec![
            "a-${Stage}",
            "${!Stage}-${Open}",
            "${Other}",
            "${AWS::Region}x"
        ])
        .prop_map(|text| json!({ "Fn::Sub": text })),
        Just(json!({ "Fn::FindInMap": ["Names", "dev", { "Ref": "Stage" }] })),
        Just(json!({ "Fn::ImportValue": "other" })),
        Just(json!({ "Fn::Select": [1, { "Fn::Cidr": ["10.0.0.0/16", 2, 8] }] })),
        Just(json!({ "Ref": { "Fn::Sub": "Sta${Part}" } })),
        Just(json!("{{resolve:ssm:/acme/${Stage}}}")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            list.clone()
                .prop_map(|list| json!({ "Fn::Join": ["-", list] })),
            list.prop_map(|list| json!({ "Fn::Select": [0, list] })),
            inner
                .clone()
                .prop_map(|text| json!({ "Fn::Select": ["0", { "Fn::Split": ["-", text] }] })),
            inner.clone().prop_map(|text| json!({ "Fn::Base64": text })),
            inner.clone().prop_map(
                |text| json!({ "Fn::Sub": ["${V}", { "V": { "Fn::ToJsonString": { "a": [text] } } }] })
            ),
            prop::collection::vec(inner.clone(), 1..3)
                .prop_map(|list| json!({ "Fn::Join": ["", ["n", { "Fn::Length": list }]] })),
            inner.clone().prop_map(
                |text| json!({ "Fn::FindInMap": ["Names", "dev", text, { "DefaultValue": "other" }] })
            ),
            inner
                .clone()
                .prop_map(|text| json!({ "Fn::Sub": ["x${V}", { "V": text }] })),
            (
                prop::sample::select(vec!["IsProd", "IsOpen", "Gone"]),
                inner.clone(),
                inner
            )
                .prop_map(|(name, yes, no)| json!({ "Fn::If": [name, yes, no] })),
        ]
    })
}

/// A template with one repository whose properties hold `texts`.
fn system([name, key, principal, count, tag]: [Json; 5], scan: bool) -> Json {
    let looped = count.clone();
    let lifecycle = json!({ "Fn::Join": ["", [
        "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"countNumber\":10,\"tagPrefixList\":[\"", count,
        "\"]}}]}"
    ]] });
    json!({
        "Transform": "AWS::LanguageExtensions",
        "Parameters": { "Stage": { "Type": "String", "Default": "dev" }, "Open": { "Type": "String" } },
        "Mappings": { "Names": { "dev": { "dev": "mapped" } } },
        "Conditions": {
            "IsProd": { "Fn::Or": [{ "Fn::Equals": [{ "Ref": "Stage" }, "prod"] }, { "Condition": "IsOpen" }] },
            "IsOpen": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "Open" }, ""] }] },
        },
        "Resources": {
            "Repo": { "Type": "AWS::ECR::Repository", "DeletionPolicy": "Retain", "Properties": {
                "RepositoryName": name,
                "ImageScanningConfiguration": { "ScanOnPush": scan },
                "EncryptionConfiguration": { "EncryptionType": "KMS", "KmsKey": key },
                "LifecyclePolicy": { "LifecyclePolicyText": lifecycle },
                "RepositoryPolicyText": { "Version": "2012-10-17", "Statement": [
                    { "Effect": "Allow", "Principal": { "AWS": principal }, "Action": ["ecr:BatchGetImage"] }
                ] },
                "Tags": [{ "Key": "tag", "Value": tag }, { "Key": "account", "Value": "012345670123" }],
            } },
            "Other": { "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": "other" } },
            "Fn::ForEach::Many": ["Part", ["ge", looped], { "Looped&{Part}": {
                "Type": "AWS::ECR::Repository",
                "Properties": { "RepositoryName": { "Fn::Join": ["-", ["${Part}", { "Ref": "Part" }]] } },
            } }],
            "Key": { "Type": "AWS::KMS::Key", "Properties": { "EnableKeyRotation": true } },
            "Parameter": { "Type": "AWS::SSM::Parameter", "Properties": {
                "Name": "ECR_API_arn", "Type": "String", "Value": { "Fn::GetAtt": ["Repo", "Arn"] } } },
        }
    })
}

/// Writes block style, every text in quotes, functions by their long names.
fn yaml_long(value: &Json, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Json::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(key, member)| {
                format!("\n{pad}{}: {}", json!(key), yaml_long(member, indent + 2))
            })
            .collect(),
        Json::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| format!("\n{pad}- {}", yaml_long(item, indent + 2)))
            .collect(),
        scalar => scalar.to_string(),
    }
}

/// Writes block style outside of functions, and functions by their short tags in flow style.
fn yaml_short(value: &Json, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Json::Object(members) if function(members).is_some() => flow(value),
        Json::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(key, member)| {
                format!("\n{pad}{}: {}", json!(key), yaml_short(member, indent + 2))
            })
            .collect(),
        Json::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| format!("\n{pad}- {}", yaml_short(item, indent + 2)))
            .collect(),
        scalar => scalar.to_string(),
    }
}

fn function(members: &Map<String, Json>) -> Option<(&str, &Json)> {
    let (key, argument) = members.iter().next()?;
    let name = key
        .strip_prefix("Fn::")
        .or((key == "Ref").then_some("Ref"))?;
    Some((name, argument))
}

fn flow(value: &Json) -> String {
    match value {
        Json::Object(members) => match function(members) {
            Some(("GetAtt", path)) => {
                let path = path.as_array().into_iter().flatten();
                let path: Vec<_> = path.filter_map(Json::as_str).collect();
                format!("!GetAtt {}", path.join("."))
            }
            Some((name, argument)) => match flow(argument) {
                // One node of YAML has one tag.
                tagged if tagged.starts_with('!') => {
                    let key = members.keys().next().map(String::as_str);
                    format!("{{{}: {tagged}}}", json!(key))
                }
                argument => format!("!{name} {argument}"),
            },
            None => {
                let members = members
                    .iter()
                    .map(|(key, it)| format!("{}: {}", json!(key), flow(it)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        },
        Json::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(flow).collect::<Vec<_>>().join(", ")
            )
        }
        scalar => scalar.to_string(),
    }
}

fn printed(text: &str, yaml: bool) -> Json {
    let mut sources = Sources::default();
    let source = sources.add("template", text);
    let json = json!({ "stack": "App", "region": "eu-west-1" });
    let context = context(&json, yaml);
    let loaded = load(text, source, &context, &mut Scratch::default());
    assert!(
        loaded.problems.is_empty(),
        "{:?} in {text}",
        loaded.problems
    );
    // Two, with as many variants of the one as there can be, and those of the loop where its values are known.
    let known = 2..=69;
    assert!(known.contains(&loaded.entities.len()), "{text}");
    let printer = Printer {
        sources: &sources,
        spans: false,
    };
    printer.loaded(&loaded)
}

proptest! {
    #[test]
    fn one_system_in_three_spellings_is_one_document(
        texts in [texts(), texts(), texts(), texts(), texts()],
        scan in any::<bool>(),
    ) {
        let system = system(texts, scan);
        let json = printed(&serde_json::to_string_pretty(&system).unwrap(), false);
        prop_assert_eq!(&json, &printed(&yaml_long(&system, 0), true));
        prop_assert_eq!(&json, &printed(&yaml_short(&system, 0), true));
    }

    #[test]
    fn no_text_makes_the_loader_fail(
        texts in [texts(), texts(), texts(), texts(), texts()],
        cuts in prop::collection::vec((0.0..1.0, 0usize..12, "[\\[\\]{}\",:a!&*\n -]{0,4}"), 0..3),
        yaml in any::<bool>(),
    ) {
        let system = system(texts, true);
        let mut text = if yaml { yaml_short(&system, 0) } else { system.to_string() };
        for (place, length, replacement) in cuts {
            let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at));
            let start = boundary((place * text.len() as f64) as usize).unwrap_or(0);
            let end = boundary((start + length).min(text.len())).unwrap_or(start);
            text.replace_range(start..end, &replacement);
        }
        let mut sources = Sources::default();
        let source = sources.add("template", text.as_str());
        let context = context(&Json::Null, yaml);
        let loaded = load(&text, source, &context, &mut Scratch::default());
        let spans = loaded.problems.iter().map(|problem| problem.span)
            .chain(loaded.entities.iter().map(|repository| repository.place));
        for span in spans {
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
        Printer { sources: &sources, spans: true }.loaded(&loaded);
    }
}
