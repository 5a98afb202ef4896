//! Reads the source of one module.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::rust_source::{is_test_only, item_attributes};

/// A module as written: its items, its `use` declarations and the paths in its code.
#[derive(Default)]
pub(super) struct Module {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) children: BTreeMap<String, usize>,
    /// Names of the items that are defined here.
    pub(super) items: BTreeSet<String>,
    pub(super) uses: Vec<Use>,
    /// All paths in the code, by their segments.
    pub(super) paths: BTreeSet<Vec<String>>,
}

/// One name of a `use` declaration.
pub(super) struct Use {
    /// The name that is bound; `None` for `*`.
    pub(super) name: Option<String>,
    pub(super) path: Vec<String>,
    pub(super) is_public: bool,
}

/// Reads the items of one module, without those of its child modules.
#[derive(Default)]
pub(super) struct ModuleReader {
    pub(super) module: Module,
    pub(super) child_modules: Vec<syn::ItemMod>,
    /// Whether the reader is inside an item, where further items are local.
    is_inside: bool,
}

impl ModuleReader {
    fn read_use(&mut self, tree: &syn::UseTree, path: &[String], is_public: bool) {
        let add = |name: &syn::Ident| [path, &[name.to_string()]].concat();
        let (name, path) = match tree {
            syn::UseTree::Path(inner) => {
                return self.read_use(&inner.tree, &add(&inner.ident), is_public);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, path, is_public);
                }
                return;
            }
            syn::UseTree::Name(inner) if inner.ident == "self" => {
                (path.last().cloned(), path.to_owned())
            }
            syn::UseTree::Name(inner) => (Some(inner.ident.to_string()), add(&inner.ident)),
            syn::UseTree::Rename(inner) if inner.ident == "self" => {
                (Some(inner.rename.to_string()), path.to_owned())
            }
            syn::UseTree::Rename(inner) => (Some(inner.rename.to_string()), add(&inner.ident)),
            syn::UseTree::Glob(_) => (None, path.to_owned()),
        };
        self.module.uses.push(Use {
            name,
            path,
            is_public,
        });
    }

    /// Reads the paths in the tokens of a macro: words joined by `::`.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_path(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end_path(&mut path);
                    colons = 0;
                    self.read_tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end_path(&mut path);
                    colons = 0;
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            self.module.paths.insert(std::mem::take(path));
        }
    }
}

impl<'ast> Visit<'ast> for ModuleReader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if is_test_only(item_attributes(item)) {
            return;
        }
        match item {
            syn::Item::Use(item) => {
                let is_public = !matches!(item.vis, syn::Visibility::Inherited);
                self.read_use(&item.tree, &[], is_public);
                return;
            }
            syn::Item::Mod(item) => {
                self.child_modules.push(item.clone());
                return;
            }
            _ => {}
        }
        let name = match item {
            syn::Item::Const(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Fn(item) => Some(&item.sig.ident),
            syn::Item::Macro(item) => item.ident.as_ref(),
            syn::Item::Static(item) => Some(&item.ident),
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::TraitAlias(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        if let Some(name) = name
            && !self.is_inside
        {
            self.module.items.insert(name.to_string());
        }
        let was_inside = std::mem::replace(&mut self.is_inside, true);
        visit::visit_item(self, item);
        self.is_inside = was_inside;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.module.paths.insert(segments.collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        visit::visit_path(self, &node.path);
        let segments = node
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.module.paths.insert(segments.collect());
        self.read_tokens(node.tokens.clone());
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
