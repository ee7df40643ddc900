//! Which lines of the user's own program a repository comes from.
//! It does not know how they were found out.

/// What whoever wrote a repository down wrote it in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// A CloudFormation template.
    #[default]
    Cloudformation,
    /// A CDK program in TypeScript, or in any other language but Python: the names are the same.
    Typescript,
    /// A CDK program in Python.
    Python,
}

/// A line of the user's own program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// Path as seen from the working directory, with forward slashes.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, where it is known.
    pub column: Option<u32>,
}

/// Where a program makes a repository and changes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The line that makes it.
    pub created: Option<SourceLine>,
    /// Where `created` makes other repositories, too, as that of a builder: the line that leads to
    /// this one alone.
    pub caller: Option<SourceLine>,
    /// Whether `created` makes other repositories, too, and no line leads to this one alone.
    pub is_shared: bool,
    /// Changes of properties afterwards, by their CloudFormation names, in their order.
    pub assignments: Vec<(String, Assignment)>,
}

/// Where a program changes a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The line that changes it.
    pub line: SourceLine,
    /// Where that line changes others, too, as that of a builder: the line that leads to this one alone.
    pub caller: Option<SourceLine>,
    /// Whether `line` changes others, too, and no line leads to this one alone.
    pub is_shared: bool,
}
