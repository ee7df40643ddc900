//! Generated inputs for the benchmarks: templates as AWS CDK writes them, with and without ECR.

mod conditional;
pub(crate) mod varied;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub(crate) use conditional::write_conditional;

/// Repositories in each template.
pub(crate) const REPOSITORIES: usize = 5;
/// Size of a template in bytes, roughly: 2,000 of them make 57 MB.
const SIZE: usize = 28_500;

/// A configuration under which every repository of the corpus breaks a rule.
pub(crate) const STRICT: &str = "\
sets: [recommended, organisation]
organisation:
  prefix: other
  app: thing
";

/// Writes `count` templates with ECR repositories into `folder`, returns their bytes in all.
pub(crate) fn write_templates(folder: &Path, count: usize) -> usize {
    write(folder, count, "template.json", |index| {
        template(index, true)
    })
}

/// Makes a folder of templates an assembly whose stacks have an account and a region.
pub(crate) fn write_manifest(folder: &Path, count: usize) {
    let mut out = String::from("{\"version\":\"55.0.0\",\"artifacts\":{");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        write!(
            out,
            r#"{comma}"Stack{index}":{{"type":"aws:cloudformation:stack","environment":"aws://111111111111/eu-west-1","properties":{{"templateFile":"Stack{index:05}.template.json"}}}}"#
        )
        .expect("writing to a string");
    }
    out.push_str("}}");
    fs::write(folder.join("manifest.json"), out).expect("the manifest can be written");
    fs::write(folder.join("cdk.out"), "{\"version\":\"55.0.0\"}")
        .expect("the marker can be written");
}

/// The organisation that the corpus was made for.
pub(crate) const ORGANISATION: &str = "\
sets: [recommended, organisation]
organisation:
  prefix: acme
  app: shop
  environments:
    dev: { account: \"111111111111\", region: eu-west-1 }
    test: { account: \"222222222222\", region: eu-west-1 }
    prod: { account: \"333333333333\", region: eu-west-1 }
rules:
  deletion-policy: off
";

/// Writes `count` templates without any ECR resource.
pub(crate) fn write_foreign(folder: &Path, count: usize) -> usize {
    write(folder, count, "template.json", |index| {
        template(index, false)
    })
}

/// Writes `count` hand-written looking YAML templates with short tags and comments.
pub(crate) fn write_yaml(folder: &Path, count: usize) -> usize {
    write(folder, count, "yaml", yaml)
}

fn write(folder: &Path, count: usize, end: &str, text: impl Fn(usize) -> String) -> usize {
    fs::create_dir_all(folder).expect("the folder of the corpus can be made");
    (0..count)
        .map(|index| {
            let text = text(index);
            fs::write(folder.join(format!("Stack{index:05}.{end}")), &text)
                .expect("a template can be written");
            text.len()
        })
        .sum()
}

/// One template. About one repository in ten breaks a rule, as in a code base that is looked after.
pub(crate) fn template(index: usize, ecr: bool) -> String {
    let mut out = String::with_capacity(SIZE + 4096);
    out.push_str("{\n \"Resources\": {\n");
    if ecr {
        for number in 0..REPOSITORIES {
            repository(&mut out, index, number);
        }
    }
    let mut number = 0;
    while out.len() < SIZE {
        function(&mut out, index, number);
        number += 1;
    }
    out.push_str("  \"CDKMetadata\": {\n   \"Type\": \"AWS::CDK::Metadata\",\n   \"Properties\": {\n    \"Analytics\": \"v2:deflate64:H4sIAAAAAAAA\"\n   }\n  }\n },\n \"Parameters\": {\n  \"BootstrapVersion\": {\n   \"Type\": \"AWS::SSM::Parameter::Value<String>\",\n   \"Default\": \"/cdk-bootstrap/hnb659fds/version\"\n  }\n }\n}\n");
    out
}

fn repository(out: &mut String, index: usize, number: usize) {
    let name = format!("acme-shop-service-{index}-{number}");
    let base = format!("SERVICE_{index}_{number}");
    let scan = (index * REPOSITORIES + number) % 10 != 3;
    let id = format!("Service{number}Repository{index:08X}");
    let path = format!("Stack{index}/Service{number}/Repository/Resource");
    write!(
        out,
        r#"  "{id}": {{
   "Type": "AWS::ECR::Repository",
   "Properties": {{
    "EmptyOnDelete": true,
    "EncryptionConfiguration": {{
     "EncryptionType": "KMS",
     "KmsKey": {{
      "Fn::GetAtt": [
       "Key{number}",
       "Arn"
      ]
     }}
    }},
    "ImageScanningConfiguration": {{
     "ScanOnPush": {scan}
    }},
    "ImageTagMutability": "IMMUTABLE",
    "LifecyclePolicy": {{
     "LifecyclePolicyText": "{{\"rules\":[{{\"rulePriority\":1,\"selection\":{{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":10}},\"action\":{{\"type\":\"expire\"}}}}]}}"
    }},
    "RepositoryName": "{name}",
    "RepositoryPolicyText": {{
     "Statement": [
      {{
       "Action": [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:BatchGetRepositoryScanningConfiguration",
        "ecr:Describe*",
        "ecr:Get*",
        "ecr:List*"
       ],
       "Effect": "Allow",
       "Principal": {{
        "AWS": [
         {{
          "Fn::Join": [
           "",
           [
            "arn:",
            {{
             "Ref": "AWS::Partition"
            }},
            ":iam::222222222222:root"
           ]
          ]
         }},
         "arn:aws:iam::333333333333:root"
        ]
       }}
      }}
     ],
     "Version": "2012-10-17"
    }},
    "Tags": [
     {{
      "Key": "owner",
      "Value": "shop"
     }}
    ]
   }},
   "UpdateReplacePolicy": "Delete",
   "DeletionPolicy": "Delete",
   "Metadata": {{
    "aws:cdk:path": "{path}"
   }}
  }},
  "Key{number}": {{
   "Type": "AWS::KMS::Key",
   "Properties": {{
    "KeyPolicy": {{
     "Statement": [
      {{
       "Action": "kms:*",
       "Effect": "Allow",
       "Principal": {{
        "AWS": "arn:aws:iam::111111111111:root"
       }},
       "Resource": "*"
      }}
     ],
     "Version": "2012-10-17"
    }}
   }},
   "UpdateReplacePolicy": "Delete",
   "DeletionPolicy": "Delete",
   "Metadata": {{
    "aws:cdk:path": "Stack{index}/Service{number}/Key/Resource"
   }}
  }},
"#
    )
    .expect("writing to a string");
    for (kind, value) in [
        (
            "arn",
            format!("{{\n     \"Fn::GetAtt\": [\n      \"{id}\",\n      \"Arn\"\n     ]\n    }}"),
        ),
        ("name", format!("{{\n     \"Ref\": \"{id}\"\n    }}")),
        (
            "kms_key_arn",
            format!(
                "{{\n     \"Fn::GetAtt\": [\n      \"Key{number}\",\n      \"Arn\"\n     ]\n    }}"
            ),
        ),
    ] {
        write!(
            out,
            "  \"Parameter{number}{kind}\": {{\n   \"Type\": \"AWS::SSM::Parameter\",\n   \"Properties\": {{\n    \"Name\": \"ECR_{base}_{kind}\",\n    \"Type\": \"String\",\n    \"Value\": {value}\n   }}\n  }},\n"
        )
        .expect("writing to a string");
    }
}

