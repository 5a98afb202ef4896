//! Statuses as people write them: `✅ **Accepted** (2021-02-03)`, `Superseded by [ADR-0005](…)`.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::date::find_date;
use super::markup::{is_letter, skip_markup, starts_with_phrase};

use DecisionStatus::{
    Deprecated, Implemented, InProgress, Maintained, Planned, Rejected, Superseded,
};

/// The phrases for each status. They are complete words: a status that only contains one of them,
/// such as `not accepted`, is not understood. Words that mean different things in two languages are
/// left out.
const PHRASES: &[(DecisionStatus, &[&str])] = &[
    (
        Planned,
        &[
            "planned",
            "proposed",
            "proposal",
            "pending",
            "draft",
            "drafted",
            "in draft",
            "in review",
            "under review",
            "in discussion",
            "under discussion",
            "being discussed",
            "open",
            "rfc",
            "request for comments",
            "under consideration",
            "provisional",
            "todo",
            "new",
            "idea",
            // German, Dutch, Scandinavian
            "vorgeschlagen",
            "vorschlag",
            "entwurf",
            "offen",
            "in diskussion",
            "in prüfung",
            "voorgesteld",
            "voorstel",
            "concept",
            "föreslagen",
            "förslag",
            "utkast",
            "foreslået",
            "foreslått",
            "ehdotettu",
            // French, Spanish, Portuguese, Italian
            "proposé",
            "proposée",
            "proposition",
            "brouillon",
            "en discussion",
            "en attente",
            "propuesto",
            "propuesta",
            "borrador",
            "en discusión",
            "en revisión",
            "pendiente",
            "proposto",
            "proposta",
            "rascunho",
            "em discussão",
            "em análise",
            "em revisão",
            "pendente",
            "proposta in discussione",
            "bozza",
            "in discussione",
            // Slavic, Turkish
            "zaproponowany",
            "zaproponowana",
            "zaproponowane",
            "proponowany",
            "proponowana",
            "szkic",
            "navrženo",
            "návrh",
            "предложено",
            "предложен",
            "черновик",
            "на рассмотрении",
            "на обсуждении",
            "запропоновано",
            "önerildi",
            "taslak",
            // Chinese, Japanese, Korean
            "提议中",
            "已提议",
            "提议",
            "提案中",
            "提案",
            "提出",
            "拟议",
            "草稿",
            "草案",
            "待定",
            "讨论中",
            "討論中",
            "待审核",
            "评审中",
            "已提出",
            "ドラフト",
            "下書き",
            "検討中",
            "議論中",
            "レビュー中",
            "제안됨",
            "제안",
            "초안",
            "검토 중",
            "검토중",
            "논의 중",
        ],
    ),
    (
        InProgress,
        &[
            "in progress",
            "wip",
            "work in progress",
            "inprogress",
            "being implemented",
            "in implementation",
            "in umsetzung",
            "in arbeit",
            "in bearbeitung",
            "en cours",
            "en progreso",
            "en curso",
            "em andamento",
            "in corso",
            "в работе",
            "进行中",
            "進行中",
            "实施中",
            "対応中",
            "実装中",
            "진행 중",
            "진행중",
        ],
    ),
    (
        Implemented,
        &[
            "implemented",
            "implementable and implemented",
            "done",
            "completed",
            "complete",
            "umgesetzt",
            "implementiert",
            "geïmplementeerd",
            "implémenté",
            "implémentée",
            "terminé",
            "implementado",
            "implementada",
            "implementato",
            "implementata",
            "concluído",
            "реализовано",
            "внедрено",
            "wdrożony",
            "wdrożona",
            "已实施",
            "已实现",
            "已完成",
            "完成",
            "実装済み",
            "実装済",
            "구현됨",
            "완료",
        ],
    ),
    (
        Maintained,
        &[
            "maintained",
            "implementable",
            "accepted",
            "approved",
            "decided",
            "adopted",
            "agreed",
            "active",
            "in effect",
            "in force",
            "in use",
            "final",
            "finalized",
            "finalised",
            "ratified",
            "confirmed",
            "effective",
            "akzeptiert",
            "angenommen",
            "beschlossen",
            "entschieden",
            "genehmigt",
            "gültig",
            "aktiv",
            "freigegeben",
            "verabschiedet",
            "geaccepteerd",
            "aanvaard",
            "aangenomen",
            "goedgekeurd",
            "besloten",
            "accepterad",
            "godkänd",
            "beslutad",
            "accepteret",
            "godkendt",
            "vedtaget",
            "akseptert",
            "godkjent",
            "vedtatt",
            "besluttet",
            "hyväksytty",
            "päätetty",
            "accepté",
            "acceptée",
            "approuvé",
            "approuvée",
            "validé",
            "validée",
            "adopté",
            "adoptée",
            "décidé",
            "actif",
            "en vigueur",
            "aceptado",
            "aceptada",
            "aprobado",
            "aprobada",
            "adoptado",
            "adoptada",
            "decidido",
            "decidida",
            "vigente",
            "aceito",
            "aceita",
            "aceite",
            "aprovado",
            "aprovada",
            "adotado",
            "adotada",
            "accettato",
            "accettata",
            "approvato",
            "approvata",
            "adottato",
            "deciso",
            "zaakceptowany",
            "zaakceptowana",
            "zaakceptowane",
            "przyjęty",
            "przyjęta",
            "przyjęte",
            "zatwierdzony",
            "zatwierdzona",
            "schváleno",
            "přijato",
            "принято",
            "принят",
            "принята",
            "одобрено",
            "утверждено",
            "прийнято",
            "затверджено",
            "kabul edildi",
            "onaylandı",
            "已接受",
            "接受",
            "已采纳",
            "采纳",
            "已採納",
            "已批准",
            "批准",
            "已通过",
            "通过",
            "已通過",
            "已决定",
            "已確定",
            "已确定",
            "已采用",
            "采用",
            "已生效",
            "生效",
            "生效中",
            "承認済み",
            "承認済",
            "承認",
            "採用済み",
            "採用",
            "採択",
            "決定済み",
            "決定",
            "受諾",
            "受理",
            "受け入れ",
            "有効",
            "승인됨",
            "승인",
            "수락됨",
            "수락",
            "채택됨",
            "채택",
            "확정",
        ],
    ),
    (
        Superseded,
        &[
            "superseded",
            "superceded",
            "superseeded",
            "replaced",
            "obsoleted by",
            "ersetzt durch",
            "abgelöst",
            "abgelöst durch",
            "überholt durch",
            "vervangen",
            "ersatt av",
            "erstattet af",
            "erstattet av",
            "korvattu",
            "remplacé",
            "remplacée",
            "remplacé par",
            "supplanté",
            "reemplazado",
            "reemplazada",
            "sustituido",
            "sustituida",
            "substituído",
            "substituída",
            "superado por",
            "sostituito",
            "sostituita",
            "superato da",
            "zastąpiony",
            "zastąpiona",
            "zastąpione",
            "nahrazeno",
            "заменено",
            "заменён",
            "заменен",
            "замінено",
            "yerini aldı",
            "已取代",
            "被取代",
            "已被取代",
            "已替代",
            "被替代",
            "已替换",
            "被替换",
            "已被替代",
            "置き換え済み",
            "置き換え",
            "置換",
            "置換済み",
            "대체됨",
            "대체",
        ],
    ),
    (
        Rejected,
        &[
            "rejected",
            "declined",
            "withdrawn",
            "abandoned",
            "dropped",
            "discarded",
            "cancelled",
            "canceled",
            "abgelehnt",
            "verworfen",
            "zurückgezogen",
            "zurückgewiesen",
            "afgewezen",
            "verworpen",
            "ingetrokken",
            "avvisad",
            "avslagen",
            "afvist",
            "avvist",
            "hylätty",
            "rejeté",
            "rejetée",
            "refusé",
            "refusée",
            "abandonné",
            "abandonnée",
            "retiré",
            "rechazado",
            "rechazada",
            "descartado",
            "descartada",
            "retirado",
            "rejeitado",
            "rejeitada",
            "recusado",
            "recusada",
            "rifiutato",
            "rifiutata",
            "respinto",
            "respinta",
            "scartato",
            "odrzucony",
            "odrzucona",
            "odrzucone",
            "zamítnuto",
            "отклонено",
            "отклонен",
            "отклонён",
            "отвергнуто",
            "відхилено",
            "reddedildi",
            "已拒绝",
            "被拒绝",
            "拒绝",
            "已拒絕",
            "拒絕",
            "已否决",
            "否决",
            "已放弃",
            "放弃",
            "已撤回",
            "却下",
            "不採用",
            "棄却",
            "撤回",
            "取り下げ",
            "거부됨",
            "거부",
            "거절됨",
            "거절",
            "기각",
            "반려",
        ],
    ),
    (
        Deprecated,
        &[
            "deprecated",
            "obsolete",
            "obsoleted",
            "outdated",
            "retired",
            "expired",
            "no longer valid",
            "no longer relevant",
            "no longer applicable",
            "veraltet",
            "überholt",
            "obsolet",
            "verouderd",
            "achterhaald",
            "föråldrad",
            "forældet",
            "foreldet",
            "utfaset",
            "vanhentunut",
            "déprécié",
            "dépréciée",
            "obsolète",
            "caduc",
            "caduque",
            "obsoleto",
            "obsoleta",
            "deprecado",
            "deprecada",
            "en desuso",
            "depreciado",
            "depreciada",
            "descontinuado",
            "deprecato",
            "deprecata",
            "przestarzały",
            "przestarzała",
            "przestarzałe",
            "zastaralé",
            "устарело",
            "устарел",
            "застаріло",
            "kullanımdan kaldırıldı",
            "已弃用",
            "弃用",
            "已棄用",
            "已废弃",
            "废弃",
            "已廢棄",
            "已废止",
            "废止",
            "已作废",
            "作废",
            "已过时",
            "过时",
            "已淘汰",
            "失效",
            "已失效",
            "非推奨",
            "廃止済み",
            "廃止",
            "無効",
            "폐기됨",
            "폐기",
            "사용 중단",
            "더 이상 사용되지 않음",
        ],
    ),
    (DecisionStatus::Unknown, &["unknown"]),
];

