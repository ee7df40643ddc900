//! Findings on CDK output land on the lines of the CDK program, and nowhere outside of the checkout.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{ecrlint, root};

/// The reports of one run in `folder`, with its exit code: human, JSON, SARIF.
struct Run {
    human: String,
    json: Value,
    sarif: Value,
    code: i32,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let reports = tempfile::tempdir().expect("a scratch folder");
    let report = |name: &str| reports.path().join(name);
    let json = format!("--output=json={}", report("json").display());
    let sarif = format!("--output=sarif={}", report("sarif").display());
    let outputs = ["--output=human", &json, &sarif];
    let all = ["check"].iter().chain(arguments).chain(&outputs);
    let ended = ecrlint(all).within(folder).ends();
    let read = |name: &str| {
        let text = fs::read_to_string(report(name));
        let text = text.unwrap_or_else(|error| panic!("{error}: {}", ended.err));
        serde_json::from_str(&text).expect("JSON")
    };
    Run {
        json: read("json"),
        sarif: read("sarif"),
        code: ended.code,
        human: ended.out,
    }
}

/// A file of the program and a line in it.
type Place = (String, usize);

impl Run {
    /// Rule, construct and place in the program of every finding about a repository of the inputs.
    fn places(&self) -> Vec<(String, String, Option<Place>)> {
        let findings = self.json["diagnostics"].as_array().expect("findings");
        let about = findings
            .iter()
            .filter(|one| !one["subject"]["logical_id"].is_null());
        about
            .map(|one| {
                let place = &one["source_location"];
                let line = place["line"].as_u64().and_then(|line| line.try_into().ok());
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let construct = text(&one["subject"]["construct_path"]);
                let place = line.map(|line| (text(&place["path"]), line));
                (text(&one["rule"]), construct, place)
            })
            .collect()
    }

    fn first_place(&self) -> Option<Place> {
        self.places().into_iter().next().expect("a finding").2
    }
}

fn fixtures() -> PathBuf {
    root().join("fixtures")
}

fn line_of(file: &Path, line: usize) -> String {
    let text = fs::read_to_string(file).expect("a file of the checkout");
    text.lines().nth(line - 1).expect("a line").to_owned()
}

/// An application with one repository, whose metadata a test makes up.
struct App {
    folder: TempDir,
}

const PROGRAM: &str = "import * as ecr from 'aws-cdk-lib/aws-ecr';\n\nnew ecr.Repository(this, 'Api');\napi.addLifecycleRule({ maxImageCount: 0 });\n";

impl App {
    /// With these entries in the metadata of the repository's construct.
    fn new(entries: &Value) -> Self {
        let app = Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
        };
        app.write("app/cdk.json", r#"{"app": "npx ts-node bin/app.ts"}"#);
        app.write("app/lib/shop.ts", PROGRAM);
        app.write("app/cdk.out/cdk.out", r#"{"version": "55.0.0"}"#);
        let manifest = json!({"artifacts": {"Shop": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111111111111/eu-west-1",
            "properties": {"templateFile": "Shop.template.json"},
            "additionalMetadataFile": "Shop.metadata.json",
        }}});
        app.write("app/cdk.out/manifest.json", &manifest.to_string());
        let template = json!({"Resources": {"Api1": {
            "Type": "AWS::ECR::Repository",
            "Properties": {"RepositoryName": "api"},
        }}});
        app.write("app/cdk.out/Shop.template.json", &template.to_string());
        app.write(
            "app/cdk.out/Shop.metadata.json",
            &metadata(entries).to_string(),
        );
        app
    }

