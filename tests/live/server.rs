//! The stand-in for AWS that `server.py` is, started once for all tests and gone with them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::packages::python;
use crate::program::{Ended, command, ecrlint, root};
use crate::watched::seen;

/// The accounts, each behind a role.
pub(crate) const ACCOUNTS: [&str; 2] = ["111111111111", "333333333333"];
/// The regions of each account.
pub(crate) const REGIONS: [&str; 2] = ["eu-central-1", "eu-west-1"];
/// Repositories of one kind in one account and region.
pub(crate) const COPIES: usize = 3;

/// A server that runs as long as the tests do: it ends with its standard input.
struct Server {
    port: u16,
    _process: Child,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = root().join("tests/live");
        let mut process = Command::new(python(
            &Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto"),
            "tests/live/requirements.txt",
            "install moto from PyPI; the tests of `ecrlint snapshot` need it",
        ))
        .arg(folder.join("server.py"))
        .arg(folder.join("kinds.ndjson"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python of the virtual environment starts");
        let out = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("text");
        let port = line.trim().strip_prefix("ready ").map(str::parse);
        let Some(Ok(port)) = port else {
            panic!("tests/live/server.py did not start; what it says stands above");
        };
        Server {
            port,
            _process: process,
        }
    })
}

/// The endpoint at which things go wrong in the way that `mode` names.
pub(crate) fn endpoint(mode: &str) -> String {
    format!("http://127.0.0.1:{}/{mode}", server().port)
}

/// What was asked in `mode` so far: `{calls: {NAME: TIMES}, asked: [[NAME, INPUT]]}`.
pub(crate) fn asked(mode: &str) -> Value {
    let mut stream = TcpStream::connect(("127.0.0.1", server().port)).expect("the server answers");
    write!(stream, "GET /{mode} HTTP/1.0\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

/// Asks ECR something in `mode`, in an account and a region of which no snapshot is captured: status and body.
pub(crate) fn call(mode: &str, operation: &str, question: &Value) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", server().port)).expect("the server answers");
    let body = question.to_string();
    let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
    let signed = "AWS4-HMAC-SHA256 Credential=policies/20260101/us-west-2/ecr/aws4_request, \
                  SignedHeaders=host, Signature=0";
    write!(
        stream,
        "POST /{mode}/ HTTP/1.1\r\nHost: api.ecr.us-west-2.amazonaws.com\r\nConnection: close\r\n\
         Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: {target}\r\n\
         Authorization: {signed}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    // moto fails without an answer.
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return (500, answer);
    };
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}

/// Keys of a role in an account.
pub(crate) fn keys(account: &str) -> [String; 3] {
    let keys = &asked("keys")[account];
    ["AccessKeyId", "SecretAccessKey", "SessionToken"]
        .map(|name| keys[name].as_str().expect("a key").to_owned())
}

/// Captures what `more` says, with nothing in the environment but `environment`.
pub(crate) fn within(
    folder: &Path,
    mode: &str,
    environment: &[(&str, &str)],
    more: &[&str],
) -> Ended {
    let mut run = ecrlint(arguments(mode, more)).within(folder);
    for (name, value) in environment {
        run = run.env(name, value);
    }
    run.ends()
}

/// What the environment of a capture holds.
const ENVIRONMENT: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_CONFIG_FILE", "/nowhere/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials"),
];

fn arguments(mode: &str, more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["snapshot".to_owned(), "--endpoint-url".to_owned()];
    arguments.push(endpoint(mode));
    arguments.extend(more.iter().map(|&one| one.to_owned()));
    arguments
}

/// `--assume-role` for `accounts` and `--region` for both regions.
fn of(accounts: &[&str]) -> Vec<String> {
    let roles = accounts.iter().map(|account| {
        let role = format!("arn:aws:iam::{account}:role/audit");
        ["--assume-role".to_owned(), role]
    });
    let regions = REGIONS.map(|region| ["--region".to_owned(), region.to_owned()]);
    roles.chain(regions).flatten().collect()
}

