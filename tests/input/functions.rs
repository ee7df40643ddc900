//! Every function of CloudFormation: one template a function in `tests/input/functions`, in short YAML tags and
//! in long JSON, with what its arguments make of it.
//!
//! The values of a template are the members of a repository policy, so that each kind of value shows.
//! `UPDATE_GOLDEN=1` writes what was found.

use std::path::PathBuf;

use ecrlint::input::{Context, DeployTarget, Loaded, Note, Scratch, load};
use ecrlint::model::{Data, Value};
use ecrlint::source::Sources;
use serde_json::{Map, Value as Json, json};

use crate::golden::assert_golden;

/// Functions by the names of their files. A name of AWS is in capitals, without its prefix.
const FUNCTIONS: [(&str, &str); 18] = [
    ("base64", "Fn::Base64"),
    ("cidr", "Fn::Cidr"),
    ("dynamic-reference", "{{resolve:"),
    ("find-in-map", "Fn::FindInMap"),
    ("for-each", "Fn::ForEach::"),
    ("get-att", "Fn::GetAtt"),
    ("get-azs", "Fn::GetAZs"),
    ("get-stack-output", "Fn::GetStackOutput"),
    ("if", "Fn::If"),
    ("import-value", "Fn::ImportValue"),
    ("join", "Fn::Join"),
    ("length", "Fn::Length"),
    ("ref", "Ref"),
    ("select", "Fn::Select"),
    ("split", "Fn::Split"),
    ("sub", "Fn::Sub"),
    ("to-json-string", "Fn::ToJsonString"),
    ("transform", "Fn::Transform"),
];

fn folder() -> PathBuf {
    crate::program::root().join("tests/input/functions")
}

fn loaded(text: &str, context: &Context) -> Loaded {
    let mut sources = Sources::default();
    let source = sources.add("template", text);
    load(text, source, context, &mut Scratch::default())
}

fn context(region: Option<&str>) -> Context {
    Context {
        stack: Some("App".to_owned()),
        environment: DeployTarget {
            account: None,
            region: region.map(str::to_owned),
        },
        ..Context::default()
    }
}

fn shown(value: Value<'_>) -> Json {
    match value.data() {
        Data::Null => json!("null"),
        Data::Bool(flag) => json!(flag.to_string()),
        Data::Number(text) => json!(text),
        Data::String(text) => json!(format!("{text:?}")),
        Data::Absent => json!("absent"),
        Data::Unknown(unknown) => {
            let mut text = format!("unknown, because {}", unknown.reason);
            if let Some(shape) = &unknown.shape {
                text += &format!("; shape {shape}");
            }
            if let Some(reference) = &unknown.reference {
                text += &format!("; is {}.{}", reference.logical_id, reference.attribute);
            }
            if unknown.maybe_absent {
                text += "; may be absent";
            }
            json!(text)
        }
        Data::Array => value.items().map(shown).collect(),
        Data::Object => {
            let members = value.members();
            let members = members.map(|(key, value)| (key.to_owned(), shown(value)));
            members.collect::<Map<_, _>>().into()
        }
    }
}

/// The values of a template, and what else there is to say.
fn values(text: &str) -> Json {
    let loaded = loaded(text, &context(None));
    let repository = &loaded.entities[0];
    let policy = repository.document.value(
        repository
            .settings()
            .expect("a repository")
            .own
            .repository_policy,
    );
    let notes = loaded.notes.iter().map(|note| match note {
        Note::Undetermined { reason, .. } => reason.clone(),
        Note::Unknown(problem) | Note::Refused(problem) | Note::Mistake(problem) => {
            problem.title.clone()
        }
    });
    let problems = loaded.problems.iter().map(|problem| problem.title.clone());
    json!({
        "values": shown(policy),
        "said": problems.chain(notes).collect::<Vec<_>>(),
    })
}

#[test]
fn every_function_gives_its_values_in_both_spellings() {
    let mut names: Vec<_> = std::fs::read_dir(folder())
        .expect("a folder of functions")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        FUNCTIONS.map(|(name, _)| name),
        "one file a function"
    );
    for (name, function) in FUNCTIONS {
        let read = |end: &str| {
            let path = folder().join(format!("{name}.{end}"));
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}.{end}: {error}"))
        };
        let (short, long) = (read("yaml"), read("json"));
        assert!(long.contains(function), "{name}.json has no {function}");
        let found = values(&short);
        assert_eq!(found, values(&long), "{name}.yaml and {name}.json differ");
        let found = serde_json::to_string_pretty(&found).expect("values are JSON") + "\n";
        assert_golden(&folder().join(format!("{name}.txt")), &found);
    }
}

/// Regions with their partition and host suffix, by AWS's own table.
const REGIONS: [(&str, &str, &str); 9] = [
    ("eu-west-1", "aws", "amazonaws.com"),
    ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
    ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
    ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
];

#[test]
fn pseudo_parameters_follow_the_region() {
    let text = json!({ "Resources": { "Repo": { "Type": "AWS::ECR::Repository", "Properties": {
        "RepositoryName": "api",
        "Tags": [
            { "Key": "pseudo", "Value": { "Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix} ${AWS::Region}" } },
            { "Key": "arn", "Value": { "Fn::GetAtt": ["Other", "Arn"] } },
            { "Key": "uri", "Value": { "Fn::GetAtt": ["Other", "RepositoryUri"] } },
        ],
    } }, "Other": { "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": "other" } } } });
    for (region, partition, suffix) in REGIONS {
        let mut context = context(Some(region));
        context.environment.account = Some("111111111111".to_owned());
        let loaded = loaded(&text.to_string(), &context);
        let repository = &loaded.entities[0];
        let tags = repository
            .document
            .value(repository.settings().expect("a repository").own.tags);
        let values: Vec<_> = tags
            .items()
            .map(|tag| {
                tag.by_key("value")
                    .and_then(|it| it.as_str())
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        let expected = [
            format!("{partition} {suffix} {region}"),
            format!("arn:{partition}:ecr:{region}:111111111111:repository/other"),
            format!("111111111111.dkr.ecr.{region}.{suffix}/other"),
        ];
        assert_eq!(values, expected);
    }
}