/// The words before the decisions that supersede this one.
const SUPERSEDED_BY: &[&str] = &[
    "superseded by",
    "superceded by",
    "superseeded by",
    "superseded in",
    "superseded with",
    "replaced by",
    "replaced with",
    "obsoleted by",
    "deprecated by",
    "ersetzt durch",
    "abgelöst durch",
    "überholt durch",
    "vervangen door",
    "ersatt av",
    "erstattet af",
    "erstattet av",
    "remplacé par",
    "remplacée par",
    "supplanté par",
    "reemplazado por",
    "reemplazada por",
    "sustituido por",
    "sustituida por",
    "substituído por",
    "substituída por",
    "substituído pela",
    "superado por",
    "sostituito da",
    "sostituita da",
    "superato da",
    "zastąpiony przez",
    "zastąpiona przez",
    "zastąpione przez",
    "заменено на",
    "заменён",
    "заменен",
];

/// The words before the decisions that this one supersedes.
const SUPERSEDES: &[&str] = &[
    "supersedes",
    "supercedes",
    "superseeds",
    "replaces",
    "obsoletes",
    "ersetzt",
    "löst ab",
    "vervangt",
    "ersätter",
    "erstatter",
    "remplace",
    "reemplaza",
    "reemplaza a",
    "sustituye a",
    "substitui",
    "sostituisce",
    "zastępuje",
    "заменяет",
];

