//! `ecrlint lsp`, spoken to as an editor does: messages with a header, over the pipes of a real process.

mod clients;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::program::{command, folder};

const TEMPLATE: &str = "Resources:\n  App:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryName: team/äpp # 𝄞\n      ImageScanningConfiguration: { ScanOnPush: false }\n      ImageTagMutability: IMMUTABLE\n";

struct Editor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i64,
}

impl Editor {
    /// Starts the server elsewhere than in the folder: that is told by the first message.
    fn open(folder: &Path) -> Self {
        let mut child = command(["lsp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut editor = Self {
            child,
            input,
            output,
            asked: 0,
        };
        let root = uri(folder);
        let answer = editor.ask(
            "initialize",
            &json!({ "processId": null, "rootUri": root, "capabilities": {} }),
        );
        assert_eq!(answer["capabilities"]["hoverProvider"], true, "{answer}");
        editor.tell("initialized", &json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
            .expect("the server listens");
        self.input.flush().expect("the server listens");
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("a header");
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a body");
        serde_json::from_slice(&body).expect("JSON")
    }

    fn answered(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message;
            }
        }
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.answered(method, params)["result"].clone()
    }

    /// Opens a document, or changes it, and waits for what is found in it.
    fn write(&mut self, uri: &str, text: &str, is_new: bool) -> Vec<Value> {
        match is_new {
            true => self.tell(
                "textDocument/didOpen",
                &json!({ "textDocument":
                { "uri": uri, "languageId": "yaml", "version": 1, "text": text } }),
            ),
            false => self.tell(
                "textDocument/didChange",
                &json!({ "textDocument": { "uri": uri, "version": 2 },
                "contentChanges": [{ "text": text }] }),
            ),
        }
        self.published(uri)
    }

    fn published(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let message = self.receive();
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
            {
                return message["params"]["diagnostics"]
                    .as_array()
                    .expect("a list")
                    .clone();
            }
        }
    }

    fn lenses(&mut self, uri: &str) -> Vec<Value> {
        let asked = json!({ "textDocument": { "uri": uri } });
        let found = self.ask("textDocument/codeLens", &asked);
        found.as_array().expect("a list").clone()
    }

    fn close(mut self) {
        assert_eq!(self.ask("shutdown", &Value::Null), Value::Null);
        self.tell("exit", &Value::Null);
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
    }
}

fn uri(path: &Path) -> String {
    format!(
        "file://{}",
        path.canonicalize().expect("it is there").display()
    )
}

/// What an editor shows at a range.
fn at<'t>(text: &'t str, range: &Value) -> &'t str {
    let byte = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().expect("a line")).expect("small");
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let units = place["character"].as_u64().expect("a column");
        let mut counted = 0;
        let rest = text[start..].char_indices().find(|(_, c)| {
            let is_there = counted >= units;
            counted += c.len_utf16() as u64;
            is_there
        });
        start + rest.map_or(0, |(at, _)| at)
    };
    &text[byte(&range["start"])..byte(&range["end"])]
}

fn codes(found: &[Value]) -> Vec<&str> {
    let mut codes: Vec<_> = found
        .iter()
        .map(|one| one["code"].as_str().expect("a rule"))
        .collect();
    codes.sort_unstable();
    codes
}

