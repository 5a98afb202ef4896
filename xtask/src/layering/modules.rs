//! Dependencies between the files of a crate: no import cycles, and for `crates/app` its layers.
//!
//! A file depends on the files that define the items it uses. Re-exports are followed to the
//! definition, and `pub use` alone is no dependency. Methods are not seen, because their types are
//! not known here.

mod reader;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{Package, TargetKind};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use syn::visit::Visit;

use super::app;
use crate::rust_source::{is_test_only, item_attributes};
use reader::{Module, ModuleReader};

/// How deep re-exports are followed; more would be a cycle of `use` declarations.
const MAX_RE_EXPORTS: usize = 16;

/// Returns the problems with the modules of a package.
pub(super) fn check_package(package: &Package) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for target in &package.targets {
        let is_checked = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::Bin);
        if !target.kind.iter().any(is_checked) {
            continue;
        }
        let source = CrateSource::read(target.src_path.as_std_path())?;
        let edges = source.edges();
        if package.name.as_str() == "wsdb-app" {
            problems.extend(check_app_layers(&source, &edges));
        }
        let cycles = source.cycles(&edges);
        let cycles = cycles.iter();
        problems.extend(cycles.map(|cycle| format!("{}: {cycle}", package.name)));
    }
    Ok(problems)
}

fn check_app_layers(source: &CrateSource, edges: &Edges) -> Vec<String> {
    let mut problems = Vec::new();
    for file in &source.files {
        if app::layer_of(file).is_none() && !app::RE_EXPORTS.contains(&file.as_str()) {
            problems.push(format!(
                "crates/app: {file} belongs to no layer; add it to LAYERS in \
                 xtask/src/layering/app.rs"
            ));
        }
    }
    let edges = edges
        .keys()
        .map(|(from, to)| (source.files[*from].as_str(), source.files[*to].as_str()));
    problems.extend(
        edges
            .clone()
            .filter_map(|(from, to)| app::check_edge(from, to)),
    );
    problems.extend(app::check_same_layer(edges));
    problems
}

/// The dependencies between files, by index, with the items that are used.
type Edges = BTreeMap<(usize, usize), BTreeSet<String>>;

/// The modules of a crate.
#[derive(Default)]
struct CrateSource {
    /// Paths relative to the folder of the root file, with `/` between their parts.
    files: Vec<String>,
    modules: Vec<Module>,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq)]
enum PathTarget {
    Module(usize),
    /// An item that is defined in this file.
    Item(usize),
}

impl CrateSource {
    /// Reads the modules of a crate, without tests.
    fn read(root: &Path) -> Result<Self> {
        let mut source = CrateSource::default();
        let folder = root.parent().unwrap_or(root);
        source.read_file(folder, root, None)?;
        Ok(source)
    }

    fn read_file(&mut self, folder: &Path, path: &Path, parent: Option<usize>) -> Result<usize> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let syntax =
            syn::parse_file(&text).with_context(|| format!("cannot parse {}", path.display()))?;
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        self.files.push(parts.join("/"));
        let file = self.files.len() - 1;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        let own_folder = path.parent().unwrap_or(folder);
        let child_folder = match stem.as_deref() {
            Some("lib" | "main" | "mod") => own_folder.to_owned(),
            stem => own_folder.join(stem.unwrap_or_default()),
        };
        self.read_module(folder, &child_folder, file, parent, &syntax.items)
    }

    fn read_module(
        &mut self,
        folder: &Path,
        child_folder: &Path,
        file: usize,
        parent: Option<usize>,
        items: &[syn::Item],
    ) -> Result<usize> {
        let index = self.modules.len();
        let mut reader = ModuleReader::default();
        for item in items
            .iter()
            .filter(|item| !is_test_only(item_attributes(item)))
        {
            reader.visit_item(item);
        }
        self.modules.push(Module {
            file,
            parent,
            ..reader.module
        });
        for child in reader.child_modules {
            let name = child.ident.to_string();
            let module = match &child.content {
                Some((_, items)) => {
                    let inner = child_folder.join(&name);
                    self.read_module(folder, &inner, file, Some(index), items)?
                }
                None => {
                    let file: PathBuf = child_folder.join(format!("{name}.rs"));
                    let file = if file.exists() {
                        file
                    } else {
                        child_folder.join(&name).join("mod.rs")
                    };
                    self.read_file(folder, &file, Some(index))?
                }
            };
            self.modules[index].children.insert(name, module);
        }
        Ok(index)
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (index, module) in self.modules.iter().enumerate() {
            let private = module
                .uses
                .iter()
                .filter(|u| !u.is_public && u.name.is_some());
            let used = private.map(|u| &u.path).chain(&module.paths);
            for path in used {
                if let Some(PathTarget::Item(file)) = self.resolve(index, path, 0)
                    && file != module.file
                {
                    let item = path.last().cloned().unwrap_or_default();
                    edges.entry((module.file, file)).or_default().insert(item);
                }
            }
        }
        edges
    }

    /// Follows a path from a module. Paths to other crates lead to nothing.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<PathTarget> {
        let (first, mut rest) = path.split_first()?;
        let mut current = match first.as_str() {
            "crate" => PathTarget::Module(0),
            "self" => PathTarget::Module(from),
            "super" => PathTarget::Module(self.modules[from].parent?),
            name => self.find(from, name, rest.is_empty(), depth)?,
        };
        while let (PathTarget::Module(module), Some((name, after))) = (current, rest.split_first())
        {
            current = match name.as_str() {
                "super" => PathTarget::Module(self.modules[module].parent?),
                name => self
                    .find(module, name, after.is_empty(), depth)
                    // Such as an item that a macro defines.
                    .unwrap_or(PathTarget::Item(self.modules[module].file)),
            };
            rest = after;
        }
        Some(current)
    }

    /// Finds a name in the scope of a module. A module and an item may have the same name; at the end
    /// of a path the item is preferred.
    fn find(&self, module: usize, name: &str, is_last: bool, depth: usize) -> Option<PathTarget> {
        if depth > MAX_RE_EXPORTS {
            return None;
        }
        let scope = &self.modules[module];
        let child = scope
            .children
            .get(name)
            .map(|child| PathTarget::Module(*child));
        if child.is_some() && !is_last {
            return child;
        }
        if scope.items.contains(name) {
            return Some(PathTarget::Item(scope.file));
        }
        let bound = scope.uses.iter().find(|u| u.name.as_deref() == Some(name));
        let bound = bound.and_then(|bound| self.resolve(module, &bound.path, depth + 1));
        if let Some(found) = bound.or(child) {
            return Some(found);
        }
        let globs = scope.uses.iter().filter(|u| u.name.is_none());
        let mut globs =
            globs.filter_map(|glob| match self.resolve(module, &glob.path, depth + 1) {
                Some(PathTarget::Module(target)) if target != module => Some(target),
                _ => None,
            });
        globs.find_map(|target| self.find(target, name, is_last, depth + 1))
    }

    /// Returns a description of each group of files that use each other in a cycle.
    fn cycles(&self, edges: &Edges) -> Vec<String> {
        let mut graph = DiGraphMap::<usize, ()>::new();
        for (from, to) in edges.keys() {
            graph.add_edge(*from, *to, ());
        }
        let groups = tarjan_scc(&graph)
            .into_iter()
            .filter(|group| group.len() > 1);
        let mut cycles: Vec<String> = groups
            .map(|group| {
                let group: BTreeSet<usize> = group.into_iter().collect();
                let steps: Vec<String> = shortest_cycle(&group, edges)
                    .windows(2)
                    .map(|step| {
                        let items = edges.get(&(step[0], step[1])).into_iter().flatten();
                        let items: Vec<&str> = items.map(String::as_str).take(4).collect();
                        let (from, to) = (&self.files[step[0]], &self.files[step[1]]);
                        format!("{from} uses {to} ({})", items.join(", "))
                    })
                    .collect();
                let count = group.len();
                format!("import cycle, {count} files in all: {}", steps.join("; "))
            })
            .collect();
        cycles.sort();
        cycles
    }
}

