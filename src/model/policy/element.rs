//! Elements of a statement that stand where others are to be, by their names in a policy and in the construct library.
//! It does not know why they are to go.

use super::text::member;
use super::writer::FactWriter;
use crate::model::{MemberKey, NodeId, Value};
use crate::source::Span;

/// Adds `{policy, typescript, python}` of an element, where a statement has it.
///
/// The names of properties are those of `iam.PolicyStatement`.
///
/// <https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.PolicyStatementProps.html>
pub(super) fn write(
    writer: &mut FactWriter<'_>,
    statement: Value<'_>,
    element: MemberKey,
    span: Span,
) -> NodeId {
    if member(statement, element).is_none() {
        return writer.absent(span);
    }
    let name = element.name();
    let mut typescript = String::new();
    let mut python = String::new();
    for (at, letter) in name.char_indices() {
        let (small, is_start) = (letter.to_ascii_lowercase(), letter.is_ascii_uppercase());
        typescript.push(if at == 0 { small } else { letter });
        python.extend((at > 0 && is_start).then_some('_'));
        python.push(small);
    }
    let members = [
        ("policy", writer.nodes.string(name, span)),
        ("typescript", writer.nodes.string(&(typescript + "s"), span)),
        ("python", writer.nodes.string(&(python + "s"), span)),
    ];
    writer.nodes.object(&members, span)
}
