//! One cause, one report: what follows from a fault that is found is not reported beside it. The table is all there is
//! to it.

use crate::diagnostic::{Diagnostic, Level};

/// `cause` silences `consequences` where it is at least a `least`, and they weigh no more than it does.
struct Fold {
    cause: u16,
    least: Level,
    consequences: &'static [u16],
}

const fn proved(cause: u16, consequences: &'static [u16]) -> Fold {
    Fold { cause, least: Level::Error, consequences }
}

const fn likely(cause: u16, consequences: &'static [u16]) -> Fold {
    Fold { cause, least: Level::Warning, consequences }
}

/// What follows from what.
static FOLDS: &[Fold] = &[
    // An output that cannot move: its loss, its gradients, its starts and its rates are as they are because of it.
    proved(301, &[304, 305, 306, 308, 311, 402, 407, 409, 410, 505, 601, 602, 604, 606]),
    // Logits that are confined: the loss starts and ends high.
    proved(302, &[305, 409, 602, 702]),
    // A logarithm of what is no probability: NaN before any rate matters.
    proved(303, &[305, 306, 409, 410, 601, 602, 702]),
    // Targets out of reach: the first loss is far off and targets look large; any start saturates.
    proved(304, &[305, 311, 407, 409, 505, 602, 702]),
    proved(308, &[304, 305, 409, 505]),
    proved(306, &[305, 409]),
    proved(307, &[305, 306, 409]),
    // Both losses are changed by one edit.
    likely(306, &[305]),
    // A network that starts alike, too near or too far: what one batch shows of it follows.
    proved(401, &[402, 404, 405, 406, 409, 410]),
    likely(402, &[405, 409, 410, 602]),
    likely(403, &[405, 407, 409, 410]),
    likely(404, &[405, 407, 408, 409, 410]),
    // Columns far from 1 raise the first loss, whatever the start. That they saturate units is said: a run shows it.
    likely(501, &[403, 408, 409, 410, 604]),
    // Numbers that are rounded into one another: rows look equal, and columns are far from 0, so that units saturate.
    likely(509, &[403, 407, 408, 409, 410, 501, 502, 505, 506, 508, 602, 604]),
    // Targets far from 0 make the first loss large.
    likely(505, &[409, 602, 604]),
    // One class only: there is nothing to tell apart.
    proved(504, &[406, 409, 506]),
    // A rate that diverges, or never moves, explains itself, and what one batch shows besides.
    proved(601, &[409, 604, 606]),
    likely(601, &[409, 410]),
    likely(602, &[604]),
    // Layers that act as one start as one.
    likely(701, &[405]),
    // The slope of the outer activation is the inner one's doing.
    likely(702, &[407]),
    proved(705, &[706, 409]),
    proved(708, &[402, 407, 408, 409, 410, 602, 703, 704]),
    likely(704, &[703]),
    // Weights that no gradient comes to: whatever is seen of their training follows.
    proved(711, &[304, 305, 308, 402, 403, 404, 405, 407, 408, 409, 410, 505, 601, 602, 604, 606, 702]),
    likely(710, &[402, 405, 410, 602, 604]),
];

/// What is named as a cause under another finding, both being kept.
static CAUSES: &[(u16, u16, &str)] = &[
    (501, 601, "NN501 says why the limit is so low: the columns are not scaled"),
    (505, 601, "NN505 is part of it: the targets are large, and so are the gradients"),
    (501, 602, "NN501 is part of it: columns of different scales allow no rate that suits them all"),
];

/// Takes consequences out, and names causes that stay.
pub(super) fn fold(found: &mut Vec<Diagnostic>) {
    let present: Vec<(u16, Level)> = found.iter().map(|d| (d.code.0, d.level)).collect();
    found.retain(|d| {
        let follows = |fold: &Fold| {
            let causes = present.iter().filter(|(code, level)| *code == fold.cause && *level >= fold.least);
            fold.consequences.contains(&d.code.0) && causes.into_iter().any(|(_, level)| *level >= d.level)
        };
        !FOLDS.iter().any(follows)
    });
    for (cause, under, note) in CAUSES {
        let is_there = found.iter().any(|d| d.code.0 == *cause && d.level >= Level::Warning);
        for diagnostic in found.iter_mut().filter(|d| is_there && d.code.0 == *under) {
            diagnostic.notes.push((*note).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::Code;

    fn codes(found: &[(u16, Level)]) -> Vec<u16> {
        let mut all = found.iter().map(|&(code, level)| Diagnostic::new(Code(code), level, "")).collect();
        fold(&mut all);
        all.iter().map(|d| d.code.0).collect()
    }

    #[test]
    fn consequences_go_and_causes_stay() {
        assert_eq!(
            codes(&[(301, Level::Error), (305, Level::Warning), (409, Level::Warning), (601, Level::Warning)]),
            [301]
        );
        assert_eq!(codes(&[(305, Level::Warning), (409, Level::Warning)]), [305, 409]);
        assert_eq!(codes(&[(403, Level::Note), (409, Level::Warning)]), [403, 409], "a note silences nothing");
        assert_eq!(codes(&[(501, Level::Warning), (601, Level::Error)]), [501, 601]);
    }

    #[test]
    fn a_proof_is_never_silenced_by_less() {
        assert_eq!(codes(&[(501, Level::Warning), (401, Level::Error)]), [501, 401]);
        for fold in FOLDS {
            assert!(!fold.consequences.contains(&fold.cause) && fold.least > Level::Note, "NN{}", fold.cause);
        }
    }
}
