//! Templates of one kind of thing in great number: twice as many of them make a report at most about twice as long, and
//! what was not compared is undetermined. Counts only, no times.

use crate::program::report;
use serde_json::{Map, Value, json};

/// The diagnostics about a template by every rule, and the length of the report.
fn checked(template: &Value) -> (Vec<Value>, usize) {
    let text = template.to_string();
    let report = report(&[
        ("template.json", &*text),
        ("ecrlint.yaml", "rules: { scan-event-target: warning }\n"),
    ]);
    let diagnostics = report["diagnostics"].as_array().expect("a list");
    (diagnostics.clone(), diagnostics_length(diagnostics))
}

fn diagnostics_length(diagnostics: &[Value]) -> usize {
    diagnostics.iter().map(|one| one.to_string().len()).sum()
}

fn repository(name: &str) -> Value {
    json!({ "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": name } })
}

/// A rule of EventBridge that waits for scans of repositories by their names.
fn event_rule(names: &Value) -> Value {
    json!({ "Type": "AWS::Events::Rule", "Properties": {
        "EventPattern": {
            "source": ["aws.ecr"],
            "detail-type": ["ECR Image Scan"],
            "detail": { "repository-name": names },
        },
        "Targets": [{ "Id": "a", "Arn": "arn:aws:sns:eu-west-1:111111111111:scans" }],
    } })
}

/// A template of `count` times what `make` makes of a number.
fn template(count: usize, make: impl Fn(usize) -> Vec<(String, Value)>) -> Value {
    let resources: Map<_, _> = (0..count).flat_map(make).collect();
    json!({ "Resources": resources })
}

/// The messages of a rule with a verdict.
fn messages<'d>(diagnostics: &'d [Value], rule: &str, verdict: &str) -> Vec<&'d str> {
    let of_rule = diagnostics.iter().filter(|one| one["rule"] == rule);
    let judged = of_rule.filter(|one| one["verdict"] == verdict);
    judged.filter_map(|one| one["message"].as_str()).collect()
}

/// Whether what is twice as large makes a report that is at most about twice as long.
fn assert_linear(what: &str, make: impl Fn(usize) -> Value, count: usize) {
    let [(_, once), (_, twice)] = [count, 2 * count].map(|count| checked(&make(count)));
    assert!(
        twice * 10 <= once * 22,
        "{what}: {once} bytes became {twice}"
    );
}

fn same_names(count: usize) -> Value {
    template(count, |it| vec![(format!("R{it}"), repository("team/app"))])
}

fn named_by_rules(count: usize) -> Value {
    template(count, |it| {
        let name = format!("team/app-{it}");
        let rule = event_rule(&json!([name]));
        vec![
            (format!("R{it}"), repository(&name)),
            (format!("E{it}"), rule),
        ]
    })
}

/// A role that may pull from resources, without what pulling needs besides.
fn role(resources: &Value) -> Value {
    let statement = |action: &str, resources: &Value| json!({ "Effect": "Allow", "Action": action, "Resource": resources });
    let trust = json!({ "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole",
    }] });
    let policy = json!({ "PolicyName": "pull", "PolicyDocument": { "Statement": [
        statement("ecr:BatchGetImage", resources),
        statement("ecr:GetAuthorizationToken", &json!("*")),
    ] } });
    json!({ "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": trust, "Policies": [policy] } })
}

fn roles_for_all(count: usize) -> Value {
    template(count, |it| {
        vec![
            (format!("R{it}"), repository(&format!("team/app-{it}"))),
            (format!("Role{it}"), role(&json!("*"))),
        ]
    })
}

/// One policy, each statement of which stands under a condition of its own.
fn conditional_statements(count: usize) -> Value {
    let all = |make: &dyn Fn(usize) -> (String, Value)| (0..count).map(make).collect::<Map<_, _>>();
    let statement = |it: usize| {
        let given = json!({
            "Effect": "Allow", "Action": "ecr:BatchGetImage",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", 100_000_000_000 + it) },
        });
        json!({ "Fn::If": [format!("C{it}"), given, { "Ref": "AWS::NoValue" }] })
    };
    let statements: Vec<_> = (0..count).map(statement).collect();
    let mut one = repository("team/app");
    one["Properties"]["RepositoryPolicyText"] = json!({ "Statement": statements });
    json!({
        "Parameters": all(&|it| (format!("P{it}"), json!({ "Type": "String" }))),
        "Conditions": all(&|it| {
            let equals = json!({ "Fn::Equals": [{ "Ref": format!("P{it}") }, "on"] });
            (format!("C{it}"), equals)
        }),
        "Resources": { "Repo": one },
    })
}

