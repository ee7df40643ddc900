//! Events that ECR and Inspector send about a repository, as far as every such event is alike.
//! It does not know patterns.

use crate::model::{Data, Piece, Reference, Repository, Shape, partition};

/// A value of an event.
#[derive(Clone, Debug)]
pub(super) enum Sample {
    /// A text that is certain.
    Text(String),
    /// A text that is not known whole.
    Hidden(Hidden),
    /// Whatever somebody may ask for: a digest, tags, counts.
    Any,
    /// A list.
    List(Vec<Sample>),
    /// A mapping.
    Map(Vec<(&'static str, Sample)>),
}

/// A text that is not known whole.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    /// What is known of it.
    pub(super) shape: Shape,
    /// The attribute that it is in the template.
    pub(super) reference: Option<Reference>,
    /// Why it is not known.
    pub(super) reason: String,
}

impl Sample {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The events that say that a scan is finished: of basic scanning, of enhanced scanning, or both.
pub(super) fn finished_scans(repository: &Repository, enhanced: Option<bool>) -> Vec<Sample> {
    let name = name(repository);
    let arn = arn(repository, &name);
    let basic = || {
        let status = Sample::text("COMPLETE");
        event(
            repository,
            ["aws.ecr", "ECR Image Scan"],
            &arn,
            status,
            name.clone(),
        )
    };
    let scan = || {
        let status = Sample::text("INITIAL_SCAN_COMPLETE");
        let kind = ["aws.inspector2", "Inspector2 Scan"];
        event(repository, kind, &arn, status, arn.clone())
    };
    let finding = || {
        let mut members = envelope(repository, ["aws.inspector2", "Inspector2 Finding"]);
        members.push(("resources", Sample::Any));
        members.push(("detail", Sample::Any));
        Sample::Map(members)
    };
    match enhanced {
        Some(true) => vec![scan(), finding()],
        Some(false) => vec![basic()],
        None => vec![basic(), scan(), finding()],
    }
}

fn event(
    repository: &Repository,
    kind: [&str; 2],
    arn: &Sample,
    status: Sample,
    name: Sample,
) -> Sample {
    let mut members = envelope(repository, kind);
    members.push(("resources", Sample::List(vec![arn.clone()])));
    members.push((
        "detail",
        Sample::Map(vec![
            ("scan-status", status),
            ("repository-name", name),
            ("image-digest", Sample::Any),
            ("image-tags", Sample::Any),
            ("finding-severity-counts", Sample::Any),
        ]),
    ));
    Sample::Map(members)
}

/// The members of every event.
fn envelope(repository: &Repository, [source, kind]: [&str; 2]) -> Vec<(&'static str, Sample)> {
    let subject = &repository.subject;
    let own = |text: Option<&str>, name: &str| match text {
        Some(text) => Sample::text(text),
        None => Sample::Hidden(Hidden {
            shape: Shape(vec![Piece::Hole(name.to_owned())]),
            reference: None,
            reason: "the account and region of the stack are not known".to_owned(),
        }),
    };
    vec![
        ("version", Sample::text("0")),
        ("id", Sample::Any),
        ("time", Sample::Any),
        ("source", Sample::text(source)),
        ("detail-type", Sample::text(kind)),
        ("account", own(subject.account.as_deref(), "AWS::AccountId")),
        ("region", own(subject.region.as_deref(), "AWS::Region")),
    ]
}

fn name(repository: &Repository) -> Sample {
    let reference = |attribute: &str| {
        let logical_id = repository.subject.logical_id.clone()?;
        Some(Reference {
            template: repository.place.source,
            logical_id,
            attribute: attribute.to_owned(),
        })
    };
    let value = repository.document.value(repository.name);
    let (shape, reason) = match value.data() {
        Data::String(name) => return Sample::text(name),
        Data::Unknown(unknown) => (unknown.shape.clone(), unknown.reason.clone()),
        _ => (None, "CloudFormation makes up the name".to_owned()),
    };
    Sample::Hidden(Hidden {
        shape: shape.unwrap_or_else(|| Shape(vec![Piece::Hole(String::new())])),
        reference: reference("Ref"),
        reason,
    })
}

/// The ARN around the name. It is never known whole without account and region, and compared by its
/// end then.
fn arn(repository: &Repository, name: &Sample) -> Sample {
    let subject = &repository.subject;
    let region = subject.region.as_deref();
    let mut pieces = Vec::new();
    let mut push = |text: Option<&str>, hole: &str| {
        let piece = text.map_or_else(
            || Piece::Hole(hole.to_owned()),
            |text| Piece::Text(text.to_owned()),
        );
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
                    Piece::Hole(hole) => push(None, hole),
                }
            }
        }
        _ => {}
    }
    if let [Piece::Text(arn)] = pieces.as_slice() {
        return Sample::Text(arn.clone());
    }
    Sample::Hidden(Hidden {
        shape: Shape(pieces),
        reference: subject.logical_id.as_ref().map(|id| Reference {
            template: repository.place.source,
            logical_id: id.clone(),
            attribute: "Arn".to_owned(),
        }),
        reason,
    })
}