#[test]
fn a_document_is_judged_as_it_stands_in_the_editor() {
    let folder = folder(&[
        ("app.yaml", "Resources: {}\n"),
        ("ecrlint.yaml", "sets: [recommended]\n"),
    ]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    let found = editor.write(&uri, TEMPLATE, true);
    assert_eq!(
        codes(&found),
        ["lifecycle-missing", "name-valid", "scan-on-push"],
        "{found:?}"
    );
    let scan = found
        .iter()
        .find(|one| one["code"] == "scan-on-push")
        .expect("it is found");
    assert_eq!(at(TEMPLATE, &scan["range"]), "false");
    assert_eq!(
        (&scan["severity"], &scan["source"]),
        (&json!(1), &json!("ecrlint"))
    );
    let name = found
        .iter()
        .find(|one| one["code"] == "name-valid")
        .expect("it is found");
    assert_eq!(at(TEMPLATE, &name["range"]), "team/äpp");
    // What is on the disk says nothing of this, and a mistake while somebody types is one finding.
    let found = editor.write(
        &uri,
        "Resources:\n  App: { Type: AWS::ECR::Repository",
        false,
    );
    assert_eq!(codes(&found), ["unreadable-input"], "{found:?}");
    let found = editor.write(&uri, &TEMPLATE.replace("false", "true"), false);
    assert_eq!(
        codes(&found),
        ["lifecycle-missing", "name-valid"],
        "{found:?}"
    );
    editor.tell(
        "textDocument/didClose",
        &json!({ "textDocument": { "uri": uri } }),
    );
    assert!(editor.published(&uri).is_empty());
    editor.close();
}

#[test]
fn an_edit_that_the_editor_offers_ends_its_finding() {
    let folder = folder(&[("app.yaml", ""), ("ecrlint.yaml", "sets: [recommended]\n")]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    let found = editor.write(&uri, TEMPLATE, true);
    let scan = found
        .iter()
        .find(|one| one["code"] == "scan-on-push")
        .expect("it is found");
    let actions = editor.ask(
        "textDocument/codeAction",
        &json!({ "textDocument": { "uri": uri },
        "range": scan["range"], "context": { "diagnostics": [] } }),
    );
    let actions = actions.as_array().expect("a list");
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(actions[0]["title"], "Fix scan-on-push (ecrlint)");
    let edits = actions[0]["edit"]["changes"][&uri]
        .as_array()
        .expect("edits");
    let [edit] = edits.as_slice() else {
        panic!("{edits:?}")
    };
    let marked = at(TEMPLATE, &edit["range"]);
    let start = marked.as_ptr() as usize - TEMPLATE.as_ptr() as usize;
    let new = edit["newText"].as_str().expect("a text");
    let fixed = format!(
        "{}{new}{}",
        &TEMPLATE[..start],
        &TEMPLATE[start + marked.len()..]
    );
    assert_eq!(fixed, TEMPLATE.replace("false", "true"));
    let found = editor.write(&uri, &fixed, false);
    assert!(!codes(&found).contains(&"scan-on-push"), "{found:?}");
    editor.close();
}

#[test]
fn the_configuration_in_the_editor_holds_and_is_read() {
    let folder = folder(&[
        ("app.yaml", TEMPLATE),
        ("ecrlint.yaml", "sets: [recommended]\n"),
    ]);
    let mut editor = Editor::open(folder.path());
    let [app, config] = ["app.yaml", "ecrlint.yaml"].map(|name| uri(&folder.path().join(name)));
    assert!(codes(&editor.write(&app, TEMPLATE, true)).contains(&"scan-on-push"));
    editor.tell(
        "textDocument/didOpen",
        &json!({ "textDocument": { "uri": config, "languageId": "yaml", "version": 1,
        "text": "sets: [recommended]\nrules: { scan-on-push: off }\n" } }),
    );
    assert!(!codes(&editor.published(&app)).contains(&"scan-on-push"));
    assert!(editor.published(&config).is_empty());
    let text = "sets: [recommended]\nrules: { scan-on-puhs: off }\n";
    let found = editor.write(&config, text, false);
    assert_eq!(at(text, &found[0]["range"]), "scan-on-puhs", "{found:?}");
    // Rules are offered, and explained, by name.
    let text = "sets: [recommended]\nrules: { scan-on-push: off }\n";
    editor.write(&config, text, false);
    let place =
        json!({ "textDocument": { "uri": config }, "position": { "line": 1, "character": 12 } });
    let offered = editor.ask("textDocument/completion", &place);
    let offered: Vec<_> = offered
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["label"].clone())
        .collect();
    assert!(
        offered.contains(&json!("scan-on-push")) && offered.len() > 50,
        "{offered:?}"
    );
    let page = editor.ask("textDocument/hover", &place);
    let page = page["contents"]["value"].as_str().expect("a page");
    assert!(page.starts_with("# scan-on-push"), "{page}");
    editor.close();
}

#[test]
fn hover_tells_the_page_of_a_finding_and_completion_keeps_quiet_elsewhere() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    editor.write(&uri, TEMPLATE, true);
    let ask = |editor: &mut Editor, method: &str, line: u32, character: u32| {
        editor.ask(method, &json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } }))
    };
    let page = ask(&mut editor, "textDocument/hover", 5, 50);
    assert_eq!(at(TEMPLATE, &page["range"]), "false", "{page}");
    assert_eq!(ask(&mut editor, "textDocument/hover", 0, 0), Value::Null);
    assert_eq!(ask(&mut editor, "textDocument/completion", 3, 4), json!([]));
    let commented = TEMPLATE.replace("# 𝄞", "# ecrlint: ignore ");
    editor.write(&uri, &commented, false);
    let offered = ask(&mut editor, "textDocument/completion", 4, 50);
    assert!(
        offered.as_array().is_some_and(|all| all.len() > 50),
        "{offered}"
    );
    editor.close();
}

