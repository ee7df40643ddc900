//! The counts of a run: of what was judged, what was found, and what became of the files.

/// Counts of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Inputs that were read.
    pub inputs: usize,
    /// Those of them that describe live accounts, not templates.
    pub snapshots: usize,
    /// Repositories that were judged.
    pub repositories: usize,
    /// What of the inputs was judged besides and is not a repository, such as roles.
    pub others: usize,
    /// Failures of severity error.
    pub errors: usize,
    /// Failures of severity warning.
    pub warnings: usize,
    /// Failures of severity note.
    pub notes: usize,
    /// Findings that could not be decided.
    pub undetermined: usize,
    /// Findings that somebody ignored.
    pub ignored: usize,
    /// Findings that were there before the baseline was written.
    pub baselined: usize,
    /// Findings in lines that did not change.
    pub unchanged: usize,
    /// Entries of the baseline whose finding is no more.
    pub fixed: usize,
    /// Files that could not be read or understood.
    pub unreadable: usize,
    /// Files of the run.
    pub files: FileCounts,
    /// Records of snapshots about which AWS refused a call.
    pub refused: usize,
    /// Accounts and regions of snapshots in which repositories could not be listed.
    pub unlisted: usize,
}

impl Summary {
    /// Whether nothing in the inputs was about ECR: there is no verdict on anything, and none to be had.
    #[must_use]
    pub fn has_nothing(&self) -> bool {
        self.repositories == 0 && self.others == 0 && self.unreadable == 0
    }

    /// The counts by name, in the order in which reports show them; those of files are apart.
    pub(crate) fn counts(&self) -> [(&'static str, usize); 15] {
        let Self {
            inputs,
            snapshots,
            repositories,
            others,
            errors,
            warnings,
            notes,
            undetermined,
            ignored,
            baselined,
            unchanged,
            fixed,
            unreadable,
            files: _,
            refused,
            unlisted,
        } = *self;
        [
            ("inputs", inputs),
            ("snapshots", snapshots),
            ("repositories", repositories),
            ("others", others),
            ("errors", errors),
            ("warnings", warnings),
            ("notes", notes),
            ("undetermined", undetermined),
            ("ignored", ignored),
            ("baselined", baselined),
            ("unchanged", unchanged),
            ("fixed", fixed),
            ("unreadable", unreadable),
            ("refused", refused),
            ("unlisted", unlisted),
        ]
    }
}

/// What became of the files of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileCounts {
    /// Files that were opened, to see whether they are inputs.
    pub looked_at: usize,
    /// Those of them that were read as a whole.
    pub read: usize,
    /// Files that were not read, folders and links that were not searched.
    pub passed_over: usize,
}

impl FileCounts {
    /// The counts by name, in the order in which reports show them.
    pub(crate) fn counts(&self) -> [(&'static str, usize); 3] {
        let Self {
            looked_at,
            read,
            passed_over,
        } = *self;
        [
            ("looked_at", looked_at),
            ("read", read),
            ("passed_over", passed_over),
        ]
    }
}
