//! What a finding says to type, typed: the finding goes away, and no other error or warning comes.
//!
//! Every failing example of every rule is taken as it is written and as JSON. What `help` says is put where it says,
//! and the template is judged again, by every rule of the recommended and of the organisation set.

use std::collections::BTreeSet;
use std::fs;

use rayon::prelude::*;
use serde_json::Value;

use crate::examples;
use crate::program::{self, ecrlint};
use crate::typed::texts::{self, QUOTES};
use crate::typed::{self, LEFT};
use ecrlint::rules::{Example, Rule, RuleSet};

/// Rules whose fix is words: no edit is right for whoever has the finding.
const WORDS: &[(&str, &str)] = &[
    (
        "creation-template-role",
        "the role that is named has to be made, and by whom is for its owner to say",
    ),
    (
        "drift",
        "what is live and what is written disagree: which of them is meant, its owner knows",
    ),
    (
        "images-expire",
        "whether the images that a policy is about to expire are needed, only their owner knows",
    ),
    (
        "deployed-image-missing",
        "whether the image is pushed or another one is named, only its owner knows",
    ),
    (
        "lifecycle-without-effect",
        "which tags the rule was meant for, only its owner knows",
    ),
    (
        "lifecycle-few-for-index",
        "how many releases are needed, only their owner knows",
    ),
    (
        "lifecycle-age-without-minimum",
        "how many images have to stay, only their owner knows",
    ),
    (
        "lifecycle-unbounded",
        "how many images with a tag are needed, only their owner knows: a number of ours would delete the rest",
    ),
];

/// Failing examples whose fix cannot be typed as it is, by rule and number from 1.
const BY_HAND: &[(&str, usize, &str)] = &[
    (
        "name-unique",
        2,
        "a constant in place of a name that is computed would be the name of every stack",
    ),
    (
        "access-org-condition",
        2,
        "which organisation is meant, a pattern for all of them does not say",
    ),
    (
        "data-loss",
        2,
        "the logical id that a resource had is the name by which the rest of the template refers to it",
    ),
    (
        "declaration-invalid",
        2,
        "what a text in place of a flag was meant to say its owner knows",
    ),
    (
        "declaration-invalid",
        5,
        "what a number in place of settings was meant to say its owner knows",
    ),
    (
        "declaration-invalid",
        6,
        "which of two declarations of one name is meant its owner knows",
    ),
    (
        "event-rule-pattern",
        8,
        "the pattern for the other scanner has other fields, and what it chooses by has no counterpart there",
    ),
    (
        "lifecycle-invalid",
        1,
        "a rule that keeps none says nothing of how many are needed, and a number of ours would delete the rest",
    ),
    (
        "lifecycle-invalid",
        2,
        "with the parameter where CloudFormation resolves it, its value is not known: undetermined is right",
    ),
    (
        "lifecycle-invalid",
        3,
        "a text that is not a policy says what is wanted to people only",
    ),
    (
        "lifecycle-invalid",
        4,
        "how many images are needed stands nowhere, and a number of ours would delete the rest",
    ),
    (
        "name-pattern",
        2,
        "a part of the name is filled in at deployment, and a constant would lose it",
    ),
    (
        "name-valid",
        3,
        "a part of the name is filled in at deployment, and a constant would lose it",
    ),
    (
        "lifecycle-deployed-tags",
        2,
        "no rule keeps an image that is named by its digest, and which tag it has the template does not say",
    ),
    (
        "lifecycle-protected-tags",
        1,
        "the only rule is about the protected tag alone: with that kept, nothing is left of the policy",
    ),
    (
        "policy-invalid",
        1,
        "whom a principal with a wildcard was meant to let in, it does not say",
    ),
    (
        "sharing-incomplete",
        3,
        "a `Deny` takes it back, and what that is there for is not known",
    ),
    (
        "required-tags",
        2,
        "a pattern says what a value looks like, and not which one is true",
    ),
    (
        "scan-on-push",
        3,
        "the registry of the account decides, and no template can change that for one repository",
    ),
    (
        "scan-on-push",
        4,
        "the registry decides for more than this repository: how often it scans is for its owner to say",
    ),
    (
        "template-invalid",
        4,
        "a type that is not there is a property of another resource, which the reader has to find",
    ),
    (
        "undeclared-repository",
        2,
        "a repository without a name of its own cannot be declared by it",
    ),
];

