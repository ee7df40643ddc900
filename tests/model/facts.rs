//! What the model makes of repositories: each fact, from a template to the judged document.

use ecrlint::input::{self, Context, DeployTarget, Scratch};
use ecrlint::model::facts::{self, Described, DuplicateName, Match, Scope};
use ecrlint::model::{
    Data, Declared, DeclaredRepository, Document, Entity, Environment, FullMatchPattern,
    Organisation, RegistryScanning, RequiredTag, Stated, Value,
};
use ecrlint::source::{SourceId, Span};

const SOURCE: SourceId = SourceId(0);

/// The repositories of a template.
fn load(template: &str) -> Vec<Entity> {
    let context = Context {
        stack: Some("App".into()),
        environment: DeployTarget {
            account: Some("111111111111".into()),
            region: Some("eu-west-1".into()),
        },
        ..Context::default()
    };
    let loaded = input::load(template, SOURCE, &context, &mut Scratch::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    loaded.entities
}

/// The first repository of a template, described.
fn describe(template: &str, scope: &Scope<'_>) -> Described {
    facts::describe(&load(template)[0], scope)
}

/// A template with one repository that has these properties, as YAML flow.
fn repository(properties: &str) -> String {
    format!(
        "Parameters: {{ P: {{ Type: String }} }}\n\
         Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties: {properties}\n"
    )
}

/// The value at a path of member names and positions below `$.repository`.
fn at<'d>(described: &'d Described, path: &str) -> Value<'d> {
    walk(described.document.value(described.repository), path)
}

fn walk<'d>(value: Value<'d>, path: &str) -> Value<'d> {
    path.split('.').fold(value, |value, name| {
        let found = match name.parse::<usize>() {
            Ok(position) => value.items().nth(position),
            Err(_) => value.by_key(name),
        };
        found.unwrap_or_else(|| panic!("no `{name}` of `{path}`"))
    })
}

/// A value in one word: the text, `?` for unknown, `-` for absent.
fn word(value: Value<'_>) -> String {
    match value.data() {
        Data::Bool(flag) => flag.to_string(),
        Data::Number(text) | Data::String(text) => text.to_owned(),
        Data::Unknown(_) => "?".into(),
        Data::Absent => "-".into(),
        Data::Null => "null".into(),
        Data::Array => format!("[{}]", value.items().len()),
        Data::Object => "{}".into(),
    }
}

fn fact(properties: &str, path: &str) -> String {
    word(at(
        &describe(&repository(properties), &Scope::default()),
        path,
    ))
}

fn declared<T>(value: T) -> Declared<T> {
    let span = Span::default();
    Declared { value, span }
}

fn text(value: &str) -> Declared<String> {
    declared(value.to_owned())
}

fn base(name: &str) -> DeclaredRepository {
    DeclaredRepository {
        environment: None,
        base: text(name),
        use_kms_key: Stated::Nothing,
        images_retained: Stated::Nothing,
        shareable_with_all_envs: Stated::Nothing,
    }
}

fn organisation(repositories: Vec<DeclaredRepository>) -> Organisation {
    Organisation {
        prefix: Some(text("acme")),
        app: Some(text("shop")),
        declares_repositories: !repositories.is_empty(),
        repositories,
        ..Organisation::default()
    }
}

// Scanning

/// A registry from `(frequency, filters)`; filters are separated by blanks.
fn registry(scan_type: &str, rules: &[(&str, &str)]) -> RegistryScanning {
    let span = Span::default();
    let mut document = Document::default();
    let rules: Vec<_> = rules
        .iter()
        .map(|(frequency, filters)| {
            let filters: Vec<_> = filters
                .split_whitespace()
                .map(|filter| {
                    let filter = document.string(filter, span);
                    document.object(&[("filter", filter)], span)
                })
                .collect();
            let filters = document.array(&filters, span);
            let frequency = document.string(frequency, span);
            document.object(&[("frequency", frequency), ("filters", filters)], span)
        })
        .collect();
    RegistryScanning {
        event_rules: Vec::new(),
        policy: None,
        family: None,
        file: None,
        is_live: false,
        scan_type: document.string(scan_type, span),
        rules: document.array(&rules, span),
        account: None,
        region: None,
        document,
    }
}

fn scanned(properties: &str, registry: Option<&RegistryScanning>) -> String {
    let scope = Scope {
        registry,
        ..Scope::default()
    };
    let described = describe(&repository(properties), &scope);
    let effective = word(at(&described, "scanning.effective"));
    format!(
        "{effective} {}",
        word(at(&described, "scanning.decided_by"))
    )
}

const ON: &str = "{ RepositoryName: team/app, ImageScanningConfiguration: { ScanOnPush: true } }";
const OFF: &str = "{ RepositoryName: team/app }";

#[test]
fn without_a_registry_the_flag_decides() {
    assert_eq!(scanned(ON, None), "true repository");
    assert_eq!(scanned(OFF, None), "false repository");
    let unknown = "{ ImageScanningConfiguration: { ScanOnPush: !Ref P } }";
    assert_eq!(scanned(unknown, None), "? repository");
}

#[test]
fn an_enhanced_registry_ignores_the_flag() {
    let none = registry("ENHANCED", &[]);
    let hit = registry("ENHANCED", &[("CONTINUOUS_SCAN", "team/*")]);
    let miss = registry("ENHANCED", &[("SCAN_ON_PUSH", "prod")]);
    // AWS documents both readings.
    assert_eq!(scanned(OFF, Some(&none)), "? registry");
    assert_eq!(scanned(OFF, Some(&hit)), "true registry");
    assert_eq!(scanned(ON, Some(&miss)), "false registry");
}

#[test]
fn a_basic_registry_scans_what_it_matches_and_else_what_asks_for_it() {
    let none = registry("BASIC", &[]);
    let hit = registry("BASIC", &[("SCAN_ON_PUSH", "app")]);
    let miss = registry("BASIC", &[("SCAN_ON_PUSH", "prod*")]);
    let empty = registry("BASIC", &[("SCAN_ON_PUSH", "")]);
    assert_eq!(scanned(OFF, Some(&hit)), "true registry");
    assert_eq!(scanned(ON, Some(&none)), "true repository");
    assert_eq!(scanned(OFF, Some(&none)), "false repository");
    assert_eq!(scanned(ON, Some(&miss)), "? registry");
    assert_eq!(scanned(OFF, Some(&miss)), "false registry");
    assert_eq!(scanned(OFF, Some(&empty)), "? registry");
}

