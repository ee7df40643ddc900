//! What the documents of repositories say, for people who write rules. It judges nothing.

use super::Session;
use crate::engine::finding;
use crate::model::facts::{self, Described, FactSet, Scope};
use crate::model::{Data, Document, Entity, Notation, Value};
use crate::report::sheet::{Says, Sheet, SheetSection};
use crate::rules::{Question, World};

impl Session<'_> {
    /// The whole document of a repository with every fact.
    #[must_use]
    pub fn sheet(&self, repository: &Entity) -> Sheet {
        self.look(repository, |world| {
            let roots = [
                ("repository", Some(world.repository)),
                ("declared", world.declared),
                ("registry", world.registry),
                ("organisation", world.organisation),
            ];
            let roots = roots.into_iter();
            roots
                .filter_map(|(name, root)| Some(section(name, root?)))
                .collect()
        })
    }

    /// What a question finds in the document of a repository.
    #[must_use]
    pub fn answers(&self, repository: &Entity, question: &Question) -> Sheet {
        self.look(repository, |world| {
            let found = question.ask(world).into_iter();
            let parts = found.map(|found| {
                // All of it is what `show` is for.
                let is_whole = found.node.same(world.repository);
                let part = match is_whole {
                    true => SheetSection {
                        says: Says::Word("the document".to_owned()),
                        ..section(&found.path, world.settings)
                    },
                    false => section(&found.path, found.node),
                };
                let doubt = found.doubt.map(str::to_owned);
                SheetSection { doubt, ..part }
            });
            parts.collect()
        })
    }

    fn look(&self, repository: &Entity, parts: impl Fn(&World<'_>) -> Vec<SheetSection>) -> Sheet {
        let parts = self.in_scope(repository, FactSet::ALL, |scope: &Scope<'_>| {
            let described: Described = facts::describe(repository, scope);
            let document = &described.document;
            let mut settings = Document::default();
            let none = settings.object(&[], repository.place);
            parts(&World {
                kind: repository.kind(),
                repository: document.value(described.repository),
                declared: described.declared.map(|id| document.value(id)),
                registry: described.registry.map(|id| document.value(id)),
                organisation: described.organisation.map(|id| document.value(id)),
                settings: settings.value(none),
                flavour: finding::flavour(repository),
                notation: Notation::default(),
                proposes: false,
            })
        });
        let assumed: Vec<String> = repository
            .assumptions
            .iter()
            .map(ToString::to_string)
            .collect();
        Sheet {
            subject: finding::subject(repository),
            place: repository.place,
            when: (!assumed.is_empty()).then(|| assumed.join(" and ")),
            parts,
        }
    }
}

/// A value with everything in it. What is not there at all is left out of mappings.
fn section(name: &str, value: Value<'_>) -> SheetSection {
    let says = match value.data() {
        Data::Null => Says::Word("null".to_owned()),
        Data::Bool(flag) => Says::Word(flag.to_string()),
        Data::Number(number) => Says::Word(number.to_owned()),
        Data::String(text) => Says::Text(text.to_owned()),
        Data::Absent => Says::Absent,
        Data::Unknown(unknown) => Says::Unknown(unknown.reason.clone()),
        Data::Array => Says::List(value.items().map(|item| section("", item)).collect()),
        Data::Object => {
            let members = value.members();
            Says::Map(members.map(|(key, member)| section(key, member)).collect())
        }
    };
    SheetSection {
        name: name.to_owned(),
        says,
        place: value.span(),
        doubt: None,
    }
}
