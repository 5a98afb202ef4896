//! Pictures of terminal sessions as SVG.

use std::path::Path;

use anstyle_svg::{Term, WIN10_CONSOLE};
use anyhow::{Context, Result};

use super::files::Files;
use super::sandbox::Sandbox;
use crate::fixtures;

/// A picture of a few commands with their output.
struct Picture {
    file: &'static str,
    /// When the commands run, if not at the usual time.
    clock: Option<&'static str>,
    /// Number of tasks to generate and import first; 0 for none.
    generated_tasks: usize,
    /// Commands that run before, and are not shown.
    setup: &'static [&'static str],
    /// Commands as shown.
    commands: &'static [&'static str],
}

const PICTURES: &[Picture] = &[
    Picture {
        file: "docs/images/session.svg",
        clock: None,
        generated_tasks: 0,
        setup: &[
            "wsdb import samples/handwritten",
            "wsdb session end 2025-11-21-session-001",
            "wsdb task done 2",
            "wsdb task reopen 3",
            "wsdb task add 'Publish the price list' --repo orchard-web --priority HIGH",
        ],
        commands: &[
            "wsdb next",
            "wsdb task claim --next --actor agent-a",
            "wsdb task claim --next --actor agent-b",
            "wsdb handoff --actor agent-b --budget 250",
        ],
    },
    Picture {
        file: "docs/images/stats.svg",
        // The day after the last record of a generated workspace.
        clock: Some("2025-12-01T09:00:00Z"),
        generated_tasks: 400,
        setup: &[],
        commands: &["wsdb stats --by week --since 2025-08-15"],
    },
];

/// The seed of generated tasks.
const SEED: u64 = 1;

/// Renders all pictures.
pub(super) fn render(binary: &Path) -> Result<Files> {
    let mut files = Files::new();
    for picture in PICTURES {
        let svg = picture.render(binary).with_context(|| picture.file)?;
        files.insert(picture.file.to_owned(), svg);
    }
    Ok(files)
}

impl Picture {
    fn render(&self, binary: &Path) -> Result<String> {
        let mut sandbox = Sandbox::new(binary, true)?;
        if let Some(time) = self.clock {
            sandbox.set_clock(time)?;
        }
        if self.generated_tasks > 0 {
            let documents = sandbox.folder().join("generated");
            fixtures::write(&documents, self.generated_tasks, SEED)?;
            sandbox.set_up("wsdb import generated")?;
        }
        for command in self.setup {
            sandbox.set_up(command)?;
        }
        let mut session = String::new();
        for command in self.commands {
            // A command line as shown, in bold, and its output in color.
            let output = sandbox.run(&format!("{command} --color always"))?;
            session.push_str(&format!("\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m\n"));
            session.push_str(output.trim_end());
            session.push_str("\n\n");
        }
        let term = Term::new().palette(WIN10_CONSOLE).min_width_px(560);
        let mut svg = term.render_svg(session.trim_end());
        if !svg.ends_with('\n') {
            svg.push('\n');
        }
        Ok(svg)
    }
}