/// Captures both regions of the first account in `mode`, within `folder`.
pub(crate) fn snapshot(folder: &Path, mode: &str, more: &[&str]) -> Ended {
    let of = of(&ACCOUNTS[..1]);
    let all: Vec<&str> = of
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect();
    only(folder, mode, &all)
}

/// Captures what `more` says and nothing else.
pub(crate) fn only(folder: &Path, mode: &str, more: &[&str]) -> Ended {
    within(folder, mode, &ENVIRONMENT, more)
}

/// What somebody sees who captures what [`snapshot`] does, in a terminal.
pub(crate) fn watched(folder: &Path, environment: &[(&str, &str)]) -> String {
    let of = of(&ACCOUNTS[..1]);
    let more: Vec<&str> = of.iter().map(String::as_str).collect();
    let line = arguments("plain", &more).join(" ");
    seen(folder, &line, &[&ENVIRONMENT, environment].concat())
}

/// What [`snapshot`] captures, in `mode`, while it runs.
pub(crate) fn begun(folder: &Path, mode: &str) -> Child {
    let of = of(&ACCOUNTS[..1]);
    let more: Vec<&str> = of.iter().map(String::as_str).collect();
    let mut command = command(arguments(mode, &more));
    let quiet = command
        .envs(ENVIRONMENT)
        .current_dir(folder)
        .stdout(Stdio::null());
    quiet
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// What [`snapshot`] captures, where no file may be larger than so many blocks of 512 or 1,024 bytes.
#[cfg(unix)]
pub(crate) fn limited(folder: &Path, blocks: u32) -> Output {
    let of = of(&ACCOUNTS[..1]);
    let more: Vec<&str> = of.iter().map(String::as_str).collect();
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.env_clear().envs(ENVIRONMENT).current_dir(folder);
    let command = command.args(["-c", &script, env!("CARGO_BIN_EXE_ecrlint")]);
    command
        .args(arguments("plain", &more))
        .output()
        .expect("a shell")
}

/// The records of a snapshot: its lines without the first and the last one.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    let mut lines = all_lines(path);
    lines.retain(|line| line.get("snapshot").is_none());
    lines
}

/// The lines of a snapshot.
pub(crate) fn all_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the snapshot can be read");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"));
    lines.collect()
}

/// A snapshot without the times of the capture, and of moto's clock.
pub(crate) fn timeless(path: &Path) -> Vec<Value> {
    let mut lines = lines(path);
    for line in &mut lines {
        let members = line.as_object_mut().expect("an object");
        members.remove("capturedAt");
        if let Some(Value::Object(policy)) = members.get_mut("lifecyclePolicy") {
            policy.remove("lastEvaluatedAt");
        }
    }
    lines
}

/// Holds two snapshots against each other, line by line.
pub(crate) fn same(left: &[Value], right: &[Value]) {
    for (number, (left, right)) in left.iter().zip(right).enumerate() {
        assert!(left == right, "line {}:\n{left}\n{right}", number + 1);
    }
    assert_eq!(left.len(), right.len(), "lines");
}

/// The snapshot of an undisturbed capture of everything.
pub(crate) fn undisturbed() -> &'static Path {
    static TAKEN: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let taken = TAKEN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let of = of(&ACCOUNTS);
        let more: Vec<&str> = of.iter().map(String::as_str).collect();
        let ended = only(folder.path(), "plain", &more);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
        let path = folder.path().join("snapshot.ndjson");
        (folder, path)
    });
    &taken.1
}

/// What [`snapshot`] has to come to, without times.
pub(crate) fn expected() -> Vec<Value> {
    let mut lines = timeless(undisturbed());
    lines.retain(|line| line["account"] == ACCOUNTS[0]);
    lines
}

/// The rows of the table of kinds.
pub(crate) fn kinds() -> Vec<Value> {
    lines(&root().join("tests/live/kinds.ndjson"))
}
