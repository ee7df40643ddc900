//! Reads the metadata of the stacks that somebody asks about: each file once, in parallel.
//! It does not know findings, nor what becomes of the traces.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::super::deployment::Deployment;
use crate::door::read_inside;
use crate::input::assembly::{
    Assembly, Host, MetadataPlace, ResourceLookup, Stack, Traces, stack_traces,
};
use crate::source::{self, Node, SourceId, Sources, Tree};

/// A repository whose traces are asked for.
#[derive(Clone, Debug)]
pub(super) struct TraceRequest {
    /// The text of its template.
    pub(super) source: SourceId,
    pub(super) wanted: ResourceLookup,
}

impl TraceRequest {
    pub(super) fn new(
        source: SourceId,
        logical_id: &str,
        path: Option<&str>,
        sources: &Sources,
    ) -> Self {
        let name = &sources.source(source).name;
        let file = name.rsplit('/').next().unwrap_or(name);
        Self {
            source,
            wanted: ResourceLookup {
                template: file.to_owned(),
                logical_id: logical_id.to_owned(),
                construct_path: path.map(str::to_owned),
            },
        }
    }
}

/// The stack that a template belongs to.
#[derive(Clone, Copy)]
struct TemplateStack<'p> {
    folder: &'p Path,
    assembly: &'p Assembly,
    /// File name of the stack's own template.
    template: &'p str,
    stack: &'p Stack,
}

/// One file of metadata, with what is asked about each stack in it.
#[derive(Default)]
struct Batch<'p> {
    stacks: BTreeMap<&'p str, (Option<TemplateStack<'p>>, Vec<usize>)>,
}

/// What the metadata say about each repository, in the order of `asked`.
pub(super) fn traces(
    asked: &[TraceRequest],
    deployment: &Deployment,
    sources: &Sources,
) -> Vec<Option<Traces>> {
    let mut homes: BTreeMap<SourceId, Option<TemplateStack<'_>>> = BTreeMap::new();
    let mut batches: BTreeMap<(&Path, &MetadataPlace), Batch<'_>> = BTreeMap::new();
    for (index, one) in asked.iter().enumerate() {
        let home = homes
            .entry(one.source)
            .or_insert_with(|| home(one, deployment, sources));
        let Some(home) = *home else { continue };
        let Some(place) = &home.stack.metadata else {
            continue;
        };
        let batch = batches.entry((home.folder, place)).or_default();
        let (of, indexes) = batch.stacks.entry(home.template).or_default();
        *of = Some(home);
        indexes.push(index);
    }
    let batches: Vec<_> = batches.into_iter().collect();
    let found: Vec<Vec<(usize, Traces)>> = batches
        .par_iter()
        .map(|((folder, place), batch)| {
            batch
                .read(folder, place, asked, sources)
                .unwrap_or_default()
        })
        .collect();
    let mut traces = vec![None; asked.len()];
    for (index, one) in found.into_iter().flatten() {
        traces[index] = Some(one);
    }
    traces
}

fn home<'p>(
    asked: &TraceRequest,
    deployment: &'p Deployment,
    sources: &Sources,
) -> Option<TemplateStack<'p>> {
    let (folder, assembly) = deployment.assembly(&sources.source(asked.source).name)?;
    let (template, stack) = assembly.host(&asked.wanted.template, folder)?;
    Some(TemplateStack {
        folder,
        assembly,
        template,
        stack,
    })
}

impl Batch<'_> {
    /// What one file says. `None` when it cannot be read: then there are no traces, which is no
    /// reason to judge less.
    fn read(
        &self,
        folder: &Path,
        place: &MetadataPlace,
        asked: &[TraceRequest],
        sources: &Sources,
    ) -> Option<Vec<(usize, Traces)>> {
        let mut found = Vec::new();
        let own;
        let text = match place {
            MetadataPlace::File(name) => {
                own = read_inside(folder, name)?;
                own.as_str()
            }
            MetadataPlace::Manifest => {
                let (home, _) = self.stacks.values().next()?;
                let manifest = home.as_ref()?.assembly.source()?;
                sources.source(manifest).text()
            }
        };
        let mut tree = Tree::default();
        source::json::parse(text, SourceId::default(), &mut tree).ok()?;
        let root = tree.root(text)?;
        for (home, indexes) in self.stacks.values() {
            let Some(home) = home else { continue };
            let metadata = match place {
                MetadataPlace::File(_) => Some(root),
                MetadataPlace::Manifest => inline(root, &home.stack.artifact),
            };
            let Some(metadata) = metadata else { continue };
            let host = Host {
                template: home.template,
                construct_path: &home.stack.construct_path,
            };
            let wanted = indexes.iter().map(|index| asked[*index].wanted.clone());
            let wanted: Vec<ResourceLookup> = wanted.collect();
            let traces = stack_traces(metadata, host, &wanted, &|file| read_inside(folder, file));
            let traces = indexes.iter().copied().zip(traces);
            found.extend(traces.filter_map(|(index, traces)| Some((index, traces?))));
        }
        Some(found)
    }
}

/// The metadata of a stack in the manifest.
fn inline<'t>(manifest: Node<'t>, artifact: &str) -> Option<Node<'t>> {
    manifest.get("artifacts")?.get(artifact)?.get("metadata")
}