#[test]
fn filters_match_as_in_the_matrix_of_aws() {
    let names = [
        "prod",
        "repo-prod",
        "prod-repo",
        "repo-prod-repo",
        "prodrepo",
    ];
    let matrix = [
        ("prod", "yyyyy"),
        ("*prod", "yynnn"),
        ("prod*", "ynyny"),
        ("*prod*", "yyyyy"),
        ("prod*repo", "nnyny"),
    ];
    for (filter, row) in matrix {
        let registry = registry("BASIC", &[("SCAN_ON_PUSH", filter)]);
        for (name, expected) in names.iter().zip(row.chars()) {
            let properties = format!("{{ RepositoryName: {name} }}");
            let is_scanned = scanned(&properties, Some(&registry)).starts_with("true");
            assert_eq!(is_scanned, expected == 'y', "{filter} {name}");
        }
    }
}

#[test]
fn a_name_known_in_part_is_matched_as_far_as_it_is_known() {
    let properties = "{ RepositoryName: !Sub 'team-${P}-app' }";
    for (filter, expected) in [
        ("team-*", "true"),
        ("*", "true"),
        ("prod*", "false"),
        ("x", "?"),
    ] {
        let registry = registry("ENHANCED", &[("SCAN_ON_PUSH", filter)]);
        let answer = scanned(properties, Some(&registry));
        assert_eq!(answer, format!("{expected} registry"), "{filter}");
    }
}

// Naming

#[test]
fn a_name_that_ecr_refuses_has_a_problem_at_it() {
    let template = repository("{ RepositoryName: Team/App }");
    let described = describe(&template, &Scope::default());
    let problem = at(&described, "name_problems.0");
    assert_eq!(problem.span().slice(&template), "Team/App");
    assert!(word(at(&described, "name_problems.0.problem")).contains("capital `T`"));
}

#[test]
fn a_name_known_in_part_is_refused_for_a_certain_fault_only() {
    assert_eq!(
        fact("{ RepositoryName: !Sub 'App-${P}' }", "name_problems"),
        "[1]"
    );
    assert_eq!(
        fact("{ RepositoryName: !Sub 'app-${P}' }", "name_problems"),
        "?"
    );
    assert_eq!(
        fact("{ RepositoryName: !Sub '${P}-' }", "name_problems"),
        "[1]"
    );
    assert_eq!(fact("{}", "name_problems"), "[0]");
}

#[test]
fn a_missing_name_is_generated() {
    assert_eq!(fact("{}", "name_generated"), "true");
    assert_eq!(
        fact("{ RepositoryName: !Ref P }", "name_generated"),
        "false"
    );
}

#[test]
fn names_conform_to_prefix_and_application() {
    let open = organisation(vec![]);
    let closed = organisation(vec![base("Api")]);
    let conforms = |organisation: &Organisation, name: &str| {
        let scope = Scope {
            organisation: Some(organisation),
            ..Scope::default()
        };
        let template = repository(&format!("{{ RepositoryName: {name} }}"));
        word(at(&describe(&template, &scope), "name_conforms"))
    };
    for (name, by_pattern, by_declaration) in [
        ("acme-shop-api", "true", "true"),
        // Whether it is declared, another rule says.
        ("acme-shop-web", "true", "true"),
        ("acme-shop-", "false", "false"),
        ("acme-shop-Web", "false", "false"),
        ("acme-web", "false", "false"),
        ("!Sub 'acme-shop-${P}'", "?", "?"),
        ("!Sub 'acme-shop-a${P}'", "true", "true"),
        ("!Sub 'acme-shop-w${P}'", "true", "true"),
        ("!Sub 'other-${P}'", "false", "false"),
        ("!Ref P", "?", "?"),
    ] {
        assert_eq!(conforms(&open, name), by_pattern, "{name}");
        assert_eq!(conforms(&closed, name), by_declaration, "{name}");
    }
}

#[test]
fn twins_are_listed_at_their_names() {
    let span = Span::new(SOURCE, 3, 5);
    let twins = [DuplicateName {
        span,
        logical_id: Some("Other"),
        stack: None,
        doubt: None,
        more: 0,
    }];
    let scope = Scope {
        same_name: &twins,
        ..Scope::default()
    };
    let described = describe(&repository("{ RepositoryName: app }"), &scope);
    assert_eq!(at(&described, "same_name.0").span(), span);
    assert_eq!(word(at(&described, "same_name.0.logical_id")), "Other");
    assert_eq!(fact("{ RepositoryName: app }", "same_name"), "[0]");
    assert_eq!(fact("{ RepositoryName: !Ref P }", "same_name"), "[0]");
}

#[test]
fn a_twin_in_doubt_leaves_the_question_open() {
    let twins = [DuplicateName {
        doubt: Some("parameter `P` has no default"),
        ..DuplicateName::default()
    }];
    let scope = Scope {
        same_name: &twins,
        ..Scope::default()
    };
    let described = describe(&repository("{ RepositoryName: app }"), &scope);
    let twin = at(&described, "same_name.0");
    assert!(twin.as_unknown().unwrap().maybe_absent);
}

#[test]
fn repositories_of_tools_are_recognised() {
    let bootstrap = "!Sub 'cdk-hnb659fds-container-assets-${AWS::AccountId}-${P}'";
    let named = |name: &str| fact(&format!("{{ RepositoryName: {name} }}"), "tool_owned");
    assert_eq!(named(bootstrap), "true");
    assert_eq!(named("cdk-x-container-assets-1-eu"), "true");
    assert_eq!(named("my-cdk-container-assets-1"), "false");
    let companion = "{ Tags: [{ Key: ManagedStackSource, Value: AwsSamCli }] }";
    assert_eq!(fact(companion, "tool_owned"), "true");
}

#[test]
fn the_partition_follows_from_the_region() {
    let described = describe(&repository("{}"), &Scope::default());
    assert_eq!(word(at(&described, "partition")), "aws");
    let mut china = load(&repository("{}"));
    china[0].subject.region = Some("cn-north-1".into());
    let described = facts::describe(&china[0], &Scope::default());
    assert_eq!(word(at(&described, "partition")), "aws-cn");
}

// Declarations

#[test]
fn a_declaration_is_found_by_the_builders_name() {
    let organisation = organisation(vec![base("API"), base("web")]);
    let found = |name: &str| {
        let repository = load(&repository(&format!("{{ RepositoryName: {name} }}")));
        match facts::declaration_for(&organisation, None, &repository[0]) {
            Match::Declared(declared) => declared.base.value.clone(),
            Match::Undeclared => "-".into(),
            Match::Unknown(_) => "?".into(),
            Match::Unasked => "unasked".into(),
        }
    };
    assert_eq!(found("acme-shop-api"), "API");
    assert_eq!(found("acme-shop-x"), "-");
    assert_eq!(found("!Sub 'acme-shop-${P}'"), "?");
    assert_eq!(found("!Sub 'other-${P}'"), "-");
}

