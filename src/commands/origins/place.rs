//! Which line of a program a finding is shown at, and which ones beside it.
//! It does not know how the lines were found out.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::input::assembly::Tracer;
use crate::model::facts::FactName;
use crate::model::{MemberKey, Organisation, Origin, SourceLine, members};
use crate::report::{Diagnostic, Label, SourceLocation};
use crate::rules;
use crate::source::{SourceId, Sources, Span};

/// A field of the repository document, or of what is said of another resource there.
#[derive(Clone, Copy)]
struct FindingField {
    fact: FactName,
    /// The member of the fact, where not all of it is meant.
    member: Option<MemberKey>,
    /// Whether it is a field of another resource than the repository.
    is_beside: bool,
}

impl FindingField {
    /// A fact of the repository.
    const fn of(fact: FactName) -> Self {
        Self {
            fact,
            member: None,
            is_beside: false,
        }
    }

    /// What is said of another resource.
    const fn beside(fact: FactName) -> Self {
        Self {
            is_beside: true,
            ..Self::of(fact)
        }
    }

    /// One member of it.
    const fn member(self, member: MemberKey) -> Self {
        Self {
            member: Some(member),
            ..self
        }
    }

    /// Whether the field of a finding is this one, or inside of it.
    fn has(self, field: &str) -> bool {
        let field = match self.is_beside {
            true => Some(field),
            false => rules::below_repository(field),
        };
        let rest = field.and_then(|field| field.strip_prefix(self.fact.name()));
        let rest = match self.member {
            Some(member) => rest
                .and_then(|rest| rest.strip_prefix('.'))
                .and_then(|rest| rest.strip_prefix(member.name())),
            None => rest,
        };
        // Of another resource a finding says which repository it is about: `key.rotation of App`.
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ' ']))
    }
}

/// The properties that fields are read from, most telling first.
const PROPERTIES: [(FindingField, &[&str]); 20] = [
    (FindingField::of(FactName::Lifecycle), &["LifecyclePolicy"]),
    (
        FindingField::of(FactName::Policy),
        &["RepositoryPolicyText"],
    ),
    (
        FindingField::of(FactName::Access),
        &["RepositoryPolicyText"],
    ),
    (
        FindingField::of(FactName::Sharing),
        &["RepositoryPolicyText"],
    ),
    (FindingField::of(FactName::SameName), &["RepositoryName"]),
    (
        FindingField::of(FactName::TagMutability),
        &["ImageTagMutability"],
    ),
    (
        FindingField::of(FactName::Mutability),
        &["ImageTagMutability", "ImageTagMutabilityExclusionFilters"],
    ),
    (
        FindingField::of(FactName::ExclusionFilters),
        &["ImageTagMutabilityExclusionFilters"],
    ),
    (
        FindingField::of(FactName::Scanning),
        &["ImageScanningConfiguration"],
    ),
    (
        FindingField::of(FactName::Encryption),
        &["EncryptionConfiguration"],
    ),
    (FindingField::of(FactName::Name), &["RepositoryName"]),
    (
        FindingField::of(FactName::NameProblems),
        &["RepositoryName"],
    ),
    (FindingField::of(FactName::Tags), &["Tags"]),
    (FindingField::of(FactName::MissingTags), &["Tags"]),
    (
        FindingField::of(FactName::Deletion).member(members::EMPTY_ON_DELETE),
        &["EmptyOnDelete"],
    ),
    (
        FindingField::beside(FactName::Key).member(members::ROTATION),
        &["EnableKeyRotation"],
    ),
    (
        FindingField::beside(FactName::Key).member(members::PROBLEMS),
        &["Enabled", "KeySpec", "KeyUsage"],
    ),
    (FindingField::beside(FactName::Key), &["KeyPolicy"]),
    (
        FindingField::beside(FactName::Identities),
        &["Policies", "PolicyDocument"],
    ),
    (
        FindingField::beside(FactName::EventRules),
        &["EventPattern", "Targets", "State"],
    ),
];
/// What stands at a declaration, by the words of the judge.
const DECLARED: &str = "declared here";
/// Earlier changes of a property that are shown beside the last one.
const EARLIER: usize = 3;

