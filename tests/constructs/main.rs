//! What a finding says to type into a program of the construct library, typed: the program is synthesized again,
//! the finding is gone, and no other error or warning comes.
//!
//! Every failing example of every rule that can be said by constructs is written as a program, in TypeScript and in
//! Python. The programs of a language are synthesized by one process, as they are and with what `help` says.

mod code;
mod installed;
#[path = "../packages/mod.rs"]
mod packages;
#[path = "../program/mod.rs"]
mod program;
mod translated;
#[path = "../typed/mod.rs"]
mod typed;
mod typing;

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;

use code::Language;
use ecrlint::rules::{Example, Rule, RuleSet};
use program::ecrlint;
use translated::Program;
use typing::{Advice, Page};

/// Findings that come with a fix in a program only, by the rule that is fixed.
const CONTRADICTED: &[(&str, &str, &str)] = &[(
    "deletion-policy",
    "empty-on-delete",
    "the construct does not empty what it keeps, and the rules are of two sets: one keeps images, one loses them",
)];

/// Failing examples of which a person has to decide what to type into a program, by rule and number from 1.
const BY_HAND: &[(&str, usize, &str)] = &[
    (
        "name-pattern",
        2,
        "a constant in place of a name that is computed would be the name of every stack",
    ),
    (
        "access-org-condition",
        2,
        "which organisation is meant, a pattern for all of them does not say",
    ),
    (
        "access-public",
        6,
        "a policy that is a text takes no function for the own account, and its number is not known",
    ),
    (
        "declaration-invalid",
        1,
        "it is mended in the declaration, whose key the message names",
    ),
    (
        "declaration-invalid",
        2,
        "it is mended in the declaration, and which value is meant its owner knows",
    ),
    (
        "declaration-invalid",
        3,
        "it is mended in the declaration, whose value the message names",
    ),
    (
        "declaration-invalid",
        4,
        "it is mended in the declaration, whose value the message names",
    ),
    (
        "declaration-invalid",
        5,
        "it is mended in the declaration, and what is meant its owner knows",
    ),
    (
        "declaration-invalid",
        6,
        "which of two declarations gets another name, their owner knows",
    ),
    (
        "event-rule-pattern",
        8,
        "the pattern for the other scanner has other fields, and what it chooses by has no counterpart there",
    ),
    (
        "lifecycle-age-without-minimum",
        1,
        "how many images have to stay, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "lifecycle-age-without-minimum",
        2,
        "how many images have to stay, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "lifecycle-age-without-minimum",
        3,
        "how many images have to stay, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "lifecycle-invalid",
        1,
        "a rule that keeps none says nothing of how many are needed, and a number of ours would delete the rest",
    ),
    (
        "lifecycle-invalid",
        4,
        "how many images are needed stands nowhere, and a number of ours would delete the rest",
    ),
    (
        "lifecycle-protected-tags",
        1,
        "the only rule is about the protected tag alone: with that kept, nothing is left of the policy",
    ),
    (
        "lifecycle-tag-list-and",
        1,
        "one rule becomes several, each with a priority that no other has",
    ),
    (
        "lifecycle-unbounded",
        1,
        "how many images with a tag are needed, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "lifecycle-unbounded",
        2,
        "how many images with a tag are needed, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "lifecycle-unbounded",
        4,
        "how many images with a tag are needed, only their owner knows: a number of ours would delete the rest",
    ),
    (
        "policy-invalid",
        1,
        "whom a principal with a wildcard was meant to let in, it does not say",
    ),
    (
        "scan-on-push",
        3,
        "the registry of the account decides, and no program can change that for one repository",
    ),
    (
        "sharing-incomplete",
        3,
        "a `Deny` takes it back, and what that is there for is not known",
    ),
    (
        "ssm-parameter-name",
        2,
        "the standard makes up the name: it is mended in the configuration",
    ),
    (
        "undeclared-repository",
        2,
        "a repository without a name of its own cannot be declared by it",
    ),
];

/// An example as a program.
struct Case<'a> {
    rule: &'a Rule,
    number: usize,
    example: &'a Example,
    program: Program,
}

