//! What the commands `wsdb NOUN list` share.

use wsdb_app::store::Filter;
use wsdb_app::views::Listing;
use wsdb_app::{Finishable, Resource};

use crate::args::OpenArgs;
use crate::context::Context;
use crate::table::Column;
use crate::ui::list::ListCounts;

/// Returns one page of the records that match a filter, with their state as of now.
pub(super) async fn load_page<R>(
    context: &Context,
    filter: &R::Filter,
) -> anyhow::Result<Listing<R::View>>
where
    R: Resource,
    R::View: From<R>,
{
    let records = context.workspace.store.records::<R>();
    let total = records.count(filter).await?;
    let matches = records.list(filter).await?.into_iter();
    let views = matches.map(|record| record.effective_at(context.ui.moment()).into());
    Ok(Listing {
        records: views.collect(),
        total,
    })
}

/// Prints the records that match a filter, without the finished ones unless `which` or the filter asks
/// for them; `name` is their key in JSON.
pub(super) async fn print_open_list<R>(
    context: &Context,
    name: &str,
    mut filter: R::Filter,
    which: &OpenArgs,
    columns: &[Column<R::View>],
) -> anyhow::Result<()>
where
    R: Finishable,
    R::View: From<R>,
{
    let hidden = which.apply::<R>(context, &mut filter).await?;
    let Listing { records, total } = load_page::<R>(context, &filter).await?;
    let counts = ListCounts {
        page: filter.page(),
        total,
        hidden: Some(hidden),
    };
    context.ui.list_counted(name, &records, counts, columns)
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
    let Listing { records, total } = load_page::<R>(context, filter).await?;
    let page = filter.page();
    context.ui.list(name, &records, page, total, columns)
}
