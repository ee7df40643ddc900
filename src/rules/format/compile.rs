//! Text to query: `jsonpath-rust` reads the grammar, this adds what it lets pass or cannot say.
//! It does not know where the text stands; ranges are bytes of the query itself.

use std::ops::Range;

use jsonpath_rust::parser::model as parsed;

use super::error::QueryError;
use super::pattern::{MatchFunction, PatternCache, QueryRegex};
use super::query::{
    Comparison, Filter, Literal, Operand, PatternSource, Query, QueryRoot, Root, Segment, Selector,
    Slice,
};
use super::scan::{Marks, root_length};
use crate::source::nearest;

/// A query of a rule, and the settings that it reads.
#[derive(Debug)]
pub(crate) struct WorldQuery {
    pub(crate) query: Query,
    /// Name of each setting with its range in the text.
    pub(crate) settings: Vec<(String, Range<usize>)>,
}

impl Query {
    /// Reads a query over one document, whose root is `$`.
    ///
    /// # Errors
    /// When the text is not RFC 9535, or asks for something that RFC 9535 does not know.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        QueryCompiler::new(text, false)?
            .run()
            .map(|read| read.query)
    }

    /// Reads a query over the world of a rule: `$` has the members of [`Root`] and nothing else.
    pub(crate) fn parse_over_world(text: &str) -> Result<WorldQuery, QueryError> {
        QueryCompiler::new(text, true)?.run()
    }
}

struct QueryCompiler<'t> {
    text: &'t str,
    marks: Marks,
    over_world: bool,
    settings: Vec<(String, Range<usize>)>,
}

impl<'t> QueryCompiler<'t> {
    fn new(text: &'t str, over_world: bool) -> Result<Self, QueryError> {
        Ok(Self {
            text,
            marks: Marks::scan(text)?,
            over_world,
            settings: Vec::new(),
        })
    }

    fn run(mut self) -> Result<WorldQuery, QueryError> {
        let tree = jsonpath_rust::parser::parse_json_path(self.text)
            .map_err(|error| QueryError::from_parser(self.text, &error))?;
        let query = self.absolute(&tree.segments)?;
        Ok(WorldQuery {
            query,
            settings: self.settings,
        })
    }

    fn absolute(&mut self, segments: &[parsed::Segment]) -> Result<Query, QueryError> {
        let range = self.marks.roots.pop_front().unwrap_or(0..self.text.len());
        let mut compiled = self.segments(segments)?;
        if !self.over_world {
            return Ok(Query {
                start: QueryRoot::Document,
                segments: compiled,
            });
        }
        let root = match compiled.first_mut() {
            Some(first) if !first.descend => match first.selectors.as_mut_slice() {
                [Selector::Name(name)] => {
                    let root = Root::named(name).ok_or_else(|| unknown_root(name, &range))?;
                    compiled.remove(0);
                    Some(root)
                }
                [selector @ Selector::Filter(_)] => {
                    if let Selector::Filter(filter) = selector.clone() {
                        *selector = Selector::Itself(filter);
                    }
                    Some(Root::Repository)
                }
                _ => None,
            },
            _ => None,
        };
        let root = root.ok_or_else(|| {
            QueryError::new(range.clone(), "query names no root")
                .label("more than one document lies below `$`")
                .help(root_help())
        })?;
        if let (Root::Settings, Some(first)) = (root, compiled.first())
            && let [Selector::Name(name)] = first.selectors.as_slice()
        {
            let end = range.end + root_length(&self.text[range.end - 1..]) - 1;
            self.settings.push((name.to_string(), range.start..end));
        }
        Ok(Query {
            start: QueryRoot::World(root),
            segments: compiled,
        })
    }

    fn relative(&mut self, segments: &[parsed::Segment]) -> Result<Query, QueryError> {
        Ok(Query {
            start: QueryRoot::Current,
            segments: self.segments(segments)?,
        })
    }

    fn segments(&mut self, segments: &[parsed::Segment]) -> Result<Vec<Segment>, QueryError> {
        segments
            .iter()
            .map(|segment| self.segment(segment, false))
            .collect()
    }

