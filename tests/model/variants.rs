//! What variants of a repository have in common stands in their document once, and each variant says what it would say alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecrlint::input::{self, Context, DeployTarget, Override, Scratch};
use ecrlint::model::facts::{Describer, FactSet, Scope};
use ecrlint::model::{Data, Document, Entity, Value};
use ecrlint::source::SourceId;

/// Every kind of thing that a template asks of those who decide, each read by some part of the repository and not by
/// others: a listed value, conditions that follow from it and from each other, a key of a mapping, the name of another
/// resource.
const TEMPLATE: &str = r#"
Parameters:
  Stage: { Type: String, AllowedValues: [dev, test, prod] }
Mappings:
  ByStage:
    dev: { Keep: 5, Account: "111111111111" }
    test: { Keep: 50, Account: "222222222222" }
    prod: { Keep: 50, Account: "333333333333" }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOpen: !Not [!Condition IsProd]
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: !If [IsProd, true, false]
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: "arn:aws:iam::444444444444:root" }, Action: "kms:*", Resource: "*" }
  Alias:
    Type: AWS::KMS::Alias
    Properties: { AliasName: !Sub "alias/${Stage}", TargetKeyId: !Ref Key }
  App:
    Type: AWS::ECR::Repository
    DeletionPolicy: Retain
    Properties:
      RepositoryName: !Sub "acme-${Stage}"
      EncryptionConfiguration: { EncryptionType: KMS, KmsKey: !GetAtt Key.Arn }
      ImageScanningConfiguration: { ScanOnPush: !If [IsOpen, false, true] }
      ImageTagMutability: IMMUTABLE
      Tags:
        - { Key: stage, Value: !Ref Stage }
      LifecyclePolicy:
        LifecyclePolicyText: !Sub
          - '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":${Keep}},"action":{"type":"expire"}}]}'
          - Keep: !FindInMap [ByStage, !Ref Stage, Keep]
      RepositoryPolicyText:
        Statement:
          - Sid: Readers
            Effect: Allow
            Principal: { AWS: "arn:aws:iam::555555555555:root" }
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
          - !If
            - IsProd
            - { Sid: Everyone, Effect: Allow, Principal: "*", Action: ecr:BatchGetImage }
            - !Ref AWS::NoValue
  Arn:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Name: !Sub "ECR_${Stage}_arn", Value: !GetAtt App.Arn }
"#;

fn load(template: &str, parameters: &[(&str, &str)]) -> Vec<Entity> {
    let given = parameters.iter().map(|(name, value)| {
        let value = Override {
            value: (*value).to_owned(),
            span: None,
        };
        ((*name).to_owned(), value)
    });
    let context = Context {
        environment: DeployTarget {
            account: Some("111111111111".into()),
            region: Some("eu-west-1".into()),
        },
        parameters: Arc::new(given.collect::<BTreeMap<_, _>>()),
        ..Context::default()
    };
    let loaded = input::load(template, SourceId(0), &context, &mut Scratch::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let mut entities = loaded.entities;
    entities.retain(|one| one.repository().is_some());
    entities
}

/// Everything that a value says, with the place of each part.
fn told(value: Value<'_>, into: &mut String) {
    use std::fmt::Write as _;
    let span = value.span();
    let _ = write!(into, "@{}..{} ", span.start, span.end);
    match value.data() {
        Data::Array => value.items().for_each(|item| told(item, into)),
        Data::Object => {
            for (key, member) in value.members() {
                let _ = write!(into, "\n{key}: ");
                told(member, into);
            }
        }
        other => {
            let _ = write!(into, "{other:?}");
        }
    }
}

fn documents(variants: &[Entity]) -> Vec<String> {
    let mut room = Document::default();
    let mut describer = Describer::new(variants, &mut room);
    let described = (0..variants.len()).map(|number| {
        let nodes = describer.describe(number, &Scope::default(), FactSet::ALL);
        let mut text = String::new();
        told(describer.document().value(nodes.repository), &mut text);
        text
    });
    described.collect()
}

#[test]
fn each_variant_says_what_it_would_say_alone() {
    let variants = load(TEMPLATE, &[]);
    let together = documents(&variants);
    assert_eq!(together.len(), 3);
    for (variant, told) in variants.iter().zip(&together) {
        let stage = variant.known_name().expect("a name");
        let stage = stage.strip_prefix("acme-").expect("its prefix");
        let alone = documents(&load(TEMPLATE, &[("Stage", stage)]));
        assert_eq!(&alone, std::slice::from_ref(told), "{stage}");
    }
    let keeps = |number: usize| {
        let settings = variants[number].settings().expect("a repository").own;
        variants[number].document.value(settings.lifecycle_policy)
    };
    let mut texts = [String::new(), String::new()];
    told(keeps(0), &mut texts[0]);
    told(keeps(2), &mut texts[1]);
    assert_ne!(texts[0], texts[1], "each has a number of its own");
}

#[test]
fn what_is_the_same_has_the_same_nodes() {
    let variants = load(TEMPLATE, &[]);
    let [dev, test, prod] = variants.as_slice() else {
        panic!("three variants, not {}", variants.len());
    };
    for other in [test, prod] {
        assert!(Arc::ptr_eq(&dev.document, &other.document));
    }
    let settings = |one: &Entity| one.settings().expect("a repository").own.clone();
    let (dev, test, prod) = (settings(dev), settings(test), settings(prod));
    assert_eq!(dev.tag_mutability, prod.tag_mutability);
    assert_eq!(dev.repository_policy, test.repository_policy);
    assert_ne!(dev.repository_policy, prod.repository_policy);
    assert_ne!(dev.name, test.name);
    let key = |one: &ecrlint::model::RepositorySettings| one.key.clone().expect("a key");
    assert_eq!(key(&dev).policy, key(&test).policy);
    assert_ne!(key(&dev).rotation, key(&prod).rotation);
}

/// What variants cost is counted, not timed: the policy of nine variants is described once, so that each adds less than
/// its own nodes would be.
#[test]
fn a_policy_is_described_once_for_all_variants() {
    let values = |count: usize| (0..count).map(|it| format!("v{it}")).collect::<Vec<_>>();
    let template = |count: usize, resource: &str| {
        let statement = format!(
            "{{ Effect: Allow, Principal: {{ AWS: \"arn:aws:iam::555555555555:root\" }}, Action: \"ecr:*\"{resource} }}"
        );
        format!(
            "Parameters: {{ Stage: {{ Type: String, AllowedValues: [{}] }} }}\n\
             Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n\
             \x20     RepositoryName: !Sub \"acme-${{Stage}}\"\n\
             \x20     RepositoryPolicyText: {{ Statement: [{statement}] }}\n",
            values(count).join(", ")
        )
    };
    let access = |template: &str| {
        let variants = load(template, &[]);
        let mut room = Document::default();
        let mut describer = Describer::new(&variants, &mut room);
        let found = (0..variants.len()).map(|number| {
            let nodes = describer.describe(number, &Scope::default(), FactSet::ALL);
            let root = describer.document().value(nodes.repository);
            root.by_key("access").expect("the fact").id()
        });
        let mut found: Vec<_> = found.collect();
        let all = found.len();
        found.dedup();
        (all, found.len())
    };
    assert_eq!(access(&template(9, "")), (9, 1));
    // A statement about single repositories means something else to each name.
    let named = ", Resource: \"arn:aws:ecr:eu-west-1:111111111111:repository/acme-v1\"";
    assert_eq!(access(&template(9, named)), (9, 9));
}
