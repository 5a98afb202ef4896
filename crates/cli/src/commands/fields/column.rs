//! Where a record stores a field, and how the field is set and cleared.

use std::future::Future;
use std::pin::Pin;

use clap::{Arg, ArgAction, Command};

use super::given::Given;
use super::kind::Kind;
use crate::context::Context;

/// Sets a field to the value that was given.
pub(crate) type Setter<R> = Box<dyn Fn(&mut R)>;

/// A [`Setter`] whose value is read from stdin, a file or the database first.
pub(crate) type PendingSetter<'a, R> =
    Pin<Box<dyn Future<Output = anyhow::Result<Setter<R>>> + 'a>>;

/// Where a record stores a field, and what its values are.
pub(crate) trait Cell<R> {
    /// Adds the options that set the field to a command.
    fn augment(&self, command: Command, option: Arg) -> Command;

    fn is_given(&self, name: &str, given: &Given) -> bool {
        given.contains(name)
    }

    /// Returns whether the given value is read from stdin.
    fn reads_stdin(&self, _name: &str, _given: &Given) -> bool {
        false
    }

    fn resolve<'a>(
        &'a self,
        name: &'static str,
        given: &'a Given,
        context: &'a Context,
    ) -> PendingSetter<'a, R>;

    /// Returns a function that clears the field; `None` if the field is required.
    fn clear(&self) -> Option<Setter<R>>;
}

/// A field of one column.
pub(crate) struct Column<R: 'static, K: Kind> {
    slot: Slot<R, K::Stored>,
    kind: K,
}

enum Slot<R: 'static, T: 'static> {
    Required(fn(&mut R) -> &mut T),
    Optional(fn(&mut R) -> &mut Option<T>),
    List(fn(&mut R) -> &mut Vec<T>),
}

impl<R, T> Clone for Slot<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Slot<R, T> {}

/// A column that always has a value.
pub(crate) const fn required<R, K: Kind>(
    slot: fn(&mut R) -> &mut K::Stored,
    kind: K,
) -> Column<R, K> {
    let slot = Slot::Required(slot);
    Column { slot, kind }
}

/// A column that may be empty.
pub(crate) const fn optional<R, K: Kind>(
    slot: fn(&mut R) -> &mut Option<K::Stored>,
    kind: K,
) -> Column<R, K> {
    let slot = Slot::Optional(slot);
    Column { slot, kind }
}

/// A column with a list of values, which the option replaces.
pub(crate) const fn list<R, K: Kind>(
    slot: fn(&mut R) -> &mut Vec<K::Stored>,
    kind: K,
) -> Column<R, K> {
    let slot = Slot::List(slot);
    Column { slot, kind }
}

impl<R: 'static, K: Kind> Cell<R> for Column<R, K> {
    fn augment(&self, command: Command, option: Arg) -> Command {
        let option = match self.slot {
            Slot::List(_) => option.action(ArgAction::Append).value_delimiter(','),
            Slot::Required(_) | Slot::Optional(_) => option,
        };
        command.arg(self.kind.add_parser(option))
    }

    fn reads_stdin(&self, name: &str, given: &Given) -> bool {
        self.kind.reads_stdin(&given.values(name))
    }

    fn resolve<'a>(
        &'a self,
        name: &'static str,
        given: &'a Given,
        context: &'a Context,
    ) -> PendingSetter<'a, R> {
        Box::pin(async move {
            let values = given.values(name);
            let mut values = self.kind.resolve(values, given, context).await?;
            let slot = self.slot;
            if matches!(slot, Slot::List(_)) {
                values = without_duplicates(values);
            }
            let set = move |record: &mut R| match (slot, values.first()) {
                (Slot::List(slot), _) => slot(record).clone_from(&values),
                (Slot::Required(slot), Some(value)) => slot(record).clone_from(value),
                (Slot::Optional(slot), Some(value)) => *slot(record) = Some(value.clone()),
                (Slot::Required(_) | Slot::Optional(_), None) => {}
            };
            Ok(Box::new(set) as Setter<R>)
        })
    }

    fn clear(&self) -> Option<Setter<R>> {
        match self.slot {
            Slot::Required(_) => None,
            Slot::Optional(slot) => Some(Box::new(move |record| *slot(record) = None)),
            Slot::List(slot) => Some(Box::new(move |record| slot(record).clear())),
        }
    }
}

/// Returns the values in their order, each once.
fn without_duplicates<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut unique = Vec::with_capacity(values.len());
    for value in values {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    unique
}

/// A column without an option; the function clears it.
pub(crate) struct ClearOnly<R: 'static>(pub(crate) fn(&mut R));

impl<R: 'static> Cell<R> for ClearOnly<R> {
    fn augment(&self, command: Command, _option: Arg) -> Command {
        command
    }

    fn is_given(&self, _name: &str, _given: &Given) -> bool {
        false
    }

    fn resolve<'a>(
        &'a self,
        _name: &'static str,
        _given: &'a Given,
        _context: &'a Context,
    ) -> PendingSetter<'a, R> {
        Box::pin(async { Ok(Box::new(|_: &mut R| ()) as Setter<R>) })
    }

    fn clear(&self) -> Option<Setter<R>> {
        Some(Box::new(self.0))
    }
}