    fn segment(&mut self, segment: &parsed::Segment, descend: bool) -> Result<Segment, QueryError> {
        let selectors = match segment {
            parsed::Segment::Descendant(inner) => return self.segment(inner, true),
            parsed::Segment::Selector(selector) => vec![self.selector(selector)?],
            parsed::Segment::Selectors(selectors) => selectors
                .iter()
                .map(|selector| self.selector(selector))
                .collect::<Result<_, _>>()?,
        };
        Ok(Segment { descend, selectors })
    }

    fn selector(&mut self, selector: &parsed::Selector) -> Result<Selector, QueryError> {
        Ok(match selector {
            parsed::Selector::Name(name) => Selector::Name(name.as_str().into()),
            parsed::Selector::Wildcard => Selector::Wildcard,
            parsed::Selector::Index(index) => Selector::Index(*index),
            parsed::Selector::Slice(start, end, step) => Selector::Slice(Slice {
                start: *start,
                end: *end,
                step: step.unwrap_or(1),
            }),
            parsed::Selector::Filter(filter) => Selector::Filter(self.filter(filter)?),
        })
    }

    fn filter(&mut self, filter: &parsed::Filter) -> Result<Filter, QueryError> {
        Ok(match filter {
            parsed::Filter::Or(parts) => Filter::Or(self.filters(parts)?),
            parsed::Filter::And(parts) => Filter::And(self.filters(parts)?),
            parsed::Filter::Atom(parsed::FilterAtom::Filter { expr, not }) => {
                negated(self.filter(expr)?, *not)
            }
            parsed::Filter::Atom(parsed::FilterAtom::Test { expr, not }) => {
                negated(self.test(expr)?, *not)
            }
            parsed::Filter::Atom(parsed::FilterAtom::Comparison(comparison)) => {
                let (left, right) = comparison.vals();
                Filter::Compare(
                    operator(comparison),
                    self.comparable(left)?,
                    self.comparable(right)?,
                )
            }
        })
    }

    fn filters(&mut self, filters: &[parsed::Filter]) -> Result<Vec<Filter>, QueryError> {
        filters.iter().map(|filter| self.filter(filter)).collect()
    }

    fn test(&mut self, test: &parsed::Test) -> Result<Filter, QueryError> {
        match test {
            parsed::Test::RelQuery(segments) => Ok(Filter::Exists(self.relative(segments)?)),
            parsed::Test::AbsQuery(query) => Ok(Filter::Exists(self.absolute(&query.segments)?)),
            parsed::Test::Function(function) => {
                let (subject, pattern, function) = match function.as_ref() {
                    parsed::TestFunction::Match(subject, pattern) => {
                        (subject, pattern, MatchFunction::Match)
                    }
                    parsed::TestFunction::Search(subject, pattern) => {
                        (subject, pattern, MatchFunction::Search)
                    }
                    parsed::TestFunction::Custom(..) => return Err(self.unknown_function()),
                    _ => {
                        let call = self.call();
                        return Err(QueryError::new(
                            call,
                            "function gives a value, not a condition",
                        )
                        .help("compare the value, such as `length(@.a) > 0`"));
                    }
                };
                let call = self.call();
                let subject = self.value_argument(subject, &call)?;
                let pattern = match self.value_argument(pattern, &call)? {
                    Operand::Literal(Literal::String(text)) => PatternSource::Literal(
                        QueryRegex::checked(&text, function).map_err(|reason| {
                            QueryError::new(call, format!("pattern `{text}` is not I-Regexp"))
                                .label(reason)
                        })?,
                    ),
                    operand => {
                        PatternSource::Dynamic(Box::new(operand), PatternCache::new(function))
                    }
                };
                Ok(Filter::Matches(subject, pattern))
            }
        }
    }

    fn comparable(&mut self, comparable: &parsed::Comparable) -> Result<Operand, QueryError> {
        match comparable {
            parsed::Comparable::Literal(literal) => self.literal(literal),
            parsed::Comparable::Function(function) => self.function(function),
            parsed::Comparable::SingularQuery(parsed::SingularQuery::Current(segments)) => {
                Ok(Operand::Singular(self.relative(&widened(segments))?))
            }
            parsed::Comparable::SingularQuery(parsed::SingularQuery::Root(segments)) => {
                Ok(Operand::Singular(self.absolute(&widened(segments))?))
            }
        }
    }

