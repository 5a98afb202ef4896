//! The fields under `wsdb` in the front matter of a page.

use wsdb_core::{Decision, Json, Vocabulary};

use super::front_matter::{render_toml_value, render_value};

/// The fields under `wsdb`, in the order in which they are written.
pub(super) const BLOCK_FIELDS: [&str; 21] = [
    "hash",
    "style",
    "state",
    "id",
    "status",
    "page-status",
    "date",
    "session",
    "impact",
    "repos",
    "files",
    "documentation",
    "supersedes",
    "tasks",
    "components",
    "detections",
    "superseded-by",
    "decision",
    "rationale",
    "metadata",
    "fields",
];

/// Renders the fields under `wsdb`, one per line, in their usual order.
pub(super) fn render_block(mut fields: Vec<(&str, Json)>) -> Vec<String> {
    sort_fields(&mut fields);
    let lines = fields
        .iter()
        .map(|(name, inner)| format!("  {name}: {}", render_value(inner)));
    std::iter::once("wsdb:".to_owned()).chain(lines).collect()
}

/// Renders the fields under `wsdb` as a table of TOML; `None` if TOML cannot hold one of them.
pub(super) fn render_toml_block(mut fields: Vec<(&str, Json)>) -> Option<Vec<String>> {
    sort_fields(&mut fields);
    let lines = fields
        .iter()
        .map(|(name, inner)| Some(format!("{name} = {}", render_toml_value(inner)?)));
    std::iter::once(Some("[wsdb]".to_owned()))
        .chain(lines)
        .collect()
}

fn sort_fields(fields: &mut [(&str, Json)]) {
    let place = |name: &str| BLOCK_FIELDS.iter().position(|known| *known == name);
    fields.sort_by_key(|(name, _)| place(name));
}

/// Returns the fields of a decision that only wsdb has: neither MADR nor other pages.
pub(super) fn own_fields(
    decision: &Decision,
    metadata: Option<&Json>,
) -> Vec<(&'static str, Json)> {
    let Decision {
        id,
        date: _,
        session,
        decision: _,
        repos_affected,
        rationale: _,
        status: _,
        impact,
        related_files,
        documentation,
        supersedes: _,
        related_tasks,
        related_components,
        related_detections,
        extra_metadata: _,
        document_fields,
    } = decision;
    let mut fields: Vec<(&str, Json)> = vec![("id", id.as_str().into())];
    if let Some(session) = session {
        fields.push(("session", session.as_str().into()));
    }
    if let Some(impact) = impact {
        fields.push(("impact", impact.as_str().into()));
    }
    let texts: [(&str, Vec<String>); 6] = [
        ("repos", repos_affected.clone()),
        ("files", related_files.clone()),
        ("documentation", documentation.clone()),
        (
            "tasks",
            related_tasks.iter().map(ToString::to_string).collect(),
        ),
        ("components", related_components.clone()),
        (
            "detections",
            related_detections.iter().map(ToString::to_string).collect(),
        ),
    ];
    for (name, list) in texts {
        if !list.is_empty() {
            fields.push((name, list.into()));
        }
    }
    // As a JSON string: YAML parsers could change its numbers.
    if let Some(metadata) = metadata {
        fields.push(("metadata", metadata.to_string().into()));
    }
    if !document_fields.is_empty() {
        let json = Json::Object(document_fields.clone()).to_string();
        fields.push(("fields", json.into()));
    }
    fields
}