/// What stands at the line of a repository beside another resource.
const REPOSITORY: &str = "the repository is created here";

/// A line with what happens there.
type TracedLine = (SourceLine, String);

/// Shows findings at lines of programs.
pub(super) struct Placement {
    /// Places of what was declared for single repositories.
    declared: BTreeSet<Span>,
    /// Texts of programs that were added to the sources.
    programs: FxHashMap<String, Option<SourceId>>,
}

impl Placement {
    pub(super) fn new(organisation: Option<&Organisation>) -> Self {
        let repositories = organisation.map_or(&[][..], |one| &one.repositories);
        let places = repositories.iter().flat_map(|one| {
            [
                Some(one.base.span),
                one.use_kms_key.span(),
                one.images_retained.span(),
                one.shareable_with_all_envs.span(),
            ]
        });
        Self {
            declared: places.flatten().collect(),
            programs: FxHashMap::default(),
        }
    }

    /// The declaration that a finding goes against, which then is no longer shown beside it, else `home`.
    fn declaration(
        &self,
        finding: &mut Diagnostic,
        home: Option<Span>,
        sources: &Sources,
    ) -> Option<Span> {
        let at = finding.related.iter().position(|place| {
            place.message == DECLARED && self.is_declaration(place.span, sources)
        });
        let against = at.map(|at| finding.related.remove(at).span);
        against.or(home.filter(|span| self.is_declaration(*span, sources)))
    }

    /// Shows a finding where it comes from: the declaration that it goes against, else the first of its lines.
    pub(super) fn place(
        &mut self,
        finding: &mut Diagnostic,
        lines: TracedLines,
        tracer: Option<&Tracer>,
        sources: &mut Sources,
    ) {
        let declaration = match lines.blames_declarations {
            true => self.declaration(finding, lines.declared, sources),
            false => None,
        };
        let mut lines = lines.told.into_iter();
        let origin = match declaration {
            Some(declaration) => {
                let location = sources.locate(declaration);
                Some(SourceLocation {
                    path: location.path,
                    line: location.start.line,
                    column: Some(location.start.column),
                    message: DECLARED.to_owned(),
                    span: Some(declaration),
                    line_span: None,
                })
            }
            None => lines.next().map(|(line, message)| SourceLocation {
                line_span: self.rest(&line, tracer, sources),
                path: line.path,
                line: line.line,
                column: line.column,
                message,
                span: None,
            }),
        };
        finding.source_location = origin.map(Box::new);
        let beside = lines.filter_map(|(line, message)| {
            let span = self.rest(&line, tracer, sources)?;
            Some(Label { span, message })
        });
        let beside: Vec<Label> = beside.collect();
        finding.related.splice(0..0, beside);
    }

    /// Whether the application itself reads the declaration: one in ecrlint's own configuration says
    /// nothing about the program.
    fn is_declaration(&self, span: Span, sources: &Sources) -> bool {
        let file = &sources.source(span.source).name;
        self.declared.contains(&span) && file.ends_with(".json")
    }

    /// What stands in a line of a program, from its column on, where the text is at hand.
    pub(super) fn rest(
        &mut self,
        line: &SourceLine,
        tracer: Option<&Tracer>,
        sources: &mut Sources,
    ) -> Option<Span> {
        let text = self.text(&line.path, tracer, sources)?;
        sources.rest_of_line(text, line.line, line.column)
    }

    /// The text of a program, added to the sources at its first finding.
    fn text(
        &mut self,
        path: &str,
        tracer: Option<&Tracer>,
        sources: &mut Sources,
    ) -> Option<SourceId> {
        if let Some(known) = self.programs.get(path) {
            return *known;
        }
        let text = tracer.and_then(|tracer| tracer.checkout().read_text(path));
        let id = text.map(|text| sources.add(path, &*text));
        self.programs.insert(path.to_owned(), id);
        id
    }
}

