//! `ecrlint lsp`: answers an editor by the Language Server Protocol 3.17
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>).
//! Documents are judged as they stand in the editor, each on its own, as `ecrlint check` would judge the file.

mod documents;
mod inspected;
mod lenses;
mod offers;
mod positions;
mod survey;

use std::collections::BTreeSet;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _,
    PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, CodeLensRequest, Completion, ExecuteCommand, HoverRequest, Request as _,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability,
    CodeLensOptions, CodeLensParams, CompletionOptions, CompletionParams,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    ExecuteCommandOptions, ExecuteCommandParams, HoverParams, HoverProviderCapability,
    InitializeParams, PublishDiagnosticsParams, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CommandError, terminal::Terminal};
use documents::Documents;

pub(super) fn run(terminal: &mut Terminal) -> Result<u8, CommandError> {
    // Standard output belongs to the protocol.
    terminal.hush();
    let (connection, threads) = Connection::stdio();
    let editor = |error: lsp_server::ProtocolError| CommandError::Editor(error.to_string());
    let capabilities = serde_json::to_value(capabilities()).map_err(broken)?;
    let begun = connection.initialize(capabilities).map_err(editor)?;
    let begun: InitializeParams = serde_json::from_value(begun).map_err(broken)?;
    documents::enter(&begun);
    let mut server = Server {
        connection: &connection,
        documents: Documents::default(),
        changed: BTreeSet::new(),
    };
    let ended = server.serve();
    drop(connection);
    ended?;
    match threads.join() {
        Ok(()) => Ok(0),
        Err(error) => Err(CommandError::Editor(error.to_string())),
    }
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        completion_provider: Some(CompletionOptions::default()),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: None,
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![lenses::COMMAND.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// A message that is not what the protocol promises.
fn broken(error: serde_json::Error) -> CommandError {
    CommandError::Editor(error.to_string())
}

/// The conversation with one editor.
struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    /// Documents that are to be judged.
    changed: BTreeSet<String>,
}

impl Server<'_> {
    fn serve(&mut self) -> Result<(), CommandError> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    let is_last = self.connection.handle_shutdown(&request);
                    if is_last.map_err(|error| CommandError::Editor(error.to_string()))? {
                        return Ok(());
                    }
                    self.judge();
                    self.answer(request);
                }
                Message::Notification(told) => self.hear(told),
                Message::Response(_) => {}
            }
            // Somebody types: what is judged is what stands there when nothing more has come.
            if self.connection.receiver.is_empty() {
                self.judge();
            }
        }
        Ok(())
    }

    /// Takes a change over. What cannot be read is passed over, as the protocol wants it of notifications.
    fn hear(&mut self, told: Notification) {
        match told.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(opened) = params::<DidOpenTextDocumentParams>(told.params) {
                    let document = opened.text_document;
                    self.put(&document.uri, document.text);
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(mut changed) = params::<DidChangeTextDocumentParams>(told.params)
                    && let Some(last) = changed.content_changes.pop()
                {
                    self.put(&changed.text_document.uri, last.text);
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Some(closed) = params::<DidCloseTextDocumentParams>(told.params) {
                    let uri = closed.text_document.uri;
                    self.changed.remove(uri.as_str());
                    self.documents.close(&uri);
                    self.publish(uri, Vec::new());
                }
            }
            _ => {}
        }
    }

    fn put(&mut self, uri: &Uri, text: String) {
        self.changed.insert(uri.as_str().to_owned());
        // What a configuration says holds for everything that is open.
        if self.documents.put(uri, text) {
            self.changed.extend(self.documents.uris());
        }
    }

    /// Judges what has changed, and tells the editor what was found.
    fn judge(&mut self) {
        for uri in std::mem::take(&mut self.changed) {
            if let Some((uri, found)) = self.documents.judge(&uri) {
                self.publish(uri, found);
            }
        }
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>) {
        let params = PublishDiagnosticsParams {
            uri,
            diagnostics,
            version: None,
        };
        let told = Notification::new(PublishDiagnostics::METHOD.to_owned(), params);
        // An editor that has gone away is noticed when the next message is waited for.
        let _gone = self.connection.sender.send(Message::Notification(told));
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let response = match method.as_str() {
            HoverRequest::METHOD => self.with(id, params, |documents, asked: HoverParams| {
                let asked = asked.text_document_position_params;
                documents.hover(&asked.text_document.uri, asked.position)
            }),
            CodeActionRequest::METHOD => {
                self.with(id, params, |documents, asked: CodeActionParams| {
                    documents.actions(&asked.text_document.uri, asked.range)
                })
            }
            CodeLensRequest::METHOD => self.with(id, params, |documents, asked: CodeLensParams| {
                documents.lenses(&asked.text_document.uri)
            }),
            // The line says it all; whoever wants more points at the policy.
            ExecuteCommand::METHOD => {
                self.with(id, params, |_, _: ExecuteCommandParams| Option::<()>::None)
            }
            Completion::METHOD => self.with(id, params, |documents, asked: CompletionParams| {
                let asked = asked.text_document_position;
                let (uri, at) = (&asked.text_document.uri, asked.position);
                documents
                    .inspected(uri)
                    .map(|one| offers::completion(one, at))
            }),
            _ => {
                let code = lsp_server::ErrorCode::MethodNotFound as i32;
                Response::new_err(id, code, format!("`{method}` is not answered"))
            }
        };
        let _gone = self.connection.sender.send(Message::Response(response));
    }

    /// Answers a question about a document; one that cannot be read is an error of its own.
    fn with<P: DeserializeOwned, A: Serialize>(
        &mut self,
        id: RequestId,
        asked: serde_json::Value,
        answer: impl FnOnce(&mut Documents, P) -> A,
    ) -> Response {
        match serde_json::from_value(asked) {
            Ok(asked) => Response::new_ok(id, answer(&mut self.documents, asked)),
            Err(error) => {
                let code = lsp_server::ErrorCode::InvalidParams as i32;
                Response::new_err(id, code, error.to_string())
            }
        }
    }
}

fn params<P: DeserializeOwned>(value: serde_json::Value) -> Option<P> {
    serde_json::from_value(value).ok()
}
