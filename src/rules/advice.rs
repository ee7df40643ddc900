//! Writes down what to change in a template, in the language that the template is written in.
//! It does not know which finding it is for, only the values that stand in it.

use super::format::{Advice, Base, MessageTemplate, Patch, Query, TemplatePiece};
use super::query::{Finds, Roots};
use super::wording;
use crate::model::{Data, Unknown, Value};
use crate::report::Proposal;
use crate::source::Span;
use crate::source::edit::Fragment;
use crate::source::edit::written::{json, yaml};

mod quoted;
mod typed;

use quoted::Quoted;

/// How the template is written that a fix is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TemplateForm {
    /// JSON in place of YAML.
    pub json: bool,
    /// Whether the resource has no `Properties` yet.
    pub bare: bool,
}

/// What values stand in for placeholders; none in documentation.
type Values<'a, 'd> = Option<(&'a Roots<'d>, Option<Value<'d>>)>;

/// What a fix is for: the node that a rule has found, if any, and where the finding points.
#[derive(Clone, Copy, Debug)]
pub(super) struct FixTarget<'d> {
    pub(super) found: Option<Value<'d>>,
    pub(super) span: Span,
}

/// What to do, in words and as an edit.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) text: String,
    pub(super) proposal: Option<Proposal>,
}

/// What to do, for one finding: the first advice that is right for it, and of which everything is there that it needs.
pub(super) fn fill(
    advice: &[Advice],
    roots: &Roots<'_>,
    target: FixTarget<'_>,
    form: TemplateForm,
) -> Option<Filled> {
    let right = advice.iter().filter(|one| is_right(one, roots, target));
    let mut filled = right.filter_map(|one| {
        let text = write(one, Some((roots, target.found)), target.span, form)?;
        let proposal = typed::proposal(one, (roots, target.found), target.span);
        Some(Filled { text, proposal })
    });
    filled.next()
}

/// The first edit that is right, without words.
pub(super) fn propose(
    advice: &[Advice],
    roots: &Roots<'_>,
    target: FixTarget<'_>,
) -> Option<Proposal> {
    let one = advice.iter().find(|one| is_right(one, roots, target))?;
    typed::proposal(one, (roots, target.found), target.span)
}

/// Whether advice is right for a finding, and everything is there that it needs.
fn is_right(advice: &Advice, roots: &Roots<'_>, target: FixTarget<'_>) -> bool {
    let holds = |query: &Query| matches!(query.finds_in(roots), Finds::Certainly);
    let given = |given: &MessageTemplate| wording::fill_code(given, roots, target.found).is_some();
    advice.when.as_ref().is_none_or(holds) && advice.given.as_ref().is_none_or(given)
}

/// What to do in general: what is said where nothing is known of the finding.
pub(super) fn sketch(advice: &[Advice]) -> Option<String> {
    let bare = TemplateForm {
        bare: true,
        ..TemplateForm::default()
    };
    let always = |one: &&Advice| one.given.is_none() && one.when.is_none();
    let edits = advice
        .iter()
        .filter(|one| one.edit.is_some() || one.code.as_ref().is_some_and(is_typed));
    let best = edits.clone().find(always).or(edits.clone().next());
    write(best.or(advice.first())?, None, Span::default(), bare)
}

/// Whether code is more than a remark.
fn is_typed(code: &MessageTemplate) -> bool {
    let code = wording::sketch(code);
    let is_remark = |line: &str| line.starts_with("# ") || line.starts_with("// ");
    code.lines().any(|line| !is_remark(line))
}

fn write(
    advice: &Advice,
    values: Values<'_, '_>,
    span: Span,
    form: TemplateForm,
) -> Option<String> {
    let note = advice.note.as_ref().and_then(|note| text(note, values));
    if let Some(code) = &advice.code {
        return text(code, values);
    }
    let marked = |line: String| format!("# {line}");
    let note = note.iter().flat_map(|note| note.lines());
    let note = note.map(str::to_owned);
    let Some((base, patch)) = &advice.edit else {
        let lines: Vec<_> = note.map(marked).collect();
        return (!lines.is_empty()).then(|| lines.join("\n"));
    };
    let mut filling = Filling {
        values,
        path: Vec::new(),
        removed: Vec::new(),
        whole: false,
        more: false,
    };
    let tree = filling.fill(patch);
    let (tree, unwrapped) = match (base, tree) {
        (Base::Resource, Some(tree)) if !form.bare => unwrap(tree),
        (_, tree) => (tree, *base == Base::Resource && !form.bare),
    };
    let text = values.and_then(|(roots, _)| Quoted::of(*base, tree.as_ref(), span, roots));
    // Where it is typed stands first, as in a program.
    let place = place(*base, filling.whole).map(str::to_owned);
    let mut lines: Vec<String> = place.into_iter().chain(note).collect();
    for path in &filling.removed {
        let inner = path.strip_prefix("Properties.").filter(|_| unwrapped);
        let path = inner.unwrap_or(path);
        lines.push(format!("remove {path}"));
    }
    let is_new = form.bare && *base == Base::Resource
        || values.is_some_and(|(roots, _)| quoted::is_first(tree.as_ref(), roots));
    if filling.more && !is_new {
        lines.push("besides the items that are there".to_owned());
    }
    let code = tree.map(|tree| match text {
        Some(text) => text.write(tree, form.json, &mut lines),
        None => spell(&tree, *base, form),
    });
    let mut out: Vec<String> = lines.into_iter().map(marked).collect();
    out.extend(code);
    Some(out.join("\n"))
}

