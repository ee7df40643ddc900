//! Nothing outside of the checkout is read or shown, nothing but regular files, nothing too large: through the
//! real program, one table for each kind of file.

#![cfg(unix)]

mod program;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use program::{Ended, ecrlint};

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
    // Above the checkout it does not hold, and that is told.
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
    // What leads out is told, whether it is a rule or a folder of them.
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