#[test]
fn an_environment_chooses_its_own_declaration() {
    let of = |environment: Option<&str>, count| DeclaredRepository {
        environment: environment.map(str::to_owned),
        images_retained: Stated::Value(declared(count)),
        ..base("api")
    };
    let organisation = organisation(vec![of(None, 1), of(Some("dev"), 2), of(Some("prod"), 3)]);
    let prod = Environment {
        name: "prod".into(),
        account: text("111111111111"),
        region: None,
    };
    let repository = load(&repository("{ RepositoryName: acme-shop-api }"));
    let count =
        |environment| match facts::declaration_for(&organisation, environment, &repository[0]) {
            Match::Declared(declared) => declared.images_retained.value(),
            _ => None,
        };
    assert_eq!(count(Some(&prod)), Some(3));
    assert_eq!(count(None), None);
}

#[test]
fn a_declaration_that_cannot_be_known_is_unknown() {
    let organisation = organisation(vec![base("api")]);
    let scope = Scope {
        organisation: Some(&organisation),
        ..Scope::default()
    };
    let described = describe(&repository("{ RepositoryName: !Ref P }"), &scope);
    let declared = described.document.value(described.declared.unwrap());
    assert!(declared.as_unknown().unwrap().reason.contains("`P`"));
    assert!(describe(&repository("{}"), &scope).declared.is_none());
}

#[test]
fn what_is_not_declared_is_off() {
    let organisation = organisation(vec![base("api")]);
    let scope = Scope {
        organisation: Some(&organisation),
        declared: organisation.repositories.first(),
        ..Scope::default()
    };
    let described = describe(&repository("{ RepositoryName: acme-shop-api }"), &scope);
    let declared = described.document.value(described.declared.unwrap());
    assert_eq!(word(walk(declared, "use_kms_key")), "false");
    assert_eq!(word(walk(declared, "images_retained")), "-");
    assert_eq!(word(at(&described, "name_expected")), "acme-shop-api");
}

#[test]
fn advice_about_a_name_is_there_where_a_part_of_it_is_filled_in() {
    let advice = |name: &str| {
        let template = repository(&format!("{{ RepositoryName: {name} }}"));
        let described = describe(&template, &Scope::default());
        word(at(&described, "name_advice"))
    };
    let filled = advice("!Sub 'Team/${P}'");
    assert!(
        filled.starts_with("a part of the name is filled in: keep that"),
        "{filled}"
    );
    // The name that is suggested beside it.
    assert!(filled.ends_with("such as `team`"), "{filled}");
    assert_eq!(advice("Team/app"), "-", "all of it is written");
    assert_eq!(advice("team/app"), "-", "it need not change");
    assert_eq!(
        word(at(
            &describe(&repository("{}"), &Scope::default()),
            "name_advice"
        )),
        "-"
    );
}

// Mutability

#[test]
fn release_tags_are_judged_by_what_the_filters_leave() {
    let mutable = |mode: &str, filters: &[&str], protected: &[&str]| {
        let filters: Vec<_> = filters
            .iter()
            .map(|filter| {
                format!(
                    "{{ ImageTagMutabilityExclusionFilterType: WILDCARD, \
                     ImageTagMutabilityExclusionFilterValue: '{filter}' }}"
                )
            })
            .collect();
        let filters = filters.join(", ");
        let properties = format!(
            "{{ ImageTagMutability: {mode}, ImageTagMutabilityExclusionFilters: [{filters}] }}"
        );
        let protected: Vec<_> = protected.iter().map(|tag| text(tag)).collect();
        let scope = Scope {
            protected_tags: &protected,
            ..Scope::default()
        };
        word(at(
            &describe(&repository(&properties), &scope),
            "mutability.release_tags_mutable",
        ))
    };
    assert_eq!(mutable("MUTABLE", &[], &[]), "true");
    assert_eq!(mutable("IMMUTABLE", &[], &[]), "false");
    let except = "IMMUTABLE_WITH_EXCLUSION";
    assert_eq!(mutable(except, &["dev-*", "latest"], &[]), "false");
    assert_eq!(mutable(except, &["dev-*", "*"], &[]), "true");
    assert_eq!(mutable(except, &["v*"], &[]), "true");
    assert_eq!(mutable(except, &["prod*"], &["prod-*"]), "true");
    assert_eq!(mutable(except, &["dev-*"], &["prod-*"]), "false");
    let only = "MUTABLE_WITH_EXCLUSION";
    assert_eq!(mutable(only, &["v*"], &[]), "false");
    assert_eq!(mutable(only, &["v1*"], &[]), "true");
    assert_eq!(mutable(only, &["prod-*"], &["prod-*", "live"]), "true");
    assert_eq!(
        mutable(only, &["prod*", "l*"], &["prod-*", "live"]),
        "false"
    );
    assert_eq!(mutable("!Ref P", &[], &[]), "?");
    assert_eq!(fact("{}", "tag_mutability"), "MUTABLE");
}

#[test]
fn mutability_that_ecr_refuses_has_a_problem() {
    let filters = |filter: &str| {
        format!(
            "ImageTagMutabilityExclusionFilters: [{{ ImageTagMutabilityExclusionFilterType: \
             WILDCARD, ImageTagMutabilityExclusionFilterValue: '{filter}' }}]"
        )
    };
    let problems = |properties: &str| fact(&format!("{{ {properties} }}"), "mutability.problems");
    let except = "ImageTagMutability: IMMUTABLE_WITH_EXCLUSION";
    assert_eq!(problems("ImageTagMutability: IMMUTABLE"), "[0]");
    assert_eq!(problems("ImageTagMutability: Immutable"), "[1]");
    assert_eq!(problems(except), "[1]");
    assert_eq!(problems(&filters("dev-*")), "[1]");
    assert_eq!(problems(&format!("{except}, {}", filters("dev-*"))), "[0]");
    assert_eq!(problems(&format!("{except}, {}", filters("a*b*c*"))), "[1]");
    assert_eq!(problems(&format!("{except}, {}", filters("a b"))), "[1]");
    assert_eq!(problems("ImageTagMutability: !Ref P"), "?");
}

// Encryption