/// Words that limit the phrase after them.
const LIMITS: &[&str] = &[
    "partially",
    "partly",
    "not",
    "non",
    "teilweise",
    "partiellement",
    "parcialmente",
];

/// A status within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineStatus {
    pub(super) status: DecisionStatus,
    /// The bytes of the phrase, with the decisions that supersede this one.
    pub(super) range: Range<usize>,
}

/// Finds the status with which a text begins, apart from marks such as emoji, bold and bullets.
pub(super) fn find_status(text: &str) -> Option<LineStatus> {
    if is_list_of_statuses(text) {
        return bold_status(text);
    }
    // `Proposed -> Accepted`: the last one counts.
    let mut start = 0;
    for arrow in ["->", "→", "=>", "➡", "⇒"] {
        if let Some(at) = text.rfind(arrow)
            && phrase_at(text, skip_markup(text, 0)).is_some()
        {
            start = start.max(at + arrow.len());
        }
    }
    let start = skip_markup(text, start);
    let found = phrase_at(text, start).or_else(|| badge_status(text));
    let mut found = found?;
    if text[found.range.end..].starts_with('?') {
        return None;
    }
    if found.status == Superseded {
        found.range.end = end_of_successors(text, found.range.end);
    }
    Some(found)
}

/// Returns the longest phrase at a position.
fn phrase_at(text: &str, start: usize) -> Option<LineStatus> {
    let all = PHRASES
        .iter()
        .flat_map(|(status, phrases)| phrases.iter().map(|phrase| (*status, *phrase)));
    let found = all.filter_map(|(status, phrase)| {
        let length = starts_with_phrase(&text[start..], phrase)?;
        Some((status, length))
    });
    let (status, length) = found.max_by_key(|(_, length)| *length)?;
    Some(LineStatus {
        status,
        range: start..start + length,
    })
}

