//! The ways to leave what the construct library's documentation says, statement by statement, as edits of
//! `fixtures/standard/library.yaml`. It does not know how a report is made.

use super::Rules;

/// One way to leave the documentation.
pub(crate) struct Edited {
    /// The number of the statement in the standard.
    pub(crate) statement: &'static str,
    /// What is not as the statement says.
    pub(crate) what: &'static str,
    /// Each a text that stands in the template once, and what takes its place.
    pub(crate) edits: Vec<(&'static str, &'static str)>,
    /// Lines at the end of the configuration.
    pub(crate) configured: &'static str,
    /// The rules that find it; with `?` behind those that cannot be decided any more.
    pub(crate) rules: Rules,
}

/// Every way, in the order of the statements.
pub(crate) fn edits() -> Vec<Edited> {
    [scanning(), tokens(), pushes(), pulls(), settings(), lifecycle(), deletion(), policy(), events()]
        .into_iter()
        .flatten()
        .collect()
}

fn edit(
    statement: &'static str,
    what: &'static str,
    edits: &[(&'static str, &'static str)],
    rules: Rules,
) -> Edited {
    Edited { statement, what, edits: edits.to_vec(), configured: "", rules }
}

/// C1: scan on push. C2: a rule for finished scans, with a target.
fn scanning() -> Vec<Edited> {
    let scan = "        ScanOnPush: true\n";
    let targets = "      Targets:\n        - { Id: Topic, Arn: !Ref Topic }\n";
    vec![
        edit("C1", "not scanned", &[(scan, "        ScanOnPush: false\n")], &["scan-on-push", "scan-event-unscanned"]),
        edit("C1", "no word about scanning", &[("      ImageScanningConfiguration:\n        ScanOnPush: true\n", "")], &["scan-on-push", "scan-event-unscanned"]),
        edit("C1", "scanned by a word that is none", &[(scan, "        ScanOnPush: \"yes\"\n")],
            &["scan-on-push?", "scan-event-unscanned?", "template-invalid"]),
        edit("C2", "a rule without target", &[(targets, "")], &["event-rule-target", "scan-event-target"]),
        edit("C2", "a rule that is switched off", &[("State: ENABLED", "State: DISABLED")], &["event-rule-target", "scan-event-target"]),
        edit("C2", "a rule for another repository", &[("[!Ref App, !Ref Plain], scan-status", "[!Ref App], scan-status")], &["scan-event-target"]),
        edit("C2", "a rule that waits for failed scans", &[("scan-status: [COMPLETE]", "scan-status: [FAILED]")], &["scan-event-target"]),
        edit("C2", "a rule for scans that never are", &[("ImageScanningConfiguration: { ScanOnPush: true }", "ImageScanningConfiguration: { ScanOnPush: false }")], &["scan-on-push", "scan-event-unscanned"]),
    ]
}

/// C3: a token, granted on `*`. C4: the gallery's own token.
fn tokens() -> Vec<Edited> {
    let user = "                Action: ecr:GetAuthorizationToken\n                Resource: \"*\"\n";
    let pusher = "              - Effect: Allow\n                Action: ecr:GetAuthorizationToken # pushing\n                Resource: \"*\"\n";
    let gallery = "[ecr-public:GetAuthorizationToken, sts:GetServiceBearerToken]\n                Resource: \"*\"";
    vec![
        edit("C3", "a token for one repository",
            &[(user, "                Action: ecr:GetAuthorizationToken\n                Resource: !GetAtt App.Arn\n")], &["auth-token-scope"]),
        edit("C3", "a push without token", &[(pusher, "")], &["auth-token-missing"]),
        edit("C3", "a pull without token", &[(
            "              - Effect: Allow\n                Action: ecr:GetAuthorizationToken # pulling\n                Resource: \"*\"\n", "")], &["auth-token-missing"]),
        edit("C3", "a token for all repositories of an account", &[(
            "Action: ecr:GetAuthorizationToken # both\n                Resource: \"*\"",
            "Action: ecr:GetAuthorizationToken # both\n                Resource: !Sub \"arn:${AWS::Partition}:ecr:eu-west-1:111111111111:repository/*\"")], &["auth-token-scope", "auth-token-missing"]),
        edit("C3", "a token in the repository's own policy",
            &[("              - ecr:GetDownloadUrlForLayer\n", "              - ecr:GetDownloadUrlForLayer\n              - ecr:GetAuthorizationToken\n")], &["policy-registry-action"]),
        edit("C4", "the gallery without a bearer token", &[(", sts:GetServiceBearerToken]", "]")], &["public-gallery-token"]),
        edit("C4", "the gallery with a bearer token alone", &[("[ecr-public:GetAuthorizationToken, ", "[")], &["public-gallery-token"]),
        edit("C4", "the gallery's token for one repository",
            &[(gallery, "[ecr-public:GetAuthorizationToken, sts:GetServiceBearerToken]\n                Resource: !GetAtt App.Arn")], &["auth-token-scope"]),
    ]
}

