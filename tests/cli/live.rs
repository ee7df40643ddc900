//! Templates are held against what is live where they are deployed.

use std::fs;

use serde_json::Value;

use crate::program::{ecrlint, root};

/// Two stacks of one account: a repository that was changed by hand, one that moved, one that is new.
const TEMPLATE: &str = r#"{"Resources": {
  "Api": {"Type": "AWS::ECR::Repository", "Properties": {
    "RepositoryName": "team/api", "ImageTagMutability": "IMMUTABLE",
    "Tags": [{"Key": "owner", "Value": "team"}]}},
  "Moved": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/moved"}},
  "New": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/new"}}
}}"#;

const MANIFEST: &str = r#"{"version": "55.0.0", "artifacts": {"App": {"type": "aws:cloudformation:stack",
  "environment": "aws://111111111111/eu-west-1", "properties": {"templateFile": "App.template.json"}}}}"#;

/// A line of a snapshot.
fn live(name: &str, logical_id: &str, mutability: &str, images: &str) -> String {
    format!(
        r#"{{"account":"111111111111","region":"eu-west-1","repository":{{"repositoryArn":"arn:aws:ecr:eu-west-1:111111111111:repository/{name}","repositoryName":"{name}","imageTagMutability":"{mutability}","imageScanningConfiguration":{{"scanOnPush":false}},"encryptionConfiguration":{{"encryptionType":"AES256"}}}},"lifecyclePolicy":null,"repositoryPolicy":null,"tags":[{{"Key":"owner","Value":"team"}},{{"Key":"aws:cloudformation:stack-name","Value":"App"}},{{"Key":"aws:cloudformation:logical-id","Value":"{logical_id}"}}],"images":{images}}}"#
    )
}

const IMAGES: &str = r#"[{"imageDigest":"sha256:0"}]"#;

/// What the two rules say of the template beside these lines: rule, verdict, name and the text at the
/// place, and the line of the snapshot that belongs to it.
fn said(lines: &[String]) -> Vec<(String, String, String, Option<u64>)> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let out = folder.path().join("cdk.out");
    fs::create_dir(&out).expect("a folder");
    fs::write(out.join("manifest.json"), MANIFEST).expect("a file");
    fs::write(out.join("cdk.out"), r#"{"version":"55.0.0"}"#).expect("a file");
    fs::write(out.join("App.template.json"), TEMPLATE).expect("a file");
    fs::write(folder.path().join("live.ndjson"), lines.join("\n")).expect("a file");
    let run = ecrlint(["check", "cdk.out", "--live", "live.ndjson", "-o", "json"]);
    let (_, report) = run.within(folder.path()).json();
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let ours = found.filter(|it| it["rule"] == "drift" || it["rule"] == "data-loss");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let live_line = |it: &Value| {
        let related = it["related"].as_array().expect("a list").iter();
        let mut live = related.filter(|place| place["message"] == "live here");
        live.next()?["location"]["start"]["line"].as_u64()
    };
    ours.map(|it| {
        let rule = format!("{} {}", text(&it["rule"]), text(&it["verdict"]));
        let name = text(&it["subject"]["name"]);
        (rule, name, text(&it["message"]), live_line(it))
    })
    .collect()
}

#[test]
fn what_deploying_changes_is_reported_with_the_place_of_what_is_live() {
    let told = said(&[
        live("other/one", "Other", "MUTABLE", "[]").replace("App", "Elsewhere"),
        live("team/api", "Api", "MUTABLE", IMAGES),
        live("team/moved", "Before", "MUTABLE", IMAGES),
        live("team/gone", "Gone", "MUTABLE", IMAGES),
    ]);
    let of = |name: &str| -> Vec<_> { told.iter().filter(|it| it.1 == name).collect() };

    let api = of("team/api");
    assert_eq!(api.len(), 1, "{api:?}");
    assert_eq!(api[0].0, "drift fail");
    assert!(
        api[0]
            .2
            .contains("the mode of its tags from `MUTABLE` to `IMMUTABLE`"),
        "{api:?}"
    );
    assert_eq!(api[0].3, Some(2), "the line of the snapshot");

    let moved = of("team/moved");
    let loss: Vec<_> = moved.iter().filter(|it| it.0 == "data-loss fail").collect();
    assert_eq!(loss.len(), 1, "{moved:?}");
    assert!(
        loss[0].2.contains("its logical id was `Before`"),
        "{loss:?}"
    );
    assert_eq!(loss[0].3, Some(3));

    let new = of("team/new");
    assert_eq!(new.len(), 1, "{new:?}");
    assert!(
        new[0].0 == "drift fail" && new[0].2.contains("creates it"),
        "{new:?}"
    );

    // Only the template that was deployed last says whether the repository is deleted or kept.
    let gone = of("team/gone");
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert_eq!(gone[0].0, "data-loss undetermined");
    assert!(gone[0].2.contains("`DeletionPolicy`"), "{gone:?}");
    assert!(of("other/one").is_empty());
}

