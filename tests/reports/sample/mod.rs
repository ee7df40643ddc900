//! A report made by hand, with every kind of finding that a format can meet.

use std::sync::Arc;

use ecrlint::render::{self, Format, RenderOptions};
use ecrlint::report::{
    Diagnostic, DraftReport, Evidence, Label, RuleSummary, Severity, SourceLocation, Subject,
    Summary, Tally, Verdict,
};
use ecrlint::source::{SourceId, Sources, Span};

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Consumer:
    Type: String
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  PaymentsRepo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: payments
      ImageTagMutability: MUTABLE
      ImageScanningConfiguration:
        ScanOnPush: false
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref Consumer
            Action:
              - ecr:*

  OrdersRepo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: payments
"#;

const CONFIG: &str = "organisation:\r\n  prefix: mare\r\n  app: catalogue\r\n  repositories:\r\n    api: { images_retained: 10 }\r\n";

const PROGRAM: &str = "import * as ecr from 'aws-cdk-lib/aws-ecr';\n\nexport class AppStack extends Stack {\n\tconstructor(scope: Construct, id: string) {\n\t\tsuper(scope, id);\n\t\tnew ecr.Repository(this, 'Api', { emptyOnDelete: true });\n\t}\n}\n";

/// A finding of severity error with nothing but a place.
pub(crate) fn diagnostic(rule: &str, message: &str, span: Span) -> Diagnostic {
    Diagnostic {
        rule: rule.to_owned(),
        severity: Severity::Error,
        verdict: Verdict::Fail,
        message: message.to_owned(),
        help: None,
        when: None,
        subject: None,
        judged: None,
        primary: Label {
            span,
            message: String::new(),
        },
        related: Vec::new(),
        source_location: None,
        field: String::new(),
        proposal: None,
        fixes: Vec::new(),
    }
}

