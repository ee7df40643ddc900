//! Templates as programs: each resource by the construct that somebody would write for it.

use serde_json::{Map, Value};

use crate::code::{Code, Line, Members};

/// Where a resource comes to stand in the program.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    /// The class of the construct.
    pub(crate) class: &'static str,
}

/// A template as a program.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) lines: Vec<Line>,
    pub(crate) variables: Vec<Variable>,
}

/// Why a template is not a program that anybody writes.
pub(crate) type Told<T> = Result<T, String>;

/// The program of a template.
pub(crate) fn program(template: &Value) -> Told<Program> {
    let sections = template.as_object().ok_or("no mapping")?;
    let known = ["AWSTemplateFormatVersion", "Description", "Resources"];
    if let Some(other) = sections.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("has {other}"));
    }
    let empty = Map::new();
    let resources = template["Resources"].as_object().unwrap_or(&empty);
    let mut program = Program::default();
    // What others refer to stands before them.
    let rank = |kind: &Value| match kind.as_str() {
        Some("AWS::KMS::Key") => 0,
        Some("AWS::ECR::Repository") => 1,
        Some("AWS::IAM::Role") => 2,
        _ => 3,
    };
    let mut ordered: Vec<_> = resources.iter().collect();
    ordered.sort_by_key(|(_, resource)| rank(&resource["Type"]));
    for (id, resource) in ordered {
        program.add(id, resource)?;
    }
    Ok(program)
}

/// Properties that have not been translated yet.
struct Rest {
    members: Map<String, Value>,
}

impl Rest {
    fn of(value: &Value) -> Told<Self> {
        let members = match value {
            Value::Null => Map::new(),
            Value::Object(members) => members.clone(),
            _ => return Err("no mapping".to_owned()),
        };
        Ok(Self { members })
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    fn ends(self) -> Told<()> {
        match self.members.keys().next() {
            Some(name) => Err(format!("has {name}")),
            None => Ok(()),
        }
    }
}

fn member(name: &str, code: Code) -> (String, Code) {
    (name.to_owned(), code)
}

fn name(text: impl Into<String>) -> Code {
    Code::Name(text.into())
}

fn text(value: &Value) -> Told<&str> {
    value
        .as_str()
        .ok_or_else(|| format!("{value} is not a text"))
}

/// The items of a list; one alone is an item, too.
fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

impl Program {
    fn add(&mut self, id: &str, resource: &Value) -> Told<()> {
        let mut whole = Rest::of(resource)?;
        let kind = whole.take("Type").unwrap_or_default();
        let mut rest = Rest::of(&whole.take("Properties").unwrap_or_default())?;
        match kind.as_str().unwrap_or_default() {
            "AWS::ECR::Repository" => self.repository(id, &mut whole, &mut rest)?,
            "AWS::ECR::RegistryPolicy" => self.plain(id, "ecr.CfnRegistryPolicy", &mut rest)?,
            "AWS::ECR::RepositoryCreationTemplate" => {
                self.plain(id, "ecr.CfnRepositoryCreationTemplate", &mut rest)?;
            }
            "AWS::KMS::Key" => self.key(id, &mut rest)?,
            "AWS::IAM::Role" => self.role(id, &mut rest)?,
            "AWS::IAM::Policy" => self.policy(&mut rest)?,
            "AWS::SSM::Parameter" => self.parameter(id, &mut rest)?,
            "AWS::Events::Rule" => self.rule(id, &mut rest)?,
            other => return Err(format!("has a resource of type {other}")),
        }
        whole.ends()?;
        rest.ends()
    }

    fn construct(&mut self, id: &str, class: &'static str, members: Members) -> String {
        let (first, others) = id.split_at(1);
        let variable = first.to_ascii_lowercase() + others;
        self.variables.push(Variable {
            logical_id: id.to_owned(),
            name: variable.clone(),
            class,
        });
        self.lines.push(Line {
            variable: Some(variable.clone()),
            code: Code::Construct(class, id.to_owned(), members),
        });
        variable
    }

