//! What most commands begin with: the configuration, the rules, and the texts they came from.
//! It does not read inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{CommandError, configuration, terminal::Terminal};
use crate::cli::{PlaceArgs, RuleArgs};
use crate::config::{self, Config};
use crate::door::{ByteSize, Door, FileKind, GIT, Namer, Refusal, refusal};
use crate::engine;
use crate::input::DeployTarget;
use crate::render::{self, Format, RenderOptions};
use crate::report::DraftReport;
use crate::rules::{self, RuleSet};
use crate::source::{Problem, Sources, Span, nearest, shown};

/// Texts that are read in place of what is in files, by the names of these.
pub(super) type Texts = BTreeMap<String, String>;

/// Configuration and rules, with the texts they came from.
#[derive(Default)]
pub(super) struct Setup {
    /// The way to every file.
    pub(super) door: Door,
    pub(super) sources: Sources,
    pub(super) config: Config,
    /// The name of the configuration that holds, also where it has mistakes.
    pub(super) configuration: Option<String>,
    pub(super) rules: RuleSet,
    /// Ids of the rules in folders that the command line names.
    pub(super) own: Vec<String>,
    /// Mistakes in the configuration and in the user's rules. While there are any, nothing is judged.
    pub(super) problems: Vec<Problem>,
    /// Whether edits are proposed for what is live, too.
    pub(super) proposes: bool,
    /// Folders that were searched for inputs.
    pub(super) searched: Vec<PathBuf>,
}

impl Setup {
    /// Reads the configuration and the rules that `args` name.
    pub(super) fn load(args: &RuleArgs, terminal: &mut Terminal) -> Result<Self, CommandError> {
        Self::load_for(args, &[], terminal)
    }

    /// The same, for a command that looks at what lies at the paths `checked`.
    pub(super) fn load_for(
        args: &RuleArgs,
        checked: &[PathBuf],
        terminal: &mut Terminal,
    ) -> Result<Self, CommandError> {
        Self::load_over(args, checked, &Texts::new(), terminal)
    }

    /// The same, with other texts in place of those of some files.
    pub(super) fn load_over(
        args: &RuleArgs,
        checked: &[PathBuf],
        texts: &Texts,
        terminal: &mut Terminal,
    ) -> Result<Self, CommandError> {
        let mut setup = Self {
            rules: RuleSet::builtin(),
            door: Door::at(Path::new("")),
            ..Self::default()
        };
        for (name, text) in texts {
            setup.door.put(name.clone(), text.clone());
        }
        for folder in &args.allow_outside {
            if !folder.is_dir() {
                return Err(CommandError::Usage(format!(
                    "there is no folder `{}` to allow; name one that is there",
                    folder.display()
                )));
            }
            setup.door.admit(folder);
        }
        setup.load_config(args.config.as_deref(), checked, terminal)?;
        setup.load_configured_rules();
        let configured: BTreeSet<String> = setup.ids();
        for dir in &args.rules {
            setup.load_rules(dir)?;
        }
        setup.own = setup.ids().difference(&configured).cloned().collect();
        Ok(setup)
    }

    fn ids(&self) -> BTreeSet<String> {
        self.rules.iter().map(|rule| rule.id().to_owned()).collect()
    }

    fn load_config(
        &mut self,
        named: Option<&Path>,
        checked: &[PathBuf],
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        let path = match named {
            Some(path) if !path.exists() => {
                return Err(CommandError::Usage(format!(
                    "there is no configuration file `{}`; write one with `ecrlint init`",
                    path.display()
                )));
            }
            Some(path) => {
                self.door.admit(path);
                Some(path.to_owned())
            }
            None => self.find_config(checked, terminal),
        };
        let Some(path) = path else { return Ok(()) };
        let path = nearby(&path);
        self.configuration = Some(shown(&path));
        match config::load(&path, &self.door, &mut self.sources) {
            Ok(config) => self.config = config,
            Err(problems) => self.problems.extend(problems),
        }
        Ok(())
    }

