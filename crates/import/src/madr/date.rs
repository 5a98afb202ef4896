//! Dates as people write them: `2024-1-5`, `13 Feb 2016`, `February 13th, 2016`, `13.02.2016`.

use std::ops::Range;

use wsdb_core::Timestamp;

use super::status_words::phrases;

/// A date within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundDate {
    pub(super) date: Timestamp,
    /// Its bytes.
    pub(super) range: Range<usize>,
}

/// The abbreviations of months in the languages that ADRs are written in, which are also the
/// beginnings of their names.
const MONTHS: [(u32, &str); 12] = [
    (
        1,
        "jan; janv; ene; gen; янв; sty; led; oca; jän; januari; tammi; січ",
    ),
    (2, "feb; fév; fev; févr; фев; lut; úno; şub; helmi; лют"),
    (3, "mar; mär; mrz; maart; мар; bře; maalis; mrt; берез"),
    (4, "apr; avr; abr; апр; kwi; dub; nis; huhti; квіт"),
    (5, "may; mai; mag; mei; maj; май; мая; kvě; touko; трав"),
    (6, "jun; juin; giu; июн; cze; čer; haz; kesä; черв"),
    (7, "jul; juil; lug; июл; lip; tem; heinä"),
    (8, "aug; aoû; aou; ago; авг; sie; srp; ağu; elo; серп"),
    (9, "sep; set; сен; wrz; zář; eyl; syys; верес"),
    (10, "oct; okt; out; ott; окт; paź; říj; eki; loka; жовт"),
    (11, "nov; ноя; lis; kas; marras"),
    (12, "dec; dez; déc; dic; дек; gru; pro; ara; joulu; груд"),
];

/// A number or a word of a text.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn number(&self) -> Option<u32> {
        let is_number = self.text.bytes().all(|b| b.is_ascii_digit()) && self.text.len() <= 8;
        is_number.then(|| self.text.parse().ok()).flatten()
    }

    /// Returns a day such as `13` or `13th`.
    fn day(&self) -> Option<u32> {
        let digits = self.text.trim_end_matches(|c: char| c.is_alphabetic());
        let is_ordinal = matches!(
            self.text[digits.len()..].to_lowercase().as_str(),
            "" | "st" | "nd" | "rd" | "th" | "er" | "º"
        );
        let day: u32 = digits
            .parse()
            .ok()
            .filter(|_| is_ordinal && digits.len() <= 2)?;
        (1..=31).contains(&day).then_some(day)
    }

    fn year(&self) -> Option<u32> {
        self.number()
            .filter(|year| self.text.len() == 4 && (1900..=2200).contains(year))
    }

    fn month(&self) -> Option<u32> {
        let word = self.text.to_lowercase();
        if word.chars().count() < 3 || word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let best = MONTHS
            .iter()
            .flat_map(|(month, names)| phrases(names).map(|name| (*month, name)))
            .filter(|(_, name)| word.starts_with(name))
            .max_by_key(|(_, name)| name.len());
        // `market` begins like a month, but is none.
        best.filter(|_| is_month_name(&word))
            .map(|(month, _)| month)
    }
}

/// Whether a word is a month.
pub(super) fn is_month(word: &str) -> bool {
    Token {
        text: word,
        start: 0,
    }
    .month()
    .is_some()
}

