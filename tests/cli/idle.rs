//! A rule that the configuration switches on and that can judge nothing under it says so at its line.

use serde_json::Value;

use crate::program::{ecrlint, folder};

const TEMPLATE: &str =
    "Resources: { A: { Type: AWS::ECR::Repository, Properties: { RepositoryName: acme-shop-a } } }";

/// An organisation that declares one repository in this way.
fn organisation(declared: &str) -> String {
    format!(
        "organisation:
  prefix: acme
  app: shop
  environments:
    dev: {{ account: '111111111111', region: eu-west-1 }}
    prod: {{ account: '333333333333', region: eu-west-1 }}
  repositories: {{ a: {declared} }}
"
    )
}

const NO_DECLARATIONS: &str = "organisation: { prefix: acme, app: shop }\n";

/// A rule, configurations under which it is idle with what it says, and configurations under which it is not.
type Case<'c> = (&'c str, &'c [(&'c String, &'c str)], &'c [&'c String]);

/// What is found at the lines of rules: the text there, message and help.
fn idle(config: &str, arguments: &[&str]) -> Vec<[String; 3]> {
    let folder = folder(&[("ecrlint.yaml", config), ("a.yaml", TEMPLATE)]);
    let usual = ["check", "a.yaml", "-o", "json", "--fail-on", "never"];
    let run = ecrlint(usual.iter().chain(arguments)).within(folder.path());
    let (code, report) = run.json();
    assert_eq!(code, 0, "{config}: {report}");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let found = found.filter(|one| one["rule"] == "idle-rule");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    found
        .map(|one| {
            let start = &one["location"]["start"];
            let line = start["line"].as_u64().expect("a line") as usize;
            let column = start["column"].as_u64().expect("a column") as usize;
            let line = config.lines().nth(line - 1).expect("the line is there");
            [
                line[column - 1..].to_owned(),
                text(&one["message"]),
                text(&one["help"]),
            ]
        })
        .collect()
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, with a row for each spelling"
)]
fn a_rule_that_asks_for_what_is_not_configured_says_so_at_its_line() {
    let nothing = String::new();
    let without = NO_DECLARATIONS.to_owned();
    let bare = organisation("{}");
    let key = organisation("{ use_kms_key: true }");
    let kept = organisation("{ images_retained: 5 }");
    let shared = organisation("{ shareable_with_all_envs: true }");
    let cases: &[Case<'_>] = &[
        (
            "kms-customer-key",
            &[
                (&nothing, "nothing is declared with `use_kms_key: true`"),
                (&without, "nothing is declared with `use_kms_key: true`"),
                (&bare, "nothing is declared with `use_kms_key: true`"),
                (&kept, "nothing is declared with `use_kms_key: true`"),
            ],
            &[&key],
        ),
        (
            "kms-undeclared",
            &[
                (&nothing, "nothing is declared with `use_kms_key: false`"),
                (&key, "nothing is declared with `use_kms_key: false`"),
            ],
            &[&bare, &shared],
        ),
        (
            "kms-key-sharing",
            &[(
                &key,
                "nothing is declared with `shareable_with_all_envs: true`",
            )],
            &[&shared],
        ),
        (
            "sharing-incomplete",
            &[
                (
                    &nothing,
                    "nothing is declared with `shareable_with_all_envs: true`",
                ),
                (
                    &bare,
                    "nothing is declared with `shareable_with_all_envs: true`",
                ),
            ],
            &[&shared],
        ),
        (
            "sharing-undeclared",
            &[(
                &shared,
                "nothing is declared with `shareable_with_all_envs: false`",
            )],
            &[&bare, &kept],
        ),
        (
            "lifecycle-retention",
            &[
                (&nothing, "nothing is declared with `images_retained`"),
                (&bare, "nothing is declared with `images_retained`"),
            ],
            &[&kept],
        ),
        (
            "lifecycle-undeclared",
            &[(&nothing, "no repository is declared"), (&kept, "")],
            &[&bare],
        ),
        (
            "lifecycle-missing",
            &[(&bare, "nothing is declared with `images_retained`")],
            &[&nothing, &without, &kept],
        ),
        (
            "undeclared-repository",
            &[
                (&nothing, "no repository is declared"),
                (&without, "no repository"),
            ],
            &[&bare],
        ),
        (
            "declared-repository-missing",
            &[(&nothing, ""), (&without, "")],
            &[&bare],
        ),
        ("declaration-invalid", &[(&nothing, "")], &[&bare]),
        (
            "access-unknown-account",
            &[(&nothing, "no `organisation` is configured")],
            &[&without],
        ),
        (
            "sharing-excess",
            &[(&nothing, "no `organisation` is configured")],
            &[&without, &bare],
        ),
        (
            "ssm-parameter-missing",
            &[(&nothing, "no `organisation` is configured")],
            &[&without],
        ),
        (
            "ssm-parameter-name",
            &[(&nothing, "no `organisation` is configured")],
            &[&without],
        ),
        (
            "name-pattern",
            &[(&nothing, "`organisation.prefix` is not configured")],
            &[&without],
        ),
        (
            "required-tags",
            &[
                (&nothing, "no `organisation.required_tags`"),
                (&bare, "no `organisation.required_tags`"),
            ],
            &[],
        ),
        (
            "lifecycle-protected-tags",
            &[(&nothing, "no `protected_tags` are configured")],
            &[],
        ),
        ("scan-on-push", &[], &[&nothing, &bare]),
        ("access-public", &[], &[&nothing, &bare]),
        ("tag-immutability", &[], &[&nothing]),
        ("kms-key-rotation", &[], &[&nothing]),
        ("drift", &[], &[&nothing]),
        ("data-loss", &[], &[&nothing]),
        ("auth-token-missing", &[], &[&nothing]),
        ("template-invalid", &[], &[&nothing]),
    ];
    for (rule, idle_under, not_under) in cases {
        for severity in ["error", "note"] {
            let line = format!("rules:\n  {rule}: {severity}\n");
            for (config, says) in *idle_under {
                let config = format!("{config}{line}");
                let found = idle(&config, &[]);
                let [[at, message, help]] = found.as_slice() else {
                    panic!("{config}: {found:?}");
                };
                assert!(at.starts_with(rule), "{at}");
                assert!(
                    message
                        .starts_with(&format!("`{rule}` is switched on, but can judge nothing: "))
                );
                assert!(message.contains(says), "{config}: {message}");
                assert!(help.contains("remove the line"), "{help}");
            }
            for config in *not_under {
                let config = format!("{config}{line}");
                assert_eq!(idle(&config, &[]), Vec::<[String; 3]>::new(), "{config}");
            }
        }
    }
}

