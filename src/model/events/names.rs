//! What events call repositories: by name or by ARN. Either one repository, or any.
//! It does not know which events there are.

use super::sample::{PartialText, Sample, TextForm};
use crate::model::{Data, Entity, Piece, Reference, Shape, Value, partition};

/// How the events are about repositories.
#[derive(Clone, Debug)]
pub(super) struct RepositorySamples {
    /// The name.
    pub(super) name: Sample,
    /// The ARN.
    pub(super) arn: Sample,
    /// The ARN of an image.
    pub(super) image: Sample,
    /// The account that sends the events.
    pub(super) account: Sample,
    /// The region that sends them.
    pub(super) region: Sample,
}

impl RepositorySamples {
    /// Of any repository, anywhere: events of other accounts and regions can be sent on.
    pub(super) fn any() -> Self {
        Self {
            name: Sample::Free(TextForm::Name),
            arn: Sample::Free(TextForm::Arn),
            image: Sample::Free(TextForm::ImageArn),
            account: Sample::Free(TextForm::Account),
            region: Sample::Free(TextForm::Region),
        }
    }

    /// Of one repository.
    pub(super) fn of(repository: &Entity) -> Self {
        let subject = &repository.subject;
        let own = |text: Option<&str>, name: &str| match text {
            Some(text) => Sample::text(text),
            None => Sample::Hidden(PartialText {
                shape: Shape(vec![Piece::hole(name)]),
                reference: None,
                reason: "the account and region of the stack are not known".to_owned(),
            }),
        };
        let name = name(repository);
        let arn = arn(repository, &name);
        Self {
            image: image(&arn),
            account: own(subject.account.as_deref(), "AWS::AccountId"),
            region: own(subject.region.as_deref(), "AWS::Region"),
            name,
            arn,
        }
    }
}

fn name(repository: &Entity) -> Sample {
    let reference = |attribute: &str| {
        let logical_id = repository.subject.logical_id.clone()?;
        Some(Reference {
            template: repository.place.source,
            logical_id,
            attribute: attribute.to_owned(),
        })
    };
    let given = repository.given_name();
    let (shape, reason) = match given.map_or(Data::Absent, Value::data) {
        Data::String(name) => return Sample::text(name),
        Data::Unknown(unknown) => (unknown.shape.clone(), unknown.reason.clone()),
        _ => (None, "CloudFormation makes up the name".to_owned()),
    };
    Sample::Hidden(PartialText {
        shape: shape.unwrap_or_else(|| Shape(vec![Piece::hole(String::new())])),
        reference: reference("Ref"),
        reason,
    })
}

/// The ARN around the name. It is never known whole without account and region, and compared by its
/// end then.
fn arn(repository: &Entity, name: &Sample) -> Sample {
    let subject = &repository.subject;
    let region = subject.region.as_deref();
    let mut pieces = Vec::new();
    let mut push = |text: Option<&str>, hole: &str| {
        let piece = text.map_or_else(|| Piece::hole(hole), |text| Piece::Text(text.to_owned()));
        match (pieces.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    };
    push(Some("arn:"), "");
    push(region.map(partition::name), "AWS::Partition");
    push(Some(":ecr:"), "");
    push(region, "AWS::Region");
    push(Some(":"), "");
    push(subject.account.as_deref(), "AWS::AccountId");
    push(Some(":repository/"), "");
    let mut reason = "the account and region of the stack are not known".to_owned();
    match name {
        Sample::Text(name) => push(Some(name), ""),
        Sample::Hidden(hidden) => {
            reason.clone_from(&hidden.reason);
            for piece in &hidden.shape.0 {
                match piece {
                    Piece::Text(text) => push(Some(text), ""),
                    Piece::Hole(hole, _) => push(None, hole),
                }
            }
        }
        _ => {}
    }
    if let [Piece::Text(arn)] = pieces.as_slice() {
        return Sample::Text(arn.clone());
    }
    Sample::Hidden(PartialText {
        shape: Shape(pieces),
        reference: subject.logical_id.as_ref().map(|id| Reference {
            template: repository.place.source,
            logical_id: id.clone(),
            attribute: "Arn".to_owned(),
        }),
        reason,
    })
}

/// The ARN of an image of the repository with an ARN.
fn image(arn: &Sample) -> Sample {
    let (mut shape, reason) = match arn {
        Sample::Text(arn) => (Shape(vec![Piece::Text(arn.clone())]), ""),
        Sample::Hidden(hidden) => (hidden.shape.clone(), &*hidden.reason),
        _ => (Shape::default(), ""),
    };
    let digest = "/sha256:".to_owned();
    match shape.0.last_mut() {
        Some(Piece::Text(last)) => last.push_str(&digest),
        _ => shape.0.push(Piece::Text(digest)),
    }
    shape.0.push(Piece::hole("digest".to_owned()));
    let reason = match reason {
        "" => "the digest of an image is not known",
        reason => reason,
    };
    Sample::Hidden(PartialText {
        shape,
        reference: None,
        reason: reason.to_owned(),
    })
}
