//! Lays what a part of a text becomes over what it says, and finds the edits that write it so.
//! It does not know how anything is spelled.

use super::amendment::{Amendment, Becomes, EditVocabulary, Extent, LeaveReason};
use super::path::{self, PathStep};
use super::text::{Edit, is_flow};
use super::written::Fragment;
use super::{block, decided, flow, spelled};
use crate::source::{Kind, Member, Node};

/// A text with its values.
#[derive(Clone, Copy)]
pub(super) struct ParsedText<'t> {
    pub(super) text: &'t str,
    pub(super) root: Node<'t>,
    pub(super) words: EditVocabulary,
}

/// A value, and the end of its key where it has one.
#[derive(Clone, Copy)]
struct ValueSlot<'t> {
    node: Node<'t>,
    key_end: Option<usize>,
}

impl<'t> ValueSlot<'t> {
    fn of(member: &Member<'t>) -> Self {
        Self {
            node: member.value,
            key_end: Some(member.key_span.end as usize),
        }
    }
}

impl<'t> ParsedText<'t> {
    /// The edits, and what the whole text says then.
    pub(super) fn edits(
        &self,
        steps: &[PathStep],
        wish: &Amendment,
    ) -> Result<(Vec<Edit>, Fragment), LeaveReason> {
        let mut wanted = Fragment::of(self.root);
        let mut edits = Vec::new();
        let length = match wish.extent {
            Extent::Key => {
                self.rename(steps, &wish.becomes, &mut wanted, &mut edits)?;
                return Ok((edits, wanted));
            }
            Extent::Here if wish.becomes == Becomes::Remove => {
                self.take_away(steps, &mut wanted, &mut edits)?;
                return Ok((edits, wanted));
            }
            Extent::Here => steps.len(),
            Extent::Around(name) => {
                let length = path::innermost_with(self.root, steps, name);
                length.ok_or_else(|| format!("there is no `{name}` around it"))?
            }
            Extent::Outer(depth) => depth,
        };
        let steps = steps
            .get(..length)
            .ok_or("it does not stand where it is to change")?;
        let slot = self.slot(steps).ok_or("the place is not found")?;
        let into = follow(&mut wanted, steps).ok_or("the place is not found")?;
        let is_outer = matches!(wish.extent, Extent::Outer(_));
        if is_outer && slot.node.kind() != Kind::Object {
            return Err(
                "it is made by something that stands in its place, such as a loop".to_owned(),
            );
        }
        self.lay(slot, &wish.becomes, into, &mut edits)?;
        Ok((edits, wanted))
    }