fn encrypted(configuration: &str) -> (String, String) {
    let template = repository(&format!(
        "{{ EncryptionConfiguration: {{ {configuration} }} }}"
    )) + "  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: {} } }\n";
    let described = describe(&template, &Scope::default());
    (
        word(at(&described, "encryption.key_manager")),
        word(at(&described, "encryption.problems")),
    )
}

#[test]
fn the_manager_of_a_key_is_known_from_its_form() {
    let cases = [
        ("EncryptionType: AES256", "none"),
        ("EncryptionType: KMS", "aws"),
        ("EncryptionType: KMS, KmsKey: alias/aws/ecr", "aws"),
        ("EncryptionType: KMS, KmsKey: alias/acme/ecr", "customer"),
        (
            "EncryptionType: KMS, KmsKey: 'arn:aws:kms:eu-west-1:111111111111:alias/acme'",
            "customer",
        ),
        ("EncryptionType: KMS, KmsKey: !GetAtt Key.Arn", "customer"),
        (
            "EncryptionType: KMS, KmsKey: !Sub 'arn:aws:kms:${AWS::Region}:${P}:alias/acme'",
            "customer",
        ),
        (
            "EncryptionType: KMS, KmsKey: 'arn:aws:kms:eu-west-1:111111111111:key/1'",
            "?",
        ),
        ("EncryptionType: KMS, KmsKey: !Ref P", "?"),
        ("EncryptionType: !Ref P", "?"),
    ];
    for (configuration, manager) in cases {
        assert_eq!(encrypted(configuration).0, manager, "{configuration}");
    }
    assert_eq!(fact("{}", "encryption.type"), "AES256");
    assert_eq!(fact("{}", "encryption.key_manager"), "none");
}

#[test]
fn encryption_that_ecr_refuses_has_a_problem() {
    let cases = [
        ("EncryptionType: KMS, KmsKey: alias/a", "[0]"),
        ("EncryptionType: AES256, KmsKey: alias/a", "[1]"),
        ("KmsKey: alias/a", "[1]"),
        ("EncryptionType: AES-256", "[1]"),
        (
            "EncryptionType: KMS, KmsKey: 'arn:aws:kms:us-east-1:111111111111:key/1'",
            "[1]",
        ),
        (
            "EncryptionType: KMS, KmsKey: 'arn:aws:kms:eu-west-1:111111111111:key/1'",
            "[0]",
        ),
        ("EncryptionType: !Ref P, KmsKey: alias/a", "?"),
    ];
    for (configuration, problems) in cases {
        assert_eq!(encrypted(configuration).1, problems, "{configuration}");
    }
}

// Parameters

const PARAMETERS: &str = "
  Arn: { Type: AWS::SSM::Parameter, Properties: { Name: ECR_MY-API_arn, Type: String, Value: !GetAtt App.Arn } }
  Name: { Type: AWS::SSM::Parameter, Properties: { Name: Ecr_My_Api_Name, Type: String, Value: !Ref App } }
";

#[test]
fn expected_parameters_are_found_under_either_spelling() {
    let organisation = organisation(vec![]);
    let scope = Scope {
        organisation: Some(&organisation),
        ..Scope::default()
    };
    let template = repository("{ RepositoryName: acme-shop-my-api }") + PARAMETERS;
    let described = describe(&template, &scope);
    assert_eq!(word(at(&described, "parameters.expected")), "[2]");
    assert_eq!(word(at(&described, "parameters.expected.0.found")), "true");
    let name = at(&described, "parameters.expected.1");
    assert_eq!(word(walk(name, "name")), "ECR_MY-API_name");
    assert_eq!(word(walk(name, "found")), "false");
    assert_eq!(word(walk(name, "near_miss")), "Ecr_My_Api_Name");
    assert!(word(walk(name, "problem")).contains("`Ecr_My_Api_Name`"));

    let joined = template.replace("ECR_MY-API_arn", "ECR_MY_API_arn");
    let described = describe(&joined, &scope);
    assert_eq!(word(at(&described, "parameters.expected.0.found")), "true");

    let unknown = template.replace("ECR_MY-API_arn", "!Sub 'ECR_${P}_arn'");
    let described = describe(&unknown, &scope);
    assert_eq!(word(at(&described, "parameters.expected.0.found")), "?");
}

#[test]
fn a_key_parameter_is_expected_with_a_customers_key_only() {
    let with_key = DeclaredRepository {
        use_kms_key: Stated::Value(declared(true)),
        ..base("my-api")
    };
    let organisation = organisation(vec![with_key]);
    let scope = Scope {
        organisation: Some(&organisation),
        declared: organisation.repositories.first(),
        ..Scope::default()
    };
    let template = repository("{ RepositoryName: acme-shop-my-api }");
    let described = describe(&template, &scope);
    let name = at(&described, "parameters.expected.2.name");
    assert_eq!(word(name), "ECR_MY-API_kms_key_arn");
    assert_eq!(
        fact(
            "{ RepositoryName: acme-shop-my-api }",
            "parameters.expected"
        ),
        "-"
    );
}

// Tags

#[test]
fn required_tags_are_compared_with_key_and_value() {
    let organisation = Organisation {
        required_tags: vec![RequiredTag {
            key: text("owner"),
            pattern: Some(declared(FullMatchPattern::new("[a-z]+").unwrap())),
            values: vec![],
            by_environment: vec![],
        }],
        ..Organisation::default()
    };
    let scope = Scope {
        organisation: Some(&organisation),
        ..Scope::default()
    };
    let missing = |tags: &str| {
        let described = describe(&repository(&format!("{{ Tags: [{tags}] }}")), &scope);
        let missing = at(&described, "missing_tags");
        match missing.items().next() {
            Some(entry) => word(walk(entry, "problem")),
            None => word(missing),
        }
    };
    assert_eq!(missing("{ Key: owner, Value: team }"), "[0]");
    assert_eq!(missing(""), "has no tag `owner`");
    assert!(missing("{ Key: Owner, Value: team }").contains("`Owner`"));
    assert!(missing("{ Key: owner, Value: Team1 }").contains("`Team1`, expected a match"));
    assert_eq!(missing("{ Key: owner, Value: !Ref P }"), "?");
    assert_eq!(missing("{ Key: !Ref P, Value: x }"), "?");
}

