//! `ecrlint fix`: what is shown, what is written, and what is left alone with a clear word.

use std::fs;
use std::path::Path;

use crate::program::{Ended, copied, ecrlint, files, folder};

const TEMPLATE: &str = "\
# our repositories
Resources:
  App: # the first
    Type: 'AWS::ECR::Repository'
    Properties:
      RepositoryName: team/app
      ImageScanningConfiguration:
        ScanOnPush: \"false\" # later

  Web:
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: team/web }
";

const MENDED: &str = "\
# our repositories
Resources:
  App: # the first
    Type: 'AWS::ECR::Repository'
    Properties:
      RepositoryName: team/app
      ImageScanningConfiguration:
        ScanOnPush: true # later

  Web:
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: team/web, ImageScanningConfiguration: { ScanOnPush: true } }
";

const DIFF: &str = "\
--- a/infra/a.yaml
+++ b/infra/a.yaml
@@ -5,8 +5,8 @@
     Properties:
       RepositoryName: team/app
       ImageScanningConfiguration:
-        ScanOnPush: \"false\" # later
+        ScanOnPush: true # later
 
   Web:
     Type: AWS::ECR::Repository
-    Properties: { RepositoryName: team/web }
+    Properties: { RepositoryName: team/web, ImageScanningConfiguration: { ScanOnPush: true } }
";