/// A program with what one finding of it says.
struct Typed<'a> {
    case: &'a Case<'a>,
    finding: Value,
    before: Vec<Value>,
    /// The folder of the program, or why it could not be typed.
    folder: Result<PathBuf, String>,
    config: Option<String>,
}

impl Case<'_> {
    fn name(&self) -> String {
        format!("{}-{}", self.rule.id(), self.number)
    }
}

const TYPESCRIPT: (&str, &str) = (
    "\
import * as cdk from \"aws-cdk-lib\";
import {
  aws_ecr as ecr,
  aws_events as events,
  aws_events_targets as targets,
  aws_iam as iam,
  aws_kms as kms,
  aws_sns as sns,
  aws_sqs as sqs,
  aws_ssm as ssm,
} from \"aws-cdk-lib\";
import { Construct } from \"constructs\";

export class Example extends cdk.Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
",
    "  }\n}\n",
);

const PYTHON: (&str, &str) = (
    "\
import aws_cdk as cdk
from aws_cdk import (
    aws_ecr as ecr,
    aws_events as events,
    aws_events_targets as targets,
    aws_iam as iam,
    aws_kms as kms,
    aws_sns as sns,
    aws_sqs as sqs,
    aws_ssm as ssm,
)
from constructs import Construct


class Example(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
",
    "",
);

fn source(program: &Program, language: Language) -> String {
    let (start, end) = match language {
        Language::TypeScript => TYPESCRIPT,
        Language::Python => PYTHON,
    };
    let lines: String = program
        .lines
        .iter()
        .map(|line| line.text(language))
        .collect();
    format!("{start}{lines}{end}")
}

/// The file of a program.
fn file(language: Language) -> &'static str {
    match language {
        Language::TypeScript => "stack.ts",
        Language::Python => "stack.py",
    }
}

fn write(folder: &Path, language: Language, text: &str, config: Option<&str>) {
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(folder.join(file(language)), text).expect("a file can be written");
    fs::write(folder.join("ecrlint.yaml"), config.unwrap_or_default()).expect("a file");
}

/// The folder of the programs of a language, empty.
fn fresh(language: Language, name: &str) -> PathBuf {
    let folder = installed::home().join(format!("{language:?}-{name}").to_lowercase());
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder can be made");
    let app = match language {
        Language::TypeScript => "npx ts-node main.ts",
        Language::Python => "python3 main.py",
    };
    fs::write(folder.join("cdk.json"), format!("{{\"app\": \"{app}\"}}")).expect("a file");
    folder
}

/// The examples that constructs can say, and why the others cannot be.
fn cases(rules: &RuleSet) -> (Vec<Case<'_>>, Vec<String>) {
    let (mut cases, mut left) = (Vec::new(), Vec::new());
    for rule in rules.iter() {
        for (number, example) in (1..).zip(&rule.documentation().examples.fail) {
            let template = typed::read(&example.text).expect("an example is YAML");
            match translated::program(&template) {
                Ok(program) if example.live.is_none() => cases.push(Case {
                    rule,
                    number,
                    example,
                    program,
                }),
                Ok(_) => left.push(format!(
                    "{} {number}: what is live is another input",
                    rule.id()
                )),
                Err(why) => left.push(format!("{} {number}: {why}", rule.id())),
            }
        }
    }
    (cases, left)
}

fn judge(case: &Case<'_>, folder: &Path, config: Option<&str>) -> Vec<Value> {
    let mut config = config.unwrap_or_default().to_owned();
    if case.rule.logic().sets.is_empty() {
        config += &format!("\nrules:\n  {}: warning\n", case.rule.id());
    }
    fs::write(folder.join("ecrlint.yaml"), config).expect("a file can be written");
    let mut arguments = vec!["check", "cdk.out", "-o", "json", "--fail-on", "never"];
    arguments.extend(["--set", "recommended", "--set", "organisation"]);
    if let Some(environment) = &case.example.environment {
        arguments.extend(["--environment", environment]);
    }
    let (_, json) = ecrlint(arguments).within(folder).json();
    json["diagnostics"].as_array().expect("diagnostics").clone()
}