    /// The configuration of the checkout. One above of it would make verdicts depend on the machine.
    fn find_config(&mut self, checked: &[PathBuf], terminal: &mut Terminal) -> Option<PathBuf> {
        let working = std::env::current_dir().ok()?;
        match configuration::nearest(&working, checked, &self.door) {
            Ok(None) => {}
            Ok(found) => return found,
            Err(twice) => {
                let file = self.sources.add(shown(&nearby(&twice.path)), "");
                let problem = Problem::new(Span::new(file, 0, 0), twice.to_string());
                let help = "keep one of them, or name the one that is meant with `--config`";
                self.problems.push(problem.help(help));
                return None;
            }
        }
        if let Some(above) = config::find_above(&working, &self.door) {
            terminal.say(&format!(
                "note: `{}` lies above the checkout and does not hold here; name it with `--config` if it is meant to",
                above.display()
            ));
        }
        None
    }

    /// Adds the rules of the folders that the configuration names.
    fn load_configured_rules(&mut self) {
        let config = self.config.path.clone().unwrap_or_default();
        let from = config.parent().unwrap_or(Path::new(""));
        for dir in self.config.rules_dirs.clone() {
            let loaded = self.door.resolve(&dir.value, from);
            let loaded = loaded.map(|_| self.load_rules_in(&dir.value, from));
            let (why, help) = match loaded {
                Ok(Ok(())) => continue,
                Ok(Err(why)) => (
                    why,
                    "name a folder of rules by its path from the folder of the configuration",
                ),
                Err(error) if refusal(&error) == Some(Refusal::Outside) => (
                    format!(
                        "the folder `{}` lies outside of the checkout",
                        shown(&dir.value)
                    ),
                    "keep it in the checkout, or permit it with `--allow-outside`",
                ),
                Err(_) => (
                    no_folder(&dir.value),
                    "name a folder by its path from the folder of the configuration",
                ),
            };
            self.problems.push(Problem::new(dir.span, why).help(help));
        }
    }

    /// Adds the rules of a folder that the user named, and of the folders in it.
    pub(super) fn load_rules(&mut self, dir: &Path) -> Result<(), CommandError> {
        self.door.admit(dir);
        self.load_rules_in(dir, dir).map_err(CommandError::Usage)
    }

    /// Adds the rules of a folder, which `from` names; the reason why there are none.
    fn load_rules_in(&mut self, dir: &Path, from: &Path) -> Result<(), String> {
        if !dir.is_dir() {
            return Err(no_folder(dir));
        }
        let files = rule_files(dir, from, &self.door);
        let files = files.map_err(|error| format!("cannot read `{}`: {error}", dir.display()))?;
        if files.is_empty() {
            return Err(format!(
                "there is no rule in `{}`: a rule is a file such as `{}`",
                dir.display(),
                dir.join("naming/my-rule.yaml").display()
            ));
        }
        for path in files {
            let name = shown(&path);
            let text = match self.door.text(&path, Namer::File(dir), FileKind::Rule) {
                Ok(text) => text,
                Err(error) => {
                    let file = self.sources.add(name.as_str(), "");
                    let title = format!("cannot read the rule `{name}`: {error}");
                    self.problems
                        .push(Problem::new(Span::new(file, 0, 0), title));
                    continue;
                }
            };
            let source = self.sources.add(name.as_str(), text.as_str());
            match rules::load(&text, source, &name) {
                Ok(definition) => self.problems.extend(self.rules.add(definition).err()),
                Err(problems) => self.problems.extend(problems),
            }
        }
        Ok(())
    }
}

impl Setup {
    /// Lets through what the user named as inputs, and templates of up to a size.
    pub(super) fn expect(&mut self, paths: &[PathBuf], max_size: ByteSize) {
        paths.iter().for_each(|path| self.door.admit(path));
        self.door.read_templates_up_to(max_size);
    }

