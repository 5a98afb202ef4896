//! The words for statuses in the languages that ADRs are written in, separated by `;`.

use std::sync::LazyLock;

use wsdb_core::DecisionStatus;

use DecisionStatus::{
    Deprecated, Implemented, InProgress, Maintained, Planned, Rejected, Superseded, Unknown,
};

/// The phrases for each status. They are complete words: a status that only contains one of them,
/// such as `not accepted`, is not understood. Words that mean different things in two languages are
/// left out.
const PHRASES: [(DecisionStatus, &str); 8] = [
    (
        Planned,
        "planned; proposed; proposal; pending; draft; drafted; in draft; in review; under review; \
         in discussion; under discussion; being discussed; open; rfc; request for comments; under \
         consideration; provisional; todo; new; idea; vorgeschlagen; vorschlag; entwurf; offen; \
         in diskussion; in prüfung; voorgesteld; voorstel; concept; föreslagen; förslag; utkast; \
         foreslået; foreslått; ehdotettu; proposé; proposée; proposition; brouillon; en \
         discussion; en attente; propuesto; propuesta; borrador; en discusión; en revisión; \
         pendiente; proposto; proposta; rascunho; em discussão; em análise; em revisão; pendente; \
         proposta in discussione; bozza; in discussione; zaproponowany; zaproponowana; \
         zaproponowane; proponowany; proponowana; szkic; navrženo; návrh; предложено; предложен; \
         черновик; на рассмотрении; на обсуждении; запропоновано; önerildi; taslak; 提议中; 已提议; 提议; 建议中; 已建议; 建议; \
         已提案; 审核中; 待批准; 待审批; 待确认; 提案済み; 提案済; 承認待ち; レビュー待ち; \
         提案中; 提案; 提出; 拟议; 草稿; 草案; 待定; 讨论中; 討論中; 待审核; 评审中; 已提出; ドラフト; 下書き; 検討中; 議論中; レビュー中; 제안됨; \
         제안; 초안; 검토 중; 검토중; 논의 중",
    ),
    (
        InProgress,
        "in progress; wip; work in progress; inprogress; being implemented; in implementation; in \
         umsetzung; in arbeit; in bearbeitung; en cours; en progreso; en curso; em andamento; in \
         corso; в работе; 进行中; 進行中; 实施中; 执行中; 対応中; 実装中; 진행 중; 진행중",
    ),
    (
        Implemented,
        "implemented; implementable and implemented; done; completed; complete; umgesetzt; \
         implementiert; geïmplementeerd; implémenté; implémentée; terminé; implementado; \
         implementada; implementato; implementata; concluído; реализовано; внедрено; wdrożony; \
         wdrożona; 已实施; 已实现; 已落地; 已完成; 完成; 実装済み; 実装済; 구현됨; 완료",
    ),
    (
        Maintained,
        "maintained; implementable; accepted; approved; decided; adopted; agreed; active; in \
         effect; in force; in use; final; finalized; finalised; ratified; confirmed; effective; \
         akzeptiert; angenommen; beschlossen; entschieden; genehmigt; gültig; aktiv; freigegeben; \
         verabschiedet; geaccepteerd; aanvaard; aangenomen; goedgekeurd; besloten; accepterad; \
         godkänd; beslutad; accepteret; godkendt; vedtaget; akseptert; godkjent; vedtatt; \
         besluttet; hyväksytty; päätetty; accepté; acceptée; approuvé; approuvée; validé; \
         validée; adopté; adoptée; décidé; actif; en vigueur; aceptado; aceptada; aprobado; \
         aprobada; adoptado; adoptada; decidido; decidida; vigente; aceito; aceita; aceite; \
         aprovado; aprovada; adotado; adotada; accettato; accettata; approvato; approvata; \
         adottato; deciso; zaakceptowany; zaakceptowana; zaakceptowane; przyjęty; przyjęta; \
         przyjęte; zatwierdzony; zatwierdzona; schváleno; přijato; принято; принят; принята; \
         одобрено; утверждено; прийнято; затверджено; kabul edildi; onaylandı; 已接受; 接受; 已同意; 承認された; 採用された; 已采纳; 采纳; \
         已採納; 已批准; 批准; 已通过; 通过; 已通過; 已决定; 已確定; 已确定; 已采用; 采用; 已生效; 生效; 生效中; 承認済み; 承認済; 承認; 採用済み; \
         採用; 採択; 決定済み; 決定; 受諾; 受理; 受け入れ; 有効; 승인됨; 승인; 수락됨; 수락; 채택됨; 채택; 확정",
    ),
    (
        Superseded,
        "superseded; superceded; superseeded; replaced; obsoleted by; ersetzt durch; abgelöst; \
         abgelöst durch; überholt durch; vervangen; ersatt av; erstattet af; erstattet av; \
         korvattu; remplacé; remplacée; remplacé par; supplanté; reemplazado; reemplazada; \
         sustituido; sustituida; substituído; substituída; superado por; sostituito; sostituita; \
         superato da; zastąpiony; zastąpiona; zastąpione; nahrazeno; заменено; заменён; заменен; \
         замінено; yerini aldı; 已取代; 被取代; 已被取代; 已替代; 被替代; 已替换; 被替换; 已被替代; 置き換え済み; 置き換え; 置換; 置換済み; \
         대체됨; 대체",
    ),
    (
        Rejected,
        "rejected; declined; withdrawn; abandoned; dropped; discarded; cancelled; canceled; \
         abgelehnt; verworfen; zurückgezogen; zurückgewiesen; afgewezen; verworpen; ingetrokken; \
         avvisad; avslagen; afvist; avvist; hylätty; rejeté; rejetée; refusé; refusée; abandonné; \
         abandonnée; retiré; rechazado; rechazada; descartado; descartada; retirado; rejeitado; \
         rejeitada; recusado; recusada; rifiutato; rifiutata; respinto; respinta; scartato; \
         odrzucony; odrzucona; odrzucone; zamítnuto; отклонено; отклонен; отклонён; отвергнуто; \
         відхилено; reddedildi; 已拒绝; 被拒绝; 已驳回; 驳回; 却下された; 却下済み; 却下済; 拒绝; 已拒絕; 拒絕; 已否决; 否决; 已放弃; 放弃; 已撤回; 却下; 不採用; 棄却; 撤回; \
         取り下げ; 거부됨; 거부; 거절됨; 거절; 기각; 반려",
    ),
    (
        Deprecated,
        "deprecated; obsolete; obsoleted; outdated; retired; expired; no longer valid; no longer \
         relevant; no longer applicable; veraltet; überholt; obsolet; verouderd; achterhaald; \
         föråldrad; forældet; foreldet; utfaset; vanhentunut; déprécié; dépréciée; obsolète; \
         caduc; caduque; obsoleto; obsoleta; deprecado; deprecada; en desuso; depreciado; \
         depreciada; descontinuado; deprecato; deprecata; przestarzały; przestarzała; \
         przestarzałe; zastaralé; устарело; устарел; застаріло; kullanımdan kaldırıldı; 已弃用; 弃用; \
         已棄用; 已废弃; 废弃; 已廢棄; 已废止; 废止; 已作废; 作废; 已过时; 过时; 已淘汰; 失效; 已失效; 非推奨; 廃止された; 廃止済み; 廃止済; 廃止; 無効; 폐기됨; 폐기; \
         사용 중단; 더 이상 사용되지 않음",
    ),
    (Unknown, "unknown"),
];

