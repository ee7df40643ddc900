//! Findings land where the source says: marker comments in the apps of `fixtures/cdk-shapes`, held against
//! reports about their assemblies, of two versions of the CDK, with and without traces.
//!
//! A marker stands on the line of a construct, or of the call that changes one:
//!
//! ```text
//! // finds: RULE...                  here, whenever the assembly has traces
//! // finds unless assigned: RULE...  here, unless the assembly also knows who assigned the property
//! // finds when assigned: RULE...    here, when it does
//! // cannot tell: RULE...            undetermined; takes the same two conditions
//! // acknowledged: RULE...           ignored, where the library has acknowledgements
//! // builder                         a line that makes several constructs, none of which is found here
//! ```
//!
//! Several are parted by `;`. Python writes `#` for `//`. Rules that no marker names are not held to any.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where a fixture is not as it was written"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::program::{ecrlint, files, root};

/// What an assembly says about the lines of its source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Traces {
    /// Nothing, or only frames of the CDK itself.
    None,
    /// Where constructs were made.
    Creation,
    /// And where their properties were changed afterwards.
    Assignments,
}

/// The assemblies in `fixtures/cdk-shapes/out` by app; the first of an app says where its constructs are.
const ASSEMBLIES: &[(&str, &str, Traces)] = &[
    ("typescript", "typescript-2.276.0-default", Traces::Creation),
    (
        "typescript",
        "typescript-2.276.0-debug",
        Traces::Assignments,
    ),
    ("typescript", "typescript-2.226.0-default", Traces::None),
    ("typescript", "typescript-2.226.0-debug", Traces::Creation),
    (
        "python-handmade",
        "python-handmade-2.275.0-traces",
        Traces::Creation,
    ),
    (
        "python-handmade",
        "python-handmade-2.275.0-debug",
        Traces::Assignments,
    ),
    (
        "python-handmade",
        "python-handmade-2.275.0-default",
        Traces::None,
    ),
    (
        "python-handmade",
        "python-handmade-2.226.0-default",
        Traces::None,
    ),
    (
        "python-handmade",
        "python-handmade-2.226.0-debug",
        Traces::None,
    ),
    (
        "python-handmade",
        "python-handmade-2.226.0-traces",
        Traces::None,
    ),
];

/// What is not as the markers say yet: rule, end of the construct path, verdict today, verdict to come
/// (`None`: no finding), and what it waits for. A row that nothing needs any more is printed.
const WAITING: &[(&str, &str, &str, Option<&str>, &str)] = &[];

/// A place in the source of an app: path and line.
type Place = (String, u64);

/// A rule and its verdict at a place.
type Landing = (Place, String, String);

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    Unless,
    If,
}

struct Marker {
    place: Place,
    rule: String,
    verdict: &'static str,
    when: When,
}

/// An undetermined or broken rule, or one that is ignored.
struct Finding {
    rule: String,
    verdict: String,
    construct: String,
    source: Option<Place>,
}

fn shapes() -> PathBuf {
    root().join("fixtures/cdk-shapes")
}

fn markers(app: &str) -> Vec<Marker> {
    let folder = shapes().join(app);
    let mut markers = Vec::new();
    for path in files(&folder) {
        let sign = match path.extension().and_then(|extension| extension.to_str()) {
            Some("ts") => " // ",
            Some("py") => "  # ",
            _ => continue,
        };
        let inside = path.strip_prefix(&folder).unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (line, text) in (1..).zip(text.lines()) {
            let Some((_, comment)) = text.split_once(sign) else {
                continue;
            };
            for (head, rules) in comment.split(';').filter_map(|part| part.split_once(':')) {
                let Some((verdict, when)) = meaning(head.trim()) else {
                    continue;
                };
                for rule in rules.split_whitespace() {
                    markers.push(Marker {
                        place: (inside.replace('\\', "/"), line),
                        rule: rule.to_owned(),
                        verdict,
                        when,
                    });
                }
            }
        }
    }
    markers
}