/// The resources that a finding leads to, with their lines.
#[derive(Clone, Copy)]
pub(super) struct FindingOrigins<'o> {
    /// The repository that was judged, or what stands in its place.
    pub(super) home: &'o Origin,
    /// What the finding is about, where that is not a repository.
    pub(super) subject: Option<&'o Origin>,
    /// What it points into, where that is none of the two.
    pub(super) pointed: Option<&'o Origin>,
    /// The property that it points into.
    pub(super) property: Option<&'o str>,
    /// Where the repository is declared.
    pub(super) declared: Option<Span>,
    /// Whether the finding speaks of the repository beside its subject.
    pub(super) tells_home: bool,
}

/// The lines that a finding comes from.
pub(super) struct TracedLines {
    /// The one to blame first.
    told: Vec<TracedLine>,
    /// Whether declarations may be to blame.
    blames_declarations: bool,
    /// Where the repository is declared, if no line tells it apart from others.
    declared: Option<Span>,
}

/// The lines that a finding comes from: of what it points into, then of what it is about, then of the repository
/// that was judged with it.
///
/// What is declared of a repository is not said of a role or a key beside it.
pub(super) fn lines(finding: &Diagnostic, origins: FindingOrigins<'_>) -> TracedLines {
    let FindingOrigins { home, property, .. } = origins;
    let of_field = || {
        let known = PROPERTIES
            .iter()
            .find(|(known, _)| known.has(&finding.field));
        known.map_or(&[][..], |(_, properties)| *properties)
    };
    let at: &[&str] = match &property {
        Some(property) => std::slice::from_ref(property),
        None => of_field(),
    };
    let pointed = origins.pointed.filter(|one| one.created.is_some());
    let mut told = match (pointed, origins.subject) {
        (Some(pointed), _) => lines_of(at, true, pointed),
        (None, Some(subject)) => lines_of(at, true, subject),
        (None, None) => lines_of(of_field(), false, home),
    };
    let Some(subject) = origins.subject else {
        if pointed.is_some() {
            add(&mut told, home, REPOSITORY);
        }
        // Where no line tells the repositories apart, what is declared does.
        let is_alike = pointed.unwrap_or(home).is_shared || told.is_empty();
        return TracedLines {
            told,
            blames_declarations: true,
            declared: origins.declared.filter(|_| is_alike),
        };
    };
    if pointed.is_some() {
        let subject_id = finding.subject.as_ref();
        let id = subject_id.and_then(|subject| subject.logical_id.as_deref());
        let words = format!("`{}` is created here", id.unwrap_or_default());
        add(&mut told, subject, &words);
    }
    if origins.tells_home {
        add(&mut told, home, REPOSITORY);
    }
    TracedLines {
        told,
        blames_declarations: false,
        declared: None,
    }
}

/// The lines that changed these properties, the last change first, then those that made the resource.
///
/// A repository is changed by the innermost line. Of what `is_apart`, keys and roles beside it, a builder changes
/// many at once: there the line comes first that leads to the one.
fn lines_of(properties: &[&str], is_apart: bool, origin: &Origin) -> Vec<TracedLine> {
    let mut lines: Vec<TracedLine> = Vec::new();
    // A line that changes many things says less than the one that makes this one.
    let mut shared: Vec<TracedLine> = Vec::new();
    let is_alone = origin.created.is_some() && !origin.is_shared;
    for property in properties {
        let changes = origin.assignments.iter().rev();
        let changes = changes.filter(|(name, _)| name == property);
        for (_, change) in changes.take(EARLIER + 1) {
            let before = if lines.is_empty() { "" } else { " before" };
            let words = format!("`{property}` is set here{before}");
            match &change.caller {
                _ if !is_apart => push(&mut lines, &change.line, words),
                Some(caller) => {
                    push(&mut lines, caller, words);
                    let words = format!("this line sets `{property}`, and that of others");
                    push(&mut shared, &change.line, words);
                }
                None if change.is_shared && is_alone => push(&mut shared, &change.line, words),
                None => push(&mut lines, &change.line, words),
            }
        }
    }
    let builder = match origin.caller {
        Some(_) => "this line creates it, and others",
        None => "created here",
    };
    for (line, message) in [(&origin.caller, "created here"), (&origin.created, builder)] {
        if let Some(line) = line {
            push(&mut lines, line, message.to_owned());
        }
    }
    for (line, words) in shared {
        push(&mut lines, &line, words);
    }
    lines
}

