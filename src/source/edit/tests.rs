//! Changes in texts of every spelling: what is written, and what is left with a reason.

use super::{Amendment, Becomes, EditVocabulary, Extent, Fragment, apply, replacements};
use crate::source::{SourceId, Span};

const WORDS: EditVocabulary = EditVocabulary {
    vital: &["Action"],
    kept: &["NotAction", "Statement"],
    deciding: &["Fn::If", "Ref"],
    function: "Fn::",
    own: "AWS::",
    substituting: "Fn::Sub",
    parameters: "Parameters",
};

fn text(text: &str) -> Becomes {
    Becomes::Set(Fragment::Text(text.to_owned()))
}

fn word(word: &str) -> Becomes {
    Becomes::Set(Fragment::Word(word.to_owned()))
}

fn members(members: &[(&str, Becomes)]) -> Becomes {
    let members = members.iter();
    Becomes::Members(
        members
            .map(|(key, one)| ((*key).to_owned(), one.clone()))
            .collect(),
    )
}

/// The text with a change where `mark` stands for the last time, or why there is none.
fn changed(before: &str, mark: &str, extent: Extent, becomes: Becomes) -> Result<String, String> {
    let start = before.rfind(mark).expect("the mark is there");
    let wish = Amendment {
        place: Span::new(SourceId(7), start, start + mark.len()),
        extent,
        becomes,
        words: WORDS,
    };
    let edits = replacements(before, &wish)?;
    Ok(apply(before, &edits).expect("edits fit"))
}

fn scanned() -> Becomes {
    let scan = members(&[("ScanOnPush", word("true"))]);
    members(&[("Properties", members(&[("Scan", scan)]))])
}

#[test]
fn a_member_comes_behind_those_that_are_there() {
    for (before, after) in [
        (
            "R:\n  A:\n    Type: X\n    Properties:\n      Name: a # why\n\n  B: {}\n",
            "R:\n  A:\n    Type: X\n    Properties:\n      Name: a # why\n      Scan:\n        ScanOnPush: true\n\n  B: {}\n",
        ),
        (
            "R:\r\n    A:\r\n        Type: X",
            "R:\r\n    A:\r\n        Type: X\r\n        Properties:\r\n            Scan:\r\n                ScanOnPush: true",
        ),
        (
            "R:\n  A: { Type: X }\n",
            "R:\n  A: { Type: X, Properties: { Scan: { ScanOnPush: true } } }\n",
        ),
        (
            "R:\n  A:\n    Type: X\n    Properties: {}\n",
            "R:\n  A:\n    Type: X\n    Properties: { Scan: { ScanOnPush: true } }\n",
        ),
        (
            "R:\n  A:\n    Type: X\n    Properties:\n",
            "R:\n  A:\n    Type: X\n    Properties:\n      Scan:\n        ScanOnPush: true\n",
        ),
        (
            "\u{feff}R:\n  A:\n    Type: X\n    Properties:\n      Scan:\n        ScanOnPush: \"false\" # no\n",
            "\u{feff}R:\n  A:\n    Type: X\n    Properties:\n      Scan:\n        ScanOnPush: true # no\n",
        ),
        (
            "{\"R\": {\"A\": {\"Type\": \"X\"}}}",
            "{\"R\": {\"A\": {\"Type\": \"X\", \"Properties\": {\"Scan\": {\"ScanOnPush\": true}}}}}",
        ),
        (
            "{\n\t\"R\": {\n\t\t\"A\": {\n\t\t\t\"Type\": \"X\",\n\t\t\t\"Properties\": {\n\t\t\t\t\"N\": \"a\"\n\t\t\t}\n\t\t}\n\t}\n}\n",
            "{\n\t\"R\": {\n\t\t\"A\": {\n\t\t\t\"Type\": \"X\",\n\t\t\t\"Properties\": {\n\t\t\t\t\"N\": \"a\",\n\t\t\t\t\"Scan\": {\n\t\t\t\t\t\"ScanOnPush\": true\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n}\n",
        ),
        (
            "R:\n  A: {\n    Type: X, # x\n    P: 1 # y\n  }\n",
            "R:\n  A: {\n    Type: X, # x\n    P: 1, # y\n    Properties: { Scan: { ScanOnPush: true } }\n  }\n",
        ),
    ] {
        let made = changed(before, "A", Extent::Outer(2), scanned());
        assert_eq!(made.as_deref(), Ok(after), "{before}");
        let again = changed(after, "A", Extent::Outer(2), scanned());
        assert_eq!(again.as_deref(), Ok(after), "{after}");
    }
}

