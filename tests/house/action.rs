//! Runs the steps of `action.yml` the way a runner of GitHub Actions does: expressions are replaced in
//! `env`, scripts go to bash, outputs come back through files. It does not know how ecrlint works inside.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where the world is not as it set it up"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecrlint::source::{Node, Sources, Tree, yaml};
use tempfile::TempDir;

const CLEAN: &str = "fixtures/cloudformation/clean.yaml";
const FINDINGS: &str = "fixtures/example/registry.yaml";
const BROKEN: &str = "fixtures/broken/truncated.json";

/// Records its arguments, one a line with line breaks shown as `\n`, and reports two errors.
const RECORDER: &str = r#"#!/usr/bin/env bash
for argument in "$@"; do
  printf '%s\n' "${argument//$'\n'/\\n}" >> "$RUNNER_TEMP/arguments"
  case $argument in
    summary=*) printf 'outcome=fail\nconclusion=failed: errors=9\nerrors=2\nwarnings=1\nnotes=7\n' > "${argument#summary=}" ;;
    sarif=*) printf '{}' > "${argument#sarif=}" ;;
    github=*) echo '::error file=a.yaml::found' > "${argument#github=}" ;;
    markdown=*) echo 'two errors' > "${argument#markdown=}" ;;
  esac
done
echo '::add-mask::everything'
exit 1
"#;

/// Files through which a step talks to the runner, each in a variable of that name.
const RUNNER_FILES: [&str; 4] = [
    "GITHUB_OUTPUT",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_ENV",
    "GITHUB_PATH",
];

/// What a runner sets beside them.
const RUNNER: [(&str, &str); 4] = [
    ("RUNNER_OS", "Linux"),
    ("RUNNER_ARCH", "X64"),
    ("GITHUB_SERVER_URL", "https://github.com"),
    ("GITHUB_REPOSITORY", "somebody/shop"),
];

/// What expressions ask for beside inputs and steps.
const CONTEXT: [(&str, &str); 5] = [
    ("github.token", "secret"),
    ("github.actor", "somebody"),
    ("github.event_name", "push"),
    ("github.event.pull_request.head.repo.full_name", ""),
    ("steps.upload.outcome", "skipped"),
];

/// Names and values.
type Table = BTreeMap<String, String>;

/// What a step is: a script, or another action, which nothing here runs.
enum Work {
    Script { shell: String, script: String },
    Uses(String),
}

struct Step {
    id: String,
    /// What the step is told: its `env`, or its `with`.
    told: Table,
    work: Work,
}

impl Step {
    fn script(&self) -> Option<&str> {
        match &self.work {
            Work::Script { script, .. } => Some(script),
            Work::Uses(_) => None,
        }
    }
}

struct Action {
    defaults: Table,
    outputs: Table,
    steps: Vec<Step>,
}

impl Action {
    fn read() -> Self {
        let text = fs::read_to_string(checkout().join("action.yml")).unwrap();
        let mut sources = Sources::default();
        let id = sources.add("action.yml", text.as_str());
        let mut tree = Tree::default();
        yaml::parse(&text, id, &mut tree).expect("action.yml is YAML");
        let root = tree.root(&text).expect("action.yml is not empty");
        let runs = root.get("runs").unwrap();
        assert_eq!(word(runs, "using"), "composite");
        Self {
            defaults: table(root.get("inputs").unwrap(), |input| word(input, "default")),
            outputs: table(root.get("outputs").unwrap(), |output| word(output, "value")),
            steps: runs.get("steps").unwrap().items().map(step).collect(),
        }
    }
}

fn step(node: Node<'_>) -> Step {
    let told = node.get("env").or_else(|| node.get("with"));
    let work = match node.get("uses") {
        Some(_) => Work::Uses(word(node, "uses")),
        None => Work::Script {
            shell: word(node, "shell"),
            script: word(node, "run"),
        },
    };
    Step {
        id: word(node, "id"),
        told: table(told.unwrap(), |value| value.as_text().unwrap().to_owned()),
        work,
    }
}

fn word(node: Node<'_>, key: &str) -> String {
    let value = node.get(key).and_then(Node::as_text);
    value
        .unwrap_or_else(|| panic!("`{key}` is missing"))
        .to_owned()
}

fn table(node: Node<'_>, value: impl Fn(Node<'_>) -> String) -> Table {
    let members = node.members();
    members
        .map(|member| (member.key.to_owned(), value(member.value)))
        .collect()
}