/// The failing examples whose fix can be typed, each with its rule and its number from 1.
fn cases(rules: &RuleSet) -> impl Iterator<Item = (&Rule, usize, &Example)> {
    let edits = rules
        .iter()
        .filter(|rule| rule.documentation().fix.is_edit());
    let examples = edits.flat_map(|rule| {
        let examples = rule.documentation().examples.fail.iter();
        (1..)
            .zip(examples)
            .map(move |(number, one)| (rule, number, one))
    });
    examples.filter(|(rule, number, _)| {
        let is_it = |row: &(&str, usize, &str)| (row.0, row.1) == (rule.id(), *number);
        !BY_HAND.iter().any(is_it)
    })
}

#[test]
fn a_fix_that_is_typed_ends_its_finding_and_brings_no_other() {
    let rules = RuleSet::builtin();
    let cases: Vec<_> = cases(&rules).collect();
    let wrong: Vec<String> = cases
        .par_iter()
        .flat_map_iter(|(rule, number, example)| {
            let texts = [
                ("as written", example.text.clone()),
                ("JSON", as_json(&example.text)),
            ];
            texts.into_iter().filter_map(move |(form, text)| {
                let why = holds(rule, example, &text).err()?;
                Some(format!(
                    "{}, failing example {number}, {form}: {why}",
                    rule.id()
                ))
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n\n")
    );
}

/// Each failing example again with its policies as texts, in every spelling that a template has for them.
#[test]
fn a_fix_for_a_policy_in_a_text_is_typed_into_that_text() {
    let rules = RuleSet::builtin();
    let cases: Vec<_> = cases(&rules)
        .flat_map(|(rule, number, example)| {
            let template = typed::read(&example.text).expect("an example is YAML");
            let forms = QUOTES
                .into_iter()
                .flat_map(|one| [(one, false), (one, true)]);
            forms.filter_map(move |(quotes, substituted)| {
                let text = texts::with_texts(&template, quotes, substituted)?;
                Some((rule, number, example, (quotes, substituted), text))
            })
        })
        .collect();
    let judged: Vec<_> = cases
        .par_iter()
        .map(
            |(rule, number, example, form, text)| match holds(rule, example, text) {
                Ok(()) => None,
                Err(why) if why == NONE => Some(None),
                Err(why) => Some(Some(format!(
                    "{}, failing example {number}, {form:?}: {why}",
                    rule.id()
                ))),
            },
        )
        .collect();
    let held = judged.iter().filter(|one| one.is_none()).count();
    let wrong: Vec<_> = judged.into_iter().flatten().flatten().collect();
    assert!(
        wrong.is_empty() && held > 100,
        "{} of {}, {held} held\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn what_is_left_to_a_person_is_listed_with_a_reason() {
    let rules = RuleSet::builtin();
    let left = rules
        .iter()
        .filter(|rule| !rule.documentation().fix.is_edit());
    let left: BTreeSet<_> = left.map(Rule::id).collect();
    assert_eq!(left, WORDS.iter().map(|(id, _)| *id).collect());
    let reasons = WORDS.iter().map(|(_, why)| why);
    let reasons = reasons.chain(BY_HAND.iter().map(|(_, _, why)| why));
    for why in reasons.chain(LEFT.iter().map(|(_, _, why)| why)) {
        assert!(why.len() > 20, "{why}");
    }
}

#[test]
fn what_is_done_by_hand_needs_to_be_and_is_reported() {
    let rules = RuleSet::builtin();
    for (id, number, why) in BY_HAND {
        let rule = rules.get(id).expect("a rule of the list");
        let example = rule.documentation().examples.fail.get(number - 1);
        let example = example.expect("an example of the list");
        let holds = holds(rule, example, &example.text);
        assert!(holds.is_err(), "{id} {number} needs no hand: {why}");
        for finding in judge(rule, example, &example.text) {
            let help = finding["help"].as_str().unwrap_or_default();
            let is_own = is_of(&finding, id, "fail");
            assert!(
                !is_own
                    || help.starts_with('#')
                    || help.contains("Fn::Sub")
                    || help.contains("!Sub"),
                "{id}: {help}"
            );
            assert!(
                !help.contains("{repository") && !help.contains("{@"),
                "{help}"
            );
        }
    }
}

fn as_json(text: &str) -> String {
    let value = typed::read(text).expect("an example is YAML");
    serde_json::to_string_pretty(&value).expect("a value is JSON")
}

/// Why there is nothing to repair.
const NONE: &str = "has no finding";

/// `Err` says what is not right.
fn holds(rule: &Rule, example: &Example, text: &str) -> Result<(), String> {
    let before = judge(rule, example, text);
    let own: Vec<_> = before
        .iter()
        .filter(|one| is_of(one, rule.id(), "fail"))
        .collect();
    if own.is_empty() {
        return Err(NONE.to_owned());
    }
    for finding in own {
        let help = finding["help"].as_str().ok_or("no help")?;
        let told = |why: String| format!("{}: {why}\n{help}", finding["message"]);
        if help.contains("{repository") || help.contains("{@") {
            return Err(told("a placeholder is left".to_owned()));
        }
        let (changed, after) = mended(example, text, finding, help).map_err(told)?;
        let found = judge(rule, &changed, &after);
        let same = |one: &&Value| {
            one["rule"] == finding["rule"]
                && one["subject"]["logical_id"] == finding["subject"]["logical_id"]
                && (one["message"] == finding["message"] || one["verdict"] != "fail")
                && !before.iter().any(|old| old == *one && old != finding)
        };
        if let Some(left) = found.iter().find(same) {
            return Err(told(format!(
                "is still there: {}\n{after}",
                left["message"]
            )));
        }
        let new = typed::brought(rule.id(), LEFT.iter(), &before, &found);
        if !new.is_empty() {
            return Err(told(format!("brings {}\n{after}", new.join("; "))));
        }
    }
    Ok(())
}

/// The example and its template with a fix typed in, where it belongs.
fn mended(
    example: &Example,
    text: &str,
    finding: &Value,
    help: &str,
) -> Result<(Example, String), String> {
    let location = &finding["location"];
    let mut changed = example.clone();
    let config = example.config.as_deref();
    let is_declared = location["path"] == "ecrlint.yaml" && help.contains("# in place of this");
    let Some(config) = config.filter(|_| is_declared) else {
        changed.config = typed::configured(config, help)?;
        return Ok((changed, typed::apply(text, location, help)?));
    };
    changed.config = Some(typed::apply(config, location, help)?);
    Ok((changed, text.to_owned()))
}

fn is_of(one: &Value, rule: &str, verdict: &str) -> bool {
    one["rule"] == rule && one["verdict"] == verdict
}

/// The diagnostics of every rule of both sets, and of the rule itself.
fn judge(rule: &Rule, example: &Example, text: &str) -> Vec<Value> {
    let files = examples::files_beside(rule, example);
    let mut files: Vec<_> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    files.push(("template.yaml", text));
    let folder = program::folder(&files);
    let fixed = ["check", "template.yaml", "-o", "json", "--fail-on", "never"];
    let arguments = fixed
        .map(str::to_owned)
        .into_iter()
        .chain(examples::options(example));
    let (_, json) = ecrlint(arguments).within(folder.path()).json();
    json["diagnostics"].as_array().expect("diagnostics").clone()
}

const CALLED: &str = "# with `!Sub` in front of the text";
const STATEMENT: &str = "# in this statement";
const LEFT_OPEN: &str = "# a text takes no function: write down what stands in `<…>`";
const FETCHED: &str = "# in the text that is fetched here";

const IN_A_BLOCK: &str = r#""Principal": { "AWS": "${AWS::AccountId}" }"#;
const ON_A_LINE: &str = r#""Principal": {"AWS": "${AWS::AccountId}"}"#;
const ESCAPED: &str = r#"\"Principal\": {\"AWS\": \"${AWS::AccountId}\"}"#;
const HOLE: &str = r#""Principal": {"AWS": "<AWS::AccountId>"}"#;
const FETCHED_HOLE: &str = r#""Principal": { "AWS": "<AWS::AccountId>" }"#;

const POLICY: &str =
    r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}"#;

/// A policy as a text in every way, with the words about what is typed, and what is typed.
fn spelled() -> Vec<(String, &'static str, &'static str)> {
    let double = Value::from(POLICY).to_string();
    let (before, after) = POLICY.split_at(60);
    let variable = POLICY.replacen('{', r#"{"Id": "${x}", "#, 1);
    let literal = variable.replace("${", "${!");
    vec![
        (format!("|\n        {POLICY}"), CALLED, IN_A_BLOCK),
        (format!(">-\n        {POLICY}"), CALLED, IN_A_BLOCK),
        (format!("'{POLICY}'"), CALLED, ON_A_LINE),
        (double.clone(), CALLED, ESCAPED),
        (format!("!Sub '{POLICY}'"), STATEMENT, ON_A_LINE),
        (format!("!Sub {double}"), STATEMENT, ESCAPED),
        (
            format!("!Sub\n        - |\n          {POLICY}\n        - {{}}"),
            STATEMENT,
            IN_A_BLOCK,
        ),
        (format!("{{\"Fn::Sub\": {double}}}"), STATEMENT, ESCAPED),
        (format!("!Sub '{literal}'"), STATEMENT, ON_A_LINE),
        (format!("'{variable}'"), LEFT_OPEN, HOLE),
        (
            format!("!Join ['', ['{before}', '{after}']]"),
            LEFT_OPEN,
            HOLE,
        ),
        (
            format!("!If [IsProd, '{POLICY}', '{POLICY}']"),
            CALLED,
            ON_A_LINE,
        ),
        ("!Ref Policy".to_owned(), LEFT_OPEN, HOLE),
        (
            "!FindInMap [Policies, all, open]".to_owned(),
            LEFT_OPEN,
            HOLE,
        ),
        ("*open".to_owned(), FETCHED, FETCHED_HOLE),
    ]
}

/// What `access-public` says to type into a policy, however it is written: the line with the principal.
#[test]
fn what_is_typed_into_a_text_has_the_quotes_of_that_text() {
    for (policy, words, typed) in spelled() {
        let quoted = format!("'{POLICY}'");
        let template = format!(
            "Parameters:\n  Policy: {{Type: String, Default: {quoted}}}\n  Stage: {{Type: String}}\n\
             Mappings:\n  Policies:\n    all: {{open: &open {quoted}}}\n\
             Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n  App:\n    \
             Type: AWS::ECR::Repository\n    Properties:\n      RepositoryPolicyText: {policy}\n"
        );
        let found = checked(&template);
        let public = found.iter().find(|one| one["rule"] == "access-public");
        let help = public.and_then(|one| one["help"].as_str());
        let lines: Vec<_> = help.unwrap_or_default().lines().collect();
        let is_told = lines.contains(&words) && lines.contains(&typed);
        assert!(is_told, "{policy}:\n{help:?}\n{found:?}");
    }
}

fn checked(template: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("template.yaml"), template).expect("a file can be written");
    let arguments = ["check", "template.yaml", "-o", "json", "--fail-on", "never"];
    let (_, json) = ecrlint(arguments).within(folder.path()).json();
    json["diagnostics"].as_array().expect("diagnostics").clone()
}

/// A lifecycle policy that ECR takes.
const LIFECYCLE: &str = r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["v*"],"countType":"imageCountMoreThan","countNumber":30},"action":{"type":"expire"}},{"rulePriority":2,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}"#;

/// A piece of it, what is written in its place, and whether that is mended to what it was.
const MISTAKES: [(&str, &str, bool); 27] = [
    (r#""tagStatus":"tagged""#, r#""tagStatus":"taged""#, true),
    (r#""tagStatus":"tagged""#, r#""tagStatus":"Tagged""#, true),
    ("tagPatternList", "tagPatterList", true),
    ("\"countNumber\":30", "\"countnumber\":30", true),
    ("\"rulePriority\":1", "\"RulePriority\":1", true),
    (
        "\"selection\":{\"tagStatus\":\"untagged\"",
        "\"selektion\":{\"tagStatus\":\"untagged\"",
        true,
    ),
    ("imageCountMoreThan", "imageCountMorethan", true),
    ("sinceImagePushed", "SinceImagePushed", true),
    (r#""countUnit":"days""#, r#""countUnit":"day""#, true),
    (r#""countUnit":"days""#, r#""countunit":"days""#, true),
    (r#""countNumber":30"#, r#""countNumber":"30""#, true),
    (r#""countNumber":30"#, r#""countNumber":30.0"#, true),
    (
        r#""countNumber":30"#,
        r#""countNumber":30,"countUnit":"days""#,
        true,
    ),
    (r#""rulePriority":2"#, r#""rulePriority":"2""#, true),
    (r#""rulePriority":2"#, r#""rulePriority":1"#, true),
    (r#"["v*"]"#, r#""v*""#, true),
    (r#"{"type":"expire"}}]"#, r#""expire"}]"#, true),
    (r#"{"type":"expire"}},{"#, r#"{"type":"expired"}},{"#, true),
    (
        r#"{"type":"expire"}},{"#,
        r#"{"type":"expire","targetStorageClass":"archive"}},{"#,
        true,
    ),
    // What was meant is for somebody to say.
    (r#""countNumber":30"#, r#""countNumber":0"#, false),
    (r#","countNumber":30"#, "", false),
    (r#""countUnit":"days""#, r#""countUnit":"hours""#, false),
    (r#"["v*"]"#, "[]", false),
    (r#","tagPatternList":["v*"]"#, "", false),
    (r#","action":{"type":"expire"}}]"#, "}]", false),
    (r#""sinceImagePushed""#, r#""sinceImagePulled""#, false),
    (
        r#""tagStatus":"untagged""#,
        r#""tagStatus":"untagged","tagPatternList":["w*"]"#,
        false,
    ),
];

/// A policy in a template, in programs of both languages, and live: the file, and one beside it.
fn with_policy(policy: &str) -> [[(&'static str, String); 2]; 4] {
    let template = |app: &str| {
        let path = serde_json::json!({ "aws:cdk:path": "App/Repo/Resource" });
        let metadata = if app.is_empty() { Value::Null } else { path };
        let repository = serde_json::json!({
            "Type": "AWS::ECR::Repository",
            "Metadata": metadata,
            "Properties": { "LifecyclePolicy": { "LifecyclePolicyText": policy } },
        });
        let template = serde_json::json!({ "Resources": { "Repo": repository } });
        let program = serde_json::json!({ "app": app });
        [
            ("template.json", template.to_string()),
            ("cdk.json", program.to_string()),
        ]
    };
    let live = serde_json::json!({
        "account": "111111111111",
        "region": "eu-west-1",
        "repository": {
            "repositoryArn": "arn:aws:ecr:eu-west-1:111111111111:repository/repo",
            "repositoryName": "repo",
        },
        "lifecyclePolicy": { "lifecyclePolicyText": policy },
    });
    let live = [
        ("live.ndjson", live.to_string()),
        ("cdk.json", "{}".to_owned()),
    ];
    [
        template(""),
        template("npx ts-node app.ts"),
        template("python3 app.py"),
        live,
    ]
}

/// One mistake is one finding, whose fix is the policy as it was written but for that, or words.
#[test]
fn a_policy_with_one_mistake_gets_that_one_mended() {
    let cases: Vec<_> = MISTAKES
        .iter()
        .flat_map(|row| {
            let written = LIFECYCLE.replacen(row.0, row.1, 1);
            assert_ne!(written, LIFECYCLE, "{row:?}");
            with_policy(&written).map(|files| (row, files))
        })
        .collect();
    let wrong: Vec<String> = cases
        .par_iter()
        .filter_map(|(row, files)| {
            let files: Vec<_> = files
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let report = program::report(&files);
            let found = report["diagnostics"].as_array().expect("diagnostics");
            let found: Vec<_> = found
                .iter()
                .filter(|one| one["rule"] == "lifecycle-invalid")
                .collect();
            let [one] = found.as_slice() else {
                return Some(format!(
                    "{row:?}: {} findings in {}",
                    found.len(),
                    files[0].0
                ));
            };
            let help = one["help"].as_str().unwrap_or_default().replace('\\', "");
            let is_mended = help.contains(LIFECYCLE);
            let is_words = !help.contains("\"rules\"") && help.contains("mend this");
            let holds = if row.2 { is_mended } else { is_words };
            (!holds).then(|| format!("{row:?}: {help}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
