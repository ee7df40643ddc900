//! `ecrlint lifecycle` as users run it: previews, explanations and differences, against golden texts.

use serde_json::{Value, json};

use crate::golden::assert_golden;
use crate::program::{self, Ended, Run, ecrlint, root};

const SNAPSHOT: &str = "fixtures/lifecycle/snapshot.ndjson";
const TEMPLATE: &str = "fixtures/lifecycle/api.yaml";
const KEEP: &str = "fixtures/lifecycle/keep-100.json";
const RELEASES: &str = "fixtures/lifecycle/keep-releases.json";
const HISTORY: &str = "v{semver} every 2 weeks 800MB; pr-{n}+{sha} 12 a day 800MB";

fn run(arguments: &[&str]) -> Run {
    ecrlint(["lifecycle"].iter().chain(arguments)).env("COLUMNS", "100")
}

/// Holds what is printed against a file in `tests/cli/lifecycle`.
fn told(name: &str, run: Run) -> String {
    let ended = run.ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{name}");
    assert_golden(&root().join("tests/cli/lifecycle").join(name), &ended.out);
    ended.out
}

fn refused(arguments: &[&str]) -> Ended {
    let ended = run(arguments).ends();
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
    ended
}

#[test]
fn a_live_policy_meets_the_images_of_its_repository() {
    let out = told(
        "api.txt",
        run(&["preview", SNAPSHOT, "--repository", "team/api"]),
    );
    assert!(
        out.contains("3 of `v{semver}`, by rule 2: `v1.4.1` `v1.4.0` `v1.3.9`"),
        "{out}"
    );
}

#[test]
fn what_indexes_and_signatures_leave_open_is_said() {
    let out = told(
        "multi.txt",
        run(&["preview", SNAPSHOT, "--repository", "team/multi"]),
    );
    assert!(
        out.contains("undetermined, because an index may list it"),
        "{out}"
    );
    assert!(
        out.contains("taken for granted: an index was pushed after what it lists"),
        "{out}"
    );
}

#[test]
fn a_template_meets_the_images_that_are_live() {
    let out = told(
        "deployed.txt",
        run(&["preview", TEMPLATE, "--live", SNAPSHOT]),
    );
    assert!(out.contains("47 of 69 images expire"), "{out}");
}

#[test]
fn a_history_shows_what_a_count_does_to_releases() {
    let out = told(
        "history.txt",
        run(&["preview", "--policy", KEEP, "--history", HISTORY]),
    );
    assert!(out.contains("8 to 9 days"), "{out}");
    let again = run(&["preview", "--policy", KEEP, "--history", HISTORY])
        .ends()
        .out;
    assert_eq!(out, again, "the same seed says the same");
}

fn number(of: &Value, key: &str) -> u64 {
    of[key].as_u64().expect("a number")
}

/// Releases for two platforms that are pulled for a month, beside other images.
const PULLED: &str = "release v{semver} weekly for 2 platforms with attestations of 300MB; main-{n} 2 a day; \
                      pull v{semver} daily until 4 weeks after the push";
const UNPULLED: &str = "fixtures/lifecycle/archive-unpulled.json";

#[test]
fn pushes_for_several_platforms_and_pulls_are_lived_through() {
    let arguments = ["preview", "--policy", UNPULLED, "--history", PULLED];
    let out = told("platforms.txt", run(&arguments));
    assert!(out.contains("platforms of v{semver}"), "{out}");
    for open in [
        "AWS does not say whether a pull of an index is one of what it lists",
        "AWS does not say whether images of an index",
    ] {
        let joined = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains(open), "{open}: {out}");
    }
    let json = run(&[&arguments[..], &["--output", "json"]].concat());
    let preview = &json.json().1["previews"][0];
    let families = preview["families"].as_array().expect("a list").iter();
    let families: Vec<(&str, u64)> = families
        .map(|one| {
            (
                one["name"].as_str().expect("a name"),
                number(&one["tally"], "images"),
            )
        })
        .collect();
    assert_eq!(
        families,
        [
            ("v{semver}", 25),
            ("platforms of v{semver}", 50),
            ("attestations of v{semver}", 50),
            ("main-{n}", 360)
        ]
    );
    // Without pulls, or with them to the end, nothing of the indexes is open.
    let pulled = |history: &str| {
        let arguments = ["preview", "--policy", UNPULLED, "--history", history];
        let json = run(&[&arguments[..], &["--output", "json"]].concat());
        let preview = &json.json().1["previews"][0];
        number(&preview["families"][0]["tally"], "archived")
    };
    let always = PULLED.replace(" until 4 weeks after the push", "");
    let never = PULLED.replace("; pull v{semver} daily until 4 weeks after the push", "");
    // A release of a month ago goes, one of two months, or none.
    assert_eq!(
        [never, PULLED.to_owned(), always].map(|it| pulled(&it)),
        [21, 17, 0]
    );
}

