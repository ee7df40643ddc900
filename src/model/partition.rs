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
    of_region(region).1
}

/// What the names of hosts in `region` end in.
pub(crate) fn url_suffix(region: &str) -> &'static str {
    of_region(region).2
}

/// Every partition with the end of its hosts' names.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTITIONS.iter().map(|(_, name, suffix)| (*name, *suffix))
}

fn of_region(region: &str) -> &'static (&'static str, &'static str, &'static str) {
    let mut known = PARTITIONS.iter();
    let found = known.find(|(prefix, ..)| region.starts_with(prefix));
    found.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1])
}