    fn call(&mut self, name: String, arguments: Vec<Code>) {
        let code = Code::Call(name, arguments);
        self.lines.push(Line {
            variable: None,
            code,
        });
    }

    /// A construct that has the properties of the resource.
    fn plain(&mut self, id: &str, class: &'static str, rest: &mut Rest) -> Told<()> {
        let mut members = Vec::new();
        for (key, value) in std::mem::take(&mut rest.members) {
            let (first, others) = key.split_at(1);
            let code = match (key.as_str(), &value) {
                ("EncryptionConfiguration", _) => return Err("has a nested property".to_owned()),
                _ => self.value(&value)?,
            };
            members.push((first.to_ascii_lowercase() + others, code));
        }
        self.construct(id, class, members);
        Ok(())
    }

    fn repository(&mut self, id: &str, whole: &mut Rest, rest: &mut Rest) -> Told<()> {
        let mut members = Vec::new();
        if let Some(value) = rest.take("RepositoryName") {
            members.push(member("repositoryName", self.value(&value)?));
        }
        if let Some(value) = rest.take("ImageScanningConfiguration") {
            let flag = value["ScanOnPush"]
                .as_bool()
                .ok_or("scans in no known way")?;
            members.push(member("imageScanOnPush", Code::Flag(flag)));
        }
        self.mutability(rest, &mut members)?;
        self.encryption(rest, &mut members)?;
        if let Some(value) = rest.take("LifecyclePolicy") {
            let policy = text(&value["LifecyclePolicyText"])?;
            let policy: Value = serde_json::from_str(policy)
                .map_err(|_| "has a lifecycle policy that is not JSON")?;
            let rules = items(&policy["rules"])
                .iter()
                .map(lifecycle_rule)
                .collect::<Told<_>>()?;
            members.push(member("lifecycleRules", Code::List(rules)));
        }
        let empties = rest.take("EmptyOnDelete");
        if let Some(flag) = empties.and_then(|flag| flag.as_bool()) {
            members.push(member("emptyOnDelete", Code::Flag(flag)));
        }
        whole.take("UpdateReplacePolicy");
        let policy = match whole
            .take("DeletionPolicy")
            .as_ref()
            .and_then(Value::as_str)
        {
            None | Some("Delete") => "DESTROY",
            Some("Retain") => "RETAIN",
            Some("RetainExceptOnCreate") => "RETAIN_ON_UPDATE_OR_DELETE",
            Some(other) => return Err(format!("has deletion policy {other}")),
        };
        members.push(member(
            "removalPolicy",
            name(format!("cdk.RemovalPolicy.{policy}")),
        ));
        let (policy, tags) = (rest.take("RepositoryPolicyText"), rest.take("Tags"));
        let (switch, tags): (Vec<_>, Vec<_>) = tags
            .iter()
            .flat_map(items)
            .partition(|tag| tag["Key"] == "aws-cdk:auto-delete-images");
        if !switch.is_empty() {
            members.push(member("autoDeleteImages", Code::Flag(true)));
        }
        let variable = self.construct(id, "ecr.Repository", members);
        for statement in policy.iter().flat_map(|policy| items(&policy["Statement"])) {
            let statement = self.statement(&statement)?;
            self.call(format!("{variable}.addToResourcePolicy"), vec![statement]);
        }
        for tag in tags {
            let arguments = vec![self.value(&tag["Key"])?, self.value(&tag["Value"])?];
            self.call(format!("cdk.Tags.of({variable}).add"), arguments);
        }
        Ok(())
    }

    fn mutability(&self, rest: &mut Rest, members: &mut Members) -> Told<()> {
        if let Some(value) = rest.take("ImageTagMutability") {
            let known = ["MUTABLE", "IMMUTABLE"];
            let known = |mode: &&str| known.contains(&mode.trim_end_matches("_WITH_EXCLUSION"));
            let mode = value
                .as_str()
                .filter(known)
                .ok_or("has a mode that the library lacks")?;
            let mode = format!("ecr.TagMutability.{mode}");
            members.push(member("imageTagMutability", name(mode)));
        }
        if let Some(value) = rest.take("ImageTagMutabilityExclusionFilters") {
            let filter = |filter: &Value| {
                let value = self.value(&filter["ImageTagMutabilityExclusionFilterValue"])?;
                let name = "ecr.ImageTagMutabilityExclusionFilter.wildcard";
                Ok(Code::Call(name.to_owned(), vec![value]))
            };
            let filters = items(&value).iter().map(filter).collect::<Told<_>>()?;
            let filters = Code::List(filters);
            members.push(member("imageTagMutabilityExclusionFilters", filters));
        }
        Ok(())
    }