#[test]
fn a_required_tag_can_have_a_value_for_each_environment() {
    let environment = |name: &str| Environment {
        name: name.to_owned(),
        account: text("111111111111"),
        region: None,
    };
    let environments = vec![environment("dev"), environment("prod"), environment("lab")];
    let organisation = Organisation {
        environments: environments.clone(),
        required_tags: vec![RequiredTag {
            key: text("stage"),
            pattern: None,
            values: vec![],
            by_environment: vec![("dev".into(), text("d")), ("prod".into(), text("p"))],
        }],
        ..Organisation::default()
    };
    let missing = |place: Option<usize>, tags: &str| {
        let scope = Scope {
            organisation: Some(&organisation),
            environment: place.map(|index| &environments[index]),
            ..Scope::default()
        };
        let described = describe(&repository(&format!("{{ Tags: [{tags}] }}")), &scope);
        let missing = at(&described, "missing_tags");
        match missing.items().next() {
            Some(entry) => word(walk(entry, "problem")) + "; " + &word(walk(entry, "expected")),
            None => word(missing),
        }
    };
    let wrong = "has the tag `stage` with `p`, expected `d` in environment `dev`; d";
    assert_eq!(missing(Some(0), "{ Key: stage, Value: d }"), "[0]");
    assert_eq!(missing(Some(0), "{ Key: stage, Value: p }"), wrong);
    assert_eq!(missing(Some(1), "{ Key: stage, Value: p }"), "[0]");
    assert!(missing(Some(1), "").starts_with("has no tag `stage`; p"));
    // An environment without an entry takes any value.
    assert_eq!(missing(Some(2), "{ Key: stage, Value: x }"), "[0]");
    assert_eq!(missing(None, "{ Key: stage, Value: d }"), "?");
    assert!(missing(None, "").starts_with("has no tag `stage`; "));
    // A text that is known in part can still be certainly wrong.
    let part = "{ Key: stage, Value: !Sub 'd-${P}' }";
    let problem = missing(Some(0), part);
    assert!(problem.contains("another value than `d` in environment `dev`"));
    assert_eq!(missing(Some(0), "{ Key: stage, Value: !Sub 'd${P}' }"), "?");
    assert_eq!(missing(Some(0), "{ Key: stage, Value: !Ref P }"), "?");
}

// Deletion

#[test]
fn deletion_has_the_defaults_of_cloudformation() {
    assert_eq!(fact("{}", "deletion.empty_on_delete"), "false");
    assert_eq!(
        fact("{ EmptyOnDelete: 'true' }", "deletion.empty_on_delete"),
        "true"
    );
    assert_eq!(
        fact("{ EmptyOnDelete: !Ref P }", "deletion.empty_on_delete"),
        "?"
    );
    assert_eq!(fact("{}", "deletion.deletion_policy"), "Delete");
}

// Lifecycle

/// A template whose repository has this lifecycle policy text.
/// A template with a repository that has this lifecycle policy.
pub(crate) fn lifecycle(policy: &str) -> String {
    let text = serde_json::Value::from(policy);
    format!(
        r#"{{"Parameters":{{"Keep":{{"Type":"Number"}}}},"Resources":{{"App":{{"Type":"AWS::ECR::Repository","Properties":{{"LifecyclePolicy":{{"LifecyclePolicyText":{text}}}}}}}}}}}"#
    )
}

/// Problems of a policy, each with the text that it points at.
pub(crate) fn problems(template: &str) -> Vec<(String, String)> {
    let described = describe(template, &Scope::default());
    at(&described, "lifecycle.problems")
        .items()
        .map(|entry| {
            let text = entry.span().slice(template).to_owned();
            (word(walk(entry, "problem")), text)
        })
        .collect()
}

fn keeps(template: &str) -> String {
    let described = describe(template, &Scope::default());
    let keeps = at(&described, "lifecycle.keeps");
    keeps.by_key("count").map_or_else(|| word(keeps), word)
}

/// A rule in short: priority, selection, count, action.
fn rule(priority: u32, selection: &str, count: &str, action: &str) -> String {
    format!(
        r#"{{"rulePriority":{priority},"selection":{{{selection},{count}}},"action":{{"type":"{action}"}}}}"#
    )
}