/// A report of findings, with rules to match.
pub(crate) fn report(diagnostics: Vec<Diagnostic>) -> DraftReport {
    let mut rules: Vec<RuleSummary> = Vec::new();
    for one in &diagnostics {
        if one.rule != "unreadable-input" && rules.iter().all(|rule| rule.id != one.rule) {
            rules.push(rule(&one.rule, one.severity));
        }
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    DraftReport {
        diagnostics,
        rules,
        counted: Summary {
            inputs: 3,
            snapshots: 1,
            repositories: 4,
            ..Summary::default()
        },
        fail_on: Some(Severity::Warning),
        ..DraftReport::default()
    }
}

fn rule(id: &str, severity: Severity) -> RuleSummary {
    let category = match id {
        "scan-on-push" => "scanning",
        "access-wildcard-action" | "access-cross-account-write" => "access",
        "tag-immutability" => "mutability",
        "lifecycle-retention" => "lifecycle",
        _ => "naming",
    };
    RuleSummary {
        id: id.to_owned(),
        title: format!("title of {id}"),
        severity,
        why: format!("why {id} matters"),
        markdown: format!("# {id}\n\nWhy it matters.\n"),
        url: (id == "scan-on-push").then(|| "https://example.com/rules/scan-on-push".to_owned()),
        controls: match id {
            "scan-on-push" => vec![
                ("aws-fsbp".to_owned(), vec!["ECR.1".to_owned()]),
                ("nist-800-53".to_owned(), vec!["RA-5".to_owned()]),
            ],
            "tag-immutability" => vec![("aws-fsbp".to_owned(), vec!["ECR.2".to_owned()])],
            _ => Vec::new(),
        },
        security: match id {
            "access-cross-account-write" => Some("9.3".to_owned()),
            "scan-on-push" => Some("5.5".to_owned()),
            _ => None,
        },
        category: category.to_owned(),
        tally: Tally::default(),
    }
}

/// The texts of a run, with what the sample's findings need to point into them.
struct Texts {
    sources: Sources,
    template: SourceId,
    config: SourceId,
    cdk: SourceId,
    snapshot: SourceId,
    names: SourceId,
    empty: SourceId,
    program: SourceId,
}

impl Texts {
    fn new() -> Self {
        let mut sources = Sources::default();
        let template = sources.add("infra/ecr.yaml", TEMPLATE);
        let config = sources.add("ecrlint.yaml", CONFIG);
        let minified = format!(
            r#"{{"Resources":{{"Pad":{{"Metadata":"{}"}},"Repo":{{"Type":"AWS::ECR::Repository","Properties":{{"ImageTagMutability":"MUTABLE","Tags":[]}}}}}}}}"#,
            "x".repeat(70_000)
        );
        let cdk = sources.add("cdk.out/App.template.json", minified);
        let snapshot = sources.add(
            "snapshot.ndjson",
            "{\"account\":\"111111111111\",\"region\":\"eu-west-1\",\"registry\":{\"scanning\":null}}\n{\"account\":\"111111111111\",\"region\":\"eu-west-1\",\"repository\":{\"repositoryName\":\"legacy\",\"repositoryArn\":\"arn:aws:ecr:eu-west-1:111111111111:repository/legacy\",\"imageTagMutability\":\"MUTABLE\"},\"lifecyclePolicy\":null}\n",
        );
        let names = sources.add(
            "docs/größe maß/名前.yaml",
            "Resources:\n\tRepo:\n\t\tName: größe-漢字-\u{1b}[31mred\u{202e}x # tabs\n",
        );
        let empty = sources.add("broken.yaml", "");
        let program = sources.add("lib/app-stack.ts", PROGRAM);
        Self {
            sources,
            template,
            config,
            cdk,
            snapshot,
            names,
            empty,
            program,
        }
    }

    /// The span of `part` of the `nth` occurrence of `text`.
    fn span(&self, id: SourceId, text: &str, part: &str) -> Span {
        let all = self.sources.source(id).text();
        let start = all.find(text).expect("in the text") + text.find(part).expect("in the part");
        Span::new(id, start, start + part.len())
    }
}

fn subject(logical_id: &str, name: &str) -> Option<Arc<Subject>> {
    Some(Arc::new(Subject {
        kind: ecrlint::report::SubjectKind::Repository,
        name: Some(name.to_owned()),
        logical_id: Some(logical_id.to_owned()),
        stack: Some("App".to_owned()),
        construct_path: None,
        arn: None,
        account: None,
        region: None,
    }))
}

/// The sample, sorted as the engine sorts: by source, place, rule.
pub(crate) fn sample() -> (DraftReport, Sources) {
    let texts = Texts::new();
    let mut diagnostics = in_the_template(&texts);
    diagnostics.extend(twice_and_whole(&texts));
    diagnostics.extend(in_the_assembly(&texts));
    diagnostics.extend(elsewhere(&texts));
    diagnostics.sort_by_key(|one| one.primary.span);
    let place = texts.span(texts.template, "PaymentsRepo:", "PaymentsRepo");
    let evidence =
        |subject: Option<Arc<Subject>>, tool_owned, verdicts: &[(&str, Verdict)]| Evidence {
            subject: subject.expect("made above"),
            place,
            tool_owned,
            declared: None,
            verdicts: verdicts
                .iter()
                .map(|(rule, verdict)| ((*rule).to_owned(), *verdict))
                .collect(),
        };
    let payments = [
        ("access-wildcard-action", Verdict::Fail),
        ("lifecycle-retention", Verdict::NotApplicable),
        ("scan-on-push", Verdict::Fail),
        ("tag-immutability", Verdict::Ignored),
    ];
    let mut report = report(diagnostics);
    report.repositories = vec![
        evidence(subject("PaymentsRepo", "payments"), false, &payments),
        evidence(
            subject("OrdersRepo", "payments"),
            false,
            &[("name-unique", Verdict::Fail)],
        ),
        evidence(
            subject("CleanRepo", "clean"),
            false,
            &[("scan-on-push", Verdict::Pass)],
        ),
        evidence(
            subject(
                "Assets",
                "cdk-hnb659fds-container-assets-111111111111-eu-west-1",
            ),
            true,
            &[("scan-on-push", Verdict::Fail)],
        ),
    ];
    (report, texts.sources)
}

/// Findings in a template written by hand, one of them ignored and one undetermined.
fn in_the_template(texts: &Texts) -> Vec<Diagnostic> {
    let id = texts.template;
    let payments = subject("PaymentsRepo", "payments");

    let mut immutable = diagnostic(
        "tag-immutability",
        "release tags of `payments` can be overwritten",
        texts.span(id, "ImageTagMutability: MUTABLE", "MUTABLE"),
    );
    immutable.verdict = Verdict::Ignored;
    immutable.severity = Severity::Warning;
    immutable.subject.clone_from(&payments);

    let mut scan = diagnostic(
        "scan-on-push",
        "repository `payments` does not scan images on push",
        texts.span(id, "ScanOnPush: false", "false"),
    );
    scan.primary.message = "scanning is turned off here".to_owned();
    scan.help = Some("# set `ScanOnPush: true`, or use enhanced scanning for the registry\nImageScanningConfiguration:\n  ScanOnPush: true\n".to_owned());
    scan.when = Some("`IsProd` is false".to_owned());
    scan.subject.clone_from(&payments);

    let mut unknown = diagnostic(
        "access-cross-account-write",
        "cannot tell for `payments` whether others may push, because parameter `Consumer` has no default",
        texts.span(id, "AWS: !Ref Consumer", "!Ref Consumer"),
    );
    unknown.verdict = Verdict::Undetermined;
    unknown.help = Some("# name its value with `--parameters`".to_owned());
    unknown.subject.clone_from(&payments);

    let mut wildcard = diagnostic(
        "access-wildcard-action",
        "a statement of repository `payments` allows `ecr:*`",
        texts.span(id, "- ecr:*", "ecr:*"),
    );
    wildcard.severity = Severity::Warning;
    wildcard.primary.message = "this includes pushing and deleting".to_owned();
    wildcard.related = vec![Label {
        span: texts.span(id, "AWS: !Ref Consumer", "!Ref Consumer"),
        message: "granted to this principal".to_owned(),
    }];
    wildcard.help = Some("# list the actions that are needed, such as `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`, so that no principal can push, delete or change the policy".to_owned());
    wildcard.subject = payments;

    vec![immutable, scan, unknown, wildcard]
}

/// A finding with a second place far away, and one over several lines without a subject.
fn twice_and_whole(texts: &Texts) -> Vec<Diagnostic> {
    let id = texts.template;
    let all = texts.sources.source(id).text();
    let second = all.rfind("payments").expect("twice in the template");
    let mut twice = diagnostic(
        "name-unique",
        "two repositories are named `payments`",
        Span::new(id, second, second + 8),
    );
    twice.primary.message = "this name is taken".to_owned();
    twice.related = vec![Label {
        span: texts.span(id, "RepositoryName: payments", "payments"),
        message: "by this repository".to_owned(),
    }];
    twice.subject = subject("OrdersRepo", "payments");

    let mut whole = diagnostic(
        "name-pattern",
        "repository `payments` has no owner",
        texts.span(
            id,
            "Principal:\n              AWS: !Ref Consumer",
            "Principal:\n              AWS: !Ref Consumer",
        ),
    );
    whole.severity = Severity::Note;
    whole.primary.message = "these lines".to_owned();
    vec![whole, twice]
}

/// Findings in the minified template of a CDK app, one of which is traced to the program.
fn in_the_assembly(texts: &Texts) -> Vec<Diagnostic> {
    let mut retention = diagnostic(
        "lifecycle-retention",
        "repository `api` keeps every image",
        texts.span(
            texts.cdk,
            "\"ImageTagMutability\":\"MUTABLE\"",
            "\"MUTABLE\"",
        ),
    );
    retention.primary.message = "there is no lifecycle policy".to_owned();
    retention.related = vec![Label {
        span: texts.span(texts.config, "images_retained: 10", "10"),
        message: "10 images are declared here".to_owned(),
    }];
    retention.source_location = Some(Box::new(SourceLocation {
        path: "lib/app-stack.ts".to_owned(),
        line: 6,
        column: Some(3),
        message: "created here".to_owned(),
        span: None,
        line_span: texts.sources.rest_of_line(texts.program, 6, Some(3)),
    }));
    retention.subject = Some(Arc::new(Subject {
        construct_path: Some("App/Api/Repo".to_owned()),
        account: Some("111111111111".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Subject::clone(&subject("Repo", "api").expect("a subject"))
    }));

    let mut assets = diagnostic(
        "scan-on-push",
        "repository `cdk-hnb659fds-container-assets-111111111111-eu-west-1` does not scan images on push",
        texts.span(texts.cdk, "\"Repo\"", "\"Repo\""),
    );
    assets.subject = subject(
        "Assets",
        "cdk-hnb659fds-container-assets-111111111111-eu-west-1",
    );

    vec![retention, assets]
}

/// A live repository, an odd text, and a file that could not be read.
fn elsewhere(texts: &Texts) -> Vec<Diagnostic> {
    let mut live = diagnostic(
        "tag-immutability",
        "release tags of `legacy` can be overwritten",
        texts.span(texts.snapshot, "\"MUTABLE\"", "\"MUTABLE\""),
    );
    live.severity = Severity::Warning;
    live.primary.message = "tags can be moved".to_owned();
    live.source_location = Some(Box::new(SourceLocation {
        path: "lib/not read, though.ts".to_owned(),
        line: 21,
        column: None,
        message: String::new(),
        span: None,
        line_span: None,
    }));
    live.subject = Some(Arc::new(Subject {
        name: Some("legacy".to_owned()),
        arn: Some("arn:aws:ecr:eu-west-1:111111111111:repository/legacy".to_owned()),
        ..Subject::default()
    }));

    let mut odd = diagnostic(
        "name-valid",
        "name `größe-漢字-\u{1b}[31mred\u{202e}x` is not one that ECR takes",
        texts.span(texts.names, "größe-漢字", "漢字"),
    );
    odd.primary.message = "not in a to z, 0 to 9, `.`, `_`, `-`, `/`".to_owned();

    let mut unreadable = diagnostic(
        "unreadable-input",
        "cannot read `broken.yaml`: permission denied",
        Span::new(texts.empty, 0, 0),
    );
    unreadable.help = Some("let the current user read it, or leave it out".to_owned());
    vec![live, odd, unreadable]
}

/// A report in one of the formats.
pub(crate) fn rendered(
    name: &str,
    report: &DraftReport,
    sources: &Sources,
    options: &RenderOptions,
) -> String {
    let format = Format::named(name).expect("a format of the table");
    let mut out = Vec::new();
    render::write(format, &report.clone().finish(sources), options, &mut out)
        .expect("memory takes everything");
    String::from_utf8(out).expect("output is text")
}
