//! What fixes say in words and code, whatever they are filled with: commands that destroy nothing, names that the
//! construct library has, and no placeholder that reaches a reader.

use std::collections::BTreeSet;
use std::fs;

use rayon::prelude::*;
use serde_json::{Value, json};

use crate::examples;
use crate::program::{self, ecrlint, root};
use crate::typed;
use ecrlint::rules::{self, Example, Rule, RuleSet};

/// Parts of commands after which something is gone, or is another thing as a whole.
const DESTROYS: &[&str] = &[
    " delete-",
    "batch-delete",
    "put-lifecycle-policy",
    "set-repository-policy",
    "put-registry-policy",
    "put-key-policy",
    "put-role-policy",
    "schedule-key-deletion",
    "disable-",
    "remove-",
    "untag-",
    "--force",
    "--overwrite",
];

/// The same of tools that pages may speak of.
const TOOLS: &[&str] = &["cdk destroy", "delete-stack", "docker rmi", "rm -r"];

/// Names of aws-cdk-lib 2.276.0 in TypeScript: each piece of code was compiled with it.
const TYPESCRIPT: &str = "\
    ACCOUNT_ID AES_256 AccountPrincipal AccountRootPrincipal ArnPrincipal AuthorizationToken Aws \
    CfnRepository DESTROY Duration ENCRYPT_DECRYPT IMMUTABLE IMMUTABLE_WITH_EXCLUSION \
    ImageTagMutabilityExclusionFilter KMS Key KeySpec KeyUsage PolicyStatement \
    PublicGalleryAuthorizationToken RETAIN RemovalPolicy Repository RepositoryEncryption \
    SYMMETRIC_DEFAULT SnsTopic StringParameter TagMutability TagStatus Tags Topic UNTAGGED actions \
    add addTarget addToResourcePolicy conditions days defaultChild emptyOnDelete enableKeyRotation \
    enabled encryption encryptionKey grant grantPull grantPullPush grantPush grantRead \
    imageScanOnPush imageTagMutability imageTagMutabilityExclusionFilters keyArn keySpec keyUsage \
    lifecyclePolicy lifecyclePolicyText lifecycleRules maxImageAge maxImageCount node of \
    onImageScanCompleted overrideLogicalId parameterName principals removalPolicy repositoryArn \
    repositoryName resources rulePriority stringValue tagPatternList tagStatus target wildcard Fn sub ManagedPolicy fromAwsManagedPolicyName managedPolicies addToPolicy Rule \
    eventPattern source detailType detail targets customRoleArn roleArn";

/// The same of its 2.275.0 in Python, where each piece of code was run.
const PYTHON: &str = "\
    ACCOUNT_ID AES_256 AccountPrincipal AccountRootPrincipal ArnPrincipal AuthorizationToken Aws custom_role_arn role_arn \
    CfnRepository DESTROY Duration ENCRYPT_DECRYPT IMMUTABLE IMMUTABLE_WITH_EXCLUSION \
    ImageTagMutabilityExclusionFilter KMS Key KeySpec KeyUsage LifecyclePolicyProperty LifecycleRule \
    PolicyStatement PublicGalleryAuthorizationToken RETAIN RemovalPolicy Repository \
    RepositoryEncryption SYMMETRIC_DEFAULT SnsTopic StringParameter TagMutability TagStatus Tags \
    Topic UNTAGGED actions add add_target add_to_resource_policy conditions days default_child \
    empty_on_delete enable_key_rotation enabled encryption encryption_key grant grant_pull \
    grant_pull_push grant_push grant_read image_scan_on_push image_tag_mutability \
    image_tag_mutability_exclusion_filters key_arn key_spec key_usage lifecycle_policy \
    lifecycle_policy_text lifecycle_rules max_image_age max_image_count node of \
    on_image_scan_completed override_logical_id parameter_name principals removal_policy \
    repository_arn repository_name resources rule_priority string_value tag_pattern_list tag_status \
    target wildcard Fn sub ManagedPolicy from_aws_managed_policy_name managed_policies add_to_policy \
    Rule EventPattern event_pattern source detail_type detail targets";

