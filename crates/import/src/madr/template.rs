//! Tells templates and indexes from decisions, by the name of the file or by a title that is a placeholder.

use super::file_names::{is_index, name_words, number};
use super::markup::is_letter;
use super::status_words::phrases;

/// Whether a file beside decisions is not one: a template, or an index without a number.
pub(super) fn is_auxiliary(name: &str) -> bool {
    is_template(name) || is_index(name) && number(name).is_none()
}

/// Whether a file has the name of a template.
pub(super) fn is_template(name: &str) -> bool {
    const TEMPLATE: &str = "template; templates; tmpl; tpl; boilerplate; skeleton; modele; modèle; gabarit; \
        plantilla; modelo; vorlage; muster; modello; sjabloon; szablon; wzór; mall; mal; skabelon; malli; \
        šablona; vzor; шаблон; predloga; şablon; 模板; 範本; 范本; テンプレート; 雛形; 템플릿; 양식";
    const OTHERS: &str = "adr; adrs; madr; rfc; decision; décision; decisión; decisão; decisione; besluit; decyzji; \
        entscheidung; entscheidungs; record; architecture; architectural; architektur; short; long; bare; \
        minimal; full; simple; basic; default; new; kurz; lang; en; de; fr; es; it; nl; pt; pl; ja; zh; ko; ru; \
        x; xx; xxx; xxxx; nnn; nnnn; the; for; of; de; d; per; für; pour; para";
    let is_one_of = |word: &str, list: &str| phrases(list).any(|known| known == word);
    let is_known = |word: &String| is_one_of(word, TEMPLATE) || is_one_of(word, OTHERS);
    let words = name_words(name);
    // The name of a project may be before the number: `ODH-ADR-0000-template.md`.
    let words = words_after_number(name)
        .filter(|after| !after.is_empty())
        .unwrap_or(words);
    words.iter().any(|word| is_one_of(word, TEMPLATE)) && words.iter().all(is_known)
}

/// Returns the words after the number of a decision in the name of a file, such as `0000` or `NNNN`.
fn words_after_number(name: &str) -> Option<Vec<String>> {
    let is_number = |part: &str| {
        let is_digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let is_placeholder = phrases("nn; nnn; nnnn; xx; xxx; xxxx").any(|known| known == part);
        part.len() > 1 && (is_digits || is_placeholder)
    };
    let lower = name.to_lowercase();
    let mut parts = lower.split(['-', '_', ' ']);
    parts.find(|part| is_number(part))?;
    let after: Vec<&str> = parts.collect();
    Some(name_words(&after.join("-")))
}

/// Whether a title is a placeholder, apart from the number in front of it: `{short title}`, `[title]`,
/// `<title>`, `ADR-NNNN: Title`.
pub(super) fn is_placeholder(title: &str) -> bool {
    const TITLES: &str = "title; the title; short title; decision title; title of the decision; adr title; \
        your title here; title here; insert title here; name of the decision; decision name; \
        titel; kurztitel; titel der entscheidung; titel van het besluit; korte titel; kort titel; \
        titre; titre court; titre de la décision; título; título corto; título de la decisión; título curto; \
        título da decisão; titolo; titolo breve; titolo della decisione; tytuł; tytuł decyzji; otsikko; název; \
        заголовок; название; название решения; başlık; 标题; 標題; タイトル; 제목";
    let title = without_number(title.trim());
    let lower = title.to_lowercase();
    let is_known = |text: &str| phrases(TITLES).any(|known| known == text);
    let marked = [
        ("{{", "}}"),
        ("{", "}"),
        ("[", "]"),
        ("<", ">"),
        ("%", "%"),
        ("__", "__"),
    ];
    let is_marked = marked.iter().any(|(begin, end)| {
        let inner = lower
            .strip_prefix(begin)
            .and_then(|rest| rest.strip_suffix(end));
        inner.is_some_and(|inner| {
            !inner.trim().is_empty() && !inner.contains([end.chars().next().unwrap_or(' '), '\n'])
        })
    });
    let is_variable = lower
        .strip_prefix('$')
        .is_some_and(|name| !name.is_empty() && name.chars().all(is_letter));
    const BEGINNINGS: &str = "short title of; short title,";
    is_marked
        || is_variable
        || is_known(lower.trim_end_matches(['.', '…', ':']))
        || phrases(BEGINNINGS).any(|beginning| lower.starts_with(beginning))
}