/// Returns a shortest cycle within a group of files, with its first file again at the end.
fn shortest_cycle(group: &BTreeSet<usize>, edges: &Edges) -> Vec<usize> {
    let mut shortest: Option<Vec<usize>> = None;
    for start in group {
        let mut paths = vec![vec![*start]];
        let mut seen = BTreeSet::new();
        while !paths.is_empty() {
            let mut longer = Vec::new();
            for path in paths {
                let end = path.last().copied();
                for (from, to) in edges.keys() {
                    if Some(*from) == end && group.contains(to) && seen.insert(*to) {
                        let mut path = path.clone();
                        path.push(*to);
                        if to == start && shortest.as_ref().is_none_or(|s| path.len() < s.len()) {
                            shortest = Some(path.clone());
                        }
                        longer.push(path);
                    }
                }
            }
            paths = longer;
        }
    }
    shortest.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a crate, and returns its dependencies as `from -> to` and its cycles.
    fn read(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().expect("temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            fs::write(path, text).expect("file");
        }
        let source = CrateSource::read(&folder.path().join("lib.rs")).expect("a crate");
        let edges = source.edges();
        let names = edges
            .keys()
            .map(|(from, to)| format!("{} -> {}", source.files[*from], source.files[*to]));
        let mut names: Vec<String> = names.collect();
        names.sort();
        (names, source.cycles(&edges))
    }

    #[test]
    fn re_exports_lead_to_the_definition() {
        let (edges, cycles) = read(&[
            (
                "lib.rs",
                "mod task; mod error; pub use error::Error; pub use task::*;",
            ),
            ("error.rs", "pub struct Error;"),
            (
                "task/mod.rs",
                "mod edit; mod claim; pub use edit::edit; pub(crate) use claim::claim;",
            ),
            (
                "task/edit.rs",
                "use crate::Error; pub fn edit() { super::claim(); }",
            ),
            (
                "task/claim.rs",
                "pub fn claim() -> crate::error::Error { crate::error::Error }",
            ),
        ]);
        assert_eq!(
            edges,
            [
                "task/claim.rs -> error.rs",
                "task/edit.rs -> error.rs",
                "task/edit.rs -> task/claim.rs",
            ]
        );
        assert_eq!(cycles, [""; 0]);
    }

    #[test]
    fn cycle_is_reported_with_its_items() {
        let (_, cycles) = read(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b; pub fn one() { b::two(); }"),
            (
                "b.rs",
                "pub fn two() { println!(\"{}\", crate::c::three()); }",
            ),
            ("c.rs", "pub fn three() -> u8 { super::a::one(); 3 }"),
        ]);
        assert_eq!(
            cycles,
            [
                "import cycle, 3 files in all: a.rs uses b.rs (two); b.rs uses c.rs (three); \
              c.rs uses a.rs (one)"
            ]
        );
    }

    #[test]
    fn tests_and_re_exports_are_no_dependencies() {
        let (edges, cycles) = read(&[
            ("lib.rs", "mod a;"),
            (
                "a.rs",
                "mod b; pub use b::two; pub fn one() {} #[cfg(test)] mod tests { use super::b; }",
            ),
            ("a/b.rs", "pub fn two() { super::one(); }"),
        ]);
        assert_eq!(edges, ["a/b.rs -> a.rs"]);
        assert_eq!(cycles, [""; 0]);
    }
}
