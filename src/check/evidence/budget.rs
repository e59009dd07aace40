//! [`Budget`]: what the trials of one check may cost together. It is counted in multiply-adds and not in seconds, so
//! that a program is told the same on every machine.

use std::cell::Cell;

/// Multiply-adds of all trials: some two seconds, where every one of them is needed.
const ALL: u64 = 20_000_000_000;

/// What is left, and whether it was ever too little.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
    short: Cell<bool>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { left: Cell::new(ALL), short: Cell::new(false) }
    }

    /// Whether so much may be spent; where it may not, that is remembered.
    pub(super) fn allows(&self, work: u64) -> bool {
        let allows = work <= self.left.get();
        if !allows {
            self.fall_short();
        }
        allows
    }

    /// Spends.
    pub(super) fn spend(&self, work: u64) {
        self.left.set(self.left.get().saturating_sub(work));
    }

    /// Something was not measured, for it would have cost too much.
    pub(super) fn fall_short(&self) {
        self.short.set(true);
    }

    /// Whether anything was not.
    pub(super) fn is_short(&self) -> bool {
        self.short.get()
    }
}