/// Whether a word that begins like a month is one: an abbreviation, or a complete name.
fn is_month_name(word: &str) -> bool {
    const NAMES: &str = "abril; agosto; aout; août; april; aprile; august; augusti; augustus; avril; \
        czerwca; december; decembre; dezember; dezembro; dicembre; diciembre; décembre; \
        enero; febbraio; febrero; februar; februari; february; fevereiro; fevrier; \
        février; gennaio; giugno; grudnia; janeiro; januar; januari; january; janvier; \
        juillet; juin; julho; juli; julio; july; june; junho; juni; junio; jänner; \
        kwietnia; lipca; listopada; luglio; lutego; maart; maggio; mai; maio; maj; maja; \
        marca; march; marco; mars; marts; marzo; março; may; mayo; mei; märz; november; \
        novembre; novembro; noviembre; october; octobre; octubre; oktober; ottobre; \
        outubro; października; sept; september; septembre; septiembre; setembro; \
        setiembre; settembre; sierpnia; stycznia; września; август; августа; апрель; \
        апреля; березня; вересня; грудня; декабрь; декабря; жовтня; июль; июля; июнь; \
        июня; квітня; липня; листопада; лютого; май; март; марта; мая; ноябрь; ноября; \
        октябрь; октября; сентябрь; сентября; серпня; січня; травня; февраль; февраля; \
        червня; январь; января";
    let is_short = MONTHS
        .iter()
        .any(|(_, names)| phrases(names).any(|name| name == word));
    is_short || phrases(NAMES).any(|name| name == word)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut start = None;
    let mut was_digit = false;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_part = c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | 'º');
        let is_digit = c.is_ascii_digit();
        // `13th` is one token; `2021年3月` and `2021T` are several.
        let is_break = start.is_some_and(|start: usize| {
            let is_ordinal = was_digit
                && c.is_alphabetic()
                && ["st", "nd", "rd", "th", "er"].iter().any(|mark| {
                    text.get(at..at + 2)
                        .is_some_and(|next| next.eq_ignore_ascii_case(mark))
                        && at - start <= 2
                });
            is_part
                && was_digit != is_digit
                && !is_ordinal
                && text[start..at].bytes().all(|b| b.is_ascii_digit())
                || is_part && is_digit && !was_digit
        });
        match start {
            Some(begin) if !is_part || is_break => {
                tokens.push(Token {
                    text: &text[begin..at],
                    start: begin,
                });
                start = is_part.then_some(at);
            }
            None if is_part => start = Some(at),
            _ => {}
        }
        was_digit = is_digit;
    }
    tokens
}

fn day(year: u32, month: u32, day: u32) -> Option<Timestamp> {
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

/// Finds the first date in a text. A month without a day is not a date, and neither is `03/04/2021`,
/// which means different days in different countries.
pub(super) fn find_date(text: &str) -> Option<FoundDate> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| date_at(text, &tokens, at))
}