/// Whether a text lists the statuses to choose from, as templates do.
fn is_list_of_statuses(text: &str) -> bool {
    let count = |separators: &[&str]| {
        let mut parts = vec![text.to_owned()];
        for separator in separators {
            let split = parts.iter().flat_map(|part| part.split(separator));
            parts = split.map(str::to_owned).collect();
        }
        if parts.len() < 2 {
            return 0;
        }
        let statuses = parts
            .iter()
            .filter_map(|part| phrase_at(part, skip_markup(part, 0)));
        let mut statuses: Vec<DecisionStatus> = statuses.map(|found| found.status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses.len()
    };
    count(&["|", "/", " or ", "、", " oder ", " ou "]) > 1
        || count(&["|", "/", ",", " or ", " and ", "，", "、"]) > 2
}

/// Returns the one status of a list that is bold: `Proposed | **Accepted** | Rejected`.
fn bold_status(text: &str) -> Option<LineStatus> {
    let marks: Vec<usize> = text.match_indices("**").map(|(at, _)| at).collect();
    let [open, close] = marks[..] else {
        return None;
    };
    let found = phrase_at(text, skip_markup(text, open))?;
    let is_only_part = !text[..open].trim().is_empty() || !text[close + 2..].trim().is_empty();
    (is_only_part && found.range.end <= close).then_some(found)
}

/// Returns the status in the address of a badge, such as `…/badge/status-accepted-green`.
fn badge_status(text: &str) -> Option<LineStatus> {
    let at = text.find("badge/")? + "badge/".len();
    let end = text[at..].find([')', '?', ' ', '"', '>']);
    let end = at + end.unwrap_or(text.len() - at);
    let mut start = at;
    for part in text[at..end].split('-') {
        if let Some(found) = phrase_at(text, start)
            && found.range.end <= start + part.len()
        {
            return Some(found);
        }
        start += part.len() + 1;
    }
    None
}

/// Returns the end of ` by [ADR-0005](0005-….md)` after a word such as `superseded`.
fn end_of_successors(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let word = rest.trim_start();
    let is_by = [
        "by", "in", "with", "durch", "par", "por", "pela", "da", "door", "av", "af", "przez",
    ]
    .iter()
    .any(|by| starts_with_phrase(word, by).is_some());
    // `ersetzt durch` is a phrase of its own.
    let ends_in_by = SUPERSEDED_BY
        .iter()
        .any(|phrase| text[..end].to_lowercase().ends_with(phrase));
    if !is_by && !ends_in_by {
        return end;
    }
    let stop = rest
        .find([';', '\n'])
        .or_else(|| rest.find(" (").filter(|_| !rest.contains("](")))
        .unwrap_or(rest.len());
    let trimmed = rest[..stop].trim_end_matches([' ', '*', '_', '.', '\r', '"', '\'', '`', '|']);
    end + trimmed.len()
}

/// The decisions that a status refers to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct StatusLinks {
    pub(super) superseded_by: Vec<String>,
    pub(super) supersedes: Vec<String>,
}

impl StatusLinks {
    pub(super) fn extend(&mut self, other: StatusLinks) {
        for (all, more) in [
            (&mut self.superseded_by, other.superseded_by),
            (&mut self.supersedes, other.supersedes),
        ] {
            for reference in more {
                if !all.contains(&reference) {
                    all.push(reference);
                }
            }
        }
    }
}

