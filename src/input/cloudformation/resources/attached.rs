//! What connects the policies of IAM with roles, users and groups: references, names, and the names of
//! policies that AWS provides. It does not know what a policy of the template says.

use std::borrow::Cow;

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::{Resolved, Text};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{AttachmentTarget, Document, NodeId, Piece, PrincipalNaming, Shape, Truth};
use crate::source::{Kind, Node, SourceId, Span};

/// Properties that say to whom something is attached, with the type of those.
const LISTS: [(&str, &str); 6] = [
    ("Roles", "AWS::IAM::Role"),
    ("RoleName", "AWS::IAM::Role"),
    ("Users", "AWS::IAM::User"),
    ("UserName", "AWS::IAM::User"),
    ("Groups", "AWS::IAM::Group"),
    ("GroupName", "AWS::IAM::Group"),
];

/// Rows are `policy,actions` under a heading: policies that AWS manages, by what follows `policy/` in their
/// ARN, with the actions on ECR and the public gallery that they give on every resource. Those without
/// actions say nothing of either. Their texts are those of August 2026, as published in
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>. Of `ReadOnlyAccess`
/// the public gallery is left out: nobody who attaches it asks for half a token.
const PROVIDED: &str = include_str!("provided.csv");

/// The actions of the first policy in the table whose path is as wanted.
fn provided(is_wanted: impl Fn(&str) -> bool) -> Option<&'static str> {
    let mut rows = PROVIDED
        .lines()
        .skip(1)
        .filter_map(|row| row.split_once(','));
    rows.find(|(path, _)| is_wanted(path))
        .map(|(_, actions)| actions)
}

/// Whether a name, as SAM takes it in place of an ARN, is that of a policy of AWS that says nothing of ECR.
pub(crate) fn gives_nothing(name: &str) -> bool {
    named(name).is_some_and(str::is_empty)
}

/// The actions of a policy that AWS manages, by its name alone.
fn named(name: &str) -> Option<&'static str> {
    provided(|path| path.rsplit('/').next() == Some(name))
}

/// A role, user or group by what others call it.
pub(crate) struct PrincipalName<'t> {
    template: SourceId,
    id: Cow<'t, str>,
    /// Its type.
    kind: &'t str,
    /// Its physical name as far as it is known; `None` when CloudFormation makes it up.
    shape: Option<Shape>,
}

impl<'t> PrincipalName<'t> {
    pub(crate) fn of(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Self {
        if resource.kind == ResourceKind::Serverless {
            // The role that SAM makes beside it, for which CloudFormation makes up a name.
            return Self {
                template: resource.place.source,
                id: Cow::Owned(format!("{}Role", resource.id)),
                kind: "AWS::IAM::Role",
                shape: None,
            };
        }
        let kind = resource.node.get("Type").and_then(Node::as_str);
        let kind = kind.unwrap_or_default();
        let property = match kind {
            "AWS::IAM::User" => "UserName",
            "AWS::IAM::Group" => "GroupName",
            _ => "RoleName",
        };
        let properties = evaluator.properties(resource);
        let name = evaluator.inside(&properties, property).value.into_text();
        Self {
            template: resource.place.source,
            id: Cow::Borrowed(resource.id),
            kind,
            shape: name.map(|name| name.shape()),
        }
    }

    /// The logical id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The same for whoever looks at several templates.
    pub(crate) fn naming(self) -> PrincipalNaming {
        let kinds = LISTS.iter().map(|(_, kind)| *kind);
        PrincipalNaming {
            kind: kinds
                .into_iter()
                .find(|kind| *kind == self.kind)
                .unwrap_or_default(),
            template: self.template,
            logical_id: self.id.into_owned(),
            name: self.shape,
        }
    }
}

/// To whom a policy is attached.
pub(crate) struct Attached<'t> {
    /// The type of each principal, and what it is called.
    targets: Vec<(&'static str, Resolved<'t>)>,
    /// Why there may be more, with the type of those.
    rest: Vec<(&'static str, String)>,
}

impl<'t> Attached<'t> {
    pub(crate) fn read(evaluator: &Evaluator<'t, '_>, policy: &Resource<'t>) -> Self {
        let properties = evaluator.properties(policy);
        let (mut targets, mut rest) = (Vec::new(), Vec::new());
        for (property, kind) in LISTS {
            // A membership has the name of its group, which gets nothing.
            if policy.kind == ResourceKind::IamMembership && property != "Users" {
                continue;
            }
            let (found, more) = items(evaluator, evaluator.inside(&properties, property));
            targets.extend(found.into_iter().map(|value| (kind, value)));
            rest.extend(more.map(|reason| (kind, reason)));
        }
        Self { targets, rest }
    }

