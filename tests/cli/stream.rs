//! Snapshots, line by line: what stands wrong in a line is reported at its place, and the others are judged.

use serde_json::{Value, json};

use crate::program::{Ended, ecrlint, root};
use crate::records::{names, record};

const SHOP: &str = "fixtures/snapshot/shop-dev.ndjson";

/// The report about what is given on standard input, with every repository in it.
fn judged(input: impl Into<Vec<u8>>) -> (i32, Value) {
    ecrlint(["check", "-", "-o", "json", "--evidence"])
        .given(input)
        .json()
}

/// Line, column and message of what could not be read.
fn unread(report: &Value) -> Vec<(u64, u64, &str)> {
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let unread = diagnostics.filter(|one| one["rule"] == "unreadable-input");
    unread
        .map(|one| {
            let start = &one["location"]["start"];
            let number = |name: &str| start[name].as_u64().expect("a number");
            (
                number("line"),
                number("column"),
                one["message"].as_str().expect("a text"),
            )
        })
        .collect()
}

#[test]
fn a_line_that_cannot_be_read_is_reported_and_the_others_are_judged() {
    let cut = record("cut", true);
    let lines = [
        record("one", true),
        "not json".to_owned(),
        String::new(),
        r#"{"account": "1", "foreign": {}}"#.to_owned(),
        record("two", false),
        "[1]".to_owned(),
        cut[..100].to_owned(),
    ];
    let (code, report) = judged(lines.join("\r\n"));
    assert_eq!(code, 2);
    assert_eq!(names(&report), ["one", "two"]);
    let unread = unread(&report);
    let lines: Vec<_> = unread
        .iter()
        .map(|(line, column, _)| (*line, *column))
        .collect();
    // The foreign line has a member that no record has, too.
    assert_eq!(
        lines,
        [(2, 1), (4, 2), (4, 18), (6, 1), (7, 101)],
        "{unread:?}"
    );
    assert!(unread[0].2.contains("cannot be read"), "{unread:?}");
    assert!(
        unread[1].2.contains("neither `repository` nor `registry`"),
        "{unread:?}"
    );
    assert_eq!(report["summary"]["unreadable"], 1);
    let scan = |index: usize| &report["repositories"][index]["verdicts"]["scan-on-push"];
    assert_eq!([scan(0), scan(1)], ["pass", "fail"]);
}

