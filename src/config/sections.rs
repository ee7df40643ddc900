//! Reads the top of a configuration: sets, rules, ignores, registry, parameters.
//! It does not know which rules and sets there are.

use std::path::Path;

use super::configuration::{Config, RuleConfig, RuleSetting};
use super::follow::PointerTarget;
use super::read::{ConfigReader, Cursor, Field};
use super::words::{quoted, suggestion};
use super::{extends, keys, organisation};
use crate::ignore::{Date, Ignore, IgnoreScope, NamePattern, rule_id};
use crate::model::{Declared, Document, NodeId, RegistryScanning};
use crate::report::Severity;
use crate::source::{Kind, Node, Problem, Span};

const BASE: &str = "{BASE}";
const KIND: &str = "{kind}";

/// Reads everything below `root`; `names` are those of the environments.
pub(crate) fn read<'t>(
    reader: &mut ConfigReader<'t>,
    root: Node<'t>,
    folder: &Path,
    names: &[&'t str],
) -> Config {
    let mut config = Config::default();
    let root = ConfigReader::root(root);
    let Some(fields) = reader.mapping(root, "the configuration", &keys::ROOT) else {
        return config;
    };
    if let Some(value) = fields.get("extends") {
        config.extends = extends::read(reader, value, folder);
    }
    config.sets = fields
        .get("sets")
        .map(|value| reader.texts(value, "`sets`"));
    config.parameter_name = fields.get("ssm").and_then(|value| ssm(reader, value));
    if let Some(value) = fields.get("organisation") {
        config.organisation = organisation::read(reader, value, names);
    }
    if let Some(organisation) = &mut config.organisation {
        organisation
            .parameter_name
            .clone_from(&config.parameter_name);
    }
    config.registry = fields
        .get("registry")
        .and_then(|value| registry(reader, value));
    if let Some(value) = fields.get("protected_tags") {
        config.protected_tags = reader.texts(value, "`protected_tags`");
    }
    if let Some(value) = fields.get("rules") {
        let rules = reader.entries(value, "`rules`");
        config.rules = rules.iter().map(|field| rule(reader, field)).collect();
    }
    if let Some(value) = fields.get("rules_dirs") {
        let folders = reader.texts(value, "`rules_dirs`").into_iter();
        let joined = folders.map(|declared| Declared {
            value: folder.join(declared.value),
            span: declared.span,
        });
        config.rules_dirs = joined.collect();
    }
    if let Some(value) = fields.get("ignores") {
        let items = reader.items(value, "`ignores`").into_iter();
        config.ignores = items.filter_map(|item| ignore(reader, item)).collect();
    }
    config
}

fn rule<'t>(reader: &mut ConfigReader<'t>, field: &Field<'t>) -> RuleConfig {
    let mut rule = RuleConfig {
        id: field.declared_key(),
        severity: None,
        settings: None,
    };
    let what = format!("rule {}", quoted(field.key));
    let PointerTarget::Value(value) = reader.find(field.value) else {
        return rule;
    };
    if value.node.kind() != Kind::Object {
        rule.severity = setting(reader, value, &what);
        return rule;
    }
    let Some(fields) = reader.mapping(value, &what, &keys::RULE) else {
        return rule;
    };
    if let Some(value) = fields.get("severity") {
        rule.severity = setting(reader, value, &format!("severity of {what}"));
    }
    if let Some(value) = fields.get("settings") {
        rule.settings = settings(reader, value, &what);
    }
    rule
}

fn setting<'t>(
    reader: &mut ConfigReader<'t>,
    value: Cursor<'t>,
    what: &str,
) -> Option<Declared<RuleSetting>> {
    let span = value.span();
    let word = if span
        .slice(value.node.source_text())
        .eq_ignore_ascii_case("off")
    {
        // YAML 1.1 reads the bare word as a boolean; whoever wrote it meant the word.
        Declared {
            value: "off".to_owned(),
            span,
        }
    } else {
        reader.word(value, what, &["off", "note", "warning", "error"])?
    };
    let setting = match word.value.parse::<Severity>() {
        Ok(severity) => RuleSetting::Severity(severity),
        Err(()) => RuleSetting::Off,
    };
    Some(Declared {
        value: setting,
        span: word.span,
    })
}