fn meaning(head: &str) -> Option<(&'static str, When)> {
    let (verb, when) = match head {
        _ if head.ends_with(" unless assigned") => {
            (head.strip_suffix(" unless assigned")?, When::Unless)
        }
        _ if head.ends_with(" when assigned") => (head.strip_suffix(" when assigned")?, When::If),
        _ => (head, When::Always),
    };
    let verdict = match verb {
        "finds" => "fail",
        "cannot tell" => "undetermined",
        "acknowledged" => "ignored",
        _ => return None,
    };
    Some((verdict, when))
}

/// Where findings about an assembly have to land, as far as its traces say.
fn expected(markers: &[Marker], assigned: bool, acknowledges: bool) -> BTreeSet<Landing> {
    let other = match assigned {
        true => When::Unless,
        false => When::If,
    };
    let counted = markers.iter().filter(|marker| marker.when != other);
    counted
        .map(|marker| {
            let verdict = match marker.verdict {
                "ignored" if !acknowledges => "fail",
                verdict => verdict,
            };
            (
                marker.place.clone(),
                marker.rule.clone(),
                verdict.to_owned(),
            )
        })
        .collect()
}

/// Something that an assembly says about a construct.
struct Entry {
    /// File name of the stack's template.
    template: String,
    construct: String,
    kind: String,
    data: Json,
    trace: Json,
}

impl Entry {
    /// The first place in the app that the frames of the entry name: where the construct was made, or where
    /// one of its properties was changed.
    fn place(&self, app: &str) -> Option<Place> {
        let frames = match self.kind.as_str() {
            "aws:cdk:creationStack" => &self.data,
            "aws:cdk:propertyAssignment" => &self.data["stackTrace"],
            "aws:cdk:logicalId" => &self.trace,
            _ => return None,
        };
        let frames = frames.as_array()?.iter().filter_map(Json::as_str);
        let mut places = frames.filter_map(|frame| place(app, frame));
        places.find(|place| !is_builder(app, place))
    }

    fn is_assignment(&self) -> bool {
        self.kind == "aws:cdk:propertyAssignment"
    }
}

/// Everything that an assembly says about constructs, in its metadata or, a year ago, in its manifests: an own
/// reading, which knows nothing of how ecrlint does it.
fn entries(assembly: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut add = |template: &str, metadata: &Json| {
        for (construct, entries) in metadata.as_object().into_iter().flatten() {
            found.extend(entries.as_array().unwrap().iter().map(|entry| Entry {
                template: template.to_owned(),
                construct: construct.trim_start_matches('/').to_owned(),
                kind: entry["type"].as_str().unwrap().to_owned(),
                data: entry["data"].clone(),
                trace: entry["trace"].clone(),
            }));
        }
    };
    for path in files(&shapes().join("out").join(assembly)) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let read =
            || -> Json { serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap() };
        if let Some(stack) = name.strip_suffix(".metadata.json") {
            add(&format!("{stack}.template.json"), &read());
        } else if name == "manifest.json" {
            for artifact in read()["artifacts"].as_object().unwrap().values() {
                let template = artifact["properties"]["templateFile"].as_str();
                add(template.unwrap_or_default(), &artifact["metadata"]);
            }
        }
    }
    found
}

/// Where the constructs of an app were made, and which resource is which construct.
#[derive(Default)]
struct Constructs {
    places: BTreeMap<String, Place>,
    by_logical_id: BTreeMap<(String, String), String>,
}

impl Constructs {
    fn read(app: &str, assembly: &str) -> Self {
        let mut constructs = Self::default();
        for entry in entries(assembly) {
            if let (Some(place), false) = (entry.place(app), entry.is_assignment()) {
                constructs.places.insert(entry.construct.clone(), place);
            }
            if let ("aws:cdk:logicalId", Some(id)) = (entry.kind.as_str(), entry.data.as_str()) {
                let resource = (entry.template, id.to_owned());
                constructs.by_logical_id.insert(resource, entry.construct);
            }
        }
        constructs
    }
}

/// The place that a frame such as `new Stack (/checkout/…/lib/stack.ts:10:17)` names, if it is in the app.
fn place(app: &str, frame: &str) -> Option<Place> {
    let (_, behind) = frame.split_once(&format!("(/checkout/fixtures/cdk-shapes/{app}/"))?;
    let mut parts = behind.trim_end_matches(')').split(':');
    Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?))
}