fn date_at(text: &str, tokens: &[Token<'_>], at: usize) -> Option<FoundDate> {
    let first = tokens[at];
    let gap = |index: usize| {
        let (before, after) = (tokens.get(index)?, tokens.get(index + 1)?);
        Some(&text[before.end()..after.start])
    };
    let found = |date: Timestamp, last: usize, suffix: &str| {
        let end = tokens[last].end();
        let suffix = text[end..].starts_with(suffix).then_some(suffix.len());
        Some(FoundDate {
            date,
            range: first.start..end + suffix.unwrap_or(0),
        })
    };
    let is_number_mark = |gap: &str| matches!(gap, "-" | "/" | "." | "‑" | "–" | ". ");
    let number = |index: usize| tokens.get(index).and_then(Token::number);
    let is_short = |index: usize| tokens.get(index).is_some_and(|token| token.text.len() <= 2);

    // 2024-1-5, 2024/01/05, 2024.01.05; with a time, as it is
    if let Some(year) = first.year() {
        if let (Some(one), Some(two)) = (gap(at), gap(at + 1))
            && one == two
            && is_number_mark(one)
            && is_short(at + 1)
            && is_short(at + 2)
            && let (Some(month), Some(of_month)) = (number(at + 1), number(at + 2))
            && let Some(date) = day(year, month, of_month)
        {
            return with_time(text, first.start).or_else(|| found(date, at + 2, ""));
        }
        // 2021年3月5日, 2021년 3월 5일
        if let [_, year_mark, month, month_mark, of_month, day_mark, ..] = tokens[at..]
            && matches!(year_mark.text, "年" | "년")
            && matches!(month_mark.text, "月" | "월")
            && matches!(day_mark.text.chars().next(), Some('日' | '号' | '일'))
            && let (Some(month), Some(of_month)) = (month.number(), of_month.number())
            && let Some(date) = day(year, month, of_month)
        {
            let mark = day_mark.text.chars().next().map_or(0, char::len_utf8);
            return Some(FoundDate {
                date,
                range: first.start..day_mark.start + mark,
            });
        }
        // 2016 Feb 13, 2016-Feb-13
        if let (Some(month), Some(of_month)) = (
            tokens.get(at + 1).and_then(Token::month),
            tokens.get(at + 2).and_then(Token::day),
        ) && is_word_gap(gap(at))
            && is_word_gap(gap(at + 1))
            && let Some(date) = day(year, month, of_month)
        {
            return found(date, at + 2, "");
        }
        return None;
    }
    // 20240105
    if first.text.len() == 8
        && let Some(number) = first.number()
        && (1900..=2200).contains(&(number / 10_000))
    {
        let date = day(number / 10_000, number / 100 % 100, number % 100)?;
        return found(date, at, "");
    }
    if let Some(of_month) = first.day() {
        // 13 Feb 2016, 13. Februar 2016, 13 de febrero de 2016, 13-Feb-2016
        let mut index = at + 1;
        let is_filler = |index: usize| {
            let token = tokens.get(index);
            token.is_some_and(|token| {
                matches!(
                    token.text.to_lowercase().as_str(),
                    "de" | "of" | "del" | "di"
                )
            })
        };
        if is_filler(index) {
            index += 1;
        }
        if let Some(month) = tokens.get(index).and_then(Token::month)
            && (at..index).all(|index| is_word_gap(gap(index)))
        {
            let month_at = index;
            index += 1;
            if is_filler(index) {
                index += 1;
            }
            if let Some(year) = tokens.get(index).and_then(Token::year)
                && (month_at..index).all(|index| is_word_gap(gap(index)))
                && let Some(date) = day(year, month, of_month)
            {
                return found(date, index, "");
            }
        }
        // 13.02.2016, 13/02/2016, 02/13/2016
        if let (Some(one), Some(two)) = (gap(at), gap(at + 1))
            && one == two
            && is_number_mark(one)
            && is_short(at + 1)
            && let (Some(second), Some(year)) =
                (number(at + 1), tokens.get(at + 2).and_then(Token::year))
        {
            let first = of_month;
            let date = match one {
                "." | ". " => day(year, second, first),
                _ if first == second || first > 12 => day(year, second, first),
                _ if second > 12 => day(year, first, second),
                _ => None,
            };
            return found(date?, at + 2, "");
        }
    }
    // February 13, 2016; Feb 13th 2016
    if let Some(month) = first.month()
        && let (Some(of_month), Some(year)) = (
            tokens.get(at + 1).and_then(Token::day),
            tokens.get(at + 2).and_then(Token::year),
        )
        && is_word_gap(gap(at))
        && is_word_gap(gap(at + 1))
    {
        return found(day(year, month, of_month)?, at + 2, "");
    }
    None
}

/// Whether only spaces and punctuation are between two parts of a date.
fn is_word_gap(gap: Option<&str>) -> bool {
    gap.is_some_and(|gap| {
        gap.len() <= 4
            && gap
                .chars()
                .all(|c| matches!(c, ' ' | '.' | ',' | '-' | '/' | '\u{a0}' | '\''))
    })
}

/// Returns a date with a time, such as `2021-03-02T10:00:00Z`, at a position.
fn with_time(text: &str, start: usize) -> Option<FoundDate> {
    let rest = &text[start..];
    let is_part = |c: char| {
        c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | '+' | 'T' | 't' | 'Z' | 'z' | ' ')
    };
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let mut candidate = rest[..end].trim_end();
    // ` -` and other marks after the time do not belong to it.
    while candidate.len() > 10 {
        let rest = &rest[candidate.len()..];
        if !is_in_time(rest)
            && let Some(date) = parse_time(candidate)
        {
            let has_offset = candidate[10..].contains(['Z', 'z', '+', '-']);
            if !has_offset && is_in_unknown_zone(rest) {
                return None;
            }
            return Some(FoundDate {
                date,
                range: start..start + candidate.len(),
            });
        }
        candidate = candidate[..candidate.len() - 1].trim_end();
    }
    None
}

/// Whether a time goes on in the text after it: of `10:00:60` or `10:00+25:00`, which are no times, the
/// beginning is none either.
fn is_in_time(after: &str) -> bool {
    let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let is_part = |marks: &[char], text: &str| text.strip_prefix(marks).is_some_and(is_digit);
    is_digit(after)
        || is_part(&[':', '.', ','], after)
        || is_part(&['+', '-', '−'], after.trim_start_matches(' '))
}

/// Words after a time that change what it means, apart from those in capitals: names of time zones differ
/// from country to country.
const AFTER_TIME: &str = "am; pm; a; p; pst; pdt; mst; mdt; cst; cdt; est; edt; bst; cet; cest; eet; eest; msk; ist; jst; kst; \
    aest; aedt; local; pacific; mountain; central; eastern";

