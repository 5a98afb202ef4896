//! The form in which the databases index texts: without the letters that have no accent to remove, and
//! with Chinese, Japanese and Korean in pairs of characters.

use unicode_normalization::UnicodeNormalization;

use super::Term;

/// A term in the form in which the databases index texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexText {
    /// The words, which must occur next to each other.
    pub words: String,
    /// Whether the last word may be a prefix of a longer one.
    pub is_prefix: bool,
}

impl Term {
    /// Returns the term in the forms in which the databases may have indexed texts.
    ///
    /// SQLite indexes texts as they were written, except for letters such as full-width ones, so the term
    /// is searched as it was typed, and as a text of composed characters, of decomposed ones (as in file
    /// names of macOS) or of usual ones instead of full-width ones. A Greek word may end in either form of
    /// sigma. A version such as `1.2.3` is also searched as `v1.2.3`.
    pub fn index_texts(&self) -> Vec<IndexText> {
        let composed: String = self.text.nfc().collect();
        let decomposed = self.text.nfd().collect();
        let mut forms = vec![composed];
        if !self.text.is_ascii() {
            let compatible = [self.text.nfkc().collect(), self.text.nfkd().collect()];
            forms.extend([self.text.clone(), decomposed]);
            forms.extend(compatible);
            let sigmas = forms.iter().filter_map(|form| with_other_final_sigma(form));
            forms.extend(sigmas.collect::<Vec<String>>());
        }
        if is_version(&self.text) {
            forms.push(format!("v{}", self.text));
        }
        let mut texts: Vec<IndexText> = Vec::with_capacity(1);
        for form in &forms {
            let mut text = self.index_text(form);
            // A run of decomposed Hangul is indexed as one word.
            text.is_prefix |= form.ends_with(|c| ('\u{1100}'..='\u{11ff}').contains(&c));
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// Returns a form of the term in which the databases index texts.
    ///
    /// No space separates the words of Chinese, Japanese and Korean, so each character is indexed
    /// together with the next one: `検索機` as `検索 索機 機`. A part of such a text is a phrase of its
    /// pairs, and a single character is the beginning of one.
    fn index_text(&self, form: &str) -> IndexText {
        let folded: Vec<char> = form.chars().flat_map(fold_letter).collect();
        let mut words = String::with_capacity(2 * form.len());
        // Where the last word begins if it is a single character.
        let mut last_single = None;
        for (at, letter) in folded.iter().enumerate() {
            match folded.get(at + 1) {
                Some(next) if is_cjk(*letter) && is_cjk(*next) => {
                    words.extend([' ', *letter, *next]);
                }
                _ if is_cjk(*letter) => {
                    let is_end_of_run = at > 0 && is_cjk(folded[at - 1]);
                    last_single = Some((words.len(), is_end_of_run));
                    words.extend([' ', *letter, ' ']);
                }
                _ => {
                    if letter.is_alphanumeric() {
                        last_single = None;
                    }
                    words.push(*letter);
                }
            }
        }
        let is_prefix = match last_single {
            // The pair before contains the character, which may be followed by another one.
            Some((start, true)) => {
                words.truncate(start);
                false
            }
            Some((_, false)) => true,
            None => self.is_prefix,
        };
        IndexText { words, is_prefix }
    }
}

/// Whether a text is a version such as `1.2.3`, which is often written as `v1.2.3`.
fn is_version(text: &str) -> bool {
    text.contains('.')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

/// Returns a text that ends in a sigma with the other form of it: `σ` is `ς` at the end of a word.
fn with_other_final_sigma(text: &str) -> Option<String> {
    if let Some(start) = text.strip_suffix('ς') {
        return Some(format!("{start}σ"));
    }
    let start = text.strip_suffix(['σ', 'Σ'])?;
    Some(format!("{start}ς"))
}

/// Returns whether a character belongs to Chinese, Japanese or Korean: an ideograph, kana, Hangul or
/// Bopomofo.
pub(crate) fn is_cjk(character: char) -> bool {
    // The ranges are those of the migration that creates the index.
    matches!(
        character,
        '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{3096}'
            | '\u{309d}'..='\u{309f}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{30fc}'..='\u{318e}'
            | '\u{31a0}'..='\u{31bf}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ffdc}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

/// Replaces a letter that has no form without an accent in Unicode, such as `ß` by `ss`.
pub(crate) fn fold_letter(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' => "d",
        'ı' => "i",
        _ => "",
    };
    let kept = plain.is_empty().then_some(letter);
    plain.chars().chain(kept)
}

/// Removes accents and converts to lower case, as a search compares: `Straße` becomes `strasse`.
pub fn fold_case_and_accents(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|c| !is_accent(*c))
        .flat_map(fold_letter)
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

pub(crate) fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// Returns the Latin letters of European languages that [`fold_case_and_accents`] replaces by ASCII
/// letters, with these.
pub fn folded_latin_letters() -> impl Iterator<Item = (char, String)> {
    ('\u{c0}'..='\u{17f}').chain(['ẞ']).filter_map(|letter| {
        let folded = fold_case_and_accents(letter.encode_utf8(&mut [0; 4]));
        folded.is_ascii().then_some((letter, folded))
    })
}

#[cfg(test)]
mod tests {
    use super::folded_latin_letters;
    use crate::SearchQuery;

    /// Returns the words of the terms, with `*` after a prefix.
    fn index_texts(typed: &str) -> String {
        let query: SearchQuery = typed.parse().expect("valid query");
        let terms = query.terms().iter().map(|term| {
            let text = term.index_texts().remove(0);
            let words: Vec<&str> = text.words.split_whitespace().collect();
            let star = if text.is_prefix { "*" } else { "" };
            format!("{}{star}", words.join(" "))
        });
        terms.collect::<Vec<String>>().join(" | ")
    }

    #[test]
    fn cjk_is_split_into_pairs() {
        for (typed, expected) in [
            ("検索機能 x", "検索 索機 機能 | x*"),
            ("\"検索\"", "検索"),
            ("検索", "検索"),
            ("検", "検*"),
            ("\"検\"", "検*"),
            ("検 x", "検* | x*"),
            ("wsdb検索", "wsdb 検索"),
            ("検索wsdb", "検索 索 wsdb*"),
            ("\"全文 検索\"", "全文 文 検索"),
            ("\"全文 検\"", "全文 文 検*"),
            ("「検索」、", "「 検索"),
            ("검색 -색인", "검색 | 색인"),
            ("ﾃｽﾄ", "ﾃｽ ｽﾄ"),
            ("コーヒー・人々", "コー ーヒ ヒー ー ・ 人々"),
            ("か\u{3099}く", "がく"),
            ("𠮷野", "𠮷野"),
        ] {
            assert_eq!(index_texts(typed), expected, "{typed}");
        }
    }

    #[test]
    fn other_forms_of_a_term_are_searched() {
        let forms = |typed: &str| {
            let query: SearchQuery = typed.parse().expect("valid query");
            let texts = query.terms()[0].index_texts().into_iter();
            let words =
                texts.map(|text| text.words.split_whitespace().collect::<Vec<_>>().join(" "));
            words.collect::<Vec<_>>().join(" | ")
        };
        for (typed, expected) in [
            ("export", "export"),
            ("1.2.3", "1.2.3 | v1.2.3"),
            ("3", "3"),
            ("WS-1.2", "WS-1.2"),
            ("がく", "がく | か \u{3099} く"),
            (
                "검색",
                "검색 | \u{1100}\u{1165}\u{11b7}\u{1109}\u{1162}\u{11a8}",
            ),
            ("\u{f900}", "\u{8c48} | \u{f900}"),
            ("ＷＳＤＢ", "ＷＳＤＢ | WSDB"),
            ("οδος", "οδος | οδοσ"),
        ] {
            assert_eq!(forms(typed), expected, "{typed}");
        }
    }

    #[test]
    fn latin_letters_are_folded_to_ascii() {
        let letters: Vec<String> = folded_latin_letters()
            .map(|(letter, folded)| format!("{letter}{folded}"))
            .collect();
        assert!(letters.len() > 100, "{letters:?}");
        for expected in ["Àa", "ée", "ñn", "ßss", "ẞss", "Łl", "žz", "œoe", "İi"] {
            assert!(
                letters.iter().any(|letter| letter == expected),
                "{expected}"
            );
        }
        assert!(!letters.iter().any(|letter| letter.starts_with('×')));
    }

    #[test]
    fn letters_without_accents_are_replaced() {
        for (typed, expected) in [
            ("Straße", "Strasse*"),
            ("GROẞE", "GROssE*"),
            (
                "Ærø łódź Œuvre đá ılık",
                "aero | lódź | oeuvre | dá | ilik*",
            ),
        ] {
            assert_eq!(index_texts(typed), expected, "{typed}");
        }
    }
}
