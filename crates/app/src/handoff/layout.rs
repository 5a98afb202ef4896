//! Fits the sections of a handoff into a budget of tokens, and renders it as Markdown.

use wsdb_core::{Timestamp, escape_control_chars};

use crate::views::{Handoff, Line, OmittedRecords, Section};

/// Number of bytes counted as one token; about the average for English prose and identifiers.
pub(super) const BYTES_PER_TOKEN: usize = 4;

/// Maximum length of a line in characters; longer texts are split.
const MAX_LINE_CHARS: usize = 240;

/// Maximum number of records of each kind that are read: more would not fit, and reading takes
/// time.
pub(super) const MAX_RECORDS_PER_SECTION: u64 = 40;

/// The command for a handoff of the default length, if sections were left out.
const FULL_HANDOFF_COMMAND: &str = "wsdb handoff";

/// A section before it is cut to size.
#[derive(Debug)]
pub(super) struct SectionDraft {
    pub(super) title: String,
    /// The first line of a record has an id; the following ones without id belong to it.
    pub(super) lines: Vec<Line>,
    /// Number of records that were not read.
    pub(super) unread: u64,
    pub(super) command: String,
    /// Number of lines that take precedence over all other sections.
    pub(super) reserved_lines: usize,
    /// Number of lines that take precedence over the other reserved lines.
    pub(super) essential_lines: usize,
    /// Number of lines added per round while there is space.
    pub(super) lines_per_round: usize,
}

/// Formats a stored time for the handoff: a date as it is, a time to the minute in UTC.
pub(super) fn format_utc(time: Timestamp) -> String {
    if time.is_date() {
        time.date().to_string()
    } else {
        format_utc_minute(time)
    }
}

/// Formats a point in time for the handoff: to the minute, in UTC.
pub(super) fn format_utc_minute(time: Timestamp) -> String {
    time.utc().format("%Y-%m-%d %H:%M UTC").to_string()
}

impl Line {
    /// Splits a text into lines, the first of them with the id. Control characters are escaped.
    pub(crate) fn split(id: Option<&str>, text: &str) -> Vec<Line> {
        let chars: Vec<char> = escape_control_chars(text).chars().collect();
        let mut id = id.map(str::to_owned);
        let mut rest = &chars[..];
        let mut lines = Vec::new();
        while !rest.is_empty() || id.is_some() {
            let end = match rest.len() {
                0..=MAX_LINE_CHARS => rest.len(),
                _ => rest[..MAX_LINE_CHARS]
                    .iter()
                    .rposition(|c| *c == ' ')
                    .map_or(MAX_LINE_CHARS, |space| space + 1),
            };
            let text: String = rest[..end].iter().collect();
            rest = &rest[end..];
            lines.push(Line {
                id: id.take(),
                text: text.trim_end().to_owned(),
                is_continuation: !lines.is_empty(),
            });
        }
        lines
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.id {
            Some(id) => writeln!(f, "- **{id}** {}", self.text),
            None if self.is_continuation => writeln!(f, "    {}", self.text),
            None => writeln!(f, "  - {}", self.text),
        }
    }
}

impl std::fmt::Display for OmittedRecords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let command = &self.command;
        match (&self.shortened, self.count) {
            (None, count) => writeln!(f, "- {count} more: `{command}`"),
            (Some(id), 0) => writeln!(f, "- rest of {id}: `{command}`"),
            (Some(id), count) => writeln!(f, "- rest of {id} and {count} more: `{command}`"),
        }
    }
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "\n## {}", self.title)?;
        self.lines.iter().try_for_each(|line| write!(f, "{line}"))?;
        self.more.iter().try_for_each(|more| write!(f, "{more}"))
    }
}

impl std::fmt::Display for Handoff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "# Handoff for {}", self.actor)?;
        if self.sections.is_empty() && self.omitted_section_count == 0 {
            return writeln!(f, "\nNothing to hand off yet.");
        }
        self.sections
            .iter()
            .try_for_each(|section| write!(f, "{section}"))?;
        match self.omitted_section_count {
            0 => Ok(()),
            1 => writeln!(f, "\n1 more section: `{FULL_HANDOFF_COMMAND}`"),
            count => writeln!(f, "\n{count} more sections: `{FULL_HANDOFF_COMMAND}`"),
        }
    }
}

fn count_tokens(text: &str) -> usize {
    text.len().div_ceil(BYTES_PER_TOKEN)
}

impl SectionDraft {
    pub(super) fn new(
        title: &str,
        lines_per_round: usize,
        lines: Vec<Line>,
        unread: u64,
        command: &str,
    ) -> Self {
        SectionDraft {
            title: title.to_owned(),
            lines,
            unread,
            command: command.to_owned(),
            reserved_lines: 0,
            essential_lines: 0,
            lines_per_round,
        }
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.unread == 0
    }

    /// Returns the section with its first `count` lines.
    fn build(&self, count: usize) -> Section {
        Section {
            title: self.title.clone(),
            lines: self.lines.iter().take(count).cloned().collect(),
            more: self.more(count),
        }
    }

