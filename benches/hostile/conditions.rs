//! Conditions, values of parameters, loops and references: what a template can mean in many ways.

use serde_json::{Value, json};

use super::{Case, case, many, mapping, repositories, repository, resource, resources, text};

fn equals(parameter: &str, value: &str) -> Value {
    json!({ "Fn::Equals": [{ "Ref": parameter }, value] })
}

fn strings(count: usize) -> Value {
    mapping(count, |it| (format!("P{it}"), json!({ "Type": "String" })))
}

/// Values that a parameter may have.
fn allowed(count: usize, values: usize) -> Value {
    mapping(count, |it| {
        let values = many(values, |at| format!("v{at}"));
        (
            format!("P{it}"),
            json!({ "Type": "String", "AllowedValues": values }),
        )
    })
}

fn named(name: &Value) -> Value {
    resource("ECR::Repository", &json!({ "RepositoryName": name }))
}

fn under(condition: String, mut one: Value) -> Value {
    one["Condition"] = condition.into();
    one
}

#[expect(clippy::too_many_lines, reason = "a table, with a row for each input")]
pub(super) fn cases() -> Vec<Case> {
    let fork =
        |it: usize| json!({ "Fn::If": [format!("C{it}"), format!("x{it}"), format!("y{it}")] });
    let mut all = vec![
        case(
            "conditions-of-their-own",
            &json!({ "Parameters": strings(3500),
            "Conditions": mapping(3500, |it| (format!("C{it}"), equals(&format!("P{it}"), "a"))),
            "Resources": mapping(3500, |it| (format!("R{it}"), under(format!("C{it}"), repository(&format!("acme-shop-{it}"))))) }),
        ),
        case(
            "conditions-same-name",
            &json!({ "Parameters": strings(3500),
            "Conditions": mapping(3500, |it| (format!("C{it}"), equals(&format!("P{it}"), "a"))),
            "Resources": mapping(3500, |it| (format!("R{it}"), under(format!("C{it}"), repository("acme-shop-api")))) }),
        ),
        case(
            "conditions-one-parameter",
            &json!({ "Parameters": strings(1),
            "Conditions": mapping(5000, |it| (format!("C{it}"), equals("P0", &format!("v{it}")))),
            "Resources": mapping(5000, |it| (format!("R{it}"), under(format!("C{it}"), repository("acme-shop-api")))) }),
        ),
        case(
            "conditions-in-a-chain",
            &json!({ "Parameters": strings(4000),
            "Conditions": mapping(4000, |it| (format!("C{it}"), match it {
                0 => equals("P0", "a"),
                _ => json!({ "Fn::And": [{ "Condition": format!("C{}", it - 1) }, equals(&format!("P{it}"), "a")] }) })),
            "Resources": mapping(4000, |it| (format!("R{it}"), under(format!("C{it}"), repository(&format!("a-{it}"))))) }),
        ),
        case(
            "conditions-doubled",
            &json!({ "Parameters": strings(2),
            "Conditions": mapping(5000, |it| (format!("C{it}"), match it {
                0 | 1 => equals(&format!("P{it}"), "a"),
                _ => json!({ "Fn::Or": [{ "Condition": format!("C{}", it - 1) }, { "Fn::Not": [{ "Condition": format!("C{}", it - 2) }] }] }) })),
            "Resources": mapping(2000, |it| (format!("R{it}"), under(format!("C{}", it * 2), repository(&format!("a-{it}"))))) }),
        ),
        case(
            "names-in-many-ways",
            &json!({ "Parameters": strings(60),
            "Conditions": mapping(60, |it| (format!("C{it}"), equals(&format!("P{it}"), "a"))),
            "Resources": mapping(400, |it| (format!("R{it}"), named(&json!({ "Fn::Join": ["-", many(30, |at| fork((it + at) % 60))] })))) }),
        ),
        case(
            "values-allowed",
            &json!({ "Parameters": allowed(1, 90_000), "Resources": { "R": named(&json!({ "Ref": "P0" })) } }),
        ),
        case(
            "values-in-products",
            &json!({ "Parameters": allowed(20, 200),
            "Resources": mapping(2500, |it| (format!("R{it}"), named(&json!({ "Fn::Sub":
                format!("${{P{}}}-${{P{}}}-${{P{}}}-{it}", it % 20, (it + 1) % 20, (it + 2) % 20) })))) }),
        ),
        case(
            "values-compared",
            &json!({ "Parameters": allowed(2, 30_000), "Conditions": { "C": { "Fn::Equals": [{ "Ref": "P0" }, { "Ref": "P1" }] } },
            "Resources": mapping(2000, |it| (format!("R{it}"), under("C".to_owned(), repository(&format!("a-{it}"))))) }),
        ),
        case(
            "values-in-conditions",
            &json!({ "Parameters": allowed(1, 8000),
            "Conditions": mapping(4000, |it| (format!("C{it}"), equals("P0", &format!("v{it}")))),
            "Resources": mapping(4000, |it| (format!("R{it}"), under(format!("C{it}"), repository(&format!("a-{it}"))))) }),
        ),
        case(
            "ssm-conditional",
            &json!({ "Parameters": strings(1500),
            "Conditions": mapping(1500, |it| (format!("C{it}"), equals(&format!("P{it}"), "a"))),
            "Resources": mapping(3000, |it| match it < 1500 {
                true => (format!("R{it}"), under(format!("C{it}"), repository(&format!("acme-shop-{it}")))),
                false => (format!("X{it}"), under(format!("C{}", it - 1500), resource("SSM::Parameter", &json!({
                    "Name": format!("ECR_{it}_arn"), "Type": "String", "Value": { "Fn::GetAtt": [format!("R{}", it - 1500), "Arn"] } })))),
            }) }),
        ),
        case(
            "ssm-variable",
            &json!({ "Parameters": allowed(1, 30),
            "Resources": mapping(500, |it| match it < 250 {
                true => (format!("R{it}"), named(&json!({ "Fn::Sub": format!("acme-shop-${{P0}}-{it}") }))),
                false => (format!("X{it}"), resource("SSM::Parameter", &json!({ "Name": { "Fn::Sub": format!("ECR_${{P0}}_{it}_arn") },
                    "Type": "String", "Value": { "Fn::GetAtt": [format!("R{}", it - 250), "Arn"] } }))),
            }) }),
        ),
        resources(
            "references-in-a-chain",
            many(5000, |it| {
                (
                    format!("R{it}"),
                    match it {
                        0 => repository("a"),
                        _ => named(&json!({ "Fn::Sub": format!("${{R{}}}-a", it - 1) })),
                    },
                )
            }),
        ),
        resources(
            "references-in-a-circle",
            many(5000, |it| {
                (
                    format!("R{it}"),
                    named(&json!({ "Ref": format!("R{}", (it + 1) % 5000) })),
                )
            }),
        ),
        resources(
            "references-all-to-all",
            many(400, |it| {
                let mut one = repository(&format!("a-{it}"));
                one["DependsOn"] = many(250, |at| format!("R{}", (it + at + 1) % 400)).into();
                (format!("R{it}"), one)
            }),
        ),
        resources(
            "depends-on-each-before",
            many(1500, |it| {
                let mut one = repository(&format!("a-{it}"));
                one["DependsOn"] = (it.saturating_sub(60)..it)
                    .map(|at| format!("R{at}"))
                    .collect();
                (format!("R{it}"), one)
            }),
        ),
        resources(
            "depends-on-nothing",
            many(9000, |it| {
                let mut one = repository(&format!("a-{it}"));
                one["DependsOn"] = format!("Rx{it}").into();
                (format!("R{it}"), one)
            }),
        ),
        case(
            "mappings",
            &json!({ "Parameters": allowed(2, 60),
            "Mappings": { "M": mapping(800, |it| (format!("v{it}"), mapping(60, |at| (format!("v{at}"), json!(format!("acme-{it}-{at}")))))) },
            "Resources": mapping(600, |it| (format!("R{it}"), named(&json!({ "Fn::FindInMap": ["M", { "Ref": "P0" }, { "Ref": "P1" }] })))) }),
        ),
        resources(
            "joins-of-joins",
            many(100, |it| {
                let mut name = json!(format!("a{it}"));
                for _ in 0..60 {
                    name = json!({ "Fn::Join": ["", [name.clone(), "b", { "Fn::Select": [0, { "Fn::Split": ["x", "axb"] }] }]] });
                }
                (format!("R{it}"), named(&name))
            }),
        ),
        case(
            "substitutions",
            &json!({ "Parameters": strings(20), "Resources": mapping(300, |it| (format!("R{it}"), named(&json!({ "Fn::Sub":
            format!("{}{it}", "${P0}-${P1}-${AWS::Region}".repeat(120)) })))) }),
        ),
        case(
            "assertions",
            &json!({ "Parameters": allowed(20, 50),
            "Rules": mapping(2000, |it| (format!("A{it}"), json!({ "Assertions": [{ "Assert": { "Fn::Contains": [
                many(20, |at| format!("v{at}")), { "Ref": format!("P{}", it % 20) }] } }] }))),
            "Conditions": mapping(20, |it| (format!("C{it}"), equals(&format!("P{it}"), "v1"))),
            "Resources": mapping(500, |it| (format!("R{it}"), under(format!("C{}", it % 20), repository(&format!("a-{it}"))))) }),
        ),
    ];
    all.extend(loops());
    all.push(nested());
    all.push(resources(
        "wrong-references",
        repositories(3000).into_iter().chain(many(3000, |it| {
            (
                format!("B{it}"),
                named(&json!({ "Fn::GetAtt": [format!("Rx{it}"), "Nothing"] })),
            )
        })),
    ));
    all.push(text("yaml-aliases", ".yaml", yaml_aliases()));
    all
}

