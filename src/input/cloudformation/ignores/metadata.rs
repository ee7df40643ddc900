//! Ignores in the metadata of a template or of a resource.
//! It does not know comments.

use super::words::{IGNORE, TOOL};
use crate::input::Inline;
use crate::input::inline::{IgnoreComment, SpannedText};
use crate::source::{Kind, Member, Node, Problem, Span, nearest};

/// The keys of an ignore.
const KEYS: [&str; 4] = ["rule", "reason", "owner", "expires"];
/// Loops inside of loops that are looked into.
const MAX_LOOPS: usize = 16;

/// Reads the metadata of the template at `root`, and of its resources.
pub(super) fn load(root: Node<'_>, inline: &mut Inline) {
    if let Some(ours) = own_metadata(root) {
        let place = root.span();
        Metadata { place, inline }.read(ours);
    }
    if let Some(resources) = root.get("Resources") {
        metadata_of(resources, 0, inline);
    }
}

/// Reads the metadata of every resource, those of loops included.
fn metadata_of(resources: Node<'_>, depth: usize, inline: &mut Inline) {
    for resource in resources.members() {
        if resource.key.starts_with("Fn::ForEach::") {
            let body = resource.value.items().nth(2);
            if let Some(body) = body.filter(|_| depth < MAX_LOOPS) {
                metadata_of(body, depth + 1, inline);
            }
            continue;
        }
        if let Some(ours) = own_metadata(resource.value) {
            let (key, value) = (resource.key_span, resource.value.span());
            let place = Span {
                end: value.end.max(key.end),
                ..key
            };
            Metadata { place, inline }.read(ours);
        }
    }
}

/// What the metadata of a template or of a resource say to the tool.
fn own_metadata(node: Node<'_>) -> Option<Node<'_>> {
    node.get("Metadata")?.get(TOOL)
}

/// The metadata of one resource, or of the whole template.
struct Metadata<'m> {
    /// What they are about.
    place: Span,
    inline: &'m mut Inline,
}