#[test]
fn statements_under_conditions_end_at_a_bound() {
    assert_linear("statements under conditions", conditional_statements, 200);
    let (diagnostics, _) = checked(&conditional_statements(70));
    let reason = "it depends on more than 64 combinations of conditions";
    let open = messages(&diagnostics, "access-public", "undetermined");
    assert!(
        open.len() == 1 && open[0].contains(reason),
        "{diagnostics:?}"
    );
}

#[test]
fn a_policy_with_more_open_parts_than_statements_fit_in_is_not_evaluated() {
    let reason = "the policy has more parts that are not known than a policy has statements";
    for (count, is_told) in [(400, false), (401, true)] {
        let (diagnostics, _) = checked(&conditional_statements(count));
        let open = messages(&diagnostics, "access-public", "undetermined");
        assert!(
            open.len() == 1 && open[0].contains(reason) == is_told,
            "{open:?}"
        );
    }
}

/// Repositories, each with a parameter that holds its ARN; every tenth of them under a name that is its own no longer.
fn published(count: usize) -> Value {
    template(count, |it| {
        let wrong = if it % 10 == 0 { "X" } else { "" };
        let parameter = json!({ "Type": "AWS::SSM::Parameter", "Properties": {
            "Name": format!("ECR_{it}{wrong}_arn"), "Type": "String",
            "Value": { "Fn::GetAtt": [format!("R{it}"), "Arn"] },
        } });
        vec![
            (format!("R{it}"), repository(&format!("acme-shop-{it}"))),
            (format!("P{it}"), parameter),
        ]
    })
}

#[test]
fn parameters_are_compared_with_repositories_up_to_a_bound() {
    let reason = "because the template has more SSM parameters and repositories than are compared with each other";
    let judged = |count: usize| {
        let text = published(count).to_string();
        let organisation = "organisation:\n  prefix: acme\n  app: shop\n";
        let report = report(&[("template.json", &*text), ("ecrlint.yaml", organisation)]);
        report["diagnostics"].as_array().expect("a list").clone()
    };
    let open = |diagnostics: &[Value], rule: &str| {
        let open = messages(diagnostics, rule, "undetermined");
        open.iter().filter(|one| one.contains(reason)).count()
    };
    // 62,500 pairs are compared: 250 repositories with 250 parameters.
    let all = judged(250);
    let missing = messages(&all, "ssm-parameter-missing", "fail");
    assert!(
        missing
            .iter()
            .any(|one| one.contains("though there is `ECR_0X_arn`")),
        "{missing:?}"
    );
    assert_eq!(open(&all, "ssm-parameter-missing"), 0);
    let cut = judged(251);
    assert_eq!(open(&cut, "ssm-parameter-missing"), 251);
    for rule in [
        "ssm-parameter-duplicate",
        "ssm-parameter-unexpected",
        "ssm-parameter-mismatch",
    ] {
        assert_eq!(open(&cut, rule), 251, "{rule}");
    }
    assert!(diagnostics_length(&judged(520)) * 10 <= diagnostics_length(&judged(260)) * 22);
}

#[test]
fn reports_grow_with_the_template() {
    assert_linear("repositories of one name", same_names, 100);
    assert_linear("roles for all repositories", roles_for_all, 60);
    assert_linear("event rules that name repositories", named_by_rules, 60);
}

#[test]
fn a_name_in_use_tells_one_other_and_how_many_there_are() {
    for (count, more) in [(2, ""), (3, ", as is one more"), (5, ", as are 3 more")] {
        let (diagnostics, _) = checked(&same_names(count));
        let told = messages(&diagnostics, "name-unique", "fail");
        assert_eq!(told.len(), count);
        let expected = format!(
            "`R0` and `R1` are both named `team/app`{more}, in the same account and region"
        );
        assert_eq!(told[0], expected);
    }
    let (diagnostics, _) = checked(&same_names(1_100));
    let told = messages(&diagnostics, "name-unique", "fail");
    assert_eq!(told.len(), 1_100);
    assert!(
        told.iter().all(|one| one.contains(", as are many more,")),
        "{}",
        told[0]
    );
}

