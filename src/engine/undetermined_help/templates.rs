//! What decides what a template leaves open: parameters, places, names, other stacks, conditions, mistakes, limits.
//! It does not know snapshots, policies or declarations.

const DEPLOYED: &str = "no option gives it, because AWS sets it at deployment; write a literal value, or check a snapshot of what is \
     deployed (`ecrlint snapshot`)";
const REFER: &str = "no option gives it, because AWS makes it up; refer to the resource by `Ref` or `Fn::GetAtt` wherever it is meant, \
     or check a snapshot of what is deployed (`ecrlint snapshot`)";
const PARAMETER: &str = "`--parameters {1}=VALUE`";
const STACK: &str = "check the template of that stack in the same run";
const MEND: &str = "mend the template here: CloudFormation refuses what is written";
pub(super) const LITERAL: &str = "no option gives it; write it as a literal value, or take it from a parameter that \
                       `--parameters` can give";
const CONDITION: &str =
    "give the parameters that `{1}` asks about their values: `--parameters NAME=VALUE`";
const SPLIT: &str =
    "no option helps; split the template, or have fewer resources or conditions in it";
const PROCESSED: &str = "no option gives it, because it runs in AWS; check the processed template, which `aws cloudformation get-template \
     --template-stage Processed --stack-name NAME` prints";
const REPOSITORY_NAME: &str = "set `RepositoryName`";