#[test]
fn a_setting_that_makes_the_rule_judge_is_reported_and_does() {
    let found = idle("rules: { kms-customer-key: error }\n", &[]);
    assert!(
        found[0][2].contains("`settings: { required: true }`"),
        "{found:?}"
    );
    let found = idle("rules: { name-pattern: error }\n", &[]);
    assert!(found[0][2].contains("`settings: { pattern: "), "{found:?}");
    for config in [
        "rules: { kms-customer-key: { severity: error, settings: { required: true } } }\n",
        "rules: { name-pattern: { severity: error, settings: { pattern: '[a-z-]+' } } }\n",
        "protected_tags: [prod-*]\nrules: { lifecycle-protected-tags: error }\n",
        "organisation: { prefix: a, required_tags: { owner: {} } }\nrules: { required-tags: error }\n",
        // What is off has no need to judge.
        "rules: { kms-customer-key: off }\n",
        // What nobody wrote a line for is on with its set.
        "organisation: { prefix: acme, app: shop, repositories: { a: {} } }\n",
        "rules: { kms-customer-key: error, idle-rule: off }\n",
        // What is declared wrongly may be anything.
        "organisation: { prefix: acme, app: shop, repositories: { a: { use_kms_key: 'yes' } } }\nrules: { kms-customer-key: error }\n",
        "organisation: { prefix: acme, app: shop, repositories: [a] }\nrules: { kms-customer-key: error }\n",
    ] {
        assert_eq!(idle(config, &[]), Vec::<[String; 3]>::new(), "{config}");
    }
}