/// Whether a line of an app is marked as that of a builder.
fn is_builder(app: &str, (path, line): &Place) -> bool {
    let text = fs::read_to_string(shapes().join(app).join(path)).unwrap();
    let line = text.lines().nth(usize::try_from(*line).unwrap() - 1);
    line.unwrap().ends_with(" // builder")
}

/// Judges an assembly from the folder of its app.
fn judge(app: &str, assembly: &str) -> Json {
    let assembly = format!("../out/{assembly}");
    let arguments = [
        "check",
        "--output",
        "json",
        "--evidence",
        "--fail-on",
        "never",
        &assembly,
    ];
    let (code, report) = ecrlint(arguments).within(shapes().join(app)).json();
    assert_eq!(code, 0, "{assembly}");
    report
}

fn findings(report: &Json, constructs: &Constructs) -> Vec<Finding> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    diagnostics
        .map(|diagnostic| {
            let subject = &diagnostic["subject"];
            let by_logical_id = || {
                let template = text(&diagnostic["location"]["path"])?;
                let file = template.rsplit('/').next()?.to_owned();
                let id = text(&subject["logical_id"])?;
                constructs.by_logical_id.get(&(file, id)).cloned()
            };
            let construct = text(&subject["construct_path"]).or_else(by_logical_id);
            let source = &diagnostic["source_location"];
            Finding {
                rule: text(&diagnostic["rule"]).unwrap(),
                verdict: text(&diagnostic["verdict"]).unwrap(),
                construct: construct.unwrap_or_else(|| panic!("no construct: {diagnostic}")),
                source: text(&source["path"]).map(|path| (path, source["line"].as_u64().unwrap())),
            }
        })
        .collect()
}

/// The verdict that a finding will have; `None` when there will be none.
fn verdict_to_come(
    finding: &Finding,
    acknowledges: bool,
    used: &mut BTreeSet<usize>,
) -> Option<String> {
    let mut rows = WAITING.iter().enumerate();
    let row = rows.find(|(_, (rule, construct, today, to_come, _))| {
        *rule == finding.rule
            && finding.construct.ends_with(construct)
            && *today == finding.verdict
            && (*to_come != Some("ignored") || acknowledges)
    });
    match row {
        Some((index, (_, _, _, to_come, _))) => {
            used.insert(index);
            to_come.map(str::to_owned)
        }
        None => Some(finding.verdict.clone()),
    }
}

fn acknowledges(assembly: &str) -> bool {
    let mut files = files(&shapes().join("out").join(assembly)).into_iter();
    files.any(|path| {
        fs::read_to_string(path)
            .unwrap()
            .contains("aws:cdk:acknowledged-rules")
    })
}

fn show(title: &str, landings: impl Iterator<Item = Landing>) -> String {
    let rows =
        landings.map(|((path, line), rule, verdict)| format!("  {path}:{line} {rule} {verdict}\n"));
    format!("{title}\n{}", rows.collect::<String>())
}

fn compare(assembly: &str, found: &BTreeSet<Landing>, expected: &BTreeSet<Landing>) {
    assert!(
        found == expected,
        "{assembly}\n{}{}",
        show(
            "marked, but not found:",
            expected.difference(found).cloned()
        ),
        show(
            "found, but not marked:",
            found.difference(expected).cloned()
        ),
    );
}

/// The reports about all assemblies of an app, with what its first assembly says about constructs.
fn reports(app: &str) -> (Constructs, Vec<(&'static str, Traces, Json)>) {
    let mut own = ASSEMBLIES.iter().filter(|(of, ..)| *of == app).peekable();
    let constructs = Constructs::read(app, own.peek().unwrap().1);
    let reports = own.map(|(_, assembly, traces)| (*assembly, *traces, judge(app, assembly)));
    (constructs, reports.collect())
}

fn apps() -> BTreeSet<&'static str> {
    ASSEMBLIES.iter().map(|(app, ..)| *app).collect()
}

