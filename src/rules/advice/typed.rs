//! The edit of a piece of advice as a change to a text, where every value in it is known.
//! It does not know how it is written down, nor whether it can be.

use super::filling::{Filling, is_spelled, text};
use crate::model::{Data, Value};
use crate::report::Proposal;
use crate::rules::format::{Advice, Base, MessageTemplate, Patch, TemplatePiece};
use crate::rules::query::Roots;
use crate::rules::wording;
use crate::source::Span;
use crate::source::edit::{Amendment, Becomes, EditVocabulary, Extent, Fragment};

/// What the names in a template mean: a statement without one of these gives or takes nothing, and goes whole; what
/// `NotAction` and `NotPrincipal` leave out is not to shrink to nothing, nor is a policy.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
const WORDS: EditVocabulary = EditVocabulary {
    vital: &["Action", "Principal"],
    kept: &["NotAction", "NotPrincipal", "Statement", "Resources"],
    deciding: &[
        "Fn::FindInMap",
        "Fn::If",
        "Fn::ImportValue",
        "Fn::Transform",
        "Ref",
    ],
    function: "Fn::",
    own: "AWS::",
    substituting: "Fn::Sub",
    parameters: "Parameters",
};

/// The change that advice is about; `None` where it is none, or where a person has to fill something in.
pub(super) fn proposal(
    advice: &Advice,
    roots: &Roots<'_>,
    found: Option<Value<'_>>,
    place: Span,
) -> Option<Proposal> {
    let (base, patch) = advice.edit.as_ref()?;
    let filling = Filling {
        values: Some((roots, found)),
        path: Vec::new(),
        removed: Vec::new(),
        whole: false,
        more: false,
    };
    let becomes = Typing { filling }.becomes(patch).ok()??;
    let (extent, becomes) = match base {
        Base::Configuration => return None,
        Base::Template => (Extent::Outer(0), becomes),
        Base::Resource => (Extent::Outer(2), becomes),
        Base::Statement => (Extent::Around("Effect"), becomes),
        Base::Beside => (Extent::Around("Statement"), beside(becomes)?),
        Base::Here => (Extent::Here, becomes),
        Base::Key => (Extent::Key, becomes),
    };
    let amendment = Amendment {
        place,
        extent,
        becomes,
        words: WORDS,
    };
    Some(Proposal {
        amendment,
        is_safe: advice.safe,
    })
}

/// One statement more.
fn beside(becomes: Becomes) -> Option<Becomes> {
    let statement = fragment(becomes)?;
    let more = ("Statement".to_owned(), Becomes::More(vec![statement]));
    Some(Becomes::Members(vec![more]))
}

/// What stands where nothing stood.
fn fragment(becomes: Becomes) -> Option<Fragment> {
    match becomes {
        Becomes::Remove => None,
        Becomes::Set(fragment) => Some(fragment),
        Becomes::More(items) => Some(Fragment::List(items)),
        Becomes::Members(members) => {
            let members = members.into_iter();
            let members = members.filter_map(|(key, one)| Some((key, fragment(one)?)));
            Some(Fragment::Map(members.collect()))
        }
    }
}

/// A value that is not known: a person has to fill it in.
struct Blank;

struct Typing<'a, 'd> {
    filling: Filling<'a, 'd>,
}

impl Typing<'_, '_> {
    /// `None` where nothing is left to write: a member whose placeholder stands for nothing is left out.
    fn becomes(&mut self, patch: &Patch) -> Result<Option<Becomes>, Blank> {
        Ok(Some(match patch {
            Patch::Remove => Becomes::Remove,
            Patch::Word(word) => Becomes::Set(Fragment::Word(word.clone())),
            Patch::Text(template) => {
                self.is_known(template)?;
                match self.filling.value(template) {
                    Some(fragment) => Becomes::Set(fragment),
                    None => return Ok(None),
                }
            }
            Patch::List(items) => Becomes::Set(Fragment::List(self.items(items)?)),
            Patch::More(items) => Becomes::More(self.items(items)?),
            Patch::Map(members) => {
                let mut becomes = Vec::new();
                for (key, member) in members {
                    self.is_known(key)?;
                    let Some(key) = text(key, self.filling.values) else {
                        continue;
                    };
                    self.filling.path.push(key);
                    let member = self.becomes(member);
                    let key = self.filling.path.pop();
                    becomes.extend(key.zip(member?));
                }
                return Ok(is_any(members.is_empty(), becomes).map(Becomes::Members));
            }
        }))
    }

    fn items(&mut self, items: &[Patch]) -> Result<Vec<Fragment>, Blank> {
        let mut filled = Vec::new();
        for item in items {
            let becomes = self.becomes(item)?;
            match (item, becomes.and_then(fragment)) {
                // A list that a placeholder stands for is some of the items.
                (Patch::Text(_), Some(Fragment::List(inner))) => filled.extend(inner),
                (_, fragment) => filled.extend(fragment),
            }
        }
        Ok(filled)
    }

    /// Refuses a text with something in it that is there and not known.
    fn is_known(&self, template: &MessageTemplate) -> Result<(), Blank> {
        let Some((roots, found)) = self.filling.values else {
            return Err(Blank);
        };
        let is_known = |piece: &TemplatePiece| match piece {
            TemplatePiece::Text(_) => true,
            TemplatePiece::Place(place) => {
                let value = wording::resolve(place, roots, found);
                value.is_none_or(is_told)
            }
        };
        template
            .pieces
            .iter()
            .all(is_known)
            .then_some(())
            .ok_or(Blank)
    }
}

/// Whether all of a value is known, or is written by a function.
fn is_told(value: Value<'_>) -> bool {
    match value.data() {
        Data::Unknown(unknown) => is_spelled(unknown),
        Data::Array => value.items().all(is_told),
        Data::Object => value.members().all(|(_, member)| is_told(member)),
        _ => true,
    }
}

fn is_any<T>(is_meant: bool, parts: Vec<T>) -> Option<Vec<T>> {
    (is_meant || !parts.is_empty()).then_some(parts)
}