fn function(out: &mut String, index: usize, number: usize) {
    write!(
        out,
        r#"  "Handler{number}ServiceRole{index:08X}": {{
   "Type": "AWS::IAM::Role",
   "Properties": {{
    "AssumeRolePolicyDocument": {{
     "Statement": [
      {{
       "Action": "sts:AssumeRole",
       "Effect": "Allow",
       "Principal": {{
        "Service": "lambda.amazonaws.com"
       }}
      }}
     ],
     "Version": "2012-10-17"
    }},
    "ManagedPolicyArns": [
     {{
      "Fn::Join": [
       "",
       [
        "arn:",
        {{
         "Ref": "AWS::Partition"
        }},
        ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
       ]
      ]
     }}
    ]
   }},
   "Metadata": {{
    "aws:cdk:path": "Stack{index}/Handler{number}/ServiceRole/Resource"
   }}
  }},
  "Handler{number}{index:08X}": {{
   "Type": "AWS::Lambda::Function",
   "Properties": {{
    "Code": {{
     "S3Bucket": "cdk-hnb659fds-assets-111111111111-eu-west-1",
     "S3Key": "2819175352ad1ce0dae768e83fc328fb70fb5f10b4a8ff0ccbcb791f02b0716d.zip"
    }},
    "Environment": {{
     "Variables": {{
      "LOG_LEVEL": "info",
      "TABLE_NAME": "acme-shop-orders-{index}"
     }}
    }},
    "Handler": "index.handler",
    "MemorySize": 512,
    "Role": {{
     "Fn::GetAtt": [
      "Handler{number}ServiceRole{index:08X}",
      "Arn"
     ]
    }},
    "Runtime": "nodejs22.x",
    "Timeout": 30
   }},
   "DependsOn": [
    "Handler{number}ServiceRole{index:08X}"
   ],
   "Metadata": {{
    "aws:cdk:path": "Stack{index}/Handler{number}/Resource",
    "aws:asset:path": "asset.2819175352ad1ce0dae768e83fc328fb70fb5f10b4a8ff0ccbcb791f02b0716d",
    "aws:asset:is-bundled": false,
    "aws:asset:property": "Code"
   }}
  }},
"#
    )
    .expect("writing to a string");
}

fn yaml(index: usize) -> String {
    let mut out = String::from(
        "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Environment:\n    Type: String\n    Default: prod\nResources:\n",
    );
    for number in 0..REPOSITORIES {
        write!(
            out,
            r#"  # images of service {number}
  Service{number}:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Sub acme-${{Environment}}-service-{index}-{number}
      ImageTagMutability: IMMUTABLE
      ImageScanningConfiguration:
        ScanOnPush: true
      EncryptionConfiguration:
        EncryptionType: KMS
        KmsKey: !GetAtt Key.Arn
      LifecyclePolicy:
        LifecyclePolicyText: |
          {{
            "rules": [
              {{
                "rulePriority": 1,
                "selection": {{"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20}},
                "action": {{"type": "expire"}}
              }}
            ]
          }}
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub arn:${{AWS::Partition}}:iam::222222222222:root
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
      Tags:
        - {{Key: owner, Value: shop}}
"#
        )
        .expect("writing to a string");
    }
    out.push_str("  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Version: \"2012-10-17\"\n        Statement:\n          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'kms:*', Resource: '*'}\n");
    out
}