    /// With this creation stack.
    fn traced(frames: &[&str]) -> Self {
        Self::new(&json!([{"type": "aws:cdk:creationStack", "data": frames}]))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn run(&self) -> Run {
        run(&self.path("app"), &[])
    }
}

fn metadata(entries: &Value) -> Value {
    let mut all = vec![json!({"type": "aws:cdk:logicalId", "data": "Api1"})];
    all.extend(entries.as_array().expect("a list").iter().cloned());
    json!({
        "/Shop": [{"type": "aws:cdk:templateFile", "data": "Shop.template.json"}],
        "/Shop/Api/Resource": all,
    })
}

/// Findings of the application about what stands beside its repositories: rule, end of the construct, the call that
/// makes it, and what is said about a line beside it.
const ELSEWHERE: [(&str, &str, &str, Option<&str>); 5] = [
    (
        "push-incomplete",
        "/Deployer/Resource",
        "deployer.addToPolicy(",
        Some("`Deployer92EF8763` is created here"),
    ),
    (
        "ssm-parameter-unexpected",
        "/ImporterArn/Resource",
        "new ssm.StringParameter(this, 'ImporterArn'",
        Some("the repository is created here"),
    ),
    (
        "event-rule-target",
        "/ModelDelivered/Resource",
        "model.onEvent('ModelDelivered')",
        None,
    ),
    (
        "event-rule-pattern",
        "/Api/Repository/ApiScanned/Resource",
        "api.repository.onImageScanCompleted(",
        None,
    ),
    (
        "auth-token-scope",
        "/Deployer/Resource",
        "deployer.addToPolicy(",
        Some("`Deployer92EF8763` is created here"),
    ),
];

#[test]
fn findings_of_an_application_land_on_the_lines_of_its_program() {
    let app = fixtures().join("cdk-app");
    let run = run(&app, &[]);
    let places = run.places();
    assert!(places.len() > 30, "{}", places.len());
    for (rule, construct, place) in &places {
        let (path, line) = place
            .as_ref()
            .unwrap_or_else(|| panic!("{rule} at {construct}"));
        let text = line_of(&app.join(path), *line);
        let id = construct.trim_end_matches("/Resource");
        let id = id.trim_end_matches("/Repository");
        let id = id.rsplit('/').next().expect("an id");
        if path == "cdk.json" {
            let base = construct.rsplit('/').nth(1).expect("a name").to_lowercase();
            let keys = ["use_kms_key", "images_retained", "shareable_with_all_envs"];
            let mut declared: Vec<String> = keys.map(|key| format!("\"{key}\"")).into();
            declared.push(base);
            let text = text.replace('-', "");
            assert!(
                declared.iter().any(|key| text.contains(key.as_str())),
                "{rule} of {construct}: {text}"
            );
        } else {
            assert!(path.starts_with("lib/"), "{rule}: {path}");
            let mut elsewhere = ELSEWHERE.iter();
            let elsewhere = elsewhere.find(|(of, end, ..)| of == rule && construct.ends_with(end));
            let own = format!("'{id}'");
            let call = elsewhere.map_or(own.as_str(), |(_, _, call, _)| call);
            assert!(text.contains(call), "{rule} of {construct}: {text}");
        }
    }
    for (rule, end, _, beside) in ELSEWHERE {
        let findings = run.json["diagnostics"].as_array().expect("findings");
        let construct = |one: &Value| one["subject"]["construct_path"].as_str().map(str::to_owned);
        let mut of = findings.iter().filter(|one| one["rule"] == rule);
        let finding = of.find(|one| construct(one).is_some_and(|path| path.ends_with(end)));
        let related = finding.expect("a finding")["related"].as_array();
        let words = related
            .expect("places")
            .iter()
            .map(|place| &place["message"]);
        let words: Vec<_> = words.collect();
        match beside {
            Some(beside) => assert!(words.contains(&&json!(beside)), "{rule}: {words:?}"),
            None => assert!(words.is_empty(), "{rule}: {words:?}"),
        }
    }
}

#[test]
fn what_goes_against_a_declaration_is_shown_at_its_key_first() {
    let run = run(&fixtures().join("cdk-app"), &[]);
    let findings = run.json["diagnostics"].as_array().expect("findings");
    let retention: Vec<_> = findings
        .iter()
        .filter(|one| one["rule"] == "lifecycle-retention")
        .collect();
    assert!(!retention.is_empty());
    for finding in retention {
        assert_eq!(finding["source_location"]["path"], "cdk.json");
        let related = &finding["related"][0];
        let path = related["location"]["path"].as_str().expect("a path");
        assert!(path.starts_with("lib/"), "{related}");
    }
}

#[test]
fn sarif_and_the_human_report_lead_to_the_program() {
    let app = fixtures().join("cdk-app");
    let run = run(&app, &[]);
    let results = run.sarif["runs"][0]["results"].as_array().expect("results");
    let importer = results
        .iter()
        .find(|one| {
            let path = &one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
            one["ruleId"] == "scan-on-push" && path == "Catalogue/Importer/Resource"
        })
        .expect("a result");
    let place = |location: &Value| {
        let physical = &location["physicalLocation"];
        let line = physical["region"]["startLine"].as_u64().expect("a line");
        (physical["artifactLocation"]["uri"].clone(), line)
    };
    let (uri, line) = place(&importer["locations"][0]);
    assert_eq!(uri, "lib/catalogue-stack.ts");
    let (template, _) = place(&importer["relatedLocations"][0]);
    assert_eq!(template, "cdk.out/Catalogue.template.json");
    let line = usize::try_from(line).expect("a line");
    let text = line_of(&app.join("lib/catalogue-stack.ts"), line);
    assert!(run.human.contains(text.trim()), "{text}");
    let frames = run
        .human
        .split("error[scan-on-push]")
        .nth(1)
        .expect("a finding");
    let at = |name: &str| {
        frames
            .find(name)
            .unwrap_or_else(|| panic!("{name} in {frames}"))
    };
    assert!(at("[lib/catalogue-stack.ts:") < at("template: cdk.out/Catalogue.template.json:"));
    assert!(!run.human.contains("cdk synth"), "there are traces");
}

#[test]
fn paths_are_those_that_the_user_would_type() {
    let run = run(&fixtures(), &["cdk-app/cdk.out"]);
    for (rule, construct, place) in run.places() {
        let (path, _) = place.unwrap_or_else(|| panic!("{rule} at {construct}"));
        let is_declared = path == "cdk-app/cdk.json";
        assert!(path.starts_with("cdk-app/lib/") || is_declared, "{path}");
    }
    for (folder, expected) in [
        ("bin", "../lib/catalogue-stack.ts"),
        ("lib", "catalogue-stack.ts"),
    ] {
        let inside = fixtures().join("cdk-app").join(folder);
        let run = self::run(&inside, &["../cdk.out"]);
        assert_eq!(run.first_place().expect("a place").0, expected);
    }
}

#[test]
fn the_line_that_changed_the_property_comes_before_the_one_that_made_the_repository() {
    let app = App::new(&json!([
        {"type": "aws:cdk:creationStack", "data": ["new Shop (/ci/lib/shop.ts:3:1)"]},
        {"type": "aws:cdk:propertyAssignment", "data": {
            "propertyName": "ImageScanningConfiguration",
            "stackTrace": ["...X in aws-cdk-lib...", "new Shop (/ci/lib/shop.ts:4:5)"],
        }},
    ]));
    let lines: BTreeMap<_, _> = app
        .run()
        .places()
        .into_iter()
        .map(|(rule, _, place)| (rule, place.expect("a place").1))
        .collect();
    assert_eq!(lines["scan-on-push"], 4, "{lines:?}");
    assert_eq!(lines["lifecycle-missing"], 3, "{lines:?}");
}

#[test]
fn older_traces_begin_with_frames_of_libraries() {
    let app = App::new(
        &json!([{"type": "aws:cdk:logicalId", "data": "Api1", "trace": [
            "new Repository2 (/ci/node_modules/aws-cdk-lib/aws-ecr/lib/repository.js:1:15510)",
            "Kernel.create (/tmp/tmpka62lq7u/lib/program.js:1:5591)",
            "Module._load (node:internal/modules/cjs/loader:1104:12)",
            "new Shop (/ci/lib/shop.ts:3:1)",
        ]}]),
    );
    app.write(
        "app/node_modules/aws-cdk-lib/aws-ecr/lib/repository.js",
        "x\n",
    );
    app.write("app/lib/program.js", "x\n");
    assert_eq!(app.run().first_place(), Some(("lib/shop.ts".into(), 3)));
}

#[test]
fn metadata_in_the_manifest_lead_to_the_same_line() {
    let app = App::new(&json!([]));
    let trace = json!([{"type": "aws:cdk:logicalId", "data": "Api1",
        "trace": ["new Shop (/ci/lib/shop.ts:3:1)"]}]);
    let manifest = json!({"artifacts": {"Shop": {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-west-1",
        "properties": {"templateFile": "Shop.template.json"},
        "metadata": {"/Shop/Api/Resource": trace},
    }}});
    app.write("app/cdk.out/manifest.json", &manifest.to_string());
    let run = app.run();
    assert_eq!(run.first_place(), Some(("lib/shop.ts".into(), 3)));
    assert_eq!(run.places()[0].1, "Shop/Api/Resource");
}

#[test]
fn the_construct_is_known_from_the_metadata_alone() {
    let run = App::traced(&[]).run();
    assert!(
        run.human.contains("construct Shop/Api/Resource"),
        "{}",
        run.human
    );
}

#[test]
fn compiled_javascript_leads_to_its_source() {
    let app = App::traced(&["new Shop (/ci/build/lib/shop.js:2:9)"]);
    // Line 2, column 9 comes from line 3, column 1 of the source.
    let map = |source: &str| {
        json!({"version": 3, "sources": [source], "names": [], "mappings": ";QAEA"}).to_string()
    };
    let script =
        |url: &str| format!("\"use strict\";\n        new Shop();\n//# sourceMappingURL={url}\n");
    app.write("app/build/lib/shop.js", &script("shop.js.map"));
    app.write("app/build/lib/shop.js.map", &map("../../lib/shop.ts"));
    assert_eq!(app.run().first_place(), Some(("lib/shop.ts".into(), 3)));
    app.write(
        "app/build/lib/shop.js",
        &script("data:application/json;base64,e30="),
    );
    let compiled = Some(("build/lib/shop.js".into(), 2));
    assert_eq!(app.run().first_place(), compiled, "a map of nothing");
    let plain: Value = serde_json::from_str(&map("../../lib/shop.ts")).expect("JSON");
    let indexed = json!({"version": 3, "sections": [
        {"offset": {"line": 0, "column": 0}, "map": plain},
    ]});
    app.write("app/build/lib/shop.js.map", &indexed.to_string());
    app.write("app/build/lib/shop.js", &script("shop.js.map"));
    assert_eq!(
        app.run().first_place(),
        Some(("lib/shop.ts".into(), 3)),
        "sections"
    );
    let inline = map("../../lib/shop.ts")
        .replace('"', "%22")
        .replace(' ', "%20");
    let inline = script(&format!("data:application/json;charset=utf-8,{inline}"));
    app.write("app/build/lib/shop.js", &inline);
    assert_eq!(
        app.run().first_place(),
        Some(("lib/shop.ts".into(), 3)),
        "inline"
    );
}

#[test]
fn a_source_map_leads_to_no_file_outside_of_the_checkout() {
    let app = App::traced(&["new Shop (/ci/build/lib/shop.js:2:9)"]);
    let map = |source: &str| {
        json!({"version": 3, "sources": [source], "names": [], "mappings": ";QAEA"}).to_string()
    };
    let script =
        |url: &str| format!("\"use strict\";\n        new Shop();\n//# sourceMappingURL={url}\n");
    let compiled = Some(("build/lib/shop.js".into(), 2));
    app.write("app/build/lib/shop.js", &script("shop.js.map"));
    for elsewhere in [
        "/ci/lib/shop.ts",
        "file:///ci/lib/shop.ts",
        "webpack://shop/./lib/shop.ts",
    ] {
        app.write("app/build/lib/shop.js.map", &map(elsewhere));
        assert_eq!(
            app.run().first_place(),
            Some(("lib/shop.ts".into(), 3)),
            "{elsewhere}"
        );
    }
    app.write("secret.ts", "one\ntwo\nsecret\n");
    for outside in [
        "../../../secret.ts",
        "/etc/passwd",
        "../../lib/gone.ts",
        "../../cdk.json",
    ] {
        app.write("app/build/lib/shop.js.map", &map(outside));
        assert_eq!(app.run().first_place(), compiled, "{outside}");
    }
    app.write("app.js.map", &map("lib/shop.ts"));
    app.write("app/build/lib/shop.js", &script("../../../app.js.map"));
    assert_eq!(app.run().first_place(), compiled, "a map outside");
}

#[test]
fn nothing_outside_of_the_checkout_is_named() {
    let secret = "do-not-show-this";
    let at = |path: String| format!("new Shop ({path}:1:1)");
    for tampered in [
        "../secret.ts",
        "/ci/app/../../secret.ts",
        "lib/../../secret.ts",
        "secret.ts",
        "/etc/passwd",
        "/ci/.env",
        "/ci/.git/config",
        "file:///etc/passwd",
        "C:/../secret.ts",
        r"..\secret.ts",
        "lib/link.ts",
        "out/secret.ts",
        "cdk.json",
        "lib/key.pem",
    ] {
        let app = App::traced(&[&at(tampered.to_owned())]);
        app.write("secret.ts", secret);
        app.write("app/.env", secret);
        app.write("app/.git/config", secret);
        app.write("app/lib/key.pem", secret);
        #[cfg(unix)]
        {
            let link = |to: &str, from: &str| {
                std::os::unix::fs::symlink(app.path(to), app.path(from)).expect("a link");
            };
            link("secret.ts", "app/lib/link.ts");
            link("", "app/out");
        }
        let run = app.run();
        assert_eq!(run.first_place(), None, "{tampered}");
        for report in [run.human, run.json.to_string(), run.sarif.to_string()] {
            assert!(!report.contains(secret), "{tampered}");
            assert!(!report.contains("secret.ts"), "{tampered}");
        }
    }
    let app = App::traced(&[]);
    app.write("secret.ts", secret);
    let absolute = app.path("secret.ts").display().to_string();
    let frames = json!([{"type": "aws:cdk:creationStack", "data": [at(absolute)]}]);
    app.write(
        "app/cdk.out/Shop.metadata.json",
        &metadata(&frames).to_string(),
    );
    assert_eq!(app.run().first_place(), None);
}

#[cfg(unix)]
#[test]
fn metadata_outside_of_the_assembly_are_not_read() {
    let app = App::traced(&[]);
    let trace = json!([{"type": "aws:cdk:creationStack", "data": ["f (/ci/lib/shop.ts:3:1)"]}]);
    app.write("elsewhere.json", &metadata(&trace).to_string());
    let inside = app.path("app/cdk.out/Shop.metadata.json");
    fs::remove_file(&inside).expect("it was written");
    std::os::unix::fs::symlink(app.path("elsewhere.json"), &inside).expect("a link");
    assert_eq!(app.run().first_place(), None);
}

#[test]
fn a_line_that_the_file_does_not_have_is_not_shown() {
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:99:1)", "f (/ci/lib/shop.ts:4:1)"]);
    let run = app.run();
    assert_eq!(run.first_place(), None, "nor one that the same trace names");
    assert!(
        run.human.contains("another state of the program"),
        "{}",
        run.human
    );
}