#[test]
fn repositories_that_exclude_each_other_are_compared_up_to_a_bound() {
    let stages = |count: usize| {
        let conditions: Map<_, _> = (0..count)
            .map(|it| {
                let equals = json!({ "Fn::Equals": [{ "Ref": "Stage" }, format!("s{it}")] });
                (format!("Is{it}"), equals)
            })
            .collect();
        let mut template = template(count, |it| {
            let mut one = repository("team/app");
            one["Condition"] = json!(format!("Is{it}"));
            vec![(format!("R{it}"), one)]
        });
        template["Parameters"] = json!({ "Stage": { "Type": "String" } });
        template["Conditions"] = conditions.into();
        checked(&template).0
    };
    let few = stages(40);
    assert!(messages(&few, "name-unique", "fail").is_empty());
    assert!(messages(&few, "name-unique", "undetermined").is_empty());
}

#[test]
fn a_rule_about_other_repositories_is_judged_once() {
    let rule = |name: &str| {
        let mut rule = event_rule(&json!([name]));
        rule["Properties"]["Targets"] = json!([]);
        rule
    };
    let (diagnostics, _) = checked(&template(20, |it| {
        let mut all = vec![(format!("R{it}"), repository(&format!("team/app-{it}")))];
        all.extend((it == 0).then(|| ("Elsewhere".to_owned(), rule("platform/base"))));
        all.extend((it == 9).then(|| ("Here".to_owned(), rule("team/app-9"))));
        all
    }));
    let told = messages(&diagnostics, "event-rule-target", "fail");
    assert_eq!(
        told,
        [
            "event rule `Elsewhere` has no target",
            "event rule `Here` has no target"
        ]
    );
}

#[test]
fn rules_about_any_repository_are_compared_up_to_a_bound() {
    let wide = |count: usize| {
        checked(&template(count, |it| {
            let names = json!([{ "prefix": "team/" }, { "wildcard": format!("*-{it}") }]);
            vec![
                (format!("R{it}"), repository(&format!("team/app-{it}"))),
                (format!("E{it}"), event_rule(&names)),
            ]
        }))
        .0
    };
    let all = wide(20);
    assert!(messages(&all, "scan-event-target", "undetermined").is_empty());
    let cut = wide(110);
    let open = messages(&cut, "scan-event-target", "undetermined");
    let reason = "because the template has more event rules and repositories than are compared with each other";
    // 10,000 pairs are compared: 90 repositories with 110 rules each.
    assert_eq!(open.len(), 110 - 90);
    assert!(
        open.iter().all(|message| message.contains(reason)),
        "{open:?}"
    );
}

#[test]
fn roles_are_compared_with_repositories_up_to_a_bound() {
    let arn = |it: usize| format!("arn:aws:ecr:*:*:repository/other-{it}");
    let many: Vec<_> = (0..1_001).map(arn).collect();
    let (diagnostics, _) = checked(&template(300, |it| {
        let mut all = vec![(format!("R{it}"), repository(&format!("team/app-{it}")))];
        all.extend((it == 0).then(|| ("Wide".to_owned(), role(&json!(many)))));
        all.extend((it == 1).then(|| ("Narrow".to_owned(), role(&json!(arn(0))))));
        all.extend((it == 2).then(|| ("All".to_owned(), role(&json!("*")))));
        all
    }));
    let open = messages(&diagnostics, "pull-incomplete", "undetermined");
    let reason = "because the policies of the template have more resources, and it more repositories, than are compared with each other";
    assert_eq!(open.len(), 1);
    assert!(
        open[0].contains("`Wide`") && open[0].contains(reason),
        "{open:?}"
    );
    let told = messages(&diagnostics, "pull-incomplete", "fail").join("; ");
    assert!(
        told.contains("`Narrow`") && told.contains("`All`"),
        "{told}"
    );
}

/// Repositories in a registry with so many filters of names.
fn scanned(repositories: usize, filters: usize) -> Vec<Value> {
    let filters = (0..filters)
        .map(|it| json!({ "Filter": format!("other-{it}*"), "FilterType": "WILDCARD" }));
    let filters: Vec<_> = filters.collect();
    checked(&template(repositories, |it| {
        let mut all = vec![(format!("R{it}"), repository(&format!("team/app-{it}")))];
        let registry = json!({ "Type": "AWS::ECR::RegistryScanningConfiguration", "Properties": {
            "ScanType": "ENHANCED",
            "Rules": [{ "ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": filters }],
        } });
        all.extend((it == 0).then(|| ("Registry".to_owned(), registry)));
        all
    }))
    .0
}

