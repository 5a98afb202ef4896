//! Fingerprints, which identify a violation in later scans.
//!
//! A fingerprint is the same on every machine, in every run and in every version of wsdb. Like
//! SARIF's `partialFingerprints`, it covers what stays the same while a file is edited: the repo,
//! the violation type, the path, the component, the rule, and the details without standalone
//! numbers such as line numbers. It does not cover the severity, the locations or the scanner. The
//! parts are hashed with SipHash-1-3 of 128 bits under the key zero, each preceded by its length,
//! and written as 32 hexadecimal digits. Equal violations within one scan are distinguished by a
//! number after a colon, as in CodeQL: `5f0c…:1`, `5f0c…:2`.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::DriftDetection;
use super::finding::{Finding, FingerprintedFinding};
use crate::{DetectionStatus, ViolationType, Vocabulary, natural_order, normalize_file_path};

/// The data that a fingerprint covers.
struct FingerprintInput<'a> {
    repo: &'a str,
    violation_type: ViolationType,
    file_path: &'a str,
    component: Option<&'a str>,
    rule: Option<&'a str>,
    details: Option<&'a str>,
}

impl FingerprintInput<'_> {
    fn hash(&self) -> String {
        let mut hasher = SipHasher13::new();
        let mut feed = |text: &str| {
            hasher.write(&(text.len() as u64).to_le_bytes());
            hasher.write(text.as_bytes());
        };
        feed(self.repo.trim());
        feed(self.violation_type.as_str());
        feed(&normalize_file_path(self.file_path));
        feed(self.component.unwrap_or_default().trim());
        feed(self.rule.unwrap_or_default().trim());
        feed(&mask_numbers(self.details.unwrap_or_default()));
        format!("{:032x}", hasher.finish128().as_u128())
    }
}

/// Returns the words of a text separated by single spaces, with standalone numbers replaced by `#`.
fn mask_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut word = String::new();
    let end = |word: &mut String, plain: &mut String| {
        if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
            plain.push('#')
        } else {
            plain.push_str(word)
        }
        word.clear();
    };
    for text in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        for character in text.chars() {
            if character.is_alphanumeric() || character == '_' {
                word.push(character)
            } else {
                end(&mut word, &mut plain);
                plain.push(character);
            }
        }
        end(&mut word, &mut plain);
    }
    plain
}

impl Finding {
    fn base_fingerprint(&self) -> Option<String> {
        self.fingerprint.is_none().then(|| {
            FingerprintInput {
                repo: &self.repo,
                violation_type: self.violation_type,
                file_path: &self.file_path,
                component: self.component_name.as_deref(),
                rule: self.detected_rule.as_deref(),
                details: self.violation_details.as_deref(),
            }
            .hash()
        })
    }
}

impl DriftDetection {
    /// Changes the repo, and the fingerprint if it was computed: it covers the repo.
    pub fn set_repo(&mut self, repo: &str) {
        let before = self.base_fingerprint();
        repo.clone_into(&mut self.repo);
        let number = self.fingerprint.as_deref().and_then(|fingerprint| {
            let number = fingerprint.strip_prefix(&before)?;
            number.starts_with(':').then(|| number.to_owned())
        });
        if let Some(number) = number {
            self.fingerprint = Some(self.base_fingerprint() + &number);
        }
    }

    fn base_fingerprint(&self) -> String {
        FingerprintInput {
            repo: &self.repo,
            violation_type: self.violation_type,
            file_path: &self.file_path,
            component: self.component_name.as_deref(),
            rule: self.detected_rule.as_deref(),
            details: self.violation_details.as_deref(),
        }
        .hash()
    }
}

