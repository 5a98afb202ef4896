//! What the commands `wsdb NOUN list` share.

use wsdb_app::Resource;
use wsdb_app::store::Filter;
use wsdb_core::Page;

use super::Context;
use crate::table::Column;

/// Returns one page of the records that match a filter, with their state as of now, that page, and
/// the total number of matches.
pub(super) async fn load_page<R>(
    context: &Context,
    filter: &R::Filter,
) -> anyhow::Result<(Vec<R::View>, (Page, u64))>
where
    R: Resource,
    R::View: From<R>,
{
    let records = context.workspace.store.records::<R>();
    let total = records.count(filter).await?;
    let matches = records.list(filter).await?.into_iter();
    let views = matches.map(|record| record.effective_at(context.ui.now).into());
    Ok((views.collect(), (filter.page(), total)))
}

/// Prints the records that match a filter; `name` is their key in JSON.
pub(super) async fn print_list<R>(
    context: &Context,
    name: &str,
    filter: &R::Filter,
    columns: &[Column<R::View>],
) -> anyhow::Result<()>
where
    R: Resource,
    R::View: From<R>,
{
    let (views, page) = load_page::<R>(context, filter).await?;
    context.ui.list(name, &views, page, columns)
}