#[test]
fn scanning_filters_are_compared_with_repositories_up_to_a_bound() {
    let all = scanned(100, 200);
    assert_eq!(messages(&all, "scan-on-push", "fail").len(), 100);
    let cut = scanned(100, 4_000);
    let open = messages(&cut, "scan-on-push", "undetermined");
    let reason = "because the template has more scanning rules and repositories than are compared with each other";
    assert_eq!(open.len(), 100);
    assert!(open.iter().all(|one| one.contains(reason)), "{}", open[0]);
    assert!(messages(&cut, "scan-on-push", "fail").is_empty());
}

#[test]
fn a_search_for_circles_that_is_ended_is_reported_once() {
    let circle = |count: usize| {
        checked(&template(count, |it| {
            let mut one = repository(&format!("team/app-{it}"));
            one["DependsOn"] = json!(format!("R{}", (it + 1) % count));
            vec![(format!("R{it}"), one)]
        }))
        .0
    };
    let reason = "the circles of resources that need each other take too long to find";
    for (count, cut) in [(100, 0), (900, 1)] {
        let diagnostics = circle(count);
        assert_eq!(messages(&diagnostics, "template-invalid", "fail").len(), 1);
        let open = messages(&diagnostics, "template-invalid", "undetermined");
        assert_eq!(open.len(), cut, "{open:?}");
        assert!(open.iter().all(|one| one.contains(reason)), "{open:?}");
    }
}

#[test]
fn a_mistake_in_a_condition_is_reported_of_each_that_depends_on_it() {
    let mut conditions: Map<_, _> = (1..40)
        .map(|it| {
            let before = json!([{ "Condition": format!("C{}", it - 1) }]);
            (format!("C{it}"), json!({ "Fn::Not": before }))
        })
        .collect();
    let start = json!({ "Fn::Equals": [{ "Ref": "Nowhere" }, "x"] });
    conditions.insert("C0".to_owned(), start);
    let mut template = template(10, |it| {
        let mut one = repository(&format!("team/app-{it}"));
        one["Condition"] = json!("C39");
        vec![(format!("R{it}"), one)]
    });
    template["Conditions"] = conditions.into();
    let (diagnostics, _) = checked(&template);
    let told = messages(&diagnostics, "template-invalid", "fail");
    assert_eq!(told.len(), 10, "{told:?}");
    let missing = "there is no parameter `Nowhere`";
    assert!(told.iter().all(|one| one.contains(missing)), "{told:?}");
}

/// Repositories that take their names from one mapping by a parameter that may have any of its keys.
fn mapped(repositories: usize, keys: usize) -> Value {
    let sections: Map<_, _> = (0..keys)
        .map(|it| {
            (
                format!("k{it}"),
                json!({ "name": format!("team/app-{it}") }),
            )
        })
        .collect();
    let found = json!({ "Fn::FindInMap": ["Names", { "Ref": "Stage" }, "name"] });
    let mut template = template(repositories, |it| {
        let name = json!({ "Fn::Join": ["-", [found, it.to_string()]] });
        let one =
            json!({ "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": name } });
        vec![(format!("R{it}"), one)]
    });
    template["Parameters"] = json!({ "Stage": { "Type": "String" } });
    template["Mappings"] = json!({ "Names": sections });
    template
}

#[test]
fn keys_of_a_mapping_are_tried_for_each_repository() {
    let (few, _) = checked(&mapped(5, 4));
    let told = messages(&few, "scan-on-push", "fail");
    assert_eq!(told.len(), 5, "{told:?}");
    let open = messages(&few, "name-valid", "undetermined");
    assert!(open.is_empty(), "{open:?}");
    let (many, _) = checked(&mapped(5, 100));
    let open = messages(&many, "name-valid", "undetermined");
    let reason =
        "parameter `Stage` can have any of 100 values, and there are more than 64 combinations";
    assert_eq!(open.len(), 5, "{open:?}");
    assert!(open.iter().all(|one| one.contains(reason)), "{open:?}");
}