    /// Where stacks are deployed whose account and region nothing else says: what was typed, or where the environment
    /// is that was named.
    pub(super) fn choose(&mut self, place: &PlaceArgs) -> Result<DeployTarget, CommandError> {
        let Some(name) = place.environment.as_deref() else {
            return Ok(DeployTarget {
                account: place.account.clone(),
                region: place.region.clone(),
            });
        };
        let organisation = self.config.organisation.as_ref();
        let environments = organisation.map_or(&[][..], |one| &one.environments);
        let Some(environment) = environments.iter().find(|one| one.name == name) else {
            let known = environments.iter().map(|one| one.name.as_str());
            let help = match nearest(name, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if environments.is_empty() => {
                    "list environments under `organisation.environments`".to_owned()
                }
                None => format!("there are `{}`", known.collect::<Vec<_>>().join("`, `")),
            };
            return Err(CommandError::Usage(format!(
                "no environment `{name}` is configured; {help}"
            )));
        };
        let region = environment.region.as_ref();
        let target = DeployTarget {
            account: Some(environment.account.value.clone()),
            region: region.map(|region| region.value.clone()),
        };
        if let Some(organisation) = &mut self.config.organisation {
            organisation.chosen = Some(name.to_owned());
        }
        Ok(target)
    }

    /// Prints what is wrong with the configuration and the rules.
    pub(super) fn complain(&self, terminal: &mut Terminal) -> Result<u8, CommandError> {
        let problems = self.problems.iter().cloned();
        let draft = engine::failed(problems.map(engine::unreadable).collect());
        let report = draft.finish(&self.sources);
        let format = Format::named("human").expect("the human format is a row of the table");
        let options = terminal.options();
        terminal.print_with(|out| render::write(format, &report, &options, out))?;
        Ok(report.outcome().exit_code())
    }

    /// Shows what was found to the person at the terminal, beside what a command writes; the exit code.
    pub(super) fn show(
        &self,
        draft: DraftReport,
        terminal: &mut Terminal,
    ) -> Result<u8, CommandError> {
        self.show_by(draft, &terminal.options(), terminal)
    }

    /// Shows what was found where the summary of a report has nothing to tell, and closes with a sentence of its own.
    pub(super) fn show_and_say(
        &self,
        draft: DraftReport,
        sentence: &str,
        terminal: &mut Terminal,
    ) -> Result<u8, CommandError> {
        let options = RenderOptions {
            quiet: true,
            ..terminal.options()
        };
        let code = self.show_by(draft, &options, terminal)?;
        terminal.show(&format!("\n{sentence}"));
        Ok(code)
    }

    fn show_by(
        &self,
        draft: DraftReport,
        options: &RenderOptions,
        terminal: &mut Terminal,
    ) -> Result<u8, CommandError> {
        let format = Format::named("human").expect("the human format is a row of the table");
        let report = draft.finish(&self.sources);
        let mut text = Vec::new();
        let written = render::write(format, &report, options, &mut text);
        written.map_err(CommandError::Stdout)?;
        terminal.show(String::from_utf8_lossy(&text).trim_end());
        Ok(report.outcome().exit_code())
    }
}

/// The path as the user would type it: relative to the working directory where that is shorter.
fn nearby(path: &Path) -> PathBuf {
    std::env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned))
        .unwrap_or_else(|| path.to_owned())
}

fn no_folder(dir: &Path) -> String {
    format!(
        "there is no folder `{}`; name one that holds rules",
        dir.display()
    )
}

/// Every YAML file below `dir`, in the order of their names. Each folder is searched once, however links lead to
/// it; one that lies where files of `from` may not lead is among the files, and is refused as one.
fn rule_files(dir: &Path, from: &Path, door: &Door) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        let Ok(real) = door
            .resolve(&folder, from)
            .or_else(|_| door.resolve(&folder, dir))
        else {
            files.push(folder);
            continue;
        };
        if !seen.insert(real) {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name == GIT) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end == "yaml" || end == "yml")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
