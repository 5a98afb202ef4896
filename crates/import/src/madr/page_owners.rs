//! Finds the decisions that pages belong to.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use wsdb_core::{Decision, DecisionId};

use super::adr::Adr;
use super::exported_pages::ExportedPages;
use super::file_names::number;
use super::merge::kept_page;
use super::page_location::{file_of, folder_path, is_from, is_page_of};

/// The known decisions of some pages.
#[derive(Debug, Default)]
pub(super) struct PageOwners<'a> {
    by_file: HashMap<&'a Path, &'a Decision>,
    /// The pages that have another file than their decisions were imported from, which no longer exists.
    renamed: HashSet<&'a Path>,
}

/// What pages are compared with.
pub(super) struct KnownPages<'a, 'b> {
    pub(super) all: &'a [Decision],
    /// The decisions by the ids that pages contain.
    pub(super) by_id: &'b dyn Fn(&DecisionId) -> Option<&'a Decision>,
    pub(super) exported: &'b ExportedPages,
    pub(super) root: &'a Path,
}

impl<'a> PageOwners<'a> {
    /// Finds the decisions of pages: first those with an id, then those that were imported from or
    /// exported to the same file, then those of files that were moved or renamed.
    pub(super) fn find(pages: &[&'a Adr], known: &KnownPages<'a, '_>) -> Self {
        let mut owners = PageOwners::default();
        let mut ids: HashSet<&'a str> = HashSet::new();
        for adr in pages {
            let Some(id) = &adr.id else { continue };
            ids.insert(id.as_str());
            if let Some(decision) = (known.by_id)(id) {
                ids.insert(decision.id.as_str());
                owners.by_file.insert(&adr.file, decision);
            }
        }
        let root = known.root;
        let is_in_place = |adr: &Adr, decision: &Decision| {
            is_page_of(adr, decision, root) && is_from(decision, &adr.folder, root)
        };
        let is_exported =
            |adr: &Adr, decision: &Decision| known.exported.is_page_of(adr, &decision.id);
        let is_moved = |adr: &Adr, decision: &Decision| is_page_of(adr, decision, root);
        owners.add(pages, known, &mut ids, is_in_place);
        owners.add(pages, known, &mut ids, is_exported);
        owners.add(pages, known, &mut ids, is_moved);
        owners.add_renamed(pages, known, &ids);
        owners
    }

    /// Adds the pages without a decision that are those of a decision without a page.
    fn add(
        &mut self,
        pages: &[&'a Adr],
        known: &KnownPages<'a, '_>,
        ids: &mut HashSet<&'a str>,
        is_page: impl Fn(&Adr, &Decision) -> bool,
    ) {
        for adr in pages.iter().filter(|adr| adr.id.is_none()) {
            if self.by_file.contains_key(&*adr.file) {
                continue;
            }
            let mut free = known.all.iter().filter(|it| !ids.contains(it.id.as_str()));
            if let Some(decision) = free.find(|decision| is_page(adr, decision)) {
                ids.insert(decision.id.as_str());
                self.by_file.insert(&adr.file, decision);
            }
        }
    }

    /// Finds the pages whose files were renamed: the most similar pairs of a page without a decision and a
    /// decision whose file no longer exists.
    fn add_renamed(&mut self, pages: &[&'a Adr], known: &KnownPages<'a, '_>, ids: &HashSet<&str>) {
        let new: Vec<(&Adr, PageText<'_>)> = pages
            .iter()
            .filter(|adr| adr.id.is_none() && !self.by_file.contains_key(&*adr.file))
            .map(|adr| (*adr, PageText::of(adr)))
            .collect();
        if new.is_empty() {
            return;
        }
        let mut candidates = Vec::new();
        for decision in known.all.iter().filter(|it| !ids.contains(it.id.as_str())) {
            let (Some(file), Some(folder)) = (file_of(decision), folder_path(decision, known.root))
            else {
                continue;
            };
            // The folder of a repo that is not on this machine is missing, not renamed.
            if !folder.is_dir() || folder.join(&file).exists() {
                continue;
            }
            let Some(kept) = kept_page(decision) else {
                continue;
            };
            let kept = PageText::of(&kept);
            for (adr, text) in &new {
                let has_same_number = number(&file) == number(&adr.file_name());
                let min_similarity = if has_same_number {
                    MIN_SIMILARITY
                } else {
                    MIN_SIMILARITY_WITH_OTHER_NUMBER
                };
                let similarity = kept.similarity(text);
                if similarity >= min_similarity {
                    candidates.push(RenameCandidate {
                        likelihood: (similarity, has_same_number),
                        file: &adr.file,
                        decision,
                    });
                }
            }
        }
        candidates.sort_by_key(|it| std::cmp::Reverse(it.likelihood));
        let mut renamed: HashSet<&str> = HashSet::new();
        for equal in candidates.chunk_by(|a, b| a.likelihood == b.likelihood) {
            let is_free = |it: &&RenameCandidate<'a>| {
                !self.by_file.contains_key(it.file) && !renamed.contains(it.decision.id.as_str())
            };
            let free: Vec<&RenameCandidate<'a>> = equal.iter().filter(is_free).collect();
            let mut by_file: HashMap<&Path, usize> = HashMap::new();
            let mut by_decision: HashMap<&str, usize> = HashMap::new();
            for it in &free {
                *by_file.entry(it.file).or_default() += 1;
                *by_decision.entry(it.decision.id.as_str()).or_default() += 1;
            }
            // Nothing is assumed about a page if others are as similar.
            let is_unique = |it: &&&RenameCandidate<'a>| {
                by_file[it.file] == 1 && by_decision[it.decision.id.as_str()] == 1
            };
            for it in free.iter().filter(is_unique) {
                renamed.insert(it.decision.id.as_str());
                self.by_file.insert(it.file, it.decision);
                self.renamed.insert(it.file);
            }
        }
    }

    /// Returns the decision of a page.
    pub(super) fn of(&self, adr: &Adr) -> Option<&'a Decision> {
        self.by_file.get(&*adr.file).copied()
    }

    /// Whether the file of a page was renamed.
    pub(super) fn is_renamed(&self, adr: &Adr) -> bool {
        self.renamed.contains(&*adr.file)
    }
}

/// Minimum percentage of the text that a renamed page has in common with the earlier one, as in git.
const MIN_SIMILARITY: usize = 50;

/// The same for a file with another number: a new page may have been made from an older one.
const MIN_SIMILARITY_WITH_OTHER_NUMBER: usize = 80;

/// A page that may be the renamed file of a decision.
struct RenameCandidate<'a> {
    /// The percentage of the text that is the same, and whether the number in the file name is.
    likelihood: (usize, bool),
    file: &'a Path,
    decision: &'a Decision,
}

