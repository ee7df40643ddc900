//! Which rules of a lifecycle policy expire images that carry a protected tag.
//! It does not know which tags ought to be protected.

use std::cell::LazyCell;
use std::slice;

use super::super::leaf;
use super::RetainedImages;
use super::image::PlaceholderImage;
use super::mended;
use super::reach::{self, RuleReach};
use super::selection::{Selection, StarReading};
use crate::model::glob;
use crate::model::members;
use crate::model::{Declared, Document, ImageUse, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// What is written in place of each `*` of a tag that is shown.
const FILLINGS: [&str; 4] = ["1", "42", "q7", "x0z"];

/// That an image with a protected tag may expire.
struct Expiration<'t> {
    /// The rule that takes it, or those of which one does.
    rule: NodeId,
    expires: Truth<Unknown>,
    tag: &'t Declared<String>,
    /// The image in words.
    image: String,
    kept: NodeId,
    /// Where such an image is run.
    run: Option<Span>,
    span: Span,
}

impl Expiration<'_> {
    fn write(self, document: &mut Document, guarded: Option<&str>) -> NodeId {
        let span = self.span;
        let named = match self.run {
            Some(place) => document.object(&[], place),
            None => document.absent(span),
        };
        let members = [
            ("rule", self.rule),
            ("expires", self.expires.write(document, span)),
            ("tag", document.string(&self.tag.value, self.tag.span)),
            ("image", document.string(&self.image, span)),
            ("kept", self.kept),
            ("guarded", leaf::optional(document, guarded, span)),
            (members::NAMED.name(), named),
        ];
        document.object(&members, span)
    }
}