fn fails(one: &Value, rule: &str) -> bool {
    one["rule"] == rule && one["verdict"] == "fail"
}

/// The place of a finding in the program.
fn line(finding: &Value, language: Language) -> Result<usize, String> {
    Some(&finding["source_location"])
        .filter(|place| place["path"] == file(language))
        .and_then(|place| place["line"].as_u64())
        .map(|line| line as usize - 1)
        .ok_or_else(|| format!("stands nowhere in the program: {}", finding["location"]))
}

fn typed_in<'a>(
    case: &'a Case<'a>,
    language: Language,
    before: &Path,
    after: &Path,
) -> Vec<Typed<'a>> {
    let config = case.example.config.as_deref();
    let found = judge(case, before, config);
    let own = found.iter().filter(|one| fails(one, case.rule.id()));
    (1..)
        .zip(own)
        .map(|(number, finding)| {
            let folder = after.join(format!("{}-{number}", case.name()));
            let typed = type_one(case, language, finding, before);
            let folder = typed.map(|(text, config)| {
                write(&folder, language, &text, config.as_deref());
                (folder, config)
            });
            let (folder, config) = match folder {
                Ok((folder, config)) => (Ok(folder), config),
                Err(why) => (Err(why), None),
            };
            Typed {
                case,
                finding: finding.clone(),
                before: found.clone(),
                folder,
                config,
            }
        })
        .collect()
}

/// The program with what a finding says, and the configuration.
fn type_one(
    case: &Case<'_>,
    language: Language,
    finding: &Value,
    before: &Path,
) -> Result<(String, Option<String>), String> {
    let help = finding["help"].as_str().ok_or("no help")?;
    let text = fs::read_to_string(before.join(file(language))).expect("the program");
    let advice = Advice::read(help, language);
    let page = Page {
        language,
        text: &text,
        variables: &case.program.variables,
        line: line(finding, language).or_else(|why| match advice.is_statement(language) {
            // What is missing has no place yet.
            true => last(&text, language),
            false => Err(why),
        })?,
        statement: statement(finding, before),
    };
    let mut config = case.example.config.clone();
    if advice
        .words
        .iter()
        .any(|line| line.starts_with("in cdk.json"))
    {
        config = declared(config.as_deref(), &advice.code.join("\n"))?;
        return Ok((text, config));
    }
    Ok((page.with(&advice)?, config))
}

/// The last line of the constructor.
fn last(text: &str, language: Language) -> Result<usize, String> {
    let pad = match language {
        Language::TypeScript => "    ",
        Language::Python => "        ",
    };
    let is_first = |line: &str| line.starts_with(pad) && !line[pad.len()..].starts_with(' ');
    text.lines()
        .enumerate()
        .filter(|(_, line)| is_first(line))
        .map(|(at, _)| at)
        .last()
        .ok_or_else(|| "no constructor".to_owned())
}

/// The configuration with one more repository declared.
fn declared(config: Option<&str>, code: &str) -> Result<Option<String>, String> {
    let mut config = typed::read(config.unwrap_or("{}"))?;
    let more: Value =
        serde_json::from_str(&format!("{{{code}}}")).map_err(|error| error.to_string())?;
    let repositories = &mut config["organisation"]["repositories"];
    for (base, settings) in more.as_object().into_iter().flatten() {
        repositories[base] = settings.clone();
    }
    Ok(Some(config.to_string()))
}

/// The statement that a finding stands in, counted from the last one of its policy.
fn statement(finding: &Value, folder: &Path) -> usize {
    let text =
        fs::read_to_string(folder.join("cdk.out/Example.template.json")).expect("the template");
    let path = typed::path(&text, &finding["location"]).unwrap_or_default();
    let template = typed::read(&text).expect("a template is JSON");
    let mut value = Some(&template);
    let (mut list, mut is_statements) = (None, false);
    for step in &path {
        value = match step {
            typed::Step::Key(key) => value.and_then(|value| value.get(key)),
            typed::Step::Index(index) => {
                list = list.or(value
                    .and_then(Value::as_array)
                    .map(|all| all.len() - 1 - index)
                    .filter(|_| is_statements));
                value.and_then(|value| value.get(index))
            }
        };
        is_statements = matches!(step, typed::Step::Key(key) if key == "Statement");
    }
    list.unwrap_or_default()
}