#[test]
fn a_repository_without_images_is_no_loss() {
    let told = said(&[
        live("team/api", "Api", "IMMUTABLE", IMAGES),
        live("team/moved", "Before", "MUTABLE", "[]"),
        live("team/new", "New", "MUTABLE", "[]"),
    ]);
    assert!(
        told.iter().all(|it| !it.0.starts_with("data-loss")),
        "{told:?}"
    );
    assert!(told.iter().all(|it| it.1 != "team/api"), "{told:?}");
}

/// What is live: logical id and stack of the one repository, whose name the template has or not; `--stack-name`;
/// what `data-loss` and `drift` say; a text in what they say.
type Renamed = (
    &'static str,
    [&'static str; 2],
    Option<&'static str>,
    [&'static str; 2],
    &'static str,
);

const RENAMED: [Renamed; 9] = [
    (
        "before",
        ["Api", "App"],
        None,
        ["undetermined"; 2],
        "--stack-name",
    ),
    (
        "before",
        ["Api", "App"],
        Some("App"),
        ["fail", "quiet"],
        "from `before` to `team/api`",
    ),
    (
        "before",
        ["Api", "Elsewhere"],
        Some("App"),
        ["quiet", "fail"],
        "creates it",
    ),
    (
        "before",
        ["Other", "App"],
        None,
        ["quiet", "fail"],
        "creates it",
    ),
    ("before", ["", ""], None, ["quiet", "fail"], "creates it"),
    (
        "team/api",
        ["Before", "App"],
        None,
        ["undetermined", "quiet"],
        "--stack-name",
    ),
    (
        "team/api",
        ["Before", "App"],
        Some("App"),
        ["fail", "quiet"],
        "was `Before`",
    ),
    (
        "team/api",
        ["Before", "Elsewhere"],
        Some("App"),
        ["quiet"; 2],
        "",
    ),
    ("team/api", ["Api", "App"], None, ["quiet"; 2], ""),
];

/// A template that is in no assembly may be any stack.
#[test]
fn without_the_name_of_the_stack_a_rename_is_open() {
    let config = "sets: [recommended]\norganisation:\n  environments:\n    dev: { account: \"111111111111\", region: eu-west-1 }\n";
    for (name, [id, stack], given, expected, says) in RENAMED {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let write = |file: &str, text: &str| {
            fs::write(folder.path().join(file), text).expect("a file");
        };
        write(
            "template.json",
            r#"{"Resources": {"Api": {"Type": "AWS::ECR::Repository",
            "Properties": {"RepositoryName": "team/api", "Tags": [{"Key": "owner", "Value": "team"}]}}}}"#,
        );
        let line = live(name, id, "MUTABLE", IMAGES);
        let line = line.replace(r#""Value":"App""#, &format!(r#""Value":"{stack}""#));
        write("live.ndjson", &line);
        write("ecrlint.yaml", config);
        let mut args = vec![
            "check",
            "template.json",
            "--environment",
            "dev",
            "-o",
            "json",
        ];
        args.extend(["--live", "live.ndjson"]);
        args.extend(given.into_iter().flat_map(|stack| ["--stack-name", stack]));
        let (_, report) = ecrlint(args).within(folder.path()).json();
        let found = report["diagnostics"].as_array().expect("a list");
        let told = ["data-loss", "drift"].map(|rule| {
            let mut of_rule = found.iter().filter(|it| it["rule"] == rule);
            of_rule
                .next()
                .map_or("quiet", |it| it["verdict"].as_str().expect("a text"))
        });
        let case = format!("{name} {id} {stack} {given:?}");
        assert_eq!(told, expected, "{case}: {found:?}");
        assert!(report.to_string().contains(says), "{case}: {found:?}");
    }
}

#[test]
fn one_name_is_that_of_one_template() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for file in ["one.json", "two.json"] {
        fs::write(folder.path().join(file), TEMPLATE).expect("a file");
    }
    let run = ecrlint(["check", ".", "--stack-name", "App"]);
    let ended = run.within(folder.path()).ends();
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .err
            .contains("both `one.json` and `two.json` were read"),
        "{}",
        ended.err
    );
}