/// The words before the decisions that supersede this one.
pub(super) const SUPERSEDED_BY: &str = "superseded by; superceded by; superseeded by; superseded in; superseded with; replaced \
    by; replaced with; obsoleted by; deprecated by; ersetzt durch; abgelöst durch; überholt \
    durch; vervangen door; ersatt av; erstattet af; erstattet av; remplacé par; remplacée \
    par; supplanté par; reemplazado por; reemplazada por; sustituido por; sustituida por; \
    substituído por; substituída por; substituído pela; superado por; sostituito da; \
    sostituita da; superato da; zastąpiony przez; zastąpiona przez; zastąpione przez; \
    заменено на; заменён; заменен";

/// The words before the decisions that this one supersedes.
pub(super) const SUPERSEDES: &str = "supersedes; supercedes; superseeds; replaces; obsoletes; ersetzt; löst ab; vervangt; \
    ersätter; erstatter; remplace; reemplaza; reemplaza a; sustituye a; substitui; \
    sostituisce; zastępuje; заменяет";

/// Returns the phrases of a list, in which one space follows each `;`.
pub(super) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    let phrases = list.split(';');
    phrases.map(|phrase| phrase.strip_prefix(' ').unwrap_or(phrase))
}

/// Returns all phrases with their statuses. A page is searched for them at hundreds of positions, so the
/// lists are split only once.
pub(super) fn status_phrases() -> impl Iterator<Item = (DecisionStatus, &'static str)> {
    static SPLIT: LazyLock<Vec<(DecisionStatus, &'static str)>> = LazyLock::new(|| {
        let lists = PHRASES.iter();
        lists
            .flat_map(|(status, list)| phrases(list).map(|phrase| (*status, phrase)))
            .collect()
    });
    SPLIT.iter().copied()
}