/// Where an edit is typed, in words.
fn place(base: Base, is_removed: bool) -> Option<&'static str> {
    match base {
        Base::Statement => Some("in this statement"),
        Base::Beside => Some("one statement more in this policy"),
        Base::Here if is_removed => Some("take this value away"),
        Base::Here => Some("in place of this value"),
        Base::Key => Some("in place of this key"),
        Base::Configuration => Some("in ecrlint.yaml, or where it is declared"),
        Base::Resource | Base::Template => None,
    }
}

/// An edit in the language that the template is written in.
fn spell(tree: &Fragment, base: Base, form: TemplateForm) -> String {
    let open = !matches!(base, Base::Beside | Base::Here | Base::Key);
    match form.json && base != Base::Configuration {
        true => json(tree, open),
        false if base == Base::Beside => yaml(&Fragment::List(vec![tree.clone()])),
        false => yaml(tree),
    }
}

/// The members of `Properties` alone, where nothing stands beside it.
fn unwrap(tree: Fragment) -> (Option<Fragment>, bool) {
    match tree {
        Fragment::Map(mut members) if members.len() == 1 && members[0].0 == "Properties" => {
            (members.pop().map(|(_, inner)| inner), true)
        }
        other => (Some(other), false),
    }
}

/// A text with its placeholders filled.
fn text(template: &MessageTemplate, values: Values<'_, '_>) -> Option<String> {
    let Some((roots, found)) = values else {
        return Some(wording::sketch(template));
    };
    wording::fill_code(template, roots, found)
}

/// Fills a patch, and gathers what it takes away.
struct Filling<'a, 'd> {
    values: Values<'a, 'd>,
    path: Vec<String>,
    removed: Vec<String>,
    /// Whether the whole is to be taken away.
    whole: bool,
    /// Whether lists hold only what comes to the items that are there.
    more: bool,
}

impl Filling<'_, '_> {
    /// `None` where nothing is left to write: a member whose placeholder stands for nothing is left out.
    fn fill(&mut self, patch: &Patch) -> Option<Fragment> {
        match patch {
            Patch::Remove => {
                self.whole = self.path.is_empty();
                let is_hole = self.path.last().is_some_and(|key| key.starts_with('<'));
                // What is not there in every case is no matter of documentation.
                if !(self.whole || is_hole && self.values.is_none()) {
                    self.removed.push(self.path.join("."));
                }
                None
            }
            Patch::Word(word) => Some(Fragment::Word(word.clone())),
            Patch::Text(template) => self.value(template),
            Patch::List(items) | Patch::More(items) => {
                self.more |= matches!(patch, Patch::More(_));
                let mut filled = Vec::new();
                for item in items {
                    match (item, self.fill(item)) {
                        // A list that a placeholder stands for is some of the items.
                        (Patch::Text(_), Some(Fragment::List(inner))) => filled.extend(inner),
                        (_, tree) => filled.extend(tree),
                    }
                }
                (items.is_empty() || !filled.is_empty()).then_some(Fragment::List(filled))
            }
            Patch::Map(members) => {
                let mut filled = Vec::new();
                for (key, member) in members {
                    let Some(key) = text(key, self.values) else {
                        continue;
                    };
                    self.path.push(key);
                    let tree = self.fill(member);
                    let key = self.path.pop();
                    filled.extend(key.zip(tree));
                }
                (members.is_empty() || !filled.is_empty()).then_some(Fragment::Map(filled))
            }
        }
    }

    fn value(&self, template: &MessageTemplate) -> Option<Fragment> {
        let Some((roots, found)) = self.values else {
            return text(template, self.values).map(Fragment::Text);
        };
        if let [TemplatePiece::Place(place)] = template.pieces.as_slice()
            && let Some(value) = wording::resolve(place, roots, found)
            && !value.is_absent()
        {
            return Some(tree(value).unwrap_or_else(|| Fragment::Text(wording::hole(place))));
        }
        let text = text(template, self.values)?;
        let in_sub = self.path.last().is_some_and(|key| key == "Fn::Sub");
        let is_part = |piece: &TemplatePiece| match piece {
            TemplatePiece::Place(place) => {
                let value = wording::resolve(place, roots, found);
                value.and_then(Value::as_unknown).is_some_and(is_spelled)
            }
            TemplatePiece::Text(_) => false,
        };
        match !in_sub && template.pieces.iter().any(is_part) {
            true => Some(Fragment::function("Fn::Sub", Fragment::Text(text))),
            false => Some(Fragment::Text(text)),
        }
    }
}

/// Whether a value that is not known is written with its known pieces.
fn is_spelled(unknown: &Unknown) -> bool {
    unknown.shape.is_some() || unknown.reference.is_some()
}

/// A value as a template writes it; `None` when that is not known.
fn tree(value: Value<'_>) -> Option<Fragment> {
    Some(match value.data() {
        Data::Absent | Data::Null => return None,
        Data::Bool(flag) => Fragment::Word(flag.to_string()),
        Data::Number(number) => Fragment::Word(number.to_owned()),
        Data::String(text) => Fragment::Text(text.to_owned()),
        Data::Array => Fragment::List(value.items().filter_map(tree).collect()),
        Data::Object => Fragment::Map(
            value
                .members()
                .filter_map(|(key, member)| Some((key.to_owned(), tree(member)?)))
                .collect(),
        ),
        Data::Unknown(unknown) => match (&unknown.shape, &unknown.reference) {
            (_, Some(reference)) if reference.attribute == "Ref" => {
                Fragment::function("Ref", Fragment::Text(reference.logical_id.clone()))
            }
            (_, Some(reference)) => {
                let path = [&reference.logical_id, &reference.attribute];
                let path = path.map(|part| Fragment::Text(part.clone()));
                Fragment::function("Fn::GetAtt", Fragment::List(path.into()))
            }
            (Some(shape), None) => Fragment::function("Fn::Sub", Fragment::Text(shape.to_string())),
            (None, None) => return None,
        },
    })
}