fn policy(rules: &[String]) -> String {
    format!(r#"{{"rules":[{}]}}"#, rules.join(","))
}

const ANY: &str = r#""tagStatus":"any""#;
const UNTAGGED: &str = r#""tagStatus":"untagged""#;
const TAGGED: &str = r#""tagStatus":"tagged","tagPatternList":["v*"]"#;
const TEN: &str = r#""countType":"imageCountMoreThan","countNumber":10"#;
const DAYS: &str = r#""countType":"sinceImagePushed","countUnit":"days","countNumber":10"#;
const ARCHIVED: &str = r#""storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":365"#;

#[test]
fn policies_that_ecr_takes_have_no_problem() {
    for rules in [
        vec![rule(1, ANY, TEN, "expire")],
        vec![rule(1, TAGGED, TEN, "expire"), rule(2, ANY, DAYS, "expire")],
        vec![
            rule(2, ANY, TEN, "expire"),
            rule(1, UNTAGGED, DAYS, "expire"),
        ],
        // One `any` for each storage class, and order counts within a class only.
        vec![
            rule(1, ANY, ARCHIVED, "expire"),
            rule(2, ANY, TEN, "expire"),
        ],
    ] {
        let policy = policy(&rules);
        assert_eq!(problems(&lifecycle(&policy)), [], "{policy}");
    }
}

#[test]
fn a_fault_of_a_policy_is_found_at_its_value() {
    let twice = policy(&[
        rule(7, UNTAGGED, DAYS, "expire"),
        rule(7, ANY, TEN, "expire"),
    ]);
    let zero = policy(&[rule(1, ANY, &TEN.replace("10", "0"), "expire")]);
    let delete = policy(&[rule(1, ANY, TEN, "delete")]);
    let early = policy(&[
        rule(1, ANY, TEN, "expire"),
        rule(2, UNTAGGED, DAYS, "expire"),
    ]);
    let word = policy(&[rule(
        1,
        ANY,
        &TEN.replace("imageCount", "ImageCount"),
        "expire",
    )]);
    let key = policy(&[rule(
        1,
        ANY,
        &format!("{TEN},\"tagPaternList\":3"),
        "expire",
    )]);
    let unit = policy(&[rule(
        1,
        ANY,
        &format!("{TEN},\"countUnit\":\"days\""),
        "expire",
    )]);
    for (policy, problem, place) in [
        (twice, "`rulePriority` 7 is used twice", "7"),
        (zero, "`countNumber` is 0, expected a whole", "0"),
        (
            delete,
            "`type` is `delete`, expected `expire`",
            r#"\"delete\""#,
        ),
        (
            early,
            "`any` is selected at priority 1, expected behind",
            r#"\"any\""#,
        ),
        (
            word,
            "expected `imageCountMoreThan`",
            r#"\"ImageCountMoreThan\""#,
        ),
        (
            key,
            "has the key `tagPaternList`, expected `tagPatternList`",
            "3",
        ),
        (unit, "counts images", r#"\"days\""#),
    ] {
        let template = lifecycle(&policy);
        let found = problems(&template);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.contains(problem), "{found:?}");
        assert_eq!(found[0].1, place, "{found:?}");
    }
}

#[test]
fn a_function_inside_the_text_is_not_resolved() {
    let hidden = TEN.replace("10", r#"{"Ref":"Keep"}"#);
    let found = problems(&lifecycle(&policy(&[rule(1, ANY, &hidden, "expire")])));
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .0
            .contains("functions inside the JSON text are not resolved")
    );
    assert!(found[0].1.contains("Keep"), "{found:?}");
}

#[test]
fn a_policy_has_to_be_a_json_text_of_the_right_length() {
    let long = format!(
        "{}{}",
        policy(&[rule(1, ANY, TEN, "expire")]),
        " ".repeat(30_720)
    );
    assert!(
        problems(&lifecycle(&long))[0]
            .0
            .contains("expected 100 to 30720")
    );
    assert!(
        problems(&lifecycle("{\"rules\":[]}"))[0]
            .0
            .contains("12 characters")
    );
    let broken = policy(&[rule(1, ANY, TEN, "expire")]).replace("]}", "");
    assert!(problems(&lifecycle(&broken))[0].0.contains("not JSON"));
    let mapping = repository("{ LifecyclePolicy: { LifecyclePolicyText: { rules: [] } } }");
    assert!(problems(&mapping)[0].0.contains("expected a JSON text"));
}

#[test]
fn a_policy_keeps_a_number_when_any_image_counts() {
    let one = |selection, count, action| lifecycle(&policy(&[rule(1, selection, count, action)]));
    assert_eq!(keeps(&one(ANY, TEN, "expire")), "10");
    assert_eq!(keeps(&one(ANY, DAYS, "expire")), "-");
    assert_eq!(keeps(&one(UNTAGGED, TEN, "expire")), "-");
    assert_eq!(keeps(&one(ANY, ARCHIVED, "expire")), "-");
    let shield = policy(&[rule(1, TAGGED, TEN, "expire"), rule(2, ANY, TEN, "expire")]);
    assert_eq!(keeps(&lifecycle(&shield)), "-");
    assert_eq!(keeps(&repository("{}")), "-");
    assert_eq!(
        keeps(&repository(
            "{ LifecyclePolicy: { LifecyclePolicyText: !Ref P } }"
        )),
        "?"
    );
}

#[test]
fn a_hole_leaves_open_only_what_it_can_fill() {
    let template = |selection: &str| {
        let rule = rule(1, selection, &TEN.replace("10", "${P}"), "expire");
        let text = policy(&[rule]);
        repository(&format!(
            "{{ LifecyclePolicy: {{ LifecyclePolicyText: !Sub '{text}' }} }}"
        ))
    };
    assert_eq!(keeps(&template(ANY)), "?");
    assert_eq!(keeps(&template(UNTAGGED)), "-");
    let described = describe(&template(ANY), &Scope::default());
    assert_eq!(word(at(&described, "lifecycle.problems")), "?");
}

#[test]
fn a_policy_without_rules_counts_as_none() {
    let present = |properties: &str| fact(properties, "lifecycle.present");
    assert_eq!(present("{}"), "false");
    assert_eq!(
        present("{ LifecyclePolicy: { LifecyclePolicyText: '{\"rules\":[]}' } }"),
        "false"
    );
    assert_eq!(
        present("{ LifecyclePolicy: { LifecyclePolicyText: 'x' } }"),
        "true"
    );
    assert_eq!(
        present("{ LifecyclePolicy: { LifecyclePolicyText: ' ' } }"),
        "false"
    );
}

#[test]
fn a_policy_that_is_not_known_is_one() {
    let present = |policy: &str| {
        let template = repository(&format!("{{ LifecyclePolicy: {policy} }}")).replace(
            "{ P: { Type: String } }",
            "{ P: { Type: String }, Empty: { Type: String, Default: '' } }",
        );
        word(at(
            &describe(&template, &Scope::default()),
            "lifecycle.present",
        ))
    };
    let text = |text: &str| present(&format!("{{ LifecyclePolicyText: {text} }}"));
    for given in [
        "!Ref P",
        "{ Ref: P }",
        "!Sub '${P}'",
        "!Sub '{\"rules\":${P}}'",
        "!Join ['', ['{\"rules\":[', !Ref P, ']}']]",
        "!ImportValue policy",
        "'{{resolve:ssm:/policy}}'",
        "!FindInMap [M, !Ref P, Policy]",
        "!GetAtt Maker.Policy",
    ] {
        assert_eq!(text(given), "true", "{given}");
    }
    assert_eq!(present("{ Fn::Transform: { Name: AWS::Include } }"), "true");
    assert_eq!(present("!Ref P"), "true");
    for none in [
        "!Ref Empty",
        "''",
        "'  '",
        "!Ref AWS::NoValue",
        "!Sub '${Empty}'",
    ] {
        assert_eq!(text(none), "false", "{none}");
    }
    assert_eq!(present("{ RegistryId: '111111111111' }"), "false");
    assert_eq!(present("!Ref AWS::NoValue"), "false");
}

/// Priorities of the rules that are certainly dead, and of those for which that is not known.
pub(crate) fn dead(policy: &str) -> (Vec<i64>, Vec<i64>) {
    let described = describe(&lifecycle(policy), &Scope::default());
    let of = |wanted: fn(&Data<'_>) -> bool| {
        let entries = at(&described, "lifecycle.actions").items();
        let entries = entries.filter(|entry| wanted(&walk(*entry, "dead").data()));
        // What keeps images from a later rule is of use.
        let shields = |entry: &Value<'_>| {
            let shields = walk(*entry, "shields").items();
            shields.filter(|it| it.as_unknown().is_none()).count()
        };
        let entries = entries.filter(|entry| shields(entry) == 0);
        let priority = |entry| walk(entry, "rule").as_i64().expect("a priority");
        entries.map(priority).collect()
    };
    (
        of(|dead| matches!(dead, Data::Bool(true))),
        of(|dead| matches!(dead, Data::Unknown(_))),
    )
}

