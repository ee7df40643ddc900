//! The functions and attributes whose values other stacks decide.
//! It does not know the other stacks, only how they are asked.

use super::cross_stack::{Carried, StackOutput};
use super::evaluate::Evaluator;
use super::intrinsics::malformed;
use super::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::IMPORT;
use crate::source::{Kind, Node, Span};

/// How the attributes of a nested stack begin that are its outputs.
const OUTPUTS: &str = "Outputs.";

impl<'t> Evaluator<'t, '_> {
    /// `Fn::ImportValue`
    pub(crate) fn import_value(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        const NAME: &str = "Fn::ImportValue";
        let Some(export) = self.resolve(argument).into_text() else {
            return malformed(NAME, "the name of an export", span);
        };
        let Some(known) = export.known() else {
            return Resolved::hole(span, NAME, export.reason().unwrap_or_default());
        };
        self.setting.seeks.set(true);
        self.note_place();
        let value = match self.setting.others {
            Some(others) => others.export(self.context, &known),
            None => Carried::unknown(&imported(&known), no_export(&known)),
        };
        self.carried(value.filled_in(self.context), span)
    }

    /// `Fn::GetStackOutput`
    pub(crate) fn stack_output(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        const NAME: &str = "Fn::GetStackOutput";
        if argument.kind() != Kind::Object {
            return malformed(NAME, "`StackName` and `OutputName`", span);
        }
        let mut texts = ["StackName", "OutputName", "Region"].map(|name| {
            let text = argument
                .get(name)
                .map(|node| self.resolve(node).into_text());
            text.map(|text| {
                let text = text.ok_or_else(|| format!("`{name}` of `{NAME}` is not a text"))?;
                let unknown = || text.reason().unwrap_or_default().to_owned();
                text.known().map(|it| it.into_owned()).ok_or_else(unknown)
            })
        });
        if let Some(Some(Err(reason))) = texts.iter().find(|text| matches!(text, Some(Err(_)))) {
            return Resolved::hole(span, NAME, reason.as_str());
        }
        let [stack, output, region] = texts.each_mut().map(|text| text.take()?.ok());
        let (Some(stack), Some(output)) = (stack, output) else {
            return malformed(NAME, "`StackName` and `OutputName`", span);
        };
        let wanted = StackOutput {
            stack,
            output,
            region,
            any_account: argument.get("RoleArn").is_some(),
        };
        self.setting.seeks.set(true);
        self.note_place();
        let value = match self.setting.others {
            Some(others) => others.output(self.context, &wanted),
            None => Carried::unknown(&wanted.hole(), no_stack(&wanted.stack)),
        };
        self.carried(value, span)
    }

    /// An attribute whose value another stack decides; `None` for any other attribute.
    pub(crate) fn of_other_stack(
        &self,
        resource: &Resource<'t>,
        attribute: &str,
        span: Span,
    ) -> Option<Resolved<'t>> {
        let others = self.setting.others;
        let value = match resource.kind {
            ResourceKind::NestedStack => {
                let output = attribute.strip_prefix(OUTPUTS)?;
                self.setting.seeks.set(true);
                let template = self.template.source();
                match others {
                    Some(others) => others.nested(template, resource.id, output),
                    None => no_template(resource.id, output),
                }
            }
            ResourceKind::ExportReader => {
                let imports = resource.written("ReaderProps")?;
                imports.get("imports")?.get(attribute)?;
                self.setting.seeks.set(true);
                match others {
                    Some(others) => others.handed(self.context, attribute),
                    None => Carried::unknown(attribute, no_writer(attribute)),
                }
            }
            _ => return None,
        };
        self.note_place();
        Some(self.carried(value, span))
    }

    /// The value that its parent passes for a parameter of the template.
    pub(crate) fn passed(&self, name: &str) -> Option<Carried> {
        let passed = self.setting.others?.passed(self.template.source(), name)?;
        Some(passed.filled_in(self.context))
    }

    /// A value of another stack, used at `span`.
    pub(crate) fn carried(&self, value: Carried, span: Span) -> Resolved<'t> {
        match value.into_resolved(span) {
            Resolved::Text(text) => self.text(text),
            other => other,
        }
    }
}

/// What stands for the value of an export.
pub(crate) fn imported(name: &str) -> String {
    format!("{IMPORT}{name}")
}

/// Why an import is not known.
pub(crate) fn no_export(name: &str) -> String {
    format!("no input exports `{name}`")
}

/// Why an output of another stack is not known.
pub(crate) fn no_stack(name: &str) -> String {
    format!("no input is the stack `{name}`")
}

/// An output of a nested stack that is in no input.
pub(crate) fn no_template(logical_id: &str, output: &str) -> Carried {
    let name = format!("{logical_id}.{OUTPUTS}{output}");
    let reason = format!("no input is the template of the nested stack `{logical_id}`");
    Carried::unknown(&name, reason)
}

/// Why a value of another region is not known.
pub(crate) fn no_writer(path: &str) -> String {
    format!("no input writes `{path}` for this region")
}
