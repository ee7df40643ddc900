//! `ecrlint init`: writes a commented configuration, never over an existing file.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{CommandError, terminal::Terminal};
use crate::cli::InitArgs;
use crate::config;
use crate::door::{Door, FileKind, Namer};

pub(super) fn run(args: &InitArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let path = &args.file;
    let folder = path.parent().unwrap_or(Path::new(""));
    if let Some(beside) = beside(path) {
        return Err(CommandError::Usage(format!(
            "`{}` exists, and of two configurations in one folder neither would hold",
            beside.display()
        )));
    }
    let cdk_json = read_if_there(&folder.join("cdk.json"))?;
    let text = config::init(cdk_json.as_deref());
    let file = fs::File::options().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let origin = match cdk_json {
                Some(_) => ", with what cdk.json says",
                None => "",
            };
            terminal.say(&format!("wrote `{}`{origin}", path.display()));
            terminal.say("next: read it, then run `ecrlint check`");
            Ok(0)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(CommandError::Usage(format!(
                "`{path}` exists and is left as it is; name another file: `ecrlint init other.yaml`",
                path = path.display()
            )))
        }
        Err(source) => Err(CommandError::Write {
            path: path.clone(),
            source,
        }),
    }
}

/// A configuration in the same folder under the other name.
fn beside(path: &Path) -> Option<PathBuf> {
    let names = config::FILE_NAMES;
    let name = path.file_name()?;
    let is_configuration = names.iter().any(|own| name == *own);
    let mut others = names.iter().filter(|own| is_configuration && name != **own);
    let beside = others.next().map(|own| path.with_file_name(own));
    beside.filter(|beside| beside.symlink_metadata().is_ok())
}

fn read_if_there(path: &Path) -> Result<Option<String>, CommandError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let door = Door::at(Path::new(""));
    match door.text(path, Namer::File(folder), FileKind::Data) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CommandError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}
