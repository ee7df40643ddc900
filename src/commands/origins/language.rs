//! Which language the programs are written in that templates come from.
//! It does not know findings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::deployment::{self, Deployment};
use super::reading::{self, TraceRequest};
use crate::door::{Door, FileKind, Namer};
use crate::input::assembly::Traces;
use crate::model::{EntityKind, Inventory, Language};
use crate::source::{self, Node, SourceId, Sources, Tree};

/// What a CDK program is configured by.
const CONFIGURATION: &str = "cdk.json";
/// Words of a command that only programs in Python are run by.
const PYTHON: [&str; 3] = ["poetry", "pipenv", "uv"];
/// Words of a command that only programs in TypeScript and JavaScript are run by.
const NODE: [&str; 8] = [
    "node", "npx", "npm", "pnpm", "yarn", "bun", "deno", "ts-node",
];

/// Languages by the folders of the templates, as reports show them.
#[derive(Debug, Default)]
pub(in super::super) struct Languages {
    by_folder: BTreeMap<PathBuf, Option<Language>>,
}

impl Languages {
    /// Finds out what each repository is written in that is made by a program: by the command that
    /// runs the program, else by the files that its stack traces name.
    ///
    /// `traces` are those that are known already, by the index of the repository.
    pub(super) fn tell(
        inventory: &mut Inventory,
        traces: &BTreeMap<usize, Traces>,
        deployment: &Deployment,
        working: &Path,
        sources: &Sources,
    ) -> Self {
        let mut languages = Self::default();
        for index in 0..inventory.entities.len() {
            let repository = &inventory.entities[index];
            let name = &sources.source(repository.place.source).name;
            let folder = deployment::folder(Path::new(name));
            let subject = &repository.subject;
            if subject.construct_path.is_none() && deployment.assembly(name).is_none() {
                continue;
            }
            if repository.kind() == EntityKind::Private && subject.has_cfn_construct() {
                // It takes the properties of CloudFormation, and help for a repository is written for `Repository`.
                inventory.entities[index].notation.language = Language::Cloudformation;
                continue;
            }
            let known = traces.get(&index);
            if known.is_some_and(Traces::is_included) {
                // It was written as a template, and that is where it can be mended.
                continue;
            }
            let language = languages.at(folder, working, &deployment.door, || {
                let id = subject.logical_id.as_deref()?;
                let path = subject.construct_path.as_deref();
                let asked = TraceRequest::new(repository.place.source, id, path, sources);
                let read = reading::traces(&[asked], deployment, sources);
                read.into_iter().next()??.language()
            });
            inventory.entities[index].notation.language = language;
        }
        languages
    }

    /// The language of the program that made what is in a folder; `frames` tells it by stack traces.
    fn at(
        &mut self,
        folder: &Path,
        working: &Path,
        door: &Door,
        frames: impl FnOnce() -> Option<Language>,
    ) -> Language {
        let known = self.by_folder.entry(folder.to_owned()).or_insert_with(|| {
            let spoken = |from: &Path| spoken(&command(from, door)?);
            // The working directory may be that of another program.
            spoken(&working.join(folder))
                .or_else(frames)
                .or_else(|| spoken(working))
        });
        known.unwrap_or(Language::Typescript)
    }

    /// The language of the program that made the templates in a folder.
    pub(super) fn of(&self, folder: &Path) -> Option<Language> {
        *self.by_folder.get(folder)?
    }
}

/// The command that runs the program of a folder: `app` of the nearest `cdk.json` upwards.
pub(super) fn command(folder: &Path, door: &Door) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mut upwards = folder.ancestors();
    let home = upwards.find(|folder| folder.join(CONFIGURATION).exists())?;
    let path = home.join(CONFIGURATION);
    let text = door
        .holds(&path)
        .then(|| door.text(&path, Namer::File(home), FileKind::Data))?;
    let text = text.ok()?;
    let mut tree = Tree::default();
    source::json::parse(&text, SourceId::default(), &mut tree).ok()?;
    let app = tree.root(&text)?.get("app").and_then(Node::as_str)?;
    Some(app.to_owned())
}

/// The language that a command is about. A script or a build tool says nothing.
fn spoken(command: &str) -> Option<Language> {
    let ends = |word: &str, ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    let words = || {
        command
            .split_whitespace()
            .map(|word| word.trim_matches('"'))
    };
    let name = |word: &'_ str| word.rsplit(['/', '\\']).next().unwrap_or(word).to_owned();
    let is_python = |word: &str| {
        let name = name(word);
        name.starts_with("python") || name.ends_with(".py") || PYTHON.contains(&name.as_str())
    };
    if words().any(is_python) {
        return Some(Language::Python);
    }
    let scripts = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
    let is_node = |word: &str| NODE.contains(&name(word).as_str()) || ends(word, &scripts);
    words().any(is_node).then_some(Language::Typescript)
}

#[cfg(test)]
mod tests {
    use super::{Door, Language, command, spoken};

    #[test]
    fn the_command_tells_the_language() {
        for (command, language) in [
            ("python3 app.py", Some(Language::Python)),
            (".venv/bin/python3.11 -m shop", Some(Language::Python)),
            (r".venv\Scripts\python.exe -m shop", Some(Language::Python)),
            ("poetry run shop", Some(Language::Python)),
            ("uv run app.py", Some(Language::Python)),
            (
                "npx ts-node --prefer-ts-exts bin/shop.ts",
                Some(Language::Typescript),
            ),
            (
                "node --enable-source-maps build/app.js",
                Some(Language::Typescript),
            ),
            ("yarn --silent app", Some(Language::Typescript)),
            ("mvn -e -q compile exec:java", None),
            ("./synth.sh", None),
            ("", None),
        ] {
            assert_eq!(spoken(command), language, "{command}");
        }
    }

    #[test]
    fn the_nearest_configuration_upwards_is_the_programs() {
        let outer = tempfile::tempdir().expect("a scratch folder");
        let at = |name: &str| outer.path().join(name);
        for folder in ["shop/cdk.out", "artifacts/cdk.out"] {
            std::fs::create_dir_all(at(folder)).expect("a folder can be made");
        }
        std::fs::write(at("shop/cdk.json"), r#"{"app": "run shop"}"#).expect("a file");
        let door = Door::at(outer.path());
        let told = |folder: &str| command(&at(folder), &door);
        let app = Some("run shop".to_owned());
        assert_eq!(told("shop/cdk.out"), app);
        assert_eq!(told("artifacts/cdk.out"), None);
        std::fs::write(at("shop/cdk.json"), "{").expect("a file");
        assert_eq!(told("shop/cdk.out"), None);
    }
}