fn loops() -> Vec<Case> {
    let numbers = |count: usize| many(count, |it| it.to_string());
    let each = |id: &str, values: Value, key: &str, body: Value| json!({ format!("Fn::ForEach::L{id}"): [id, values, { key: body }] });
    let whole = |resources: Value| json!({ "Transform": "AWS::LanguageExtensions", "Resources": resources });
    let wide = each("A", json!(numbers(60_000)), "R${A}", repository("a-${A}"));
    let mut deep = repository("a");
    let mut key = "R${A0}".to_owned();
    for depth in 0..6 {
        let id = format!("A{depth}");
        let one = each(&id, json!(numbers(900)), &key, deep);
        key = format!("Fn::ForEach::L{id}");
        deep = one[&key].clone();
    }
    let many_loops: Value = (0..6000)
        .map(|it| {
            let id = format!("A{it}");
            (
                format!("Fn::ForEach::L{it}"),
                json!([id, ["x", "y"], { format!("R{it}${{{id}}}"): repository("a") }]),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let tags = json!({ "Fn::ForEach::T": ["A", numbers(3000), { "Key${A}": "x" }] });
    let inside = mapping(300, |it| {
        (format!("R{it}"), super::with("a", "Tags", tags.clone()))
    });
    vec![
        case("loops-wide", &whole(wide)),
        case("loops-in-loops", &whole(json!({ key: deep }))),
        case("loops-many", &whole(many_loops)),
        case(
            "loops-in-properties",
            &whole(
                inside
                    .as_object()
                    .map(|all| {
                        all.iter()
                            .take(20)
                            .map(|(k, v)| (k.clone(), v.clone()))
                            .collect::<serde_json::Map<_, _>>()
                    })
                    .into(),
            ),
        ),
    ]
}

/// A thousand lists in each other, more than once.
fn nested() -> Case {
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let entries = many(4000, |it| {
        format!("\"R{it}\":{{\"Type\":\"AWS::ECR::Repository\",\"Metadata\":{deep}}}")
    });
    text(
        "nested",
        ".json",
        format!(
            "{{\"Resources\":{{{}}}}}",
            entries
                .join(",")
                .chars()
                .take(1_000_000)
                .collect::<String>()
                .rsplit_once(",\"R")
                .map_or("", |it| it.0)
        ),
    )
}

/// Aliases of aliases.
fn yaml_aliases() -> String {
    let mut out = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for depth in 1..40 {
        let before = format!("*a{}", depth - 1);
        out.push_str(&format!(
            "a{depth}: &a{depth} [{}]\n",
            many(10, |_| before.clone()).join(", ")
        ));
    }
    out.push_str("Resources:\n");
    for it in 0..5000 {
        out.push_str(&format!(
            "  R{it}:\n    Type: AWS::ECR::Repository\n    Metadata: *a39\n"
        ));
    }
    out
}
