//! The types of resources that run images, with the ways to what names an image.
//! It does not know what is named.

/// Stands for each item of a list.
pub(crate) const EACH: &str = "*";

/// A type with the ways to what names an image in its resources.
type RunnerType = (&'static str, &'static [&'static str]);

const JOB: &[&str] = &[
    "ContainerProperties.Image",
    "EcsProperties.TaskProperties.*.Containers.*.Image",
    "EksProperties.PodProperties.InitContainers.*.Image",
    "EksProperties.PodProperties.Containers.*.Image",
    "NodeProperties.NodeRangeProperties.*.Container.Image",
    "NodeProperties.NodeRangeProperties.*.EcsProperties.TaskProperties.*.Containers.*.Image",
    "NodeProperties.NodeRangeProperties.*.EksProperties.PodProperties.InitContainers.*.Image",
    "NodeProperties.NodeRangeProperties.*.EksProperties.PodProperties.Containers.*.Image",
];

/// Types that run images of container registries, with the ways to what names an image. Workers of EMR Serverless are of
/// four types (<https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html>); add-ons of EKS
/// have no property for an image.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>
pub(crate) const RUNNERS: &[RunnerType] = &[
    (
        "AWS::ECS::TaskDefinition",
        &["ContainerDefinitions.*.Image"],
    ),
    (
        "AWS::ECS::DaemonTaskDefinition",
        &["ContainerDefinitions.*.Image"],
    ),
    (
        "AWS::ECS::ExpressGatewayService",
        &["PrimaryContainer.Image"],
    ),
    ("AWS::Lambda::Function", &["Code.ImageUri"]),
    ("AWS::Serverless::Function", &["ImageUri"]),
    (
        "AWS::AppRunner::Service",
        &["SourceConfiguration.ImageRepository.ImageIdentifier"],
    ),
    ("AWS::Batch::JobDefinition", JOB),
    (
        "AWS::BedrockAgentCore::Runtime",
        &["AgentRuntimeArtifact.ContainerConfiguration.ContainerUri"],
    ),
    (
        "AWS::BedrockAgentCore::Harness",
        &["EnvironmentArtifact.ContainerConfiguration.ContainerUri"],
    ),
    (
        "AWS::CleanRoomsML::ConfiguredModelAlgorithm",
        &[
            "InferenceContainerConfig.ImageUri",
            "TrainingContainerConfig.ImageUri",
        ],
    ),
    (
        "AWS::EMRServerless::Application",
        &[
            "ImageConfiguration.ImageUri",
            "WorkerTypeSpecifications.Driver.ImageConfiguration.ImageUri",
            "WorkerTypeSpecifications.Executor.ImageConfiguration.ImageUri",
            "WorkerTypeSpecifications.HiveDriver.ImageConfiguration.ImageUri",
            "WorkerTypeSpecifications.TezTask.ImageConfiguration.ImageUri",
        ],
    ),
    (
        "AWS::GameLift::ContainerGroupDefinition",
        &[
            "GameServerContainerDefinition.ImageUri",
            "SupportContainerDefinitions.*.ImageUri",
        ],
    ),
    ("AWS::ImageBuilder::ContainerRecipe", &["ParentImage"]),
    (
        "AWS::Lightsail::Container",
        &["ContainerServiceDeployment.Containers.*.Image"],
    ),
    (
        "AWS::SageMaker::Algorithm",
        &[
            "InferenceSpecification.Containers.*.Image",
            "TrainingSpecification.TrainingImage",
        ],
    ),
    (
        "AWS::SageMaker::InferenceComponent",
        &[
            "Specification.Container.Image",
            "Specifications.*.Container.Image",
        ],
    ),
    (
        "AWS::SageMaker::Model",
        &["PrimaryContainer.Image", "Containers.*.Image"],
    ),
    (
        "AWS::SageMaker::ModelPackage",
        &[
            "InferenceSpecification.Containers.*.Image",
            "AdditionalInferenceSpecifications.*.Containers.*.Image",
        ],
    ),
    (
        "AWS::SageMaker::DataQualityJobDefinition",
        &["DataQualityAppSpecification.ImageUri"],
    ),
    (
        "AWS::SageMaker::ModelBiasJobDefinition",
        &["ModelBiasAppSpecification.ImageUri"],
    ),
    (
        "AWS::SageMaker::ModelExplainabilityJobDefinition",
        &["ModelExplainabilityAppSpecification.ImageUri"],
    ),
    (
        "AWS::SageMaker::ModelQualityJobDefinition",
        &["ModelQualityAppSpecification.ImageUri"],
    ),
    (
        "AWS::SageMaker::MonitoringSchedule",
        &["MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri"],
    ),
    (
        "AWS::SageMaker::ProcessingJob",
        &["AppSpecification.ImageUri"],
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