#[test]
fn every_assembly_is_known() {
    let folders = fs::read_dir(shapes().join("out")).unwrap();
    let found: BTreeSet<String> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            apps()
                .iter()
                .any(|app| name.starts_with(&format!("{app}-2.")))
        })
        .collect();
    let known = ASSEMBLIES
        .iter()
        .map(|(_, assembly, _)| (*assembly).to_owned());
    assert_eq!(found, known.collect());
}

#[test]
fn every_assembly_has_the_traces_that_are_said_of_it() {
    for (app, assembly, traces) in ASSEMBLIES {
        let first = ASSEMBLIES.iter().find(|(of, ..)| of == app).unwrap();
        let made = Constructs::read(app, first.1).places;
        let (assigned, own): (Vec<_>, Vec<_>) = entries(assembly)
            .into_iter()
            .filter_map(|entry| Some((entry.place(app)?, entry)))
            .partition(|(_, entry)| entry.is_assignment());
        assert_eq!(own.is_empty(), *traces == Traces::None, "{assembly}");
        assert_eq!(
            assigned.is_empty(),
            *traces != Traces::Assignments,
            "{assembly}"
        );
        for (place, Entry { construct, .. }) in own {
            let other = made.get(&construct);
            assert!(
                other.is_none_or(|other| *other == place),
                "{assembly}: {construct} at {place:?}"
            );
        }
        let markers = markers(app);
        let changes = markers.iter().filter(|marker| marker.when == When::If);
        for marker in changes.filter(|_| *traces == Traces::Assignments) {
            let is_there = assigned.iter().any(|(place, _)| *place == marker.place);
            assert!(
                is_there,
                "{assembly}: nothing is assigned at {:?}",
                marker.place
            );
        }
    }
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "rows that wait are counted in the open"
)]
fn every_finding_is_about_a_marked_construct_in_every_version_and_mode() {
    let mut used = BTreeSet::new();
    for app in apps() {
        let markers = markers(app);
        let rules: BTreeSet<&str> = markers.iter().map(|marker| marker.rule.as_str()).collect();
        let (constructs, reports) = reports(app);
        for (assembly, _, report) in reports {
            let acknowledges = acknowledges(assembly);
            let mut found = BTreeSet::new();
            for finding in findings(&report, &constructs) {
                if !rules.contains(finding.rule.as_str()) {
                    println!("{assembly}: no marker names {}", finding.rule);
                    continue;
                }
                let Some(verdict) = verdict_to_come(&finding, acknowledges, &mut used) else {
                    continue;
                };
                let place = constructs.places.get(&finding.construct);
                let place =
                    place.unwrap_or_else(|| panic!("{} was made nowhere", finding.construct));
                found.insert((place.clone(), finding.rule, verdict));
            }
            compare(assembly, &found, &expected(&markers, false, acknowledges));
        }
    }
    for (index, (rule, construct, _, _, what)) in WAITING.iter().enumerate() {
        let state = if used.contains(&index) {
            "waits"
        } else {
            "no longer waits"
        };
        println!("{rule} of *{construct} {state} for {what}");
    }
}

#[test]
fn every_finding_lands_on_the_marked_line() {
    for app in apps() {
        let markers = markers(app);
        let rules: BTreeSet<&str> = markers.iter().map(|marker| marker.rule.as_str()).collect();
        let (constructs, reports) = reports(app);
        for (assembly, traces, report) in reports {
            let acknowledges = acknowledges(assembly);
            let mut found = BTreeSet::new();
            for finding in findings(&report, &constructs) {
                let verdict = verdict_to_come(&finding, acknowledges, &mut BTreeSet::new());
                if let (Some(place), Some(verdict), true) = (
                    finding.source,
                    verdict,
                    rules.contains(finding.rule.as_str()),
                ) {
                    found.insert((place, finding.rule, verdict));
                }
            }
            let expected = match traces {
                Traces::None => BTreeSet::new(),
                traces => expected(&markers, traces == Traces::Assignments, acknowledges),
            };
            compare(assembly, &found, &expected);
        }
    }
}
