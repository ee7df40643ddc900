//! Nothing outside of the checkout is read or shown, nothing but regular files, nothing too large: through the
//! real program, one table for each kind of file.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::program::{self, Ended, ecrlint};

/// What must not be in any output.
const SECRET: &str = "hunter2-of-the-machine";
const TEMPLATE: &str = "Resources:\n  App:\n    Type: AWS::ECR::Repository\n";
/// Formats in which a secret could show.
const FORMATS: [&str; 3] = ["human", "json", "sarif"];
/// No run of these inputs takes so long, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A git repository beside files that are none of its own.
struct Checkout {
    outer: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let outer = tempfile::tempdir().expect("a scratch folder");
        let checkout = Self { outer };
        checkout.write("repo/.git/HEAD", "ref: refs/heads/main\n");
        checkout.write("repo/.git/config", &format!("[remote]\n\turl = {SECRET}\n"));
        checkout.write("repo/app.yaml", TEMPLATE);
        checkout.write("secret.json", &format!("{{\"a\": \"{SECRET}\", {SECRET}"));
        checkout.write("secret.yaml", &format!("{SECRET}: [{SECRET}\n"));
        checkout
    }

    fn at(&self, path: &str) -> PathBuf {
        self.outer.path().join(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
        self
    }

    /// A link at `path` to `to`, which is relative to the link or absolute.
    fn link(&self, path: &str, to: impl AsRef<Path>) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        symlink(to, path).expect("links can be made");
        self
    }

    fn pipe(&self, path: &str) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        let made = command_of("mkfifo").arg(path).status();
        assert!(made.expect("mkfifo is there").success());
        self
    }

    fn sized(&self, path: &str, bytes: u64) -> &Self {
        self.write(path, "");
        let file = fs::File::options().write(true).open(self.at(path));
        file.and_then(|file| file.set_len(bytes))
            .expect("a sparse file");
        self
    }

    /// A run in `repo`, which ends by itself.
    fn run(&self, arguments: &[&str]) -> Ended {
        let run = ecrlint(arguments)
            .within(self.at("repo"))
            .env("TOKEN", SECRET);
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(run.ends()));
        let ended = receiver.recv_timeout(PATIENCE);
        ended.unwrap_or_else(|_| panic!("no end of {arguments:?}"))
    }

    /// Runs in every format: each ends with 2, says `says`, and shows no secret.
    fn refuses(&self, arguments: &[&str], says: &str) {
        for format in FORMATS {
            let arguments = [arguments, &["--output", format]].concat();
            let ended = self.run(&arguments);
            let told = format!("{}{}", ended.out, ended.err);
            assert!(!told.contains(SECRET), "{arguments:?}: {told}");
            assert_eq!(ended.code, 2, "{arguments:?}: {told}");
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                told.contains(says),
                "{arguments:?}: `{says}` is not in {told}"
            );
        }
    }

    /// Runs, and judges the repository of `app.yaml` without any mistake.
    fn judges(&self, arguments: &[&str]) -> Ended {
        let arguments = [arguments, &["--fail-on", "never"]].concat();
        let ended = self.run(&arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
        ended
    }
}

fn command_of(name: &str) -> std::process::Command {
    std::process::Command::new(name)
}

const OUTSIDE: &str = "lies outside of the checkout";
const CHECK: [&str; 2] = ["check", "app.yaml"];