#[test]
fn a_rule_is_dead_when_rules_before_it_take_every_image() {
    let list = |entries: &str| format!(r#""tagStatus":"tagged","tagPatternList":[{entries}]"#);
    let of = |lists: &[&str]| {
        let rules = lists.iter().enumerate();
        let rules =
            rules.map(|(index, entries)| rule(index as u32 + 1, &list(entries), TEN, "expire"));
        dead(&policy(&rules.collect::<Vec<_>>())).0
    };
    assert_eq!(of(&[r#""v*""#, r#""v1.*""#]), [2]);
    assert_eq!(of(&[r#""v1.*""#, r#""v*""#]), [0_i64; 0]);
    // Entries are joined by "and": more of them take fewer images.
    assert_eq!(of(&[r#""a*""#, r#""a*","b*""#]), [2]);
    assert_eq!(of(&[r#""a*","b*""#, r#""a*""#]), [0_i64; 0]);
    // Two rules take all that a third one selects only where one of them takes the hardest image.
    assert_eq!(of(&[r#""a*""#, r#""b*""#, r#""*b""#, r#""a*","*c""#]), [4]);
    // The order is that of the priorities, not of the list.
    let backwards = policy(&[
        rule(2, &list(r#""v1.*""#), TEN, "expire"),
        rule(1, &list(r#""v*""#), TEN, "expire"),
    ]);
    assert_eq!(dead(&backwards).0, [2]);
}

#[test]
fn what_cannot_be_read_may_keep_a_rule_dead() {
    let template = |hole: &str| {
        let first = format!(r#""tagStatus":"tagged","tagPatternList":["{hole}"]"#);
        let second = r#""tagStatus":"tagged","tagPatternList":["v1.*"]"#;
        let text = policy(&[
            rule(1, &first, TEN, "expire"),
            rule(2, second, TEN, "expire"),
        ]);
        format!(
            r#"{{"Parameters":{{"Tag":{{"Type":"String"}}}},"Resources":{{"App":{{"Type":"AWS::ECR::Repository","Properties":{{"LifecyclePolicy":{{"LifecyclePolicyText":{{"Fn::Sub":{}}}}}}}}}}}}}"#,
            serde_json::Value::from(text)
        )
    };
    for (hole, unknown) in [("${Tag}", true), ("v${Tag}", true), ("x${Tag}", false)] {
        let described = describe(&template(hole), &Scope::default());
        let second = at(&described, "lifecycle.actions").items().nth(1).unwrap();
        let dead = walk(second, "dead").data();
        assert_eq!(
            matches!(dead, Data::Unknown(_)),
            unknown,
            "{hole}: {dead:?}"
        );
    }
}

#[test]
fn a_tag_that_no_image_may_have_leaves_open_whether_a_rule_acts() {
    let odd = policy(&[rule(
        1,
        r#""tagStatus":"tagged","tagPatternList":["refs/heads/*"]"#,
        TEN,
        "expire",
    )]);
    assert_eq!(dead(&odd), (vec![], vec![1]));
}

/// What the policy does to protected tags: rule, tags of an image that expires, and how many are kept.
fn expirations(policy: &str, tags: &[&str]) -> Vec<(String, String, String)> {
    let tags: Vec<_> = tags.iter().map(|tag| declared((*tag).to_owned())).collect();
    let scope = Scope {
        protected_tags: &tags,
        ..Scope::default()
    };
    let described = describe(&lifecycle(policy), &scope);
    let entries = at(&described, "lifecycle.expirations").items();
    let entries = entries.map(|entry| ["rule", "image", "kept"].map(|key| word(walk(entry, key))));
    entries.map(Into::into).collect()
}

#[test]
fn an_image_with_a_protected_tag_expires_unless_a_rule_in_front_takes_it() {
    let tagged = |entries: &str| format!(r#""tagStatus":"tagged","tagPatternList":[{entries}]"#);
    let dev = tagged(r#""dev-*""#);
    let prod = tagged(r#""prod-*""#);
    let expires = |rules: &[String]| expirations(&policy(rules), &["prod-*"]);
    let one = |rule: &str, image: &str, kept: &str| {
        vec![(rule.to_owned(), image.to_owned(), kept.to_owned())]
    };
    assert_eq!(
        expires(&[rule(1, ANY, TEN, "expire")]),
        one("1", "`prod-1`", "10")
    );
    assert_eq!(
        expires(&[rule(1, ANY, DAYS, "expire")]),
        one("1", "`prod-1`", "0")
    );
    assert_eq!(expires(&[rule(1, UNTAGGED, DAYS, "expire")]), []);
    assert_eq!(
        expires(&[rule(1, &dev, TEN, "expire")]),
        one("1", "`dev-1` and `prod-1`", "10")
    );
    // The rule in front takes the image from every rule behind it, and its own number says what it keeps.
    let shielded = [rule(1, &prod, TEN, "expire"), rule(2, ANY, DAYS, "expire")];
    assert_eq!(expires(&shielded), one("1", "`prod-1`", "10"));
    // A shield for some of the tags is none for the others.
    let half = [
        rule(1, &tagged(r#""prod-1*""#), TEN, "expire"),
        rule(2, ANY, DAYS, "expire"),
    ];
    let found = expires(&half);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        found[1].1, "`prod-42`",
        "an image that rule 1 does not take"
    );
}

/// ECR's matching, written plainly: a `*` is any run of characters.
fn fits(pattern: &[u8], tag: &[u8]) -> bool {
    match (pattern.first(), tag.first()) {
        (None, None) => true,
        (Some(b'*'), _) => {
            fits(&pattern[1..], tag) || (!tag.is_empty() && fits(pattern, &tag[1..]))
        }
        (Some(a), Some(b)) => a == b && fits(&pattern[1..], &tag[1..]),
        _ => false,
    }
}

/// Every image with up to four of the tags of one or two letters, of which the third is in no pattern.
fn images() -> Vec<Vec<&'static str>> {
    const TAGS: [&str; 12] = [
        "a", "b", "c", "aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc",
    ];
    let subsets = (0_u32..1 << TAGS.len()).filter(|subset| subset.count_ones() <= 4);
    let tags = |subset: u32| (0..TAGS.len()).filter(move |tag| subset & 1 << tag != 0);
    subsets
        .map(|subset| tags(subset).map(|tag| TAGS[tag]).collect())
        .collect()
}

/// A rule that is tried against images.
#[derive(Clone, Debug)]
struct Tried {
    /// Patterns; none for a rule about images without tags, `None` for one about any image.
    selects: Option<Vec<String>>,
    /// Keeps one image, or goes by age.
    counts: bool,
    expires: bool,
}

impl Tried {
    fn meets(&self, image: &[&str]) -> bool {
        match self.selects.as_deref() {
            None => true,
            Some([]) => image.is_empty(),
            Some(patterns) => patterns.iter().all(|pattern| {
                let mut tags = image.iter();
                tags.any(|tag| fits(pattern.as_bytes(), tag.as_bytes()))
            }),
        }
    }

    /// Whether the rule would act on an image that it selects in some repository: one that is old enough, or has
    /// another image of the rule, `selected`, that is newer. No tag is on two images.
    fn would_act(&self, image: &[&str], selected: &[&Vec<&'static str>]) -> bool {
        let mut others = selected.iter();
        !self.counts || others.any(|other| !other.iter().any(|tag| image.contains(tag)))
    }

    fn written(&self, priority: u32) -> String {
        let selection = match self.selects.as_deref() {
            None => ANY.to_owned(),
            Some([]) => UNTAGGED.to_owned(),
            Some(patterns) => {
                let list = serde_json::json!(patterns);
                format!(r#""tagStatus":"tagged","tagPatternList":{list}"#)
            }
        };
        let count = match self.counts {
            true => TEN.replace("10", "1"),
            false => DAYS.to_owned(),
        };
        match self.expires {
            true => rule(priority, &selection, &count, "expire"),
            false => rule(priority, &selection, &count, "transition").replace(
                r#""transition""#,
                r#""transition","targetStorageClass":"archive""#,
            ),
        }
    }
}

/// Rules about tags, perhaps one about images without, and perhaps one about any.
fn tried() -> impl proptest::strategy::Strategy<Value = Vec<Tried>> {
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    let tagged = proptest::collection::vec("[ab*]{1,2}", 1..3).prop_map(Some);
    let rule = |selects: proptest::strategy::BoxedStrategy<Option<Vec<String>>>| {
        (selects, any::<bool>(), proptest::bool::weighted(0.7)).prop_map(
            |(selects, counts, expires)| Tried {
                selects,
                counts,
                expires,
            },
        )
    };
    let selects = prop_oneof![9 => tagged, 1 => Just(Some(Vec::new()))].boxed();
    let last = proptest::option::of(rule(Just(None).boxed()));
    (proptest::collection::vec(rule(selects), 1..5), last).prop_map(|(mut rules, last)| {
        rules.extend(last);
        rules
    })
}

proptest::proptest! {
    /// Tries every small image against the rules: of those that it meets, the first one decides.
    #[test]
    fn rules_do_what_they_do_to_some_image(rules in tried()) {
        let written: Vec<_> = (1..).zip(&rules).map(|(priority, rule)| rule.written(priority)).collect();
        let policy = policy(&written);
        // ECR refuses the same list twice; nothing is said about rules that it does not take.
        proptest::prop_assume!(problems(&lifecycle(&policy)).is_empty());

        let images = images();
        let (mut useful, mut expiring, mut caps) = (vec![false; rules.len()], vec![false; rules.len()], false);
        let selected: Vec<Vec<_>> = rules
            .iter()
            .map(|rule| images.iter().filter(|image| rule.meets(image)).collect())
            .collect();
        for image in &images {
            let mut takers = (0..rules.len()).filter(|index| rules[*index].meets(image));
            let Some(first) = takers.next() else { continue };
            let would_act = |index: usize| rules[index].would_act(image, &selected[index]);
            let acts = would_act(first);
            // What it keeps from the next one, it is of use for.
            useful[first] |= acts || takers.next().is_some_and(would_act);
            let expires = acts && rules[first].expires;
            caps |= expires && !image.is_empty();
            expiring[first] |= expires && image.iter().any(|tag| fits(b"a*", tag.as_bytes()) || *tag == "bb");
        }
        let of = |flags: &[bool], wanted: bool| -> Vec<i64> {
            (1..).zip(flags).filter(|(_, flag)| **flag == wanted).map(|(priority, _)| priority).collect()
        };
        proptest::prop_assert_eq!(dead(&policy).0, of(&useful, false), "{}", &policy);
        let expirations = expirations(&policy, &["a*", "bb"]);
        let expirations: Vec<i64> = expirations.iter().map(|(rule, ..)| rule.parse().unwrap()).collect();
        proptest::prop_assert_eq!(expirations, of(&expiring, true), "{}", &policy);
        let described = describe(&lifecycle(&policy), &Scope::default());
        let caps_tagged = word(at(&described, "lifecycle.caps_tagged"));
        proptest::prop_assert_eq!(caps_tagged, caps.to_string(), "{}", &policy);
    }
}

// The schema

/// What is known of a value, as JSON; absent values are left out.
fn json(value: Value<'_>) -> Option<serde_json::Value> {
    Some(match value.data() {
        Data::Absent => return None,
        // What a template can write is a text when it is deployed.
        Data::Unknown(unknown) if unknown.reference.is_some() => unknown.reason.as_str().into(),
        Data::Unknown(unknown) => panic!("unknown, because {}", unknown.reason),
        Data::Null => serde_json::Value::Null,
        Data::Bool(flag) => flag.into(),
        Data::Number(text) => serde_json::from_str(text).expect("a number"),
        Data::String(text) => text.into(),
        Data::Array => value.items().filter_map(json).collect(),
        Data::Object => value
            .members()
            .filter_map(|(key, member)| Some((key.to_owned(), json(member)?)))
            .collect(),
    })
}

#[test]
fn a_described_repository_is_as_the_schema_says() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/repository.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let with_everything = DeclaredRepository {
        images_retained: Stated::Value(declared(10)),
        ..base("api")
    };
    let organisation = organisation(vec![with_everything]);
    let registry = registry("BASIC", &[("SCAN_ON_PUSH", "*")]);
    let scope = Scope {
        organisation: Some(&organisation),
        declared: organisation.repositories.first(),
        registry: Some(&registry),
        ..Scope::default()
    };
    let text = policy(&[rule(1, ANY, TEN, "expire")]);
    let full = format!(
        "{{ RepositoryName: acme-shop-api, ImageTagMutability: Mutable, Tags: [{{ Key: a, Value: b }}], \
         LifecyclePolicy: {{ LifecyclePolicyText: '{text}' }} }}"
    );
    for properties in [full.as_str(), "{ RepositoryName: A }", "{}"] {
        let described = describe(&repository(properties), &scope);
        let part = |id| json(described.document.value(id)).unwrap();
        let world = serde_json::json!({
            "repository": part(described.repository),
            "declared": part(described.declared.unwrap()),
            "registry": part(described.registry.unwrap()),
            "organisation": part(described.organisation.unwrap()),
            "settings": {},
        });
        let errors: Vec<_> = validator
            .iter_errors(&world)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}
