//! What decides what snapshots, registries, policies and declarations leave open.
//! It does not know how templates are evaluated.

use super::templates::LITERAL;

const PRINCIPAL: &str = "no option gives it; name accounts, roles or an organisation in `Principal` or `Condition` literally";
const IDENTITY: &str =
    "check the templates with the policies of `{1}` in the same run, or write them into this one";
const DENY: &str = "no option gives it; write the `Deny` without a `Condition` and with literal values, or allow less";
const CAPTURE: &str = "capture it with `ecrlint snapshot`, or add `{1}` to the record";
const DOCUMENTED: &str =
    "no option helps, because AWS does not document it; write it in a way that AWS documents";
const DECLARATION: &str = "mend the declaration in the configuration";
const CONFIGURATION_OF_REGISTRY: &str =
    "state what holds by `registry: { scanning: { type: …, rules: [] } }` in `ecrlint.yaml`";
const READABLE: &str = "write it as AWS documents it, with literal values of the right type";

/// Reasons with what decides them; `*` stands for any words, which `{1}` and `{2}` repeat.
pub(super) const WAYS: &[(&str, &str)] = &[
    // Snapshots.
    (
        "asking AWS for `*` ended with `AccessDenied",
        "grant {actions} and capture again; `ecrlint snapshot --print-iam-policy` prints all that a capture needs",
    ),
    (
        "asking AWS for `*` ended with `UnauthorizedOperation",
        "grant {actions} and capture again; `ecrlint snapshot --print-iam-policy` prints all that a capture needs",
    ),
    (
        "asking AWS for `*` ended with",
        "capture again with `ecrlint snapshot`: AWS did not answer for `{1}`",
    ),
    (
        "the snapshot does not have `images`",
        "capture with `ecrlint snapshot --images`",
    ),
    (
        "the snapshot does not have `parameters`",
        "capture with `ecrlint snapshot --include ecr,kms,ssm,events`, or add `parameters` to the record",
    ),
    (
        "the snapshot does not have `kmsKey*`",
        "capture with `ecrlint snapshot --include ecr,kms,ssm,events`, or add `kmsKey{1}` to the record",
    ),
    (
        "the snapshot does not have the rules of EventBridge",
        "capture with `ecrlint snapshot --include ecr,kms,ssm,events`",
    ),
    ("the snapshot does not have `*`", CAPTURE),
    (
        "AWS Config does not record",
        "capture with `ecrlint snapshot`, which asks ECR itself",
    ),
    (
        "the value of a `SecureString` is not captured",
        "write the parameter as `String`: the name of a repository is not a secret",
    ),
    (
        "no input describes the key `*`",
        "check the template or snapshot that has the key `{1}` in the same run",
    ),
    (
        "which key the alias stands for",
        "capture with `ecrlint snapshot --include ecr,kms,ssm,events`",
    ),
    (
        "which key encrypts the images",
        "capture with `ecrlint snapshot --include ecr,kms,ssm,events`",
    ),
    (
        "when it is taken with `--images`",
        "capture with `ecrlint snapshot --images`",
    ),
    // Keys.
    (
        "does not show whether AWS or a customer manages it",
        "`rules: { kms-customer-key: { settings: { customer_keys: [ID] } } }` in `ecrlint.yaml`, or refer to the key \
         by `Fn::GetAtt`, or check a snapshot of what is deployed (`ecrlint snapshot`)",
    ),
    // Registries.
    (
        "configures the scanning of a registry that may be this one",
        "{place}",
    ),
    (
        "configure the scanning of the registry in different ways",
        CONFIGURATION_OF_REGISTRY,
    ),
    (
        "what a scanning rule without filters selects",
        "no option helps, because AWS does not document it; give the scanning rule a filter",
    ),
    (
        "no scanning rule of the registry matches",
        "no option helps, because AWS does not document it; give the registry a scanning rule whose filter the name fits",
    ),
    (
        "an enhanced registry without scanning rules",
        "no option helps, because AWS documents both; give the registry a scanning rule",
    ),
    // Lifecycle policies.
    (
        "means in the prefix",
        "no option helps, because AWS does not document it; use `tagPatternList` for patterns",
    ),
    ("its `countType` is not known", READABLE),
    ("its lifecycle policy is not known", READABLE),
    ("the number that it keeps is not known", READABLE),
    // Identities.
    (
        "policy `*` of another template may be attached to it",
        "write the names of roles and policies literally",
    ),
    ("`*` has a managed policy of no input", IDENTITY),
    ("a managed policy of `*` is not known", IDENTITY),
    ("whether a policy is attached to `*`", IDENTITY),
    ("who else's policies stand beside `*`", IDENTITY),
    ("users of `*` may have more policies", IDENTITY),
    ("a policy of `*` says nothing", IDENTITY),
    (
        "is not a known policy template of SAM",
        "no option gives it; write what it gives as statements in its place",
    ),
    (
        "has policies of the accounts that it is assigned in",
        "no option gives it; write their statements into `InlinePolicy`",
    ),
    ("which services pass on calls", PRINCIPAL),
    (
        "Lambda pulls the images of functions without their roles",
        "no option gives it; take what is not used out of the policies, and allow `ecr:GetAuthorizationToken` on `*` if \
         the code of the function pulls",
    ),
    (
        "the permissions boundary of `*` is not known",
        "check the template with the boundary of `{1}` in the same run, or refer to it by `Ref`",
    ),
    (
        "the name of `*` is not known",
        "write the name of `{1}` as a literal text",
    ),
    (
        "no input shows the permissions boundary `*`",
        "check the template that has the policy `{1}` in the same run, or write the boundary into this one",
    ),
    (
        "no input shows what the managed policy `*` allows",
        "check the template that has the policy `{1}` in the same run, or write its statements into this one",
    ),
    (
        "a permissions boundary",
        "no option gives it; write the boundary with literal actions and resources",
    ),
    ("a `Deny`", DENY),
    (
        "a `Condition` decides whether a statement counts",
        "no option gives it, because each request decides it; allow it without a `Condition`, or not at all",
    ),
    (
        "which repositories there are is not known",
        "write the resource as `*` or as the ARN of a repository",
    ),
    // Principals.
    (
        "for whom the service acts is not limited by the policy",
        "limit it by `aws:SourceAccount` or `aws:SourceArn` in `Condition`",
    ),
    (
        "whose principals call from the named network",
        "name the organisation, too: `aws:PrincipalOrgID`",
    ),
    (
        "which organisation account `*` is in",
        "name the account of `{1}` in `Principal`, or in `aws:PrincipalAccount`",
    ),
    ("takes effect depends on more than the policy", PRINCIPAL),
    ("holds in a request to", PRINCIPAL),
    ("matches cannot be determined", PRINCIPAL),
    ("spares only principals that it lists", PRINCIPAL),
    ("which account it is cannot be known", PRINCIPAL),
    ("the account of `*` is not known", PRINCIPAL),
    ("whom the condition on", PRINCIPAL),
    (
        "other registries than the one of `NotResource` may have some",
        "no option gives it; name the repositories in `Resource`",
    ),
    ("is not a principal that IAM accepts", READABLE),
    ("no principal that IAM accepts", READABLE),
    (
        "has no documented meaning in a repository policy",
        DOCUMENTED,
    ),
    (
        "is the id of a principal that was deleted",
        "name a principal that there is, by its ARN",
    ),
    ("is neither `Allow` nor `Deny`", READABLE),
    ("the statement has no `Effect`", READABLE),
    ("is not an operator", READABLE),
    ("is not a condition operator of IAM", READABLE),
    ("is neither a number nor a date", READABLE),
    ("holds several values, and", PRINCIPAL),
    ("is not a text", READABLE),
    ("is not a mapping", READABLE),
    ("is not JSON", "write the text as JSON"),
    // Events.
    (
        "is not a state of a rule",
        "write `State` as `ENABLED` or `DISABLED`",
    ),
    (
        "the `State` of the rule is not known",
        "write `State` as `ENABLED` or `DISABLED`",
    ),
    // Declarations.
    (
        "which are not both configured",
        "configure `organisation.prefix` and `organisation.app`",
    ),
    (
        "are declared differently and get the same name",
        DECLARATION,
    ),
    ("expected a mapping", DECLARATION),
    (", expected", DECLARATION),
    (
        "another input could not be read",
        "mend the input that could not be read, or leave it out of the paths of the run",
    ),
    (
        "which repositories some of the inputs have",
        "decide first which repositories they have: other remarks of this report say how",
    ),
    (
        "which is not there",
        "add the template to the inputs, at the path that is named",
    ),
    (
        "which is not read",
        "name the template among the paths of the run",
    ),
    ("which cannot be read", "mend the template that is named"),
    // Last, because other reasons hold them, too.
    ("is written in a form that cannot be read", READABLE),
    ("AWS does not say", DOCUMENTED),
    ("AWS does not document", DOCUMENTED),
    ("the region of the stack", "{place}"),
    ("its name is not known", "write the name as a literal text"),
    ("the value cannot be known", LITERAL),
];