/// `Err` says what is not right.
fn holds(typed: &Typed<'_>, language: Language) -> Result<(), String> {
    let folder = typed.folder.clone()?;
    let program = fs::read_to_string(folder.join(file(language))).expect("the program");
    if let Ok(why) = fs::read_to_string(folder.join("refused.txt")) {
        return Err(format!("is refused: {why}\n{program}"));
    }
    let found = judge(typed.case, &folder, typed.config.as_deref());
    let finding = &typed.finding;
    let same = |one: &&Value| {
        one["rule"] == finding["rule"]
            && one["subject"]["logical_id"] == finding["subject"]["logical_id"]
            && (one["message"] == finding["message"] || one["verdict"] != "fail")
    };
    let was = typed.before.iter().filter(same).count();
    if found.iter().filter(same).count() >= was {
        return Err(format!("is still there\n{program}"));
    }
    let left = typed::LEFT.iter().chain(CONTRADICTED);
    let new = typed::brought(typed.case.rule.id(), left, &typed.before, &found);
    if !new.is_empty() {
        return Err(format!("brings {}\n{program}", new.join("; ")));
    }
    Ok(())
}

/// What is not right of what a finding says.
fn wrong(one: &Typed<'_>, language: Language) -> Option<String> {
    let (id, number) = (one.case.rule.id(), one.case.number);
    let by_hand = BY_HAND.iter().find(|row| (row.0, row.1) == (id, number));
    let help = one.finding["help"].as_str().unwrap_or_default();
    let is_edit = Advice::read(help, language).is_edit();
    let why = match by_hand {
        Some((_, _, why)) if is_edit => format!("needs no hand: {why}"),
        Some(_) => return None,
        None => holds(one, language).err()?,
    };
    let message = &one.finding["message"];
    Some(format!("{}: {message}: {why}\n{help}", one.case.name()))
}

fn try_all(language: Language) {
    let rules = RuleSet::builtin();
    let (cases, mut left) = cases(&rules);
    let (before, after) = (fresh(language, "before"), fresh(language, "after"));
    for case in &cases {
        let text = source(&case.program, language);
        write(
            &before.join(case.name()),
            language,
            &text,
            case.example.config.as_deref(),
        );
    }
    installed::run(language, &before, false);
    let typed: Vec<_> = cases
        .par_iter()
        .flat_map_iter(|case| {
            let folder = before.join(case.name());
            match folder.join("refused.txt").exists() {
                true => Vec::new(),
                false => typed_in(case, language, &folder, &after),
            }
        })
        .collect();
    for case in &cases {
        let why = fs::read_to_string(before.join(case.name()).join("refused.txt"));
        let name = format!("{} {}", case.rule.id(), case.number);
        if let Ok(why) = why {
            left.push(format!(
                "{name}: refused: {}",
                why.lines().next().unwrap_or_default()
            ));
        } else if !typed.iter().any(|one| std::ptr::eq(one.case, case)) {
            left.push(format!("{name}: has no finding"));
        }
    }
    installed::run(language, &after, true);
    let wrong: Vec<_> = typed
        .par_iter()
        .filter_map(|one| wrong(one, language))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}\n\nLEFT\n{}",
        wrong.len(),
        typed.len(),
        wrong.join("\n\n"),
        left.join("\n")
    );
}

#[test]
#[ignore = "needs node, npm and the network"]
fn a_fix_that_is_typed_in_typescript_ends_its_finding() {
    try_all(Language::TypeScript);
}

#[test]
#[ignore = "needs python3 and the network"]
fn a_fix_that_is_typed_in_python_ends_its_finding() {
    try_all(Language::Python);
}