#[test]
fn a_snapshot_that_cannot_be_read_fails_the_run() {
    let path = root().join("fixtures/example/registry.yaml");
    let path = path.to_str().expect("a path in Unicode");
    let missing = ecrlint(["check", path, "--live", "not-there.ndjson"]).ends();
    assert_eq!(missing.code, 2);
    assert!(
        missing.out.contains("cannot read `not-there.ndjson`"),
        "{}",
        missing.out
    );
    // A template is not a snapshot.
    let foreign = ecrlint(["check", path, "--live", "fixtures/example/registry.yaml"])
        .within(root())
        .ends();
    assert_eq!(foreign.code, 2, "{}", foreign.out);
    assert!(
        foreign.out.contains("not a record of a snapshot"),
        "{}",
        foreign.out
    );
}

/// The live repository in three lines, of which the second is broken as `broken` says.
fn snapshot(broken: &str) -> String {
    let api = live("team/api", "Api", "MUTABLE", IMAGES);
    let moved = live("team/moved", "Moved", "MUTABLE", IMAGES);
    format!("{api}\n{broken}{moved}\n")
}

/// What a check of the templates beside a live snapshot ends with: the exit code, and each finding with its file and
/// line.
fn beside(bytes: &[u8], flags: &[&str]) -> (i32, Vec<(String, String, u64)>) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("App.yaml"), TEMPLATE).expect("a file");
    fs::write(folder.path().join("live.ndjson"), bytes).expect("a file");
    let run = ["check", "App.yaml", "--live", "live.ndjson", "-o", "json"];
    let run = ecrlint(run.iter().chain(flags).copied());
    let (code, report) = run.within(folder.path()).json();
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let found = found.map(|it| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let place = &it["location"];
        let line = place["start"]["line"].as_u64().unwrap_or_default();
        (text(&it["rule"]), text(&place["path"]), line)
    });
    (code, found.collect())
}

#[test]
fn a_line_that_cannot_be_read_is_reported_and_the_others_are_compared() {
    let (code, found) = beside(snapshot("{\"account\":\n").as_bytes(), &[]);
    assert_eq!(code, 2);
    let unreadable: Vec<_> = found
        .iter()
        .filter(|it| it.0 == "unreadable-input")
        .collect();
    assert_eq!(
        unreadable,
        [&("unreadable-input".to_owned(), "live.ndjson".to_owned(), 2)]
    );
    assert!(found.iter().any(|it| it.0 == "drift"), "{found:?}");
}

#[test]
fn a_snapshot_is_compared_in_whatever_encoding_it_is() {
    let text = snapshot("\n");
    let plain = beside(text.as_bytes(), &[]);
    assert!(plain.1.iter().any(|it| it.0 == "drift"), "{plain:?}");
    let windows = text.replace('\n', "\r\n");
    assert_eq!(beside(windows.as_bytes(), &[]), plain);
    let wide = std::iter::once(0xFEFF).chain(text.encode_utf16());
    let wide: Vec<u8> = wide.flat_map(u16::to_le_bytes).collect();
    assert_eq!(beside(&wide, &[]), plain);
}

#[test]
fn a_snapshot_that_was_cut_off_is_compared_where_that_is_allowed() {
    let text = snapshot("");
    let cut = &text[..text.len() - 20];
    let (code, found) = beside(cut.as_bytes(), &[]);
    assert_eq!(code, 2, "{found:?}");
    let (code, found) = beside(cut.as_bytes(), &["--allow-partial"]);
    assert_ne!(code, 2, "{found:?}");
    assert!(found.iter().any(|it| it.0 == "drift"), "{found:?}");
}

#[test]
fn what_is_not_told_of_a_broken_snapshot_is_counted() {
    let broken = "{\"account\":\n".repeat(150);
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("App.yaml"), TEMPLATE).expect("a file");
    fs::write(folder.path().join("live.ndjson"), snapshot(&broken)).expect("a file");
    let run = ecrlint(["check", "App.yaml", "--live", "live.ndjson", "-o", "json"]);
    let (code, report) = run.within(folder.path()).json();
    assert_eq!(code, 2);
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let unread: Vec<&Value> = found
        .filter(|it| it["rule"] == "unreadable-input")
        .collect();
    assert_eq!(unread.len(), 101);
    let more = unread.iter().filter(|it| {
        let message = it["message"].as_str().unwrap_or_default();
        message == "50 more lines of the snapshot cannot be read"
    });
    assert_eq!(more.count(), 1);
}
