//! Judgements of small rules on small repositories.

use super::{Finding, Judgement, World};
use crate::model::{Document, EntityKind, NodeId, Notation, Unknown};
use crate::rules::{Flavour, Rule, RuleSet, load};
use crate::source::{SourceId, Span, Tree, yaml};

/// A repository document whose spans can be told apart by their start.
struct Fixture {
    document: Document,
    repository: NodeId,
    declared: Option<NodeId>,
}

fn span(start: usize) -> Span {
    Span::new(SourceId(1), start, start + 1)
}

/// `{name, logical_id, scanning: {on_push: absent, effective}, access: [{write: true}, {write: ?}]}`
fn fixture(effective: Option<bool>) -> Fixture {
    let mut document = Document::default();
    let name = document.absent(span(1));
    let logical_id = document.string("App", span(2));
    let on_push = document.absent(span(3));
    let effective = match effective {
        Some(flag) => document.bool(flag, span(4)),
        None => document.unknown(Unknown::because("parameter `Scan` has no default"), span(4)),
    };
    let members = [("on_push", on_push), ("effective", effective)];
    let scanning = document.object(&members, span(5));
    let mut access = Vec::new();
    for start in [6, 8] {
        let write = document.bool(true, span(start));
        access.push(document.object(&[("write", write)], span(start + 1)));
    }
    let access = document.array(&access, span(10));
    let repository = document.object(
        &[
            ("name", name),
            ("logical_id", logical_id),
            ("scanning", scanning),
            ("access", access),
        ],
        span(0),
    );
    let base = document.string("api", span(20));
    let declared = Some(document.object(&[("base", base)], span(21)));
    Fixture {
        document,
        repository,
        declared,
    }
}

fn rule(lines: &str) -> Rule {
    let text = format!(
        "id: x\ntitle: x\nseverity: error\nwhy: x\n{lines}\n\
         settings: {{ limit: {{ type: integer, default: 2, description: x }} }}\n\
         examples: {{ pass: [{{ snapshot: x }}], fail: [{{ snapshot: x }}] }}\n"
    );
    let definition = load(&text, SourceId(0), "test/x.yaml").expect("the rule is whole");
    let mut rules = RuleSet::default();
    rules.add(definition).expect("it is the only rule");
    rules.rules.remove(0)
}

fn judge(rule: &Rule, fixture: &Fixture) -> Judgement {
    let settings = rule.settings(None).expect("defaults fit");
    rule.judge(&world(fixture, &settings))
}

fn world<'a>(fixture: &'a Fixture, settings: &'a crate::rules::Settings) -> World<'a> {
    World {
        kind: EntityKind::Private,
        repository: fixture.document.value(fixture.repository),
        declared: fixture.declared.map(|id| fixture.document.value(id)),
        registry: None,
        organisation: None,
        settings: settings.value(),
        flavour: Flavour::Cli,
        proposes: false,
        notation: Notation::default(),
    }
}

/// Settings as a configuration holds them.
fn configured(text: &str) -> (Document, NodeId) {
    let mut tree = Tree::default();
    yaml::parse(text, SourceId(2), &mut tree).unwrap();
    let mut document = Document::default();
    let root = document.import(tree.root(text).unwrap());
    (document, root)
}

fn findings(judgement: Judgement) -> Vec<Finding> {
    match judgement {
        Judgement::Fail(findings) => findings,
        other => panic!("the rule fails, it does not say {other:?}"),
    }
}

const SCAN: &str = "require: $.repository.scanning[?@ == true]\n\
                    at: $.repository.scanning.on_push\n\
                    message: repository `{repository.name}` of `{declared.base}` is not scanned";

#[test]
fn require_passes_fails_or_is_undetermined() {
    let rule = rule(SCAN);
    assert_eq!(judge(&rule, &fixture(Some(true))), Judgement::Pass);
    assert_eq!(
        judge(&rule, &fixture(None)),
        Judgement::Undetermined {
            reason: "parameter `Scan` has no default".into(),
            span: span(4),
            field: "repository.scanning.effective".into(),
            related: Vec::new(),
        }
    );
    assert_eq!(
        judge(&rule, &fixture(Some(false))),
        Judgement::Fail(vec![Finding {
            message: "repository `App` of `api` is not scanned".into(),
            span: span(3),
            label: Some("not set here".into()),
            field: "repository.scanning.on_push".into(),
            related: vec![(span(20), "declared here".into())],
            fix: None,
            proposal: None,
        }])
    );
}

