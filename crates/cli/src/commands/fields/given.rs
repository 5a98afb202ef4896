//! The options that were given on the command line.

use clap::ArgMatches;

/// The options that were given, by the names of their fields.
#[derive(Debug)]
pub(crate) struct Given(pub(super) ArgMatches);

impl Given {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.try_contains_id(name).unwrap_or(false)
    }

    pub(crate) fn values<T: Clone + Send + Sync + 'static>(&self, name: &str) -> Vec<T> {
        let values = self.0.try_get_many::<T>(name).ok().flatten();
        values.into_iter().flatten().cloned().collect()
    }

    pub(crate) fn matches(&self) -> &ArgMatches {
        &self.0
    }
}