#[test]
fn without_traces_the_report_says_how_to_get_them() {
    let none = [
        "...aws-cdk-lib, jsii runtime, node internals...",
        "(no user code in 10 frames, use --stack-trace-limit to capture more)",
    ];
    let app = App::traced(&none);
    let run = app.run();
    assert_eq!(run.first_place(), None);
    assert!(run.human.contains("construct Shop/Api/Resource"));
    assert_eq!(run.human.matches("cdk synth").count(), 1, "{}", run.human);
    let longer = "`NODE_OPTIONS=--stack-trace-limit=100 cdk synth`";
    assert!(run.human.contains(longer), "{}", run.human);
    let bare = App::traced(&[]).run();
    assert!(bare.human.contains("`cdk synth --debug`"), "{}", bare.human);
    let told = &run.sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(told[0]["level"], "note");

    app.write("app/cdk.json", r#"{"app": "python3 app.py"}"#);
    let human = app.run().human;
    assert!(
        human.contains("`JSII_HOST_STACK_TRACES=1 cdk synth`"),
        "{human}"
    );
    assert_eq!(human.matches("cdk synth").count(), 1, "{human}");

    app.write("app/ecrlint.yaml", "rules: {}\n");
    let template = json!({"Resources": {"Api1": {"Type": "AWS::S3::Bucket"}}});
    app.write("app/cdk.out/Shop.template.json", &template.to_string());
    assert!(!app.run().human.contains("cdk synth"), "nothing to trace");
}

#[test]
fn traces_of_python_have_lines_without_columns() {
    let app = App::traced(&[
        "...aws-cdk-lib, jsii runtime, node internals...",
        "(no user code in 10 frames, use --stack-trace-limit to capture more)",
        "build (/venv/lib/python3.11/site-packages/ecr/builder.py:1)",
        "build_all (/ci/stacks.py:2)",
        "<module> (/ci/app.py:1)",
    ]);
    app.write(
        "app/stacks.py",
        "def build_all(scope):\n    build(scope, 'api')\n",
    );
    app.write("app/builder.py", "no frame of the checkout\n");
    app.write("app/app.py", "build_all(app)\n");
    assert_eq!(app.run().first_place(), Some(("stacks.py".into(), 2)));
}

#[test]
fn odd_assemblies_are_judged_all_the_same() {
    let odd = [
        json!([]),
        json!({"/Shop/Api/Resource": [[], 1, null]}),
        json!({"/Shop/Api/Resource": {"type": "aws:cdk:logicalId", "data": "Api1"}}),
        json!("text"),
    ];
    for metadata in odd {
        let app = App::traced(&[]);
        app.write("app/cdk.out/Shop.metadata.json", &metadata.to_string());
        assert_eq!(app.run().first_place(), None, "{metadata}");
    }
    let app = App::traced(&[]);
    app.write("app/cdk.out/Shop.metadata.json", "{\"cut");
    assert_eq!(app.run().first_place(), None);
}

#[test]
fn a_synthesis_that_failed_is_an_error_though_a_stage_is_whole() {
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:3:1)"]);
    let out = app.path("app/cdk.out");
    let stage = app.path("app/cdk.out/assembly-Prod");
    fs::create_dir(&stage).expect("a folder can be made");
    for name in [
        "cdk.out",
        "manifest.json",
        "Shop.template.json",
        "Shop.metadata.json",
    ] {
        fs::copy(out.join(name), stage.join(name)).expect("a copy");
    }
    assert_eq!(app.run().code, 1);
    for name in ["manifest.json", "Shop.template.json", "Shop.metadata.json"] {
        fs::remove_file(out.join(name)).expect("it was written");
    }
    let run = app.run();
    assert_eq!(run.code, 2);
    assert!(
        run.human.contains("the synthesis did not finish"),
        "{}",
        run.human
    );
}

