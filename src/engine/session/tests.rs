//! Judging in pieces and in any order says what judging at once says.

use super::{Findings, Keep, Session};
use crate::config::Config;
use crate::engine::{Plan, RuleSelection, Thresholds, Whole, check};
use crate::ignore::Date;
use crate::input::{Context, Scratch, load};
use crate::model::{Entity, Inventory};
use crate::report::{DraftReport, Severity, Summary, Verdict};
use crate::rules::RuleSet;
use crate::source::{Order, SourceId};

fn thresholds() -> Thresholds {
    Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    }
}

/// Repositories of a template in the source `id`, as if they were in a live account when `live`.
fn repositories(id: u32, names: &[&str], live: bool) -> Vec<Entity> {
    let resources = names.iter().enumerate().map(|(index, name)| {
        let scans = index % 2 == 0;
        format!(
            "  R{index}: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: {name}, \
             ImageScanningConfiguration: {{ScanOnPush: {scans}}}}}}}\n"
        )
    });
    let text = format!("Resources:\n{}", resources.collect::<String>());
    let mut scratch = Scratch::default();
    let loaded = load(&text, SourceId(id), &Context::default(), &mut scratch);
    let mut repositories = loaded.entities;
    for one in repositories.iter_mut().filter(|_| live) {
        let name = one.subject.name.as_deref().unwrap_or_default();
        let arn = format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}");
        one.subject.arn = Some(arn);
    }
    repositories
}

