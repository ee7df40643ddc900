//! Which members of the repository document a rule asks about: in its queries, its message and its fixes.
//! It does not know which members there are.
//!
//! What is not in the list can be left out of the document, so that whatever cannot be determined is everything.

use super::definition::{Demand, Documentation};
use super::looked_up::{AskedMembers, LookedUp, POLICIES};
use super::patch::{Advice, Patch};
use super::query::{Filter, Operand, PatternSource, Query, QueryRoot, Root, Segment, Selector};
use super::template::{MessageTemplate, PlaceholderRoot};

/// What a rule asks of the repository document, while it is gathered.
#[derive(Default)]
pub(super) struct Asks {
    /// Anything.
    is_all: bool,
    members: AskedMembers,
}

/// The node that `@` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    /// The repository document as a whole.
    Repository,
    /// Something below one of its members, or of another document.
    Below,
}

impl Asks {
    /// What a rule asks; `None` for anything.
    pub(super) fn of(
        when: Option<&Query>,
        at: Option<&Query>,
        demand: &Demand,
        message: &MessageTemplate,
        documentation: &Documentation,
    ) -> Option<AskedMembers> {
        let mut asks = Self::default();
        for query in when.into_iter().chain(at).chain([demand.query()]) {
            asks.query(query, Current::Below);
        }
        if at.is_some_and(|at| at.root() == Some(Root::Repository)) {
            // The place that a rule names is looked up there.
            asks.look_up(LookedUp::Causes);
        }
        // What `require` does not find is nothing that could be reported.
        let found = match demand {
            Demand::Forbid(query) if may_be_repository(query) => {
                asks.look_up(LookedUp::Live);
                Current::Repository
            }
            Demand::Forbid(_) | Demand::Require(_) => Current::Below,
        };
        asks.template(message, found);
        let fix = &documentation.fix;
        let advice = [
            &fix.cdk_typescript,
            &fix.cdk_python,
            &fix.cloudformation,
            &fix.cli,
        ];
        for one in advice.into_iter().flatten() {
            asks.advice(one, found);
        }
        (!asks.is_all).then_some(asks.members)
    }

    fn member(&mut self, name: &str) {
        let named = &mut self.members.named;
        if !named.contains(name) {
            named.insert(name.to_owned());
        }
    }

    fn look_up(&mut self, what: LookedUp) {
        self.members.looked_up.insert(what);
    }

    fn query(&mut self, query: &Query, current: Current) {
        match (query.start, current) {
            (QueryRoot::World(Root::Repository), _) | (QueryRoot::Current, Current::Repository) => {
                self.of_repository(&query.segments)
            }
            (QueryRoot::World(_), _) | (QueryRoot::Current, Current::Below) => {
                self.below(&query.segments);
            }
            // No rule has such a query.
            (QueryRoot::Document, _) => self.is_all = true,
        }
    }

    /// What segments take from the repository document itself.
    fn of_repository(&mut self, segments: &[Segment]) {
        let Some((first, rest)) = segments.split_first() else {
            return;
        };
        if first.descend {
            self.is_all = true;
            return;
        }
        for selector in &first.selectors {
            match selector {
                Selector::Name(name) => self.member(name),
                Selector::Itself(filter) => {
                    self.filter(filter, Current::Repository);
                    self.of_repository(rest);
                }
                // It is not a list.
                Selector::Index(_) | Selector::Slice(_) => {}
                Selector::Wildcard | Selector::Filter(_) => self.is_all = true,
            }
        }
        self.below(rest);
    }

    /// What filters ask for below something else.
    fn below(&mut self, segments: &[Segment]) {
        for selector in segments.iter().flat_map(|segment| &segment.selectors) {
            if let Selector::Filter(filter) | Selector::Itself(filter) = selector {
                self.filter(filter, Current::Below);
            }
        }
    }

    fn filter(&mut self, filter: &Filter, current: Current) {
        match filter {
            Filter::Or(parts) | Filter::And(parts) => {
                parts.iter().for_each(|part| self.filter(part, current));
            }
            Filter::Not(part) => self.filter(part, current),
            Filter::Compare(_, left, right) => {
                self.operand(left, current);
                self.operand(right, current);
            }
            Filter::Exists(query) => self.query(query, current),
            Filter::Matches(subject, pattern) => {
                self.operand(subject, current);
                if let PatternSource::Dynamic(pattern, _) = pattern {
                    self.operand(pattern, current);
                }
            }
        }
    }