/// What the only finding of `scan-on-push` says to do.
fn scanning_help(run: &Run) -> String {
    let findings = run.json["diagnostics"].as_array().expect("findings");
    let mut helps = findings.iter().filter(|one| one["rule"] == "scan-on-push");
    let help = helps.next().expect("a finding")["help"].as_str();
    help.expect("help").to_owned()
}

#[test]
fn help_is_in_the_language_of_the_program() {
    let (typescript, python) = ("imageScanOnPush: true", "image_scan_on_push=True");
    let jsii = "...aws-cdk-lib, jsii runtime, node internals...";
    let app = App::traced(&[jsii, "build (/ci/stacks.py:2)"]);
    for (command, help) in [
        (r#""npx ts-node bin/app.ts""#, typescript),
        (r#""python3 app.py""#, python),
        (r#""./synth.sh""#, python),
        ("1", python),
    ] {
        app.write("app/cdk.json", &format!(r#"{{"app": {command}}}"#));
        assert_eq!(scanning_help(&app.run()), help, "{command}");
    }
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:3:1)"]);
    app.write("app/cdk.json", r#"{"app": "make synth"}"#);
    assert_eq!(scanning_help(&app.run()), typescript);
}

#[test]
fn help_for_what_was_written_as_a_template_is_in_its_form() {
    let app = App::traced(&[
        "...new CfnInclude in aws-cdk-lib...",
        "f (/ci/lib/shop.ts:3:1)",
    ]);
    let run = app.run();
    assert_eq!(run.first_place(), Some(("lib/shop.ts".into(), 3)));
    assert!(scanning_help(&run).contains("\"ScanOnPush\": true"));
    app.write("app/cdk.json", r#"{"app": "python3 app.py"}"#);
    let template = "Resources: { Api: { Type: AWS::ECR::Repository } }\n";
    app.write("app/template.yaml", template);
    let hand_written = self::run(&app.path("app"), &["template.yaml"]);
    assert!(scanning_help(&hand_written).contains("\"ScanOnPush\": true"));
    let template = r#"{"Resources": {"Api1": {"Type": "AWS::ECR::Repository",
        "Metadata": {"aws:cdk:path": "Shop/Api/Resource"}}}}"#;
    app.write("app/printed.json", template);
    let printed = self::run(&app.path("app"), &["printed.json"]);
    assert_eq!(scanning_help(&printed), "image_scan_on_push=True");
}

#[test]
fn help_for_a_cfn_repository_names_the_properties_that_it_takes() {
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:3:1)"]);
    app.write("app/cdk.json", r#"{"app": "npx ts-node bin/app.ts"}"#);
    for (path, help) in [
        ("Shop/Api/Resource", "imageScanOnPush: true"),
        ("Shop/Api", "\"ScanOnPush\": true"),
        ("Shop/Resource/Api", "\"ScanOnPush\": true"),
    ] {
        let template = json!({"Resources": {"Api1": {"Type": "AWS::ECR::Repository",
            "Metadata": {"aws:cdk:path": path}}}});
        app.write("app/printed.json", &template.to_string());
        let printed = self::run(&app.path("app"), &["printed.json"]);
        let told = scanning_help(&printed);
        assert!(told.contains(help), "{path}: {told}");
    }
}

#[test]
fn traces_that_lead_nowhere_are_reported_once() {
    let app = App::traced(&["new Shop (/ci/lib/gone.ts:3:1)"]);
    let run = app.run();
    assert_eq!(run.first_place(), None);
    assert_eq!(
        run.human.matches("this checkout").count(),
        1,
        "{}",
        run.human
    );
    assert!(!run.human.contains("cdk synth"), "{}", run.human);
    assert!(!run.human.contains("gone.ts"), "{}", run.human);
    app.write("app/lib/gone.ts", "one\ntwo\nthree\n");
    assert!(!app.run().human.contains("this checkout"));
}

/// Adds a second repository to an application, made by these frames.
fn another(app: &App, own: &[&str], others: &[&str]) {
    let template = json!({"Resources": {
        "Api1": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "api"}},
        "Web2": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "web"}},
    }});
    app.write("app/cdk.out/Shop.template.json", &template.to_string());
    let mut all = metadata(&json!([{"type": "aws:cdk:creationStack", "data": own}]));
    all["/Shop/Web/Resource"] = json!([
        {"type": "aws:cdk:logicalId", "data": "Web2"},
        {"type": "aws:cdk:creationStack", "data": others},
    ]);
    all["/Shop"] = json!([
        {"type": "aws:cdk:templateFile", "data": "Shop.template.json"},
        {"type": "aws:cdk:creationStack", "data": ["<anonymous> (/ci/bin/app.ts:1:1)"]},
    ]);
    app.write("app/cdk.out/Shop.metadata.json", &all.to_string());
}

