//! Names that are written to be taken for something else go through every format and every command: each output is
//! read by a real parser of its kind, and commands no terminal and no runner.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::program::{Ended, ecrlint, folder};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

/// What a name may hold, each to somebody's harm.
const NAMES: [&str; 41] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;http://evil.example\u{7}here\u{1b}]8;;\u{7}",
    "\u{1b}[2J\u{1b}[H",
    "\u{9b}31m",
    "over\rwritten",
    "back\u{8}\u{8}\u{8}space",
    "\u{7f}\u{0}\u{1}",
    "a\n::error::b",
    "a\r\n::error file=b::c",
    "::error::passed",
    " ::set-output name=a::b",
    "\u{a0}\u{3000}::warning::a",
    "::stop-commands::a",
    "a \u{2003}::notice::b",
    "word ::error::a word ::error::b word ::error::c word ::error::d word ::error::e",
    "##[command]rm -rf",
    "a ##[error]b",
    "###[group]a",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[testFailed]",
    "%0A::error::a",
    "%25%0D%0A%3A%2C",
    "a,line=1::b",
    "\u{202e}txt.exe",
    "\u{202a}a\u{202b}b\u{202c}c\u{202d}d",
    "\u{2066}a\u{2067}b\u{2068}c\u{2069}",
    "\u{200e}\u{200f}\u{61c}",
    "\u{feff}\u{200b}\u{fffe}\u{ffff}",
    "a\u{2028}::error::b",
    "a\u{2029}::error::b",
    "a\u{85}::error::b",
    "a\u{b}b\u{c}c",
    "]]><script>alert(1)</script><![CDATA[",
    "--><!ENTITY a SYSTEM \"file:///etc/passwd\">&a;",
    "\"'><img src=x onerror=alert(1)>",
    "`code` ``` ~~~",
    "```\n# heading\n",
    "| a | b |\n|---|---|\n[a](http://evil.example) ![b](http://evil.example/b.png)",
    "@everyone #1 https://evil.example *a* _b_ <https://evil.example>",
    "\\\"\\u0000\\",
    "$(touch pwned) `touch pwned` ; touch pwned",
];

/// The names, and one that is longer than any line.
fn names() -> Vec<String> {
    let long = ["x".repeat(3000), "::error::a ".repeat(300)];
    NAMES
        .iter()
        .map(|&name| name.to_owned())
        .chain(long)
        .collect()
}

/// One name of each kind, for what is tried once for each of them.
fn kinds() -> impl Iterator<Item = &'static str> {
    [0, 1, 4, 7, 10, 15, 18, 20, 23, 28, 30, 33, 37, 38]
        .map(|at| NAMES[at])
        .into_iter()
}

/// A template in which every name stands wherever a name can.
fn template(names: &[String]) -> Value {
    let mut resources = serde_json::Map::new();
    for (number, name) in names.iter().enumerate() {
        let policy = json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": name, "Effect": "Allow", "Principal": { "AWS": name }, "Action": ["ecr:*", name] },
            { "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage",
              "Condition": { "StringEquals": { name.as_str(): name } } },
        ] });
        let rule = json!({ "rulePriority": 1, "description": name, "action": { "type": name },
            "selection": { "tagStatus": "tagged", "tagPrefixList": [name], "countType": name, "countNumber": 1 } });
        let lifecycle = json!({ "rules": [rule] }).to_string();
        let repository = json!({ "Type": "AWS::ECR::Repository", "Condition": name,
            "Metadata": { "aws:cdk:path": name, "ecrlint": { "ignore": { name.as_str(): name } } },
            "Properties": { "RepositoryName": name, name.as_str(): name, "ImageTagMutability": name,
                "RepositoryPolicyText": policy, "LifecyclePolicy": { "LifecyclePolicyText": lifecycle },
                "Tags": [{ "Key": name, "Value": name }], "EncryptionConfiguration": { "EncryptionType": name } } });
        resources.insert(name.clone(), repository);
        let open = json!({ "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": { "Ref": name },
            "ImageTagMutability": { "Fn::ImportValue": name } } });
        resources.insert(format!("Open{number}"), open);
    }
    json!({ "Resources": resources })
}