    /// Whether it is attached to anything.
    pub(crate) fn is_to_any(&self) -> bool {
        !self.targets.is_empty() || !self.rest.is_empty()
    }

    /// The same for whoever looks at several templates.
    pub(crate) fn targets(&self) -> Vec<AttachmentTarget> {
        let named = self.targets.iter().filter_map(|(kind, value)| {
            let (kind, reference) = (*kind, value.reference().cloned());
            let text = value.clone().into_text();
            let is_there = !matches!(value, Resolved::Nothing);
            is_there.then(|| AttachmentTarget {
                kind,
                name: text.map(|text| text.shape()),
                reference,
            })
        });
        let more = self.rest.iter().map(|(kind, _)| AttachmentTarget {
            kind,
            name: None,
            reference: None,
        });
        named.chain(more).collect()
    }

    /// Whether the principal is among them; of several doubts about targets the last one is reported.
    pub(crate) fn holds(&self, name: &PrincipalName<'_>) -> Truth {
        let alike = self.targets.iter().filter(|(kind, _)| *kind == name.kind);
        let mut holds = Truth::False;
        for (_, value) in alike {
            match is_called(value, name) {
                Truth::True => return Truth::True,
                Truth::False => {}
                doubt @ Truth::Unknown(_) => holds = doubt,
            }
        }
        let rest = self.rest.iter().find(|(kind, _)| *kind == name.kind);
        match rest {
            Some((_, reason)) => holds.or(Truth::unknown(reason.as_str())),
            None => holds,
        }
    }
}

/// Whether a value is a reference to a principal, or its name.
fn is_called(value: &Resolved<'_>, name: &PrincipalName<'_>) -> Truth {
    if matches!(value, Resolved::Nothing) {
        return Truth::False;
    }
    if let Some(reference) = value.reference() {
        return Truth::from(reference.is_of(name.template, &name.id));
    }
    let Some(text) = value.clone().into_text() else {
        return Truth::unknown(format!(
            "whether a policy is attached to `{}` cannot be known",
            name.id
        ));
    };
    let shape = text.shape();
    match (text.known(), &name.shape) {
        (Some(known), Some(own)) if own.admits(&known) => match own.as_text() {
            Some(_) => Truth::True,
            None => Truth::unknown(format!("the name of `{}` is not known", name.id)),
        },
        // A name that CloudFormation makes up is none that is written down.
        (Some(_), _) => Truth::False,
        (None, Some(own)) if *own == shape => Truth::True,
        (None, Some(own)) => match own.as_text() {
            Some(own) if !shape.admits(own) => Truth::False,
            _ => Truth::unknown(text.reason().unwrap_or_default()),
        },
        (None, None) => Truth::unknown(text.reason().unwrap_or_default()),
    }
}

/// The items of a list, and why there may be more.
pub(crate) fn items<'t>(
    evaluator: &Evaluator<'t, '_>,
    slot: Slot<'t>,
) -> (Vec<Resolved<'t>>, Option<String>) {
    match slot.value {
        Resolved::Node(node) if node.kind() == Kind::Array => {
            let items = node.items().map(|item| evaluator.resolve(item));
            (items.collect(), None)
        }
        Resolved::List(list) => (list.items, list.rest),
        Resolved::Nothing => (Vec::new(), None),
        other => (vec![other], None),
    }
}

/// A policy that AWS manages.
pub(crate) struct Provided {
    place: Span,
    /// Names with blanks between them.
    actions: &'static str,
}