/// A job with a checkout and a scratch folder of its own.
struct Job {
    folder: TempDir,
    inputs: Table,
}

/// What a run of the action leaves behind.
struct Ran {
    /// Whether each step succeeded.
    succeeded: Vec<bool>,
    printed: String,
    outputs: Table,
    summary: String,
    environment: String,
}

impl Job {
    /// A job whose checkout holds a copy of `files`, with the binary under test.
    fn with(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["checkout", "temp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut job = Self {
            folder,
            inputs: Table::new(),
        };
        for file in files {
            let name = Path::new(file).file_name().unwrap();
            fs::copy(checkout().join(file), job.checkout().join(name)).unwrap();
        }
        job.set("binary", env!("CARGO_BIN_EXE_ecrlint"));
        job.set("sarif-upload", "false");
        job
    }

    /// A job that only records what it is asked to run.
    fn recording() -> Self {
        let mut job = Self::with(&[]);
        let recorder = job.folder.path().join("recorder");
        fs::write(&recorder, RECORDER).unwrap();
        fs::set_permissions(&recorder, fs::Permissions::from_mode(0o755)).unwrap();
        job.set("binary", recorder.to_str().unwrap());
        job
    }

    fn set(&mut self, input: &str, value: &str) {
        self.inputs.insert(input.to_owned(), value.to_owned());
    }