/// Whether the text after a time begins with the name of a time zone other than UTC, or with `pm`. The
/// moment is not known then, only the day.
fn is_in_unknown_zone(after: &str) -> bool {
    let text = after.trim_start_matches([' ', '(', '[', '\u{a0}']);
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '/' | '_'));
    let (word, next) = text.split_at(end.unwrap_or(text.len()));
    if matches!(word, "UTC" | "GMT" | "Z") {
        return next.starts_with(['+', '-', '−']);
    }
    let is_short = (2..=5).contains(&word.len());
    let is_region = word
        .split_once('/')
        .is_some_and(|(area, place)| area.len() > 2 && place.len() > 2);
    is_region
        || is_short && word.chars().all(|c| c.is_ascii_uppercase())
        || phrases(AFTER_TIME).any(|known| word.eq_ignore_ascii_case(known))
}

/// Parses a time; YAML also has offsets such as `-5`.
fn parse_time(text: &str) -> Option<Timestamp> {
    let with_hour = || {
        let before = text.strip_suffix(|c: char| c.is_ascii_digit())?;
        let hour = &text[before.len()..];
        let is_offset = before.ends_with(['+', '-']) && before.contains(':');
        is_offset.then(|| format!("{before}0{hour}:00").parse().ok())?
    };
    text.parse().ok().or_else(with_hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        find_date(text).map(|found| found.date.to_string()[..10].to_owned())
    }

    #[test]
    fn usual_forms_are_understood() {
        for text in [
            "2016-02-13",
            "2016-2-13",
            "2016/02/13",
            "2016.02.13",
            "20160213",
            "13 Feb 2016",
            "13 February 2016",
            "13th of February 2016",
            "13-Feb-2016",
            "Feb 13, 2016",
            "Feb. 13 2016",
            "February 13th, 2016",
            "Saturday, February 13, 2016",
            "13.02.2016",
            "13.2.2016",
            "13/02/2016",
            "02/13/2016",
            "2016 Feb 13",
            "13. Februar 2016",
            "13 février 2016",
            "13 de febrero de 2016",
            "13 de fevereiro de 2016",
            "13 febbraio 2016",
            "13 февраля 2016",
            "2016年2月13日",
            "2016年02月13日（土）",
            "2016년 2월 13일",
            "**2016-02-13**",
            "<2016-02-13>",
            "2016-02-13 (last change 2020-01-01)",
            "2016-02-13T10:00:00+02:00",
            "2016-02-13 10:00",
        ] {
            assert_eq!(date(text).as_deref(), Some("2016-02-13"), "{text}");
        }
        let found = find_date("on 13 Feb 2016.").expect("date");
        assert_eq!(found.range, 3..14);
    }

    #[test]
    fn incomplete_and_ambiguous_dates_are_not_dates() {
        for text in [
            "",
            "sometime",
            "YYYY-MM-DD",
            "2016",
            "2016-02",
            "February 2016",
            "03/04/2016",
            "2016-02-30",
            "2016-13-01",
            "13 Market 2016",
            "1.2.3",
            "10.0.0.1",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn offset_belongs_to_the_time() {
        for text in [
            "2016-02-13T10:30:00-05:00",
            "2016-02-13 10:30:00 -5",
            "2016-02-13 10:30 -05:00",
            "2016-02-13T15:30:00Z",
            "2016-02-13T16:30+01",
            "2016-02-13 15:30 - all agreed",
        ] {
            let found = find_date(text).map(|found| found.date.to_string());
            assert_eq!(found.as_deref(), Some("2016-02-13T15:30:00Z"), "{text}");
        }
    }

    #[test]
    fn time_out_of_range_is_not_read_in_part() {
        for text in [
            "2021-03-05T10:00:60Z",
            "2021-03-05T10:00:75Z",
            "2021-03-05 10:75",
            "2021-03-05 10:00:75",
            "2021-03-05T24:00:00Z",
            "2021-03-05T25:00:00Z",
            "2021-03-05T10:00:00+25:00",
            "2021-03-05T10:00:00 +25:00",
            "2021-03-05T10:00:00-02:75",
            "2021-03-05T10:00:00+5:30",
            "2021-03-05T10:00:00−05:00",
            "2021-03-05T10:00:00,5+02:00",
        ] {
            let found = find_date(text).map(|found| found.date);
            assert_eq!(found, "2021-03-05".parse().ok(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn finding_never_panics(text in "\\PC{0,40}", digits in "[0-9年月日 ./-]{0,14}") {
            let _ = find_date(&text);
            let _ = find_date(&digits);
        }
    }
}