#[test]
fn what_the_editor_gets_wrong_ends_nothing() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    // Texts without a file, files that are not ours or not there, and messages that say nothing.
    editor.tell(
        "textDocument/didOpen",
        &json!({ "textDocument":
        { "uri": "untitled:1", "languageId": "yaml", "version": 1, "text": TEMPLATE } }),
    );
    editor.tell("textDocument/didChange", &json!({ "wrong": true }));
    editor.tell("workspace/didChangeWatchedFiles", &json!({}));
    let other = format!("{}x", uri);
    assert!(editor.write(&other, TEMPLATE, true).is_empty());
    fs::write(folder.path().join("other.yaml"), "a: 1\n").expect("a file can be written");
    assert!(
        editor
            .write(&uri.replace("app", "other"), "a: 1\n", true)
            .is_empty()
    );
    let answer = editor.answered(
        "textDocument/hover",
        &json!({ "textDocument": { "uri": "untitled:1" },
        "position": { "line": 99, "character": 99 } }),
    );
    assert_eq!(answer["result"], Value::Null);
    let answer = editor.answered("textDocument/hover", &json!({}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    let answer = editor.answered("textDocument/rename", &json!({}));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    assert_eq!(codes(&editor.write(&uri, TEMPLATE, true)).len(), 3);
    editor.close();
}

#[test]
fn an_editor_that_goes_away_leaves_no_server_behind() {
    let folder = folder(&[("app.yaml", TEMPLATE)]);
    let editor = Editor::open(folder.path());
    let Editor {
        mut child,
        input,
        output,
        ..
    } = editor;
    drop((input, output));
    let ended = child.wait().expect("it ends");
    assert!(matches!(ended.code(), Some(0 | 2)), "{ended}");
}

/// Policies of three kinds: of a repository, of images, of a role.
const POLICIES: &str = r#"Parameters: { Partner: { Type: String } }
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: team/app
      # Everybody who deploys.
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:role/deploy"] }
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
          - Effect: Allow
            Principal: { AWS: "arn:aws:iam::111111111111:root" }
            Action: "ecr:*"
      LifecyclePolicy:
        LifecyclePolicyText: |
          {"rules": [{"rulePriority": 1, "description": "builds", "selection": {"tagStatus": "tagged",
            "tagPatternList": ["main-*"], "countType": "imageCountMoreThan", "countNumber": 30},
            "action": {"type": "expire"}}]}
  Public:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:BatchGetImage" }] }
  Hidden:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText: !Ref Partner
      LifecyclePolicy: { LifecyclePolicyText: !Ref Partner }
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
      Policies:
        - PolicyName: pull
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - { Effect: Allow, Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer], Resource: !GetAtt App.Arn }
"#;

/// What stands in the line of a place, without what stands around it.
fn line(text: &str, place: &Value) -> String {
    let number = usize::try_from(place["line"].as_u64().expect("a line")).expect("small");
    text.lines()
        .nth(number)
        .expect("there is one")
        .trim()
        .to_owned()
}

