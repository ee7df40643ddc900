//! What the types and functions of a template are about, as far as one search through its bytes says.
//! It does not evaluate anything.

use memchr::memmem;

/// What the types and functions of a template are about, as far as one search says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MentionedTypes {
    /// A type of ECR, or one that was meant to be, such as `AWS::Ecr::Repository`.
    pub(crate) ecr: bool,
    /// Resources of IAM, and others that have policies of it.
    pub(crate) identities: bool,
    /// Rules of EventBridge, or what may bring some.
    pub(crate) event_rules: bool,
    /// Loops.
    pub(crate) loops: bool,
    /// A macro in the middle of a template.
    pub(crate) transforms: bool,
    /// What deploys other templates, or stands for resources of others.
    pub(crate) nests: bool,
    /// SSM parameters.
    pub(crate) parameters: bool,
    /// What runs images.
    pub(crate) runners: bool,
}

impl MentionedTypes {
    /// Looks at what follows each `::`.
    pub(crate) fn find(bytes: &[u8]) -> Self {
        let mut named = Self::default();
        for at in memmem::find_iter(bytes, b"::") {
            let name = &bytes[at + 2..];
            match name.first() {
                Some(b'A' | b'B' | b'L') => {
                    let runners = [
                        &b"AppRunner::"[..],
                        b"Batch::",
                        b"BedrockAgentCore::",
                        b"Lambda::Function",
                        b"Lightsail::Container",
                    ];
                    named.runners |= runners.iter().any(|one| name.starts_with(one));
                }
                Some(b'E' | b'e') => {
                    let runners = [&b"ECS::"[..], b"EMRServerless::"];
                    named.runners |= runners.iter().any(|one| name.starts_with(one));
                    let start = name.get(..5);
                    named.ecr |= start.is_some_and(|start| start.eq_ignore_ascii_case(b"ecr::"));
                    named.event_rules |= name.starts_with(b"Events::Rule");
                }
                Some(b'I') => {
                    named.identities |= name.starts_with(b"IAM::");
                    named.runners |= name.starts_with(b"ImageBuilder::Container");
                }
                Some(b'G') => named.runners |= name.starts_with(b"GameLift::Container"),
                Some(b'F') => named.loops |= name.starts_with(b"ForEach"),
                Some(b'T') => named.transforms |= name.starts_with(b"Transform"),
                Some(b'C') => {
                    named.nests |= name.starts_with(b"CloudFormation::Stack");
                    named.runners |=
                        name.starts_with(b"Code") || name.starts_with(b"CleanRoomsML::");
                }
                Some(b'M') => named.nests |= name.starts_with(b"MODULE"),
                Some(b'S') => {
                    named.nests |= name.starts_with(b"Serverless::Application");
                    // Functions may have roles and event rules of their own.
                    let is_serverless = name.starts_with(b"Serverless::");
                    named.event_rules |= is_serverless;
                    named.identities |= is_serverless || name.starts_with(b"SSO::");
                    named.runners |= name.starts_with(b"Serverless::Function")
                        || name.starts_with(b"SageMaker::");
                    // What goes on is the type of a template's parameter, as in every template of the CDK.
                    named.parameters |= name
                        .strip_prefix(b"SSM::Parameter")
                        .is_some_and(|rest| !rest.starts_with(b"::"));
                }
                _ => {}
            }
        }
        named
    }
}
