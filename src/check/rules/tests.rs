//! Tests of the tables: each silence is of something that was looked for before, and each rule of design is looked for.

use super::{Needs, PHASES};
use crate::diagnostic::codes::{self, Code, RULES};

#[test]
fn checks_are_silenced_by_earlier_ones_alone() {
    let mut earlier: Vec<Code> = Vec::new();
    for check in PHASES.into_iter().flatten() {
        assert!(!check.reports.is_empty() && check.reports.iter().all(|code| code.is_of_design()));
        for code in check.silenced_by.iter().flat_map(|cause| cause.codes) {
            assert!(earlier.contains(code), "{:?} is silenced by {code}, which is looked for later", check.reports);
        }
        earlier.extend(check.reports);
    }
}

#[test]
fn every_rule_of_design_has_a_check() {
    // Found where data is read, where metrics are lowered, when all have looked, and while training runs.
    let elsewhere = [codes::NON_FINITE, codes::METRIC, codes::UNTRIED, codes::FIRST_NON_FINITE];
    for rule in RULES.iter().filter(|rule| rule.code.is_of_design() && !elsewhere.contains(&rule.code)) {
        let mut checks = PHASES.into_iter().flatten();
        assert!(checks.any(|check| check.reports.contains(&rule.code)), "nothing looks for {}", rule.code);
    }
}

#[test]
fn the_quick_form_asks_what_needs_no_trial() {
    let needs = |code| PHASES.into_iter().flatten().any(|c| c.needs == Needs::Trial && c.reports.contains(&code));
    assert!(needs(codes::RATE_HIGH) && needs(codes::INIT_WIDE) && needs(codes::UNSCALED));
    assert!(!needs(codes::TARGET_RANGE) && !needs(codes::SYMMETRY) && !needs(codes::DROPOUT_OUTPUT));
}