/// C5: what pushing takes. C7: both.
fn pushes() -> Vec<Edited> {
    let without = |what, action, rules| edit("C5", what, &[(action, "")], rules);
    vec![
        without("no completion", "                  - ecr:CompleteLayerUpload\n", &["push-incomplete"]),
        without("no upload of parts", "                  - ecr:UploadLayerPart\n", &["push-incomplete"]),
        without("no beginning", "                  - ecr:InitiateLayerUpload\n", &["push-incomplete"]),
        without("no look at layers", "                  - ecr:BatchCheckLayerAvailability # pushing\n", &["push-incomplete"]),
        without("no image", "                  - ecr:PutImage\n", &["push-incomplete"]),
        edit("C7", "pull and push without an image", &[("                  - ecr:PutImage # both\n", "")], &["push-incomplete"]),
        edit("C7", "pull and push of a repository that cannot be", &[(
            "                  - ecr:PutImage # both\n                Resource: !GetAtt Plain.Arn",
            "                  - ecr:PutImage # both\n                Resource: arn:aws:ecr:eu-west-1:111111111111:library/plain")], &["iam-resource-shape"]),
    ]
}

/// C6: what pulling takes.
fn pulls() -> Vec<Edited> {
    vec![
        edit("C6", "no manifest", &[("                  - ecr:BatchGetImage # pulling\n", "")], &["pull-incomplete"]),
        edit("C6", "no layers", &[("                  - ecr:GetDownloadUrlForLayer # pulling\n", "")], &["pull-incomplete"]),
        edit("C6", "no layers for another account", &[("              - ecr:GetDownloadUrlForLayer\n", "")], &["pull-incomplete?"]),
        edit("C6", "no manifest for another account", &[("              - ecr:BatchGetImage\n", "")], &["pull-incomplete?"]),
    ]
}

