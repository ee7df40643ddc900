//! The parameters of Systems Manager that publish repositories, found by how they are named.
//! It does not know who expects which, and never asks for the value of a secret.

use serde_json::{Value, json};

use super::answer::list;
use super::caller::RegionalClient;
use super::failure::Failure;
use super::listing;
use super::operation::GET_PARAMETERS;

/// Most names in one `GetParameters`.
const NAMES_AT_ONCE: usize = 10;
/// Longest name of a repository. One as long may have been cut, so its base name is not known.
const LONGEST_NAME: usize = 256;
/// What `{kind}` stands for.
const KINDS: [&str; 4] = ["arn", "name", "uri", "kms_key_arn"];

/// How parameters are named, as far as letters and digits go: `ECR_API_arn` and `ecr-api-ARN` are one.
#[derive(Clone, Debug)]
pub(super) struct ParameterNaming {
    /// What stands before the base name, as it is written.
    written: String,
    /// What stands before and behind the base name, for each kind, as letters.
    affixes: Vec<(String, String)>,
}

impl ParameterNaming {
    /// From a template such as `ECR_{BASE}_{kind}`.
    pub(super) fn new(template: &str) -> Self {
        let written = template.split('{').next().unwrap_or_default();
        let affixes = KINDS.iter().map(|kind| {
            let filled = template.replace("{kind}", kind);
            let (before, behind) = filled.split_once("{BASE}").unwrap_or((&filled, ""));
            (letters(before), letters(behind))
        });
        Self {
            written: written.to_owned(),
            affixes: affixes.collect(),
        }
    }

    /// What names of parameters begin with, in the ways in which people write it. Empty: anything.
    fn starts(&self) -> Vec<String> {
        let stem = self
            .written
            .trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if stem.is_empty() {
            return Vec::new();
        }
        let mut first = stem.to_lowercase();
        first[..1].make_ascii_uppercase();
        let mut starts = vec![
            stem.to_owned(),
            stem.to_uppercase(),
            stem.to_lowercase(),
            first,
        ];
        starts.sort();
        starts.dedup();
        starts
    }

    /// The parameters that an IAM policy has to open, as the ends of their ARNs.
    pub(super) fn resources(&self) -> Vec<String> {
        match self.starts() {
            starts if starts.is_empty() => vec!["*".to_owned()],
            starts => starts.iter().map(|start| format!("*{start}*")).collect(),
        }
    }

    /// Whether a parameter of this name may be one of ours.
    fn may_fit(&self, name: &str) -> bool {
        let name = letters(name);
        self.affixes.iter().any(|(before, behind)| {
            name.starts_with(before) && (!before.is_empty() || name.ends_with(behind))
        })
    }

