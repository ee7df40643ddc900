//! Writes down what to change in a template, in the language that the template is written in.
//! It does not know which finding it is for, only the values that stand in it.

use super::format::{Advice, Base, MessageTemplate, Query};
use super::query::{Finds, Roots};
use super::wording;
use crate::model::{Notation, Value};
use crate::report::Proposal;
use crate::source::edit::Fragment;
use crate::source::edit::written::{json, yaml};
use crate::source::{Span, Syntax};

mod filling;
mod quoted;
mod typed;

use filling::{Filling, Values, text};
use quoted::Quoted;

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
    notation: Notation,
) -> Option<Filled> {
    let right = advice.iter().filter(|one| is_right(one, roots, target));
    let mut filled = right.filter_map(|one| {
        let text = write(one, Some((roots, target.found)), target.span, notation)?;
        let proposal = typed::proposal(one, roots, target.found, target.span);
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
    typed::proposal(one, roots, target.found, target.span)
}

/// Whether advice is right for a finding, and everything is there that it needs.
fn is_right(advice: &Advice, roots: &Roots<'_>, target: FixTarget<'_>) -> bool {
    let holds = |query: &Query| matches!(query.finds_in(roots), Finds::Certainly);
    let given = |given: &MessageTemplate| wording::fill_code(given, roots, target.found).is_some();
    advice.when.as_ref().is_none_or(holds) && advice.given.as_ref().is_none_or(given)
}

/// What to do in general: what is said where nothing is known of the finding.
pub(super) fn sketch(advice: &[Advice]) -> Option<String> {
    let bare = Notation {
        is_bare: true,
        ..Notation::default()
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
    notation: Notation,
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
        (Base::Resource, Some(tree)) if !notation.is_bare => unwrap(tree),
        (_, tree) => (tree, *base == Base::Resource && !notation.is_bare),
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
    let is_new = notation.is_bare && *base == Base::Resource
        || values.is_some_and(|(roots, _)| quoted::is_first(tree.as_ref(), roots));
    if filling.more && !is_new {
        lines.push("besides the items that are there".to_owned());
    }
    let code = tree.map(|tree| match text {
        Some(text) => text.write(tree, notation.syntax, &mut lines),
        None => spell(&tree, *base, notation.syntax),
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
fn spell(tree: &Fragment, base: Base, syntax: Syntax) -> String {
    if base == Base::Configuration {
        return yaml::block(tree);
    }
    let is_whole = matches!(base, Base::Beside | Base::Here | Base::Key);
    match (syntax, tree) {
        (Syntax::Json, Fragment::Map(members)) if !is_whole => json::block_members(members),
        (Syntax::Json, tree) => json::block(tree),
        _ if base == Base::Beside => yaml::block(&Fragment::List(vec![tree.clone()])),
        _ => yaml::block(tree),
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