/// Returns the references in a line of a status.
pub(super) fn parse_status_links(text: &str) -> StatusLinks {
    let mut links = StatusLinks::default();
    let mut marks: Vec<(usize, usize, bool)> = Vec::new();
    let mut previous: Option<char> = None;
    let mut word_before: &str = "";
    for (at, c) in text.char_indices() {
        let starts_word = is_letter(c) && !previous.is_some_and(is_letter);
        previous = Some(c);
        if !starts_word || marks.last().is_some_and(|(_, end, _)| at < *end) {
            continue;
        }
        let rest = &text[at..];
        let longest = |phrases: &[&str]| {
            let lengths = phrases
                .iter()
                .filter_map(|phrase| starts_with_phrase(rest, phrase));
            lengths.max()
        };
        let by = longest(SUPERSEDED_BY);
        let mark = match (by, longest(SUPERSEDES)) {
            (Some(length), _) => Some((length, true)),
            (None, Some(length)) => Some((length, false)),
            (None, None) => None,
        };
        if let Some((length, is_by)) = mark {
            let is_limited = LIMITS
                .iter()
                .any(|limit| word_before.eq_ignore_ascii_case(limit));
            if !is_limited {
                marks.push((at, at + length, is_by));
            }
        }
        word_before = rest
            .split(|c: char| !is_letter(c))
            .next()
            .unwrap_or_default();
    }
    for (index, (_, end, is_by)) in marks.iter().enumerate() {
        let until = marks
            .get(index + 1)
            .map_or(text.len(), |(next, _, _)| *next);
        let found = find_references(&text[*end..until]);
        if *is_by {
            links.superseded_by.extend(found);
        } else {
            links.supersedes.extend(found);
        }
    }
    // In Chinese and Japanese, the decision comes before the verb.
    let is_superseded = ["取代", "替代", "替换", "置き換え", "置換", "대체"]
        .iter()
        .any(|word| text.contains(word));
    if marks.is_empty() && is_superseded {
        let is_passive = ["被", "由", "によって", "により", "に置", "已", "済", "됨"]
            .iter()
            .any(|word| text.contains(word));
        let references = find_references(text);
        if is_passive {
            links.superseded_by = references;
        } else {
            links.supersedes = references;
        }
    }
    links
}

/// Returns the files and ids in a text: `[ADR-0005](0005-example.md)`, `ADR-0005`, `DEC-005`.
pub(super) fn find_references(text: &str) -> Vec<String> {
    let mut references = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end);
        let target = &rest[at + 2..end];
        let target = target.split(['#', '?', ' ']).next().unwrap_or(target);
        let name = target
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(target);
        // A link within the page has no file; its text names the decision.
        let label = rest[..at].rsplit('[').next().unwrap_or_default();
        let name = if name.is_empty() { label } else { name };
        if !name.is_empty() {
            references.push(name.to_owned());
        }
        rest = &rest[end..];
    }
    if references.is_empty() {
        let mut text = text.to_owned();
        while let Some(date) = find_date(&text) {
            text.replace_range(date.range, " ");
        }
        let words = text.split([',', ' ', ';', '，', '、']).map(|word| {
            word.trim_matches([
                '.', '[', ']', '(', ')', '*', '_', '`', '"', '\'', ':', '|', '>', '<', '。',
            ])
        });
        let words = words.filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        references.extend(words.map(str::to_owned));
    }
    references
}

/// Returns the word for a status in a page: that of MADR, unless a more precise one is needed.
pub(super) fn status_word(status: DecisionStatus) -> &'static str {
    match status {
        Planned => "proposed",
        InProgress => "in progress",
        Implemented => "implemented",
        Maintained => "accepted",
        Superseded => "superseded",
        Rejected => "rejected",
        Deprecated => "deprecated",
        DecisionStatus::Unknown => "unknown",
    }
}

