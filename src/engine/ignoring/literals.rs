//! Finds the globs that may fit a name by the characters that they spell.
//! It does not know what a glob is for, nor whether it fits.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Bytes of a glob that are looked for at most.
const LONGEST: usize = 16;
/// What stands for something else than itself, somewhere in a glob.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Numbers of globs by what a name needs to have in it.
#[derive(Default)]
pub(super) struct Literals<'a> {
    /// By the only name that fits.
    whole: FxHashMap<&'a str, Vec<usize>>,
    /// By what is spelled, for each length of it.
    by_length: BTreeMap<usize, FxHashMap<&'a [u8], Vec<usize>>>,
    /// Those that spell nothing.
    unspelled: Vec<usize>,
}

impl<'a> Literals<'a> {
    pub(super) fn add(&mut self, glob: &'a str, number: usize) {
        if !glob.contains(SPECIAL) {
            return self.whole.entry(glob).or_default().push(number);
        }
        let literal = spelled(glob).as_bytes();
        let literal = &literal[..literal.len().min(LONGEST)];
        match literal.len() {
            0 => self.unspelled.push(number),
            length => {
                let of_length = self.by_length.entry(length).or_default();
                of_length.entry(literal).or_default().push(number);
            }
        }
    }

    /// The numbers of the globs that may fit one of the names, some of them more than once.
    pub(super) fn near<'n>(
        &'n self,
        names: &'n [&'n str],
    ) -> impl Iterator<Item = usize> + use<'n, 'a> {
        let names = names.iter();
        let found = names.flat_map(move |name| {
            let by_length = self.by_length.iter();
            let spelled = by_length.flat_map(move |(length, globs)| {
                let windows = name.as_bytes().windows(*length);
                windows.filter_map(|window| globs.get(window)).flatten()
            });
            self.whole.get(name).into_iter().flatten().chain(spelled)
        });
        self.unspelled.iter().chain(found).copied()
    }
}

/// The longest run of characters that whatever fits the glob has in it. Slashes are left out, since `**` may stand for
/// one of them; so is all behind the first class or choice.
fn spelled(glob: &str) -> &str {
    let end = glob.find(['[', '{', '\\']).unwrap_or(glob.len());
    let runs = glob[..end].split(['*', '?', '/']);
    runs.max_by_key(|run| run.len()).unwrap_or_default()
}