#[test]
fn a_member_that_no_record_has_is_remarked_once() {
    let strange = |name: &str| record(name, true).replace("\"tags\"", "\"tagz\"");
    let lines: Vec<_> = (0..300)
        .map(|index| strange(&format!("app-{index}")))
        .collect();
    let (code, report) = judged(lines.join("\n"));
    let told = unread(&report);
    assert_eq!((told.len(), told[0].0), (1, 1));
    assert_eq!((code, names(&report).len()), (0, 300));
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_empty_lines_are_no_mistake() {
    let text = format!(
        "\u{feff}{}\r\n\r\n \r\n{}\r\n",
        record("one", false),
        record("two", false)
    );
    let (code, report) = judged(text.clone());
    assert_eq!((code, names(&report)), (1, vec!["one", "two"]));
    assert_eq!(unread(&report), []);
    // As PowerShell writes it.
    let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
    let (code, wide) = judged(wide.collect::<Vec<u8>>());
    assert_eq!((code, names(&wide)), (1, vec!["one", "two"]));
}

#[test]
fn bytes_that_are_no_text_are_reported_at_their_line() {
    let mut input = record("one", true).into_bytes();
    input.extend_from_slice(b"\n{\"account\": \"\xff\"}\n");
    let (code, report) = judged(input);
    assert_eq!((code, names(&report)), (2, vec!["one"]));
    let [(line, column, _)] = unread(&report)[..] else {
        panic!("one line cannot be read: {report}");
    };
    assert_eq!((line, column), (2, 14));
}

#[test]
fn a_line_beyond_all_bounds_is_reported_and_the_next_one_is_judged() {
    let mut input = record("one", true);
    input.push_str("\n{\"account\": \"");
    input.push_str(&"x".repeat(100 << 20));
    input.push_str("\"}\n");
    input.push_str(&record("two", true));
    let (code, report) = judged(input);
    assert_eq!((code, names(&report)), (2, vec!["one", "two"]));
    let [(line, _, message)] = unread(&report)[..] else {
        panic!("one line cannot be read");
    };
    assert_eq!(
        (line, message),
        (2, "a line of the snapshot is longer than 64 MiB")
    );
}

#[test]
fn of_many_lines_that_cannot_be_read_the_first_hundred_are_reported() {
    let lines = format!("{}\n{}", record("one", true), "{]\n".repeat(5000));
    let (code, report) = judged(lines);
    let told = unread(&report);
    assert_eq!((code, told.len()), (2, 101));
    assert!(
        told.iter()
            .any(|(.., message)| message.starts_with("4900 more lines"))
    );
}

#[test]
fn equal_arns_are_found_wherever_they_stand() {
    let twice = [
        record("app", true),
        record("other", true),
        record("app", true),
    ]
    .join("\n");
    let (_, report) = judged(twice);
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let found: Vec<_> = diagnostics
        .filter(|one| one["rule"] == "name-unique")
        .map(|one| {
            let related = &one["related"][0]["location"]["start"]["line"];
            (one["location"]["start"]["line"].as_u64(), related.as_u64())
        })
        .collect();
    assert_eq!(found, [(Some(1), Some(3)), (Some(3), Some(1))]);
}

#[test]
fn a_registry_counts_wherever_its_line_stands() {
    let bare = |name: &str| record(name, true).replace("\"scanning\"", "\"scanning \"");
    let registry = r#"{"account":"111122223333","region":"eu-west-1","registry":{"scanning":{"scanType":"ENHANCED","rules":[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"b*","filterType":"WILDCARD"}]}]}}}"#;
    let lines = [bare("api"), registry.to_owned(), bare("base")];
    let (_, report) = judged(lines.join("\n"));
    let scan = |index: usize| &report["repositories"][index]["verdicts"]["scan-on-push"];
    assert_eq!([scan(0), scan(1)], ["fail", "pass"]);
    // Without the registry nobody knows.
    let (_, report) = judged(bare("api"));
    assert_eq!(
        report["repositories"][0]["verdicts"]["scan-on-push"],
        "undetermined"
    );
}

#[test]
fn a_finding_is_shown_where_it_is_in_the_record() {
    let path = root().join(SHOP);
    let text = std::fs::read_to_string(path).expect("the fixture");
    let report = ecrlint(["check", SHOP, "-o", "json"]).json().1;
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let scan = diagnostics
        .rev()
        .find(|one| one["rule"] == "scan-on-push")
        .expect("there is one");
    let (start, end) = (&scan["location"]["start"], &scan["location"]["end"]);
    let at = |place: &Value, name: &str| place[name].as_u64().expect("a number") as usize;
    let line = text.lines().nth(at(start, "line") - 1).expect("a line");
    assert_eq!(at(start, "line"), at(end, "line"));
    assert_eq!(
        &line[at(start, "column") - 1..at(end, "column") - 1],
        "false"
    );
    let arn = scan["subject"]["arn"].as_str().expect("an ARN");
    assert!(line.contains(arn));
    assert_eq!(scan["subject"]["region"], "eu-west-1");

    let Ended { out, .. } = ecrlint(["check", SHOP]).ends();
    let header = format!(
        "{SHOP}:{}:{} $.repository.imageScanningConfiguration.scanOnPush]",
        at(start, "line"),
        at(start, "column")
    );
    let (_, frame) = out.split_once(&header).expect("the frame of the finding");
    let lines: Vec<_> = frame.lines().skip(1).take(2).map(str::trim_end).collect();
    assert!(
        lines[0].ends_with("\"imageScanningConfiguration\": {"),
        "{frame}"
    );
    let number = at(start, "line").to_string();
    assert!(lines[1].trim_start().starts_with(&number), "{frame}");
    assert!(lines[1].ends_with("\"scanOnPush\": false"), "{frame}");
    assert!(out.contains(arn), "{out}");
}

#[test]
fn the_schema_describes_what_is_captured() {
    let schema = ecrlint(["schema", "snapshot"]).ends().out;
    let schema = serde_json::from_str(&schema).expect("a schema in JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let text = std::fs::read_to_string(root().join(SHOP)).expect("the fixture");
    let own = record("app", true);
    for line in text.lines().chain([own.as_str()]) {
        let line: Value = serde_json::from_str(line).expect("a record");
        let problems: Vec<_> = validator
            .iter_errors(&line)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(problems, Vec::<String>::new(), "{line}");
    }
    for wrong in [
        json!({"account": "111122223333", "region": "eu-west-1"}),
        json!({"account": "1", "region": "eu-west-1", "registry": {}}),
        json!({"account": "111122223333", "region": "eu-west-1", "repository": {}}),
        json!({"account": "111122223333", "region": "eu-west-1", "registry": {}, "tagz": []}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn answers_of_the_command_line_say_what_the_records_say() {
    let config = [
        "--config",
        "fixtures/cdk-app/ecrlint.yaml",
        "-o",
        "json",
        "--evidence",
    ];
    let report = |input| ecrlint(["check", input].into_iter().chain(config)).json().1;
    let (answers, records) = (report("fixtures/snapshot/answers.json"), report(SHOP));
    let find = |report: &Value, name: &str| {
        let all = report["repositories"].as_array().expect("a list").iter();
        let mut own = all.filter(|one| one["subject"]["name"] == name);
        own.next().expect("it is there")["verdicts"].clone()
    };
    for name in [
        "mare-shop-catalogue-api",
        "mare-shop-catalogue-importer",
        "payments-sandbox",
    ] {
        let (answer, record) = (find(&answers, name), find(&records, name));
        let verdicts = answer.as_object().expect("a map");
        assert!(verdicts.len() > 30);
        for (rule, verdict) in verdicts {
            assert!(
                *verdict == record[rule] || verdict == "undetermined",
                "{name} {rule}: {verdict} and {}",
                record[rule]
            );
        }
    }
}

#[test]
fn the_policy_of_a_registry_and_its_templates_are_judged() {
    let open = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:*\",\"Resource\":\"*\"}]}"#;
    let registry = format!(
        r#"{{"account":"111122223333","region":"eu-west-1","registry":{{"scanning":{{"scanType":"BASIC","rules":[]}},"policy":{{"policyText":"{open}"}},"creationTemplates":[{{"prefix":"cache/","lifecyclePolicy":"{{\"rules\":[]}}"}}]}}}}"#
    );
    let (code, report) = judged([record("one", true), registry.clone()].join("\n"));
    assert_eq!(code, 1);
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let of = |kind: &str, rule: &str| -> Vec<&Value> {
        let own = diagnostics
            .clone()
            .filter(|one| one["subject"]["kind"] == kind);
        own.filter(|one| one["rule"] == rule).collect()
    };
    let public = of("registry", "access-public");
    assert_eq!(public.len(), 1, "{report}");
    assert_eq!(public[0]["location"]["start"]["line"], 2);
    assert_eq!(public[0]["subject"]["account"], "111122223333");
    let invalid = of("creation-template", "lifecycle-invalid");
    assert!(!invalid.is_empty(), "{report}");
    assert_eq!(invalid[0]["subject"]["name"], "cache/");
    // None of them is a repository.
    assert_eq!(names(&report), ["one"]);

    let denied = registry.replace(&format!(r#""policy":{{"policyText":"{open}"}},"#), "");
    let denied = denied.replacen(
        '{',
        r#"{"errors":{"policy":"AccessDeniedException: no"},"#,
        1,
    );
    let (_, report) = judged([record("one", true), denied].join("\n"));
    let diagnostics = report["diagnostics"].as_array().expect("a list").iter();
    let mut public = diagnostics.filter(|one| one["rule"] == "access-public");
    let public = public.next().expect("one of them");
    assert_eq!(public["verdict"], "undetermined");
    let message = public["message"].as_str().expect("a text");
    assert!(message.contains("AccessDeniedException"), "{message}");
}