/// Returns `word` in the case of `model`.
pub(super) fn match_case(word: &str, model: &str) -> String {
    let letters: Vec<char> = model.chars().filter(|c| c.is_alphabetic()).collect();
    let first_word: Vec<char> = model
        .chars()
        .skip_while(|c| !c.is_alphabetic())
        .take_while(|c| c.is_alphabetic())
        .collect();
    let mut chars = word.chars();
    if first_word.len() > 1 && first_word.iter().all(|c| c.is_uppercase()) {
        word.to_uppercase()
    } else if letters.first().is_some_and(|c| c.is_lowercase()) {
        word.to_owned()
    } else {
        match chars.next() {
            Some(first) => first.to_uppercase().chain(chars).collect(),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(text: &str) -> Option<&'static str> {
        find_status(text).map(|found| status_word(found.status))
    }

    #[test]
    fn usual_forms_are_understood() {
        for (text, word) in [
            ("Accepted", "accepted"),
            ("ACCEPTED", "accepted"),
            ("accepted (2021-02-03)", "accepted"),
            ("✅ Accepted", "accepted"),
            (":white_check_mark: Accepted", "accepted"),
            ("**Accepted**", "accepted"),
            ("__Accepted__ on 2020-01-01", "accepted"),
            ("* Accepted", "accepted"),
            ("- [x] Accepted", "accepted"),
            ("> Accepted", "accepted"),
            ("`Accepted`", "accepted"),
            ("[Accepted](https://example.org)", "accepted"),
            ("<span class=\"ok\">Accepted</span>", "accepted"),
            ("~~Proposed~~ Accepted", "accepted"),
            ("Proposed -> Accepted", "accepted"),
            ("Status: Accepted", "accepted"),
            ("**Status:** Accepted", "accepted"),
            ("![Status: Accepted](https://img.shields.io/x)", "accepted"),
            (
                "![status](https://img.shields.io/badge/status-accepted-green)",
                "accepted",
            ),
            ("Accepted, supersedes [1](0001-x.md)", "accepted"),
            ("In Progress", "in progress"),
            ("in_review", "proposed"),
            ("Draft", "proposed"),
            (
                "Superceded by [5. Use pears](0005-use-pears.md)",
                "superseded",
            ),
            ("❌ Rejected", "rejected"),
            ("Withdrawn", "rejected"),
            ("Obsolete", "deprecated"),
            ("Akzeptiert", "accepted"),
            ("Ersetzt durch ADR-5", "superseded"),
            ("Accepté", "accepted"),
            ("Remplacée par l'ADR 5", "superseded"),
            ("Aceito", "accepted"),
            ("已接受", "accepted"),
            ("承認済み", "accepted"),
            ("被 ADR-5 取代", "?"),
            ("unknown", "unknown"),
        ] {
            let found = status(text).unwrap_or("?");
            assert_eq!(found, word, "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_a_status() {
        for text in [
            "",
            "{proposed | rejected | accepted}",
            "[proposed | rejected | accepted | deprecated | … | superseded by [ADR-0005](0005-example.md)]",
            "proposed, accepted, rejected, deprecated, superseded, etc.",
            "Proposed / Accepted",
            "Not accepted",
            "Partially superseded by 5",
            "Accepted?",
            "What is the status, such as proposed or accepted?",
            "Acceptedly",
            "TBD",
            "🍐",
        ] {
            assert_eq!(status(text), None, "{text}");
        }
    }

    #[test]
    fn successors_belong_to_the_phrase() {
        for (text, part) in [
            (
                "superseded by [5](0005-x.md)",
                "superseded by [5](0005-x.md)",
            ),
            ("**Superseded by ADR-5**", "Superseded by ADR-5"),
            ("Superseded (2020-01-01)", "Superseded"),
            ("Ersetzt durch ADR-5.", "Ersetzt durch ADR-5"),
        ] {
            let found = find_status(text).expect("status");
            assert_eq!(&text[found.range], part);
        }
    }

    #[test]
    fn references_are_found() {
        let by = |text: &str| parse_status_links(text).superseded_by;
        assert_eq!(by("superseded by [ADR-5](../x/0005-y.md#z)"), ["0005-y.md"]);
        assert_eq!(by("Superseded by ADR 5 on 2021-02-03"), ["5"]);
        assert_eq!(
            by("Replaced by ADR-0007 and ADR-0008"),
            ["ADR-0007", "ADR-0008"]
        );
        assert_eq!(by("已被 ADR-5 取代"), ["ADR-5"]);
        assert_eq!(by("Partially superseded by ADR-5"), [""; 0]);
        let both = parse_status_links("Supersedes 1, superseded by 3");
        assert_eq!(
            (both.supersedes, both.superseded_by),
            (vec!["1".to_owned()], vec!["3".to_owned()])
        );
    }

    #[test]
    fn words_have_the_case_of_the_page() {
        assert_eq!(match_case("rejected", "Accepted"), "Rejected");
        assert_eq!(match_case("rejected", "accepted"), "rejected");
        assert_eq!(match_case("rejected", "ACCEPTED"), "REJECTED");
        assert_eq!(match_case("rejected", "已接受"), "Rejected");
    }
}