#[test]
fn what_goes_takes_along_what_means_nothing_without_it() {
    for (before, after) in [
        (
            "S:\n  - Effect: Allow\n    Action:\n      - a\n      # why\n      - gone # x\n      - b\n",
            "S:\n  - Effect: Allow\n    Action:\n      - a\n      # why\n      - b\n",
        ),
        (
            "S:\n- Effect: Allow\n  Action: [a, \"gone\"]\n",
            "S:\n- Effect: Allow\n  Action: [a]\n",
        ),
        (
            "S:\n  - Effect: Allow\n    Action: a\n  - Effect: Allow\n    Action:\n      - gone\nT: 1\n",
            "S:\n  - Effect: Allow\n    Action: a\nT: 1\n",
        ),
        (
            "S:\n  - Effect: Allow\n    Action: a\n  - Effect: Allow\n    Action: gone",
            "S:\n  - Effect: Allow\n    Action: a",
        ),
        (
            "{\"S\": [{\"Effect\": \"Allow\", \"Action\": [\n  \"a\",\n  \"gone\"\n]}]}",
            "{\"S\": [{\"Effect\": \"Allow\", \"Action\": [\n  \"a\"\n]}]}",
        ),
        (
            "{\"S\": [\n  {\"Effect\": \"Allow\", \"Action\": \"gone\"},\n  {\"Effect\": \"Allow\", \"Action\": \"a\"}\n]}",
            "{\"S\": [\n  {\"Effect\": \"Allow\", \"Action\": \"a\"}\n]}",
        ),
        (
            "P: '{\"S\": [{\"Effect\": \"Allow\", \"Action\": [\"gone\", \"it''s\"]}]}'\n",
            "P: '{\"S\": [{\"Effect\": \"Allow\", \"Action\": [\"it''s\"]}]}'\n",
        ),
        (
            "P: |\n  {\"S\": [{\"Effect\": \"Allow\", \"Action\": [\n    \"a\",\n    \"gone\"\n  ]}]}\nQ: 1\n",
            "P: |\n  {\"S\": [{\"Effect\": \"Allow\", \"Action\": [\n    \"a\"\n  ]}]}\nQ: 1\n",
        ),
        (
            "{\"P\": \"{\\\"S\\\": [{\\\"Action\\\": [\\\"gone\\\", \\\"\\u0061\\\"]}]}\"}",
            "{\"P\": \"{\\\"S\\\": [{\\\"Action\\\": [\\\"\\u0061\\\"]}]}\"}",
        ),
    ] {
        let made = changed(before, "gone", Extent::Here, Becomes::Remove);
        assert_eq!(made.as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn keys_and_values_keep_their_quotes() {
    for (before, extent, becomes, after) in [
        (
            "a:\n  'old': 1\n",
            Extent::Key,
            text("New"),
            "a:\n  'New': 1\n",
        ),
        (
            "{\"a\": {\"old\": 1}}",
            Extent::Key,
            text("New"),
            "{\"a\": {\"New\": 1}}",
        ),
        (
            "a: {old: 1}",
            Extent::Key,
            text("For:All"),
            "a: {For:All: 1}",
        ),
        ("a: 'old'\n", Extent::Here, text("it's"), "a: 'it''s'\n"),
        ("a: old # x\n", Extent::Here, text("*"), "a: \"*\" # x\n"),
        (
            "p: \"{\\\"old\\\": 1}\"",
            Extent::Key,
            text("N\"w"),
            "p: \"{\\\"N\\\\\\\"w\\\": 1}\"",
        ),
        (
            "p: >-\n  {\n  \"old\":\n  1}\n",
            Extent::Key,
            text("New"),
            "p: >-\n  {\n  \"New\":\n  1}\n",
        ),
    ] {
        let made = changed(before, "old", extent, becomes);
        assert_eq!(made.as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn a_list_or_a_call_gives_way_to_a_value() {
    let all = || members(&[("Resource", text("*"))]);
    for (before, after) in [
        (
            "S:\n  - Effect: Allow\n    Resource:\n      - a\n      - b\n  - c\n",
            "S:\n  - Effect: Allow\n    Resource: \"*\"\n  - c\n",
        ),
        (
            "S:\n  - Resource: !GetAtt A.Arn # x\n    Effect: Allow\n",
            "S:\n  - Resource: \"*\" # x\n    Effect: Allow\n",
        ),
        (
            "{\"S\": [{\"Effect\": \"Allow\", \"Resource\": [\n \"a\"\n]}]}",
            "{\"S\": [{\"Effect\": \"Allow\", \"Resource\": \"*\"}]}",
        ),
    ] {
        let made = changed(before, "Effect", Extent::Around("Effect"), all());
        assert_eq!(made.as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn what_cannot_be_changed_alone_is_left_with_a_reason() {
    let scan = || scanned();
    for (before, mark, extent, becomes, why) in [
        (
            "R:\n  A: &x\n    Type: X\n  B: *x\n",
            "A",
            Extent::Outer(2),
            scan(),
            "alias",
        ),
        (
            "R:\n  A:\n    Properties: !If [a, {}, {}]\n",
            "A",
            Extent::Outer(2),
            scan(),
            "`Fn::If` makes",
        ),
        (
            "R:\n  A:\n    Properties:\n      Scan:\n        ScanOnPush: !Ref P\n",
            "A",
            Extent::Outer(2),
            scan(),
            "`Ref` decides",
        ),
    ] {
        is_left(changed(before, mark, extent, becomes), before, why);
    }
}

#[test]
fn what_cannot_go_alone_is_left_with_a_reason() {
    for (before, mark, extent, becomes, why) in [
        (
            "S:\n  - NotAction: gone\n",
            "gone",
            Extent::Here,
            Becomes::Remove,
            "`NotAction`",
        ),
        (
            "Statement:\n  - Action: gone\n",
            "gone",
            Extent::Here,
            Becomes::Remove,
            "`Statement`",
        ),
        (
            "gone",
            "gone",
            Extent::Here,
            Becomes::Remove,
            "nothing would be left",
        ),
        (
            "a: {b: 1, # why\n  gone: 2}",
            "2",
            Extent::Here,
            Becomes::Remove,
            "no plain way",
        ),
        (
            "a: {old: 1, new: 2}",
            "old",
            Extent::Key,
            text("new"),
            "beside it",
        ),
        (
            "a: [1]",
            "1",
            Extent::Around("Effect"),
            scanned(),
            "no `Effect`",
        ),
        ("a: [", "a", Extent::Here, Becomes::Remove, "cannot be read"),
    ] {
        is_left(changed(before, mark, extent, becomes), before, why);
    }
}

fn is_left(left: Result<String, String>, before: &str, why: &str) {
    let is_told = left.as_ref().is_err_and(|said| said.contains(why));
    assert!(is_told, "{before}: {left:?}");
}