    /// Returns what the section leaves out if it has `count` lines.
    fn more(&self, count: usize) -> Option<OmittedRecords> {
        let (listed, rest) = self.lines.split_at(count.min(self.lines.len()));
        let left = rest.iter().filter(|line| line.id.is_some()).count() as u64 + self.unread;
        let is_cut = rest.first().is_some_and(|line| line.id.is_none());
        let cut = listed.iter().rev().find_map(|line| line.id.clone());
        let shortened = cut.filter(|_| is_cut);
        (left > 0 || shortened.is_some()).then(|| OmittedRecords {
            count: left,
            shortened,
            command: self.command.clone(),
        })
    }

    /// Returns the number of bytes that the line after the first `count` adds to the section.
    fn next_line_size(&self, count: usize) -> Option<isize> {
        let more_size = |count| self.more(count).map_or(0, |more| more.to_string().len());
        let line = self.lines.get(count)?.to_string();
        Some((line.len() + more_size(count + 1)) as isize - more_size(count) as isize)
    }
}

impl Handoff {
    /// Fits the drafts into the budget: first the reserved lines, then a heading and the number of
    /// left-out records of each draft, then lines in rounds, [`SectionDraft::lines_per_round`] of
    /// each. If the headings do not fit, the last sections without reserved lines are left out.
    pub(super) fn layout(
        actor: &str,
        since: Option<Timestamp>,
        budget: usize,
        drafts: &[SectionDraft],
    ) -> Self {
        let drafts: Vec<&SectionDraft> = drafts.iter().filter(|draft| !draft.is_empty()).collect();
        let mut handoff = Handoff {
            actor: actor.to_owned(),
            since,
            budget,
            tokens: 0,
            sections: Vec::new(),
            omitted_section_count: drafts.len(),
        };
        let max_bytes = budget.saturating_mul(BYTES_PER_TOKEN);
        let length_with_note = handoff.to_string().len();
        let heading = format!("# Handoff for {actor}\n").len();

        let mut counts = reserve_lines(&drafts, max_bytes.saturating_sub(length_with_note));
        let sizes = drafts.iter().zip(&counts);
        let sizes: Vec<usize> = sizes
            .map(|(draft, count)| draft.build(*count).to_string().len())
            .collect();
        let mut length = heading + sizes.iter().sum::<usize>();
        let mut selected: Vec<usize> = (0..drafts.len()).collect();
        if length > max_bytes {
            length = length_with_note;
            let is_reserved = |index: &usize| counts[*index] > 0;
            let (reserved, others) = selected.into_iter().partition::<Vec<_>, _>(is_reserved);
            let fitting = reserved.into_iter().chain(others).take_while(|index| {
                let is_fitting = length + sizes[*index] <= max_bytes;
                length += if is_fitting { sizes[*index] } else { 0 };
                is_fitting
            });
            selected = fitting.collect();
            selected.sort_unstable();
        }
        handoff.omitted_section_count = drafts.len() - selected.len();

        let mut open = selected.clone();
        while !open.is_empty() {
            open.retain(|&index| {
                let draft = drafts[index];
                for _ in 0..draft.lines_per_round {
                    let Some(size) = draft.next_line_size(counts[index]) else {
                        return false;
                    };
                    match length.checked_add_signed(size) {
                        Some(longer) if longer <= max_bytes => length = longer,
                        _ => return false,
                    }
                    counts[index] += 1;
                }
                true
            });
        }
        let sections = selected
            .iter()
            .map(|index| drafts[*index].build(counts[*index]));
        handoff.sections.extend(sections);
        handoff.tokens = count_tokens(&handoff.to_string());
        handoff
    }
}