fn fix(folder: &Path, arguments: &[&str]) -> Ended {
    ecrlint(["fix"].iter().chain(arguments))
        .within(folder)
        .ends()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

#[test]
fn a_diff_is_shown_and_nothing_is_written() {
    let folder = folder(&[("infra/a.yaml", TEMPLATE)]);
    let folder = folder.path();
    for arguments in [&[][..], &["--diff"], &["infra"]] {
        let ended = fix(folder, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (0, DIFF), "{}", ended.err);
        let told = "infra/a.yaml:8: scan-on-push: can be fixed: repository `team/app` does not scan images on push\n";
        assert!(ended.err.starts_with(told), "{}", ended.err);
        assert!(
            ended
                .err
                .contains("2 findings in 1 file can be fixed; write them with `--write`\n"),
            "{}",
            ended.err
        );
        assert_eq!(read(folder, "infra/a.yaml"), TEMPLATE);
    }
}

#[test]
fn the_templates_are_written_and_have_nothing_left_to_fix() {
    let folder = folder(&[("infra/a.yaml", TEMPLATE)]);
    let folder = folder.path();
    let ended = fix(folder, &["--check"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, DIFF), "{}", ended.err);
    let ended = fix(folder, &["--write"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, DIFF), "{}", ended.err);
    assert!(
        ended.err.contains("fixed 2 findings in 1 file\n"),
        "{}",
        ended.err
    );
    assert_eq!(read(folder, "infra/a.yaml"), MENDED);
    let left: Vec<_> = files(folder);
    assert_eq!(left.len(), 1, "{left:?}");
    for arguments in ["--write", "--check"] {
        let ended = fix(folder, &[arguments]);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
        assert!(
            ended
                .err
                .starts_with("nothing to fix that is safe to fix\n"),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_rule_that_may_do_harm_is_named_first() {
    let folder = folder(&[("a.yaml", MENDED)]);
    let folder = folder.path();
    let ended = fix(folder, &["--select", "tag-immutability"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, ""));
    assert!(
        ended
            .err
            .contains("`tag-immutability` (2); look at one with `--unsafe RULE`"),
        "{}",
        ended.err
    );
    let ended = fix(
        folder,
        &[
            "--select",
            "tag-immutability",
            "--unsafe",
            "tag-immutability",
            "--write",
        ],
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
    let text = read(folder, "a.yaml");
    assert_eq!(
        text.matches("ImageTagMutability: IMMUTABLE").count(),
        2,
        "{text}"
    );
    let ended = fix(folder, &["--unsafe", "tag-imutability"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("did you mean `tag-immutability`?"),
        "{}",
        ended.err
    );
}

#[test]
fn an_edit_that_brings_another_finding_is_not_made() {
    let template = "\
Resources:
  App:
    Type: AWS::ECR::Repository
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      EmptyOnDelete: true
";
    let files = [
        ("a.yaml", template),
        (
            "ecrlint.yaml",
            "sets: [recommended]\nrules:\n  empty-on-delete: warning\n",
        ),
    ];
    let folder = folder(&files);
    let select = [
        "--select",
        "empty-on-delete,empty-on-delete-ineffective",
        "--write",
    ];
    let ended = fix(folder.path(), &select);
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
    let told = "a.yaml:7: empty-on-delete-ineffective: left alone: with it, `empty-on-delete` finds more: ";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert_eq!(read(folder.path(), "a.yaml"), template);
    let ended = fix(
        folder.path(),
        &["--select", "empty-on-delete-ineffective", "--write"],
    );
    assert!(
        ended.err.contains("fixed 1 finding in 1 file"),
        "{}",
        ended.err
    );
    assert_eq!(
        read(folder.path(), "a.yaml"),
        template.replace("    Properties:\n      EmptyOnDelete: true\n", "")
    );
}

/// A value is replaced where the text alone says it, however it is spelled, and left alone where a parameter or condition has a
/// part in it.
#[test]
fn what_a_function_inside_of_a_value_decides_is_left_alone() {
    let declared = "Parameters:\n  Scan: { Type: String, Default: 'false' }\n  Stage: { Type: String, Default: dev }\n\
                    Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:";
    for (value, by) in [
        ("!Sub '${Scan}'", Some("Fn::Sub")),
        ("!Sub ['${One}', { One: !Ref Scan }]", Some("Ref")),
        ("!Join ['', [!Ref Scan]]", Some("Ref")),
        ("!Select [0, [!Ref Scan]]", Some("Ref")),
        (
            "!Select [0, !Split [',', !Sub '${ Scan },true']]",
            Some("Fn::Sub"),
        ),
        ("!Join ['', [!If [IsProd, fal, fal], se]]", Some("Fn::If")),
        ("!Sub 'false'", None),
        ("!Join ['', [fal, se]]", None),
        ("!Select [0, ['false', !Ref AWS::Region]]", None),
    ] {
        let template = TEMPLATE
            .replace("\"false\"", value)
            .replace("Resources:", declared);
        let folder = folder(&[("a.yaml", &template)]);
        let ended = fix(folder.path(), &["--write"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let left =
            |name: &str| format!("scan-on-push: left alone: `{name}` decides what stands here\n");
        let written = read(folder.path(), "a.yaml");
        assert_eq!(written.contains(value), by.is_some(), "{value}: {written}");
        assert!(
            by.is_none_or(|name| ended.err.contains(&left(name))),
            "{value}: {}",
            ended.err
        );
    }
}

#[test]
fn what_somebody_ignores_or_decides_elsewhere_is_left_alone() {
    for (template, why) in [
        (
            TEMPLATE.replace(
                "  App:",
                "  # ecrlint: ignore scan-on-push -- a cache\n  App:",
            ),
            "",
        ),
        (
            TEMPLATE.replace("\"false\"", "!Ref Scan").replace(
                "Resources:",
                "Parameters:\n  Scan: { Type: String, Default: 'false' }\nResources:",
            ),
            "left alone: `Ref` decides what stands here\n",
        ),
        (
            TEMPLATE
                .replace(
                    "\n        ScanOnPush: \"false\"",
                    " &scan { ScanOnPush: false }\nOther: *scan",
                )
                .replace("Other: *scan # later", "# later")
                .replace(
                    "team/web }",
                    "team/web, ImageScanningConfiguration: *scan }",
                ),
            "left alone: what stands here is shared by an alias, and may be meant differently elsewhere\n",
        ),
    ] {
        let folder = folder(&[("a.yaml", &template)]);
        let ended = fix(folder.path(), &["--write"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.err.contains(why), "{why}: {}", ended.err);
        let first = read(folder.path(), "a.yaml");
        let app = |text: &str| text.split("  Web:").next().map(str::to_owned);
        assert_eq!(app(&first), app(&template), "{first}");
    }
}

#[test]
fn a_key_that_kms_does_not_rotate_is_left_alone() {
    let template = |key: &str| {
        format!(
            "\
Conditions:
  Own: !Equals [!Ref AWS::AccountId, '111111111111']
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: of images
{key}  App:
    Type: AWS::ECR::Repository
    Properties: {{ EncryptionConfiguration: {{ EncryptionType: KMS, KmsKey: !Ref Key }} }}
"
        )
    };
    let rotating = "      EnableKeyRotation: true\n";
    for (key, is_mended) in [
        ("", true),
        ("      KeySpec: SYMMETRIC_DEFAULT\n", true),
        ("      Origin: AWS_KMS\n", true),
        ("      Origin: EXTERNAL\n", false),
        ("      Origin: AWS_CLOUDHSM\n", false),
        ("      Origin: EXTERNAL_KEY_STORE\n", false),
        ("      KeySpec: RSA_2048\n", false),
        ("      KeySpec: HMAC_256\n", false),
        ("      KeySpec: !ImportValue spec\n", false),
        ("      Origin: !If [Own, EXTERNAL, AWS_KMS]\n", false),
    ] {
        let folder = folder(&[("a.yaml", &template(key))]);
        let ended = fix(folder.path(), &["--select", "kms-key-rotation", "--write"]);
        let added = if is_mended { rotating } else { "" };
        let expected = template(&format!("{key}{added}"));
        assert_eq!(read(folder.path(), "a.yaml"), expected, "{}", ended.err);
    }
}

#[test]
fn a_repository_is_emptied_where_a_condition_deletes_it() {
    for (deletion, replacement, is_mended) in [
        ("Retain", "Retain", true),
        ("!If [IsProd, Retain, Delete]", "Retain", false),
        ("Retain", "!If [IsProd, Retain, Delete]", false),
        ("!Ref Policy", "Retain", false),
    ] {
        let template = format!(
            "\
Transform: AWS::LanguageExtensions
Parameters:
  Policy: {{ Type: String, Default: Retain }}
Conditions:
  IsProd: !Equals [!Ref AWS::AccountId, '222222222222']
Resources:
  App:
    Type: AWS::ECR::Repository
    DeletionPolicy: {deletion}
    UpdateReplacePolicy: {replacement}
    Properties: {{ RepositoryName: app, EmptyOnDelete: true }}
"
        );
        let folder = folder(&[("a.yaml", &template)]);
        let rule = "empty-on-delete-ineffective";
        let ended = fix(folder.path(), &["--select", rule, "--write"]);
        let expected = match is_mended {
            true => template.replace(", EmptyOnDelete: true", ""),
            false => template,
        };
        assert_eq!(read(folder.path(), "a.yaml"), expected, "{}", ended.err);
    }
}

#[test]
fn a_name_keeps_its_parameters_and_conditions() {
    for (name, mended) in [
        ("'Team/App'", "team/app"),
        ("!Sub '${Stage}/App'", ""),
        ("!Join ['/', [!Ref Stage, App]]", ""),
        ("!Join ['/', [Team, App]]", "team/app"),
        ("!If [IsDev, Dev, Prod]", ""),
        ("!Sub 'App-${AWS::Region}'", ""),
    ] {
        let template = format!(
            "\
Parameters:
  Stage: {{ Type: String, Default: dev }}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: {name}
"
        );
        let folder = folder(&[("a.yaml", &template)]);
        let rule = "name-valid";
        let ended = fix(
            folder.path(),
            &["--select", rule, "--unsafe", rule, "--write"],
        );
        let expected = match mended {
            "" => template.clone(),
            mended => template.replace(name, mended),
        };
        let found = read(folder.path(), "a.yaml").replace("'team/app'", "team/app");
        assert_eq!(found, expected, "{}", ended.err);
    }
}

#[test]
fn what_a_loop_makes_is_left_alone() {
    let lines = [
        "Type: AWS::ECR::Repository",
        "Properties: { RepositoryName: 'app-${Stage}' }",
    ];
    let body = |depth: usize| lines.map(|line| format!("{:depth$}{line}\n", "")).concat();
    for (resources, repositories) in [
        (
            format!(
                "  Fn::ForEach::Apps:
    - Stage
    - [dev, prod]
    - 'App${{Stage}}':
{}",
                body(8)
            ),
            2,
        ),
        (
            format!(
                "  'Fn::ForEach::Outer':
    - Team
    - [a, b]
    - Fn::ForEach::Inner:
        - Stage
        - [dev]
        - 'App${{Team}}${{Stage}}':
{}",
                body(12).replace("app-", "app-${Team}-")
            ),
            2,
        ),
        (
            r#"  "Fn::ForEach::Apps": ["Stage", ["dev"], {"App${Stage}": {"Type": "AWS::ECR::Repository"}}]
"#
            .to_owned(),
            1,
        ),
    ] {
        let template = format!(
            "Transform: AWS::LanguageExtensions
Resources:
{resources}  Web:
    Type: AWS::ECR::Repository
    Properties: {{ RepositoryName: web }}
"
        );
        let folder = folder(&[("a.yaml", &template)]);
        let ended = fix(folder.path(), &["--select", "scan-on-push", "--write"]);
        let told = "scan-on-push: left alone: it is made by something that stands in its place, such as a loop";
        assert_eq!(ended.err.matches(told).count(), repositories, "{}", ended.err);
        let web = "RepositoryName: web";
        let mended = format!("{web}, ImageScanningConfiguration: {{ ScanOnPush: true }}");
        let expected = template.replace(web, &mended);
        assert_eq!(read(folder.path(), "a.yaml"), expected, "{}", ended.err);
    }
}

#[test]
fn a_lifecycle_policy_keeps_its_parameters_and_conditions() {
    let text = |count: &str| {
        format!(
            r#"{{"rules":[{{"rulePriority":1,"selection":{{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":{count}}},"action":{{"type":"expire"}}}}]}}"#
        )
    };
    let template = |written: &str| {
        format!(
            "\
Parameters:
  Keep: {{ Type: Number, Default: 20 }}
Conditions:
  Few: !Equals [!Ref Keep, 20]
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      LifecyclePolicy:
        LifecyclePolicyText: {written}
"
        )
    };
    let parts = text("\"CUT\"");
    let (before, behind) = parts.split_once("CUT").expect("it is cut");
    for (written, mended) in [
        (format!("!Sub '{}'", text("\"${Keep}\"")), None),
        (
            format!("!Join ['', ['{before}', !Ref Keep, '{behind}']]"),
            None,
        ),
        (
            format!("!Join ['', ['{before}', !If [Few, 20, 30], '{behind}']]"),
            None,
        ),
        (
            format!("!Sub ['{}', {{ N: !Ref Keep }}]", text("\"${N}\"")),
            None,
        ),
        (
            format!("'{}'", text("\"20\"")),
            Some(format!("'{}'", text("20"))),
        ),
    ] {
        let folder = folder(&[("a.yaml", &template(&written))]);
        let rule = "lifecycle-invalid";
        let ended = fix(
            folder.path(),
            &["--select", rule, "--unsafe", rule, "--write"],
        );
        let expected = template(mended.as_deref().unwrap_or(&written));
        assert_eq!(read(folder.path(), "a.yaml"), expected, "{}", ended.err);
    }
}

#[test]
fn line_ends_and_marks_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let folder = folder(&[("a.yaml", &windows(TEMPLATE))]);
    let ended = fix(folder.path(), &["--write"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(read(folder.path(), "a.yaml"), windows(MENDED));
}

#[test]
fn a_file_that_cannot_be_written_as_it_was_is_left_with_a_reason() {
    let folder = folder(&[("a.yaml", MENDED)]);
    let utf16: Vec<u8> = TEMPLATE
        .replace("App", "Api")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = [&[0xFF, 0xFE], utf16.as_slice()].concat();
    fs::write(folder.path().join("b.yaml"), &utf16).expect("it can be written");
    let locked = folder.path().join("c.yaml");
    fs::write(&locked, TEMPLATE).expect("it can be written");
    let mut permissions = fs::metadata(&locked).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("they can be set");
    let ended = fix(folder.path(), &["--write"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
    let told = "b.yaml:8: scan-on-push: left alone: cannot write `b.yaml`: it is not UTF-8, or has changed since";
    assert!(ended.err.contains(told), "{}", ended.err);
    let told = "c.yaml:8: scan-on-push: left alone: cannot write `c.yaml`: it is read-only\n";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert_eq!(
        fs::read(folder.path().join("b.yaml")).expect("it is there"),
        utf16
    );
    assert_eq!(read(folder.path(), "c.yaml"), TEMPLATE);
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_leads_nowhere_else() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("b.yaml", TEMPLATE)]);
    let folder = folder(&[("real/a.yaml", TEMPLATE)]);
    let link =
        |to: &Path, name: &str| symlink(to, folder.path().join(name)).expect("a link can be made");
    link(Path::new("real/a.yaml"), "a.yaml");
    link(&outside.path().join("b.yaml"), "b.yaml");
    let ended = fix(folder.path(), &["--write"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(read(outside.path(), "b.yaml"), TEMPLATE, "{}", ended.err);
    assert_eq!(read(folder.path(), "real/a.yaml"), MENDED);
    let ended = fix(folder.path(), &["a.yaml", "b.yaml", "--write"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(folder.path().join("a.yaml").is_symlink() && folder.path().join("b.yaml").is_symlink());
    // Whoever names a file means it.
    assert_eq!(read(outside.path(), "b.yaml"), MENDED, "{}", ended.err);
}

#[test]
fn what_a_program_makes_is_reported_at_its_line() {
    let copy = copied("fixtures/cdk-app");
    let texts = || -> Vec<_> {
        files(copy.path())
            .iter()
            .map(|path| fs::read(path).expect("a file"))
            .collect()
    };
    let before = texts();
    let ended = fix(copy.path(), &["--write"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(texts() == before, "{}", ended.err);
    let line = ended
        .out
        .lines()
        .position(|line| line.contains("scan-on-push: "));
    let line = line.unwrap_or_else(|| panic!("no such line: {}{}", ended.out, ended.err));
    let lines: Vec<_> = ended.out.lines().collect();
    let place: Vec<&str> = lines[line].split(':').collect();
    let source = read(copy.path(), place[0]);
    let number: usize = place[1].parse().expect("a line");
    assert!(
        source
            .lines()
            .nth(number - 1)
            .is_some_and(|line| line.contains("epository")),
        "{}",
        lines[line]
    );
    assert_eq!(lines[line + 1], "    imageScanOnPush: true");
}

#[test]
fn nothing_is_fixed_where_something_cannot_be_read() {
    let folder = folder(&[
        ("a.yaml", TEMPLATE),
        ("b.yaml", "Resources:\n  A: {Type: AWS::ECR::Repository\n"),
    ]);
    let ended = fix(folder.path(), &["--write"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{}", ended.err);
    assert!(
        ended
            .err
            .starts_with("nothing is fixed: something could not be read"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("b.yaml"), "{}", ended.err);
    assert_eq!(read(folder.path(), "a.yaml"), TEMPLATE);
    let ended = fix(folder.path(), &["-"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("standard input cannot be written"),
        "{}",
        ended.err
    );
    let ended = fix(folder.path(), &["nowhere"]);
    assert_eq!(ended.code, 2);
}
