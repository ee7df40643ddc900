//! What each rule of a policy says, for people.
//! It does not know how it was found out.

use super::page::LifecyclePage;
use crate::report::lifecycle::{Explained, ExplainedRule};

pub(super) fn write(told: &Explained, page: &mut LifecyclePage) {
    let policy = LifecyclePage::called(&told.about);
    if told.rules.is_empty() {
        page.heading(&format!("{policy} has no rules: nothing ever expires"));
        return;
    }
    page.heading(&format!("what {policy} says"));
    for rule in &told.rules {
        page.gap();
        explain(rule, page);
    }
    if !told.left.is_empty() {
        page.gap();
        page.prose(
            0,
            &format!(
                "no rule is about {}: they stay for good",
                told.left.join(", nor about ")
            ),
        );
    }
    if !told.open.is_empty() {
        page.gap();
        page.item(0, &format!("AWS does not say {}", told.open.join("; nor ")));
    }
}

fn explain(rule: &ExplainedRule, page: &mut LifecyclePage) {
    page.named(0, &format!("rule {}", rule.priority), &rule.says);
    match &rule.takes {
        Some(takes) => page.named(2, "can take", takes),
        None => page.named(2, "never acts", ""),
    }
    for never in &rule.never {
        page.named(2, "never takes", never);
    }
    for shields in &rule.shields {
        page.named(2, "shields", shields);
    }
}