fn with_session(
    whole: &Whole<'_>,
    keep: Keep,
    judge: impl Fn(&Session<'_>) -> Findings,
) -> DraftReport {
    let (rules, config) = (RuleSet::builtin(), Config::default());
    let plan =
        Plan::new(&rules, &config, &RuleSelection::default()).expect("nothing is configured");
    let session = Session::new(&plan, &config, whole, thresholds(), keep).explaining(true);
    let findings = judge(&session);
    session.finish(findings, counted(2), Vec::new(), &Order::default())
}

/// What a run over so many inputs has counted before it judges.
fn counted(inputs: usize) -> Summary {
    Summary {
        inputs,
        ..Summary::default()
    }
}

fn found(report: &DraftReport, rule: &str) -> Vec<(u32, u32)> {
    let all = report.diagnostics.iter().filter(|one| one.rule == rule);
    all.map(|one| (one.primary.span.source.0, one.primary.span.start))
        .collect()
}

#[test]
fn pieces_in_any_order_come_to_the_same_report() {
    let mut all = repositories(0, &["app", "other", "third"], false);
    all.extend(repositories(1, &["app", "last"], false));
    let inventory = Inventory {
        inputs: 2,
        entities: all,
        registries: Vec::new(),
        ..Inventory::default()
    };
    let (rules, config) = (RuleSet::builtin(), Config::default());
    let plan =
        Plan::new(&rules, &config, &RuleSelection::default()).expect("nothing is configured");
    let at_once = check(&plan, &config, &inventory, thresholds(), Vec::new());
    let whole = Whole::of(&inventory);
    let pieces = with_session(&whole, Keep::Everything, |session| {
        let mut findings = Findings::default();
        for one in inventory.entities.iter().rev() {
            findings.append(session.judge(std::slice::from_ref(one)));
        }
        findings
    });
    assert_eq!(pieces.diagnostics, at_once.diagnostics);
    assert_eq!(pieces.rules, at_once.rules);
    assert_eq!(pieces.counted, at_once.counted);
    let name_unique = |report: &DraftReport| {
        let mut rules = report.rules.iter();
        rules
            .find(|one| one.id == "name-unique")
            .map(|one| one.tally)
    };
    let tally = name_unique(&at_once).expect("the rule is on");
    // Where the templates are deployed is not known.
    assert_eq!((tally.undetermined, tally.pass), (2, 3));
}

#[test]
fn a_variant_has_the_verdicts_that_it_has_by_itself() {
    // Each rule but a few passes for all variants; what these differ in is a name, a policy, a key and a flag.
    let text = r#"{
      "Parameters": {"Stage": {"Type": "String", "AllowedValues": ["dev", "test", "prod"]},
                     "Open": {"Type": "String", "AllowedValues": ["yes", "no"]}},
      "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]},
                     "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
      "Resources": {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {
          "EnableKeyRotation": {"Fn::If": ["IsOpen", false, true]},
          "KeyPolicy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*",
                                       "Resource": "*"}]}}},
        "R": {"Type": "AWS::ECR::Repository", "Properties": {
          "RepositoryName": {"Fn::Sub": "app-${Stage}"},
          "ImageScanningConfiguration": {"ScanOnPush": {"Fn::If": ["IsProd", true, false]}},
          "ImageTagMutability": {"Fn::If": ["IsProd", "IMMUTABLE", "MUTABLE"]},
          "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": ["Key", "Arn"]}},
          "RepositoryPolicyText": {"Statement": [{"Effect": "Allow",
            "Principal": {"Fn::If": ["IsOpen", "*", {"AWS": "arn:aws:iam::111111111111:root"}]},
            "Action": "ecr:BatchGetImage"}]}}}}}"#;
    let entities = load(
        text,
        SourceId(0),
        &Context::default(),
        &mut Scratch::default(),
    )
    .entities;
    let repository: Vec<Entity> = entities
        .into_iter()
        .filter(|one| one.kind().is_repository())
        .collect();
    assert!(repository.len() > 3, "{}", repository.len());
    let inventory = Inventory {
        entities: repository,
        ..Inventory::default()
    };
    let whole = Whole::of(&inventory);
    with_session(&whole, Keep::Everything, |session| {
        let verdicts = |variants: &[Entity]| -> Vec<Verdict> {
            let evidence = session.judge(variants).evidence.remove(0);
            evidence.verdicts.iter().map(|(_, one)| one).collect()
        };
        let together = verdicts(&inventory.entities);
        let each = inventory.entities.chunks(1).map(verdicts);
        let each: Vec<Vec<Verdict>> = each.collect();
        let worst = |rule: usize| each.iter().map(|one| one[rule]).max();
        let differing = |rule: &usize| each.iter().any(|one| one[*rule] != each[0][*rule]);
        assert!((0..together.len()).filter(differing).count() > 2);
        for (rule, verdict) in together.iter().enumerate() {
            assert_eq!(Some(*verdict), worst(rule), "{rule}");
        }
        Findings::default()
    });
}

#[test]
fn an_arn_that_is_claimed_twice_is_found_whichever_text_comes_first() {
    let first = repositories(0, &["app", "one"], true);
    let second = repositories(1, &["two", "app"], true);
    let mut whole = Whole::default();
    for one in first.iter().chain(&second) {
        whole.claim(one.subject.arn.as_deref().expect("made above"));
    }
    whole.seal();
    assert!(whole.is_contested());
    for one in second.iter().chain(&first) {
        let arn = one.subject.arn.as_deref().expect("made above");
        whole.locate(arn, one.name_place());
    }
    let report = with_session(&whole, Keep::Findings, |session| {
        let mut findings = session.judge(&second);
        findings.append(session.judge(&first));
        findings
    });
    let places = found(&report, "name-unique");
    let sources: Vec<u32> = places.iter().map(|(source, _)| *source).collect();
    assert_eq!(sources, [0, 1]);
    let related = report
        .diagnostics
        .iter()
        .find(|one| one.rule == "name-unique");
    let related = &related.expect("found above").related;
    assert!(
        related.iter().any(|label| label.span.source == SourceId(1)),
        "{related:?}"
    );
}