/// Every text of every rule for a flavour, with the rule.
fn told(flavour: &str) -> Vec<(String, String)> {
    let root = crate::program::root().join("rules");
    let mut found = Vec::new();
    for folder in fs::read_dir(root).expect("rules") {
        for file in fs::read_dir(folder.expect("a folder").path()).expect("rules") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
            let rule = typed::read(&text).expect("a rule is YAML");
            let id = rule["id"].as_str().expect("an id").to_owned();
            let fix = &rule["fix"][flavour];
            let pieces = match fix {
                Value::Array(pieces) => pieces.clone(),
                one => vec![one.clone()],
            };
            for piece in pieces {
                let code = piece.get("code").unwrap_or(&piece).as_str();
                found.push((id.clone(), code.unwrap_or_default().to_owned()));
            }
        }
    }
    assert!(found.len() > 60, "{flavour}");
    found
}

#[test]
fn no_command_destroys_anything() {
    for (id, code) in told("cli") {
        assert!(
            !code.is_empty(),
            "{id} says nothing of what to do at a prompt"
        );
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
        {
            let found = DESTROYS.iter().find(|part| line.contains(**part));
            assert!(found.is_none(), "{id}: {line}");
        }
    }
}

#[test]
fn no_page_tells_a_command_that_destroys() {
    let mut pages: Vec<(String, String)> = RuleSet::builtin()
        .iter()
        .map(|rule| (rule.id().to_owned(), rules::markdown(rule, None)))
        .collect();
    let docs = fs::read_dir(root().join("docs")).expect("docs");
    let docs = docs.map(|file| file.expect("a file").path());
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    for path in docs.chain(["README.md", "action.yml"].map(|name| root().join(name))) {
        let text = fs::read_to_string(&path).expect("a text");
        pages.push((path.display().to_string(), text));
    }
    for command in [
        "check",
        "snapshot",
        "access",
        "lifecycle",
        "explain",
        "rules",
        "init",
        "test",
        "schema",
    ] {
        let text = ecrlint([command, "--help"]).ends().out;
        assert!(text.contains("Usage"), "{command}");
        pages.push((format!("{command} --help"), text));
    }
    for (page, text) in pages {
        for line in text.lines() {
            let mut parts = DESTROYS.iter().chain(TOOLS);
            // What ecrlint itself may be told to write over is a file of its own.
            let found = parts.find(|part| {
                line.contains(**part) && (**part != "--force" || line.contains("aws "))
            });
            assert!(found.is_none(), "{page}: {line}");
        }
    }
}

#[test]
fn code_uses_names_that_the_construct_library_has() {
    for (flavour, known, sign) in [
        ("cdk-typescript", TYPESCRIPT, ':'),
        ("cdk-python", PYTHON, '='),
    ] {
        let known: BTreeSet<&str> = known.split_whitespace().collect();
        for (id, code) in told(flavour) {
            for line in code.lines().filter(|line| is_code(line)) {
                for name in names(line, sign) {
                    assert!(known.contains(name.as_str()), "{id}: `{name}` in {line}");
                }
            }
        }
    }
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    // What a policy says is not a property of a construct.
    let is_policy = line.starts_with("Action") || line.starts_with('"');
    !line.starts_with("//") && !line.starts_with('#') && !is_policy
}

/// Names of properties and members, outside of texts and placeholders.
fn names(line: &str, sign: char) -> Vec<String> {
    let mut bare = String::new();
    let (mut quote, mut hole) = (None, false);
    let letters: Vec<char> = line.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or_default();
        match (quote, *letter) {
            (Some(end), letter) if end == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(*letter),
            (None, '{') if next.is_ascii_lowercase() || next == '@' => hole = true,
            (None, '}') if hole => hole = false,
            (None, letter) if !hole => bare.push(letter),
            _ => {}
        }
    }
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut names = Vec::new();
    let mut rest = bare.as_str();
    while let Some(start) = rest.find(is_name) {
        let length = rest[start..].find(|letter| !is_name(letter));
        let end = length.map_or(rest.len(), |length| start + length);
        let (before, name, after) = (&rest[..start], &rest[start..end], &rest[end..]);
        let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_property = after.starts_with(sign);
        if is_word && (before.ends_with('.') || is_property && !is_operator(name)) {
            names.push(name.to_owned());
        }
        rest = after;
    }
    names
}

/// Operators of conditions stand where properties do.
fn is_operator(name: &str) -> bool {
    ["StringEquals", "ArnLike"].contains(&name)
}