/// A snapshot that says the same.
fn snapshot() -> String {
    let lines = names().into_iter().map(|name| {
        let arn = format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}");
        let line = json!({ "account": "111111111111", "region": "eu-west-1", name.as_str(): name,
            "repository": { "repositoryName": name, "repositoryArn": arn, "imageTagMutability": name },
            "repositoryPolicy": { "policyText": name }, "lifecyclePolicy": null,
            "errors": { "tags": format!("AccessDeniedException: {name}") } });
        format!("{line}\n")
    });
    lines.collect()
}

/// A folder with inputs, one of them in a file of each name that can be one.
fn inputs() -> tempfile::TempDir {
    let template = template(&names()).to_string();
    let live = snapshot();
    let folder = folder(&[
        ("app.json", template.as_str()),
        ("live.ndjson", live.as_str()),
    ]);
    for name in names() {
        let path = folder.path().join(format!("{name}.json"));
        if !name.contains(['/', '\0']) && name.len() < 200 {
            let made = fs::write(
                path,
                "{\"Resources\": {\"A\": {\"Type\": \"AWS::ECR::Repository\"},",
            );
            made.expect("the file system takes any name");
        }
    }
    folder
}

/// Holds text for people or programs against what terminals and runners obey.
fn harmless(text: &str, what: &str) {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |c: char| matches!(c, '\u{2028}' | '\u{2029}');
    let found = text
        .chars()
        .find(|&c| c != '\n' && c.is_control() || turns(c) || breaks(c));
    assert_eq!(found, None, "{what}");
    let lower = text.to_ascii_lowercase();
    for mark in ["##[", "##vso[", "##teamcity["] {
        assert!(!lower.contains(mark), "{what} holds {mark}");
    }
    let command = text
        .lines()
        .find(|line| line.trim_start().starts_with("::"));
    assert_eq!(command, None, "{what}");
}

fn is_of_ours(ended: &Ended, what: &str) {
    assert!((0..=2).contains(&ended.code), "{what}: {ended:?}");
    harmless(&ended.err, what);
}

/// One report of the inputs.
fn report(inputs: &Path, format: &str) -> String {
    let ended = ecrlint(["check", ".", "-o", format, "--evidence"])
        .within(inputs)
        .ends();
    is_of_ours(&ended, format);
    assert!(!ended.out.is_empty(), "{format}: {ended:?}");
    ended.out
}

#[test]
fn reports_for_people_command_nothing_at_any_width() {
    let inputs = inputs();
    let looks: [(&str, &[&str]); 3] = [
        ("40", &[]),
        ("61", &["--verbose", "--evidence"]),
        ("120", &["--color", "always"]),
    ];
    for (columns, more) in looks {
        let arguments = ["check", "."].iter().chain(more);
        let ended = ecrlint(arguments)
            .within(inputs.path())
            .env("COLUMNS", columns)
            .ends();
        is_of_ours(&ended, "human");
        assert!(!ended.out.contains("\u{1b}[31mred"), "a colour of a name");
        harmless(&bare(&ended.out), &format!("human {columns} {more:?}"));
    }
}

/// The text without colours.
fn bare(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut bare = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('m').unwrap_or((piece, ""));
        let is_color = code.bytes().all(|b| b.is_ascii_digit() || b == b';');
        assert!(is_color, "{code:?} is not a colour");
        bare.push_str(rest);
    }
    bare
}

#[test]
fn json_reports_are_json_and_say_what_stands_there() {
    let inputs = inputs();
    for format in ["json", "sarif", "gitlab"] {
        let text = report(inputs.path(), format);
        harmless(&text, format);
        let read: Value = serde_json::from_str(&text).expect(format);
        let told = read.to_string();
        // Escapes of JSON are the text itself to whoever reads it.
        assert!(told.contains("\u{202e}txt.exe"), "{format}");
        let results = match format {
            "sarif" => &read["runs"][0]["results"],
            "json" => &read["diagnostics"],
            _ => &read,
        };
        let results = results.as_array().expect("a list").len();
        assert!(results > NAMES.len(), "{format}: {results}");
    }
}