#[test]
fn a_line_that_makes_several_repositories_stands_beside_the_one_that_makes_this_one() {
    let builder = "build (/ci/lib/builder.ts:2:3)";
    let app = App::traced(&[]);
    app.write(
        "app/lib/builder.ts",
        "function build() {\n  new ecr.Repository();\n}\n",
    );
    app.write("app/bin/app.ts", "new Shop(app, 'Shop');\n");
    let run_with = |own: &[&str], others: &[&str]| {
        another(&app, own, others);
        let run = app.run();
        let places = run.places();
        let lines: BTreeMap<String, Place> = places
            .into_iter()
            .filter(|(rule, ..)| rule == "scan-on-push")
            .map(|(_, construct, place)| (construct, place.expect("a place")))
            .collect();
        let related: Vec<String> =
            run.json["diagnostics"].as_array().expect("findings")[0]["related"]
                .as_array()
                .expect("places")
                .iter()
                .map(|place| place["message"].as_str().unwrap_or_default().to_owned())
                .collect();
        (lines, related)
    };
    let stack = "<anonymous> (/ci/bin/app.ts:1:1)";
    let (lines, related) = run_with(
        &[builder, "new Shop (/ci/lib/shop.ts:3:1)", stack],
        &[builder, "new Shop (/ci/lib/shop.ts:4:1)", stack],
    );
    assert_eq!(lines["Shop/Api/Resource"], ("lib/shop.ts".into(), 3));
    assert_eq!(lines["Shop/Web/Resource"], ("lib/shop.ts".into(), 4));
    assert_eq!(related, ["this line creates it, and others"]);
    let looped = "new Shop (/ci/lib/shop.ts:3:1)";
    let (lines, related) = run_with(&[builder, looped, stack], &[builder, looped, stack]);
    assert_eq!(lines["Shop/Api/Resource"], ("lib/builder.ts".into(), 2));
    assert_eq!(lines["Shop/Web/Resource"], ("lib/builder.ts".into(), 2));
    assert!(related.is_empty(), "{related:?}");
    let package = "build (/ci/node_modules/@acme/builder/lib/builder.js:9:9)";
    let (lines, _) = run_with(
        &[package, "new Shop (/ci/lib/shop.ts:3:1)", stack],
        &[package, "new Shop (/ci/lib/shop.ts:4:1)", stack],
    );
    assert_eq!(lines["Shop/Web/Resource"], ("lib/shop.ts".into(), 4));
}

