//! The documents that are open in the editor, by the names that files of a run have.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_types::{
    CodeActionOrCommand, CodeLens, Diagnostic, Hover, InitializeParams, Position, Range, Uri,
};
use percent_encoding::percent_decode_str;

use super::inspected::Inspected;
use super::survey::Survey;
use super::{lenses, offers};
use crate::commands::setup::Texts;
use crate::config;
use crate::source::shown;

/// A document of the editor.
struct OpenDocument {
    uri: Uri,
    /// What a run calls the file.
    name: String,
    text: String,
    inspected: Option<Inspected>,
    /// What its policies say, looked up when it is first asked for; `None` for a document that has none.
    survey: OnceCell<Option<Survey>>,
}

/// All that are open, by their URIs.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, OpenDocument>);

/// Goes to the folder that the editor works in, so that the same configuration holds as there.
pub(super) fn enter(begun: &InitializeParams) {
    let folders = begun.workspace_folders.iter().flatten();
    #[expect(deprecated, reason = "what editors of before 2018 send")]
    let root = begun.root_uri.as_ref();
    let folder = folders.map(|folder| &folder.uri).chain(root).find_map(path);
    if let Some(folder) = folder {
        // Where it cannot be entered, the folder that the server was started in holds.
        let _stays = std::env::set_current_dir(folder);
    }
}

/// The path of a file; `None` for what is none.
fn path(uri: &Uri) -> Option<PathBuf> {
    let text = uri.as_str();
    let rest = text.strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/folder` on Windows.
    let drive = path.get(2..3) == Some(":");
    let path = if drive { &path[1..] } else { &path };
    Some(PathBuf::from(path))
}

/// The name by which a run knows a file: relative to the working directory where it lies below it.
fn name(path: &Path) -> String {
    let working = std::env::current_dir()
        .and_then(|folder| folder.canonicalize())
        .unwrap_or_default();
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match real.strip_prefix(&working) {
        Ok(inside) if !working.as_os_str().is_empty() => shown(inside),
        _ => shown(path),
    }
}

impl Documents {
    /// Takes the text of a document over. Says whether it is a configuration. What is not a file is not kept.
    pub(super) fn put(&mut self, uri: &Uri, text: String) -> bool {
        let Some(path) = path(uri) else {
            return false;
        };
        let document = OpenDocument {
            uri: uri.clone(),
            name: name(&path),
            text,
            inspected: None,
            survey: OnceCell::new(),
        };
        let is_configuration = is_configuration(&document.name);
        self.0.insert(uri.as_str().to_owned(), document);
        is_configuration
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        self.0.remove(uri.as_str());
    }

    pub(super) fn uris(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Judges a document as it stands in the editor, beside all others that are open.
    pub(super) fn judge(&mut self, uri: &str) -> Option<(Uri, Vec<Diagnostic>)> {
        let texts = self.texts();
        let document = self.0.get_mut(uri)?;
        let inspected = match is_configuration(&document.name) {
            true => Inspected::configuration(&document.name, &texts),
            false => Inspected::input(&document.name, &texts),
        };
        let diagnostics = offers::diagnostics(&inspected, &document.uri);
        document.inspected = Some(inspected);
        document.survey = OnceCell::new();
        Some((document.uri.clone(), diagnostics))
    }

    fn texts(&self) -> Texts {
        let all = self.0.values();
        all.map(|one| (one.name.clone(), one.text.clone()))
            .collect()
    }

    /// What was found out about a document when it was judged last.
    pub(super) fn inspected(&self, uri: &Uri) -> Option<&Inspected> {
        self.0.get(uri.as_str())?.inspected.as_ref()
    }

    /// What was found out about a document, with what its policies say, which is looked up once.
    fn surveyed(&self, uri: &Uri) -> Option<(&Inspected, Option<&Survey>)> {
        let document = self.0.get(uri.as_str())?;
        let inspected = document.inspected.as_ref()?;
        let survey = document.survey.get_or_init(|| {
            let is_input = inspected.is_input();
            is_input.then(|| Survey::of(&document.name, &self.texts()))?
        });
        Some((inspected, survey.as_ref()))
    }

    /// What is said about a place in a document.
    pub(super) fn hover(&self, uri: &Uri, at: Position) -> Option<Hover> {
        let (inspected, survey) = self.surveyed(uri)?;
        offers::hover(inspected, survey, at)
    }

    /// Who may do what by the policies of a document, in a line above each.
    pub(super) fn lenses(&self, uri: &Uri) -> Vec<CodeLens> {
        let found = self.surveyed(uri);
        let found = found.and_then(|(inspected, survey)| Some((inspected, survey?)));
        found.map_or_else(Vec::new, |(inspected, survey)| {
            lenses::lenses(inspected, survey, uri)
        })
    }

    /// The edits that end findings in a range of a document.
    pub(super) fn actions(&mut self, uri: &Uri, range: Range) -> Vec<CodeActionOrCommand> {
        let document = self.0.get_mut(uri.as_str());
        let Some(inspected) = document.and_then(|one| one.inspected.as_mut()) else {
            return Vec::new();
        };
        inspected.try_edits();
        offers::actions(inspected, uri, range)
    }
}

fn is_configuration(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    config::FILE_NAMES.contains(&file)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::str::FromStr;

    use lsp_types::Uri;

    use super::path;

    #[test]
    fn uris_of_files_are_paths() {
        for (uri, expected) in [
            ("file:///a/b%20c.yaml", Some("/a/b c.yaml")),
            ("file://host/a/%C3%A4.yaml", Some("/a/ä.yaml")),
            ("file:///c%3A/a.yaml", Some("c:/a.yaml")),
            ("untitled:Untitled-1", None),
            ("file://nothing", None),
            ("file:///%FF.yaml", None),
        ] {
            let uri = Uri::from_str(uri).expect("a URI");
            assert_eq!(path(&uri), expected.map(PathBuf::from), "{}", uri.as_str());
        }
    }
}