/// Adds a line that is not shown yet.
fn push(lines: &mut Vec<TracedLine>, line: &SourceLine, words: String) {
    if lines.iter().all(|(known, _)| known != line) {
        lines.push((line.clone(), words));
    }
}

/// Adds the line that made another resource, unless it is shown already.
fn add(lines: &mut Vec<TracedLine>, origin: &Origin, words: &str) {
    let made = origin.caller.as_ref().or(origin.created.as_ref());
    if let Some(line) = made {
        push(lines, line, words.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::{FindingOrigins, PROPERTIES, lines};
    use crate::model::{Assignment, Origin, SourceLine};
    use crate::report::Diagnostic;
    use crate::source::{Problem, Span};

    fn line(line: u32) -> SourceLine {
        SourceLine {
            path: "lib/a.ts".to_owned(),
            line,
            column: None,
        }
    }

    fn told(field: &str) -> Vec<(u32, String)> {
        let assignments = [
            ("LifecyclePolicy", 20),
            ("LifecyclePolicy", 21),
            ("RepositoryPolicyText", 10),
        ];
        let origin = Origin {
            created: Some(line(10)),
            caller: Some(line(5)),
            is_shared: false,
            assignments: assignments
                .map(|(name, at)| {
                    let assignment = Assignment {
                        line: line(at),
                        caller: None,
                        is_shared: false,
                    };
                    (name.to_owned(), assignment)
                })
                .into(),
        };
        let mut finding = Diagnostic::from_problem("x", Problem::new(Span::default(), "x"));
        field.clone_into(&mut finding.field);
        let told = FindingOrigins {
            home: &origin,
            subject: None,
            pointed: None,
            property: None,
            declared: None,
            tells_home: false,
        };
        let lines = lines(&finding, told).told.into_iter();
        lines.map(|(line, words)| (line.line, words)).collect()
    }

    fn numbers(field: &str) -> Vec<u32> {
        told(field).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_field_of_another_resource_is_found_with_the_repository_behind_it() {
        let properties = |field: &str| {
            let found = PROPERTIES.iter().find(|(known, _)| known.has(field));
            found.map(|(_, properties)| *properties)
        };
        for (field, wanted) in [
            ("key.rotation of App", Some(&["EnableKeyRotation"][..])),
            ("key.rotation", Some(&["EnableKeyRotation"])),
            ("key.access[0] of App", Some(&["KeyPolicy"])),
            ("keys of App", None),
            ("repository.key.rotation", None),
            ("repository.lifecycle.rules[1]", Some(&["LifecyclePolicy"])),
            ("repository.deletion", None),
        ] {
            assert_eq!(properties(field), wanted, "{field}");
        }
    }

    #[test]
    fn the_last_change_of_the_property_comes_first() {
        assert_eq!(
            numbers("repository.lifecycle.rules[0].count"),
            [21, 20, 5, 10]
        );
        assert_eq!(
            told("repository.lifecycle")[0].1,
            "`LifecyclePolicy` is set here"
        );
    }

    #[test]
    fn what_was_not_changed_is_shown_where_it_alone_was_created() {
        assert_eq!(numbers("repository.lifecycle_other"), [5, 10]);
        assert_eq!(numbers("repository.scanning.on_push"), [5, 10]);
        assert_eq!(numbers(""), [5, 10]);
    }

    #[test]
    fn a_line_is_shown_once() {
        assert_eq!(numbers("repository.access[2]"), [10, 5]);
    }
}