#[test]
fn the_remark_is_a_warning_that_can_be_made_an_error() {
    for (severity, code) in [("", 0), (", idle-rule: error", 1), (", idle-rule: note", 0)] {
        let config = format!("sets: []\nrules: {{ kms-customer-key: error{severity} }}\n");
        let folder = folder(&[("ecrlint.yaml", &config), ("a.yaml", TEMPLATE)]);
        let ended = ecrlint(["check", "a.yaml"]).within(folder.path()).ends();
        assert_eq!(ended.code, code, "{ended:?}");
    }
}

/// Rules of the user's own ask in their own ways.
#[test]
fn own_rules_say_so_too() {
    let rule = |when: &str| {
        format!(
            "id: my-rule
title: an example
severity: error
why: An example.
settings:
  wanted: {{ type: boolean, default: false, description: Whether it asks. }}
when: {when}
require: $[?@.scanning.effective == true]
message: repository `{{repository.name}}` is an example
examples:
  pass:
    - config: 'rules: {{ my-rule: {{ severity: error, settings: {{ wanted: true }} }} }}'
      cloudformation: 'Resources: {{ A: {{ Type: AWS::ECR::Repository, Properties: {{ ImageScanningConfiguration: {{ ScanOnPush: true }} }} }} }}'
  fail:
    - config: 'rules: {{ my-rule: {{ severity: error, settings: {{ wanted: true }} }} }}'
      cloudformation: 'Resources: {{ A: {{ Type: AWS::ECR::Repository }} }}'
      at: Resources.A
"
        )
    };
    let both = organisation("{ images_retained: 5 }");
    for (when, config, expected) in [
        ("$[?$.settings.wanted == true]", "", 1),
        ("$[?$.settings.wanted == true]", both.as_str(), 1),
        ("$[?$.settings.wanted == false]", "", 0),
        ("$[?$.declared.images_retained > 3]", both.as_str(), 0),
        ("$[?$.declared.images_retained > 5]", both.as_str(), 1),
        ("$[?$.declared.base == 'b']", both.as_str(), 0),
        ("$[?$.declared.environment == 'prod']", both.as_str(), 0),
        ("$[?$.organisation.prefix == 'acme']", both.as_str(), 0),
        ("$[?$.organisation.prefix == 'other']", both.as_str(), 1),
        ("$.declared", both.as_str(), 0),
        ("$.declared", NO_DECLARATIONS, 1),
        (
            "$[?@.environment == 'dev' && $.organisation.app]",
            NO_DECLARATIONS,
            0,
        ),
        ("$[?@.name == 'a' || $.declared]", "", 0),
        ("$[?@.name == 'a' && $.declared]", "", 1),
        ("$[?!$.declared]", both.as_str(), 0),
    ] {
        let config = format!("{config}rules_dirs: [rules]\nrules: {{ my-rule: error }}\n");
        let rule = rule(when);
        let folder = folder(&[
            ("ecrlint.yaml", &config),
            ("a.yaml", TEMPLATE),
            ("rules/mine/my-rule.yaml", &rule),
        ]);
        let run = ecrlint(["check", "a.yaml", "-o", "json", "--fail-on", "never"]);
        let (code, report) = run.within(folder.path()).json();
        assert_eq!(code, 0, "{report}");
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let found = found.filter(|one| one["rule"] == "idle-rule").count();
        assert_eq!(found, expected, "{when} {config}: {report}");
    }
}