    fn encryption(&self, rest: &mut Rest, members: &mut Members) -> Told<()> {
        let Some(value) = rest.take("EncryptionConfiguration") else {
            return Ok(());
        };
        let kind = match value["EncryptionType"].as_str() {
            Some("KMS") => "KMS",
            Some("AES256") => "AES_256",
            _ => return Err("has an encryption that the library lacks".to_owned()),
        };
        let kind = name(format!("ecr.RepositoryEncryption.{kind}"));
        match &value["KmsKey"] {
            Value::Null => members.push(member("encryption", kind)),
            key => {
                let key = key["Fn::GetAtt"].clone();
                let (key, _) = attribute(&key).ok_or("has a key of a name alone")?;
                members.push(member("encryption", kind));
                members.push(member(
                    "encryptionKey",
                    name(self.variable(&key)?.name.clone()),
                ));
            }
        }
        Ok(())
    }

    fn key(&mut self, id: &str, rest: &mut Rest) -> Told<()> {
        let mut members = Vec::new();
        for (property, written) in [
            ("EnableKeyRotation", "enableKeyRotation"),
            ("Enabled", "enabled"),
        ] {
            if let Some(flag) = rest.take(property).and_then(|flag| flag.as_bool()) {
                members.push(member(written, Code::Flag(flag)));
            }
        }
        for (property, class) in [("KeySpec", "kms.KeySpec"), ("KeyUsage", "kms.KeyUsage")] {
            if let Some(value) = rest.take(property) {
                let written = property.replacen('K', "k", 1);
                let value = name(format!("{class}.{}", text(&value)?));
                members.push((written, value));
            }
        }
        let policy = rest.take("KeyPolicy");
        let variable = self.construct(id, "kms.Key", members);
        for statement in policy.iter().flat_map(|policy| items(&policy["Statement"])) {
            // The library writes this one by itself.
            let is_own = statement["Principal"]["AWS"].get("Fn::Sub").is_some();
            if !is_own {
                let statement = self.statement(&statement)?;
                self.call(format!("{variable}.addToResourcePolicy"), vec![statement]);
            }
        }
        Ok(())
    }

    fn role(&mut self, id: &str, rest: &mut Rest) -> Told<()> {
        rest.take("AssumeRolePolicyDocument");
        let account = Code::New("iam.AccountRootPrincipal", Vec::new(), None);
        let mut members = vec![member("assumedBy", account)];
        let managed = rest.take("ManagedPolicyArns");
        let managed: Vec<_> = managed.iter().flat_map(items).collect();
        if !managed.is_empty() {
            let by_name = |arn: &Value| {
                let (_, policy) = text(arn)?
                    .split_once("policy/")
                    .ok_or("a policy of its own")?;
                let call = "iam.ManagedPolicy.fromAwsManagedPolicyName".to_owned();
                Ok(Code::Call(call, vec![Code::Text(policy.to_owned())]))
            };
            let managed = managed.iter().map(by_name).collect::<Told<_>>()?;
            members.push(member("managedPolicies", Code::List(managed)));
        }
        let policies = rest.take("Policies");
        let variable = self.construct(id, "iam.Role", members);
        for policy in policies.iter().flat_map(items) {
            for statement in items(&policy["PolicyDocument"]["Statement"]) {
                let statement = self.statement(&statement)?;
                self.call(format!("{variable}.addToPolicy"), vec![statement]);
            }
        }
        Ok(())
    }