/// C8: immutable tags, with exclusions. C9, C10: encryption.
fn settings() -> Vec<Edited> {
    let mode = "ImageTagMutability: IMMUTABLE_WITH_EXCLUSION";
    let filters = "      ImageTagMutabilityExclusionFilters:\n        - { ImageTagMutabilityExclusionFilterType: WILDCARD, ImageTagMutabilityExclusionFilterValue: \"dev-*\" }\n";
    let kms = "        EncryptionType: KMS\n        KmsKey: !GetAtt Key.Arn\n";
    vec![
        edit("C8", "mutable tags", &[(mode, "ImageTagMutability: MUTABLE"), (filters, "")], &["tag-immutability"]),
        edit("C8", "no word about tags", &[("      ImageTagMutability: IMMUTABLE\n", "")], &["tag-immutability"]),
        edit("C8", "releases excluded", &[("\"dev-*\"", "\"v*\"")], &["tag-immutability"]),
        edit("C8", "exclusions without the mode", &[(mode, "ImageTagMutability: IMMUTABLE")], &["mutability-invalid"]),
        edit("C8", "the mode without exclusions", &[(filters, "")], &["mutability-invalid"]),
        edit("C8", "an exclusion that is none", &[("\"dev-*\"", "\"dev*-*-*-*\"")], &["mutability-invalid"]),
        Edited {
            configured: "  kms-customer-key: { severity: warning, settings: { required: true } }",
            ..edit("C9", "AES-256 where a key is required", &[], &["kms-customer-key"])
        },
        Edited {
            configured: "  kms-customer-key: { severity: warning, settings: { required: true } }",
            ..edit("C9", "the key of AWS where one's own is required", &[("        KmsKey: !GetAtt Key.Arn\n", "")], &["kms-customer-key"])
        },
        edit("C9", "a type that there is not", &[("        EncryptionType: KMS\n", "        EncryptionType: AES128\n")], &["encryption-invalid"]),
        edit("C10", "a key with AES-256", &[("        EncryptionType: KMS\n", "        EncryptionType: AES256\n")], &["encryption-invalid"]),
        edit("C10", "a key without a type", &[("        EncryptionType: KMS\n", "")], &["encryption-invalid"]),
        edit("C10", "a key of another region",
            &[(kms, "        EncryptionType: KMS\n        KmsKey: arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab\n")], &["encryption-invalid?"]),
    ]
}

/// C11: the first rule that matches wins. C12: patterns and prefixes.
fn lifecycle() -> Vec<Edited> {
    let first = "                \"rulePriority\": 1,\n";
    let second = "                \"rulePriority\": 2,\n";
    let prod = "\"tagPatternList\": [\"prod*\"]";
    vec![
        edit("C11", "no policy", &[(
            "      LifecyclePolicy:\n        LifecyclePolicyText: >-\n          {\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":50},\"action\":{\"type\":\"expire\"}}]}\n", "")], &["lifecycle-missing"]),
        edit("C11", "a policy without rules", &[("[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":50},\"action\":{\"type\":\"expire\"}}]", "[]")], &["lifecycle-invalid", "lifecycle-missing"]),
        edit("C11", "the rules in the other order", &[(first, "                \"rulePriority\": 3,\n")], &["lifecycle-invalid"]),
        edit("C11", "a rule behind one that takes everything", &[(
            "{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\"",
            "{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"tagged\",\"tagPatternList\":[\"dev*\"],\"countType\":\"imageCountMoreThan\",\"countNumber\":9},\"action\":{\"type\":\"expire\"}},{\"rulePriority\":2,\"selection\":{\"tagStatus\":\"tagged\",\"tagPatternList\":[\"develop*\"],\"countType\":\"imageCountMoreThan\",\"countNumber\":5},\"action\":{\"type\":\"expire\"}},{\"rulePriority\":3,\"selection\":{\"tagStatus\":\"any\"")],
            &["lifecycle-dead-rule"]),
        edit("C11", "the same priority twice", &[(second, "                \"rulePriority\": 1,\n")], &["lifecycle-invalid"]),
        Edited {
            configured: "protected_tags: [\"prod*\"]",
            ..edit("C11", "what is protected expires", &[], &["lifecycle-protected-tags"])
        },
        edit("C12", "prefix and pattern in one rule", &[(prod, "\"tagPatternList\": [\"prod*\"], \"tagPrefixList\": [\"prod\"]")], &["lifecycle-invalid"]),
        edit("C12", "a pattern where a list belongs", &[(prod, "\"tagPatternList\": \"prod*\"")], &["lifecycle-invalid"]),
        edit("C12", "several patterns, as if one were enough", &[(prod, "\"tagPatternList\": [\"prod*\", \"stage*\"]")], &["lifecycle-tag-list-and"]),
        edit("C12", "several prefixes, as if one were enough", &[(prod, "\"tagPrefixList\": [\"prod\", \"stage\"]")], &["lifecycle-tag-list-and"]),
        edit("C12", "more wildcards than a pattern may have", &[(prod, "\"tagPatternList\": [\"*p*r*o*d*\"]")], &["lifecycle-invalid"]),
        edit("C12", "tagged images without a selection", &[("                  \"tagPatternList\": [\"prod*\"],\n", "")], &["lifecycle-invalid"]),
    ]
}

