//! From stack traces to lines of the program, by the order of preference of what CDK writes.
//! It does not know findings.

use rustc_hash::FxHashMap;

use super::checkout::Checkout;
use super::frame::StackFrame;
use super::metadata::Traces;
use super::source_map::{self, MapPlace, SourceMap};
use super::stale;
use crate::model::{Assignment, Origin, SourceLine};

/// Finds the lines of one checkout.
#[derive(Debug)]
pub struct Tracer {
    checkout: Checkout,
    /// By compiled file, with the file that its paths are relative to.
    maps: FxHashMap<String, Option<(String, SourceMap)>>,
    /// The first line that is not what a trace says.
    stale: Option<Stale>,
}

/// A line that is not what a trace says, so that the trace is of another state of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The line.
    pub line: SourceLine,
    /// The path of the construct that it made, or changed.
    pub construct_path: String,
}

/// Which frames make or change more than one resource of a type, such as those of a builder.
///
/// Copies of one stack for several environments give a resource the same logical id, and count
/// as one.
#[derive(Debug, Default)]
pub struct Sharing<'t> {
    /// The logical id that a frame makes; `None` for more than one.
    makes: FxHashMap<&'t str, Option<&'t str>>,
}

impl<'t> Sharing<'t> {
    /// Adds the frames of the resource `logical_id`.
    pub fn add(&mut self, logical_id: &'t str, traces: &'t Traces) {
        let changes = traces.assignments.iter().flat_map(|(_, frames)| frames);
        for frame in traces.creation.iter().chain(changes) {
            let made = self.makes.entry(frame).or_insert(Some(logical_id));
            if *made != Some(logical_id) {
                *made = None;
            }
        }
    }

    fn is_shared(&self, frame: &str) -> bool {
        self.makes.get(frame) == Some(&None)
    }
}

impl Tracer {
    /// A tracer for the files of `checkout`.
    #[must_use]
    pub fn new(checkout: Checkout) -> Self {
        Self {
            checkout,
            maps: FxHashMap::default(),
            stale: None,
        }
    }

    /// The checkout.
    #[must_use]
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }

    /// The lines that made a resource and that changed it afterwards.
    pub fn origin(&mut self, traces: &Traces, sharing: &Sharing<'_>) -> Origin {
        let mut assignments = Vec::new();
        for (property, frames) in &traces.assignments {
            let found = self.told_apart(frames, traces, false, sharing);
            if let Some(line) = found.created {
                let assignment = Assignment {
                    line,
                    caller: found.caller,
                    is_shared: found.is_shared,
                };
                assignments.push((property.clone(), assignment));
            }
        }
        Origin {
            assignments,
            ..self.told_apart(&traces.creation, traces, true, sharing)
        }
    }

    /// The innermost line of the user in a trace.
    pub fn innermost(&mut self, frames: &[String]) -> Option<SourceLine> {
        let line = frames.iter().find_map(|frame| self.line(frame));
        let (line, _) = line?;
        self.text_holds(&line, None, None).then_some(line)
    }

    /// The innermost line of the user in a trace of a resource, and, where that makes or changes others, too,
    /// the innermost one that is there for this one alone.
    ///
    /// Beyond the line that makes the stack, lines tell stacks apart, not resources. Where one of the lines is not what
    /// the trace says, none of them is to be trusted.
    fn told_apart(
        &mut self,
        frames: &[String],
        traces: &Traces,
        is_creation: bool,
        sharing: &Sharing<'_>,
    ) -> Origin {
        let mut origin = Origin::default();
        // What the package of somebody else makes of its arguments is not known.
        let mut is_construct = is_creation;
        for frame in frames {
            if origin.created.is_some() && traces.stack.contains(frame) {
                break;
            }
            let Some((line, is_sure)) = self.line(frame) else {
                is_construct &= StackFrame::is_of_constructs(frame);
                continue;
            };
            let path = &traces.construct_path;
            let makes = is_construct.then_some(path.as_str());
            // Where in its line an assignment is, engines tell in different ways.
            let column = line.column.filter(|_| is_creation);
            if !self.text_holds(&line, column, makes) {
                if is_sure && self.stale.is_none() {
                    let construct_path = path.clone();
                    self.stale = Some(Stale {
                        line,
                        construct_path,
                    });
                }
                return Origin::default();
            }
            is_construct = false;
            let is_shared = sharing.is_shared(frame);
            match (&origin.created, is_shared) {
                (None, _) => origin.created = Some(line),
                (Some(_), false) => origin.caller = Some(line),
                (Some(_), true) => continue,
            }
            origin.is_shared = is_shared;
            if !is_shared {
                break;
            }
        }
        origin
    }

    /// What was seen first that shows that traces are of another state of the program.
    #[must_use]
    pub fn stale(&self) -> Option<&Stale> {
        self.stale.as_ref()
    }

    /// Whether a line still can be what a trace says.
    fn text_holds(&self, line: &SourceLine, column: Option<u32>, makes: Option<&str>) -> bool {
        let text = self.checkout.text_from(&line.path, line.line);
        text.is_some_and(|text| stale::holds(text, column, makes))
    }

    /// The line of the checkout that a frame names, and whether its file surely is the one that is meant.
    fn line(&mut self, frame: &str) -> Option<(SourceLine, bool)> {
        let frame = StackFrame::parse(frame).filter(StackFrame::is_users)?;
        let file = self.checkout.locate(frame.file)?;
        self.checkout.text(&file)?;
        let is_sure = self.checkout.is_sure(&file, frame.file);
        let (file, line, column) =
            self.compiled_from(&file, &frame)
                .unwrap_or((file, frame.line, frame.column));
        let line = SourceLine {
            path: self.checkout.shown(&file),
            line,
            column,
        };
        Some((line, is_sure))
    }

    /// The place in the source that a place in compiled JavaScript was made from.
    fn compiled_from(
        &mut self,
        file: &str,
        frame: &StackFrame<'_>,
    ) -> Option<(String, u32, Option<u32>)> {
        if !file.ends_with("js") {
            return None;
        }
        if !self.maps.contains_key(file) {
            let map = self.read_map(file);
            self.maps.insert(file.to_owned(), map);
        }
        let (base, map) = self.maps.get(file)?.as_ref()?;
        let (source, line, column) = map.original(frame.line, frame.column)?;
        let beside = self.checkout.beside(base, source);
        let beside = beside.filter(|path| self.checkout.holds(path));
        let source = match beside {
            Some(source) => source,
            None => self.checkout.locate(source)?,
        };
        let is_there = self.checkout.has_line(&source, line);
        is_there.then_some((source, line, Some(column)))
    }

    fn read_map(&mut self, file: &str) -> Option<(String, SourceMap)> {
        let text = self.checkout.text(file)?;
        match source_map::place(&text)? {
            MapPlace::Inline(map) => Some((file.to_owned(), SourceMap::read(&map)?)),
            MapPlace::Beside(name) => {
                let path = self.checkout.beside(file, &name)?;
                let map = SourceMap::read(&self.checkout.text(&path)?)?;
                Some((path, map))
            }
        }
    }
}