/// What identifies a page under another name.
struct PageText<'p> {
    title: &'p str,
    /// The lines that are specific to its decision.
    lines: Vec<&'p str>,
}

impl<'p> PageText<'p> {
    fn of(adr: &'p Adr) -> Self {
        PageText {
            title: &adr.title,
            lines: text_lines(adr),
        }
    }

    /// Returns which percentage of their text two pages have in common, without title, headings, status
    /// and date: these are the same in many pages. Pages without text are compared by their titles.
    fn similarity(&self, other: &PageText<'_>) -> usize {
        let size = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
        let total = size(&self.lines) + size(&other.lines);
        if total == 0 {
            return if self.title == other.title { 100 } else { 0 };
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in &self.lines {
            *counts.entry(line).or_default() += 1;
        }
        let common = other.lines.iter().filter(|line| {
            let count = counts.get_mut(**line).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        });
        let common: usize = common.map(|line| line.len()).sum();
        200 * common / total
    }
}

/// Returns the lines of a page that are specific to its decision.
fn text_lines(adr: &Adr) -> Vec<&str> {
    let page = &adr.page;
    let mut other: HashSet<usize> = HashSet::new();
    other.extend(page.title_line);
    for heading in &page.headings {
        other.extend(heading.line..heading.content);
    }
    other.extend(adr.fields.status.iter().map(|status| status.place.line));
    other.extend(adr.fields.date.iter().map(|date| date.place.line));
    let lines = page.all.iter().enumerate().skip(page.body);
    lines
        .filter(|(line, _)| page.is_text.get(*line) == Some(&true) && !other.contains(line))
        .map(|(_, text)| text.trim())
        .filter(|text| !text.is_empty() && !text.starts_with("<!--"))
        .collect()
}