#[test]
fn pointers_lead_nowhere_out_of_the_checkout() {
    for target in [
        "../secret.json",
        "../secret.yaml",
        "../../../../../../../../../../proc/self/environ",
        "../repo/.git/config",
        ".git/config",
        "conf/../../secret.json",
        "../nothing.json",
        "../../no/such/folder/x.json",
        "leak.json",
        "up/secret.json",
        "environ",
    ] {
        let checkout = Checkout::new();
        checkout.write("repo/conf/x", "");
        checkout.link("repo/leak.json", "../secret.json");
        checkout.link("repo/up", "..");
        checkout.link("repo/environ", "/proc/self/environ");
        for key in ["sets", "protected_tags", "rules_dirs", "registry"] {
            let text = format!("{key}: {{ from: \"{target}#/a\" }}\n");
            checkout.write("repo/ecrlint.yaml", &text);
            checkout.refuses(&CHECK, OUTSIDE);
        }
        let text = format!("organisation: {{ prefix: {{ from: \"{target}\" }} }}\n");
        checkout.write("repo/ecrlint.yaml", &text);
        checkout.refuses(&CHECK, OUTSIDE);
    }
    // For each environment a file: the name is put in, and may not lead out either.
    let checkout = Checkout::new();
    let environments = "organisation:\n  prefix: acme\n  app: shop\n  environments: { ../../secret: { account: \"111111111111\" } }\n  repositories: { from: \"conf/{environment}.json#/a\" }\n";
    checkout
        .write("repo/conf/x", "")
        .write("repo/ecrlint.yaml", environments);
    let ended = checkout.run(&CHECK);
    assert_eq!(ended.code, 2);
    assert!(!format!("{}{}", ended.out, ended.err).contains(SECRET));
}

#[test]
fn pointers_lead_anywhere_inside() {
    for target in [
        "tags.json",
        "conf/tags.json",
        "./conf/../tags.json",
        "link.json",
        "sub/link.json",
    ] {
        let checkout = Checkout::new();
        let tags = r#"{"a": ["v1"]}"#;
        checkout
            .write("repo/tags.json", tags)
            .write("repo/conf/tags.json", tags);
        checkout.link("repo/link.json", "conf/tags.json");
        checkout.link("repo/sub", "conf");
        checkout.link("repo/conf/link.json", "../tags.json");
        let text = format!("protected_tags: {{ from: \"{target}#/a\" }}\n");
        checkout.write("repo/ecrlint.yaml", &text);
        checkout.judges(&CHECK);
    }
}