/// C13: what becomes of the images.
fn deletion() -> Vec<Edited> {
    let plain = "      RepositoryName: library/plain\n";
    let emptied = "      RepositoryName: library/plain\n      EmptyOnDelete: true\n";
    vec![
        edit("C13", "emptied and deleted", &[(plain, emptied)], &["deletion-policy"]),
        edit("C13", "emptied, though it is kept",
            &[("      RepositoryName: library/app\n", "      RepositoryName: library/app\n      EmptyOnDelete: true\n")], &["empty-on-delete-ineffective"]),
        Edited {
            configured: "  empty-on-delete: { severity: warning, settings: { expected: true } }",
            ..edit("C13", "kept full, though it is to be emptied", &[], &["empty-on-delete"])
        },
        edit("C13", "a custom resource that deletes the images", &[(
            "  Topic: { Type: AWS::SNS::Topic }\n",
            "  Topic: { Type: AWS::SNS::Topic }\n  Cleaner:\n    Type: Custom::ECRAutoDeleteImages\n    Properties: { ServiceToken: !GetAtt Queue.Arn, RepositoryName: !Ref Plain }\n")], &["auto-delete-images"]),
    ]
}

/// C14: no resources. C15: not everybody.
fn policy() -> Vec<Edited> {
    let principal = "Principal: { AWS: !Sub \"arn:${AWS::Partition}:iam::222222222222:root\" }";
    let action = "            Action:\n              - ecr:BatchCheckLayerAvailability\n";
    vec![
        edit("C14", "a resource", &[(action, "            Resource: \"*\"\n            Action:\n              - ecr:BatchCheckLayerAvailability\n")], &["policy-resource-element"]),
        edit("C14", "everything but a resource",
            &[(action, "            NotResource: arn:aws:ecr:eu-west-1:111111111111:repository/x\n            Action:\n              - ecr:BatchCheckLayerAvailability\n")], &["policy-resource-element"]),
        edit("C15", "everybody", &[(principal, "Principal: \"*\"")], &["access-public"]),
        edit("C15", "everybody, as an account", &[(principal, "Principal: { AWS: \"*\" }")], &["access-public"]),
        edit("C15", "everybody, in a list", &[(principal, "Principal: { AWS: [\"222222222222\", \"*\"] }")], &["access-public"]),
        edit("C15", "everybody but one", &[(principal, "NotPrincipal: { AWS: \"222222222222\" }")], &["access-public"]),
        edit("C15", "everybody over an encrypted connection",
            &[(principal, "Principal: \"*\"\n            Condition: { Bool: { \"aws:SecureTransport\": true } }")], &["access-public"]),
    ]
}

/// C16: events with a target.
fn events() -> Vec<Edited> {
    let targets = "      Targets:\n        - { Id: Queue, Arn: !GetAtt Queue.Arn }\n";
    vec![
        edit("C16", "no target", &[(targets, "")], &["event-rule-target"]),
        edit("C16", "an empty list of targets", &[(targets, "      Targets: []\n")], &["event-rule-target"]),
        edit("C16", "switched off", &[(targets, "      State: DISABLED\n      Targets:\n        - { Id: Queue, Arn: !GetAtt Queue.Arn }\n")], &["event-rule-target"]),
        edit("C16", "an event that is never sent", &[("[ECR Image Action]", "[ECR Image Pushed]")], &["event-rule-pattern"]),
        edit("C16", "an ARN where a name belongs", &[("[!Ref App], action-type", "[!GetAtt App.Arn], action-type")], &["event-rule-pattern"]),
    ]
}