fn settings<'t>(
    reader: &mut ConfigReader<'t>,
    value: Cursor<'t>,
    what: &str,
) -> Option<(Document, NodeId)> {
    let mut document = Document::default();
    let root = reader.import(value, &mut document)?;
    if document.value(root).data() == crate::model::Data::Object {
        return Some((document, root));
    }
    reader.mismatch(value, &format!("`settings` of {what}"), "a mapping");
    None
}

fn ssm<'t>(reader: &mut ConfigReader<'t>, value: Cursor<'t>) -> Option<Declared<String>> {
    let fields = reader.mapping(value, "`ssm`", &keys::SSM)?;
    let value = fields.get("name")?;
    let name = reader.text(value, "`ssm.name`")?;
    for placeholder in [BASE, KIND] {
        if !name.value.contains(placeholder) {
            let title = format!("`ssm.name` has no `{placeholder}` in it");
            let problem = Problem::new(name.span, title)
                .label("several parameters would have one name")
                .help(format!(
                    "put `{placeholder}` where it belongs, as in `ECR_{{BASE}}_{{kind}}`"
                ));
            reader.report(value, problem);
            return None;
        }
    }
    let rest = name.value.replace(BASE, "").replace(KIND, "");
    let Some(open) = rest.find(['{', '}']) else {
        return Some(name);
    };
    let end = rest[open..]
        .find('}')
        .map_or(rest.len(), |end| open + end + 1);
    let unknown = &rest[open..end];
    let title = format!("`ssm.name` has no placeholder {}", quoted(unknown));
    let problem = Problem::new(name.span, title)
        .label("a brace that belongs to no placeholder")
        .help(suggestion(unknown, &[BASE, KIND]));
    reader.report(value, problem);
    None
}

fn registry<'t>(reader: &mut ConfigReader<'t>, value: Cursor<'t>) -> Option<RegistryScanning> {
    let fields = reader.mapping(value, "`registry`", &keys::REGISTRY)?;
    let value = fields.get("scanning")?;
    let fields = reader.mapping(value, "`registry.scanning`", &keys::SCANNING)?;
    let kind = match fields.get("type") {
        Some(value) => reader.word(value, "`type`", &["BASIC", "ENHANCED"]),
        None => {
            let problem = Problem::new(fields.span, "`registry.scanning` has no type")
                .label("`type` is missing")
                .help("write `type: BASIC` or `type: ENHANCED`");
            reader.report(value, problem);
            None
        }
    };
    let mut document = Document::default();
    let (span, items) = match fields.get("rules") {
        Some(value) => (value.span(), reader.items(value, "`rules`")),
        None => (fields.span, Vec::new()),
    };
    let rules: Vec<_> = items
        .into_iter()
        .filter_map(|item| scanning_rule(reader, item, &mut document))
        .collect();
    let kind = kind?;
    let rules = document.array(&rules, span);
    let scan_type = document.string(&kind.value, kind.span);
    Some(RegistryScanning {
        event_rules: Vec::new(),
        policy: None,
        document,
        account: None,
        region: None,
        family: None,
        file: None,
        is_live: false,
        scan_type,
        rules,
    })
}

fn scanning_rule<'t>(
    reader: &mut ConfigReader<'t>,
    item: Cursor<'t>,
    document: &mut Document,
) -> Option<NodeId> {
    const FREQUENCIES: [&str; 3] = ["SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"];
    let fields = reader.mapping(item, "a scanning rule", &keys::SCANNING_RULE)?;
    let mut filters = Vec::new();
    let mut place = fields.span;
    if let Some(value) = fields.get("filters") {
        place = value.span();
        for item in reader.items(value, "`filters`") {
            filters.extend(scanning_filter(reader, item, document));
        }
    }
    let Some(value) = fields.get("frequency") else {
        missing(reader, item, fields.span, "a scanning rule", "frequency");
        return None;
    };
    let frequency = reader.word(value, "`frequency`", &FREQUENCIES)?;
    let frequency = document.string(&frequency.value, frequency.span);
    let filters = document.array(&filters, place);
    let members = [("frequency", frequency), ("filters", filters)];
    Some(document.object(&members, fields.span))
}