#[test]
fn a_place_that_is_not_there_falls_back_outward() {
    let place = |at: &str| {
        let lines = format!("require: $.repository.deletion\nat: {at}\nmessage: x");
        let finding = findings(judge(&rule(&lines), &fixture(Some(true)))).remove(0);
        (finding.span, finding.field)
    };
    let of = |start, field: &str| (span(start), field.to_owned());
    assert_eq!(
        place("$.repository.scanning.decided_by"),
        of(5, "repository.scanning")
    );
    assert_eq!(
        place("$.repository.access[1].write"),
        of(8, "repository.access[1].write")
    );
    assert_eq!(
        place("$.repository.access[-1]"),
        of(9, "repository.access[1]")
    );
    assert_eq!(place("$.repository.access[7]"), of(10, "repository.access"));
    assert_eq!(place("$.organisation.prefix"), of(0, "repository"));
    assert_eq!(place("$.declared.base"), of(20, "declared.base"));
}

#[test]
fn forbid_finds_each_node() {
    let rule = rule("forbid: $.repository.access[?@.write == true]\nmessage: writes {@.write}");
    let findings = findings(judge(&rule, &fixture(None)));
    let fields: Vec<_> = findings
        .iter()
        .map(|finding| finding.field.as_str())
        .collect();
    assert_eq!(fields, ["repository.access[0]", "repository.access[1]"]);
    assert_eq!(findings[0].message, "writes true");
    assert_eq!(findings[1].span, span(9));
}

#[test]
fn forbid_with_a_place_makes_one_finding() {
    let rule =
        rule("forbid: $.repository.access[?@.write == true]\nat: $.repository.access\nmessage: x");
    let findings = findings(judge(&rule, &fixture(None)));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].span, span(10));
    let related: Vec<_> = findings[0].related.iter().map(|(span, _)| *span).collect();
    assert_eq!(related, [span(7), span(9)]);
}

#[test]
fn forbid_is_undetermined_only_without_a_certain_node() {
    let rule = rule("forbid: $.repository.scanning[?@ == true]\nmessage: x");
    assert!(matches!(
        judge(&rule, &fixture(None)),
        Judgement::Undetermined { .. }
    ));
    assert_eq!(judge(&rule, &fixture(Some(false))), Judgement::Pass);
    assert!(matches!(
        judge(&rule, &fixture(Some(true))),
        Judgement::Fail(_)
    ));
}

#[test]
fn when_decides_whether_the_rule_is_about_the_repository() {
    let about = |when: &str, require: &str| {
        let lines = format!("when: {when}\nrequire: {require}\nmessage: x");
        judge(&rule(&lines), &fixture(None))
    };
    let none = "$.repository.deletion";
    assert_eq!(about(none, none), Judgement::NotApplicable);
    assert_eq!(about("$.organisation", none), Judgement::NotApplicable);
    assert!(matches!(about("$.declared", none), Judgement::Fail(_)));
    assert!(matches!(
        about("$[?@.logical_id == 'App']", none),
        Judgement::Fail(_)
    ));
    assert_eq!(
        about("$[?@.logical_id == 'Api']", none),
        Judgement::NotApplicable
    );
    let open = "$[?@.scanning.effective == true]";
    assert!(matches!(about(open, none), Judgement::Undetermined { .. }));
    assert_eq!(about(open, "$.repository.access"), Judgement::Pass);
}

#[test]
fn settings_are_defaults_unless_the_user_says_otherwise() {
    let rule = rule(
        "require: $[?length(@.access) <= $.settings.limit]\nmessage: more than {settings.limit}",
    );
    assert_eq!(judge(&rule, &fixture(None)), Judgement::Pass);
    let (given, root) = configured("limit: 1");
    let settings = rule.settings(Some(given.value(root))).unwrap();
    let fixture = fixture(None);
    let findings = findings(rule.judge(&world(&fixture, &settings)));
    assert_eq!(findings[0].message, "more than 1");
}

#[test]
fn settings_that_do_not_fit_are_reported_at_their_place() {
    let rule = rule("require: $.repository\nmessage: x");
    let text = "{ limit: many, limits: 1 }";
    let (given, root) = configured(text);
    let problems = rule.settings(Some(given.value(root))).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.span.slice(text), problem.title.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("many", "setting `limit` is not a whole number"),
            ("1", "rule `x` has no setting `limits`")
        ]
    );
}

#[test]
fn a_fix_names_the_repository() {
    let rule = rule(
        "forbid: $.repository\nmessage: x\nfix: { cli: \"aws ecr x --name {repository.name} {a: 1}\" }",
    );
    let fixture = fixture(None);
    let settings = rule.settings(None).unwrap();
    let mut world = world(&fixture, &settings);
    let fix = |world: &World<'_>| findings(rule.judge(world))[0].fix.clone();
    assert_eq!(fix(&world).unwrap(), "aws ecr x --name App {a: 1}");
    world.flavour = Flavour::CdkPython;
    assert_eq!(fix(&world), None);
}

#[test]
fn a_root_that_is_an_absent_node_is_not_there() {
    let rule = rule("when: $[?$.declared]\nrequire: $.repository.deletion\nmessage: x");
    let mut fixture = fixture(None);
    let absent = fixture.document.absent(span(30));
    fixture.declared = Some(absent);
    assert_eq!(judge(&rule, &fixture), Judgement::NotApplicable);
}
