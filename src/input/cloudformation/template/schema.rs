//! What CloudFormation knows of the types of ECR: their properties, what belongs into each, their attributes.
//! It does not know templates.
//!
//! From the resource schemas of 2026-10-20, all of which refuse properties that they do not name:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECR.html>

use super::kind::{NAMESPACE, ResourceKind};
use crate::source::nearest;

/// What belongs into a property.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PropertyShape {
    /// A text; numbers and booleans become texts.
    Text,
    /// A boolean, or its text.
    Flag,
    /// A list of such values.
    List(&'static PropertyShape),
    /// A mapping with these members.
    Map(&'static [Property]),
    /// A mapping, or a text of JSON.
    Policy,
    /// A text of JSON.
    Json,
    /// A lifecycle policy as a text of JSON: ECR's own rules are told by a rule about it.
    Lifecycle,
}

/// Name of a property, and what belongs into it.
pub(crate) type Property = (&'static str, PropertyShape);

const TEXTS: PropertyShape = PropertyShape::List(&PropertyShape::Text);
const TAGS: PropertyShape = PropertyShape::List(&PropertyShape::Map(&[
    ("Key", PropertyShape::Text),
    ("Value", PropertyShape::Text),
]));
const ENCRYPTION: PropertyShape = PropertyShape::Map(&[
    ("EncryptionType", PropertyShape::Text),
    ("KmsKey", PropertyShape::Text),
]);
const EXCLUSIONS: PropertyShape = PropertyShape::List(&PropertyShape::Map(&[
    ("ImageTagMutabilityExclusionFilterType", PropertyShape::Text),
    (
        "ImageTagMutabilityExclusionFilterValue",
        PropertyShape::Text,
    ),
]));
const FILTERS: PropertyShape = PropertyShape::List(&PropertyShape::Map(&[
    ("Filter", PropertyShape::Text),
    ("FilterType", PropertyShape::Text),
]));

/// The type that the properties of most people's questions belong to.
const REPOSITORY: &str = "AWS::ECR::Repository";

/// Every type of ECR with its properties.
const TYPES: [(&str, &[Property]); 9] = [
    (
        REPOSITORY,
        &[
            ("EmptyOnDelete", PropertyShape::Flag),
            ("EncryptionConfiguration", ENCRYPTION),
            (
                "ImageScanningConfiguration",
                PropertyShape::Map(&[("ScanOnPush", PropertyShape::Flag)]),
            ),
            ("ImageTagMutability", PropertyShape::Text),
            ("ImageTagMutabilityExclusionFilters", EXCLUSIONS),
            (
                "LifecyclePolicy",
                PropertyShape::Map(&[
                    ("LifecyclePolicyText", PropertyShape::Lifecycle),
                    ("RegistryId", PropertyShape::Text),
                ]),
            ),
            ("RepositoryName", PropertyShape::Text),
            ("RepositoryPolicyText", PropertyShape::Policy),
            ("Tags", TAGS),
        ],
    ),
    (
        "AWS::ECR::PublicRepository",
        &[
            (
                "RepositoryCatalogData",
                PropertyShape::Map(&[
                    ("AboutText", PropertyShape::Text),
                    ("Architectures", TEXTS),
                    ("OperatingSystems", TEXTS),
                    ("RepositoryDescription", PropertyShape::Text),
                    ("UsageText", PropertyShape::Text),
                ]),
            ),
            ("RepositoryName", PropertyShape::Text),
            ("RepositoryPolicyText", PropertyShape::Policy),
            ("Tags", TAGS),
        ],
    ),
    (
        "AWS::ECR::RegistryPolicy",
        &[("PolicyText", PropertyShape::Policy)],
    ),
    (
        "AWS::ECR::RegistryScanningConfiguration",
        &[
            (
                "Rules",
                PropertyShape::List(&PropertyShape::Map(&[
                    ("RepositoryFilters", FILTERS),
                    ("ScanFrequency", PropertyShape::Text),
                ])),
            ),
            ("ScanType", PropertyShape::Text),
        ],
    ),
    (
        "AWS::ECR::ReplicationConfiguration",
        &[(
            "ReplicationConfiguration",
            PropertyShape::Map(&[(
                "Rules",
                PropertyShape::List(&PropertyShape::Map(&[
                    (
                        "Destinations",
                        PropertyShape::List(&PropertyShape::Map(&[
                            ("Region", PropertyShape::Text),
                            ("RegistryId", PropertyShape::Text),
                        ])),
                    ),
                    ("RepositoryFilters", FILTERS),
                ])),
            )]),
        )],
    ),
    (
        "AWS::ECR::RepositoryCreationTemplate",
        &[
            ("AppliedFor", TEXTS),
            ("CustomRoleArn", PropertyShape::Text),
            ("Description", PropertyShape::Text),
            ("EncryptionConfiguration", ENCRYPTION),
            ("ImageTagMutability", PropertyShape::Text),
            ("ImageTagMutabilityExclusionFilters", EXCLUSIONS),
            ("LifecyclePolicy", PropertyShape::Lifecycle),
            ("Prefix", PropertyShape::Text),
            ("RepositoryPolicy", PropertyShape::Json),
            ("ResourceTags", TAGS),
        ],
    ),
    (
        "AWS::ECR::PullThroughCacheRule",
        &[
            ("CredentialArn", PropertyShape::Text),
            ("CustomRoleArn", PropertyShape::Text),
            ("EcrRepositoryPrefix", PropertyShape::Text),
            ("UpstreamRegistry", PropertyShape::Text),
            ("UpstreamRegistryUrl", PropertyShape::Text),
            ("UpstreamRepositoryPrefix", PropertyShape::Text),
        ],
    ),
    (
        "AWS::ECR::PullTimeUpdateExclusion",
        &[("PrincipalArn", PropertyShape::Text)],
    ),
    (
        "AWS::ECR::SigningConfiguration",
        &[(
            "Rules",
            PropertyShape::List(&PropertyShape::Map(&[
                ("RepositoryFilters", FILTERS),
                ("SigningProfileArn", PropertyShape::Text),
            ])),
        )],
    ),
];

/// Words that people take for types, and the property of a repository that does it.
const PROPERTIES: [(&str, &str); 9] = [
    ("imagescanning", "ImageScanningConfiguration"),
    ("lifecyclepolicytext", "LifecyclePolicy"),
    ("lifecyclerule", "LifecyclePolicy"),
    ("policy", "RepositoryPolicyText"),
    ("repositorylifecyclepolicy", "LifecyclePolicy"),
    ("repositorypolicy", "RepositoryPolicyText"),
    (
        "repositoryscanningconfiguration",
        "ImageScanningConfiguration",
    ),
    ("scanningconfiguration", "ImageScanningConfiguration"),
    ("tagmutability", "ImageTagMutability"),
];

/// The properties of a type of ECR; `None` when there is no such type.
pub(crate) fn properties(name: &str) -> Option<&'static [Property]> {
    let found = TYPES.iter().find(|(known, _)| *known == name);
    found.map(|(_, properties)| *properties)
}

/// What to write in place of a type that does not exist.
pub(crate) fn in_place_of(name: &str) -> Option<String> {
    let word = name.get(NAMESPACE.len()..)?.to_ascii_lowercase();
    let own = properties(REPOSITORY).unwrap_or_default();
    let property = own
        .iter()
        .map(|(property, _)| *property)
        .find(|property| property.eq_ignore_ascii_case(&word));
    let named = || PROPERTIES.iter().find(|(known, _)| *known == word);
    if let Some(property) = property.or_else(|| named().map(|(_, property)| *property)) {
        return Some(format!("property `{property}` of `{REPOSITORY}` does it"));
    }
    let near = nearest(name, TYPES.iter().map(|(known, _)| *known))?;
    Some(format!("write `{near}`"))
}

/// What `Fn::GetAtt` returns of a resource; `None` where that is not kept here.
pub(crate) fn attributes(kind: ResourceKind) -> Option<&'static [&'static str]> {
    match kind {
        ResourceKind::Repository => Some(&["Arn", "RepositoryUri"]),
        ResourceKind::PublicRepository => Some(&["Arn"]),
        ResourceKind::Key => Some(&["Arn", "KeyId"]),
        // Users and groups have the first alone.
        ResourceKind::IamPrincipal => Some(&["Arn", "RoleId"]),
        ResourceKind::Parameter => Some(&["Type", "Value"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::is_of_ecr;
    use super::{in_place_of, properties};

    #[test]
    fn a_type_that_does_not_exist_has_a_property_or_a_neighbour() {
        for (name, says) in [
            ("AWS::ECR::LifecyclePolicy", "property `LifecyclePolicy`"),
            (
                "AWS::ECR::RepositoryPolicy",
                "property `RepositoryPolicyText`",
            ),
            (
                "AWS::ECR::ImageScanningConfiguration",
                "property `ImageScanningConfiguration`",
            ),
            (
                "AWS::ECR::EncryptionConfiguration",
                "property `EncryptionConfiguration`",
            ),
            ("AWS::Ecr::Repository", "write `AWS::ECR::Repository`"),
            ("AWS::ECR::Repositories", "write `AWS::ECR::Repository`"),
        ] {
            assert!(is_of_ecr(name) && properties(name).is_none(), "{name}");
            let found = in_place_of(name).unwrap_or_default();
            assert!(found.starts_with(says), "{name}: {found}");
        }
        assert_eq!(in_place_of("AWS::ECR::Bucket"), None);
        assert!(!is_of_ecr("AWS::ECR::Repository::MODULE") && !is_of_ecr("AWS::ECS::Service"));
    }
}