#[test]
fn an_edit_is_tried_on_pulls_and_platforms_too() {
    let edited = std::fs::read_to_string(root().join(UNPULLED)).expect("a policy");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sooner.json");
    std::fs::write(
        &path,
        edited.replace("\"countNumber\": 30", "\"countNumber\": 10"),
    )
    .expect("written");
    let arguments = [
        "diff",
        UNPULLED,
        path.to_str().expect("a name"),
        "--history",
        PULLED,
    ];
    let ended = run(&arguments).ends();
    let out = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        out.contains("this edit additionally archives 3 images"),
        "{}",
        ended.out
    );
    assert!(
        out.contains("ECR records each pull that is described"),
        "{}",
        ended.out
    );
}

#[test]
fn terminals_get_what_they_can_show() {
    let arguments = [
        "preview",
        "--policy",
        RELEASES,
        "--history",
        HISTORY,
        "--months",
        "24",
    ];
    let narrow = run(&arguments).env("COLUMNS", "48");
    let out = told("narrow.txt", narrow.env("LC_ALL", "C"));
    assert!(out.is_ascii(), "{out}");
    for line in out.lines() {
        assert!(
            line.len() <= 48 || !line.trim_start().contains(' '),
            "`{line}`"
        );
    }
    let dumb = run(&arguments).env("TERM", "dumb").ends().out;
    assert!(dumb.is_ascii(), "{dumb}");
    let coloured: Vec<&str> = arguments
        .iter()
        .copied()
        .chain(["--color", "always"])
        .collect();
    let coloured = run(&coloured).ends().out;
    assert!(coloured.contains("\u{1b}[1;32m█"), "{coloured}");
    let plain = run(&arguments).env("NO_COLOR", "1").ends().out;
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn each_rule_is_explained() {
    let out = told("explained.txt", run(&["explain", "--policy", RELEASES]));
    assert!(
        out.contains("never takes images with a tag `v*`: they are left to rule 1"),
        "{out}"
    );
    let worker = [
        "explain",
        "fixtures/example/registry.yaml",
        "--repository",
        "team/worker",
    ];
    let out = told("dead.txt", run(&worker));
    assert!(
        out.contains("rule 1 is about every such image, and comes first"),
        "{out}"
    );
}

#[test]
fn an_edit_is_reported_for_all_images_and_for_those_that_are_given() {
    let out = told(
        "edited.txt",
        run(&["diff", KEEP, RELEASES, "--history", HISTORY]),
    );
    assert!(
        out.contains("this edit no longer expires 12 images"),
        "{out}"
    );
    let out = told("live.txt", run(&["diff", "--live", SNAPSHOT, TEMPLATE]));
    assert!(
        out.contains("this edit additionally expires 10 images (3.0 GB)"),
        "{out}"
    );
    let same = run(&["diff", KEEP, KEEP]).ends().out;
    assert!(
        same.contains("this edit expires nothing additionally"),
        "{same}"
    );
    assert!(
        same.contains("this edit goes on expiring all that expired before"),
        "{same}"
    );
}

/// A pull request gets the same as a note on the line of the policy.
#[test]
fn a_check_against_what_is_live_tells_what_deploying_expires() {
    let check = [
        "check",
        TEMPLATE,
        "--live",
        SNAPSHOT,
        "--select",
        "images-expire",
        "--output",
        "json",
    ];
    let (code, report) = ecrlint(check).json();
    assert_eq!(code, 0, "{report}");
    let found = report["diagnostics"].as_array().expect("a list");
    assert_eq!(found.len(), 1, "{report}");
    let expected = "deploying `team/api` expires 10 images (3 GB) that are kept now, among them `main-386` `main-385` `main-384`";
    assert_eq!(found[0]["message"], expected);
    assert_eq!(
        (&found[0]["verdict"], &found[0]["severity"]),
        (&json!("fail"), &json!("note"))
    );
    let place = &found[0]["location"];
    assert_eq!(
        (&place["path"], &place["start"]["line"]),
        (&json!(TEMPLATE), &json!(8))
    );
    let arguments = ["diff", "--live", SNAPSHOT, TEMPLATE, "--output", "json"];
    let json = run(&arguments).json().1;
    assert_eq!(
        json["differences"][0]["given"]["expires_more"]["images"],
        10
    );
}

#[test]
fn programs_get_what_the_schema_says() {
    let schema = ecrlint(["schema", "lifecycle"]).json().1;
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for arguments in [
        &["preview", SNAPSHOT, "--repository", "team/multi"][..],
        &["preview", "--policy", KEEP, "--history", HISTORY],
        &["explain", SNAPSHOT, "--repository", "team/api"],
        &["explain", SNAPSHOT, "--repository", "team/none"],
        &["diff", KEEP, RELEASES, "--history", HISTORY],
        &["diff", "--live", SNAPSHOT, TEMPLATE],
        &["diff", KEEP, RELEASES],
    ] {
        let all: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--output", "json"])
            .collect();
        let (code, json) = run(&all).json();
        assert_eq!(code, 0, "{arguments:?}");
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{arguments:?}");
    }
}

#[test]
fn numbers_add_up() {
    let arguments = [
        "preview",
        SNAPSHOT,
        "--repository",
        "team/multi",
        "--output",
        "json",
    ];
    let json = run(&arguments).json().1;
    let preview = &json["previews"][0];
    let count = |tally: &Value, key: &str| tally[key].as_u64().expect("a number");
    let total = &preview["total"];
    let parts = ["kept", "expired", "archived", "undetermined"];
    for tally in preview["families"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["tally"])
        .chain([total])
    {
        let sum: u64 = parts.iter().map(|part| count(tally, part)).sum();
        assert_eq!(sum, count(tally, "images"));
    }
    let images = preview["images"].as_array().expect("a list");
    assert_eq!(images.len() as u64, count(total, "images"));
    let cells = preview["timeline"]["rows"]
        .as_array()
        .expect("a list")
        .iter();
    let cells = cells.flat_map(|row| row["cells"].as_array().expect("a list"));
    let shown: u64 = cells
        .flat_map(|cell| cell.as_array().expect("a list"))
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(shown, count(total, "images"));
}

#[test]
fn a_mistake_in_a_history_is_shown_where_it_stands() {
    for (history, place, title) in [
        (
            "v{semver} every 2 fortnights",
            ":1:11",
            "`fortnights` is not a unit of time",
        ),
        ("main-{n} daily; a*b daily", ":1:18", "a tag has no `*`"),
        (
            "pr-{n} 10000 an hour",
            ":1:1",
            "more than 50000 images are pushed",
        ),
        ("", ":1:1", "nothing is pushed"),
        (
            "main-{n} daily; pull latest daily",
            ":1:22",
            "`latest` is pulled, and nothing is pushed as that",
        ),
        (
            "main-{n} daily for 99 platforms",
            ":1:20",
            "`99` is not a number of platforms",
        ),
        ("a\u{202e}b daily", ":1:2", "a tag has no `\u{fffd}`"),
    ] {
        let ended = refused(&["preview", "--policy", KEEP, "--history", history]);
        assert!(
            ended.err.contains(&format!("--history{place}")),
            "{}",
            ended.err
        );
        assert!(ended.err.contains(title), "{}", ended.err);
        assert!(!ended.err.contains('\u{202e}'));
        // No file is to blame, and what is to blame is underlined.
        let last = ended.err.trim_end().lines().next_back();
        let closing = "could not finish: nothing was tried, because of the mistake in `--history`";
        assert_eq!(last, Some(closing), "{}", ended.err);
        assert!(!ended.err.contains("file"), "{}", ended.err);
        if let Some((_, below)) = ended.err.split_once(" 1 │ ") {
            let mut lines = below.lines();
            let (text, line) = (lines.next(), lines.next());
            let (text, line) = (text.expect("the text"), line.expect("a line below it"));
            let line = line.strip_prefix("   · ").expect("a gutter");
            let begins = line.find('─').expect("it is underlined");
            let column: usize = place
                .rsplit(':')
                .next()
                .and_then(|it| it.parse().ok())
                .expect("a column");
            assert_eq!(begins + 1, column, "{text}");
        } else {
            assert_eq!(history, "", "{}", ended.err);
        }
    }
}

#[test]
fn what_is_missing_is_asked_for() {
    for (arguments, said) in [
        (
            &["preview", "--policy", KEEP][..],
            "name a snapshot with `--live`",
        ),
        (
            &["preview", SNAPSHOT],
            "name one with `--repository`: `team/api`",
        ),
        (
            &["preview", SNAPSHOT, "--repository", "team/apu"],
            "`team/api` comes nearest",
        ),
        (
            &["preview", SNAPSHOT, "--repository", "team/none"],
            "the snapshot does not have",
        ),
        (&["diff", KEEP], "name the old one before it"),
        (
            &["explain", "--policy", "nowhere.json"],
            "cannot read `nowhere.json`",
        ),
        (
            &["explain", "--policy", "Cargo.toml"],
            "expected a JSON value",
        ),
        (
            &[
                "preview",
                SNAPSHOT,
                "--repository",
                "team/api",
                "--at",
                "yesterday",
            ],
            "is not a day",
        ),
        (
            &[
                "preview",
                SNAPSHOT,
                "--repository",
                "team/api",
                "--at",
                "2026-06-29",
            ],
            "lies before the capture",
        ),
        (
            &["preview", "--policy", KEEP, "--live", "fixtures/example"],
            "has no repository",
        ),
    ] {
        let ended = refused(arguments);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn a_policy_that_ecr_refuses_is_not_tried() {
    let policy = json!({ "rules": [{ "rulePriority": 1,
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": -1 },
        "action": { "type": "expire" } }] });
    let folder = program::folder(&[("policy.json", &policy.to_string())]);
    let run = run(&["preview", "--policy", "policy.json", "--history", "a daily"]);
    let ended = run.within(&folder).ends();
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("ECR refuses the lifecycle policy"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("policy.json:1:"), "{}", ended.err);
}

#[test]
fn a_policy_of_which_something_is_unknown_is_undetermined() {
    let template = "Parameters: { Count: { Type: Number } }\nResources:\n  R:\n    Type: AWS::ECR::Repository\n    Properties:\n      \
        LifecyclePolicy:\n        LifecyclePolicyText: !Sub '{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":${Count}},\"action\":{\"type\":\"expire\"}}]}'\n";
    let folder = program::folder(&[("t.yaml", template)]);
    let arguments = ["preview", "t.yaml", "--history", "a-{n} daily"];
    let ended = run(&arguments).within(&folder).ends();
    assert_eq!(ended.code, 2, "{}", ended.out);
    assert!(ended.err.contains("undetermined, because"), "{}", ended.err);
    let given: Vec<&str> = arguments
        .iter()
        .copied()
        .chain(["--parameters", "Count=7"])
        .collect();
    let ended = run(&given).within(&folder).ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(
        ended.out.contains("173 of 180 images expired"),
        "{}",
        ended.out
    );
}

/// A record with images of which nothing is as it should be, and a policy with the largest numbers.
#[test]
fn hostile_images_and_policies_command_nothing() {
    let largest = i64::MAX;
    let policy = json!({ "rules": [
        { "rulePriority": largest, "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": largest }, "action": { "type": "expire" } },
        { "rulePriority": 1, "selection": { "tagStatus": "tagged", "tagPatternList": ["\u{202e}*\u{1b}[31m"], "countType": "sinceImagePushed", "countUnit": "days", "countNumber": largest }, "action": { "type": "expire" } }] });
    let image = |tags: Value, pushed: Value, size: Value| json!({ "imageDigest": "sha256:\u{1b}[2J", "imageTags": tags, "imagePushedAt": pushed, "imageSizeInBytes": size });
    let record = json!({
        "account": "111122223333", "region": "eu-west-1",
        "repository": { "repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/a", "repositoryName": "a" },
        "lifecyclePolicy": { "lifecyclePolicyText": policy.to_string() },
        "images": [
            image(json!(["", "\u{202e}x\u{1b}[31m", "::error::x", "##[error]y"]), json!("9999-12-31T23:59:59Z"), json!(u64::MAX)),
            image(json!([]), json!("0000-01-01"), json!(u64::MAX)),
            image(json!(null), json!(null), json!(-5)),
        ],
    });
    let folder = program::folder(&[("s.ndjson", &format!("{record}\n"))]);
    for more in [&[][..], &["--output", "json"]] {
        let arguments = [&["preview", "s.ndjson", "--at", "2026-01-01"], more].concat();
        let ended = run(&arguments).within(&folder).ends();
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
        for unsafe_text in [
            "\u{202e}",
            "\u{1b}[31m",
            "\u{1b}[2J",
            "\n::error",
            "##[error]",
        ] {
            assert!(
                !ended.out.contains(unsafe_text),
                "{unsafe_text:?} in {}",
                ended.out
            );
        }
    }
    let ended = run(&["diff", "s.ndjson", "s.ndjson"])
        .within(&folder)
        .ends();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

/// A template whose policy is the same in both stages, unless `other` is written for one of them.
fn staged(other: &str) -> String {
    let policy = |count: u32| {
        format!(
            r#"'{{"rules":[{{"rulePriority":1,"selection":{{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":{count}}},"action":{{"type":"expire"}}}}]}}'"#
        )
    };
    let text = match other {
        "" => policy(10),
        _ => format!("!If [IsLive, {}, {}]", policy(10), policy(20)),
    };
    format!(
        "Parameters:\n  Stage: {{ Type: String }}\nConditions:\n  IsLive: !Equals [!Ref Stage, live]\nResources:\n  \
         Api:\n    Type: AWS::ECR::Repository\n    Properties:\n      Tags: [{{ Key: stage, Value: !If [IsLive, live, test] }}]\n      \
         LifecyclePolicy:\n        LifecyclePolicyText: {text}\n"
    )
}

#[test]
fn what_is_the_same_under_several_conditions_is_reported_once_with_all_of_them() {
    for (other, headings, both) in [("", 1, true), ("other", 2, false)] {
        let folder = program::folder(&[("template.yaml", &staged(other))]);
        let path = folder.path().join("template.yaml");
        let path = path.to_str().expect("the path is a text");
        for question in [
            vec!["preview", path, "--history", "push v{semver} daily"],
            vec!["explain", path],
        ] {
            let ended = run(&question).ends();
            assert_eq!(ended.code, 0, "{}", ended.err);
            let (live, test) = ("`IsLive` is true", "`IsLive` is false");
            assert!(
                ended.out.contains(live) && ended.out.contains(test),
                "{}",
                ended.out
            );
            let lines = ended.out.lines();
            let told = lines.filter(|line| line.contains("`IsLive` is"));
            assert_eq!(told.count(), headings, "{}", ended.out);
            let joined = format!("{live}, or {test}");
            assert_eq!(ended.out.contains(&joined), both, "{}", ended.out);
        }
    }
}