impl Metadata<'_> {
    fn read(&mut self, ours: Node<'_>) {
        if ours.kind() != Kind::Object {
            self.mistake(ours.span(), "the metadata `ecrlint`", "a mapping");
        }
        for member in ours.members() {
            match (member.key, member.value.kind()) {
                (IGNORE, Kind::Array) => {
                    for item in member.value.items() {
                        self.item(item);
                    }
                }
                (IGNORE, Kind::Object) => {
                    for rule in member.value.members() {
                        self.shorthand(rule);
                    }
                }
                (IGNORE, _) => {
                    let what = "a list of ignores, or a mapping from rules to reasons";
                    self.mistake(member.value.span(), "`ignore`", what);
                }
                _ => self.unknown_key(member, &[IGNORE], "the metadata `ecrlint`"),
            }
        }
    }

    /// An ignore with all of its parts.
    fn item<'t>(&mut self, item: Node<'t>) {
        if item.kind() != Kind::Object {
            return self.mistake(
                item.span(),
                "an ignore",
                "a mapping with `rule` and `reason`",
            );
        }
        for member in item.members() {
            if !KEYS.contains(&member.key) {
                return self.unknown_key(member, &KEYS, "an ignore");
            }
            if member.value.as_text().is_none() {
                let what = format!("`{}`", member.key);
                return self.mistake(member.value.span(), &what, "a text");
            }
        }
        let word = |key: &str| -> Option<SpannedText<'t>> {
            let value = item.get(key)?;
            Some((value.as_text()?, value.span()))
        };
        let Some(rule) = word("rule") else {
            let problem = Problem::new(item.span(), "an ignore has no rule");
            let problem = problem.label("`rule` is missing").help("add `rule`");
            return self.inline.problems.push(problem);
        };
        self.inline.add(IgnoreComment {
            rule,
            reason: word("reason").map(|(text, _)| text),
            owner: word("owner").map(|(text, _)| text),
            expires: word("expires"),
            places: vec![self.place],
            how: "add `reason`",
        });
    }

    /// A rule with its reason, and no more.
    fn shorthand(&mut self, rule: Member<'_>) {
        if !matches!(rule.value.kind(), Kind::String | Kind::Null) {
            let what = format!("the reason to ignore `{}`", rule.key);
            return self.mistake(rule.value.span(), &what, "a text");
        }
        self.inline.add(IgnoreComment {
            rule: (rule.key, rule.key_span),
            reason: rule.value.as_str(),
            owner: None,
            expires: None,
            places: vec![self.place],
            how: "write the reason behind the rule",
        });
    }

    fn mistake(&mut self, span: Span, what: &str, expected: &str) {
        let problem = Problem::new(span, format!("{what} is not {expected}"));
        let problem = problem
            .label("not understood")
            .help(format!("write {expected}"));
        self.inline.problems.push(problem);
    }

    fn unknown_key(&mut self, member: Member<'_>, known: &[&str], of: &str) {
        let title = format!("unknown key `{}` in {of}", member.key);
        let problem = Problem::new(member.key_span, title).label(format!("not a key of {of}"));
        let help = match nearest(member.key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use `{}`", known.join("`, `")),
        };
        self.inline.problems.push(problem.help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::input::{Context, Inline, Scratch, load};
    use crate::source::SourceId;

    fn metadata(ecrlint: &str) -> (Inline, String) {
        let text = format!(
            r#"{{"Resources": {{"A": {{"Type": "AWS::ECR::Repository", "Metadata": {{"ecrlint": {ecrlint}}}}},
                "B": {{"Type": "AWS::ECR::Repository"}}}}}}"#
        );
        let mut scratch = Scratch::default();
        let loaded = load(&text, SourceId(0), &Context::default(), &mut scratch);
        let places: Vec<_> = loaded.entities.iter().map(|one| one.place).collect();
        for ignore in &loaded.inline.ignores {
            assert!(ignore.scope.reaches(places[0]), "{ignore:?}");
            assert!(!ignore.scope.reaches(places[1]), "{ignore:?}");
        }
        (loaded.inline, text)
    }

    #[test]
    fn the_metadata_of_a_resource_ignores_rules_for_it() {
        let (inline, text) = metadata(
            r#"{"ignore": [{"rule": "ecrlint::scan-on-push", "reason": "a", "owner": "o", "expires": "2027-06-30"},
                {"rule": "name-valid", "reason": "b"}]}"#,
        );
        let [scan, name] = inline.ignores.as_slice() else {
            panic!("two ignores: {inline:?}");
        };
        assert_eq!(
            (scan.rule.as_str(), scan.reason.as_str()),
            ("scan-on-push", "a")
        );
        assert_eq!(scan.rule_span.slice(&text), r#""ecrlint::scan-on-push""#);
        assert_eq!(scan.owner.as_deref(), Some("o"));
        assert_eq!(scan.expires.unwrap().1.slice(&text), r#""2027-06-30""#);
        assert_eq!((name.rule.as_str(), name.expires), ("name-valid", None));
    }

    #[test]
    fn a_mapping_from_rules_to_reasons_is_enough() {
        let (inline, text) = metadata(r#"{"ignore": {"scan-on-push": "a", "name-valid": "b"}}"#);
        let of = |index: usize| &inline.ignores[index];
        assert_eq!(
            (of(0).rule.as_str(), of(0).reason.as_str()),
            ("scan-on-push", "a")
        );
        assert_eq!(of(1).rule_span.slice(&text), r#""name-valid""#);
    }

    /// Metadata, title, and the text at the place.
    const MISTAKES: &[(&str, &str, &str)] = &[
        (
            r#""x""#,
            "the metadata `ecrlint` is not a mapping",
            r#""x""#,
        ),
        (
            r#"{"ignores": {}}"#,
            "unknown key `ignores` in the metadata `ecrlint`",
            r#""ignores""#,
        ),
        (
            r#"{"ignore": "a"}"#,
            "`ignore` is not a list of ignores, or a mapping from rules to reasons",
            r#""a""#,
        ),
        (
            r#"{"ignore": ["a"]}"#,
            "an ignore is not a mapping with `rule` and `reason`",
            r#""a""#,
        ),
        (
            r#"{"ignore": [{"rule": "a"}]}"#,
            "the ignore of `a` has no reason",
            r#""a""#,
        ),
        (
            r#"{"ignore": [{"reason": "a"}]}"#,
            "an ignore has no rule",
            r#"{"reason": "a"}"#,
        ),
        (
            r#"{"ignore": [{"rule": "", "reason": "a"}]}"#,
            "an ignore names no rule",
            r#""""#,
        ),
        (
            r#"{"ignore": [{"rule": "a", "reason": []}]}"#,
            "`reason` is not a text",
            "[]",
        ),
        (
            r#"{"ignore": [{"rule": "a", "until": ""}]}"#,
            "unknown key `until` in an ignore",
            r#""until""#,
        ),
        (
            r#"{"ignore": {"a": " "}}"#,
            "the ignore of `a` has no reason",
            r#""a""#,
        ),
        (
            r#"{"ignore": {"a": null}}"#,
            "the ignore of `a` has no reason",
            r#""a""#,
        ),
        (
            r#"{"ignore": {"a": 1}}"#,
            "the reason to ignore `a` is not a text",
            "1",
        ),
    ];

    #[test]
    fn mistakes_are_reported_at_their_places() {
        for (ecrlint, title, place) in MISTAKES {
            let (inline, text) = metadata(ecrlint);
            assert!(inline.ignores.is_empty(), "{ecrlint}");
            assert_eq!(inline.problems.len(), 1, "{ecrlint}");
            let problem = &inline.problems[0];
            assert_eq!(
                (problem.title.as_str(), problem.span.slice(&text)),
                (*title, *place)
            );
        }
    }

    #[test]
    fn metadata_of_the_template_are_about_everything_in_it() {
        let text = r#"{"Metadata": {"ecrlint": {"ignore": {"scan-on-push": "x", "name-valid": " "}}}, "Resources": {
            "A": {"Type": "AWS::ECR::Repository"}, "B": {"Type": "AWS::ECR::Repository"}}}"#;
        let mut scratch = Scratch::default();
        let loaded = load(text, SourceId(0), &Context::default(), &mut scratch);
        let [ignore] = loaded.inline.ignores.as_slice() else {
            panic!("one ignore: {:?}", loaded.inline);
        };
        assert_eq!(loaded.entities.len(), 2);
        for repository in &loaded.entities {
            assert!(ignore.scope.reaches(repository.place));
        }
        assert_eq!(loaded.inline.problems.len(), 1);
    }

    #[test]
    fn the_body_of_a_loop_is_looked_into() {
        let text = r#"{"Resources": {"Fn::ForEach::All": ["X", ["a"], {"R${X}": {"Type": "AWS::ECR::Repository",
            "Metadata": {"ecrlint": {"ignore": {"scan-on-push": "x"}}}}}]}}"#;
        let mut scratch = Scratch::default();
        let loaded = load(text, SourceId(0), &Context::default(), &mut scratch);
        assert_eq!(loaded.inline.ignores.len(), 1);
    }
}