    fn policy(&mut self, rest: &mut Rest) -> Told<()> {
        rest.take("PolicyName");
        let roles = rest.take("Roles").unwrap_or_default();
        let role = text(&roles[0]["Ref"])?.to_owned();
        let role = self.variable(&role)?.name.clone();
        let document = rest.take("PolicyDocument").unwrap_or_default();
        for statement in items(&document["Statement"]) {
            let statement = self.statement(&statement)?;
            self.call(format!("{role}.addToPolicy"), vec![statement]);
        }
        Ok(())
    }

    fn parameter(&mut self, id: &str, rest: &mut Rest) -> Told<()> {
        let kind = rest.take("Type").unwrap_or_default();
        if kind != "String" {
            return Err(format!("has a parameter of type {kind}"));
        }
        let mut members = Vec::new();
        for (property, written) in [("Name", "parameterName"), ("Value", "stringValue")] {
            if let Some(value) = rest.take(property) {
                members.push(member(written, self.value(&value)?));
            }
        }
        self.construct(id, "ssm.StringParameter", members);
        Ok(())
    }

    fn rule(&mut self, id: &str, rest: &mut Rest) -> Told<()> {
        let mut members = Vec::new();
        match rest.take("State").as_ref().map(Value::as_str) {
            None => {}
            Some(Some(state)) => members.push(member("enabled", Code::Flag(state == "ENABLED"))),
            Some(None) => return Err("has a state that depends".to_owned()),
        }
        let pattern = rest.take("EventPattern").unwrap_or_default();
        let mut fields = Vec::new();
        for (key, value) in pattern.as_object().ok_or("no pattern")? {
            let key = key.replace("detail-type", "detailType");
            fields.push((key, self.value(value)?));
        }
        members.push(member(
            "eventPattern",
            Code::Struct("events.EventPattern", fields),
        ));
        let targets = rest.take("Targets");
        let mut queues = Vec::new();
        for target in targets.iter().flat_map(items) {
            let queue = vec![
                name("this"),
                Code::Text("Queue".to_owned()),
                self.value(&target["Arn"])?,
            ];
            let queue = Code::Call("sqs.Queue.fromQueueArn".to_owned(), queue);
            queues.push(Code::New("targets.SqsQueue", vec![queue], None));
        }
        if !queues.is_empty() {
            members.push(member("targets", Code::List(queues)));
        }
        self.construct(id, "events.Rule", members);
        Ok(())
    }

    fn statement(&self, statement: &Value) -> Told<Code> {
        let mut rest = Rest::of(statement)?;
        let mut members = Vec::new();
        if rest.take("Effect").is_some_and(|effect| effect == "Deny") {
            members.push(member("effect", name("iam.Effect.DENY")));
        }
        for (element, written) in [
            ("Principal", "principals"),
            ("NotPrincipal", "notPrincipals"),
        ] {
            if let Some(value) = rest.take(element) {
                members.push(member(written, Code::List(principals(&value)?)));
            }
        }
        for (element, written) in [
            ("Action", "actions"),
            ("NotAction", "notActions"),
            ("Resource", "resources"),
        ] {
            if let Some(value) = rest.take(element) {
                let values = items(&value);
                let values = values
                    .iter()
                    .map(|one| self.value(one))
                    .collect::<Told<_>>()?;
                members.push(member(written, Code::List(values)));
            }
        }
        if let Some(value) = rest.take("Condition") {
            members.push(member("conditions", self.value(&value)?));
        }
        rest.ends()?;
        Ok(Code::New("iam.PolicyStatement", Vec::new(), Some(members)))
    }

