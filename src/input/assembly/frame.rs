//! One line of a stack trace, as Node, ts-node and the jsii runtimes write them.
//! It does not know which files there are.

/// Folders whose code nobody here wrote.
const LIBRARIES: [&str; 5] = [
    "node_modules",
    "site-packages",
    "dist-packages",
    "jsii-kernel",
    "jsii-runtime",
];
/// Where the modules are that come with Python.
const PYTHON: &str = "/lib/python3.";
/// The file that the jsii kernel runs for a program in another language.
const KERNEL: &str = "program.js";

/// A place in a program, named as the machine that ran it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StackFrame<'a> {
    /// The file, by a path of that machine.
    pub(super) file: &'a str,
    /// Line, from 1.
    pub(super) line: u32,
    /// Column, from 1, where the language tells it.
    pub(super) column: Option<u32>,
}

impl<'a> StackFrame<'a> {
    /// Reads `functionName (file:line[:[+]column])`, or the place alone.
    ///
    /// `None` for what stands in place of frames that were left out: `...names...` and
    /// `(no user code in N frames, …)`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("at ").unwrap_or(text);
        if text.starts_with("...") || Self::tells_a_cut(text) {
            return None;
        }
        let place = match text.strip_suffix(')') {
            Some(open) => open.split_once(" (").map_or(open, |(_, place)| place),
            None => text,
        };
        let (rest, last) = number(place)?;
        let (file, line, column) = match number(rest) {
            Some((file, line)) => (file, line, Some(last)),
            None => (rest, last, None),
        };
        (!file.is_empty() && line > 0).then_some(Self {
            file: file.strip_prefix("file://").unwrap_or(file),
            line,
            column: column.filter(|column| *column > 0),
        })
    }

    /// Whether a line of a trace says that frames of the user did not fit in.
    pub(super) fn tells_a_cut(text: &str) -> bool {
        text.starts_with("(no user code")
    }

    /// Whether a line of a trace shows that the program reached the CDK through jsii.
    pub(super) fn is_of_jsii(text: &str) -> bool {
        text.contains("jsii") || text.contains("/program.js:")
    }

    /// Whether a line of a trace is of the construct library, or of what runs it: not of the user, nor of a package that
    /// makes constructs in its own way.
    pub(super) fn is_of_constructs(text: &str) -> bool {
        let names = ["aws-cdk-lib", "aws_cdk", "node internals", "(node:"];
        names.iter().any(|name| text.contains(name)) || Self::is_of_jsii(text)
    }

    /// Whether the frame may be the user's own code: not that of a package, of Node or of jsii.
    pub(super) fn is_users(&self) -> bool {
        let parts = || self.file.split(['/', '\\']);
        let of_a_library =
            |part: &str| LIBRARIES.contains(&part) || part.starts_with("jsii-kernel-");
        !self.file.starts_with("node:")
            && !self.file.starts_with("internal/")
            && !self.file.contains(PYTHON)
            && !parts().any(of_a_library)
            && parts().next_back() != Some(KERNEL)
    }
}

/// Splits `rest:123` or `rest:+123`.
fn number(text: &str) -> Option<(&str, u32)> {
    let (rest, digits) = text.rsplit_once(':')?;
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A larger number than fits is not a line of any file.
    is_number.then(|| (rest, digits.parse().unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::StackFrame;

    fn frame(text: &str) -> Option<(&str, u32, Option<u32>)> {
        StackFrame::parse(text).map(|frame| (frame.file, frame.line, frame.column))
    }

    #[test]
    fn a_frame_has_file_line_and_perhaps_a_column() {
        let cases = [
            (
                "new Wrapper (/r/lib/stack.ts:10:17)",
                ("/r/lib/stack.ts", 10, Some(17)),
            ),
            (
                "build (/r/ecr_builder.py:84)",
                ("/r/ecr_builder.py", 84, None),
            ),
            ("<module> (/r/app.py:11:+4)", ("/r/app.py", 11, Some(4))),
            (
                "    at <anonymous> (/r/plug.js:21:23)",
                ("/r/plug.js", 21, Some(23)),
            ),
            ("/r/app.js:6:1", ("/r/app.js", 6, Some(1))),
            (r"new S (C:\r\lib\s.ts:7:3)", (r"C:\r\lib\s.ts", 7, Some(3))),
            ("f (file:///r/a.mjs:1:2)", ("/r/a.mjs", 1, Some(2))),
            (
                "f (/r/my (old) app/a.ts:1:2)",
                ("/r/my (old) app/a.ts", 1, Some(2)),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(frame(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_stands_for_skipped_frames_is_none() {
        for text in [
            "...new Repository2 in aws-cdk-lib...",
            "(no user code in 10 frames, use --stack-trace-limit to capture more)",
            "...node internals, ts-node:1:2...",
            "",
            "f ()",
            "f (/r/a.ts)",
            "f (:1:2)",
            "f (/r/a.ts:0:1)",
        ] {
            assert_eq!(frame(text), None, "{text}");
        }
    }

    #[test]
    fn frames_of_libraries_and_of_jsii_are_not_the_users() {
        let users = |text: &str| StackFrame::parse(text).expect("a frame").is_users();
        assert!(users("new A (/r/lib/a.ts:1:1)"));
        assert!(!users("new R (/r/node_modules/aws-cdk-lib/r.js:1:15510)"));
        assert!(!users("f (node:internal/modules/loader:1:2)"));
        assert!(!users("K (/tmp/jsii-kernel-AbC/node_modules/x.js:1:2)"));
        assert!(!users("K (/tmp/tmpka62lq7u/lib/program.js:1:5591)"));
        assert!(!users("b (/v/lib/python3.11/site-packages/ecr/b.py:84)"));
        assert!(!users("run (/usr/lib/python3.11/runpy.py:196)"));
    }

    #[test]
    fn frames_of_the_construct_library_are_told_from_those_of_others() {
        for text in [
            "...new Repository2 in aws-cdk-lib...",
            "...aws-cdk-lib, jsii runtime, node internals...",
            "new R (/r/node_modules/aws-cdk-lib/r.js:1:15510)",
            "__call__ (/v/lib/python3.11/site-packages/jsii/_runtime.py:118)",
            "__init__ (/v/lib/python3.11/site-packages/aws_cdk/aws_ecr/__init__.py:84)",
        ] {
            assert!(StackFrame::is_of_constructs(text), "{text}");
        }
        for text in [
            "new Builder (/r/node_modules/@acme/builder/lib/builder.js:12:5)",
            "...new Builder in @acme/builder...",
            "build (/v/lib/python3.11/site-packages/acme/builder.py:84)",
            "new App (/r/lib/app.ts:1:1)",
        ] {
            assert!(!StackFrame::is_of_constructs(text), "{text}");
        }
    }
}