    /// The base names, as letters, that a parameter's name may have been made of.
    fn bases<'n>(&'n self, letters: &'n str) -> impl Iterator<Item = &'n str> {
        self.affixes.iter().filter_map(move |(before, behind)| {
            letters
                .strip_prefix(before.as_str())?
                .strip_suffix(behind.as_str())
                .filter(|base| !base.is_empty())
        })
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The parameters of an account and region that may be ours, by name.
#[derive(Debug)]
pub(super) struct SsmParameters {
    naming: ParameterNaming,
    found: Vec<Value>,
}

impl SsmParameters {
    /// Lists the parameters, and asks for the values of those that are not secrets.
    pub(super) async fn ask(caller: &RegionalClient, template: &str) -> Result<Self, Failure> {
        let naming = ParameterNaming::new(template);
        let starts = naming.starts();
        let mut input = json!({});
        if !starts.is_empty() {
            input["ParameterFilters"] =
                json!([{ "Key": "Name", "Option": "Contains", "Values": starts }]);
        }
        let listed = listing::PARAMETERS.all(caller, input);
        let mut found = Vec::new();
        let mut open = Vec::new();
        for parameter in listed.await? {
            let Some(name) = text(&parameter, "Name") else {
                continue;
            };
            if !naming.may_fit(name) {
                continue;
            }
            if text(&parameter, "Type") == Some("SecureString") {
                found.push(without_value(&parameter));
            } else {
                open.push(name.to_owned());
            }
        }
        for names in open.chunks(NAMES_AT_ONCE) {
            let input = json!({ "Names": names, "WithDecryption": false });
            let mut answer = caller.ask(&GET_PARAMETERS, &input).await?;
            for parameter in list(&mut answer, "Parameters")? {
                if !text(&parameter, "Name").is_some_and(|name| names.iter().any(|own| own == name))
                {
                    return Err(Failure::unexpected("the answer is about another parameter"));
                }
                // A parameter may have become a secret since it was listed.
                if text(&parameter, "Type") == Some("SecureString") {
                    found.push(without_value(&parameter));
                } else {
                    found.push(parameter);
                }
            }
        }
        found.sort_by(|a, b| text(a, "Name").cmp(&text(b, "Name")));
        Ok(Self { naming, found })
    }

    /// Those that publish the repository, by their names or by their values.
    pub(super) fn of(&self, repository: &Value) -> Vec<Value> {
        let own = ["repositoryName", "repositoryArn", "repositoryUri"]
            .map(|member| text(repository, member).unwrap_or_default());
        let ends = letters(own[0]);
        let may_be_cut = own[0].chars().count() >= LONGEST_NAME;
        self.found
            .iter()
            .filter(|parameter| {
                let name = letters(text(parameter, "Name").unwrap_or_default());
                let value = text(parameter, "Value").unwrap_or_default();
                self.naming
                    .bases(&name)
                    .any(|base| may_be_cut || ends.ends_with(base))
                    || own.iter().any(|own| is_or_extends(value, own))
            })
            .cloned()
            .collect()
    }
}

/// Whether a value is the repository's own, alone or with a tag or digest behind it.
fn is_or_extends(value: &str, own: &str) -> bool {
    !own.is_empty()
        && value
            .strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
}

fn without_value(parameter: &Value) -> Value {
    let kept = [
        "Name",
        "Type",
        "Version",
        "LastModifiedDate",
        "ARN",
        "DataType",
    ];
    let members = kept
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), parameter.get(*name)?.clone())));
    Value::Object(members.collect())
}

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ParameterNaming, SsmParameters, without_value};

    fn found(names: &[&str], repository: &str) -> Vec<String> {
        let parameters = SsmParameters {
            naming: ParameterNaming::new("ECR_{BASE}_{kind}"),
            found: names
                .iter()
                .map(|name| match name.split_once('=') {
                    Some((name, value)) => json!({ "Name": name, "Value": value }),
                    None => json!({ "Name": name }),
                })
                .collect(),
        };
        let repository = json!({ "repositoryName": repository });
        let of = parameters.of(&repository);
        let name = |parameter: &Value| parameter["Name"].as_str().unwrap().to_owned();
        of.iter().map(name).collect()
    }

    #[test]
    fn a_parameter_belongs_to_the_repository_whose_name_ends_in_its_base() {
        let names = [
            "ECR_API_arn",
            "ecr-api-ARN",
            "ECR_WEB_arn",
            "ECR__arn",
            "ECR_API_other",
        ];
        assert_eq!(
            found(&names, "acme-shop-api"),
            ["ECR_API_arn", "ecr-api-ARN"]
        );
    }

    #[test]
    fn a_parameter_belongs_to_the_repository_that_it_holds() {
        let names = ["ECR_WEB_name=acme-shop-api", "ECR_WEB_uri=acme-shop-api-2"];
        assert_eq!(found(&names, "acme-shop-api"), ["ECR_WEB_name"]);
    }

    #[test]
    fn a_name_that_may_have_been_cut_keeps_every_parameter() {
        let long = "x".repeat(256);
        assert_eq!(found(&["ECR_API_arn"], &long), ["ECR_API_arn"]);
    }

    #[test]
    fn parameters_are_looked_for_in_every_spelling_of_the_template() {
        let naming = ParameterNaming::new("Ecr/{BASE}/{kind}");
        assert_eq!(naming.starts(), ["ECR", "Ecr", "ecr"]);
        assert_eq!(naming.resources(), ["*ECR*", "*Ecr*", "*ecr*"]);
        assert_eq!(ParameterNaming::new("{BASE}-{kind}").resources(), ["*"]);
    }

    #[test]
    fn the_value_of_a_secret_is_left_out() {
        let secret =
            json!({ "Name": "ECR_X", "Type": "SecureString", "Value": "abc", "Version": 1 });
        let kept = without_value(&secret);
        assert_eq!(
            kept,
            json!({ "Name": "ECR_X", "Type": "SecureString", "Version": 1 })
        );
    }
}