#[test]
fn no_placeholder_reaches_a_reader() {
    for rule in RuleSet::builtin().iter() {
        let text = rules::markdown(rule, None);
        for hole in [
            "{repository",
            "{declared",
            "{organisation",
            "{settings",
            "{@",
            "{1}",
        ] {
            let fix = text.split("## How to fix").nth(1).unwrap_or_default();
            let fix = fix.split("## What it").next().unwrap_or_default();
            assert!(!fix.contains(hole), "{}: {fix}", rule.id());
        }
    }
}

/// Formats that say what to do.
const FORMATS: [&str; 6] = ["human", "sarif", "github", "gitlab", "junit", "markdown"];
/// What a placeholder of a rule begins with.
const PLACEHOLDERS: [&str; 6] = [
    "{repository.",
    "{declared.",
    "{organisation.",
    "{registry.",
    "{settings.",
    "{@",
];
/// Words that leave it to the reader what is meant.
const VAGUE: [&str; 3] = [
    "where it is there",
    "what the message names",
    "that is allowed",
];

/// Stand-ins that a reader has to fill in, by rule: the finding does not know what is right.
const STAND_INS: [(&str, &str, &str); 2] = [
    (
        "required-tags",
        "<owner>",
        "any value is right, and only the owner of the repository knows the true one",
    ),
    (
        "required-tags",
        "<value>",
        "a pattern or a list of values says which are right, and not which one is true",
    ),
];

/// Values of a message that its fix does without, by rule.
const LEFT_OUT: [(&str, &str, &str); 4] = [
    (
        "sharing-incomplete",
        "ecr:Get*",
        "a `Deny` takes part of the pattern back, and the fix names that part",
    ),
    (
        "iam-wildcard-action",
        "ecr:*",
        "a managed policy allows it, and another managed policy stands in its place",
    ),
    (
        "public-gallery-token",
        "sts:GetServiceBearerToken",
        "a method of the construct library gives it with the other action",
    ),
    (
        "access-cross-account-write",
        "o-abcdefghij",
        "whom the statement lets in stays as it is, and what it allows changes",
    ),
];

/// How an example is written: as it stands, or as if a program had made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    AsItStands,
    ByProgram(&'static str),
}

const WRITINGS: [Writing; 3] = [
    Writing::AsItStands,
    Writing::ByProgram("npx ts-node bin/app.ts"),
    Writing::ByProgram("python3 app.py"),
];

/// The example in a folder of its own, and what each format says of it; the last is JSON.
fn reported(rule: &Rule, example: &Example, writing: Writing) -> (Vec<String>, Value) {
    let mut files = examples::files_beside(rule, example);
    match writing {
        Writing::AsItStands => files.push(("template.yaml", example.text.clone())),
        Writing::ByProgram(app) => {
            files.push(("cdk.json", json!({ "app": app }).to_string()));
            files.push(("template.yaml", made_by_program(&example.text)));
        }
    }
    let mut arguments = ["check", "template.yaml", "--fail-on", "never"]
        .map(str::to_owned)
        .to_vec();
    arguments.extend(examples::options(example));
    for format in FORMATS {
        arguments.extend(["-o".to_owned(), format!("{format}=report.{format}")]);
    }
    arguments.extend(["-o", "json"].map(str::to_owned));
    let texts: Vec<_> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let folder = program::folder(&texts);
    let (_, report) = ecrlint(arguments).within(folder.path()).json();
    let read = |format| {
        let path = folder.path().join(format!("report.{format}"));
        fs::read_to_string(path).expect("a report")
    };
    (FORMATS.map(read).to_vec(), report)
}

/// A template as the construct library writes it: JSON, each resource with the path of its construct.
fn made_by_program(text: &str) -> String {
    let mut template = typed::read(text).expect("an example is YAML");
    if let Some(resources) = template["Resources"].as_object_mut() {
        for (id, resource) in resources.iter_mut().filter(|(_, one)| one.is_object()) {
            resource["Metadata"]["aws:cdk:path"] = json!(format!("Example/{id}/Resource"));
        }
    }
    serde_json::to_string_pretty(&template).expect("a value is JSON")
}