/// Reasons with what decides them; `*` stands for any words, which `{1}` and `{2}` repeat.
pub(super) const WAYS: &[(&str, &str)] = &[
    // Parameters.
    ("parameter `*` has no default", PARAMETER),
    ("parameter `*` is empty unless it is given", PARAMETER),
    (
        "the conditions rule out the default of parameter `*`",
        PARAMETER,
    ),
    (
        "parameter `*` is read from Systems Manager at deployment",
        "no option gives it, because Systems Manager holds it; declare `{1}` as `String` and pass it by `--parameters \
         {1}=VALUE`, or check a snapshot of what is deployed (`ecrlint snapshot`)",
    ),
    (
        "it can have any other value",
        "give the parameter a value: `--parameters NAME=VALUE`",
    ),
    (
        "the list of a rule is not known",
        "give the parameters of the rule their values: `--parameters NAME=VALUE`",
    ),
    (
        "no values of the parameters fit the `Rules` of the template",
        "mend the `Rules` of the template: no stack can be made of it",
    ),
    // Where a stack is deployed, and what it is called.
    (
        "which no input shows",
        "look at the `DeletionPolicy` in the template that was deployed last: `aws cloudformation get-template \
         --stack-name NAME`",
    ),
    ("without `--stack-name`", "`--stack-name NAME`"),
    ("the name of the stack is not known", "`--stack-name NAME`"),
    ("the id of the stack is made up", DEPLOYED),
    ("the notification topics are chosen", DEPLOYED),
    (
        "the zones of a region are known only when",
        "no option gives it, because AWS lists them at deployment; write the zones literally",
    ),
    ("the account of the stack is not known", "{place}"),
    ("the region of the stack is not known", "{place}"),
    ("of the stack is not known without its region", "{place}"),
    (
        "the account and region of the stack are not known",
        "{place}",
    ),
    (
        "the account or region that the stack is deployed to is not known",
        "{place}",
    ),
    (
        "the account and region that an input is deployed to are not known",
        "{place}",
    ),
    ("the stack's account is not known", "{place}"),
    ("the stack's partition is not known", "{place}"),
    ("the stack's region is not known", "{place}"),
    ("the stack's own values are not known", "{place}"),
    (
        "the environment that it is deployed to is not known",
        "{place}",
    ),
    (
        "and the account that it is deployed to is not known",
        "{place}",
    ),
    (
        "may be the right value in the account and region of the stack",
        "{place}",
    ),
    (
        "the account or region of another repository with this name is not known",
        "{place}",
    ),
    ("some regions fit, others do not", "{place}"),
    (
        "the account, region or name of the repository is not known",
        "{place}, and a literal `RepositoryName`",
    ),
    (
        "the snapshot does not show the account and region of the stack",
        "give `--live` a snapshot of that account and region, too",
    ),
    // Names.
    (
        "scanning rules go by name, and CloudFormation makes up the name",
        REPOSITORY_NAME,
    ),
    (
        "CloudFormation makes up the name of `*`",
        "no option gives it; name `{1}` in its properties",
    ),
    ("its name is made up when it is deployed", REPOSITORY_NAME),
    ("the id of key `*` is made up by KMS", REFER),
    (
        "has it from its primary key in another region",
        "no option gives it; check a snapshot of what is deployed (`ecrlint snapshot`)",
    ),
    ("is called is known only after deployment", REFER),
    ("is known only after deployment", REFER),
    (
        "a template that is known only at deployment",
        "no option gives it; write the path of the template into `TemplateURL`, and check it in the same run",
    ),
    ("it is filled in when the stack is deployed", DEPLOYED),
    (
        "the digest of an image is not known",
        "no option gives it; name the image by a tag",
    ),
    (
        "the template names more images and has more repositories than",
        SPLIT,
    ),
    (
        "other templates name more images than are compared",
        "check fewer templates at once",
    ),
    (
        "more images of the repository are used than are compared",
        "check fewer templates at once",
    ),
    (
        "more repositories have this name than are compared",
        "check fewer templates at once",
    ),
    // Other stacks.
    (
        "no input exports `*`",
        "check the template that exports `{1}` in the same run, or take the value from a parameter",
    ),
    (
        "`*` deploys a template that lies elsewhere",
        "check the template of `{1}` in the same run, by a `TemplateURL` that is its path",
    ),
    (
        "no input is the template of the nested stack `*`",
        "check the template of `{1}` in the same run, by a `TemplateURL` that is its path",
    ),
    (
        "no input is the stack `*`",
        "check the template of stack `{1}` in the same run, in its assembly or with `--stack-name {1}`",
    ),
    ("no input writes `*` for this region", STACK),
    (
        "may export `*`",
        "write the names of exports as literal texts",
    ),
    (
        "more than one output is exported as `*`",
        "check the stacks of one account and region at a time, or say where they are: {place}",
    ),
    (
        "more than one stack",
        "check the stacks of one account and region at a time",
    ),
    (
        "several stacks nest the template, each with its own `*`",
        "pass the same `{1}` from each of them, or check the template alone with `--parameters {1}=VALUE`",
    ),
    (
        "has no output `*` that is a text",
        "add the output `{1}` to that stack as a text, or mend its name",
    ),
    ("of `Fn::GetStackOutput` is not a text", LITERAL),
    ("is not written as a text", LITERAL),
    ("a stack cannot be part of itself", MEND),
    ("lead to each other", SPLIT),
    // What AWS does at deployment.
    (
        "`*` is looked up when the stack is deployed",
        "no option gives a dynamic reference; take the value from a parameter that `--parameters` can give, or check \
         a snapshot of what is deployed (`ecrlint snapshot`)",
    ),
    (
        "what the CDK makes up for a lookup that was not done",
        "run `cdk synth` with credentials of the account, so that `cdk.context.json` holds the answer",
    ),
    (
        "context lookups are missing",
        "run `cdk synth` with credentials of the account, so that `cdk.context.json` holds the answers",
    ),
    ("runs when the stack is deployed", PROCESSED),
    ("brings resources of its own", PROCESSED),
    ("can change what stands beside it", PROCESSED),
    ("can change the template at deployment", PROCESSED),
    ("can add to the template at deployment", PROCESSED),
    (
        "sets it when it is deployed",
        "no option gives it; set `ImageScanningConfiguration` of the repository itself",
    ),
    ("`*` is not evaluated", LITERAL),
    (
        "needs the transform",
        "name the transform in the template, as CloudFormation demands",
    ),
    // Conditions.
    ("the condition `*` decides whether it exists", CONDITION),
    ("`Fn::If` decides it by the condition `*`", CONDITION),
    (
        "conditions of the template decide it",
        "give the parameters that the conditions ask about their values: `--parameters NAME=VALUE`",
    ),
    (
        "combinations of conditions",
        "give the parameters that the conditions ask about their values: `--parameters NAME=VALUE`",
    ),
    (
        "and there are more than * combinations",
        "give the parameters their values: `--parameters NAME=VALUE`",
    ),
    (
        "the conditions of the template take too long to combine",
        "give the parameters that the conditions ask about their values: `--parameters NAME=VALUE`",
    ),
    ("its condition takes `*` away", MEND),
    (
        "the name of the condition of `*` is not known",
        "write the name of the condition as a literal text",
    ),
    // Mistakes of a template.
    ("the template declares no", MEND),
    ("refers to itself", MEND),
    ("refer to each other", MEND),
    ("needs itself", MEND),
    ("need each other in a circle", MEND),
    ("stands in something that is not a mapping", MEND),
    ("stands beside `Properties`", MEND),
    ("stands twice", MEND),
    ("is not an attribute of a resource", MEND),
    ("is not given", MEND),
    ("is given something else than", MEND),
    ("finds no `*` in `Mappings`", MEND),
    (
        "finds no key that fits in `Mappings`",
        "{place}, or give the parameters of the keys their values: `--parameters NAME=VALUE`",
    ),
    ("of a list of", MEND),
    ("there is no function", MEND),
    ("without quotes as", "put the value in quotes"),
    ("a condition holds something else than one function", MEND),
    (
        "its collection is not a list",
        "write the collection as a list of literal texts",
    ),
    ("its identifier is not a text", MEND),
    ("what it repeats is not a mapping", MEND),
    // Limits.
    ("nested more than", SPLIT),
    ("too long to evaluate", SPLIT),
    ("too many steps", SPLIT),
    ("the document is too large for the query", SPLIT),
    ("than are compared", SPLIT),
    ("write more than a template can hold", SPLIT),
    ("make more than", SPLIT),
    ("is not expanded", LITERAL),
];
