//! Which line of a program a finding is shown at, and which ones beside it.
//! It does not know how the lines were found out.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::input::assembly::Tracer;
use crate::model::{Organisation, Origin, SourceLine};
use crate::report::{Diagnostic, Label, SourceLocation};
use crate::source::{SourceId, Sources, Span};

/// The properties that a field of the repository document is read from, most telling first.
const PROPERTIES: [(&str, &[&str]); 15] = [
    ("repository.lifecycle", &["LifecyclePolicy"]),
    ("repository.policy", &["RepositoryPolicyText"]),
    ("repository.access", &["RepositoryPolicyText"]),
    ("repository.sharing", &["RepositoryPolicyText"]),
    ("repository.same_name", &["RepositoryName"]),
    ("repository.tag_mutability", &["ImageTagMutability"]),
    (
        "repository.mutability",
        &["ImageTagMutability", "ImageTagMutabilityExclusionFilters"],
    ),
    (
        "repository.exclusion_filters",
        &["ImageTagMutabilityExclusionFilters"],
    ),
    ("repository.scanning", &["ImageScanningConfiguration"]),
    ("repository.encryption", &["EncryptionConfiguration"]),
    ("repository.name", &["RepositoryName"]),
    ("repository.name_problems", &["RepositoryName"]),
    ("repository.tags", &["Tags"]),
    ("repository.missing_tags", &["Tags"]),
    ("repository.deletion.empty_on_delete", &["EmptyOnDelete"]),
];
/// What stands at a declaration, by the words of the judge.
const DECLARED: &str = "declared here";
/// Earlier changes of a property that are shown beside the last one.
const EARLIER: usize = 3;

/// A line with what happens there.
type Told = (SourceLine, String);

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

    /// Shows a finding where it comes from: the declaration that it goes against, else the line that
    /// changed the property last, else the line that made the repository and no other one.
    pub(super) fn place(
        &mut self,
        finding: &mut Diagnostic,
        (origin, other, declared): (&Origin, Option<&Origin>, Option<Span>),
        tracer: Option<&Tracer>,
        sources: &mut Sources,
    ) {
        let mut lines = match other {
            Some(other) => lines_elsewhere(other, origin).into_iter(),
            None => lines(&finding.field, origin).into_iter(),
        };
        let origin = other.unwrap_or(origin);
        let at = finding.related.iter().position(|place| {
            place.message == DECLARED && self.is_declaration(place.span, sources)
        });
        let against = at.map(|at| finding.related.remove(at).span);
        // Where no line tells the repositories apart, what is declared does.
        let is_alike = origin.is_shared || lines.len() == 0;
        let declared = declared.filter(|span| is_alike && self.is_declaration(*span, sources));
        finding.source_location = match against.or(declared) {
            Some(declaration) => {
                let location = sources.locate(declaration);
                Some(SourceLocation {
                    path: location.path,
                    line: location.start.line,
                    column: Some(location.start.column),
                    message: DECLARED.to_owned(),
                })
            }
            None => lines.next().map(|(line, message)| {
                self.text(&line.path, tracer, sources);
                SourceLocation {
                    path: line.path,
                    line: line.line,
                    column: line.column,
                    message,
                }
            }),
        };
        let beside = lines.filter_map(|(line, message)| {
            let text = self.text(&line.path, tracer, sources)?;
            let span = sources.rest_of_line(text, line.line, line.column)?;
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

    /// The text of a program, added to the sources at its first finding.
    pub(super) fn text(
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

/// The lines that a finding about `field` comes from, the one to blame first.
fn lines(field: &str, origin: &Origin) -> Vec<Told> {
    let mut lines: Vec<Told> = Vec::new();
    let properties = PROPERTIES.iter().find(|(name, _)| is_in(field, name));
    for property in properties
        .into_iter()
        .flat_map(|(_, properties)| *properties)
    {
        let changes = origin.assignments.iter().rev();
        let changes = changes.filter(|(name, _)| name == property);
        let words = |first: bool| match first {
            true => format!("`{property}` is set here"),
            false => format!("`{property}` is set here before"),
        };
        for (_, line) in changes.take(EARLIER + 1) {
            if lines.iter().all(|(known, _)| known != line) {
                lines.push((line.clone(), words(lines.is_empty())));
            }
        }
    }
    let builder = match origin.caller {
        Some(_) => "this line creates it, and others",
        None => "created here",
    };
    let made = [(&origin.caller, "created here"), (&origin.created, builder)];
    for (line, message) in made {
        if let Some(line) = line
            && lines.iter().all(|(known, _)| known != line)
        {
            lines.push((line.clone(), message.to_owned()));
        }
    }
    lines
}

/// The lines that a finding comes from that points into another resource, `other`: what made that one,
/// then what made the repository.
fn lines_elsewhere(other: &Origin, origin: &Origin) -> Vec<Told> {
    let mut lines = lines("", other);
    let repository = origin.caller.as_ref().or(origin.created.as_ref());
    if let Some(line) = repository
        && lines.iter().all(|(known, _)| known != line)
    {
        lines.push((line.clone(), "the repository is created here".to_owned()));
    }
    lines
}

/// Whether a field is `name` or inside of it.
fn is_in(field: &str, name: &str) -> bool {
    let rest = field.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::model::{Origin, SourceLine};

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
                .map(|(name, at)| (name.to_owned(), line(at)))
                .into(),
        };
        let lines = lines(field, &origin).into_iter();
        lines.map(|(line, words)| (line.line, words)).collect()
    }

    fn numbers(field: &str) -> Vec<u32> {
        told(field).into_iter().map(|(line, _)| line).collect()
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