/// What is in a message that a fix has to be about: accounts, organisations, actions, and patterns of tags.
fn values(message: &str) -> BTreeSet<&str> {
    let is_account = |word: &str| word.len() == 12 && word.bytes().all(|it| it.is_ascii_digit());
    let is_action = |word: &str| {
        let services = ["ecr:", "ecr-public:", "kms:", "sts:"];
        services.iter().any(|start| word.starts_with(start))
    };
    let is_pattern = |word: &str| word.ends_with('*');
    let quoted = message.split('`').skip(1).step_by(2);
    let quoted = quoted.filter(|word| {
        is_account(word) || is_action(word) || is_pattern(word) || word.starts_with("o-")
    });
    let bare = message
        .split(' ')
        .map(|word| word.trim_end_matches([',', ';', ':']));
    quoted.chain(bare.filter(|word| is_account(word))).collect()
}

/// The lines of a file at which a finding points.
fn pointed(finding: &Value, example: &Example, writing: Writing) -> String {
    let place = &finding["location"];
    let config = example.config.clone().unwrap_or_default();
    let text = match (place["path"].as_str(), writing) {
        (Some("ecrlint.yaml"), _) => config,
        (_, Writing::AsItStands) => example.text.clone(),
        (_, Writing::ByProgram(_)) => made_by_program(&example.text),
    };
    let line = |end: &str| {
        place[end]["line"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok())
    };
    let (start, end) = (line("start").unwrap_or(1), line("end").unwrap_or(1));
    let lines: Vec<_> = text.lines().skip(start - 1).take(end - start + 1).collect();
    lines.join("\n")
}

fn stand_ins(help: &str) -> impl Iterator<Item = &str> {
    help.match_indices('<').filter_map(|(at, _)| {
        let hole = &help[at..=at + help[at..].find('>')?];
        let is_word = hole[1..].starts_with(|first: char| first.is_ascii_alphabetic());
        is_word.then_some(hole)
    })
}

/// What is wrong with what the reports of one example say.
fn faults(rule: &Rule, example: &Example, writing: Writing) -> Vec<String> {
    let (mut texts, report) = reported(rule, example, writing);
    texts.push(report.to_string());
    let mut wrong = Vec::new();
    for text in &texts {
        let found = PLACEHOLDERS.iter().chain(&VAGUE);
        wrong.extend(
            found
                .filter(|it| text.contains(**it))
                .map(|it| format!("`{it}` is told")),
        );
    }
    let listed = |table: &[(&str, &str, &str)], value: &str| {
        table.iter().any(|row| (row.0, row.1) == (rule.id(), value))
    };
    let findings = report["diagnostics"].as_array().expect("diagnostics");
    let own = findings
        .iter()
        .filter(|one| one["rule"] == rule.id() && one["verdict"] == "fail");
    for finding in own {
        let message = finding["message"].as_str().expect("a message");
        let Some(help) = finding["help"].as_str() else {
            wrong.push(format!("no help: {message}"));
            continue;
        };
        let holes = stand_ins(help).filter(|hole| !listed(&STAND_INS, hole));
        wrong.extend(holes.map(|hole| format!("{hole} stands in: {help}")));
        let at = pointed(finding, example, writing);
        let subject = finding["subject"]["name"].as_str();
        let missing = values(message).into_iter().filter(|value| {
            let is_told = help.contains(value) || at.contains(value) || subject == Some(value);
            !is_told && !listed(&LEFT_OUT, value)
        });
        wrong.extend(missing.map(|value| format!("{value} of `{message}` is not in: {help}")));
    }
    wrong
}

/// Every failing example of every rule, as it stands and made by a program, in every format.
#[test]
fn what_a_finding_knows_stands_in_its_fix() {
    let rules = RuleSet::builtin();
    let cases: Vec<_> = rules
        .iter()
        .flat_map(|rule| {
            let examples = (1..).zip(&rule.documentation().examples.fail);
            examples.flat_map(move |(number, example)| {
                // One language for each example: most of the time goes by before a run begins.
                let writings = [WRITINGS[0], WRITINGS[1 + number % 2]];
                writings.map(|writing| (rule, number, example, writing))
            })
        })
        .collect();
    let wrong: Vec<_> = cases
        .par_iter()
        .flat_map_iter(|(rule, number, example, writing)| {
            let faults = faults(rule, example, *writing);
            let named = move |fault| format!("{} {number}, {writing:?}: {fault}", rule.id());
            faults.into_iter().map(named)
        })
        .collect();
    assert!(cases.len() > 300, "{}", cases.len());
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
