//! `wsdb task graph`

use std::collections::HashMap;

use clap::Args;
use wsdb_app::task_graph;
use wsdb_app::views::{Graph, Node};
use wsdb_core::{TaskId, TreeLine, Vocabulary, flatten_tree};

use crate::args::number;
use crate::context::Context;
use crate::render::{level_tone, task_tone};
use crate::ui::format::Format;
use crate::ui::{Style, Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "Prints a tree: below each task are the tasks that depend on it. With --format
dot or --format mermaid, arrows point from a task to its dependencies.",
    after_help = "Examples:
  wsdb task graph 7
  wsdb task graph --all --format dot | dot -Tsvg > tasks.svg"
)]
pub(crate) struct ShowGraph {
    /// Show only this task, what it depends on, and what depends on it
    id: Option<String>,
    /// Only open tasks (the default)
    #[arg(long, conflicts_with = "all")]
    open: bool,
    /// Also show finished tasks
    #[arg(long)]
    all: bool,
    /// Maximum depth of the tree
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = number::<usize>)]
    depth: usize,
}

impl ShowGraph {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let store = &context.workspace.store;
        let graph = task_graph(store, self.id.as_deref(), !self.all).await?;
        match ui.format {
            Format::Json => ui.print_json(&graph),
            Format::Dot => ui.print(&dot(&graph)),
            Format::Mermaid => ui.print(&mermaid(&graph)),
            _ if graph.nodes.is_empty() => ui.print(if self.all {
                "No tasks have dependencies"
            } else {
                "No open tasks have dependencies"
            }),
            _ => ui.print(&render(&graph, self.depth, ui)),
        }
    }
}

fn render(graph: &Graph, depth: usize, ui: &Ui) -> String {
    let ids: Vec<TaskId> = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let nodes: HashMap<&TaskId, &Node> = graph.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut text = String::new();
    // For each level above the line, whether it has more branches.
    let mut rails: Vec<bool> = Vec::new();
    for branch in flatten_tree(&ids, &graph.edges, depth) {
        rails.truncate(branch.depth);
        let indent = render_rails(&rails);
        let twig = match (branch.depth, branch.is_last) {
            (0, _) => "",
            (_, true) => "└─ ",
            (_, false) => "├─ ",
        };
        let label = nodes
            .get(branch.id)
            .map_or_else(String::new, |node| label(node, &branch, ui));
        text.push_str(&format!(
            "{}{label}\n",
            ui.paint(Style::Faint, &format!("{indent}{twig}"))
        ));
        rails.push(!branch.is_last);
        if branch.hidden_children > 0 {
            let more = format!(
                "{}└─ … {} more (use --depth N)",
                self::render_rails(&rails),
                branch.hidden_children
            );
            text.push_str(&format!("{}\n", ui.paint(Style::Faint, &more)));
        }
    }
    text
}

/// Returns the vertical lines before a branch; roots are not connected.
fn render_rails(rails: &[bool]) -> String {
    let below_root = rails.iter().skip(1);
    below_root
        .map(|goes_on| if *goes_on { "│  " } else { "   " })
        .collect()
}

fn label(node: &Node, branch: &TreeLine<'_>, ui: &Ui) -> String {
    let id = escape_control_chars(node.id.as_str());
    let Some(title) = node.title.as_ref().filter(|_| !branch.already_shown) else {
        return if branch.already_shown {
            format!("{id}  {}", ui.paint(Style::Faint, "(see above)"))
        } else {
            format!("{id}  {}", ui.paint(Style::Bad, "missing"))
        };
    };
    let status = node.status.map(|s| ui.paint(task_tone(s), s.as_str()));
    let priority = node
        .priority
        .map(|p| ui.paint(level_tone(Some(p)), p.as_str()));
    let parts = [
        Some(ui.paint(Style::Strong, &id)),
        status,
        priority,
        Some(escape_control_chars(title)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// Returns the label of a node: id, title and status.
fn lines(node: &Node) -> [String; 3] {
    [
        escape_control_chars(node.id.as_str()),
        escape_control_chars(node.title.as_deref().unwrap_or_default()),
        node.status.map_or("missing", Vocabulary::as_str).to_owned(),
    ]
}

fn dot(graph: &Graph) -> String {
    let escape = |text: &str| {
        escape_control_chars(text)
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
    };
    let mut text = "digraph tasks {\n  rankdir=BT;\n  node [shape=box];\n".to_owned();
    for node in &graph.nodes {
        let label = lines(node).map(|line| escape(&line));
        let label: Vec<&str> = label
            .iter()
            .map(String::as_str)
            .filter(|l| !l.is_empty())
            .collect();
        let missing = if node.status.is_none() {
            ", style=dashed"
        } else {
            ""
        };
        let id = escape(node.id.as_str());
        text.push_str(&format!(
            "  \"{id}\" [label=\"{}\"{missing}];\n",
            label.join("\\n")
        ));
    }
    for edge in &graph.edges {
        let (task, first) = (escape(edge.task.as_str()), escape(edge.depends_on.as_str()));
        text.push_str(&format!("  \"{task}\" -> \"{first}\";\n"));
    }
    text.push_str("}\n");
    text
}

fn mermaid(graph: &Graph) -> String {
    let escape = |text: &String| -> String {
        let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',');
        let code = |c: char| {
            if safe(c) {
                c.to_string()
            } else {
                format!("#{};", u32::from(c))
            }
        };
        text.chars().map(code).collect()
    };
    let mut text = "flowchart BT\n".to_owned();
    // Ids may contain characters that node names must not contain.
    let names: HashMap<&TaskId, usize> = graph.nodes.iter().map(|n| &n.id).zip(0..).collect();
    for (name, node) in graph.nodes.iter().enumerate() {
        let label = lines(node).map(|line| escape(&line));
        let label: Vec<&str> = label
            .iter()
            .map(String::as_str)
            .filter(|l| !l.is_empty())
            .collect();
        text.push_str(&format!("  n{name}[\"{}\"]\n", label.join("<br>")));
    }
    for edge in &graph.edges {
        if let (Some(task), Some(first)) = (names.get(&edge.task), names.get(&edge.depends_on)) {
            text.push_str(&format!("  n{task} --> n{first}\n"));
        }
    }
    text
}
