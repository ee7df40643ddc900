//! What AWS said, what it said there is not, and what nobody asked are three different things.

use crate::input::{Context, Loaded, Note, Scratch, Sniff, load, look};
use crate::model::{Data, Entity, Holds, NodeId, Repository, Value};
use crate::source::SourceId;

fn loaded(text: &str) -> Loaded {
    load(
        text,
        SourceId(0),
        &Context::default(),
        &mut Scratch::default(),
    )
}

/// A record of the repository `app`, with these members behind it.
fn record(members: &str) -> String {
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/app";
    format!(
        r#"{{"account": "111122223333", "region": "eu-west-1", "repository": {{"repositoryArn": "{arn}",
        "repositoryName": "app", "repositoryUri": "x/app", "imageTagMutability": "MUTABLE",
        "imageScanningConfiguration": {{"scanOnPush": true}}, "encryptionConfiguration":
        {{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:eu-west-1:111122223333:key/1"}}}}{members}}}"#
    )
}

fn repository(members: &str) -> Entity {
    let mut loaded = loaded(&record(members));
    assert_eq!(loaded.problems, [], "{members}");
    loaded.entities.remove(0)
}

fn own(entity: &Entity) -> &Repository {
    entity.repository().expect("a repository").own
}

fn value(entity: &Entity, of: fn(&Repository) -> NodeId) -> Value<'_> {
    entity.document.value(of(own(entity)))
}

fn reason(repository: &Entity, of: fn(&Repository) -> NodeId) -> &str {
    let unknown = value(repository, of).as_unknown();
    &unknown.expect("not known").reason
}

#[test]
fn what_was_not_captured_is_unknown() {
    let own = repository("");
    let policy = |it: &Repository| it.settings.repository_policy;
    assert_eq!(
        reason(&own, policy),
        "the snapshot does not have `repositoryPolicy`"
    );
    for of in [
        (|it| it.settings.lifecycle_policy) as fn(&Repository) -> NodeId,
        |it| it.scan_frequency,
        |it| it.settings.tags,
        |it| it.parameters[0].name,
        |it| it.event_rules[0].pattern,
    ] {
        assert!(value(&own, of).as_unknown().is_some());
    }
    assert!(self::own(&own).settings.key.is_none());
}

#[test]
fn null_says_that_there_is_none() {
    let own =
        repository(r#", "lifecyclePolicy": null, "repositoryPolicy": null, "parameters": []"#);
    assert!(value(&own, |it| it.settings.lifecycle_policy).is_absent());
    assert!(value(&own, |it| it.settings.repository_policy).is_absent());
    assert!(self::own(&own).parameters.is_empty());
}

#[test]
fn an_error_is_the_reason_why_a_value_is_unknown() {
    let text =
        record(r#", "errors": {"tags": "AccessDeniedException: User: x is not authorized"}"#);
    let own = &loaded(&text).entities[0];
    let tags = value(own, |it| it.settings.tags);
    let reason = "asking AWS for `tags` ended with `AccessDeniedException`";
    assert_eq!(tags.as_unknown().map(|it| it.reason.as_str()), Some(reason));
    assert!(tags.span().slice(&text).starts_with("\"AccessDenied"));
}

#[test]
fn a_policy_is_read_in_the_text_that_it_is() {
    let text =
        record(r#", "repositoryPolicy": {"policyText": "{\"Statement\": [{\"Sid\": \"Pull\"}]}"}"#);
    let own = &loaded(&text).entities[0];
    let policy = value(own, |it| it.settings.repository_policy);
    let sid = policy.by_key("Statement").and_then(|it| it.items().next());
    let sid = sid.and_then(|it| it.by_key("Sid")).expect("it is there");
    assert_eq!(sid.as_str(), Some("Pull"));
    assert_eq!(sid.span().slice(&text), r#"\"Pull\""#);
}

#[test]
fn a_policy_that_is_no_json_stays_a_text() {
    let own = repository(r#", "lifecyclePolicy": {"lifecyclePolicyText": "{\"rules\": [}"}"#);
    assert!(matches!(
        value(&own, |it| it.settings.lifecycle_policy).data(),
        Data::String(_)
    ));
}

#[test]
fn a_key_is_what_describe_key_says() {
    let own = repository(
        r#", "kmsKey": {"Arn": "k", "Enabled": false, "KeyManager": "CUSTOMER", "KeyState": "PendingDeletion",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}, "kmsKeyPolicy": {"Policy": "{}"},
        "parameters": [{"Name": "K", "Type": "String", "Value": "k"}, {"Name": "N", "Type": "String", "Value": "app"},
        {"Name": "S", "Type": "SecureString"}]"#,
    );
    let key = self::own(&own)
        .settings
        .key
        .as_ref()
        .expect("it is described");
    let at = |id| own.document.value(id);
    assert_eq!(at(key.state).as_str(), Some("PendingDeletion"));
    assert_eq!(at(key.manager).as_str(), Some("CUSTOMER"));
    assert_eq!(at(key.policy).data(), Data::Object);
    assert!(at(key.rotation).as_unknown().is_some());
    let holds: Vec<_> = self::own(&own)
        .parameters
        .iter()
        .map(|it| it.holds)
        .collect();
    assert_eq!(holds, [Some(Holds::KeyArn), Some(Holds::Name), None]);
    assert!(
        at(self::own(&own).parameters[2].value)
            .as_unknown()
            .is_some()
    );
}

#[test]
fn a_key_that_is_not_there_is_told_from_one_that_nobody_asked_for() {
    let gone = repository(r#", "kmsKey": null"#);
    let state = own(&gone)
        .settings
        .key
        .as_ref()
        .map(|key| gone.document.value(key.state).data());
    assert_eq!(state, Some(Data::Null));
    assert!(own(&repository("")).settings.key.is_none());
}

#[test]
fn a_member_that_no_record_has_is_said_once() {
    let records = [
        r#", "lifecyclepolicy": null"#,
        r#", "lifecyclepolicy": 1, "x": 2"#,
    ]
    .map(record);
    let text = format!(r#"{{"repositories": [{}]}}"#, records.join(","));
    let loaded = loaded(&text);
    let titles: Vec<_> = loaded
        .notes
        .iter()
        .map(|note| match note {
            Note::Mistake(problem) => (problem.span.slice(&text), problem.help.as_deref()),
            Note::Undetermined { .. } | Note::Unknown(_) | Note::Refused(_) => ("", None),
        })
        .collect();
    let expected = [
        ("\"lifecyclepolicy\"", Some("write `lifecyclePolicy`")),
        ("\"x\"", None),
    ];
    assert_eq!(titles, expected);
    assert_eq!(loaded.entities.len(), 2);
}

#[test]
fn a_record_has_to_say_which_repository_it_is_about() {
    let other = record("").replace("\"region\": \"eu-west-1\"", "\"region\": \"eu-west-2\"");
    let nameless = r#"{"repository": {"repositoryName": "app"}, "account": "1"}"#;
    let registry = r#"{"registry": {"scanning": {"scanType": "BASIC", "rules": []}}}"#;
    for text in [
        &other,
        nameless,
        registry,
        r#"{"repository": {}, "registry": {}}"#,
    ] {
        let good = record("");
        let text = format!(r#"{{"repositories": [{good}, {text}]}}"#);
        let loaded = loaded(&text);
        assert_eq!(loaded.problems.len(), 1, "{text}");
        assert!(
            loaded.entities.len() == 1 && loaded.registries.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn an_account_that_refused_its_list_is_not_passed_over() {
    let loaded = loaded(
        r#"{"account": "1", "region": "r", "registry": {}, "errors": {"repositories": "AccessDeniedException: no"}}"#,
    );
    let is_told = |note: &Note| matches!(note, Note::Undetermined { reason, .. } if reason.contains("AccessDenied"));
    assert!(loaded.notes.iter().any(is_told));
    let registry = &loaded.registries[0];
    assert!(
        registry
            .document
            .value(registry.scan_type)
            .as_unknown()
            .is_some()
    );
}

#[test]
fn answers_of_the_command_line_are_joined_by_name_and_key() {
    let text = r#"{"account": "111122223333", "region": "eu-west-1", "ecr": {
        "describe-repositories": {"repositories": [{"repositoryName": "app", "imageTagMutability": "MUTABLE",
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "arn:aws:kms:eu-west-1:1:key/k-1"}}]},
        "get-lifecycle-policy": {"app": {"lifecyclePolicyText": "{\"rules\": []}"}},
        "get-repository-policy": {"app": null, "other": {}},
        "get-registry-scanning-configuration": {"scanningConfiguration": {"scanType": "ENHANCED", "rules": []}}},
      "kms": {"describe-key": {"k-1": {"KeyMetadata": {"KeyManager": "AWS", "Enabled": true}}}},
      "ssm": {"get-parameters": {"Parameters": [{"Name": "ECR_APP_name", "Type": "String", "Value": "app"},
            {"Name": "ECR_WEB_name", "Type": "String", "Value": "web"}]}}}"#;
    let loaded = loaded(text);
    assert_eq!(loaded.problems, []);
    let own = &loaded.entities[0];
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/app";
    assert_eq!(own.subject.arn.as_deref(), Some(arn));
    assert_eq!(
        value(own, |it| it.settings.lifecycle_policy).data(),
        Data::Object
    );
    assert!(value(own, |it| it.settings.repository_policy).is_absent());
    assert!(value(own, |it| it.settings.tags).as_unknown().is_some());
    let key = self::own(own)
        .settings
        .key
        .as_ref()
        .expect("it is described");
    assert_eq!(own.document.value(key.manager).as_str(), Some("AWS"));
    assert_eq!(self::own(own).parameters.len(), 1);
    assert_eq!(loaded.registries.len(), 1);
}

#[test]
fn items_of_aws_config_are_repositories_unless_they_are_gone() {
    let item = |status: &str, name: &str| {
        format!(
            r#"{{"resourceType": "AWS::ECR::Repository", "configurationItemStatus": "{status}", "resourceName": "{name}",
            "ARN": "arn:aws:ecr:eu-west-1:111122223333:repository/{name}", "tags": {{"owner": "me"}},
            "configuration": {{"RepositoryName": "{name}", "ImageTagMutability": "IMMUTABLE",
            "ImageScanningConfiguration": {{"ScanOnPush": true}}}}}}"#
        )
    };
    let items = [
        item("OK", "app"),
        item("ResourceDeleted", "gone"),
        r#"{"resourceType": "AWS::S3::Bucket"}"#.to_owned(),
    ];
    let text = format!(
        r#"{{"fileVersion": "1.0", "configurationItems": [{}]}}"#,
        items.join(",")
    );
    assert_eq!(look(text.as_bytes()).sniff, Sniff::Candidate);
    let loaded = loaded(&text);
    assert_eq!((loaded.problems.len(), loaded.entities.len()), (0, 1));
    let own = &loaded.entities[0];
    assert_eq!(value(own, |it| it.scan_on_push).as_bool(), Some(true));
    let tag = value(own, |it| it.settings.tags)
        .items()
        .next()
        .expect("there is one");
    assert_eq!(tag.by_key("key").and_then(Value::as_str), Some("owner"));
    for of in [
        (|it| it.settings.lifecycle_policy) as fn(&Repository) -> NodeId,
        |it| it.settings.repository_policy,
        |it| it.settings.encryption_type,
        |it| it.scan_frequency,
    ] {
        assert!(value(own, of).as_unknown().is_some());
    }
}
