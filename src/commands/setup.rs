//! What most commands begin with: the configuration, the rules, and the texts they came from.
//! It does not read inputs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, terminal::Terminal};
use crate::cli::RuleArgs;
use crate::config::{self, Config};
use crate::engine;
use crate::input::Target;
use crate::render::{self, Format};
use crate::rules::{self, RuleSet};
use crate::source::{Problem, Sources, nearest, shown};

/// Configuration and rules, with the texts they came from.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) sources: Sources,
    pub(super) config: Config,
    pub(super) rules: RuleSet,
    /// Mistakes in the configuration and in the user's rules. While there are any, nothing is judged.
    pub(super) problems: Vec<Problem>,
}

impl Setup {
    /// Reads the configuration and the rules that `args` name.
    pub(super) fn load(args: &RuleArgs) -> Result<Self, Error> {
        let mut setup = Self {
            rules: RuleSet::builtin(),
            ..Self::default()
        };
        setup.load_config(args.config.as_deref())?;
        let configured = setup.config.rules_dirs.iter().map(|dir| dir.value.clone());
        let dirs: Vec<PathBuf> = configured.chain(args.rules.iter().cloned()).collect();
        for dir in dirs {
            setup.load_rules(&dir)?;
        }
        Ok(setup)
    }

    fn load_config(&mut self, named: Option<&Path>) -> Result<(), Error> {
        let path = match named {
            Some(path) if !path.is_file() => {
                return Err(Error::Usage(format!(
                    "there is no configuration file `{}`; write one with `ecrlint init`",
                    path.display()
                )));
            }
            Some(path) => Some(path.to_owned()),
            None => std::env::current_dir()
                .ok()
                .and_then(|folder| config::find(&folder)),
        };
        let Some(path) = path else { return Ok(()) };
        match config::load(&nearby(&path), &mut self.sources) {
            Ok(config) => self.config = config,
            Err(problems) => self.problems.extend(problems),
        }
        Ok(())
    }

    /// Adds the rules of a folder and of the folders in it.
    pub(super) fn load_rules(&mut self, dir: &Path) -> Result<(), Error> {
        if !dir.is_dir() {
            return Err(Error::Usage(format!(
                "there is no folder `{}`; name one that holds rules",
                dir.display()
            )));
        }
        let files = rule_files(dir).map_err(|source| Error::Read {
            path: dir.to_owned(),
            source,
        })?;
        if files.is_empty() {
            return Err(Error::Usage(format!(
                "there is no rule in `{}`: a rule is a file such as `{}`",
                dir.display(),
                dir.join("naming/my-rule.yaml").display()
            )));
        }
        for path in files {
            let text = fs::read_to_string(&path).map_err(|source| Error::Read {
                path: path.clone(),
                source,
            })?;
            let name = shown(&path);
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
    /// Refuses a set of the command line that no rule belongs to.
    pub(super) fn known_sets(&self, sets: &[String]) -> Result<(), Error> {
        let known: BTreeSet<&str> = self
            .rules
            .iter()
            .flat_map(|rule| rule.logic().sets.iter().map(String::as_str))
            .collect();
        match sets.iter().find(|set| !known.contains(set.as_str())) {
            None => Ok(()),
            Some(set) => {
                let known: Vec<&str> = known.into_iter().collect();
                Err(Error::Usage(format!(
                    "there is no rule set `{set}`; there are `{}`",
                    known.join("`, `")
                )))
            }
        }
    }

    /// Chooses the environment of stacks whose account and region choose none, and says where it is.
    pub(super) fn choose(&mut self, name: Option<&str>) -> Result<Target, Error> {
        let Some(name) = name else {
            return Ok(Target::default());
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
            return Err(Error::Usage(format!(
                "no environment `{name}` is configured; {help}"
            )));
        };
        let region = environment.region.as_ref();
        let target = Target {
            account: Some(environment.account.value.clone()),
            region: region.map(|region| region.value.clone()),
        };
        if let Some(organisation) = &mut self.config.organisation {
            organisation.chosen = Some(name.to_owned());
        }
        Ok(target)
    }

    /// Prints what is wrong with the configuration and the rules.
    pub(super) fn complain(&self, terminal: &mut Terminal) -> Result<u8, Error> {
        let problems = self.problems.iter().cloned();
        let report = engine::failed(problems.map(engine::unreadable).collect());
        let format = Format::named("human").expect("the human format is a row of the table");
        let options = terminal.options();
        terminal.print_with(|out| render::write(format, &report, &self.sources, &options, out))?;
        Ok(report.outcome.exit_code())
    }
}

/// The path as the user would type it: relative to the working directory where that is shorter.
fn nearby(path: &Path) -> PathBuf {
    std::env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned))
        .unwrap_or_else(|| path.to_owned())
}

/// Every YAML file below `dir`, in the order of their names.
fn rule_files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
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