/// The line that a code lens stands above, and its words.
fn lens(lens: &Value) -> (String, String) {
    let title = lens["command"]["title"].as_str().expect("a title");
    (line(POLICIES, &lens["range"]["start"]), title.to_owned())
}

#[test]
fn who_may_do_what_stands_above_each_policy() {
    let folder = folder(&[("app.yaml", POLICIES)]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    editor.write(&uri, POLICIES, true);
    let found = editor.lenses(&uri);
    let told: Vec<(String, String)> = found.iter().map(lens).collect();
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(line, title)| (line.as_str(), title.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "RepositoryPolicyText:",
                "push: 1 account · pull: 3 accounts · anyone: nothing"
            ),
            (
                "RepositoryPolicyText: { Statement: [{ Effect: Allow, Principal: \"*\", Action: \"ecr:BatchGetImage\" }] }",
                "push: nobody · pull: nobody · anyone: BatchGetImage"
            ),
            (
                "RepositoryPolicyText: !Ref Partner",
                "who may do what is undetermined, because parameter `Partner` has no default"
            ),
            (
                "PolicyDocument:",
                "`Deploy` · push: nothing · pull: team/app · token: no"
            ),
        ]
    );
    // Whoever runs the command gets nothing, and no error.
    let answer = editor.answered("workspace/executeCommand", &found[0]["command"]);
    assert_eq!(
        (&answer["result"], &answer["error"]),
        (&Value::Null, &Value::Null)
    );
    // What is typed now counts; what is not an input has none.
    editor.write(
        &uri,
        &POLICIES.replace("111111111111", "222222222222"),
        false,
    );
    let title = editor.lenses(&uri)[0]["command"]["title"].clone();
    assert!(
        title
            .as_str()
            .is_some_and(|title| title.contains("pull: 2 accounts")),
        "{title}"
    );
    editor.write(&uri, "a: 1\n", false);
    assert!(editor.lenses(&uri).is_empty());
    editor.close();
}

#[test]
fn a_policy_tells_what_it_does_where_somebody_points_at_it() {
    let folder = folder(&[("app.yaml", POLICIES)]);
    let mut editor = Editor::open(folder.path());
    let uri = uri(&folder.path().join("app.yaml"));
    editor.write(&uri, POLICIES, true);
    let mut told = |what: &str| {
        let byte = POLICIES.find(what).expect("it is there");
        let line = POLICIES[..byte].matches('\n').count();
        let character = byte - POLICIES[..byte].rfind('\n').map_or(0, |at| at + 1);
        let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character + 1 } });
        let page = editor.ask("textDocument/hover", &place);
        page["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    // Within the text, and at its key.
    for what in ["countNumber", "LifecyclePolicyText: |"] {
        let page = told(what);
        let rule = "rule 1 expires images with a tag `main-*` beyond the newest 30";
        for part in [
            rule,
            "can take images with a tag `main-*`",
            "after 180 days of",
            "main-{n} daily; other-{n} daily; untagged daily",
        ] {
            assert!(page.replace('\n', " ").contains(part), "{part}: {page}");
        }
        // Of 180 builds the newest 30 are left, and all of the rest.
        let row = page
            .lines()
            .find(|line| line.trim_start().starts_with("main-{n} "));
        let row: Vec<_> = row
            .expect("a row of the table")
            .split_whitespace()
            .collect();
        assert_eq!(row[1..4], ["180", "30", "150"], "{page}");
        assert!(
            page.contains('█') && page.contains('░') && page.contains("all expired"),
            "{page}"
        );
        assert_eq!(page.matches("```").count() % 2, 0, "{page}");
    }
    let access = told("RepositoryPolicyText:");
    assert!(
        access.contains("access to `team/app`") && access.contains("222222222222"),
        "{access}"
    );
    let hidden = told("LifecyclePolicyText: !Ref");
    assert!(
        hidden.contains("undetermined, because parameter `Partner` has no default"),
        "{hidden}"
    );
    editor.close();
}