fn scanning_filter<'t>(
    reader: &mut ConfigReader<'t>,
    item: Cursor<'t>,
    document: &mut Document,
) -> Option<NodeId> {
    let fields = reader.mapping(item, "a scanning filter", &keys::SCANNING_FILTER)?;
    let Some(value) = fields.get("filter") else {
        missing(reader, item, fields.span, "a scanning filter", "filter");
        return None;
    };
    let filter = reader.text(value, "`filter`")?;
    // There is no other type of filter, so it may be left out.
    let kind = match fields.get("type") {
        Some(value) => reader.word(value, "`type`", &["WILDCARD"])?,
        None => Declared {
            value: "WILDCARD".to_owned(),
            span: fields.span,
        },
    };
    let filter = document.string(&filter.value, filter.span);
    let kind = document.string(&kind.value, kind.span);
    Some(document.object(&[("filter", filter), ("type", kind)], fields.span))
}

fn ignore<'t>(reader: &mut ConfigReader<'t>, item: Cursor<'t>) -> Option<Ignore> {
    let fields = reader.mapping(item, "an ignore", &keys::IGNORE)?;
    let mut text = |key: &str| {
        let value = fields.get(key)?;
        Some(reader.text(value, &quoted(key)))
    };
    let (rule, reason) = (text("rule"), text("reason"));
    let owner = text("owner").flatten();
    for (key, value) in [("rule", &rule), ("reason", &reason)] {
        if value.is_none() {
            missing(reader, item, fields.span, "an ignore", key);
        }
    }
    let scope = match fields.get("subject") {
        Some(value) => subject(reader, value),
        None => NamePattern::new("*").ok(),
    };
    let expires = fields.get("expires").map(|value| expires(reader, value));
    let rule = rule.flatten()?;
    Some(Ignore {
        rule: rule_id(&rule.value).to_owned(),
        rule_span: rule.span,
        scope: IgnoreScope::Named(scope?),
        reason: reason.flatten()?.value,
        owner: owner.map(|owner| owner.value),
        expires: match expires {
            Some(expires) => Some(expires?),
            None => None,
        },
        foreign: false,
    })
}

fn subject<'t>(reader: &mut ConfigReader<'t>, value: Cursor<'t>) -> Option<NamePattern> {
    let glob = reader.text(value, "`subject`")?;
    match NamePattern::new(&glob.value) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let title = format!("`subject` is not a pattern: {}", quoted(&glob.value));
            let problem = Problem::new(glob.span, title)
                .label(error.to_string())
                .help("write a name in which `*` stands for any characters, such as `*-cache`");
            reader.report(value, problem);
            None
        }
    }
}

fn expires<'t>(reader: &mut ConfigReader<'t>, value: Cursor<'t>) -> Option<(Date, Span)> {
    let text = reader.text(value, "`expires`")?;
    match text.value.parse() {
        Ok(date) => Some((date, text.span)),
        Err(error) => {
            let title = format!("`expires` is not a date: {}", quoted(&text.value));
            let problem = Problem::new(text.span, title)
                .label(error.to_string())
                .help("write the last day on which the ignore holds, such as `2027-06-30`");
            reader.report(value, problem);
            None
        }
    }
}

fn missing(reader: &mut ConfigReader<'_>, at: Cursor<'_>, span: Span, what: &str, key: &str) {
    let problem = Problem::new(span, format!("{what} has no {key}"))
        .label(format!("`{key}` is missing"))
        .help(format!("add `{key}`"));
    reader.report(at, problem);
}