    /// A value of a template.
    fn value(&self, value: &Value) -> Told<Code> {
        Ok(match value {
            Value::Null => return Err("a value that is not there".to_owned()),
            Value::Bool(flag) => Code::Flag(*flag),
            Value::Number(number) => Code::Number(number.to_string()),
            Value::String(text) => Code::Text(text.clone()),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Code::List(items.collect::<Told<_>>()?)
            }
            Value::Object(members) => {
                if let Some(id) = value.get("Ref") {
                    return self.attribute(text(id)?, "Ref");
                }
                if let Some(path) = value.get("Fn::GetAtt") {
                    let (id, attribute) = attribute(path).ok_or("an attribute of no name")?;
                    return self.attribute(&id, &attribute);
                }
                if let Some(Value::String(text)) = value.get("Fn::Sub") {
                    return Ok(Code::Call(
                        "cdk.Fn.sub".to_owned(),
                        vec![Code::Text(text.clone())],
                    ));
                }
                if let Some(name) = members.keys().find(|key| key.starts_with("Fn::")) {
                    return Err(format!("has {name}"));
                }
                let member =
                    |(key, value): (&String, &Value)| Ok((key.clone(), self.value(value)?));
                Code::Data(members.iter().map(member).collect::<Told<_>>()?)
            }
        })
    }

    fn attribute(&self, id: &str, attribute: &str) -> Told<Code> {
        let Variable {
            name: variable,
            class,
            ..
        } = self.variable(id)?;
        let attribute = match (*class, attribute) {
            ("ecr.Repository", "Ref") => "repositoryName",
            ("ecr.Repository", "Arn") => "repositoryArn",
            ("kms.Key", "Arn") => "keyArn",
            _ => return Err(format!("has {attribute} of {id}")),
        };
        Ok(name(format!("{variable}.{attribute}")))
    }

    fn variable(&self, id: &str) -> Told<&Variable> {
        let found = self.variables.iter().find(|one| one.logical_id == id);
        found.ok_or_else(|| format!("has no {id}"))
    }
}

/// The resource and the name of an attribute.
fn attribute(path: &Value) -> Option<(String, String)> {
    match path {
        Value::String(path) => {
            let (id, attribute) = path.split_once('.')?;
            Some((id.to_owned(), attribute.to_owned()))
        }
        path => Some((path[0].as_str()?.to_owned(), path[1].as_str()?.to_owned())),
    }
}

fn principals(value: &Value) -> Told<Vec<Code>> {
    if value == "*" {
        return Ok(vec![Code::New("iam.StarPrincipal", Vec::new(), None)]);
    }
    let mut principals = Vec::new();
    for (kind, named) in value.as_object().ok_or("a principal of no kind")? {
        for one in items(named) {
            let one = text(&one)?.to_owned();
            let class = match kind.as_str() {
                "AWS" if one.bytes().all(|byte| byte.is_ascii_digit()) => "iam.AccountPrincipal",
                "AWS" => "iam.ArnPrincipal",
                "Service" => "iam.ServicePrincipal",
                other => return Err(format!("has a principal of kind {other}")),
            };
            principals.push(Code::New(class, vec![Code::Text(one)], None));
        }
    }
    Ok(principals)
}

fn lifecycle_rule(rule: &Value) -> Told<Code> {
    let selection = &rule["selection"];
    let mut members = vec![member(
        "rulePriority",
        Code::Number(rule["rulePriority"].to_string()),
    )];
    let status = match text(&selection["tagStatus"])? {
        "any" => Some("ANY"),
        "untagged" => Some("UNTAGGED"),
        _ => None,
    };
    if let Some(status) = status {
        members.push(member("tagStatus", name(format!("ecr.TagStatus.{status}"))));
    }
    for list in ["tagPatternList", "tagPrefixList"] {
        let entries = selection[list].as_array();
        if let Some(entries) = entries {
            let entries = entries
                .iter()
                .map(|one| Ok(Code::Text(text(one)?.to_owned())));
            members.push(member(list, Code::List(entries.collect::<Told<_>>()?)));
        }
    }
    let number = &selection["countNumber"];
    let number = number.as_u64().ok_or("counts in no known way")?;
    let number = Code::Number(number.to_string());
    members.push(match text(&selection["countType"])? {
        "imageCountMoreThan" => member("maxImageCount", number),
        "sinceImagePushed" => {
            let days = Code::Call("cdk.Duration.days".to_owned(), vec![number]);
            member("maxImageAge", days)
        }
        other => return Err(format!("counts by {other}")),
    });
    Ok(Code::Struct("ecr.LifecycleRule", members))
}