#[test]
fn a_live_repository_is_no_duplicate_of_the_template_that_declares_it() {
    let mut all = repositories(0, &["app"], false);
    all[0].subject.account = Some("111111111111".to_owned());
    all[0].subject.region = Some("eu-west-1".to_owned());
    all.extend(repositories(1, &["app"], true));
    let inventory = Inventory {
        inputs: 2,
        entities: all,
        registries: Vec::new(),
        ..Inventory::default()
    };
    let whole = Whole::of(&inventory);
    let report = with_session(&whole, Keep::Everything, |session| {
        session.judge_all(&inventory.entities)
    });
    assert_eq!(found(&report, "name-unique"), []);
}

#[test]
fn of_live_repositories_only_those_with_a_finding_are_kept() {
    let live = repositories(0, &["scanned", "unscanned", "scanned-too"], true);
    let mut whole = Whole::default();
    whole.seal();
    let (rules, config) = (RuleSet::builtin(), Config::default());
    let rule = rules.iter().find(|rule| rule.id() == "scan-on-push");
    let plan = Plan::only(rule.expect("there is one"), &config).expect("it has no settings");
    for (keep, expected) in [(Keep::Everything, 3), (Keep::Findings, 1)] {
        let session = Session::new(&plan, &config, &whole, thresholds(), keep);
        let findings = session.judge(&live);
        let report = session.finish(findings, counted(1), Vec::new(), &Order::default());
        assert_eq!(report.counted.repositories, 3);
        assert_eq!(report.repositories.len(), expected);
        let tally = report.rules[0].tally;
        assert_eq!((tally.pass, tally.fail), (2, 1));
    }
}

/// Repositories with every combination of some properties, twice.
fn combinations() -> Vec<Entity> {
    let scans = ["true", "false", "!Ref Flag"];
    let tags = ["MUTABLE", "IMMUTABLE", "!Ref Flag"];
    let policies = [
        "!Ref AWS::NoValue",
        "{Statement: [{Effect: Allow, Principal: '*', Action: 'ecr:*'}]}",
        "{Statement: [{Effect: Allow, Principal: {AWS: !Ref Flag}, Action: [ecr:GetImage]}]}",
        "{Statement: [{Effect: Allow, Principal: {AWS: '222222222222'}, Action: [ecr:PutImage]}]}",
    ];
    let mut text = "Parameters: {Flag: {Type: String}}\nResources:\n".to_owned();
    for (index, policy) in policies.iter().chain(&policies).enumerate() {
        for (scan, tag) in scans.iter().flat_map(|scan| tags.map(|tag| (scan, tag))) {
            let id = format!("R{index}{}", text.len());
            text.push_str(&format!(
                "  {id}: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: app-{index}, \
                 ImageTagMutability: {tag}, ImageScanningConfiguration: {{ScanOnPush: {scan}}}, \
                 RepositoryPolicyText: {policy}}}}}\n"
            ));
        }
    }
    load(
        &text,
        SourceId(0),
        &Context::default(),
        &mut Scratch::default(),
    )
    .entities
}

#[test]
fn what_is_remembered_of_others_changes_no_verdict() {
    let repositories = combinations();
    assert_eq!(repositories.len(), 72);
    let inventory = Inventory::default();
    let whole = Whole::of(&inventory);
    let together = with_session(&whole, Keep::Everything, |session| {
        session.judge(&repositories)
    });
    let alone: Vec<DraftReport> = repositories
        .iter()
        .map(|one| {
            with_session(&whole, Keep::Everything, |session| {
                session.judge(std::slice::from_ref(one))
            })
        })
        .collect();
    let evidence: Vec<_> = alone.iter().flat_map(|one| &one.repositories).collect();
    assert_eq!(together.repositories.iter().collect::<Vec<_>>(), evidence);
    let mut diagnostics: Vec<_> = alone.iter().flat_map(|one| &one.diagnostics).collect();
    diagnostics.sort_by_key(|one| (one.primary.span, one.rule.as_str()));
    let mut found: Vec<_> = together.diagnostics.iter().collect();
    found.sort_by_key(|one| (one.primary.span, one.rule.as_str()));
    assert_eq!(found, diagnostics);
}