/// Returns the fingerprints of a scan's findings, unique within each repo. A finding's own
/// fingerprint is kept unless it occurs twice. Equal findings are numbered in the order of their
/// texts, so the order of the findings does not matter.
pub fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let bases: Vec<Option<String>> = findings.iter().map(Finding::base_fingerprint).collect();
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| {
        let (x, y) = (&findings[*a], &findings[*b]);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        bases[*a]
            .cmp(&bases[*b])
            .then_with(|| x.fingerprint.cmp(&y.fingerprint))
            .then_with(|| natural_order(&text(&x.violation_details), &text(&y.violation_details)))
            .then_with(|| natural_order(&text(&x.actual_location), &text(&y.actual_location)))
            .then_with(|| x.expected_location.cmp(&y.expected_location))
            .then_with(|| x.severity.cmp(&y.severity))
    });
    let mut fingerprints = vec![String::new(); findings.len()];
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for index in order {
        let (finding, base) = (&findings[index], bases[index].as_deref());
        let own = finding.fingerprint.as_deref();
        let fingerprint = base.or(own).unwrap_or_default();
        let count = counts.entry((&finding.repo, fingerprint)).or_default();
        *count += 1;
        fingerprints[index] = match (base, *count) {
            (None, 1) => fingerprint.to_owned(),
            (_, count) => format!("{fingerprint}:{count}"),
        };
    }
    fingerprints
}

/// Returns findings with their [`fingerprints`].
pub fn with_fingerprints(findings: Vec<Finding>) -> Vec<FingerprintedFinding> {
    let fingerprints = fingerprints(&findings);
    let pairs = findings.into_iter().zip(fingerprints);
    pairs
        .map(|(finding, fingerprint)| FingerprintedFinding {
            finding,
            fingerprint,
        })
        .collect()
}