    fn literal(&self, literal: &parsed::Literal) -> Result<Operand, QueryError> {
        Ok(Operand::Literal(match literal {
            parsed::Literal::Null => Literal::Null,
            parsed::Literal::Bool(flag) => Literal::Bool(*flag),
            parsed::Literal::Int(number) => Literal::Integer(*number),
            parsed::Literal::Float(number) if number.is_finite() => Literal::Float(*number),
            parsed::Literal::Float(_) => {
                return Err(QueryError::new(
                    0..self.text.len(),
                    "number in a query is too large",
                ));
            }
            parsed::Literal::String(text) => Literal::String(text.clone()),
        }))
    }

    /// A function that gives a value.
    fn function(&mut self, function: &parsed::TestFunction) -> Result<Operand, QueryError> {
        if let parsed::TestFunction::Custom(..) = function {
            return Err(self.unknown_function());
        }
        let call = self.call();
        match function {
            parsed::TestFunction::Length(argument) => {
                let argument = self.value_argument(argument, &call)?;
                Ok(Operand::Length(Box::new(argument)))
            }
            parsed::TestFunction::Count(argument) => {
                Ok(Operand::Count(self.nodes_argument(argument, &call)?))
            }
            parsed::TestFunction::Value(argument) => {
                Ok(Operand::Value(self.nodes_argument(argument, &call)?))
            }
            _ => Err(
                QueryError::new(call, "function gives a condition, not a value")
                    .help("use it alone, or negate it with `!`"),
            ),
        }
    }

    /// An argument of the declared type `ValueType` (RFC 9535, section 2.4.3).
    fn value_argument(
        &mut self,
        argument: &parsed::FnArg,
        call: &Range<usize>,
    ) -> Result<Operand, QueryError> {
        let query = match argument {
            parsed::FnArg::Literal(literal) => return self.literal(literal),
            parsed::FnArg::Test(test) => match test.as_ref() {
                parsed::Test::Function(function) => return self.function(function),
                parsed::Test::RelQuery(segments) => self.relative(segments)?,
                parsed::Test::AbsQuery(query) => self.absolute(&query.segments)?,
            },
            parsed::FnArg::Filter(_) => {
                return Err(QueryError::new(
                    call.clone(),
                    "argument is a condition where a value is needed",
                ));
            }
        };
        if query.is_singular() {
            return Ok(Operand::Singular(query));
        }
        Err(QueryError::new(
            call.clone(),
            "argument can be many nodes where one value is needed",
        )
        .help("name one node, or use `count()`"))
    }

    /// An argument of the declared type `NodesType` (RFC 9535, section 2.4.3).
    fn nodes_argument(
        &mut self,
        argument: &parsed::FnArg,
        call: &Range<usize>,
    ) -> Result<Query, QueryError> {
        if let parsed::FnArg::Test(test) = argument {
            match test.as_ref() {
                parsed::Test::RelQuery(segments) => return self.relative(segments),
                parsed::Test::AbsQuery(query) => return self.absolute(&query.segments),
                parsed::Test::Function(_) => {}
            }
        }
        Err(QueryError::new(
            call.clone(),
            "argument is a value where a query is needed",
        ))
    }

    fn call(&mut self) -> Range<usize> {
        self.marks.calls.pop_front().unwrap_or(0..self.text.len())
    }

    fn unknown_function(&mut self) -> QueryError {
        let call = self.call();
        let name = self.text.get(call.clone()).unwrap_or_default();
        QueryError::new(call, format!("unknown function `{name}`"))
            .help("use one of `length`, `count`, `value`, `match`, `search`")
    }
}

fn unknown_root(name: &str, range: &Range<usize>) -> QueryError {
    let error = QueryError::new(range.clone(), format!("unknown root `{name}` in a query"));
    match nearest(name, Root::ALL.map(|(_, known)| known)) {
        Some(known) => error.help(format!("write `$.{known}`")),
        None => error.help(root_help()),
    }
}

fn root_help() -> String {
    let roots = Root::ALL.map(|(_, name)| format!("`$.{name}`"));
    format!("start with one of {}, or with `$[?…]`", roots.join(", "))
}

fn negated(filter: Filter, not: bool) -> Filter {
    if not {
        Filter::Not(Box::new(filter))
    } else {
        filter
    }
}

