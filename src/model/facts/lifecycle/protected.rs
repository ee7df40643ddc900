//! Which rules of a lifecycle policy expire images that carry a protected tag.
//! It does not know which tags ought to be protected.

use super::super::leaf::Answer;
use super::reach::{self, Reach};
use super::selection::{Image, Selection};
use crate::model::{Declared, Document, NodeId};

/// What is written in place of each `*` of a tag that is shown.
const FILLINGS: [&str; 4] = ["1", "42", "q7", "x0z"];

impl<'v> Reach<'_, 'v> {
    /// Adds `[{rule, expires, tag, image, kept}]`: an entry for each rule that may expire an image with
    /// one of the tags, for the first such tag.
    pub(super) fn expirations(
        &self,
        document: &mut Document,
        tags: &[Declared<String>],
    ) -> Vec<NodeId> {
        let mut found = Vec::new();
        for one in &self.rules {
            let Some((tag, expires, image)) = self.expires_any(one, tags) else {
                continue;
            };
            let span = one.span();
            let kept = reach::kept(document, one.rule);
            let rule = reach::number(document, one.rule.priority);
            let expires = expires.write(document, span);
            let tag = document.string(&tag.value, tag.span);
            let image = document.string(&image, span);
            found.push(document.object(
                &[
                    ("rule", rule),
                    ("expires", expires),
                    ("tag", tag),
                    ("image", image),
                    ("kept", kept),
                ],
                span,
            ));
        }
        found
    }

    /// The first of the tags that an image may carry which the rule expires, and such an image in words.
    fn expires_any<'t>(
        &self,
        one: &Selection<'_, 'v>,
        tags: &'t [Declared<String>],
    ) -> Option<(&'t Declared<String>, Answer, String)> {
        let acts = reach::expires(one.rule).and(one.keeps_its_one_image().not());
        if let Answer::No = acts {
            return None;
        }
        let mut maybe = None;
        for tag in tags {
            let image = one.image().and(&tag.value);
            let expires = match (acts.clone().and(one.meets(&image)), &image.doubt) {
                (Answer::No, _) => continue,
                (Answer::Yes, Some(doubt)) => Answer::Unknown(doubt.clone()),
                (other, _) => other,
            };
            match expires.and(self.claimed(one, &image).0.not()) {
                Answer::No => {}
                Answer::Yes => return Some((tag, Answer::Yes, self.example(one, &image))),
                unknown => maybe = maybe.or(Some((tag, unknown, String::new()))),
            }
        }
        maybe
    }

    /// The tags of the image in words, with something readable in place of each `*`.
    fn example(&self, one: &Selection<'_, 'v>, image: &Image) -> String {
        let mut filled = FILLINGS.iter().map(|filling| image.filled(filling));
        let first = filled.clone().next();
        let fits = |image: &Image| {
            matches!(one.meets(image), Answer::Yes)
                && matches!(self.claimed(one, image).0, Answer::No)
        };
        let shown = filled.find(fits).or(first);
        shown.map_or_else(String::new, |image| image.words())
    }
}
