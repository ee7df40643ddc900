//! What fixes say in words and code, whatever they are filled with: commands that destroy nothing, names that the
//! construct library has, and no placeholder that reaches a reader.

mod program;
mod typed;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use ecrlint::rules::{self, RuleSet};
use program::{ecrlint, root};

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
    eventPattern source detailType detail targets";

/// The same of its 2.275.0 in Python, where each piece of code was run.
const PYTHON: &str = "\
    ACCOUNT_ID AES_256 AccountPrincipal AccountRootPrincipal ArnPrincipal AuthorizationToken Aws \
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
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
        "check", "snapshot", "access", "explain", "rules", "init", "test", "schema",
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
    // What a policy says is no property of a construct.
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