    fn operand(&mut self, operand: &Operand, current: Current) {
        match operand {
            Operand::Literal(_) => {}
            Operand::Length(inner) => self.operand(inner, current),
            Operand::Singular(query) | Operand::Count(query) | Operand::Value(query) => {
                // The document as a value is everything in it.
                let is_of_repository = match query.start {
                    QueryRoot::World(root) => root == Root::Repository,
                    QueryRoot::Current => current == Current::Repository,
                    QueryRoot::Document => true,
                };
                self.is_all |= is_of_repository && may_end_at_start(&query.segments);
                self.query(query, current);
            }
        }
    }

    fn template(&mut self, template: &MessageTemplate, found: Current) {
        for place in template.placeholders() {
            let is_of_repository = match place.origin {
                PlaceholderRoot::World(root) => root == Root::Repository,
                PlaceholderRoot::Found => found == Current::Repository,
            };
            match place.members.first() {
                Some(name) if is_of_repository => self.member(name),
                None if is_of_repository => self.is_all = true,
                _ => {}
            }
        }
    }

    fn advice(&mut self, advice: &Advice, found: Current) {
        if let Some(when) = &advice.when {
            self.query(when, Current::Below);
        }
        let texts = [&advice.given, &advice.note, &advice.code];
        for text in texts.into_iter().flatten() {
            self.template(text, found);
        }
        if let Some((_, patch)) = &advice.edit {
            self.patch(patch, found);
        }
    }

    /// The depth of a patch is bounded by that of its file.
    fn patch(&mut self, patch: &Patch, found: Current) {
        match patch {
            Patch::Remove | Patch::Word(_) => {}
            Patch::Text(text) => self.template(text, found),
            Patch::List(items) | Patch::More(items) => {
                items.iter().for_each(|item| self.patch(item, found));
            }
            Patch::Map(members) => {
                for (key, member) in members {
                    self.template(key, found);
                    self.patch(member, found);
                    let key = key.to_string();
                    let policies = POLICIES.iter().filter(|(property, _)| *property == key);
                    policies.for_each(|(_, whose)| self.look_up(LookedUp::Policy(*whose)));
                }
            }
        }
    }
}

/// Whether what a query finds may be the repository document itself.
fn may_be_repository(query: &Query) -> bool {
    query.start == QueryRoot::World(Root::Repository) && may_end_at_start(&query.segments)
}

fn may_end_at_start(segments: &[Segment]) -> bool {
    let mut all = segments.iter();
    all.all(|segment| {
        let mut selectors = segment.selectors.iter();
        segment.descend || selectors.any(|one| matches!(one, Selector::Itself(_)))
    })
}

#[cfg(test)]
mod tests {
    use super::{Asks, Current, Query};

    fn asks(query: &str) -> Option<Vec<String>> {
        let mut asks = Asks::default();
        let query = Query::parse_over_world(query).unwrap().query;
        asks.query(&query, Current::Below);
        (!asks.is_all).then(|| asks.members.named.into_iter().collect())
    }

    #[test]
    fn members_are_asked_for_by_name_wherever_a_query_is() {
        for (query, members) in [
            ("$.repository.scanning.effective", vec!["scanning"]),
            ("$[?@.kind == 'private' && !@.key]", vec!["key", "kind"]),
            (
                "$.organisation.environments[?$.repository.region == @.region]",
                vec!["region"],
            ),
            (
                "$[?@.name].access[?@.account == $.repository.account]",
                vec!["access", "account", "name"],
            ),
            (
                "$.repository['policy','key'].problems[*]",
                vec!["key", "policy"],
            ),
            (
                "$[?count(@.tags[?match(@.key, $.repository.stack)]) > 1]",
                vec!["stack", "tags"],
            ),
            ("$.declared", vec![]),
            ("$.repository", vec![]),
        ] {
            let members = members.into_iter().map(str::to_owned).collect();
            assert_eq!(asks(query), Some(members), "{query}");
        }
    }

    #[test]
    fn what_may_be_any_member_is_every_one() {
        for query in [
            "$.repository[*].problems",
            "$.repository..problem",
            "$.repository[?@.problems]",
            "$[?count(@.*) > 3]",
            "$[?length(@) > 3]",
            "$[?value($.repository..effective) == true]",
        ] {
            assert_eq!(asks(query), None, "{query}");
        }
    }
}
