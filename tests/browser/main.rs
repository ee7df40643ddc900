//! The HTML report in a browser: opened, searched, sorted and read as people do it. `drive.mjs` does what a person would.

#[path = "../packages/mod.rs"]
mod packages;
#[path = "../program/mod.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use packages::done;
use program::{ecrlint, root};
use serde_json::{Value, json};

/// Repositories of the large page.
const MANY: usize = 10_000;
/// Browsers, in the order in which they are tried.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser")
}

/// The browser of the system: `CHROMIUM`, which has to be one then, or what is found by its name.
fn browser() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path)
        .flat_map(|folder| BROWSERS.map(|name| folder.join(name)))
        .filter(|path| path.is_file());
    found.next()
}

/// The packages of npm, installed where they are not yet.
fn packages() -> PathBuf {
    let home = home();
    fs::create_dir_all(&home).expect("a folder can be made");
    let wanted = root().join("tests/browser/package-lock.json");
    let wanted = fs::read_to_string(wanted).expect("the lock file");
    let installed = home.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return home;
    }
    for name in ["package.json", "package-lock.json"] {
        let own = root().join("tests/browser").join(name);
        fs::copy(own, home.join(name)).expect("a file can be copied");
    }
    let arguments = [
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
    ];
    done(
        Command::new("npm").args(arguments).current_dir(&home),
        "install playwright-core and axe-core from npm",
    );
    fs::write(installed, wanted).expect("a file can be written");
    home
}

/// A template of which every repository breaks something, another thing each.
const SMALL: &str = r#"Resources:
  Unscanned:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/unscanned
      ImageScanningConfiguration: { ScanOnPush: false }
  Open:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/open
      ImageScanningConfiguration: { ScanOnPush: true }
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:BatchGetImage" }]
  Unknown:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/unknown
      ImageScanningConfiguration: { ScanOnPush: !ImportValue Scan }
  Kept:
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: team/kept, ImageScanningConfiguration: { ScanOnPush: true }, ImageTagMutability: IMMUTABLE }
"#;

/// A snapshot of many repositories in several accounts and regions.
fn large() -> String {
    let line = |index: usize| {
        let account = format!("{:012}", 111_111_111_111 + index % 5);
        let region = ["eu-west-1", "us-east-1", "eu-central-1"][index % 3];
        let name = format!("team-{}/service-{index}", index % 40);
        json!({ "account": account, "region": region,
            "repository": { "repositoryName": name, "repositoryArn": format!("arn:aws:ecr:{region}:{account}:repository/{name}"),
                "imageTagMutability": if index.is_multiple_of(2) { "IMMUTABLE" } else { "MUTABLE" },
                "imageScanningConfiguration": { "scanOnPush": !index.is_multiple_of(4) } },
            "lifecyclePolicy": null, "repositoryPolicy": null, "tags": [] })
    };
    (0..MANY)
        .map(|index| format!("{}\n", line(index)))
        .collect()
}

/// A template with names that are markup.
fn hostile() -> String {
    let names = [
        "<script>alert(1)</script>",
        "</script><script>alert(2)</script>",
        "\"'><img src=x onerror=alert(3)>",
        "<!--",
        "</pre><iframe src=javascript:alert(4)>",
        "a\n::error::b",
        "\u{1b}[31mred",
        "\u{202e}txt.exe",
        "&lt;b&gt;",
        "`a",
    ];
    let resources: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| {
            let repository = json!({ "Type": "AWS::ECR::Repository", "Metadata": { "aws:cdk:path": name },
                "Properties": { "RepositoryName": name, "ImageTagMutability": name,
                    "RepositoryPolicyText": { "Statement": [{ "Sid": name, "Effect": "Allow", "Principal": name, "Action": name }] } } });
            ((*name).to_owned(), repository)
        })
        .collect();
    json!({ "Resources": resources }).to_string()
}

/// A snapshot in which whatever people type is markup, tags of images included.
fn hostile_live() -> String {
    let names = [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(3)>",
        "</span><svg onload=alert(5)>",
        "`a",
    ];
    let lines = names.iter().map(|name| {
        let image = |tag: &str, day: u32| {
            json!({ "imageDigest": format!("sha256:{day}{name}"), "imageTags": [format!("{tag}{day}")],
                "imagePushedAt": format!("2026-05-{day:02}T00:00:00Z"), "imageManifestMediaType": "text/plain" })
        };
        let rule = json!({ "rulePriority": 1, "selection": { "tagStatus": "any",
            "countType": "imageCountMoreThan", "countNumber": 1 }, "action": { "type": "expire" } });
        let grant = json!({ "Sid": name, "Effect": "Allow", "Principal": { "AWS": name }, "Action": ["ecr:Get*", name],
            "Condition": { name.to_string(): { name.to_string(): name } } });
        let line = json!({ "account": "111111111111", "region": "eu-west-1", "capturedAt": "2026-06-01T00:00:00Z",
            "repository": { "repositoryName": name,
                "repositoryArn": format!("arn:aws:ecr:eu-west-1:111111111111:repository/{name}"),
                "imageTagMutability": "MUTABLE", "imageScanningConfiguration": { "scanOnPush": true } },
            "lifecyclePolicy": { "lifecyclePolicyText": json!({ "rules": [rule] }).to_string() },
            "repositoryPolicy": { "policyText": json!({ "Statement": [grant] }).to_string() },
            "images": [image(name, 1), image(name, 20)], "tags": [] });
        format!("{line}\n")
    });
    lines.collect()
}