impl Provided {
    /// Reads the ARN of a policy; the partition may be left open. `is_name_enough`: SAM takes a name in its place.
    pub(crate) fn read(value: &Resolved<'_>, is_name_enough: bool) -> Option<Self> {
        let place = value.span()?;
        let text = value.clone().into_text()?;
        if is_name_enough && let Some(actions) = text.known().and_then(|name| named(&name)) {
            return Some(Self { place, actions });
        }
        let shape = text.shape();
        let Some(Piece::Text(end)) = shape.0.last() else {
            return None;
        };
        let (_, name) = end.rsplit_once(":iam::aws:policy/")?;
        let actions = provided(|path| path == name)?;
        Some(Self { place, actions })
    }

    /// Writes what the policy says.
    pub(crate) fn write(&self, document: &mut Document) -> NodeId {
        let span = self.place;
        let actions = self.actions.split_whitespace();
        let actions: Vec<_> = actions.map(|name| document.string(name, span)).collect();
        let actions = document.array(&actions, span);
        let effect = document.string("Allow", span);
        let resource = document.string("*", span);
        let members = [
            ("Effect", effect),
            ("Action", actions),
            ("Resource", resource),
        ];
        let statement = document.object(&members, span);
        let list = document.array(&[statement], span);
        document.object(&[("Statement", list)], span)
    }
}

/// The policies to which an identity refers.
#[derive(Default)]
pub(crate) struct Managed<'t> {
    /// Those of the template.
    pub(crate) policies: Vec<Resource<'t>>,
    /// Those of AWS that are about ECR.
    pub(crate) provided: Vec<Provided>,
    /// Why there may be more.
    pub(crate) doubt: Option<String>,
}

impl<'t> Managed<'t> {
    pub(crate) fn read(evaluator: &Evaluator<'t, '_>, principal: &Resource<'t>) -> Self {
        let properties = evaluator.properties(principal);
        let kind = principal.node.get("Type").and_then(Node::as_str);
        let (arns, mut rest) = items(
            evaluator,
            evaluator.inside(&properties, "ManagedPolicyArns"),
        );
        if kind == Some("AWS::IAM::Group") {
            let reason = format!("users of `{}` may have more policies", principal.id);
            rest = Some(reason);
        }
        let mut all = Self::of(evaluator, principal, arns, rest);
        let (groups, rest) = items(evaluator, evaluator.inside(&properties, "Groups"));
        if !groups.is_empty() || rest.is_some() {
            all.doubt = Some(groups_too(principal));
        }
        all
    }

    /// Looks for the policies with these ARNs; `doubt` says why there may be more.
    pub(crate) fn of(
        evaluator: &Evaluator<'t, '_>,
        principal: &Resource<'t>,
        arns: Vec<Resolved<'t>>,
        doubt: Option<String>,
    ) -> Self {
        let mut all = Self {
            doubt,
            ..Self::default()
        };
        let is_serverless = principal.kind == ResourceKind::Serverless;
        for arn in arns.into_iter().filter(|arn| arn.span().is_some()) {
            let own = evaluator.template.source();
            let found = arn.reference().filter(|found| found.template == own);
            let found =
                found.and_then(|found| evaluator.template.resources.get(&*found.logical_id));
            let found = found.filter(|found| found.kind == ResourceKind::IamPolicy);
            match (found, Provided::read(&arn, is_serverless)) {
                (Some(policy), _) => all.policies.push(*policy),
                (None, Some(provided)) => all.provided.push(provided),
                (None, None) => {
                    all.doubt = Some(not_shown(arn, principal));
                }
            }
        }
        all
    }
}

/// Why it is not known what a managed policy allows.
fn not_shown(arn: Resolved<'_>, principal: &Resource<'_>) -> String {
    let text = arn.into_text();
    let known = text.as_ref().and_then(Text::known);
    match (known, text.as_ref().and_then(Text::reason)) {
        (Some(arn), _) => format!("no input shows what the managed policy `{arn}` allows"),
        (None, Some(reason)) => reason.to_owned(),
        (None, None) => format!("a managed policy of `{}` is not known", principal.id),
    }
}

/// Why more policies than those of the identity itself count.
pub(crate) fn groups_too(principal: &Resource<'_>) -> String {
    format!("`{}` has the policies of its groups, too", principal.id)
}