#[test]
fn what_is_said_about_an_acknowledgement_is_said_at_its_line() {
    let acknowledge = |rules: Value| {
        App::new(&json!([
            {"type": "aws:cdk:creationStack", "data": ["new Shop (/ci/lib/shop.ts:3:1)"]},
            {"type": "aws:cdk:acknowledged-rules", "data": rules, "trace": [
                "    ...Validations.acknowledge in aws-cdk-lib...",
                "    at new Shop (/ci/lib/shop.ts:4:7)",
            ]},
        ]))
    };
    let app = acknowledge(json!({
        "ecrlint::scan-on-push": "scanned elsewhere",
        "ecrlint::name-valid": "nothing to ignore",
    }));
    let run = run(&app.path("app"), &["--evidence"]);
    let findings = run.json["diagnostics"].as_array().expect("findings");
    let of = |rule: &str| {
        findings
            .iter()
            .find(|one| one["rule"] == rule)
            .expect("a finding")
    };
    let unused = &of("unused-ignore")["source_location"];
    assert_eq!(
        (&unused["path"], &unused["line"]),
        (&json!("lib/shop.ts"), &json!(4))
    );
    let ignored = of("scan-on-push");
    assert_eq!(ignored["verdict"], "ignored");
    let beside = ignored["related"]
        .as_array()
        .expect("places")
        .last()
        .expect("a place");
    assert_eq!(beside["message"], "ignored here");
    let place = &beside["location"];
    assert_eq!(
        (&place["path"], &place["start"]["line"]),
        (&json!("lib/shop.ts"), &json!(4))
    );
    assert!(run.human.contains("acknowledged here"), "{}", run.human);

    let app = acknowledge(json!({"ecrlint::scan-on-pull": "a rule that there is not"}));
    let run = app.run();
    assert_eq!(run.code, 2);
    let mistake = &run.json["diagnostics"].as_array().expect("findings")[..];
    let mistake = mistake
        .iter()
        .find(|one| one["rule"] == "unreadable-input")
        .expect("a mistake");
    assert_eq!(mistake["source_location"]["line"], 4);
}