    fn slot(&self, steps: &[PathStep]) -> Option<ValueSlot<'t>> {
        let node = path::at(self.root, steps)?;
        let Some((PathStep::Member(index) | PathStep::Key(index), before)) = steps.split_last()
        else {
            return Some(ValueSlot {
                node,
                key_end: None,
            });
        };
        let member = path::at(self.root, before)?.members().nth(*index)?;
        Some(ValueSlot::of(&member))
    }

    fn lay(
        &self,
        slot: ValueSlot<'t>,
        becomes: &Becomes,
        wanted: &mut Fragment,
        edits: &mut Vec<Edit>,
    ) -> Result<(), LeaveReason> {
        let node = slot.node;
        match becomes {
            Becomes::Remove => Err("a value of its own is not taken away like this".to_owned()),
            Becomes::Members(members) if node.kind() == Kind::Object => {
                match decided::function(self.words, node) {
                    Some(name) => Err(format!("`{name}` makes what stands here")),
                    None => self.members(node, members, wanted, edits),
                }
            }
            Becomes::More(items) if node.kind() == Kind::Array => {
                edits.extend(match is_flow(self.text, node) {
                    true => flow::append(self.text, node, items),
                    false => block::append(self.text, self.root, node, items)?,
                });
                if let Fragment::List(list) = wanted {
                    list.extend(items.iter().cloned());
                }
                Ok(())
            }
            Becomes::More(_) => Err("what stands here is not a list".to_owned()),
            Becomes::Set(_) | Becomes::Members(_) => {
                let fragment = fragment(becomes).ok_or("there is nothing to write")?;
                if *wanted == fragment {
                    return Ok(());
                }
                if let Some(name) = decided::by(self.words, self.root, node) {
                    return Err(format!("`{name}` decides what stands here"));
                }
                let edit = spelled::replace(self.text, node, slot.key_end, &fragment);
                edits.push(edit.ok_or("what stands here is written in no plain way")?);
                *wanted = fragment;
                Ok(())
            }
        }
    }

    fn members(
        &self,
        node: Node<'t>,
        members: &[(String, Becomes)],
        wanted: &mut Fragment,
        edits: &mut Vec<Edit>,
    ) -> Result<(), LeaveReason> {
        let Fragment::Map(said) = wanted else {
            return Err("what stands here is not a mapping".to_owned());
        };
        let mut added = Vec::new();
        let mut gone = Vec::new();
        for (key, becomes) in members {
            let found = node.members().position(|member| member.key == key);
            match (found, becomes) {
                (None, Becomes::Remove) => {}
                (None, becomes) => {
                    let mut others = node.members();
                    if let Some(other) = others.find(|one| one.key.eq_ignore_ascii_case(key)) {
                        return Err(format!("there is a `{}` already", other.key));
                    }
                    let fragment = fragment(becomes);
                    added.extend(fragment.map(|fragment| (key.clone(), fragment)));
                }
                (Some(index), Becomes::Remove) => gone.push(index),
                (Some(index), becomes) => {
                    let member = node.members().nth(index).ok_or("the member is not found")?;
                    let into = &mut said[index].1;
                    self.lay(ValueSlot::of(&member), becomes, into, edits)?;
                }
            }
        }
        if !gone.is_empty() && gone.len() == node.members().len() {
            return Err("nothing would be left here".to_owned());
        }
        if gone.len() > 1 {
            return Err("more than one member would go at once".to_owned());
        }
        for index in gone {
            edits.extend(self.without_member(node, index)?);
            said.remove(index);
        }
        if !added.is_empty() {
            edits.extend(match is_flow(self.text, node) {
                true => flow::insert(self.text, node, &added),
                false => block::insert(self.text, self.root, node, &added)?,
            });
            said.extend(added);
        }
        Ok(())
    }

    /// Gives the member at the end of a way another key.
    fn rename(
        &self,
        steps: &[PathStep],
        becomes: &Becomes,
        wanted: &mut Fragment,
        edits: &mut Vec<Edit>,
    ) -> Result<(), LeaveReason> {
        let (Some((PathStep::Key(index), before)), Becomes::Set(Fragment::Text(key))) =
            (steps.split_last(), becomes)
        else {
            return Err("there is no key to replace".to_owned());
        };
        let parent = path::at(self.root, before).ok_or("the place is not found")?;
        let member = parent.members().nth(*index).ok_or("the key is not found")?;
        if parent.get(key).is_some() {
            return Err(format!("there is a `{key}` beside it"));
        }
        let span = member.key_span;
        let is_tag = span.slice(self.text).starts_with('!');
        let edit = spelled::scalar(span.slice(self.text), &Fragment::Text(key.clone()));
        let edit = edit
            .filter(|_| !is_tag)
            .ok_or("the key is written in no plain way")?;
        edits.push((span.start as usize..span.end as usize, edit));
        if let Some(Fragment::Map(said)) = follow(wanted, before) {
            said[*index].0.clone_from(key);
        }
        Ok(())
    }

    /// Takes a value away, with whatever means nothing without it.
    fn take_away(
        &self,
        steps: &[PathStep],
        wanted: &mut Fragment,
        edits: &mut Vec<Edit>,
    ) -> Result<(), LeaveReason> {
        let mut steps = steps.to_vec();
        let words = self.words;
        while let Some(last) = steps.pop() {
            let parent = path::at(self.root, &steps).ok_or("the place is not found")?;
            let into = follow(wanted, &steps);
            match (last, into) {
                (PathStep::Item(index), Some(Fragment::List(said))) if said.len() > 1 => {
                    edits.extend(self.without_item(parent, index)?);
                    said.remove(index);
                    return Ok(());
                }
                (PathStep::Item(_), _) => {}
                (PathStep::Member(index) | PathStep::Key(index), Some(Fragment::Map(said))) => {
                    let key = said[index].0.as_str();
                    if decided::function(self.words, parent).is_some() {
                        return Err(format!("`{key}` makes what stands here"));
                    }
                    if words.kept.contains(&key) {
                        return Err(format!("nothing would be left of `{key}`"));
                    }
                    if said.len() > 1 && !words.vital.contains(&key) {
                        edits.extend(self.without_member(parent, index)?);
                        said.remove(index);
                        return Ok(());
                    }
                }
                _ => return Err("the place is not found".to_owned()),
            }
        }
        Err("nothing would be left".to_owned())
    }

    fn without_member(&self, node: Node<'t>, index: usize) -> Result<Vec<Edit>, LeaveReason> {
        let edits = match is_flow(self.text, node) {
            true => {
                let spans = node.members().map(|member| {
                    let end = member.value.span().end.max(member.key_span.end);
                    member.key_span.start as usize..end as usize
                });
                flow::remove(self.text, &spans.collect::<Vec<_>>(), index)
            }
            false => block::without_member(self.text, node, index),
        };
        edits.ok_or_else(|| "it stands among others in no plain way".to_owned())
    }

    fn without_item(&self, node: Node<'t>, index: usize) -> Result<Vec<Edit>, LeaveReason> {
        let edits = match is_flow(self.text, node) {
            true => {
                let spans = node.items().map(|item| item.span());
                let spans = spans.map(|span| span.start as usize..span.end as usize);
                flow::remove(self.text, &spans.collect::<Vec<_>>(), index)
            }
            false => block::without_item(self.text, node, index),
        };
        edits.ok_or_else(|| "it stands among others in no plain way".to_owned())
    }
}

/// What stands where something comes to be.
fn fragment(becomes: &Becomes) -> Option<Fragment> {
    Some(match becomes {
        Becomes::Remove => return None,
        Becomes::Set(fragment) => fragment.clone(),
        Becomes::More(items) => Fragment::List(items.clone()),
        Becomes::Members(members) => {
            let members = members.iter();
            let members =
                members.filter_map(|(key, becomes)| Some((key.clone(), fragment(becomes)?)));
            Fragment::Map(members.collect())
        }
    })
}

/// What a way leads to in what a text says.
pub(super) fn follow<'f>(
    fragment: &'f mut Fragment,
    steps: &[PathStep],
) -> Option<&'f mut Fragment> {
    steps
        .iter()
        .try_fold(fragment, |fragment, step| match (fragment, step) {
            (Fragment::Map(members), PathStep::Member(index) | PathStep::Key(index)) => {
                members.get_mut(*index).map(|member| &mut member.1)
            }
            (Fragment::List(items), PathStep::Item(index)) => items.get_mut(*index),
            _ => None,
        })
}
