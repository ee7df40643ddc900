//! Where a service answers: at its host in a region, or where the user says.
//! It does not know calls.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::operation::AwsService;
use crate::model::partition;

/// Where services answer.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    /// The endpoint of every service, as `--endpoint-url` and `AWS_ENDPOINT_URL` say.
    every: Option<String>,
    fips: bool,
    config: SdkConfig,
}

impl Endpoints {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self {
            every: config.endpoint_url().map(str::to_owned),
            fips: config.use_fips().unwrap_or(false),
            config: config.clone(),
        }
    }

    /// URL of a service, with a path that ends in `/`.
    pub(super) fn url(&self, service: &AwsService, region: &str) -> String {
        let configured = self.of_service(service).or_else(|| self.every.clone());
        match configured {
            Some(url) => format!("{}/", url.trim_end_matches('/')),
            None => host(service, region, self.fips),
        }
    }

    /// What `AWS_ENDPOINT_URL_ECR` or the `services` of the profile say.
    fn of_service(&self, service: &AwsService) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service.id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        self.config.service_config()?.load_config(key)
    }
}

/// URL of a service in a region by the rule that all of them follow.
fn host(service: &AwsService, region: &str, fips: bool) -> String {
    let suffix = partition::url_suffix(region);
    let fips = if fips { "-fips" } else { "" };
    format!("https://{}{fips}.{region}.{suffix}/", service.host)
}

/// The region in which a partition answers for whole accounts; `None` where that is not known.
///
/// Source: botocore 1.44.5, `endpoints.json`, service `account`.
pub(super) fn region_of_accounts(region: &str) -> Option<&'static str> {
    match partition::name(region) {
        "aws" => Some("us-east-1"),
        "aws-cn" => Some("cn-northwest-1"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::host;
    use crate::capture::operation::{ECR, KMS};

    #[test]
    fn a_host_follows_from_service_and_region() {
        let host = |service, region, fips| host(service, region, fips);
        assert_eq!(
            host(&ECR, "eu-west-1", false),
            "https://api.ecr.eu-west-1.amazonaws.com/"
        );
        assert_eq!(
            host(&ECR, "us-gov-west-1", true),
            "https://api.ecr-fips.us-gov-west-1.amazonaws.com/"
        );
        assert_eq!(
            host(&KMS, "cn-north-1", false),
            "https://kms.cn-north-1.amazonaws.com.cn/"
        );
    }
}
