//! The partitions of AWS, which follow from the regions.
//! It does not know where anything is deployed.

/// A partition of AWS: first part of its regions' names, name, suffix of its hosts.
///
/// The commercial partition stands last, because every other region belongs to it.
/// Source: the AWS General Reference and the endpoint data of the SDKs.
const PARTITIONS: [(&str, &str, &str); 8] = [
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("", "aws", "amazonaws.com"),
];

/// Name of the partition that `region` belongs to, such as `aws-cn`.
pub(crate) fn name(region: &str) -> &'static str {
    row(region).0
}

/// What the names of hosts in `region` end in.
pub(crate) fn url_suffix(region: &str) -> &'static str {
    row(region).1
}

fn row(region: &str) -> (&'static str, &'static str) {
    PARTITIONS
        .iter()
        .find(|(prefix, _, _)| region.starts_with(prefix))
        .map_or(("aws", "amazonaws.com"), |(_, name, suffix)| (name, suffix))
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_region_belongs_to_one_partition() {
        assert_eq!(row("eu-west-1"), ("aws", "amazonaws.com"));
        assert_eq!(row("cn-north-1"), ("aws-cn", "amazonaws.com.cn"));
        assert_eq!(row("us-gov-west-1").0, "aws-us-gov");
        assert_eq!(row("us-isob-east-1").0, "aws-iso-b");
        assert_eq!(row("eusc-de-east-1").1, "amazonaws.eu");
    }
}