/// Writes the page of an input, and gives the report of it as JSON.
fn page(folder: &Path, name: &str, input: &str, end: &str) -> Value {
    let file = format!("{name}.{end}");
    fs::write(folder.join(&file), input).expect("a file can be written");
    page_of(folder, name, &[PathBuf::from(file)])
}

/// The same for inputs that are there.
fn page_of(folder: &Path, name: &str, inputs: &[PathBuf]) -> Value {
    let html = format!("html={name}.html");
    let arguments = [
        "check",
        "--output",
        "json",
        "--output",
        &html,
        "--evidence",
        "--force",
    ];
    let arguments = arguments.iter().map(PathBuf::from);
    let arguments = arguments.chain(inputs.iter().cloned());
    let (_, report) = ecrlint(arguments).within(folder).json();
    report
}

/// Severities, as the page calls them.
fn findings(report: &Value) -> Vec<Value> {
    let all = report["diagnostics"].as_array().expect("a list").iter();
    all.map(|one| {
        let grade = match one["verdict"].as_str() {
            Some("undetermined") => &one["verdict"],
            _ => &one["severity"],
        };
        json!({ "grade": grade, "rule": one["rule"] })
    })
    .collect()
}

/// A page of live repositories with their images, and of a template, and what other commands say of both.
fn living(folder: &Path) -> Value {
    let [template, snapshot] = ["ecr.yaml", "snapshot.ndjson"];
    for (name, input) in [
        (template, "access/ecr.yaml"),
        (snapshot, "lifecycle/snapshot.ndjson"),
    ] {
        let input = root().join("fixtures").join(input);
        fs::copy(input, folder.join(name)).expect("a file can be copied");
    }
    let told = |arguments: &[&str]| ecrlint(arguments).within(folder).json().1;
    let report = page_of(folder, "living", &[template, snapshot].map(PathBuf::from));
    let access = told(&["access", "team/api", template, "--output", "json"]);
    let principals: Vec<&Value> = access["repositories"][0]["access"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["principal"])
        .collect();
    assert!(principals.len() > 5);
    let hidden = told(&["access", "team/hidden", template, "--output", "json"]);
    let timelines = ["team/api", "team/multi"].map(|name| {
        let preview = [
            "lifecycle",
            "preview",
            snapshot,
            "--repository",
            name,
            "--output",
            "json",
        ];
        let preview = told(&preview);
        let total = &preview["previews"][0]["total"];
        json!({ "name": name, "expired": total["expired"], "images": total["images"] })
    });
    json!({ "repositories": report["summary"]["repositories"], "principals": principals,
        "hidden": hidden["repositories"][0]["unknown"][0]["reason"], "timelines": timelines })
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "whoever reads the log has to see what was not tested"
)]
#[ignore = "needs Node.js, Chromium, and packages of npm"]
fn the_page_serves_people() {
    let Some(browser) = browser() else {
        println!(
            "SKIPPED: there is no browser (Debian: `apt-get install chromium`), and `CHROMIUM` names none"
        );
        return;
    };
    let packages = packages();
    let folder = home().join("pages");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let small = page(&folder, "small", SMALL, "yaml");
    let large = page(&folder, "large", &large(), "ndjson");
    page(&folder, "hostile", &hostile(), "json");
    page(&folder, "hostile-live", &hostile_live(), "ndjson");
    let living = living(&folder);
    let marks = json!([
        { "rule": "scan-on-push", "subject": "team/unscanned", "marked": "false" },
        { "rule": "access-public", "subject": "team/open", "marked": "\"*\"" },
    ]);
    let expected = json!({
        "small": { "findings": findings(&small), "repositories": 4, "marks": marks },
        "living": living,
        "large": { "findings": findings(&large).len(), "repositories": MANY },
    });
    assert!(findings(&small).len() > 5 && findings(&large).len() > MANY);
    fs::write(folder.join("expected.json"), expected.to_string()).expect("a file can be written");
    let mut command = Command::new("node");
    command.arg(root().join("tests/browser/drive.mjs"));
    command.arg(packages).arg(&folder).arg(browser);
    done(&mut command, "use the page in a browser");
}