impl<'v> RuleReach<'_, 'v> {
    /// Adds `[{rule, expires, tag, image, kept, guarded, named}]`: an entry for each rule that may expire an image with
    /// one of the tags, for the first such tag.
    pub(super) fn expirations(
        &self,
        document: &mut Document,
        policy: Value<'_>,
        wanted: RetainedImages<'_>,
    ) -> Vec<NodeId> {
        let tags = wanted.protected;
        let guarded = LazyCell::new(|| self.guarded(policy, tags));
        let mut found: Vec<_> = self.either_way(document, tags).into_iter().collect();
        for one in &self.rules {
            let Some((tag, expires, image)) = self.expires_any(one, tags) else {
                continue;
            };
            found.push(Expiration {
                rule: reach::number(document, one.rule.priority),
                expires,
                tag,
                image,
                kept: reach::kept(document, one.rule),
                run: None,
                span: one.span(),
            });
        }
        let found = found.into_iter();
        found
            .enumerate()
            .map(|(before, mut one)| {
                let of_tag = |it: &&ImageUse| {
                    let tag = it.certain_tag(wanted.values);
                    tag.is_some_and(|tag| glob::matches(&one.tag.value, tag))
                };
                one.run = wanted.uses.iter().find(of_tag).map(|it| it.place);
                let guarded = guarded.as_deref();
                let guarded = guarded.filter(|text| before * text.len() < mended::MOST_WRITTEN);
                one.write(document, guarded)
            })
            .collect()
    }

    /// An entry for an image with one of the tags that expires whatever `*` means in the beginnings of tags, though
    /// by another rule.
    fn either_way<'t>(
        &self,
        document: &mut Document,
        tags: &'t [Declared<String>],
    ) -> Option<Expiration<'t>> {
        let [wild, plain] =
            [StarReading::Wild, StarReading::Plain].map(|stars| self.reading(stars));
        let (wild, plain) = (wild?, plain?);
        let certain = |reach: &Self, tag: &'t Declared<String>| {
            let mut rules = reach.rules.iter().enumerate();
            rules.find_map(
                |(at, one)| match reach.expires_any(one, slice::from_ref(tag)) {
                    Some((_, Truth::True, image)) => Some((at, image)),
                    _ => None,
                },
            )
        };
        let (tag, first, second, image) = tags.iter().find_map(|tag| {
            let (first, _) = certain(&wild, tag)?;
            let (second, image) = certain(&plain, tag)?;
            (first != second).then_some((tag, first, second, image))
        })?;
        let [first, second] = [first, second].map(|at| self.rules[at].rule);
        let span = self.rules.iter().find(|one| one.has_stars())?.span();
        let (one, other) = (first.priority.leaf.known()?, second.priority.leaf.known()?);
        // Both leave images alone, if any: what the one with more of them does is certain.
        let kept = [first, second].map(|rule| reach::kept(document, rule));
        let number = |id: &NodeId| document.value(*id).as_i64();
        let kept = match kept.each_ref().map(number) {
            [Some(one), Some(other)] if one > other => kept[0],
            [Some(_), Some(_)] => kept[1],
            _ => return None,
        };
        Some(Expiration {
            rule: document.string(&format!("{one} or {other}"), span),
            expires: Truth::True,
            tag,
            image,
            kept,
            run: None,
            span,
        })
    }

    /// The policy with rules in front that keep what is protected; `None` where those are not enough.
    pub(super) fn guarded(&self, policy: Value<'_>, tags: &[Declared<String>]) -> Option<String> {
        let is_standard = |one: &Selection<'_, '_>| one.rule.class.leaf.known() == Some("standard");
        let takes = |one: &Selection<'_, 'v>, tag: &Declared<String>| {
            let mut expired = self.expires_any(one, slice::from_ref(tag)).into_iter();
            expired.any(|(_, answer, _)| answer.is_true())
        };
        let mut guards = Vec::new();
        for tag in tags {
            let mut takers = self.rules.iter().filter(|one| takes(one, tag)).peekable();
            if takers.peek().is_some() {
                if !takers.all(is_standard) {
                    return None;
                }
                if !guards.contains(&tag.value.as_str()) {
                    guards.push(tag.value.as_str());
                }
            }
        }
        mended::guarded(policy, &guards)
    }

    /// The first of the tags that an image may carry which the rule expires, and such an image in words.
    fn expires_any<'t>(
        &self,
        one: &Selection<'_, 'v>,
        tags: &'t [Declared<String>],
    ) -> Option<(&'t Declared<String>, Truth<Unknown>, String)> {
        let mut maybe = None;
        for tag in tags {
            let image = one.image().and(&tag.value);
            match self.takes(one, &image) {
                Truth::False => {}
                Truth::True => return Some((tag, Truth::True, self.example(one, &image))),
                unknown => maybe = maybe.or(Some((tag, unknown, String::new()))),
            }
        }
        maybe
    }

    /// Whether the rule expires the image in some history.
    pub(super) fn takes(
        &self,
        one: &Selection<'_, 'v>,
        image: &PlaceholderImage,
    ) -> Truth<Unknown> {
        if one.is_void() {
            return Truth::False;
        }
        let acts = reach::expires(one.rule).and(!one.keeps_its_one_image());
        if acts.is_false() {
            return Truth::False;
        }
        let expires = match (acts.and(one.meets(image)), &image.doubt) {
            (Truth::False, _) => return Truth::False,
            (Truth::True, Some(doubt)) => Truth::Unknown(doubt.clone()),
            (other, _) => other,
        };
        expires.and(!self.claimed(one, image).0)
    }

    /// The tags of the image in words, with something readable in place of each `*`.
    pub(super) fn example(&self, one: &Selection<'_, 'v>, image: &PlaceholderImage) -> String {
        let mut filled = FILLINGS.iter().map(|filling| image.filled(filling));
        let first = filled.clone().next();
        let fits = |image: &PlaceholderImage| {
            one.meets(image).is_true() && self.claimed(one, image).0.is_false()
        };
        let shown = filled.find(fits).or(first);
        shown.map_or_else(String::new, |image| image.words())
    }
}
