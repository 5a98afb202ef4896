//! The names of sections and fields of a page, in the languages that ADRs are written in.

use super::markup::plain_name;
use super::status_words::phrases;

/// A field of a page that a decision has as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageField {
    Status,
    Date,
    SupersededBy,
    Supersedes,
    /// People of MADR; the key in the front matter.
    People(&'static str),
}

/// Returns the field that a label, a heading or a key of the front matter names.
pub(super) fn page_field(name: &str) -> Option<PageField> {
    let name = plain_name(name).replace('-', " ");
    const STATUS: &str = "status; state; adr status; decision status; current status; statut; état; \
        estado; estatus; situação; stato; stav; durum; tila; статус; 状态; 狀態; 当前状态; \
        ステータス; 状態; 상태";
    const DATE: &str = "date; decision date; date of decision; date decided; decided on; decided; \
        decided at; created; creation date; date created; created on; created at; \
        createdat; date proposed; accepted on; accepted date; date accepted; approved \
        on; date approved; datum; entscheidungsdatum; erstellt; erstellt am; beschlossen \
        am; date de décision; date de la décision; créé le; fecha; fecha de decisión; \
        fecha de la decisión; data; data da decisão; data di decisione; dato; datę; \
        tarih; päivämäärä; дата; дата решения; 日期; 决策日期; 决定日期; 创建日期; 日付; 決定日; 作成日; 날짜; \
        결정일; 작성일";
    const SUPERSEDED_BY: &str = "superseded by; superceded by; supersededby; replaced by; obsoleted by; ersetzt \
        durch; remplacé par; reemplazado por; substituído por";
    const SUPERSEDES: &str = "supersedes; supercedes; replaces; obsoletes; ersetzt; remplace; reemplaza a; \
        substitui";
    let is = |names: &str| phrases(names).any(|known| known == name);
    if is(STATUS) {
        Some(PageField::Status)
    } else if is(DATE) {
        Some(PageField::Date)
    } else if is(SUPERSEDED_BY) {
        Some(PageField::SupersededBy)
    } else if is(SUPERSEDES) {
        Some(PageField::Supersedes)
    } else {
        let people = match name.as_str() {
            "deciders" | "decision makers" => "decision-makers",
            "consulted" => "consulted",
            "informed" => "informed",
            _ => return None,
        };
        Some(PageField::People(people))
    }
}

/// Whether a heading is that of a section with facts about the page, or a summary of it.
pub(super) fn is_metadata_section(heading: &str) -> bool {
    const NAMES: &str = "metadata; meta; meta data; meta information; document information; document info; \
        document control; adr information; adr info; adr metadata; decision metadata; \
        information; info; header; overview; summary; general; general information; details; \
        zusammenfassung; überblick; résumé; resumen; resumo; sommario; \
        metadaten; métadonnées; metadatos; metadados; metadati; метаданные; 元数据; メタデータ; メタ情報";
    let name = plain_name(heading).replace('-', " ");
    phrases(NAMES).any(|known| known == name)
}