/// Returns the fingerprints of known detections. Those stored without one get the fingerprint of a
/// scan, open detections first.
pub fn existing_fingerprints(known: &[DriftDetection]) -> Vec<String> {
    let mut used: HashSet<(&str, String)> = known
        .iter()
        .filter_map(|d| Some((d.repo.as_str(), d.fingerprint.clone()?)))
        .collect();
    let mut order: Vec<usize> = (0..known.len()).collect();
    let rank = |status| match status {
        DetectionStatus::Open => 0,
        DetectionStatus::Ignored => 1,
        DetectionStatus::Resolved => 2,
    };
    let has_none = |index: &usize| known[*index].fingerprint.is_none();
    order.retain(has_none);
    order.sort_by(|a, b| {
        let (a, b) = (&known[*a], &known[*b]);
        let by_status = rank(a.status).cmp(&rank(b.status));
        by_status.then_with(|| natural_order(a.id.as_str(), b.id.as_str()))
    });
    let mut fingerprints: Vec<String> = known
        .iter()
        .map(|d| d.fingerprint.clone().unwrap_or_default())
        .collect();
    for index in order {
        let (repo, base) = (known[index].repo.as_str(), known[index].base_fingerprint());
        let candidates = (1..).map(|count| format!("{base}:{count}"));
        let mut unused =
            candidates.filter(|fingerprint| !used.contains(&(repo, fingerprint.clone())));
        fingerprints[index] = unused.next().unwrap_or(base);
        used.insert((repo, fingerprints[index].clone()));
    }
    fingerprints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::{detection, finding};
    use proptest::prelude::*;

    #[test]
    fn fingerprints_are_stable() {
        let finding = finding("core", "src/prices.py", "imports web at line 12");
        let fingerprints = fingerprints(std::slice::from_ref(&finding));
        assert_eq!(fingerprints, ["584c777d081850c5133b41a84f3aa6b1:1"]);
    }

    #[test]
    fn computed_fingerprint_follows_the_repo() {
        let fingerprint_in = |repo: &str| {
            let finding = finding(repo, "src/prices.py", "imports web at line 12");
            fingerprints(std::slice::from_ref(&finding)).remove(0)
        };
        let mut known = detection("DRIFT-001", "src/prices.py", "imports web at line 12");
        known.fingerprint = Some(fingerprint_in("core"));
        known.set_repo("kernel");
        assert_eq!(known.fingerprint, Some(fingerprint_in("kernel")));
        // A scanner's own fingerprint stays.
        known.fingerprint = Some("own:1".to_owned());
        known.set_repo("web");
        assert_eq!(known.fingerprint.as_deref(), Some("own:1"));
    }

    /// Stored fingerprints depend on it: neither a leading `/` nor blanks may be removed.
    #[test]
    fn root_and_blanks_of_a_path_are_kept() {
        let fingerprints = [
            "src/a.py",
            "/src/a.py",
            "\\src/a.py",
            " src/a.py",
            "src/a.py ",
        ]
        .map(|path| fingerprints(&[finding("core", path, "x")]).remove(0));
        assert_eq!(
            fingerprints,
            [
                "a1268c48588db0694286f73d8c3445b2:1",
                "d76bff64a8417c0aedac5e947c4bab18:1",
                "d76bff64a8417c0aedac5e947c4bab18:1",
                "22ffd5e95ca83de528855dfeca82d8f9:1",
                "c33d307ac5c4d4aff1050be22d29f543:1",
            ]
        );
    }

    #[test]
    fn line_numbers_are_ignored() {
        let fingerprint = |path, details| fingerprints(&[finding("core", path, details)]).remove(0);
        let first = fingerprint("src/a.py", "line 12:4 imports v2 of web");
        assert_eq!(
            fingerprint("./src//b/../a.py", "line 9:31  imports v2 of web "),
            first
        );
        assert_eq!(
            fingerprint(r"src\a.py", "line 1:1 imports v2 of web"),
            first
        );
        assert_ne!(
            fingerprint("src/a.py", "line 12:4 imports v3 of web"),
            first
        );
        assert_ne!(
            fingerprint("src/A.py", "line 12:4 imports v2 of web"),
            first
        );
        let mut critical = finding("core", "src/a.py", "line 12:4 imports v2 of web");
        critical.severity = crate::Severity::Critical;
        critical.detected_by = None;
        assert_eq!(fingerprints(&[critical]), [first]);
    }

    #[test]
    fn equal_findings_are_numbered_in_any_order() {
        let [a, b, c] = [2, 10, 1].map(|n| finding("core", "a.py", &format!("line {n}")));
        let forward = fingerprints(&[a.clone(), b.clone(), c.clone()]);
        let numbers: Vec<&str> = forward
            .iter()
            .map(|fingerprint| &fingerprint[32..])
            .collect();
        assert_eq!(numbers, [":2", ":3", ":1"]);
        let [c, b, a] = <[String; 3]>::try_from(fingerprints(&[c, b, a])).expect("three items");
        assert_eq!(forward, [a, b, c]);
        let mut own = [finding("core", "a.py", "x"), finding("core", "b.py", "y")];
        for finding in &mut own {
            finding.fingerprint = Some("mine".into());
        }
        assert_eq!(fingerprints(&own), ["mine", "mine:2"]);
    }

    #[test]
    fn detection_without_a_fingerprint_gets_that_of_a_scan() {
        let finding = finding("core", "a.py", "line 3");
        let fingerprints = fingerprints(&[finding.clone(), finding]);
        let mut known = [
            detection("DRIFT-010", "a.py", "line 9"),
            detection("DRIFT-009", "a.py", "line 9"),
            detection("DRIFT-001", "a.py", "line 9"),
        ];
        known[2].status = DetectionStatus::Resolved;
        assert_eq!(
            existing_fingerprints(&known),
            [
                fingerprints[1].clone(),
                fingerprints[0].clone(),
                format!("{}:3", &fingerprints[0][..32])
            ]
        );
        known[0].fingerprint = Some(fingerprints[0].clone());
        known[1].fingerprint = Some("own".into());
        assert_eq!(
            existing_fingerprints(&known),
            [
                fingerprints[0].clone(),
                "own".to_owned(),
                fingerprints[1].clone()
            ]
        );
    }

    proptest! {
        #[test]
        fn fingerprints_are_unique(texts in prop::collection::vec("[a1 ]{0,3}", 0..12)) {
            let findings: Vec<Finding> = texts.iter().map(|text| finding("core", "a", text)).collect();
            let fingerprints = fingerprints(&findings);
            let set: HashSet<&String> = fingerprints.iter().collect();
            prop_assert_eq!(set.len(), fingerprints.len());
        }
    }
}