    fn checkout(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    fn temp(&self) -> PathBuf {
        self.folder.path().join("temp")
    }

    /// The arguments that the recorder saw.
    fn arguments(&self) -> Vec<String> {
        let text = fs::read_to_string(self.temp().join("arguments")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn run(&self) -> Ran {
        let action = Action::read();
        let context = CONTEXT.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut values = Table::from(context);
        for (name, default) in &action.defaults {
            let value = self.inputs.get(name).cloned();
            let value = value.unwrap_or_else(|| expand(default, &values));
            values.insert(format!("inputs.{name}"), value);
        }
        let mut ran = Ran {
            succeeded: Vec::new(),
            printed: String::new(),
            outputs: Table::new(),
            summary: String::new(),
            environment: String::new(),
        };
        for step in &action.steps {
            let Work::Script { shell, script } = &step.work else {
                continue;
            };
            assert_eq!(shell, "bash");
            let outputs = self.run_step(script, &step.told, &values, &mut ran);
            for (name, value) in outputs {
                values.insert(format!("steps.{}.outputs.{name}", step.id), value);
            }
        }
        ran.outputs = action
            .outputs
            .iter()
            .map(|(name, value)| (name.clone(), expand(value, &values)))
            .collect();
        ran
    }

    fn run_step(&self, text: &str, env: &Table, values: &Table, ran: &mut Ran) -> Table {
        let script = self.folder.path().join("step.sh");
        fs::write(&script, text).unwrap();
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(&script)
            .current_dir(self.checkout())
            .env("RUNNER_TEMP", self.temp())
            .env("GITHUB_ACTION_PATH", checkout())
            .envs(RUNNER);
        for file in RUNNER_FILES {
            let path = self.folder.path().join(file);
            fs::write(&path, "").unwrap();
            command.env(file, path);
        }
        for (name, value) in env {
            command.env(name, expand(value, values));
        }
        let output = command.output().expect("bash runs");
        ran.succeeded.push(output.status.success());
        ran.printed += &String::from_utf8_lossy(&output.stdout);
        ran.printed += &String::from_utf8_lossy(&output.stderr);
        let read = |file: &str| fs::read_to_string(self.folder.path().join(file)).unwrap();
        ran.summary += &read("GITHUB_STEP_SUMMARY");
        ran.environment += &(read("GITHUB_ENV") + &read("GITHUB_PATH"));
        outputs(&read("GITHUB_OUTPUT"))
    }
}

/// Names of what lies in the checkout of a job.
fn left(job: &Job) -> Vec<String> {
    let entries = fs::read_dir(job.checkout()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

/// Replaces `${{ name }}`; the action uses no other expression, and never a part of a value.
fn expand(text: &str, values: &Table) -> String {
    let Some(inner) = text.strip_prefix("${{ ") else {
        return text.to_owned();
    };
    let name = inner.strip_suffix(" }}").expect("one expression alone");
    match values.get(name) {
        Some(value) => value.clone(),
        // An output that a step has not set is empty.
        None if name.starts_with("steps.") => String::new(),
        None => panic!("nothing sets `{name}`"),
    }
}

/// Reads `name=value` and `name<<delimiter` as the runner does.
fn outputs(text: &str) -> Table {
    let mut outputs = Table::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((name, delimiter)) = line.split_once("<<") {
            let value: Vec<&str> = lines
                .by_ref()
                .take_while(|line| *line != delimiter)
                .collect();
            outputs.insert(name.to_owned(), value.join("\n"));
        } else if let Some((name, value)) = line.split_once('=') {
            outputs.insert(name.to_owned(), value.to_owned());
        }
    }
    outputs
}

/// The lines that the runner would obey as commands.
fn commands(printed: &str) -> Vec<&str> {
    let mut obeyed = Vec::new();
    let mut stopped: Option<String> = None;
    for line in printed.lines().map(str::trim_start) {
        match &stopped {
            Some(token) if line == token => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(format!("::{token}::")),
                None if line.starts_with("::") || line.contains("##[") => obeyed.push(line),
                None => {}
            },
        }
    }
    assert_eq!(stopped, None, "commands are resumed");
    obeyed
}

fn checkout() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn inputs_never_become_part_of_a_script() {
    for step in Action::read().steps {
        let script = step.script().unwrap_or_default();
        assert!(!script.contains("${{"), "{script}");
    }
}

/// Forty digits cannot be moved to another commit, as a tag can.
#[test]
fn other_actions_are_named_by_their_digest() {
    for step in Action::read().steps {
        let Work::Uses(action) = &step.work else {
            continue;
        };
        let (_, digest) = action.split_once('@').unwrap();
        let is_digest = digest.len() == 40 && digest.chars().all(|c| c.is_ascii_hexdigit());
        assert!(is_digest, "{action}");
    }
}

#[test]
fn every_input_is_handed_to_a_step() {
    let action = Action::read();
    for input in action.defaults.keys() {
        let expression = format!("${{{{ inputs.{input} }}}}");
        let used = action
            .steps
            .iter()
            .any(|step| step.told.values().any(|value| *value == expression));
        assert!(used, "`{input}` is not used");
    }
}

#[test]
fn paths_are_handed_over_one_a_line_and_as_they_are() {
    let mut job = Job::recording();
    job.set("args", "--quiet\n--ignore=a b\n");
    let nasty = "my templates/it's \"here\".yaml\r\n\n$(touch pwned)\n`touch pwned`; touch pwned #\n*.yaml\n-rf\n";
    job.set("paths", nasty);
    job.set("config", "a b/$(touch pwned).yaml");
    job.run();
    let arguments = job.arguments();
    let paths: Vec<&str> = arguments
        .iter()
        .skip_while(|argument| *argument != "--")
        .skip(1)
        .map(String::as_str)
        .collect();
    let expected = [
        "my templates/it's \"here\".yaml",
        "$(touch pwned)",
        "`touch pwned`; touch pwned #",
        "*.yaml",
        "-rf",
    ];
    assert_eq!(paths, expected);
    let config = arguments.iter().position(|argument| argument == "--config");
    assert_eq!(arguments[config.unwrap() + 1], "a b/$(touch pwned).yaml");
    assert!(
        arguments.contains(&"--ignore=a b".to_owned()),
        "{arguments:?}"
    );
    assert_eq!(left(&job), ["ecrlint.sarif"]);
}

#[test]
fn nothing_is_said_about_paths_and_configuration_when_the_inputs_are_empty() {
    let job = Job::recording();
    job.run();
    let arguments = job.arguments();
    assert_eq!(arguments.last().map(String::as_str), Some("--"));
    assert!(!arguments.iter().any(|argument| argument == "--config"));
}

#[test]
fn counts_come_from_the_binary_and_from_nothing_that_looks_like_them() {
    let ran = Job::recording().run();
    assert_eq!(ran.outputs["errors"], "2");
    assert_eq!(ran.outputs["warnings"], "1");
    assert_eq!(ran.outputs["exit-code"], "1");
    assert_eq!(ran.succeeded, [true, true, true, false]);
}

#[test]
fn an_input_cannot_set_another_output() {
    let mut job = Job::recording();
    let name = "a\nexit-code=0\nerrors=0";
    job.set("sarif-file", name);
    let ran = job.run();
    assert_eq!(ran.outputs["sarif-file"], name);
    assert_eq!(ran.outputs["exit-code"], "1");
    assert_eq!(ran.outputs["errors"], "2");
}

#[test]
fn what_is_checked_cannot_command_the_runner() {
    let ran = Job::recording().run();
    assert!(ran.printed.contains("::add-mask::everything"));
    assert_eq!(commands(&ran.printed), ["::error file=a.yaml::found"]);
}

#[test]
fn the_job_summary_holds_the_report() {
    assert_eq!(Job::recording().run().summary, "two errors\n");
}

#[test]
fn state_stays_in_the_scratch_folder_of_the_job() {
    let job = Job::recording();
    let ran = job.run();
    assert_eq!(ran.environment, "");
    assert_eq!(left(&job), ["ecrlint.sarif"]);
}

#[test]
fn a_missing_binary_is_said_and_fails_the_job() {
    let mut job = Job::with(&[CLEAN]);
    job.set("binary", "no/such/ecrlint");
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "2");
    assert_eq!(ran.outputs["errors"], "");
    assert_eq!(ran.succeeded, [true, true, true, false]);
    let said = commands(&ran.printed);
    assert!(said[0].contains("no ecrlint to run"), "{said:?}");
}

/// A job whose binary is this script.
fn job_of(script: &str) -> Job {
    let mut job = Job::with(&[]);
    let program = job.folder.path().join("program");
    fs::write(&program, format!("#!/usr/bin/env bash\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    job.set("binary", program.to_str().unwrap());
    job
}

/// However the check breaks, the code is 2, an annotation and the summary say why, and no report is promised.
#[test]
fn whatever_breaks_is_reported_with_its_reason() {
    let cases = [
        ("kill -SEGV $$", "ended by signal 11"),
        ("kill -TERM $$", "ended by signal 15"),
        ("kill -KILL $$", "ended by signal 9"),
        ("exit 101", "ecrlint ended with 101"),
        ("exit 3", "ecrlint ended with 3"),
        (
            "printf half; echo 'fatal runtime error' >&2; kill -ABRT $$",
            "fatal runtime error",
        ),
        ("exit 2", "could not finish"),
        ("echo 'error: a reason' >&2; exit 2", "error: a reason"),
        ("exec no-such-program", "ecrlint ended with 127"),
    ];
    for (script, reason) in cases {
        let ran = job_of(script).run();
        assert_eq!(ran.outputs["exit-code"], "2", "{script}: {}", ran.printed);
        assert_eq!(ran.succeeded, [true, true, true, false], "{script}");
        let said = commands(&ran.printed);
        assert_eq!(said.len(), 1, "{script}: {said:?}");
        assert!(
            said[0].starts_with("::error title=ecrlint could not finish::"),
            "{said:?}"
        );
        assert!(said[0].contains(reason), "{script}: {said:?}");
        assert!(
            ran.summary.contains("could not finish"),
            "{script}: {}",
            ran.summary
        );
        assert!(ran.summary.contains(reason), "{script}: {}", ran.summary);
        for output in ["sarif-file", "errors", "warnings"] {
            assert_eq!(ran.outputs[output], "", "{script}: {output}");
        }
    }
}

#[test]
fn what_a_broken_run_says_commands_nothing() {
    let script =
        r#"printf '::add-mask::a' ; printf '::error::b%%0A::c::\n<img src=x>\n```\n' >&2; exit 2"#;
    let ran = job_of(script).run();
    let said = commands(&ran.printed);
    let told = "::error title=ecrlint could not finish::::error::b%250A::c::%0A<img src=x>%0A```";
    assert_eq!(said, [told]);
    let summary: Vec<&str> = ran.summary.lines().skip(3).collect();
    assert!(
        summary.iter().all(|line| line.starts_with("    ")),
        "{summary:?}"
    );
}

#[test]
fn a_report_that_cannot_be_written_is_reported_and_not_promised() {
    let mut job = Job::with(&[FINDINGS]);
    job.set("sarif-file", "no/such/folder.sarif");
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "2", "{}", ran.printed);
    assert_eq!(ran.outputs["sarif-file"], "");
    let said = commands(&ran.printed);
    assert!(
        said[0].contains("cannot write `no/such/folder.sarif`"),
        "{said:?}"
    );
    assert!(
        said.len() > 1,
        "the findings are told all the same: {said:?}"
    );
    assert!(ran.outputs["errors"].parse::<u32>().unwrap() > 0);
    assert!(
        ran.summary.contains("## ecrlint: failed"),
        "{}",
        ran.summary
    );
    assert!(ran.summary.contains("cannot write"), "{}", ran.summary);
}

/// A report of an earlier run, or a file that somebody has committed, says nothing about this run.
#[test]
fn an_old_report_is_not_promised() {
    for (name, text) in [("a.sarif", "{}"), ("b.sarif", "")] {
        let mut job = job_of("exit 101");
        job.set("sarif-file", name);
        fs::write(job.checkout().join(name), text).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(job.run().outputs["sarif-file"], "", "{name}");
    }
    let mut job = Job::with(&[CLEAN]);
    job.set("sarif-file", "mine.sarif");
    fs::write(job.checkout().join("mine.sarif"), "mine").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(50));
    let ran = job.run();
    assert_eq!(
        (
            ran.outputs["sarif-file"].as_str(),
            ran.outputs["exit-code"].as_str()
        ),
        ("", "2")
    );
    assert!(
        commands(&ran.printed)[0].contains("--force"),
        "{}",
        ran.printed
    );
}

#[test]
fn nothing_to_check_is_reported() {
    let ran = Job::with(&[]).run();
    assert_eq!(ran.outputs["exit-code"], "2");
    let said = commands(&ran.printed);
    assert!(said[0].contains("no CloudFormation template"), "{said:?}");
    assert!(
        ran.summary.contains("no CloudFormation template"),
        "{}",
        ran.summary
    );
}

#[test]
fn a_builtin_of_the_shell_is_no_binary() {
    let mut job = Job::with(&[CLEAN]);
    job.set("binary", "exec");
    assert_eq!(job.run().outputs["exit-code"], "2");
}

#[test]
fn a_clean_template_passes() {
    let ran = Job::with(&[CLEAN]).run();
    assert_eq!(ran.outputs["exit-code"], "0", "{}", ran.printed);
    assert_eq!(ran.outputs["errors"], "0");
    assert_eq!(ran.succeeded, [true; 4]);
    assert_eq!(commands(&ran.printed), Vec::<&str>::new());
}

#[test]
fn findings_fail_the_job_after_every_report_is_written() {
    let job = Job::with(&[FINDINGS]);
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "1", "{}", ran.printed);
    assert_eq!(ran.succeeded, [true, true, true, false]);
    assert!(ran.outputs["errors"].parse::<u32>().unwrap() > 0);
    assert_eq!(ran.outputs["sarif-file"], "ecrlint.sarif");
    let sarif = fs::read_to_string(job.checkout().join("ecrlint.sarif")).unwrap();
    assert!(sarif.contains("\"results\""));
    let said = commands(&ran.printed);
    assert!(
        said.iter().any(|line| line.starts_with("::error ")),
        "{said:?}"
    );
}

#[test]
fn findings_below_the_threshold_do_not_fail_the_job() {
    let mut job = Job::with(&[FINDINGS]);
    job.set("fail-on", "never");
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "0", "{}", ran.printed);
    assert!(ran.outputs["errors"].parse::<u32>().unwrap() > 0);
    assert_eq!(ran.succeeded, [true; 4]);
}

