//! Whether a repository is scanned, row by row of the decision table: by its own flag under the registry's rules, be
//! these part of the template or asserted by the configuration.

use crate::program::{ecrlint, folder};

/// The registry's scan type, and the frequency and filter of its only rule.
type Registry = (&'static str, Option<[&'static str; 2]>);

/// The registry; the repository's flag; what `scan-on-push` says of `team/app`.
const TABLE: [(Option<Registry>, Option<bool>, &str); 14] = [
    // AWS documents both that everything is scanned then, and that nothing is.
    (Some(("ENHANCED", None)), None, "undetermined"),
    (Some(("ENHANCED", None)), Some(true), "undetermined"),
    (
        Some(("ENHANCED", Some(["CONTINUOUS_SCAN", "team/*"]))),
        Some(false),
        "pass",
    ),
    (
        Some(("ENHANCED", Some(["SCAN_ON_PUSH", "team/*"]))),
        None,
        "pass",
    ),
    (
        Some(("ENHANCED", Some(["SCAN_ON_PUSH", "prod/*"]))),
        Some(true),
        "fail",
    ),
    (
        Some(("BASIC", Some(["SCAN_ON_PUSH", "team/*"]))),
        Some(false),
        "pass",
    ),
    (Some(("BASIC", Some(["SCAN_ON_PUSH", "app"]))), None, "pass"),
    (Some(("BASIC", None)), Some(true), "pass"),
    (Some(("BASIC", None)), Some(false), "fail"),
    (
        Some(("BASIC", Some(["SCAN_ON_PUSH", "prod/*"]))),
        Some(true),
        "undetermined",
    ),
    (
        Some(("BASIC", Some(["SCAN_ON_PUSH", "prod/*"]))),
        Some(false),
        "fail",
    ),
    (
        Some(("BASIC", Some(["SCAN_ON_PUSH", "prod/*"]))),
        None,
        "fail",
    ),
    // Of a template alone, the repository's own flag decides.
    (None, Some(true), "pass"),
    (None, None, "fail"),
];

fn template(flag: Option<bool>) -> String {
    let flag = flag.map(|flag| format!(", ImageScanningConfiguration: {{ ScanOnPush: {flag} }}"));
    format!(
        "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties: {{ RepositoryName: team/app{} }}\n",
        flag.unwrap_or_default()
    )
}

/// The verdict on the only repository.
fn verdict(template: &str, config: &str) -> String {
    let folder = folder(&[("app.yaml", template), ("ecrlint.yaml", config)]);
    let arguments = ["check", "app.yaml", "-o", "json", "--evidence"];
    let (_, report) = ecrlint(arguments).within(folder.path()).json();
    let verdict = &report["repositories"][0]["verdicts"]["scan-on-push"];
    verdict.as_str().expect("a verdict").to_owned()
}

#[test]
fn the_registry_of_the_template_decides_as_the_table_says() {
    for (registry, flag, expected) in TABLE {
        let mut template = template(flag);
        if let Some((kind, rule)) = registry {
            let rule = rule.map(|[frequency, filter]| {
                format!(
                    "{{ ScanFrequency: {frequency}, RepositoryFilters: [{{ Filter: '{filter}', FilterType: WILDCARD }}] }}"
                )
            });
            template.push_str(&format!(
                "  Registry:\n    Type: AWS::ECR::RegistryScanningConfiguration\n    \
                 Properties: {{ ScanType: {kind}, Rules: [{}] }}\n",
                rule.unwrap_or_default()
            ));
        }
        let found = verdict(&template, "sets: [recommended]\n");
        assert_eq!(found, expected, "{registry:?} {flag:?}");
    }
}

#[test]
fn an_asserted_registry_decides_as_the_table_says() {
    for (registry, flag, expected) in TABLE {
        let mut config = "sets: [recommended]\n".to_owned();
        if let Some((kind, rule)) = registry {
            let rule = rule.map(|[frequency, filter]| {
                format!("{{ frequency: {frequency}, filters: [{{ filter: '{filter}' }}] }}")
            });
            config.push_str(&format!(
                "registry: {{ scanning: {{ type: {kind}, rules: [{}] }} }}\n",
                rule.unwrap_or_default()
            ));
        }
        let found = verdict(&template(flag), &config);
        assert_eq!(found, expected, "{registry:?} {flag:?}");
    }
}

#[test]
fn a_registry_of_the_inputs_wins_over_an_asserted_one() {
    let template = template(Some(false))
        + "  Registry:\n    Type: AWS::ECR::RegistryScanningConfiguration\n    Properties:\n      ScanType: ENHANCED\n      Rules:\n        - { ScanFrequency: CONTINUOUS_SCAN, RepositoryFilters: [{ Filter: '*', FilterType: WILDCARD }] }\n";
    let config = "sets: [recommended]\nregistry: { scanning: { type: BASIC, rules: [] } }\n";
    assert_eq!(verdict(&template, config), "pass");
}

#[test]
fn more_registries_than_are_compared_decide_nothing() {
    let registry = |at: usize| {
        format!(
            "  Registry{at}:\n    Type: AWS::ECR::RegistryScanningConfiguration\n    Properties:\n      ScanType: ENHANCED\n      Rules:\n        - {{ ScanFrequency: CONTINUOUS_SCAN, RepositoryFilters: [{{ Filter: '*', FilterType: WILDCARD }}] }}\n"
        )
    };
    // All of them say the same, so that up to the bound they agree.
    for (count, expected) in [
        (1, "pass"),
        (2, "pass"),
        (8, "pass"),
        (9, "undetermined"),
        (30, "undetermined"),
    ] {
        let registries: String = (0..count).map(registry).collect();
        let template = template(Some(false)) + &registries;
        let found = verdict(&template, "sets: [recommended]\n");
        assert_eq!(found, expected, "{count} registries");
    }
    let registries: String = (0..9).map(registry).collect();
    let template = template(Some(false)) + &registries;
    let folder = folder(&[
        ("app.yaml", template.as_str()),
        ("ecrlint.yaml", "sets: [recommended]\n"),
    ]);
    let arguments = ["check", "app.yaml", "--output", "json"];
    let text = ecrlint(arguments).within(folder.path()).ends().out;
    let why = "this template configures the scanning of the registry more than once, and the template has more of them";
    assert!(text.contains(why), "{text}");
}