fn operator(comparison: &parsed::Comparison) -> Comparison {
    match comparison {
        parsed::Comparison::Eq(..) => Comparison::Equal,
        parsed::Comparison::Ne(..) => Comparison::NotEqual,
        parsed::Comparison::Lt(..) => Comparison::Less,
        parsed::Comparison::Lte(..) => Comparison::LessOrEqual,
        parsed::Comparison::Gt(..) => Comparison::Greater,
        parsed::Comparison::Gte(..) => Comparison::GreaterOrEqual,
    }
}

/// The segments of a singular query, as segments of any query.
fn widened(segments: &[parsed::SingularQuerySegment]) -> Vec<parsed::Segment> {
    segments
        .iter()
        .map(|segment| {
            parsed::Segment::Selector(match segment {
                parsed::SingularQuerySegment::Name(name) => parsed::Selector::Name(name.clone()),
                parsed::SingularQuerySegment::Index(index) => parsed::Selector::Index(*index),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Query, QueryError};

    /// The words complained about, and the complaint.
    fn complaint(text: &str) -> (&str, String) {
        let QueryError { range, title, .. } = Query::parse_over_world(text).unwrap_err();
        (&text[range], title)
    }

    #[test]
    fn a_syntax_error_is_found_at_its_column() {
        assert_eq!(complaint("$.repository[?@.kind = 'private']").0, "=");
        assert_eq!(
            complaint("$.repository[?@.kind == 'private'"),
            ("[", "`[` is never closed".into())
        );
        assert_eq!(complaint("$.repository[?(@.a]").0, "]");
        assert_eq!(complaint("$.repository.a)").0, ")");
        assert_eq!(complaint("$.repository['a]").0, "'a]");
        assert_eq!(
            complaint("$.repository.").1,
            "query cannot be read as JSONPath"
        );
    }

    #[test]
    fn a_word_behind_a_name_is_no_part_of_the_name() {
        let (word, title) = complaint("$.repository[?@.kind in ['private']]");
        assert_eq!(
            (word, title.as_str()),
            ("in", "unknown operator in a query")
        );
        assert_eq!(complaint("$.repository.a b").0, "b");
        assert_eq!(complaint("$.repository[?@. a == 1]").0, ". ");
        assert!(Query::parse("$['a b'][?@.a  == 1 && @.b\n|| @['c d']]").is_ok());
    }

    #[test]
    fn an_unknown_root_is_named_at_every_depth() {
        assert_eq!(complaint("$.repo.name").0, "$.repo");
        assert_eq!(
            complaint("$.repository[?@.a == $.setings.a]"),
            ("$.setings", "unknown root `setings` in a query".into())
        );
        assert_eq!(complaint("$..name").1, "query names no root");
        assert_eq!(complaint("$").1, "query names no root");
    }

    #[test]
    fn functions_are_used_by_their_types() {
        assert_eq!(
            complaint("$.repository[?match(@.a, 'x') && length(@.*) > 1]").0,
            "length"
        );
        assert_eq!(
            complaint("$.repository[?count(1) > 1]").1,
            "query cannot be read as JSONPath"
        );
        assert_eq!(complaint("$.repository[?length(@.a)]").0, "length");
        assert_eq!(complaint("$.repository[?value('a') == 1]").0, "value");
        assert_eq!(
            complaint("$.repository[?in(@.a, $.settings.list)]").1,
            "unknown function `in`"
        );
    }

    #[test]
    fn nested_calls_are_bounded() {
        let deep = |depth: usize| format!("$[?{}@.a", "length(".repeat(depth));
        let error = Query::parse(&deep(1_000)).unwrap_err();
        assert_eq!(error.title, "function calls nest deeper than 4 levels");
        let four = format!("{}{} > 1]", deep(4), ")".repeat(4));
        assert!(Query::parse(&four).is_ok());
    }

    #[test]
    fn a_pattern_is_compiled_when_the_query_is_read() {
        assert_eq!(
            complaint("$.repository[?match(@.a, '(')]").1,
            "pattern `(` is not I-Regexp"
        );
    }

    #[test]
    fn the_settings_of_a_query_are_listed_with_their_places() {
        let text = "$.repository[?match(@.name, $.settings.pattern)]";
        let read = Query::parse_over_world(text).unwrap();
        let (name, range) = &read.settings[0];
        assert_eq!(
            (name.as_str(), &text[range.clone()]),
            ("pattern", "$.settings.pattern")
        );
    }
}