#[test]
fn junit_is_xml_of_known_elements() {
    let text = report(inputs().path(), "junit");
    harmless(&text, "junit");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    let names: BTreeSet<_> = elements.map(|one| one.tag_name().name()).collect();
    let known = [
        "failure",
        "skipped",
        "system-out",
        "testcase",
        "testsuite",
        "testsuites",
    ];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    assert!(
        document
            .descendants()
            .all(|one| !one.is_comment() && !one.is_pi())
    );
}

#[test]
fn annotations_are_those_of_the_program_alone() {
    let text = report(inputs().path(), "github");
    let mut count = 0;
    for line in text.lines() {
        let rest = line.strip_prefix("::").expect("a command");
        let (command, message) = rest.split_once("::").expect("a command that ends");
        let (word, properties) = command.split_once(' ').expect("properties");
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect("a value");
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&name), "{line}");
            assert!(!value.contains(':'), "{line}");
            is_escaped(value, &["%25", "%0D", "%0A", "%3A", "%2C"]);
        }
        harmless(message.trim_start_matches(':'), "annotation");
        is_escaped(message, &["%25", "%0D", "%0A"]);
        count += 1;
    }
    assert!(count > 5, "{text}");
}

/// Whether each `%` is the beginning of a known escape.
fn is_escaped(text: &str, escapes: &[&str]) {
    for (at, _) in text.match_indices('%') {
        let known = escapes.iter().any(|escape| text[at..].starts_with(escape));
        assert!(known, "{}", &text[at..]);
    }
}

#[test]
fn summaries_hold_no_markup_from_names() {
    let text = report(inputs().path(), "markdown");
    harmless(&text, "markdown");
    markup(&text);
    let counts = report(inputs().path(), "summary");
    harmless(&counts, "summary");
    // The same names, each once and in the same order, as of inputs that are called nothing odd.
    let names = |counts: &str| -> Option<Vec<String>> {
        let names = counts.lines().map(|line| line.split_once('='));
        names
            .map(|it| it.map(|(name, _)| name.to_owned()))
            .collect()
    };
    let plain = report(Path::new("fixtures/example"), "summary");
    assert!(
        names(&plain).is_some_and(|names| names.len() > 15),
        "{plain}"
    );
    assert_eq!(names(&counts), names(&plain), "{counts}");
}

#[test]
fn pages_hold_no_markup_and_no_script_from_names() {
    let text = report(inputs().path(), "html");
    harmless(&text, "html");
    let (markup, rest) = text
        .split_once("<script type=\"application/json\" id=\"data\">")
        .expect("the data");
    let (data, script) = rest.split_once("</script>").expect("the data ends");
    // What is written as data is told apart by `<`, which stands nowhere in it.
    assert!(!data.contains('<'), "{data}");
    let data: Value = serde_json::from_str(data).expect("JSON");
    assert!(
        data["findings"]
            .as_array()
            .is_some_and(|all| all.len() > NAMES.len())
    );
    assert!(
        data.to_string()
            .contains("]]><script>alert(1)</script><![CDATA["),
        "names are whole"
    );
    assert_eq!(
        script.matches("<script>").count(),
        1,
        "the own script follows"
    );
    for element in [
        "script", "img", "iframe", "object", "base", "link", "!ENTITY", "![CDATA",
    ] {
        assert!(!markup.contains(&format!("<{element}")), "{element}");
    }
    let mut attributes = markup.split("href=\"").skip(1);
    assert!(
        attributes.all(|url| url.starts_with("https://ecrlint.github.io/") || url.starts_with('#'))
    );
}

