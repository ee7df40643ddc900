//! What AWS refused when a snapshot was taken: nobody knows it, and no summary says that all is fine.

use serde_json::{Value, json};

use crate::program::ecrlint;

fn record(errors: &Value) -> Value {
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/app";
    json!({
        "account": "111122223333", "region": "eu-west-1",
        "repository": {"repositoryArn": arn, "repositoryName": "app", "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": true}, "encryptionConfiguration": {"encryptionType": "AES256"}},
        "lifecyclePolicy": {"lifecyclePolicyText": "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\
            \"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":9},\"action\":{\"type\":\"expire\"}}]}"},
        "repositoryPolicy": null, "tags": [], "parameters": [],
        "scanning": {"scanFrequency": "SCAN_ON_PUSH"}, "errors": errors,
    })
}

fn registry(errors: &Value) -> Value {
    json!({"account": "111122223333", "region": "eu-west-1", "included": ["ecr"],
        "registry": {"scanning": {"scanType": "BASIC", "rules": []}, "policy": null}, "errors": errors})
}

fn judged(records: &[Value]) -> (i32, Value) {
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    ecrlint(["check", "-", "-o", "json", "--evidence"])
        .given(lines)
        .json()
}

#[test]
fn what_was_refused_stands_in_the_summary_and_is_undetermined() {
    let denied = "AccessDeniedException: no";
    let refused = "AWS did not answer calls about 1 record";
    let unlisted = "not seen: the repositories of 1 account and region";
    let table = [
        (vec![record(&json!({ "tags": denied }))], refused, [1, 0]),
        (vec![record(&json!({ "images": denied }))], refused, [1, 0]),
        (
            vec![record(&json!({ "kmsKey": denied, "kmsKeyPolicy": denied }))],
            refused,
            [1, 0],
        ),
        (
            vec![record(&json!({ "somethingNew": {"Code": "Denied"} }))],
            refused,
            [1, 0],
        ),
        (
            vec![registry(&json!({ "policy": denied })), record(&json!({}))],
            refused,
            [1, 0],
        ),
        (
            vec![registry(&json!({ "eventRules": denied }))],
            refused,
            [1, 0],
        ),
        (
            vec![registry(&json!({ "repositories": denied }))],
            unlisted,
            [0, 1],
        ),
        (
            vec![
                registry(&json!({ "repositories": denied })),
                record(&json!({})),
            ],
            unlisted,
            [0, 1],
        ),
    ];
    for (records, told, [refused, unlisted]) in table {
        let (code, report) = judged(&records);
        let summary = &report["summary"];
        assert_eq!(code, 0, "{report}");
        assert_eq!(
            (&summary["refused"], &summary["unlisted"]),
            (&json!(refused), &json!(unlisted))
        );
        assert!(summary["undetermined"].as_u64() >= Some(1), "{report}");
        let conclusion = report["conclusion"].as_str().expect("a text");
        assert!(conclusion.contains(told), "{conclusion}");
        assert!(!conclusion.contains("none with an ECR"), "{conclusion}");
        assert!(!conclusion.contains("no findings"), "{conclusion}");
    }
    let (_, fine) = judged(&[registry(&json!({})), record(&json!({ "tags": null }))]);
    assert_eq!(
        (&fine["summary"]["refused"], &fine["summary"]["unlisted"]),
        (&json!(0), &json!(0))
    );
}

#[test]
fn null_beside_an_error_is_not_nothing() {
    let denied = "AccessDeniedException: no";
    let table = [
        ("lifecyclePolicy", "lifecycle-missing"),
        ("scanning", "scan-on-push"),
        ("repositoryPolicy", "access-public"),
        ("repositoryPolicy", "access-cross-account-write"),
        ("repositoryPolicy", "policy-invalid"),
        ("lifecyclePolicy", "lifecycle-invalid"),
        ("lifecyclePolicy", "lifecycle-unbounded"),
    ];
    for (member, rule) in table {
        let mut errors = json!({});
        errors[member] = denied.into();
        let mut one = record(&errors);
        one[member] = Value::Null;
        let (code, report) = judged(&[one.clone()]);
        let verdict = &report["repositories"][0]["verdicts"][rule];
        assert_eq!(
            (code, verdict),
            (0, &json!("undetermined")),
            "{member}, {rule}: {report}"
        );
        // An error that is not a text is one all the same.
        one["errors"][member] = json!({"Code": "AccessDenied"});
        let (_, report) = judged(&[one]);
        assert_eq!(
            report["repositories"][0]["verdicts"][rule], "undetermined",
            "{member}, {rule}"
        );
    }
    let (_, report) = judged(&[registry(&json!({ "policy": denied, "scanning": denied }))]);
    assert_eq!(report["summary"]["refused"], 1);
    assert!(
        report["summary"]["undetermined"].as_u64() > Some(1),
        "the policy is not known: {report}"
    );
}

#[test]
fn what_failed_is_not_asked_for_by_permissions() {
    let denied = "AccessDeniedException: no";
    let open = |errors: Value| {
        let (_, report) = judged(&[registry(&json!({})), record(&errors)]);
        let findings = report["diagnostics"].as_array().expect("a list");
        let mut about = findings
            .iter()
            .filter(|it| it["rule"] == "unreadable-input");
        let finding = about.next().expect("what is missing is told");
        [&finding["message"], &finding["help"]].map(|it| it.as_str().expect("a text").to_owned())
    };
    let [message, help] = open(json!({ "kmsKey": "ServiceUnavailable", "images": "Http503" }));
    assert!(
        message.ends_with("because calls for `images`, `kmsKey` failed"),
        "{message}"
    );
    assert!(
        !help.contains("granted") && help.contains("capture again"),
        "{help}"
    );
    let [message, help] = open(json!({ "kmsKey": "NoAnswer: no route", "images": denied }));
    assert!(
        message.ends_with("because AWS refused `images` and calls for `kmsKey` failed"),
        "{message}"
    );
    assert!(help.contains("`ecr:DescribeImages` granted"), "{help}");
    assert!(!help.contains("kms:"), "{help}");
    // A name that nobody knows may be one of a refusal.
    let [message, _] = open(json!({ "kmsKey": "Nonsense" }));
    assert!(
        message.ends_with("because AWS refused `kmsKey`"),
        "{message}"
    );
}
