//! Files that cannot be read: the run fails, soon, with the place and the reason.

use std::time::{Duration, Instant};

use ecrlint::render::FORMATS;

use crate::program::{ecrlint, files, root};

/// Longer than any machine needs, and shorter than anybody waits.
const BOUND: Duration = Duration::from_secs(20);

/// Rows of `cases.tsv`: file, line, column, message.
fn cases() -> Vec<[String; 4]> {
    let table = root().join("fixtures/broken/cases.tsv");
    let table = std::fs::read_to_string(table).expect("the table can be read");
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<_> = row.split('\t').map(str::to_owned).collect();
        cells.try_into().expect("four columns")
    })
    .collect()
}

#[test]
fn every_broken_file_is_refused_at_its_place() {
    for [file, line, column, message] in cases() {
        let path = format!("fixtures/broken/{file}");
        let began = Instant::now();
        let (code, report) = ecrlint(["check", &path, "-o", "json"]).json();
        assert!(began.elapsed() < BOUND, "{file} took {:?}", began.elapsed());
        assert_eq!(code, 2, "{file}");
        assert_eq!(report["outcome"], "error", "{file}");
        assert_eq!(report["summary"]["unreadable"], 1, "{file}: {report}");
        let finding = &report["diagnostics"][0];
        assert_eq!(finding["location"]["path"], path.as_str());
        let start = &finding["location"]["start"];
        for (expected, name) in [(&line, "line"), (&column, "column")] {
            let expected = expected.parse::<u64>().ok();
            assert!(
                expected.is_none() || start[name].as_u64() == expected,
                "{file}: {start}"
            );
        }
        let told = finding["message"].as_str().expect("a text");
        assert!(message == "-" || told.contains(&message), "{file}: {told}");
        assert!(
            told.lines().count() == 1 && !told.contains(char::is_control),
            "{file}: {told:?}"
        );
    }
}

#[test]
fn every_broken_file_has_a_case() {
    let cases = cases();
    for path in files(&root().join("fixtures/broken")) {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let known = name == "cases.tsv" || cases.iter().any(|[file, ..]| *file == name);
        assert!(known, "no case for {name}");
    }
}

#[test]
fn a_broken_file_is_shown_in_every_format() {
    for [file, ..] in cases() {
        for format in &FORMATS {
            let path = format!("fixtures/broken/{file}");
            let ended = ecrlint(["check", &path, "-o", format.name]).ends();
            assert_eq!(
                (ended.code, ended.err.as_str()),
                (2, ""),
                "{file} as {}",
                format.name
            );
            // Counts name no files.
            let shown = match format.name {
                "summary" => "unreadable=1",
                _ => &file,
            };
            assert!(ended.out.contains(shown), "{file} as {}", format.name);
            assert!(
                ended.out.len() < 200_000,
                "{file} as {} is a flood",
                format.name
            );
        }
    }
}

/// A file that stops in the middle is noticed wherever it stops.
#[test]
fn a_template_cut_anywhere_is_refused_or_judged_and_never_a_crash() {
    for name in [
        "example/registry.yaml",
        "cloudformation/orders.template.json",
    ] {
        let text = std::fs::read(root().join("fixtures").join(name)).expect("a fixture");
        for end in (0..text.len()).step_by(97) {
            let ended = ecrlint(["check", "-"]).given(&text[..end]).ends();
            assert!(
                (0..=2).contains(&ended.code),
                "{name} cut at {end}: {ended:?}"
            );
            if name.ends_with("json") {
                assert_eq!(ended.code, 2, "half a JSON text is not a JSON text");
            }
        }
    }
}

#[test]
fn one_broken_file_does_not_hide_the_findings_of_the_others() {
    let arguments = [
        "check",
        "fixtures/broken/tabs.yaml",
        "fixtures/example",
        "-o",
        "json",
    ];
    let (code, report) = ecrlint(arguments).json();
    assert_eq!(code, 2);
    assert_eq!(report["summary"]["unreadable"], 1);
    assert_eq!(report["summary"]["errors"], 2);
}
