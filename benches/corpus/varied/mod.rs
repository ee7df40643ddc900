//! Inputs of which no two are alike: names, policies, lifecycle texts, keys and tags differ from repository to
//! repository, and so does how they are written. Two thirds are shapes of people, a third those of the CDK; half lie
//! outside of an assembly; one template in ten has conditions. The same numbers make the same bytes.

#![allow(
    dead_code,
    unused_imports,
    reason = "one benchmark judges templates, another one snapshots"
)]

mod cdk;
mod hand;
mod parts;
mod random;
mod snapshot;
mod yaml;

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use random::Random;
pub(crate) use snapshot::write_snapshot;

/// Size of a template in bytes, roughly: 2,000 of them make 57 MB.
const SIZE: usize = 28_500;

/// Resources of a template.
type Resources = Map<String, Value>;

/// Writes `count` templates below `folder`, half of them as an assembly; returns their bytes in all.
pub(crate) fn write_templates(folder: &Path, count: usize) -> usize {
    let (assembly, plain) = (folder.join("assembly"), folder.join("plain"));
    for folder in [&assembly, &plain] {
        fs::create_dir_all(folder).expect("the folder of the corpus can be made");
    }
    let mut bytes = 0;
    let mut stacks = Map::new();
    for index in 0..count {
        let mut random = Random::new("template", index);
        let text = template(&mut random, index);
        bytes += text.len();
        let path = if index % 6 < 3 {
            let file = format!("Stack{index:05}.template.json");
            stacks.insert(format!("Stack{index:05}"), cdk::stack(index, &file));
            assembly.join(file)
        } else {
            plain.join(format!("stack-{index:05}.json"))
        };
        fs::write(path, text).expect("a template can be written");
    }
    cdk::write_manifest(&assembly, stacks);
    bytes
}

/// Writes `count` templates as people write them in YAML; returns their bytes in all.
pub(crate) fn write_yaml(folder: &Path, count: usize) -> usize {
    fs::create_dir_all(folder).expect("the folder of the corpus can be made");
    let texts = (0..count).map(|index| {
        let mut random = Random::new("yaml", index);
        let template = hand::template(&mut random, index, SIZE / 3);
        let text = yaml::written(&template);
        fs::write(folder.join(format!("stack-{index:05}.yaml")), &text)
            .expect("a template can be written");
        text.len()
    });
    texts.sum()
}

/// A third of the templates is the CDK's, in an assembly, where a sixth is of people whose templates it took in.
fn template(random: &mut Random, index: usize) -> String {
    match index % 6 {
        0 | 1 => pretty(&cdk::template(random, index, SIZE), 1),
        _ => pretty(
            &hand::template(random, index, SIZE),
            *random.pick(&[2, 2, 4]),
        ),
    }
}

/// Whether a template has conditions.
fn has_conditions(index: usize) -> bool {
    index % 10 == 7
}

fn pretty(value: &Value, indent: usize) -> String {
    let mut out = Vec::with_capacity(SIZE * 2);
    let spaces = " ".repeat(indent);
    let formatter = serde_json::ser::PrettyFormatter::with_indent(spaces.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    value
        .serialize(&mut serializer)
        .expect("a value is written");
    String::from_utf8(out).expect("JSON is text")
}

/// Adds resources of other services until the template has its size. What is written has about twice the bytes of
/// what is not indented.
fn fill(random: &mut Random, resources: &mut Resources, size: usize, indented: usize) {
    let mut bytes = serde_json::to_string(resources)
        .expect("a value is written")
        .len()
        * indented
        / 10;
    while bytes < size {
        let (id, resource) = parts::other(random);
        bytes += resource.to_string().len() * indented / 10;
        resources.insert(id, resource);
    }
}