#[test]
fn assemblies_without_repositories_are_not_asked_what_they_acknowledge() {
    let app = App::new(&json!([{"type": "aws:cdk:acknowledged-rules",
        "data": {"ecrlint::no-such-rule": "x"}}]));
    assert_eq!(app.run().code, 2);
    let template = json!({"Resources": {"Api1": {"Type": "AWS::S3::Bucket"}}});
    app.write("app/cdk.out/Shop.template.json", &template.to_string());
    assert_eq!(app.run().code, 0);
}

#[test]
fn a_synthesis_that_still_runs_is_an_error() {
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:3:1)"]);
    app.write("app/cdk.out/synth.lock", "4711");
    let run = app.run();
    assert_eq!(run.code, 2);
    assert!(
        run.human.contains("the assembly is being written"),
        "{}",
        run.human
    );
    // A plugin of the synthesis is called when everything is written, and before the lock goes.
    let run = self::run(&app.path("app"), &["--during-synth"]);
    assert_eq!(run.code, 1, "{}", run.human);
    assert!(!run.human.contains("being written"), "{}", run.human);
}

/// Copies a folder without what git or Python left in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => _ = fs::copy(&path, &target).expect("a copy"),
        }
    }
}

#[test]
fn a_builder_in_python_is_held_against_its_declarations_in_every_version_and_mode() {
    let shapes = fixtures().join("cdk-shapes");
    let line_of_builder = |word: &str| {
        let path = shapes.join("python/platform_builders/ecr_builder.py");
        let text = fs::read_to_string(path).expect("the builder");
        let line = text.lines().position(|line| line.contains(word));
        json!(line.expect("a line with that") + 1)
    };
    let created = (
        "created here",
        line_of_builder("repository = ecr.Repository("),
    );
    let set = (
        "`LifecyclePolicy` is set here",
        line_of_builder("repository.add_lifecycle_rule("),
    );
    let modes: [(&str, &[_]); 6] = [
        ("2.275.0-traces", std::slice::from_ref(&created)),
        ("2.275.0-debug", &[set, created.clone()]),
        ("2.275.0-default", &[]),
        ("2.226.0-traces", &[]),
        ("2.226.0-debug", &[]),
        ("2.226.0-default", &[]),
    ];
    for (mode, lines) in modes {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let app = scratch.path();
        copy(&shapes.join("python"), app);
        copy(
            &shapes.join(format!("out/python-{mode}")),
            &app.join("cdk.out"),
        );
        let declared = fs::read_to_string(app.join("cdk.json")).expect("a file");
        let changed = declared.replace("\"images_retained\": 20", "\"images_retained\": 21");
        fs::write(app.join("cdk.json"), &changed).expect("a file can be written");
        let run = run(app, &[]);
        let findings = run.json["diagnostics"].as_array().expect("findings");
        let [finding] = findings.as_slice() else {
            panic!("{mode}: {}", run.human);
        };
        assert_eq!(finding["rule"], "lifecycle-retention", "{mode}");
        let place = &finding["source_location"];
        assert_eq!(place["path"], "cdk.json", "{mode}");
        let line = place["line"].as_u64().and_then(|line| line.try_into().ok());
        let text = line_of(&app.join("cdk.json"), line.expect("a line"));
        assert!(text.contains("\"worker_queue\""), "{mode}: {text}");
        let related = finding["related"].as_array().expect("places").iter();
        let beside: Vec<_> = related
            .filter(|place| place["location"]["path"] == "platform_builders/ecr_builder.py")
            .map(|place| {
                let words = place["message"].as_str().expect("words");
                (words, place["location"]["start"]["line"].clone())
            })
            .collect();
        assert_eq!(beside, lines, "{mode}");
        let help = finding["help"].as_str().expect("help");
        assert!(help.contains("max_image_count=21"), "{mode}: {help}");
    }
}

