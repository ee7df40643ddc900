//! Whole assemblies in a folder, with manifests that name what they like: never a panic, exit codes
//! of our own only, and nothing from outside of the checkout in any report.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use clap::Parser;
use ecrlint::cli::Cli;
use ecrlint::commands;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../seeds/check/orders.template.json");
/// Stands in a file beside the checkout.
const SECRET: &str = "not-for-anybodys-eyes";

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Template,
    Secret,
    Environment,
    Link,
    Folder,
    Nested,
    Program,
    Other(&'a str),
}

#[derive(Arbitrary, Debug)]
struct Artifact<'a> {
    id: &'a str,
    kind: u8,
    file: Name<'a>,
    environment: &'a str,
    stack: Name<'a>,
    metadata: Option<Name<'a>>,
    traces: Vec<(Name<'a>, u16, u8)>,
    data: Name<'a>,
    tag: (&'a str, &'a str),
}

#[derive(Arbitrary, Debug)]
struct Assembly<'a> {
    artifacts: Vec<Artifact<'a>>,
    broken: Option<&'a str>,
    configuration: Option<Name<'a>>,
}

const KINDS: [&str; 5] = [
    "aws:cloudformation:stack",
    "cdk:asset-manifest",
    "cdk:cloud-assembly",
    "cdk:tree",
    "cdk:feature-flag-report",
];

impl Name<'_> {
    fn written(&self) -> &str {
        match self {
            Self::Template => "App.template.json",
            Self::Secret => "../../secret.txt",
            Self::Environment => "/proc/self/environ",
            Self::Link => "link.json",
            Self::Folder => "inner",
            Self::Nested => "App.nested.template.json",
            Self::Program => "../app.ts",
            Self::Other(name) => name,
        }
    }
}

impl Artifact<'_> {
    fn written(&self) -> Value {
        let file = self.file.written();
        let trace = self
            .traces
            .iter()
            .map(|(name, line, column)| format!("new App ({}:{line}:{column})", name.written()));
        let trace: Vec<String> = trace.collect();
        let mut artifact = json!({
            "type": KINDS[usize::from(self.kind) % KINDS.len()],
            "environment": self.environment,
            "displayName": self.id,
            "properties": {
                "templateFile": file,
                "file": file,
                "directoryName": file,
                "stackName": self.stack.written(),
                "tags": { self.tag.0: self.tag.1 },
            },
            "metadata": {
                "/App/Orders": [
                    { "type": "aws:cdk:logicalId", "data": self.data.written(), "trace": trace },
                ],
            },
        });
        if let Some(metadata) = &self.metadata {
            artifact["additionalMetadataFile"] = json!(metadata.written());
        }
        artifact
    }
}

/// The checkout, made once; every execution writes its manifests anew.
static CHECKOUT: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let base = base.join(format!("ecrlint-fuzz-{}", std::process::id()));
    let checkout = base.join("checkout");
    let out = checkout.join("cdk.out");
    fs::create_dir_all(out.join("inner")).expect("a folder can be made");
    fs::create_dir_all(checkout.join(".git")).expect("a folder can be made");
    let files: [(PathBuf, &str); 6] = [
        (base.join("secret.txt"), SECRET),
        (out.join("App.template.json"), TEMPLATE),
        (out.join("App.nested.template.json"), TEMPLATE),
        (out.join("cdk.out"), r#"{"version":"48.0.0"}"#),
        (out.join("inner/App.template.json"), TEMPLATE),
        (checkout.join("app.ts"), "new Repository(this, 'Orders');\n"),
    ];
    for (path, text) in files {
        fs::write(path, text).expect("a file can be written");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../secret.txt", out.join("link.json"))
        .expect("a link can be made");
    std::env::set_current_dir(&checkout).expect("the folder is there");
    checkout
});

fuzz_target!(|assembly: Assembly<'_>| {
    let checkout = &*CHECKOUT;
    let out = checkout.join("cdk.out");
    let artifacts = assembly.artifacts.iter().enumerate();
    let artifacts = artifacts.map(|(at, one)| (format!("{}{at}", one.id), one.written()));
    let artifacts: serde_json::Map<String, Value> = artifacts.collect();
    let manifest = json!({ "version": "48.0.0", "artifacts": artifacts }).to_string();
    let inner = assembly.broken.map_or(manifest.as_str(), |text| text);
    fs::write(out.join("manifest.json"), &manifest).expect("a file can be written");
    fs::write(out.join("inner/manifest.json"), inner).expect("a file can be written");
    let configuration = checkout.join("ecrlint.yaml");
    let _none = fs::remove_file(&configuration);
    if let Some(name) = &assembly.configuration {
        let text = json!({ "organisation": { "from": format!("{}#/a", name.written()) } });
        fs::write(&configuration, text.to_string()).expect("a file can be written");
    }
    let formats = ["human", "json", "sarif"];
    let mut words = vec!["ecrlint".to_owned(), "check".to_owned()];
    for format in formats {
        words.push("--output".to_owned());
        words.push(format!("{format}=../{format}.out"));
    }
    words.push("cdk.out".to_owned());
    let cli = Cli::try_parse_from(words).expect("the words are right");
    let code = commands::run(&cli);
    assert!(code <= 2, "exit code {code}");
    for format in formats {
        let report = checkout.join(format!("../{format}.out"));
        let text = fs::read_to_string(&report).unwrap_or_default();
        assert!(
            !text.contains(SECRET),
            "{format} shows what lies outside: {text}"
        );
        let _none = fs::remove_file(report);
    }
});
