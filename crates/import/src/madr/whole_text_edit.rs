//! Edits the text of a page without a section for the decision. The whole text is the decision, so what
//! changed in it is written where it came from.

use std::ops::Range;

use super::adr::Adr;
use super::page::parse_heading;

/// Lines of a page, and what replaces them.
pub(super) type Replacement = (Range<usize>, Vec<String>);

/// Maximum number of pairs of lines that are compared; longer texts are replaced as a whole.
const MAX_COMPARISONS: usize = 4_000_000;

/// Returns the replacements that make `new` of the text of a page; `None` if it is another text instead of an
/// edit, or if other parts of the page are between the lines that changed.
pub(super) fn replace_whole_text(kept: &Adr, new: &str) -> Option<Vec<Replacement>> {
    let old = kept.rationale.as_deref()?;
    let old: Vec<&str> = old.split('\n').map(str::trim_end).collect();
    let new: Vec<&str> = new.trim_matches('\n').split('\n').collect();
    let lines = find_lines(kept, &old)?;
    let same = common_lines(&old, &new);
    let has_common = same.iter().any(|(at, _)| !old[*at].is_empty());
    let has_sections = kept.page.headings.iter().any(|heading| {
        let mut lines = lines.iter().flatten();
        lines.any(|line| *line == heading.line)
    });
    if !has_common && (has_sections || !is_edit(&old.join("\n"), &new.join("\n"))) {
        return None;
    }
    let ends = [(old.len(), new.len())];
    let mut replacements = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (to_old, to_new) in same.into_iter().chain(ends) {
        if from_old < to_old || from_new < to_new {
            let range = page_range(kept, &lines, from_old..to_old)?;
            let text = new[from_new..to_new].iter();
            let text = text.map(|line| line.trim_end_matches('\r').to_owned());
            replacements.push((range, text.collect()));
        }
        (from_old, from_new) = (to_old + 1, to_new + 1);
    }
    Some(replacements)
}

/// Whether a text without a line in common with another one is an edit of it: they share most of their words.
fn is_edit(old: &str, new: &str) -> bool {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    let (old, mut new) = (words(old), words(new));
    let count = old.len().max(new.len());
    let shared = old.iter().filter(|word| {
        let at = new.iter().position(|other| other == *word);
        at.is_some_and(|at| {
            new.swap_remove(at);
            true
        })
    });
    shared.count() * 2 >= count
}

/// Returns the line of the page that each line of its text came from; `None` for a blank line that is not in
/// the page.
fn find_lines(kept: &Adr, old: &[&str]) -> Option<Vec<Option<usize>>> {
    let page = &kept.page;
    let mut found = Vec::with_capacity(old.len());
    let mut next = page.body;
    for line in old {
        if line.is_empty() {
            let is_blank = page
                .all
                .get(next)
                .is_some_and(|line| line.trim().is_empty());
            found.push(is_blank.then_some(next).filter(|_| !found.is_empty()));
            next += usize::from(is_blank && found.len() > 1);
            continue;
        }
        let heading = parse_heading(line);
        let is_line = |at: &usize| {
            let is_heading = heading.is_some_and(|(level, text)| {
                let mut headings = page.headings.iter();
                headings.any(|own| own.line == *at && own.level == level && own.text == text)
            });
            page.title_line != Some(*at) && (is_heading || page.all[*at].trim_end() == *line)
        };
        let at = (next..page.all.len()).find(is_line)?;
        found.push(Some(at));
        // The line below a title underlines it.
        let heading = page.headings.iter().find(|own| own.line == at);
        next = heading.map_or(at + 1, |own| own.content);
    }
    Some(found)
}

/// Returns the lines of the page for a range of lines of its text, or the place between the lines around them.
fn page_range(kept: &Adr, lines: &[Option<usize>], range: Range<usize>) -> Option<Range<usize>> {
    let own = || lines[range.clone()].iter().flatten().copied();
    let Some((first, last)) = own().next().zip(own().next_back()) else {
        let before = lines[..range.start].iter().rev().flatten().next();
        let after = || lines[range.end..].iter().flatten().next().copied();
        let at = before.map(|line| line + 1).or_else(after)?;
        return Some(at..at);
    };
    let heading = kept.page.headings.iter().find(|own| own.line == last);
    let end = heading.map_or(last + 1, |own| own.content);
    let is_other = |at: usize| !kept.page.all[at].trim().is_empty() && !own().any(|own| own == at);
    let is_underline = |at: usize| {
        let mut headings = kept.page.headings.iter();
        headings.any(|own| own.line < at && at < own.content)
    };
    let has_other = (first..end).any(|at| is_other(at) && !is_underline(at));
    (!has_other).then_some(first..end)
}

/// Returns the positions of the lines that two texts have in common: a longest common subsequence.
fn common_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let is_same = |(old, new): &(&&str, &&str)| old.trim_end() == new.trim_end();
    let start = old.iter().zip(new).take_while(is_same).count();
    let (rest_old, rest_new) = (&old[start..], &new[start..]);
    let from_end = rest_old.iter().rev().zip(rest_new.iter().rev());
    let end = from_end.take_while(is_same).count();
    let middle_old = &rest_old[..rest_old.len() - end];
    let middle_new = &rest_new[..rest_new.len() - end];
    let mut common: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    if middle_old.len() * middle_new.len() <= MAX_COMPARISONS {
        let width = middle_new.len() + 1;
        let mut lengths = vec![0_u32; (middle_old.len() + 1) * width];
        for (i, a) in middle_old.iter().enumerate().rev() {
            for (j, b) in middle_new.iter().enumerate().rev() {
                lengths[i * width + j] = if is_same(&(a, b)) {
                    lengths[(i + 1) * width + j + 1] + 1
                } else {
                    lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < middle_old.len() && j < middle_new.len() {
            if is_same(&(&middle_old[i], &middle_new[j])) {
                common.push((start + i, start + j));
                (i, j) = (i + 1, j + 1);
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    let (end_old, end_new) = (old.len() - end, new.len() - end);
    common.extend((0..end).map(|at| (end_old + at, end_new + at)));
    common
}
