//! What one stack can ask about the others, and what it is answered.
//! It does not know how the others are found or read.

use std::sync::Arc;

use super::pseudo;
use super::value::{Resolved, Text, TextPart};
use crate::input::Context;
use crate::model::{
    Document, Holds, ImageUse, Kinship, KmsKey, Parameter, Reference, Shape, TextLimits,
};
use crate::source::{SourceId, Span, Tree};

/// Pseudo parameters that are the same in two stacks of one account and region.
const OF_PLACE: [&str; 4] = [
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::Region",
    "AWS::URLSuffix",
];

/// Whoever knows the other stacks of a run.
pub(in crate::input) trait CrossStack {
    /// The value that some stack in the account and region of `asker` exports as `name`.
    fn export(&self, asker: &Context, name: &str) -> Carried;

    /// The value of an output of another stack.
    fn output(&self, asker: &Context, wanted: &StackOutput) -> Carried;

    /// The value of an output of the stack that the resource `logical_id` of `asker` deploys.
    fn nested(&self, asker: SourceId, logical_id: &str, output: &str) -> Carried;

    /// The value that its parent passes for a parameter of `asker`; `None` when no parent is known, or
    /// none passes a value.
    fn passed(&self, asker: SourceId, parameter: &str) -> Option<Carried>;

    /// The value that a stack of another region hands to that of `asker` under a path.
    fn handed(&self, asker: &Context, path: &str) -> Carried;

    /// Writes the SSM parameters that are `sought` of other templates than `template`, in the account and region of `asker`,
    /// its context.
    fn parameters(
        &self,
        template: SourceId,
        asker: &Context,
        sought: &Sought<'_>,
        document: &mut Document,
    ) -> Vec<Parameter>;

    /// Writes the images of a repository of `template`, whose context `asker` is, that resources of other templates run.
    fn images(
        &self,
        template: SourceId,
        asker: &Context,
        home: &RepositoryAddress<'_>,
        document: &mut Document,
    ) -> Vec<ImageUse>;

    /// The key that an attribute of another template stands for, by the ARN of the key itself.
    fn key(&self, reference: &Reference) -> Option<Reference>;

    /// Writes a key that [`CrossStack::key`] has found into a document.
    fn write_key(
        &self,
        key: &Reference,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> Option<KmsKey>;
}

/// An SSM parameter of another template, as far as it says whose it is.
pub(in crate::input) struct Published {
    /// The template, by its number in the run.
    pub(crate) index: usize,
    /// Logical id.
    pub(crate) id: String,
    /// What is known of its name.
    pub(crate) name: Shape,
    /// What is known of its value.
    pub(crate) value: Shape,
    /// The attribute that the value is.
    pub(crate) reference: Option<Reference>,
}

/// Which SSM parameters of other templates are sought for a repository.
pub(in crate::input) struct Sought<'s> {
    /// The resources that they may refer to: the repository and its key.
    pub(crate) ids: [Option<&'s str>; 2],
    /// The values that they may have.
    pub(crate) values: Vec<&'s Shape>,
    /// Says of a parameter which value of the repository it holds, as far as that is certain; `None` when it has
    /// nothing to do with the repository.
    pub(crate) claim: &'s dyn Fn(&Published) -> Option<Option<Holds>>,
    /// How many repositories the template has for which parameters are sought.
    pub(crate) repositories: usize,
    /// Where the repository is declared.
    pub(crate) place: Span,
}

/// An output of a stack that is named.
#[derive(Clone, Debug)]
pub(in crate::input) struct StackOutput {
    /// Name of the stack.
    pub(crate) stack: String,
    /// Name of the output.
    pub(crate) output: String,
    /// Region of the stack, where it is not that of who asks.
    pub(crate) region: Option<String>,
    /// Whether the stack may be in another account.
    pub(crate) any_account: bool,
}

impl StackOutput {
    /// What stands for the value of the output.
    pub(crate) fn hole(&self) -> String {
        let region = self.region.as_deref().unwrap_or_default();
        format!("output:{}.{}@{region}", self.stack, self.output)
    }
}

/// A text that was worked out in one template and is used in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::input) struct Carried {
    pieces: Vec<KnownPiece>,
    /// The resource attribute that the whole text is.
    pub(crate) reference: Option<Reference>,
}

/// One part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum KnownPiece {
    Known(String),
    /// Name and reason, and what is certain all the same.
    Hole(String, String, Option<Arc<TextLimits>>),
}

impl Carried {
    /// A text that cannot be known because of `reason`.
    pub(crate) fn unknown(name: &str, reason: impl Into<String>) -> Self {
        Self {
            pieces: vec![KnownPiece::Hole(name.to_owned(), reason.into(), None)],
            reference: None,
        }
    }

    /// A value of the stack that `rename` gives the names of holes after; `None` when it is not a text.
    pub(crate) fn of(value: Resolved<'_>, rename: impl Fn(String) -> String) -> Option<Self> {
        let text = value.into_text()?;
        let pieces = text.parts.into_iter().map(|part| match part {
            TextPart::Known { text, .. } => KnownPiece::Known(text.into_owned()),
            TextPart::Hole {
                name,
                reason,
                limits,
                ..
            } => KnownPiece::Hole(rename(name), reason, limits),
        });
        Some(Self {
            pieces: pieces.collect(),
            reference: text.reference.map(|reference| *reference),
        })
    }

    /// The text, where it is known whole.
    pub(crate) fn known(&self) -> Option<String> {
        let mut whole = String::new();
        for piece in &self.pieces {
            match piece {
                KnownPiece::Known(text) => whole.push_str(text),
                KnownPiece::Hole(..) => return None,
            }
        }
        Some(whole)
    }

    /// The text as a value of the template that uses it at `span`.
    pub(crate) fn into_resolved<'t>(self, span: Span) -> Resolved<'t> {
        let parts = self.pieces.into_iter().map(|piece| match piece {
            KnownPiece::Known(text) => TextPart::known(text, span),
            KnownPiece::Hole(name, reason, limits) => TextPart::Hole {
                name,
                reason,
                span,
                limits,
            },
        });
        let mut text = Text::new(span, parts.collect());
        text.reference = self.reference.map(Box::new);
        Resolved::Text(text)
    }

    /// What is known of the account and region of `context`, filled in.
    pub(crate) fn filled_in(mut self, context: &Context) -> Self {
        for piece in &mut self.pieces {
            let KnownPiece::Hole(name, ..) = piece else {
                continue;
            };
            let known = pseudo::part(name, context, Span::default());
            if let (true, Some(TextPart::Known { text, .. })) = (is_of_place(name), known) {
                *piece = KnownPiece::Known(text.into_owned());
            }
        }
        self
    }
}

/// Whether a hole is filled by the place of a stack alone.
pub(crate) fn is_of_place(name: &str) -> bool {
    OF_PLACE.contains(&name)
}

/// A repository as URIs of images may name it.
pub(in crate::input) struct RepositoryAddress<'t> {
    /// Its account.
    pub(crate) account: Vec<TextPart<'t>>,
    /// Its region.
    pub(crate) region: Vec<TextPart<'t>>,
    /// Its name.
    pub(crate) name: Vec<TextPart<'t>>,
    /// Where it is declared.
    pub(crate) place: Span,
    /// How texts are related to what it is called.
    pub(crate) kinship: Kinship,
}