/// Holds Markdown against the markup that the program itself writes.
fn markup(text: &str) {
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(
                    ["<code>", "</code>", "<br>"].contains(&html.as_ref()),
                    "{html}"
                );
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("an image: {dest_url}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                // Pages of rules, and what AWS documents.
                let ours = [
                    "https://github.com/ecrlint/",
                    "https://ecrlint.github.io/",
                    "https://docs.aws.amazon.com/",
                ];
                assert!(
                    ours.iter().any(|one| dest_url.starts_with(one)),
                    "{dest_url}"
                );
            }
            Event::FootnoteReference(name) => panic!("a footnote: {name}"),
            _ => {}
        }
    }
}

#[test]
fn access_commands_nothing() {
    for name in kinds() {
        let template = template(&[name.to_owned()]).to_string();
        let folder = folder(&[("app.json", template.as_str())]);
        for format in ["human", "json"] {
            let arguments = ["access", name, "app.json", "-o", format];
            let run = ecrlint(arguments).within(folder.path());
            let ended = run.env("COLUMNS", "60").ends();
            is_of_ours(&ended, name);
            harmless(&ended.out, name);
            if format == "json" && ended.code == 0 {
                serde_json::from_str::<Value>(&ended.out).expect("JSON");
            }
        }
    }
}

#[test]
fn mistakes_are_reported_harmlessly_whatever_was_typed() {
    let folder = folder(&[(
        "app.yaml",
        "Resources:\n  A:\n    Type: AWS::ECR::Repository\n",
    )]);
    for name in kinds() {
        let (option, output) = (format!("--{name}"), format!("json={name}/{name}"));
        let commands: [&[&str]; 19] = [
            &[name],
            &["check", name],
            &["check", "app.yaml", &option],
            &["check", "app.yaml", "--config", name],
            &["check", "app.yaml", "--output", name],
            &["check", "app.yaml", "--output", &output],
            &["check", "app.yaml", "--fail-on", name],
            &["check", "app.yaml", "--set", name],
            &["check", "app.yaml", "--environment", name],
            &["check", "app.yaml", "--parameters", name],
            &["check", "app.yaml", "--live", name],
            &["check", "app.yaml", "--rules", name],
            &["check", "app.yaml", "--allow-outside", name],
            &["explain", name],
            &["test", name],
            &["init", &output],
            &["schema", name],
            &["completions", name],
            &[
                "snapshot",
                "--dry-run",
                "--profile",
                name,
                "--region",
                name,
                "--assume-role",
                name,
                "--",
                name,
            ],
        ];
        for arguments in commands {
            let ended = ecrlint(arguments)
                .within(folder.path())
                .env("COLUMNS", "50")
                .ends();
            let what = format!("{arguments:?}");
            is_of_ours(&ended, &what);
            harmless(&ended.out, &what);
        }
    }
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing was made");
}

#[test]
fn configurations_and_rules_command_nothing() {
    for name in kinds() {
        let text = Value::String(name.to_owned()).to_string();
        let rule = include_str!("../../rules/naming/name-valid.yaml")
            .replace("id: name-valid", "id: mine");
        let (head, rest) = rule.split_once("\ntitle:").expect("a title");
        let (_, rest) = rest.split_once('\n').expect("more");
        let rule = format!("{head}\ntitle: {text}\n{rest}");
        let config = format!("rules: {{ {text}: {text} }}\n{text}: {text}\n");
        let template = "Resources:\n  A:\n    Type: AWS::ECR::Repository\n";
        let files = [
            ("app.yaml", template),
            ("bad.yaml", config.as_str()),
            ("rules/naming/mine.yaml", rule.as_str()),
        ];
        let folder = folder(&files);
        let commands: [&[&str]; 5] = [
            &["check", "app.yaml", "--config", "bad.yaml"],
            &["rules", "--rules", "rules"],
            &["rules", "--markdown", "--rules", "rules"],
            &["explain", "mine", "--rules", "rules"],
            &["test", "rules"],
        ];
        for arguments in commands {
            let ended = ecrlint(arguments).within(folder.path()).ends();
            let what = format!("{name:?}: {arguments:?}");
            is_of_ours(&ended, &what);
            harmless(&ended.out, &what);
        }
    }
}
