//! The types of resources that run images, with the ways to what names an image.
//! It does not know what is named.

/// Stands for each item of a list.
pub(crate) const EACH: &str = "*";

/// Types that run images of container registries, with the ways to what names an image.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>
pub(crate) const RUNNERS: [(&str, &[&str]); 9] = [
    (
        "AWS::ECS::TaskDefinition",
        &["ContainerDefinitions.*.Image"],
    ),
    ("AWS::Lambda::Function", &["Code.ImageUri"]),
    ("AWS::Serverless::Function", &["ImageUri"]),
    (
        "AWS::AppRunner::Service",
        &["SourceConfiguration.ImageRepository.ImageIdentifier"],
    ),
    (
        "AWS::Batch::JobDefinition",
        &[
            "ContainerProperties.Image",
            "EcsProperties.TaskProperties.*.Containers.*.Image",
            "EksProperties.PodProperties.InitContainers.*.Image",
            "EksProperties.PodProperties.Containers.*.Image",
            "NodeProperties.NodeRangeProperties.*.Container.Image",
            "NodeProperties.NodeRangeProperties.*.EcsProperties.TaskProperties.*.Containers.*.Image",
            "NodeProperties.NodeRangeProperties.*.EksProperties.PodProperties.InitContainers.*.Image",
            "NodeProperties.NodeRangeProperties.*.EksProperties.PodProperties.Containers.*.Image",
        ],
    ),
    (
        "AWS::SageMaker::Model",
        &["PrimaryContainer.Image", "Containers.*.Image"],
    ),
    (
        "AWS::SageMaker::ModelPackage",
        &["InferenceSpecification.Containers.*.Image"],
    ),
    ("AWS::SageMaker::ImageVersion", &["BaseImage"]),
    ("AWS::CodeBuild::Project", &["Environment.Image"]),
];

/// The type whose source actions name a repository and a tag.
///
/// <https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html>
pub(crate) const PIPELINE: &str = "AWS::CodePipeline::Pipeline";

/// Whether resources of this type run images.
pub(crate) fn runs_images(kind: &str) -> bool {
    kind == PIPELINE || RUNNERS.iter().any(|(name, _)| *name == kind)
}
