//! The ways to leave the organisation's standard, statement by statement, as changes of what its builder
//! synthesizes. It does not know how a report is made.

pub(crate) mod library;

use serde_json::{Value as Json, json};

/// Ids of rules.
pub(crate) type Rules = &'static [&'static str];

/// One change of the app's output or of its configuration.
pub(crate) enum Change {
    /// In the resource of a construct (`dev/api/Key/Resource`), at a pointer; `None` takes away.
    Resource(&'static str, &'static str, Option<Json>),
    /// A resource of a name of its own in an environment's template.
    New(&'static str, &'static str, Json),
    /// In `cdk.json`, below `/context/environments`.
    Declared(&'static str, Option<Json>),
    /// Lines at the end of `ecrlint.yaml`.
    Configured(&'static str),
}

use Change::{Configured, Declared, New, Resource};

/// One way to leave the standard.
pub(crate) struct Broken {
    /// The number of the statement in the standard.
    pub(crate) statement: &'static str,
    /// What is not as the statement says.
    pub(crate) what: &'static str,
    /// The environment and base name of the repository that findings have to be about; empty where they are
    /// about several or none.
    pub(crate) subject: &'static str,
    /// What is changed, in this order.
    pub(crate) changes: Vec<Change>,
    /// The rules that find it; with `?` behind those that cannot be decided any more.
    pub(crate) rules: Rules,
}

const API: &str = "dev/api/Repository/Resource";
const WEB: &str = "dev/web/Repository/Resource";
const QUEUE: &str = "dev/worker_queue/Repository/Resource";
const CACHE: &str = "dev/build-cache/Repository/Resource";
const NAME: &str = "/Properties/RepositoryName";
const LIFECYCLE: &str = "/Properties/LifecyclePolicy";
const ENCRYPTION: &str = "/Properties/EncryptionConfiguration";
const POLICY: &str = "/Properties/RepositoryPolicyText";
const STATEMENT: &str = "/Properties/RepositoryPolicyText/Statement/0";
const ACTIONS: &str = "/Properties/RepositoryPolicyText/Statement/0/Action";
const PRINCIPALS: &str = "/Properties/RepositoryPolicyText/Statement/0/Principal/AWS";

/// Every way, in the order of the statements.
pub(crate) fn ways() -> Vec<Broken> {
    let tables = [
        declaration(), names(), twins(), settings(), keys(), retention(), sharing(), excess(), parameters(),
    ];
    tables.into_iter().flatten().collect()
}

/// Ways to build that are as good as the builder's own.
pub(crate) fn equals() -> Vec<Broken> {
    let web = |what, pointer, value| row("B7", what, "dev/web", vec![Resource(WEB, pointer, value)], &[]);
    let others = [root("222222222222"), root("333333333333")];
    let policy = |statements: Json| Some(json!({ "Version": "2012-10-17", "Statement": statements }));
    let gives = |principal: &Json, actions: &Json| json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": actions });
    let (first, last) = (json!(["ecr:List*", "ecr:Get*"]), json!([
        "ecr:Describe*", "ecr:BatchGetRepositoryScanningConfiguration", "ecr:BatchGetImage",
        "ecr:BatchCheckLayerAvailability",
    ]));
    let all = json!([
        "ecr:List*", "ecr:Get*", "ecr:Describe*", "ecr:BatchGetRepositoryScanningConfiguration", "ecr:BatchGetImage",
        "ecr:BatchCheckLayerAvailability",
    ]);
    let api = "/Properties/KeyPolicy/Statement/1/Principal/AWS";
    vec![
        web("the own account is left out", PRINCIPALS, Some(json!(others))),
        web("accounts by their ids", PRINCIPALS, Some(json!(["333333333333", "222222222222", "111111111111"]))),
        web("a statement for each account", POLICY,
            policy(json!([gives(&others[1], &all), gives(&others[0], &all)]))),
        web("a statement for some of the actions", POLICY,
            policy(json!([gives(&json!(others), &first), gives(&json!(others), &last)]))),
        web("one statement that is not a list", POLICY, policy(gives(&json!(others), &all))),
        web("actions in other letter case", ACTIONS, Some(json!([
            "ECR:BatchCheckLayerAvailability", "ecr:batchgetimage", "ecr:BatchGetRepositoryScanningConfiguration",
            "ecr:describe*", "ecr:get*", "ecr:list*",
        ]))),
        web("something denied to everybody over plain connections", "/Properties/RepositoryPolicyText/Statement/1",
            Some(json!({ "Effect": "Deny", "Principal": "*", "Action": "ecr:*",
                "Condition": { "Bool": { "aws:SecureTransport": "false" } } }))),
        row("B5", "a key that rotates", "dev/api",
            vec![Resource("dev/api/Key/Resource", "/Properties/EnableKeyRotation", Some(json!(true)))], &[]),
        row("B5", "a key that says that it does not", "dev/api",
            vec![Resource("dev/api/Key/Resource", "/Properties/EnableKeyRotation", Some(json!(false)))], &[]),
        row("B11", "the own account has no part in the key's statement", "dev/api",
            vec![Resource("dev/api/Key/Resource", api, Some(json!(others)))], &[]),
        row("B4", "AES-256 by its name", "dev/web",
            vec![Resource(WEB, ENCRYPTION, Some(json!({ "EncryptionType": "AES256" })))], &[]),
        row("B6", "a description beside the rule", "dev/web", vec![Resource(WEB, LIFECYCLE, Some(newest(5)))], &[]),
        row("B14", "more tags than are asked for", "dev/web",
            vec![Resource(WEB, "/Properties/Tags/2", Some(json!({ "Key": "team", "Value": "web" })))], &[]),
        row("B1", "defaults that are written out", "", vec![
            Declared("/dev/ecr/web/use_kms_key", Some(json!(false))),
            Declared("/dev/ecr/worker_queue/shareable_with_all_envs", Some(json!(false))),
            Declared("/dev/ecr/build-cache", Some(json!({}))),
        ], &[]),
    ]
}

/// B1: the declaration is validated, and is the source of all settings.
fn declaration() -> Vec<Broken> {
    let cache = |member| Declared(member, Some(json!("no")));
    vec![
        row("B1", "a setting that nobody knows", "", vec![cache("/dev/ecr/build-cache/image_retained")],
            &["declaration-invalid"]),
        row("B1", "a setting of another type", "", vec![cache("/dev/ecr/build-cache/use_kms_key")],
            &["declaration-invalid", "kms-customer-key?", "ssm-parameter-missing?"]),
        row("B1", "a number of another type", "dev/web",
            vec![Declared("/dev/ecr/web/images_retained", Some(json!("5")))],
            &["declaration-invalid", "lifecycle-retention?", "lifecycle-undeclared?"]),
        row("B1", "no number of images at all", "dev/web",
            vec![Declared("/dev/ecr/web/images_retained", Some(json!(0)))],
            &["declaration-invalid", "lifecycle-retention?", "lifecycle-undeclared?"]),
        row("B1", "no word for yes", "dev/worker_queue",
            vec![Declared("/dev/ecr/worker_queue/shareable_with_all_envs", Some(json!("false")))],
            &["declaration-invalid", "kms-key-sharing?", "sharing-incomplete?"]),
        row("B1", "no declaration of settings", "dev/build-cache",
            vec![Declared("/dev/ecr/build-cache", Some(json!(true)))],
            &["declaration-invalid", "kms-customer-key?", "ssm-parameter-missing?", "lifecycle-missing?",
                "lifecycle-retention?", "sharing-incomplete?"]),
        row("B1", "a list of repositories", "", vec![Declared("/staging/ecr", Some(json!(["api", "web"])))],
            &["declaration-invalid", "undeclared-repository?", "kms-customer-key?", "kms-key-sharing?", "kms-undeclared?",
                "lifecycle-missing?", "lifecycle-retention?", "lifecycle-undeclared?", "sharing-incomplete?"]),
        row("B1", "two keys for one name", "",
            vec![Declared("/dev/ecr/WEB", Some(json!({ "images_retained": 5, "shareable_with_all_envs": true })))],
            &["declaration-invalid"]),
        row("B1", "another environment's repository", "",
            vec![Declared("/dev/ecr/Report-Writer", Some(json!({ "images_retained": 30 })))],
            &["declared-repository-missing"]),
        row("B1", "declared, but not built", "", vec![Declared("/staging/ecr/ghost", Some(json!({})))],
            &["declared-repository-missing"]),
        row("B1", "built, but not declared", "dev/build-cache",
            vec![Declared("/dev/ecr/build-cache", None), kept()],
            &["undeclared-repository"]),
    ]
}

/// B2: `{organization-prefix}-{app-name}-{repo-base-name}`, lower-cased.
fn names() -> Vec<Broken> {
    let named = |name: &str| Resource(CACHE, NAME, Some(json!(name)));
    let parameter = |construct, name: &str| Resource(construct, "/Properties/Name", Some(json!(name)));
    vec![
        row("B2", "another application's name", "dev/build-cache",
            vec![named("nordic-search-build-cache")], &["name-pattern"]),
        row("B2", "the prefix as it is declared, not in lower case", "dev/build-cache",
            vec![named("Nordic-catalogue-build-cache")], &["name-pattern", "name-valid"]),
        row("B2", "a base name that ends with a hyphen", "dev/build-cache",
            vec![
                Declared("/dev/ecr/build-cache", None),
                Declared("/dev/ecr/build-cache-", Some(json!({}))),
                named("nordic-catalogue-build-cache-"),
                parameter("dev/build-cache/Parameter-arn/Resource", "ECR_BUILD-CACHE-_arn"),
                parameter("dev/build-cache/Parameter-name/Resource", "ECR_BUILD-CACHE-_name"),
            ],
            &["name-valid"]),
        row("B2", "no prefix", "dev/build-cache", vec![named("catalogue-build-cache")], &["name-pattern"]),
        row("B2", "a name that ends early", "dev/build-cache", vec![kept(), named("nordic-catalogue-build-cach")],
            &["undeclared-repository", "declared-repository-missing"]),
        row("B2", "a name of the environment's", "dev/build-cache",
            vec![kept(), named("nordic-catalogue-build-cache-dev")],
            &["undeclared-repository", "declared-repository-missing"]),
        row("B2", "a name that ECR refuses", "dev/build-cache", vec![named("nordic-catalogue-build..cache")],
            &["name-pattern", "name-valid"]),
        row("B2", "no name", "dev/build-cache", vec![kept(), Resource(CACHE, NAME, None)],
            &["name-generated", "undeclared-repository", "declared-repository-missing"]),
    ]
}

/// B2: unique in the account.
fn twins() -> Vec<Broken> {
    let twin = json!({
        "Type": "AWS::ECR::Repository",
        "Properties": {
            "RepositoryName": "nordic-catalogue-build-cache",
            "EmptyOnDelete": true,
            "ImageScanningConfiguration": { "ScanOnPush": true },
            "Tags": [{ "Key": "owner", "Value": "team" }, { "Key": "cost-center", "Value": "4711" }],
        },
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Metadata": { "aws:cdk:path": "Registry-dev/build-cache/Twin" },
    });
    vec![row("B2", "the same name twice in one account and region", "dev/build-cache",
        vec![New("dev", "Twin", twin)], &["name-unique"])]
}

/// B3: scanned on every push. B13: emptied with its stack. B14: tagged.
fn settings() -> Vec<Broken> {
    let scan = "/Properties/ImageScanningConfiguration";
    let empty = "/Properties/EmptyOnDelete";
    let (owner, center) = ("/Properties/Tags/1", "/Properties/Tags/0/Value");
    let web = |statement, what, pointer, value, rules| {
        row(statement, what, "dev/web", vec![Resource(WEB, pointer, value)], rules)
    };
    vec![
        web("B3", "scanning left out", scan, None, &["scan-on-push"]),
        web("B3", "not scanned", scan, Some(json!({ "ScanOnPush": false })), &["scan-on-push"]),
        web("B3", "scanning misspelt", scan, Some(json!({ "scanOnPush": true })), &["scan-on-push", "template-invalid"]),
        web("B3", "scanning left to CloudFormation", scan, Some(json!({ "ScanOnPush": { "Ref": "AWS::NoValue" } })),
            &["scan-on-push"]),
        row("B3", "scanned by a registry that scans others only", "",
            vec![Configured("registry: { scanning: { type: ENHANCED, rules: [{ frequency: SCAN_ON_PUSH, filters: [{ filter: other }] }] } }")], &["scan-on-push"]),
        web("B13", "not emptied", empty, None, &["empty-on-delete"]),
        web("B13", "kept full", empty, Some(json!(false)), &["empty-on-delete"]),
        web("B14", "no owner", owner, None, &["required-tags"]),
        web("B14", "a cost center that is none", center, Some(json!("tbd")), &["required-tags"]),
        web("B14", "no tags", "/Properties/Tags", None, &["required-tags"]),
    ]
}

/// B4: a customer's key where declared, else AES-256. B5: rotation where required. B11: a shared key.
fn keys() -> Vec<Broken> {
    let own = json!([{
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:root" }, "Action": "kms:*", "Resource": "*",
    }]);
    let managed = json!({ "EncryptionType": "KMS" });
    let api = |statement, what, change, rules| row(statement, what, "dev/api", vec![change], rules);
    vec![
        api("B4", "AES-256 instead of the declared key", Resource(API, ENCRYPTION, None),
            &["kms-customer-key", "ssm-parameter-mismatch"]),
        api("B4", "the key of AWS instead of the declared one", Resource(API, ENCRYPTION, Some(managed)),
            &["kms-customer-key", "ssm-parameter-mismatch"]),
        api("B4", "a key with AES-256", Resource(API, "/Properties/EncryptionConfiguration/EncryptionType",
            Some(json!("AES256"))), &["encryption-invalid", "kms-customer-key"]),
        api("B4", "another region's key", Resource(API, "/Properties/EncryptionConfiguration/KmsKey",
            Some(json!("arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"))),
            &["encryption-invalid", "kms-customer-key?", "kms-key-sharing?", "ssm-parameter-mismatch"]),
        api("B4", "a key that is switched off",
            Resource("dev/api/Key/Resource", "/Properties/Enabled", Some(json!(false))), &["kms-key-unusable"]),
        api("B4", "a key for everybody", Resource("dev/api/Key/Resource",
            "/Properties/KeyPolicy/Statement/1/Principal", Some(json!("*"))), &["kms-key-public"]),
        api("B4", "a key that was not declared", Declared("/dev/ecr/api/use_kms_key", None), &["kms-undeclared"]),
        row("B5", "no rotation, though it is required", "",
            vec![Configured("rules: { kms-key-rotation: warning }")], &["kms-key-rotation"]),
        api("B11", "nobody else may decrypt",
            Resource("dev/api/Key/Resource", "/Properties/KeyPolicy/Statement", Some(own)), &["kms-key-sharing"]),
        api("B11", "a stranger may decrypt", Resource("dev/api/Key/Resource",
            "/Properties/KeyPolicy/Statement/1/Principal/AWS/3", Some(root("999999999999"))),
            &["kms-key-foreign-account"]),
        row("B11", "an environment may decrypt what is not shared", "dev/worker_queue", vec![Resource(
            "dev/worker_queue/Key/Resource", "/Properties/KeyPolicy/Statement/0/Principal/AWS",
            Some(json!([root("111111111111"), root("222222222222")])))], &["kms-key-foreign-account"]),
    ]
}

/// B6: the newest images are kept, whatever their tags, as many as declared.
fn retention() -> Vec<Broken> {
    let tagged = json!({
        "tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan", "countNumber": 5,
    });
    let old = json!({ "tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 5 });
    let web = |what, policy, rules| row("B6", what, "dev/web", vec![Resource(WEB, LIFECYCLE, policy)], rules);
    vec![
        web("one more than declared", Some(newest(6)), &["lifecycle-retention"]),
        web("tagged images only", Some(lifecycle(&tagged)), &["lifecycle-retention"]),
        web("by age", Some(lifecycle(&old)), &["lifecycle-retention"]),
        web("no policy", None, &["lifecycle-missing", "lifecycle-retention"]),
        web("one less than declared", Some(newest(4)), &["lifecycle-retention"]),
        web("untagged images only", Some(lifecycle(&json!({
            "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 5,
        }))), &["lifecycle-retention"]),
        web("no rules", Some(json!({ "LifecyclePolicyText": "{\"rules\":[]}" })),
            &["lifecycle-invalid", "lifecycle-missing", "lifecycle-retention"]),
        web("no JSON", Some(json!({ "LifecyclePolicyText": "rules: []" })),
            &["lifecycle-invalid", "lifecycle-retention"]),
        web("archived, not deleted", Some(json!({ "LifecyclePolicyText": json!({ "rules": [{
            "rulePriority": 1, "action": { "type": "keep" },
            "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5 },
        }] }).to_string() })), &["lifecycle-invalid", "lifecycle-retention"]),
        row("B6", "another number is declared", "dev/web",
            vec![Declared("/dev/ecr/web/images_retained", Some(json!(50)))], &["lifecycle-retention"]),
        row("B6", "a policy, though none is declared", "dev/build-cache", vec![kept()], &["lifecycle-undeclared"]),
    ]
}

/// B7: every environment may pull. B8: nobody else where it is not declared. B9: all six actions.
fn sharing() -> Vec<Broken> {
    let pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let one = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": root("222222222222") }, "Action": pull },
    ] });
    let deny = json!({ "Effect": "Deny", "Principal": { "AWS": root("333333333333") }, "Action": "ecr:BatchGetImage" });
    let open = json!({ "Effect": "Allow", "Principal": "*", "Action": pull });
    let web = |statement, what, pointer, value, rules| {
        row(statement, what, "dev/web", vec![Resource(WEB, pointer, value)], rules)
    };
    vec![
        web("B7", "an environment left out", PRINCIPALS, Some(json!([root("222222222222")])), &["sharing-incomplete"]),
        web("B7", "no policy", POLICY, None, &["sharing-incomplete"]),
        web("B7", "taken back", "/Properties/RepositoryPolicyText/Statement/1", Some(deny), &["pull-incomplete", "sharing-incomplete"]),
        row("B8", "shared without being declared so", "dev/worker_queue",
            vec![Resource(QUEUE, POLICY, Some(one))], &["sharing-undeclared"]),
        web("B8", "open to everyone", STATEMENT, Some(open), &["access-public", "sharing-incomplete"]),
        web("B9", "lists left out", "/Properties/RepositoryPolicyText/Statement/0/Action/5", None,
            &["sharing-incomplete"]),
        web("B9", "gets left out", "/Properties/RepositoryPolicyText/Statement/0/Action/4", None,
            &["pull-incomplete", "sharing-incomplete"]),
        web("B9", "descriptions left out", "/Properties/RepositoryPolicyText/Statement/0/Action/3", None,
            &["sharing-incomplete"]),
        web("B9", "scanning left out", "/Properties/RepositoryPolicyText/Statement/0/Action/2", None,
            &["sharing-incomplete"]),
        web("B9", "images left out", "/Properties/RepositoryPolicyText/Statement/0/Action/1", None,
            &["pull-incomplete", "sharing-incomplete"]),
        web("B9", "layers left out", "/Properties/RepositoryPolicyText/Statement/0/Action/0", None,
            &["sharing-incomplete"]),
        web("B7", "from some addresses only", "/Properties/RepositoryPolicyText/Statement/0/Condition",
            Some(json!({ "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } })), &["sharing-incomplete?"]),
        row("B7", "declared for one environment only", "dev/worker_queue",
            vec![Declared("/dev/ecr/worker_queue/shareable_with_all_envs", Some(json!(true)))],
            &["kms-key-sharing", "sharing-incomplete"]),
        row("B8", "shared, though it is not declared any more", "dev/web",
            vec![Declared("/dev/ecr/web/shareable_with_all_envs", None)], &["sharing-undeclared"]),
    ]
}

/// B9: no more than the six actions. B10: never to change anything. B15: no account but an environment's.
fn excess() -> Vec<Broken> {
    let changes = &["access-cross-account-write", "sharing-excess"];
    let more = |statement, what, action: &str, rules| {
        let actions = json!([
            "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchGetRepositoryScanningConfiguration",
            "ecr:Describe*", "ecr:Get*", "ecr:List*", action,
        ]);
        row(statement, what, "dev/web", vec![Resource(WEB, ACTIONS, Some(actions))], rules)
    };
    let stranger = "/Properties/RepositoryPolicyText/Statement/0/Principal/AWS/3";
    vec![
        more("B9", "scans on request", "ecr:StartImageScan", &["sharing-excess"]),
        more("B10", "push", "ecr:PutImage", changes),
        more("B10", "deletion", "ecr:BatchDeleteImage", changes),
        more("B10", "the policy itself", "ecr:SetRepositoryPolicy", changes),
        more("B10", "tags", "ecr:TagResource", changes),
        more("B10", "the lifecycle policy", "ecr:PutLifecyclePolicy", changes),
        more("B10", "the whole repository", "ecr:DeleteRepository", changes),
        more("B10", "every action", "ecr:*",
            &["access-cross-account-write", "access-wildcard-action", "sharing-excess"]),
        row("B15", "an account of no environment", "dev/web",
            vec![Resource(WEB, stranger, Some(root("999999999999")))], &["access-unknown-account"]),
    ]
}

/// B12: parameters that hold the repository's values.
fn parameters() -> Vec<Broken> {
    let name = "dev/web/Parameter-name/Resource";
    let again = json!({
        "Type": "AWS::SSM::Parameter",
        "Properties": { "Name": "ECR_WEB_name", "Type": "String", "Value": "nordic-catalogue-web" },
    });
    let web = |what, change, rules| row("B12", what, "dev/web", vec![change], rules);
    vec![
        web("no parameter of the name", Resource(name, "", None), &["ssm-parameter-missing"]),
        web("no parameter of the ARN", Resource("dev/web/Parameter-arn/Resource", "", None), &["ssm-parameter-missing"]),
        row("B12", "no parameter of the key", "dev/api",
            vec![Resource("dev/api/Parameter-kms_key_arn/Resource", "", None)], &["ssm-parameter-missing"]),
        web("another spelling", Resource(name, "/Properties/Name", Some(json!("ECR_WEB_NAME"))),
            &["ssm-parameter-missing", "ssm-parameter-unexpected"]),
        web("another repository's name", Resource(name, "/Properties/Value", Some(json!("nordic-catalogue-api"))),
            &["ssm-parameter-mismatch"]),
        web("a list", Resource(name, "/Properties/Type", Some(json!("StringList"))), &["ssm-parameter-mismatch"]),
        row("B12", "a parameter of a key that is not there", "dev/web", vec![New("dev", "Key", json!({
            "Type": "AWS::SSM::Parameter",
            "Properties": { "Name": "ECR_WEB_kms_key_arn", "Type": "String", "Value": "none" },
        }))], &["ssm-parameter-unexpected"]),
        web("the ARN where the name belongs", Resource(name, "/Properties/Value", Some(json!(
            "arn:aws:ecr:eu-west-1:111111111111:repository/nordic-catalogue-web"))), &["ssm-parameter-mismatch"]),
        row("B12", "a base name that SSM refuses", "dev/build-cache", vec![
                Declared("/dev/ecr/build-cache", None),
                Declared("/dev/ecr/build~1cache", Some(json!({}))),
                Resource(CACHE, NAME, Some(json!("nordic-catalogue-build/cache"))),
                Resource("dev/build-cache/Parameter-arn/Resource", "/Properties/Name", Some(json!("ECR_BUILD/CACHE_arn"))),
                Resource("dev/build-cache/Parameter-name/Resource", "/Properties/Name", Some(json!("ECR_BUILD/CACHE_name"))),
            ],
            &["ssm-parameter-name"]),
        web("the name twice", New("dev", "Again", again), &["ssm-parameter-duplicate"]),
    ]
}

fn row(
    statement: &'static str,
    what: &'static str,
    subject: &'static str,
    changes: Vec<Change>,
    rules: Rules,
) -> Broken {
    Broken { statement, what, subject, changes, rules }
}

/// A lifecycle policy with one rule, whose selection is given.
fn lifecycle(selection: &Json) -> Json {
    let action = json!({ "type": "expire" });
    let rules = json!({ "rules": [{ "rulePriority": 1, "selection": selection, "action": action }] });
    json!({ "LifecyclePolicyText": rules.to_string() })
}

/// Keeps the newest images, whatever their tags.
fn newest(count: u32) -> Json {
    lifecycle(&json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count }))
}

/// A lifecycle policy for the repository that is declared to need none.
fn kept() -> Change {
    Resource(CACHE, LIFECYCLE, Some(newest(5)))
}

fn root(account: &str) -> Json {
    json!(format!("arn:aws:iam::{account}:root"))
}