#[test]
fn a_pointer_and_a_folder_of_rules_outside_are_permitted_by_name() {
    let rule = fs::read_to_string(program::root().join("rules/scanning/scan-on-push.yaml"));
    let rule = rule
        .expect("the rule can be read")
        .replace("scan-on-push", "own-rule");
    for (text, allowed) in [
        (
            "protected_tags: { from: \"../shared/tags.json#/a\" }\n",
            "../shared",
        ),
        ("rules_dirs: [../shared/rules]\n", "../shared"),
        ("rules_dirs: [../shared/rules]\n", "../shared/rules"),
        ("rules_dirs: [inside]\n", "../shared/rules"),
        ("rules_dirs: [rules]\n", "../shared/rules"),
    ] {
        let checkout = Checkout::new();
        checkout.write("shared/tags.json", r#"{"a": ["v1"]}"#);
        checkout.write("shared/rules/own-rule.yaml", &rule);
        checkout.link("repo/inside", "../shared/rules");
        checkout.link(
            "repo/rules/own-rule.yaml",
            "../../shared/rules/own-rule.yaml",
        );
        checkout.write("repo/ecrlint.yaml", text);
        checkout.refuses(&CHECK, OUTSIDE);
        checkout.judges(&["check", "app.yaml", "--allow-outside", allowed]);
        checkout.refuses(
            &["check", "app.yaml", "--allow-outside", "conf"],
            "there is no folder `conf` to allow",
        );
    }
    // What the user names themselves needs no permission.
    let checkout = Checkout::new();
    checkout.write("shared/rules/own-rule.yaml", &rule);
    checkout.judges(&["check", "app.yaml", "--rules", "../shared/rules"]);
    checkout.write(
        "shared/ecrlint.yaml",
        "rules_dirs: [rules]\nprotected_tags: { from: \"tags.json#/a\" }\n",
    );
    checkout.write("shared/tags.json", r#"{"a": ["v1"]}"#);
    checkout.judges(&["check", "app.yaml", "--config", "../shared/ecrlint.yaml"]);
    checkout.write(
        "shared/ecrlint.yaml",
        "protected_tags: { from: \"../secret.json#/a\" }\n",
    );
    checkout.refuses(
        &["check", "app.yaml", "--config", "../shared/ecrlint.yaml"],
        OUTSIDE,
    );
}

#[test]
fn a_configuration_is_that_of_the_checkout() {
    // Above the checkout it does not hold, and that is reported.
    let checkout = Checkout::new();
    checkout
        .write("ecrlint.yaml", "no: such key\n")
        .write("repo/sub/x", "");
    let ended = checkout.judges(&CHECK);
    assert!(
        ended.err.contains("lies above the checkout"),
        "{}",
        ended.err
    );
    checkout.refuses(
        &["check", "app.yaml", "--config", "../ecrlint.yaml"],
        "unknown key",
    );
    // In it, from the working directory upwards.
    checkout.write("repo/ecrlint.yaml", "nor: this\n");
    let ended = ecrlint(["check", "../app.yaml"])
        .within(checkout.at("repo/sub"))
        .ends();
    assert_eq!(ended.code, 2, "{}", ended.out);
    // Without git, the working directory is all.
    let bare = program::folder(&[("ecrlint.yaml", "no: such key\n"), ("a/app.yaml", TEMPLATE)]);
    let ended = ecrlint(["check", "app.yaml", "--fail-on", "never"])
        .within(bare.path().join("a"))
        .ends();
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    // A link may lead to another file of the checkout only.
    for (to, says) in [
        ("../secret.yaml", OUTSIDE),
        ("/proc/self/environ", OUTSIDE),
        (".git/config", OUTSIDE),
        ("nothing", "there is no such file"),
        ("ecrlint.yaml", "cannot read `ecrlint.yaml`"),
        ("/dev/zero", OUTSIDE),
        ("sub", "it is a folder"),
    ] {
        let checkout = Checkout::new();
        checkout
            .write("repo/sub/x", "")
            .link("repo/ecrlint.yaml", to);
        checkout.refuses(&CHECK, says);
    }
    let checkout = Checkout::new();
    checkout
        .write("repo/conf/e.yaml", "protected_tags: [v1]\n")
        .link("repo/ecrlint.yaml", "conf/e.yaml");
    checkout.judges(&CHECK);
}

#[test]
fn a_folder_of_rules_is_searched_once_however_links_lead_to_it() {
    let rule = fs::read_to_string(program::root().join("rules/scanning/scan-on-push.yaml"));
    let rule = rule
        .expect("the rule can be read")
        .replace("scan-on-push", "own-rule");
    let checkout = Checkout::new();
    checkout.write("repo/policies/a/own-rule.yaml", &rule);
    checkout
        .link("repo/policies/a/self", ".")
        .link("repo/policies/a/up", "..");
    checkout
        .link("repo/policies/b", "a")
        .link("repo/policies/c", "c");
    checkout.write("repo/ecrlint.yaml", "rules_dirs: [policies]\n");
    checkout.judges(&CHECK);
    checkout.judges(&["check", "app.yaml", "--config", "ecrlint.yaml"]);
    let ended = checkout.run(&["test", "policies"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    // Git's own files are not rules, though they lie in the checkout.
    let only = Checkout::new();
    only.write("repo/own-rule.yaml", &rule)
        .write("repo/.git/own.yaml", SECRET);
    fs::remove_file(only.at("repo/app.yaml")).expect("it is there");
    only.write("repo/app.template", TEMPLATE);
    only.judges(&["check", "app.template", "--rules", "."]);
    // What leads out is reported, whether it is a rule or a folder of them.
    for (link, to) in [
        ("repo/policies/x.yaml", "../../secret.yaml"),
        ("repo/policies/a/x.yml", "/proc/self/environ"),
        ("repo/policies/out", "../.."),
        ("repo/policies/git", "../.git"),
    ] {
        let checkout = Checkout::new();
        checkout
            .write("repo/policies/a/own-rule.yaml", &rule)
            .link(link, to);
        checkout.write("repo/ecrlint.yaml", "rules_dirs: [policies]\n");
        checkout.refuses(&CHECK, OUTSIDE);
        fs::remove_file(checkout.at("repo/ecrlint.yaml")).expect("it is there");
        checkout.refuses(&["check", "app.yaml", "--rules", "policies"], OUTSIDE);
    }
}

#[test]
fn what_is_no_file_is_refused_in_the_place_of_each() {
    let checkout = Checkout::new();
    checkout.pipe("repo/ecrlint.yaml");
    checkout.refuses(&CHECK, "it is a named pipe");
    checkout.refuses(
        &["check", "app.yaml", "--config", "ecrlint.yaml"],
        "it is a named pipe",
    );
    checkout.refuses(
        &["check", "app.yaml", "--config", "/dev/zero"],
        "it is a device",
    );
    checkout.refuses(&["check", "app.yaml", "--config", "/dev"], "it is a folder");
    checkout.refuses(
        &[
            "check",
            "app.yaml",
            "--config",
            "/dev/null",
            "--parameters",
            "/dev/zero",
        ],
        "it is a device",
    );
    let checkout = Checkout::new();
    checkout
        .pipe("repo/tags.json")
        .write("repo/folder.json/x", "");
    let pointing = |file: &str| format!("protected_tags: {{ from: \"{file}#/a\" }}\n");
    checkout.write("repo/ecrlint.yaml", &pointing("tags.json"));
    checkout.refuses(&CHECK, "it is a named pipe");
    checkout.write("repo/ecrlint.yaml", &pointing("folder.json"));
    checkout.refuses(&CHECK, "it is a folder");
    let checkout = Checkout::new();
    checkout
        .pipe("repo/rules/x.yaml")
        .pipe("repo/parameters.json");
    checkout.refuses(
        &["check", "app.yaml", "--rules", "rules"],
        "it is a named pipe",
    );
    checkout.refuses(
        &["check", "app.yaml", "--parameters", "parameters.json"],
        "it is a named pipe",
    );
    checkout.write("repo/ecrlint.yaml", "rules_dirs: [rules]\n");
    checkout.refuses(&CHECK, "it is a named pipe");
    checkout.write("repo/ecrlint.yaml", "rules_dirs: [app.yaml]\n");
    checkout.refuses(&CHECK, "there is no folder `app.yaml`");
    checkout.write("repo/ecrlint.yaml", "rules_dirs: [nothing]\n");
    checkout.refuses(&CHECK, "there is no folder `nothing`");
}

#[test]
fn what_is_too_large_for_its_kind_is_refused_at_once() {
    let checkout = Checkout::new();
    checkout.sized("repo/ecrlint.yaml", 1_000_001);
    checkout.refuses(&CHECK, "it is larger than 1 MB");
    let checkout = Checkout::new();
    checkout.sized("repo/rules/x.yaml", 4 << 30);
    checkout.refuses(
        &["check", "app.yaml", "--rules", "rules"],
        "it is larger than 1 MB",
    );
    checkout.sized("repo/tags.json", 4 << 30);
    checkout.write(
        "repo/ecrlint.yaml",
        "protected_tags: { from: \"tags.json#/a\" }\n",
    );
    checkout.refuses(&CHECK, "too large to point into");
    fs::remove_file(checkout.at("repo/ecrlint.yaml")).expect("it is there");
    checkout.refuses(
        &["check", "app.yaml", "--parameters", "tags.json"],
        "it is larger than 16 MB",
    );
}

/// What `cdk synth` leaves for one stack, in `repo/cdk.out`.
fn assembly(checkout: &Checkout, artifact: &str) {
    let manifest = format!(
        r#"{{"version": "48.0.0", "artifacts": {{"Shop": {{"type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-west-1", {artifact}}}}}}}"#
    );
    let template = r#"{"Resources": {"Api": {"Type": "AWS::ECR::Repository", "Metadata": {"aws:cdk:path": "Shop/Api/Resource"}}}}"#;
    checkout.write("repo/cdk.out/manifest.json", &manifest);
    checkout.write("repo/cdk.out/cdk.out", r#"{"version": "48.0.0"}"#);
    checkout.write("repo/cdk.out/Shop.template.json", template);
    checkout.write(
        "repo/cdk.out/Shop.assets.json",
        r#"{"version": "48.0.0", "files": {}}"#,
    );
    checkout.write("repo/cdk.out/Shop.metadata.json", "{}");
}

const STACK: &str = r#""properties": {"templateFile": "Shop.template.json"},
    "additionalMetadataFile": "Shop.metadata.json""#;

#[test]
fn files_of_an_assembly_are_files_of_the_checkout() {
    for name in [
        "manifest.json",
        "Shop.template.json",
        "Shop.assets.json",
        "Shop.metadata.json",
    ] {
        let path = format!("repo/cdk.out/{name}");
        let checkout = |make: &dyn Fn(&Checkout)| {
            let checkout = Checkout::new();
            assembly(&checkout, STACK);
            fs::remove_file(checkout.at(&path)).expect("it was written");
            make(&checkout);
            checkout
        };
        for to in ["../../secret.json", "/proc/self/environ", "../.git/config"] {
            let linked = checkout(&|at| _ = at.link(&path, to));
            for arguments in [&["check"][..], &["check", "."], &["check", "cdk.out"]] {
                linked.refuses(arguments, OUTSIDE);
            }
        }
        checkout(&|at| _ = at.pipe(&path)).refuses(&["check"], "it is a named pipe");
        checkout(&|at| _ = at.write(&format!("{path}/x"), ""))
            .refuses(&["check"], "it is a folder");
        let most = if name == "Shop.template.json" { 1 } else { 64 };
        let large = checkout(&|at| _ = at.sized(&path, 4 << 30));
        large.refuses(
            &["check", "--max-size", "1MB"],
            &format!("it is larger than {most} MB"),
        );
        // A link inside of the checkout is the file that it leads to.
        let inside = checkout(&|at| {
            let other = Checkout::new();
            assembly(&other, STACK);
            let text = fs::read_to_string(other.at(&path)).expect("it was written");
            at.write("repo/kept/file", &text)
                .link(&path, "../kept/file");
        });
        if name != "Shop.template.json" {
            inside.judges(&["check"]);
        }
    }
}

#[test]
fn paths_of_a_manifest_lead_nowhere_out_of_it() {
    for path in [
        "../../secret.json",
        "/proc/self/environ",
        "../app.yaml",
        "sub/../../../secret.json",
    ] {
        for artifact in [
            format!(r#""properties": {{"templateFile": "{path}"}}"#),
            format!(
                r#""properties": {{"templateFile": "Shop.template.json"}}, "additionalMetadataFile": "{path}""#
            ),
        ] {
            let checkout = Checkout::new();
            assembly(&checkout, &artifact);
            checkout.refuses(
                &["check"],
                "the manifest names a path outside of its folder",
            );
        }
    }
    let checkout = Checkout::new();
    assembly(&checkout, STACK);
    let nested = r#"{"version": "48.0.0", "artifacts": {"Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}}}}"#;
    checkout
        .write("repo/cdk.out/manifest.json", nested)
        .write("elsewhere/manifest.json", "{}");
    checkout.link("repo/cdk.out/assembly-Stage", "../../elsewhere");
    checkout.refuses(&["check"], OUTSIDE);
}

#[test]
fn nested_templates_are_those_of_the_run() {
    for path in [
        "../../secret.json",
        "/proc/self/environ",
        "leak.json",
        "file:///etc/passwd",
    ] {
        let checkout = Checkout::new();
        checkout.link("repo/leak.json", "../secret.json");
        let template = format!(
            "Resources:\n  App:\n    Type: AWS::ECR::Repository\n  Sub:\n    Type: AWS::CloudFormation::Stack\n    \
            Metadata: {{ 'aws:asset:path': '{path}' }}\n    Properties: {{ TemplateURL: '{path}' }}\n  Other:\n    \
            Type: AWS::ECR::Repository\n    Properties: {{ RepositoryName: !GetAtt Sub.Outputs.Name }}\n"
        );
        checkout.write("repo/app.yaml", &template);
        let ended = checkout.run(&["check", "."]);
        assert!(!format!("{}{}", ended.out, ended.err).contains(SECRET));
    }
}

#[test]
fn an_assembly_behind_a_link_out_is_reported() {
    for (path, arguments) in [
        ("repo/cdk.out", &["check"][..]),
        ("repo/cdk.out", &["check", "."]),
        ("repo/app/cdk.out", &["check", "app"]),
        ("repo/app/cdk.out", &["check", "app/**/*.json"]),
    ] {
        let checkout = Checkout::new();
        checkout.write(
            "elsewhere/App.template.json",
            &format!("{{\"Resources\": {{{SECRET}"),
        );
        checkout.write("repo/app/x.json", "{}");
        checkout.link(path, checkout.at("elsewhere"));
        checkout.refuses(arguments, OUTSIDE);
    }
    // Whoever names it means it, and its own files.
    let checkout = Checkout::new();
    assembly(&checkout, STACK);
    fs::rename(checkout.at("repo/cdk.out"), checkout.at("built")).expect("a folder can be moved");
    checkout.link("repo/cdk.out", "../built");
    checkout.judges(&["check", "cdk.out"]);
    checkout.judges(&["check", "../built"]);
    checkout.judges(&["check", "../built/Shop.template.json"]);
    checkout.judges(&["check", "--allow-outside", "../built"]);
    checkout.refuses(&["check"], OUTSIDE);
}

#[test]
fn what_a_folder_has_beside_files_is_reported_and_not_read() {
    for (name, says, make) in [
        (
            "x.yaml",
            OUTSIDE,
            &(|at: &Checkout| _ = at.link("repo/x.yaml", "../secret.yaml")) as &dyn Fn(&Checkout),
        ),
        ("x.json", OUTSIDE, &|at| {
            _ = at.link("repo/x.json", "/proc/self/environ")
        }),
        ("x.template", OUTSIDE, &|at| {
            _ = at.link("repo/x.template", "/dev/zero")
        }),
        ("x.yml", "it is a named pipe", &|at| {
            _ = at.pipe("repo/x.yml")
        }),
        ("x.json", "it is larger than 2 MB", &|at| {
            _ = at.sized("repo/x.json", 4 << 30)
        }),
    ] {
        let checkout = Checkout::new();
        make(&checkout);
        for arguments in [&["check", "."][..], &["check", "*"], &["check"]] {
            let ended = checkout.judges(&[arguments, &["--max-size", "2MB"]].concat());
            let told = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains(&format!("cannot read `{name}`")), "{told}");
            assert!(told.contains(says), "{told}");
            assert!(!told.contains(SECRET), "{told}");
        }
    }
    let socket = Checkout::new();
    let _bound =
        std::os::unix::net::UnixListener::bind(socket.at("repo/s.json")).expect("a socket");
    assert!(socket.judges(&["check"]).out.contains("it is a socket"));
    // What nobody would read is passed over as ever.
    let checkout = Checkout::new();
    checkout
        .link("repo/readme", "../secret.yaml")
        .link("repo/out", "..");
    checkout
        .link("repo/gone.yaml", "nothing")
        .link("repo/self.yaml", "self.yaml")
        .link("repo/same.yaml", "app.yaml");
    let ended = checkout.judges(&["check"]);
    assert!(!ended.out.contains("cannot read"), "{}", ended.out);
}

#[test]
fn a_named_input_is_a_file_or_what_is_handed_over_open() {
    let checkout = Checkout::new();
    checkout.pipe("repo/pipe.yaml");
    for name in ["check", "access"] {
        let mut arguments = vec![name];
        if name == "access" {
            arguments.push("App");
        }
        for (path, says) in [
            ("pipe.yaml", "it is a named pipe"),
            ("/dev/zero", "it is a device"),
            ("/dev/null", "it is a device"),
        ] {
            let ended = checkout.run(&[&arguments[..], &[path]].concat());
            let told = format!("{}{}", ended.out, ended.err);
            assert_eq!(ended.code, 2, "{told}");
            assert!(told.contains(says), "{told}");
        }
    }
    checkout.refuses(
        &["check", "app.yaml", "--live", "pipe.yaml"],
        "it is a named pipe",
    );
    checkout.refuses(
        &["check", "app.yaml", "--live", "/dev/zero"],
        "it is a device",
    );
    checkout.refuses(&["check", "app.yaml", "--live", "."], "it is a folder");
    // Standard input, under each of its names, and what a shell puts in for a command.
    let within = checkout.at("repo");
    for name in ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let run = ecrlint(["check", name, "--fail-on", "never"]).within(&within);
        let ended = run.given(TEMPLATE).ends();
        assert_eq!(ended.code, 0, "{name}: {}{}", ended.out, ended.err);
        assert!(ended.out.contains("App"), "{name}: {}", ended.out);
    }
    let script = "exec \"$0\" check <(cat app.yaml) --fail-on never --parameters <(echo Name=x) --config <(echo 'protected_tags: [v1]')";
    let bash = command_of("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_ecrlint")])
        .current_dir(&within)
        .output();
    let bash = bash.expect("bash is there");
    let out = String::from_utf8_lossy(&bash.stdout);
    assert!(
        bash.status.success() && out.contains("App"),
        "{out}{}",
        String::from_utf8_lossy(&bash.stderr)
    );
    // A link that the user names is the file that they mean.
    checkout
        .write("other.yaml", TEMPLATE)
        .link("repo/link.yaml", "../other.yaml");
    checkout.judges(&["check", "link.yaml"]);
}

#[test]
fn a_template_is_as_large_as_the_user_permits() {
    let checkout = Checkout::new();
    let padding = |bytes: usize| format!("{TEMPLATE}# {}\n", "x".repeat(bytes));
    checkout.write("repo/app.yaml", &padding(3_000_000));
    checkout.judges(&CHECK);
    checkout.judges(&["check", "app.yaml", "--max-size", "3500KB"]);
    for arguments in [
        &["check", "app.yaml"][..],
        &["check"],
        &["check", "*.yaml"],
        &["access", "App", "app.yaml"],
    ] {
        let ended = checkout.run(&[arguments, &["--max-size", "1MB"]].concat());
        assert_eq!(ended.code, 2, "{}", ended.out);
        let told = format!("{}{}", ended.out, ended.err);
        assert!(
            told.contains("it is larger than 1 MB") && told.contains("--max-size"),
            "{told}"
        );
    }
    let given = |text: String| {
        ecrlint(["check", "-", "--max-size", "1MB"])
            .given(text)
            .ends()
    };
    assert!(
        given(padding(1_000_000))
            .out
            .contains("it is larger than 1 MB")
    );
    let ended = checkout.run(&["check", "app.yaml", "--max-size", "many"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("such as `200MB`"), "{}", ended.err);
    // Refused without being read, however long it seems.
    checkout.sized("repo/sparse.yaml", 4 << 30);
    checkout.refuses(&["check", "sparse.yaml"], "it is larger than 50 MB");
    checkout.sized("repo/live.json", 4 << 30);
    checkout.refuses(
        &["check", "app.yaml", "--live", "live.json"],
        "it is larger than 50 MB",
    );
    // A snapshot is read line by line, and is as long as it is.
    let record = r#"{"account": "111111111111", "region": "eu-west-1", "repository": {"repositoryName": "NAME", "repositoryArn": "arn:aws:ecr:eu-west-1:111111111111:repository/NAME"}}"#;
    let lines: Vec<String> = (0..20)
        .map(|at| record.replace("NAME", &format!("a{at}")))
        .collect();
    checkout.write("repo/s.ndjson", &lines.join("\n"));
    checkout.judges(&["check", "s.ndjson", "--max-size", "1KB"]);
}

/// Metadata that say of the repository which frame made it.
fn trace(frame: &str) -> String {
    let entry = |kind: &str, more: &str| format!(r#"{{"type": "aws:cdk:{kind}", {more}}}"#);
    let id = entry(
        "logicalId",
        &format!(r#""data": "Api", "trace": ["{frame}"]"#),
    );
    let stack = entry("creationStack", &format!(r#""data": ["{frame}"]"#));
    format!(r#"{{"/Shop/Api/Resource": [{id}, {stack}]}}"#)
}

#[test]
fn traces_and_source_maps_show_nothing_from_outside() {
    for frame in [
        "f (../secret.ts:1:1)",
        "f (lib/link.ts:1:1)",
        "f (lib/map.js:1:1)",
        "f (lib/beside.js:1:1)",
        "f (lib/maplink.js:1:1)",
        "f (OUTER/secret.ts:1:1)",
        "f (.git/config.ts:1:1)",
        "f (lib/pipe.ts:1:1)",
        "f (/proc/self/environ:1:1)",
    ] {
        let checkout = Checkout::new();
        assembly(&checkout, STACK);
        let frame = frame.replace("OUTER", &checkout.outer.path().display().to_string());
        checkout.write("repo/cdk.out/Shop.metadata.json", &trace(&frame));
        checkout.write("repo/cdk.json", r#"{"app": "node app.js"}"#);
        program_with_ways_out(&checkout);
        for format in FORMATS {
            let ended = checkout.run(&["check", "--output", format]);
            assert_eq!(ended.code, 1, "{frame}: {}{}", ended.out, ended.err);
            let leaks = ended.out.contains(SECRET) || ended.out.contains("told.ts");
            assert!(!leaks, "{frame}: {}", ended.out);
        }
    }
}

/// Sources, compiled code and maps, each of which leads out of the checkout in its own way.
fn program_with_ways_out(checkout: &Checkout) {
    let map = r#"{"version": 3, "sources": ["../../secret.ts"], "names": [], "mappings": "AAAA"}"#;
    let code = |map: &str| format!("f();\n//# sourceMappingURL={map}\n");
    checkout
        .write("secret.ts", SECRET)
        .write("repo/.git/config.ts", SECRET);
    checkout
        .link("repo/lib/link.ts", "../../secret.ts")
        .pipe("repo/lib/pipe.ts");
    // Whoever reads this map shows a file of the checkout that nothing else leads to.
    checkout.write("outer.map", &map.replace("../../secret.ts", "told.ts"));
    checkout.write("repo/told.ts", "a line\n");
    checkout
        .write("repo/lib/map.js", &code("map.js.map"))
        .write("repo/lib/map.js.map", map);
    checkout.write("repo/lib/beside.js", &code("../../outer.map"));
    checkout.write("repo/lib/maplink.js", &code("maplink.js.map"));
    checkout.link("repo/lib/maplink.js.map", "../../outer.map");
}

#[test]
fn the_program_of_an_assembly_elsewhere_is_shown_when_its_folder_is_permitted() {
    let checkout = Checkout::new();
    assembly(&checkout, STACK);
    checkout.write(
        "repo/cdk.out/Shop.metadata.json",
        &trace("f (/ci/lib/a.ts:1:1)"),
    );
    checkout
        .write("app/cdk.json", "{}")
        .write("app/lib/a.ts", "the line of the program\n");
    let moved = fs::rename(checkout.at("repo/cdk.out"), checkout.at("app/cdk.out"));
    moved.expect("a folder can be moved");
    let shown = |arguments: &[&str]| {
        checkout
            .run(arguments)
            .out
            .contains("the line of the program")
    };
    assert!(!shown(&["check", "../app/cdk.out"]));
    assert!(shown(&[
        "check",
        "../app/cdk.out",
        "--allow-outside",
        "../app"
    ]));
    assert!(shown(&["check", "../app"]));
}

#[test]
fn a_first_configuration_takes_nothing_from_outside() {
    for to in ["../secret.json", "/proc/self/environ", ".git/config"] {
        let checkout = Checkout::new();
        checkout.link("repo/cdk.json", to);
        let ended = checkout.run(&["init", "new.yaml"]);
        assert_eq!(ended.code, 2, "{}", ended.out);
        assert!(ended.err.contains(OUTSIDE), "{}", ended.err);
        assert!(!checkout.at("repo/new.yaml").exists());
    }
}