#[test]
fn repositories_that_no_line_tells_apart_are_shown_where_they_are_declared() {
    let app = App::traced(&[]);
    let declarations = "{\"app\": \"npx ts-node bin/app.ts\", \"context\": {\"ecr\": {\n\"api\": {},\n\"web\": {}\n}}}";
    app.write("app/cdk.json", declarations);
    app.write(
        "app/ecrlint.yaml",
        "organisation:\n  prefix: acme\n  app: shop\n  repositories: { from: \"cdk.json#/context/ecr\" }\n",
    );
    app.write(
        "app/lib/builder.ts",
        "function build() {\n  new ecr.Repository();\n}\n",
    );
    app.write("app/bin/app.ts", "new Shop(app, 'Shop');\n");
    let builder = "build (/ci/lib/builder.ts:2:3)";
    let stack = "<anonymous> (/ci/bin/app.ts:1:1)";
    let scanning = |own: &[&str], others: &[&str]| {
        another(&app, own, others);
        let path = app.path("app/cdk.out/Shop.template.json");
        let template = fs::read_to_string(&path).expect("a template");
        let template = template.replace("\"api\"", "\"acme-shop-api\"");
        let template = template.replace("\"web\"", "\"acme-shop-web\"");
        fs::write(path, template).expect("a file can be written");
        let run = app.run();
        let scanning = run
            .places()
            .into_iter()
            .filter(|(rule, ..)| rule == "scan-on-push");
        let places: Vec<_> = scanning
            .map(|(.., place)| place.expect("a place"))
            .collect();
        (places, run)
    };
    let keys = [("cdk.json".to_owned(), 2), ("cdk.json".to_owned(), 3)];
    let (places, run) = scanning(&[builder, stack], &[builder, stack]);
    assert_eq!(places, keys, "a loop");
    let related = &run.json["diagnostics"][0]["related"][0];
    assert_eq!(related["location"]["path"], "lib/builder.ts");
    assert_eq!(scanning(&[], &[]).0, keys, "no traces");
    let (places, _) = scanning(
        &[builder, "new Shop (/ci/lib/shop.ts:3:1)", stack],
        &[builder, "new Shop (/ci/lib/shop.ts:4:1)", stack],
    );
    let lines = [("lib/shop.ts".to_owned(), 3), ("lib/shop.ts".to_owned(), 4)];
    assert_eq!(places, lines);
}

#[test]
fn what_an_earlier_synthesis_left_is_not_judged() {
    let app = App::traced(&["new Shop (/ci/lib/shop.ts:3:1)"]);
    let template = fs::read_to_string(app.path("app/cdk.out/Shop.template.json"));
    app.write(
        "app/cdk.out/Store.template.json",
        &template.expect("a template"),
    );
    let run = app.run();
    assert_eq!(run.code, 1);
    let findings = run.json["diagnostics"].as_array().expect("findings");
    let of = |rule: &str| findings.iter().filter(|one| one["rule"] == rule).count();
    assert_eq!(
        (
            of("name-unique"),
            of("scan-on-push"),
            of("unreadable-input")
        ),
        (0, 1, 1)
    );
    assert!(
        run.human.contains("belongs to no stack of its assembly"),
        "{}",
        run.human
    );
    let named = self::run(&app.path("app"), &["cdk.out/Store.template.json"]);
    assert!(
        named.human.contains("does not scan images on push"),
        "{}",
        named.human
    );
}