/// The names of the section with the decision, the clearest ones first.
const OUTCOMES: [&str; 4] = [
    "decision outcome",
    "decision; the decision; decisions; our decision; entscheidung; entscheidungen; \
     ergebnis der entscheidung; entscheidungsergebnis; getroffene entscheidung; beschluss; \
     décision; decisions prises; décisions; résultat de la décision; décision prise; \
     decisión; decisiones; resultado de la decisión; decisão; decisões; resultado da \
     decisão; decisão tomada; decisione; decisioni; esito della decisione; risultato della \
     decisione; besluit; beslissing; uitkomst van het besluit; beslut; beslutning; päätös; \
     decyzja; wynik decyzji; rozhodnutí; rozhodnutie; решение; принятое решение; рішення; \
     karar; hotărâre; decizie; döntés; απόφαση; quyết định; keputusan; 决策; 决定; 決策; 決定; \
     决策结果; 决策内容; 决定内容; 決策結果; 決定事項; 決定内容; 決定結果; 意思決定; 結論; 结论; 決議; 决议; 決定の結果; 결정; 결정 사항; \
     결정사항; 결정 결과; 결정 내용; 결론; القرار; החלטה; निर्णय",
    "decision made; decision taken; decision details; decision and rationale; decision and \
     reasoning; decision & rationale; decision and justification; decision summary; \
     decision statement; final decision; architecture decision; architectural decision; \
     proposed decision; decision proposal; what we decided; what was decided; what did we \
     decide; what is the decision; we decided; decided; outcome; decision result; \
     resolution; chosen option; chosen solution; chosen alternative; selected option; \
     selected solution; selected alternative; decided option; choice; our choice; gewählte \
     option; gewählte lösung; gewählte alternative; ausgewählte option; entscheidung und \
     begründung; décision retenue; option retenue; solution retenue; solution choisie; \
     choix; choix retenu; decisión tomada; opción elegida; opción seleccionada; solución \
     elegida; opção escolhida; solução escolhida; opzione scelta; soluzione scelta; gekozen \
     optie; gekozen oplossing; wybrana opcja; выбранное решение; 选择; 选定方案; 最终方案; 最终决定; \
     选择的方案; 採用案; 選択; 最終決定; 선택",
    "solution; proposed solution; proposal; recommendation; recommended solution; \
     conclusion; conclusions; approach; therefore; lösung; lösungsvorschlag; vorschlag; \
     fazit; empfehlung; solution proposée; proposition; recommandation; solución; \
     propuesta; solución propuesta; conclusión; recomendación; solução; proposta; solução \
     proposta; conclusão; recomendação; soluzione; oplossing; voorstel; lösning; løsning; \
     rozwiązanie; řešení; предложение; вывод; 解决方案; 解決方案; 方案; 建议; 解決策; 提案; 해결책; 해결 방안; 제안",
];

/// Returns how clearly a heading names the section with the decision: 0 is the clearest; `None` if
/// it names another one.
pub(super) fn outcome_rank(heading: &str) -> Option<usize> {
    let plain = plain_name(heading);
    let find = |name: &str| {
        OUTCOMES
            .iter()
            .position(|names| phrases(names).any(|known| known == name))
    };
    find(&plain).or_else(|| {
        // `Decision: use pears`, `Decision (accepted)`
        let at = plain.find([':', '(', '–', '—', '：', '（', '/'])?;
        find(plain[..at].trim()).filter(|rank| *rank < 2)
    })
}

/// Whether a heading is one of the usual sections, and therefore not the title.
pub(super) fn is_usual_section(heading: &str) -> bool {
    let plain = plain_name(heading);
    const BEGINNINGS: &str = "context; problem; considered; option; consequence; pros and cons; decision \
        driver; more information; links; references; summary; abstract; background; \
        motivation; introduction; issue; overview; metadata; kontext; contexte; \
        contexto; konsequenz; conséquence; consecuencia; consequência; contesto; 背景; \
        上下文; コンテキスト; 文脈; 影响; 結果; 后果; 配景";
    page_field(heading).is_some()
        || outcome_rank(heading).is_some()
        || phrases(BEGINNINGS).any(|name| plain.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_recognized_in_other_languages() {
        for heading in [
            "Decision",
            "2. Decision",
            "Entscheidung",
            "Décision",
            "Decisão",
            "决策",
            "決定",
            "Решение",
            "**Decision**",
            "Decision: use pears",
        ] {
            assert!(
                outcome_rank(heading).is_some_and(|rank| rank < 2),
                "{heading}"
            );
        }
        for heading in [
            "Decision Drivers",
            "Context",
            "Consequences",
            "Decision makers",
            "Considered Options",
        ] {
            assert_eq!(outcome_rank(heading), None, "{heading}");
        }
        assert_eq!(page_field("**Status**"), Some(PageField::Status));
        assert_eq!(page_field("状态"), Some(PageField::Status));
        assert_eq!(page_field("creation-date"), Some(PageField::Date));
        assert_eq!(page_field("superseded_by"), Some(PageField::SupersededBy));
    }
}