#[test]
fn a_file_that_cannot_be_read_fails_the_job_whatever_the_threshold() {
    let mut job = Job::with(&[BROKEN]);
    job.set("fail-on", "never");
    job.set("paths", "truncated.json");
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "2", "{}", ran.printed);
    assert_eq!(ran.succeeded, [true, true, true, false]);
    let said = commands(&ran.printed);
    assert!(
        said[0].starts_with("::error file=truncated.json"),
        "{said:?}"
    );
    assert!(ran.summary.contains("could not finish"), "{}", ran.summary);
    assert_eq!(ran.outputs["sarif-file"], "ecrlint.sarif");
}

#[test]
fn an_unknown_threshold_fails_the_job() {
    let mut job = Job::with(&[CLEAN]);
    job.set("fail-on", "errors $(touch pwned)");
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "2", "{}", ran.printed);
    assert!(!job.checkout().join("pwned").exists());
}

#[test]
fn a_folder_with_a_nasty_name_is_checked_and_not_executed() {
    let mut job = Job::with(&[]);
    let folder = "it's $(touch pwned) \"here\" `touch pwned`";
    fs::create_dir(job.checkout().join(folder)).unwrap();
    let template = job.checkout().join(folder).join("registry.yaml");
    fs::copy(checkout().join(FINDINGS), template).unwrap();
    job.set("paths", folder);
    let ran = job.run();
    assert_eq!(ran.outputs["exit-code"], "1", "{}", ran.printed);
    assert!(!job.checkout().join("pwned").exists());
}