/// Returns a title without the number in front of it, or the placeholder of one: `ADR-NNNN: `, `1. `.
fn without_number(title: &str) -> &str {
    const WORDS: &str =
        "adr; madr; rfc; dec; number; num; no; nr; n; nn; nnn; nnnn; x; xx; xxx; xxxx; yyyy; 編號";
    let mut rest = title;
    loop {
        let marked = [("{", "}"), ("[", "]"), ("<", ">")]
            .iter()
            .find_map(|(begin, end)| {
                let inner = rest.strip_prefix(begin)?;
                let (inner, after) = inner.split_once(end)?;
                Some((inner, after))
            });
        let (word, after) = match marked {
            Some(marked) => marked,
            None => {
                let end = rest.find(|c: char| !c.is_alphanumeric());
                rest.split_at(end.unwrap_or(rest.len()))
            }
        };
        let word = word.to_lowercase();
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let after = after.trim_start_matches(['-', '.', ':', ' ', '#', '_', '–', '—', ')']);
        if after.is_empty() || !is_number && !phrases(WORDS).any(|known| known == word) {
            return rest;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholder_is_not_a_title() {
        for title in [
            "{short title, representative of solved problem and found solution}",
            "[short title of solved problem and solution]",
            "<Title>",
            "ADR-0016: <short title>",
            "ADR-NNNN: Title",
            "[number]. [title]",
            "NNNN. TITLE",
            "18. NUMBER. TITLE",
            "Short title of solved problem",
            "Titel der Entscheidung",
            "Titre de la décision",
            "Título",
            "Titolo",
            "Tytuł",
            "标题",
            "{{ title }}",
            "$TITLE",
            "<% title %>",
            "ADR: Title…",
        ] {
            assert!(is_placeholder(title), "{title}");
        }
        for title in [
            "Use one core",
            "[ADR-12] Use `<T>` in {core}",
            "1. Use {braces} in titles {always}",
            "[a] and [b]",
            "Title case in headings",
            "Titles are sentences",
            "<T> or <U>",
            "ADR",
            "0001",
            "",
        ] {
            assert!(!is_placeholder(title), "{title}");
        }
    }

    #[test]
    fn template_in_any_language_has_its_name() {
        for name in [
            "template.md",
            "0000-template.md",
            "_template.md",
            "adr-vorlage.md",
            "plantilla.md",
            "modele.md",
            "0013-szablon.md",
            "ADR-modello.md",
            "adr_template_de.md",
            "plantilla-de-decisión.md",
            "ODH-ADR-0000-template.md",
            "ODH-ADR-NNNN-template.md",
            "platform_team_adr_000_template.md",
        ] {
            assert!(is_template(name), "{name}");
        }
        for name in [
            "0012-use-html-template-engine.md",
            "0001-mal-architecture-review.md",
            "ODH-ADR-0003-template-engine.md",
            "odh-template-engine.md",
        ] {
            assert!(!is_template(name), "{name}");
        }
    }

    #[test]
    fn indexes_and_templates_are_no_decisions() {
        for name in [
            "README.md",
            "index.md",
            "template.md",
            "0000-adr-template.md",
            "adr-template-short.md",
            "adr.template.md",
            "0000-modele-adr.md",
            "ADR-XXX-sjabloon.md",
            "adr-vorlage-kurz.md",
        ] {
            assert!(is_auxiliary(name), "{name}");
        }
        for name in [
            "0012-use-html-template-engine.md",
            "use-pears.md",
            "0001-template-language.md",
        ] {
            assert!(!is_auxiliary(name), "{name}");
        }
    }
}
