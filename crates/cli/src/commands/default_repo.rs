//! The repo that new records get if none is given: the one that contains the current folder.

use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::repo_of_path;

use super::fields::Editable;
use super::fields::args::FieldArgs;
use crate::context::{Context, current_folder};
use crate::error::UsageError;

/// The option of commands whose records need no repo.
#[derive(Debug, Args)]
pub(super) struct DefaultRepoArgs {
    /// Do not use the repo of the current folder
    #[arg(long, conflicts_with = "repos")]
    no_repo: bool,
}

impl DefaultRepoArgs {
    /// Returns the repo of the current folder, unless repos were given.
    pub(super) async fn resolve<R: Editable>(
        &self,
        context: &Context,
        fields: &FieldArgs<R>,
    ) -> anyhow::Result<Option<String>> {
        if self.no_repo || fields.is_given("repos") {
            return Ok(None);
        }
        Ok(context.current_repo().await?)
    }
}

/// Returns the end of the line about a record with the repo of the current folder.
pub(super) fn describe_default_repo(repo: Option<&str>) -> String {
    repo.map_or_else(String::new, |repo| format!(" (repo {repo})"))
}

/// Returns the repo that was given, or else the one that contains all files, or else the one that
/// contains the current folder.
pub(super) async fn required_repo(
    context: &Context,
    given: Option<String>,
    files: &[PathBuf],
) -> anyhow::Result<String> {
    if let Some(repo) = given {
        return Ok(repo);
    }
    let current = current_folder()?;
    let mut found: Option<(&Path, String)> = None;
    for file in files {
        let path = current.join(file);
        let Some(repo) = repo_of_path(&context.workspace, &path).await? else {
            continue;
        };
        match &found {
            Some((other, known)) if *known != repo => {
                let (other, file) = (other.display(), file.display());
                return Err(UsageError(format!(
                    "{other} is in the repo {known} and {file} in {repo}; use --repo REPO"
                ))
                .into());
            }
            _ => found = Some((file, repo)),
        }
    }
    let repo = match found {
        Some((_, repo)) => Some(repo),
        None => context.current_repo().await?,
    };
    repo.ok_or_else(|| {
        let missing = "--repo is required: the current folder is not in a repo of the workspace";
        UsageError(missing.to_owned()).into()
    })
}