/// Returns the number of lines of each draft that take precedence over all others, so that these
/// drafts fit into `max_bytes` together. Essential lines are given up last, and those of the first
/// drafts first.
fn reserve_lines(drafts: &[&SectionDraft], max_bytes: usize) -> Vec<usize> {
    let size = |index: usize, count| match count {
        0 => 0,
        count => drafts[index].build(count).to_string().len(),
    };
    let mut counts: Vec<usize> = drafts.iter().map(|draft| draft.reserved_lines).collect();
    let mut sizes: Vec<usize> = (0..drafts.len()).map(|i| size(i, counts[i])).collect();
    let essential = drafts.iter().map(|draft| draft.essential_lines);
    for minimum in [essential.collect(), vec![0; drafts.len()]] {
        for index in 0..drafts.len() {
            while counts[index] > minimum[index] && sizes.iter().sum::<usize>() > max_bytes {
                counts[index] -= 1;
                sizes[index] = size(index, counts[index]);
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(
        title: &str,
        lines: usize,
        unread: u64,
        width: usize,
        lines_per_round: usize,
    ) -> SectionDraft {
        let line = |n| Line::split(Some(&format!("T-{n}")), &"x".repeat(width));
        let lines: Vec<Line> = (0..lines).flat_map(line).collect();
        SectionDraft {
            title: title.to_owned(),
            lines,
            unread,
            command: format!("wsdb {title}"),
            reserved_lines: 0,
            essential_lines: 0,
            lines_per_round,
        }
    }

    #[test]
    fn omitted_records_are_counted() {
        let drafts = [
            draft("a", 3, 0, 20, 2),
            draft("none", 0, 0, 0, 1),
            draft("b", 40, 5, 20, 1),
        ];
        let handoff = Handoff::layout("mira", None, 60, &drafts);
        assert_eq!(
            handoff.to_string(),
            "# Handoff for mira\n\n## a\n- **T-0** xxxxxxxxxxxxxxxxxxxx\n- **T-1** xxxxxxxxxxxxxxxxxxxx\n\
             - **T-2** xxxxxxxxxxxxxxxxxxxx\n\n## b\n- **T-0** xxxxxxxxxxxxxxxxxxxx\n\
             - **T-1** xxxxxxxxxxxxxxxxxxxx\n- **T-2** xxxxxxxxxxxxxxxxxxxx\n- 42 more: `wsdb b`\n"
        );
        let short = Handoff::layout("mira", None, 17, &drafts);
        assert_eq!((short.sections.len(), short.omitted_section_count), (0, 2));
        let note = "\n2 more sections: `wsdb handoff`\n";
        assert!(short.to_string().ends_with(note));
        let nothing = Handoff::layout("mira", None, 50, &[]);
        assert_eq!(
            nothing.to_string(),
            "# Handoff for mira\n\nNothing to hand off yet.\n"
        );
    }

    #[test]
    fn first_lines_are_cut_last() {
        let mut notes = draft("notes", 1, 0, 10, 4);
        notes.lines.extend(Line::split(None, "the note"));
        notes.reserved_lines = 2;
        let mut drafts = vec![notes];
        drafts.extend(["b", "c", "d", "e"].map(|title| draft(title, 3, 0, 10, 1)));
        let handoff = |budget| Handoff::layout("mira", None, budget, &drafts).to_string();
        assert_eq!(
            handoff(29),
            "# Handoff for mira\n\n## notes\n- **T-0** xxxxxxxxxx\n  - the note\n\n\
             4 more sections: `wsdb handoff`\n"
        );
        assert!(
            handoff(60).contains("  - the note\n\n## b\n"),
            "{}",
            handoff(60)
        );
        let cut = handoff(23);
        assert!(cut.contains("## notes\n- 1 more: `wsdb notes`\n"), "{cut}");
    }

    #[test]
    fn essential_lines_are_cut_after_other_reserved_lines() {
        let mut notes = draft("notes", 1, 0, 10, 4);
        notes
            .lines
            .extend((0..8).flat_map(|_| Line::split(None, &"note ".repeat(10))));
        (notes.reserved_lines, notes.essential_lines) = (8, 2);
        let mut blocked = draft("blocked", 3, 0, 30, 2);
        (blocked.reserved_lines, blocked.essential_lines) = (1, 1);
        let drafts = [
            notes,
            draft("ready", 3, 0, 10, 3),
            draft("more", 3, 0, 10, 3),
            blocked,
        ];
        for budget in [50, 60, 100, 150, 200] {
            let text = Handoff::layout("mira", None, budget, &drafts).to_string();
            let line = format!("## blocked\n- **T-0** {}\n", "x".repeat(30));
            assert!(text.contains(&line), "{budget}: {text}");
            let has_note = text.contains("- **T-0** xxxxxxxxxx\n  - note");
            assert_eq!(has_note, budget > 60, "{budget}: {text}");
        }
    }

    #[test]
    fn long_text_is_split_between_words() {
        let lines = Line::split(Some("T-1"), &"word ".repeat(100));
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.text.ends_with("word")));
        assert_eq!(lines.iter().filter(|line| line.id.is_some()).count(), 1);
    }

    proptest! {
        #[test]
        fn budget_is_respected_and_omissions_are_counted(
            budget in 20usize..600,
            shapes in proptest::collection::vec((0usize..30, 0u64..3, 0usize..500, 1usize..4), 0..8),
        ) {
            let drafts: Vec<SectionDraft> = shapes
                .iter()
                .map(|(lines, unread, width, lines_per_round)| draft("section", *lines, *unread, *width, *lines_per_round))
                .collect();
            let handoff = Handoff::layout("jo", None, budget, &drafts);
            prop_assert!(handoff.to_string().len() <= budget * BYTES_PER_TOKEN);
            prop_assert!(handoff.tokens <= budget);
            let wanted = drafts.iter().filter(|draft| !draft.is_empty());
            for (draft, section) in wanted.zip(&handoff.sections) {
                let left = section.more.as_ref().map_or(0, |more| more.count);
                let records = |lines: &[Line]| lines.iter().filter(|l| l.id.is_some()).count() as u64;
                let all = records(&draft.lines) + draft.unread;
                prop_assert_eq!(records(&section.lines) + left, all);
                let cut = draft.lines.get(section.lines.len()).is_some_and(|line| line.id.is_none());
                let shortened = section.more.as_ref().and_then(|more| more.shortened.as_ref());
                prop_assert_eq!(shortened.is_some(), cut);
            }
        }
    }
}
