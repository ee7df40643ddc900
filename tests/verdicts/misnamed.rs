//! One wrong name is one finding: a repository whose name misses the standard is judged as the declared one that it is,
//! where exactly one declaration fits it and no other repository fits that declaration.

use serde_json::Value;

use crate::program::{ecrlint, folder};

const CONFIG: &str = r#"organisation:
  prefix: acme
  app: shop
  environments:
    dev: { account: "111111111111", region: eu-west-1 }
    prod: { account: "333333333333", region: eu-central-1 }
  repositories:
    api: { images_retained: 10 }
"#;

/// Declarations besides that of `api`.
type More = &'static [&'static str];

/// A repository: logical id, name, tags.
type Entity = (&'static str, &'static str, &'static str);

/// What the case is; its repositories; declarations besides that of `api`; the repository that is taken for this one,
/// and what shows that it is: `None` where none is.
type Case = (
    &'static str,
    &'static [Entity],
    More,
    Option<(&'static str, &'static str)>,
);

const CASES: &[Case] = &[
    (
        "case",
        &[("R", "Acme-Shop-Api", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "capitals",
        &[("R", "acme-shop-API", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "underscores",
        &[("R", "acme_shop_api", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "slashes",
        &[("R", "acme/shop/api", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "dots",
        &[("R", "acme.shop.api", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "no separators",
        &[("R", "acmeshopapi", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "camel case",
        &[("R", "AcmeShopApi", "")],
        &[],
        Some(("R", "in case or separators")),
    ),
    (
        "without prefix",
        &[("R", "shop-api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "without app",
        &[("R", "acme-api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "base alone",
        &[("R", "api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "another prefix",
        &[("R", "acne-shop-api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "one more prefix",
        &[("R", "dev-acme-shop-api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "folder",
        &[("R", "team/shop-api", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    (
        "logical id",
        &[("Api", "backend", "")],
        &[],
        Some(("Api", "its logical id is `Api`")),
    ),
    (
        "logical id with kind",
        &[("ApiRepository", "backend", "")],
        &[],
        Some(("ApiRepository", "its logical id")),
    ),
    (
        "logical id with short kind",
        &[("ApiRepo", "backend", "")],
        &[],
        Some(("ApiRepo", "its logical id")),
    ),
    (
        "logical id of the CDK",
        &[("Api5D6C8A2B", "backend", "")],
        &[],
        Some(("Api5D6C8A2B", "its logical id")),
    ),
    (
        "tag",
        &[("R", "backend", "base=api")],
        &[],
        Some(("R", "its tag `base` is `api`")),
    ),
    (
        "tag Name",
        &[("R", "backend", "Name=api")],
        &[],
        Some(("R", "its tag `Name` is `api`")),
    ),
    (
        "tag among others",
        &[("R", "backend", "owner=me,repository=api")],
        &[],
        Some(("R", "its tag `repository`")),
    ),
    (
        "both show the same",
        &[("Api", "api", "Name=api")],
        &[],
        Some(("Api", "in the beginning")),
    ),
    (
        "another is declared beside it",
        &[("R", "api", "")],
        &["web"],
        Some(("R", "in the beginning")),
    ),
    (
        "another one fits nothing",
        &[("R", "api", ""), ("Other", "other", "")],
        &[],
        Some(("R", "in the beginning")),
    ),
    // No fit, no guess.
    ("nothing fits", &[("R", "backend", "")], &[], None),
    (
        "another base name",
        &[("R", "acme-shop-backend", "")],
        &[],
        None,
    ),
    (
        "a name of the standard is another one's",
        &[("Api", "acme-shop-backend", "Name=api")],
        &[],
        None,
    ),
    (
        "a name that ends alike",
        &[("R", "internal-api", "")],
        &[],
        None,
    ),
    (
        "a name that begins alike",
        &[("R", "acme-shop-api-v2", "")],
        &[],
        None,
    ),
    ("a name with one letter less", &[("R", "ap", "")], &[], None),
    (
        "a tag that says whose it is",
        &[("R", "backend", "owner=api")],
        &[],
        None,
    ),
    (
        "a tag that says where it is",
        &[("R", "backend", "Environment=api")],
        &[],
        None,
    ),
    (
        "a tag with more",
        &[("R", "backend", "Name=api-server")],
        &[],
        None,
    ),
    (
        "a logical id with more",
        &[("ApiServer", "backend", "")],
        &[],
        None,
    ),
    (
        "two fit the declaration by name",
        &[("R", "api", ""), ("S", "acme_shop_api", "")],
        &[],
        None,
    ),
    (
        "two fit the declaration in two ways",
        &[("R", "api", ""), ("Api", "backend", "")],
        &[],
        None,
    ),
    (
        "two of one name",
        &[("R", "api", ""), ("S", "api", "")],
        &[],
        None,
    ),
    (
        "the declared one is there",
        &[("R", "api", ""), ("S", "acme-shop-api", "")],
        &[],
        None,
    ),
    (
        "one of another name may be the declared one",
        &[("R", "api", ""), ("S", "${Open}", "")],
        &[],
        None,
    ),
    (
        "two declarations fit",
        &[("Web", "api", "")],
        &["web"],
        None,
    ),
    (
        "two declarations of one spelling",
        &[("R", "api", "")],
        &["a-pi"],
        None,
    ),
    (
        "tag and name differ",
        &[("R", "api", "Name=web")],
        &["web"],
        None,
    ),
];

fn template(repositories: &[Entity]) -> String {
    let mut text = "Parameters: { Open: { Type: String } }\nResources:\n".to_owned();
    for (id, name, tags) in repositories {
        text.push_str(&format!(
            "  {id}:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: !Sub '{name}'\n"
        ));
        let pairs = tags.split(',').filter_map(|tag| tag.split_once('='));
        let pairs: Vec<_> = pairs
            .map(|(key, value)| format!("{{ Key: {key}, Value: {value} }}"))
            .collect();
        text.push_str(&format!("      Tags: [{}]\n", pairs.join(", ")));
    }
    text
}

fn report(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let folder = folder(files);
    let usual = ["check", "-o", "json", "--fail-on", "never"];
    let run = ecrlint(usual.iter().chain(arguments));
    run.within(folder.path()).json().1
}

/// The findings of a rule, each with its subject.
fn of<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let found = report["diagnostics"].as_array().expect("a list").iter();
    found.filter(|one| one["rule"] == rule).collect()
}

fn ids<'r>(found: &[&'r Value]) -> Vec<&'r str> {
    let id = |one: &&'r Value| one["subject"]["logical_id"].as_str().unwrap_or("none");
    found.iter().map(id).collect()
}

fn related(one: &Value) -> Vec<&str> {
    let places = one["related"].as_array().expect("a list").iter();
    places
        .filter_map(|place| place["message"].as_str())
        .collect()
}

#[test]
fn a_wrong_name_is_one_finding_where_exactly_one_declaration_fits() {
    for (case, repositories, more, expected) in CASES {
        let mut config = CONFIG.to_owned();
        for base in *more {
            config.push_str(&format!("    {base}: {{}}\n"));
        }
        let template = template(repositories);
        let report = report(
            &[("ecrlint.yaml", &config), ("a.yaml", &template)],
            &["a.yaml", "--environment", "dev"],
        );
        let taken: Vec<_> = of(&report, "name-pattern")
            .into_iter()
            .filter_map(|one| {
                let because = related(one)
                    .into_iter()
                    .find(|text| text.starts_with("taken for"))?;
                Some((one["subject"]["logical_id"].as_str()?, because))
            })
            .collect();
        match expected {
            Some((id, because)) => {
                assert_eq!(taken.len(), 1, "{case}: {taken:?}");
                assert!(
                    taken[0].0 == *id && taken[0].1.contains(because),
                    "{case}: {taken:?}"
                );
                assert!(
                    !ids(&of(&report, "undeclared-repository")).contains(id),
                    "{case}: {report}"
                );
                let missing = of(&report, "declared-repository-missing");
                let is_api = |one: &&Value| {
                    one["message"]
                        .as_str()
                        .expect("a text")
                        .contains("acme-shop-api`")
                };
                assert!(!missing.iter().any(is_api), "{case}: {missing:?}");
                // The rest is judged as the declared one.
                let retention: Vec<_> = ids(&of(&report, "lifecycle-retention"));
                assert!(retention.contains(id), "{case}: {report}");
                let ssm = ids(&of(&report, "ssm-parameter-missing"));
                assert!(ssm.contains(id), "{case}: {report}");
                let name = of(&report, "name-pattern")[0];
                let help = name["help"].as_str().expect("a fix");
                assert!(help.contains("acme-shop-api"), "{case}: {help}");
            }
            None => {
                assert!(taken.is_empty(), "{case}: {taken:?}");
                assert!(
                    of(&report, "lifecycle-retention").iter().all(|one| {
                        one["subject"]["name"] == "acme-shop-api"
                            || one["verdict"] == "undetermined"
                    }),
                    "{case}: {report}"
                );
            }
        }
    }
}

/// A stack of an assembly: name, environment, logical ids with construct paths and names.
type Stack<'s> = (&'s str, &'s str, &'s [(&'s str, &'s str, &'s str)]);

/// The files of an assembly with these stacks.
fn assembly(stacks: &[Stack<'_>]) -> Vec<(String, String)> {
    let mut artifacts = Vec::new();
    let mut files = vec![(
        "cdk.out/cdk.out".to_owned(),
        r#"{"version":"36.0.0"}"#.to_owned(),
    )];
    for (stack, environment, repositories) in stacks {
        let resources: Vec<_> = repositories
            .iter()
            .map(|(id, path, name)| {
                format!(
                    r#""{id}": {{"Type": "AWS::ECR::Repository", "Properties": {{"RepositoryName": "{name}"}},
                    "Metadata": {{"aws:cdk:path": "{path}"}}}}"#
                )
            })
            .collect();
        let text = format!(r#"{{"Resources": {{{}}}}}"#, resources.join(", "));
        files.push((format!("cdk.out/{stack}.template.json"), text));
        artifacts.push(format!(
            r#""{stack}": {{"type": "aws:cloudformation:stack", "environment": "aws://{environment}",
            "properties": {{"templateFile": "{stack}.template.json"}}}}"#
        ));
    }
    let manifest = format!(
        r#"{{"version": "36.0.0", "artifacts": {{{}}}}}"#,
        artifacts.join(", ")
    );
    files.push(("cdk.out/manifest.json".to_owned(), manifest));
    files
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table, with a row for each case")]
fn constructs_and_environments_tell_declarations_apart() {
    let dev = "111111111111/eu-west-1";
    let prod = "333333333333/eu-central-1";
    let anywhere = "unknown-account/unknown-region";
    let api = ("X1", "App/Api/Resource", "backend");
    let other = ("X1", "App/Api/Resource", "backend-prod");
    for (case, stacks, expected) in [
        ("construct", vec![("App", dev, &[api][..])], 1),
        (
            "construct in a construct",
            vec![(
                "App",
                dev,
                &[("X1", "App/Api/Repository/Resource", "backend")][..],
            )],
            1,
        ),
        (
            "construct of a stage",
            vec![(
                "App",
                dev,
                &[("X1", "Stage/App/api/Resource", "backend")][..],
            )],
            1,
        ),
        (
            "another construct",
            vec![("App", dev, &[("X1", "App/Server/Resource", "backend")][..])],
            0,
        ),
        (
            "construct of the stack's name",
            vec![("App", dev, &[("X1", "Api/Server/Resource", "backend")][..])],
            0,
        ),
        (
            "two environments",
            vec![("Dev", dev, &[api][..]), ("Prod", prod, &[other][..])],
            2,
        ),
        (
            "two environments, one name",
            vec![("Dev", dev, &[api][..]), ("Prod", prod, &[api][..])],
            2,
        ),
        (
            "two stacks of one environment",
            vec![("One", dev, &[api][..]), ("Two", dev, &[other][..])],
            0,
        ),
        (
            "two stacks of any environment",
            vec![
                ("One", anywhere, &[api][..]),
                ("Two", anywhere, &[other][..]),
            ],
            0,
        ),
        (
            "one stack of any environment beside another",
            vec![("One", anywhere, &[api][..]), ("Two", dev, &[other][..])],
            0,
        ),
    ] {
        let mut files = assembly(&stacks);
        files.push(("ecrlint.yaml".to_owned(), CONFIG.to_owned()));
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let report = report(&files, &["cdk.out"]);
        let names = of(&report, "name-pattern");
        let taken = names.iter().filter(|one| {
            related(one)
                .iter()
                .any(|text| text.contains("its construct is"))
        });
        assert_eq!(taken.count(), expected, "{case}: {report}");
        let undeclared = of(&report, "undeclared-repository").len();
        assert_eq!(
            undeclared,
            if expected == 0 { names.len() } else { 0 },
            "{case}: {report}"
        );
    }
}

#[test]
fn nobody_is_taken_for_another_where_repositories_may_hide() {
    let template = template(&[("R", "api", "")]);
    let hidden = [
        "Transform: OwnMacro\nResources: { T: { Type: 'AWS::SNS::Topic' } }",
        "Resources: { A: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: x",
    ];
    for (other, expected) in hidden
        .into_iter()
        .map(|text| (text, 1))
        .chain([("a: b", 0)])
    {
        let folder = folder(&[
            ("ecrlint.yaml", CONFIG),
            ("in/a.yaml", &template),
            ("in/b.yaml", other),
        ]);
        let usual = ["check", "in", "-o", "json", "--environment", "dev"];
        let (_, report) = ecrlint(usual).within(folder.path()).json();
        let undeclared = of(&report, "undeclared-repository");
        assert_eq!(undeclared.len(), expected, "{other}: {report}");
    }
}

#[test]
fn nobody_is_taken_for_another_where_no_rule_says_that_names_are_wrong() {
    let template = template(&[("R", "api", "")]);
    for (rules, expected) in [
        ("rules: { name-pattern: off }\n", 1),
        (
            "rules: { name-pattern: { severity: error, settings: { pattern: '[a-z]+' } } }\n",
            1,
        ),
        ("rules: { name-pattern: warning }\n", 0),
        ("", 0),
    ] {
        let config = format!("{CONFIG}{rules}");
        let files = [
            ("ecrlint.yaml", config.as_str()),
            ("a.yaml", template.as_str()),
        ];
        let report = report(&files, &["a.yaml", "--environment", "dev"]);
        assert_eq!(
            of(&report, "undeclared-repository").len(),
            expected,
            "{rules}: {report}"
        );
        let missing = of(&report, "declared-repository-missing");
        assert_eq!(
            missing
                .iter()
                .filter(|one| one["verdict"] == "fail")
                .count(),
            expected,
            "{rules}: {report}"
        );
    }
}
