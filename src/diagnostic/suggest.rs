//! The nearest valid name. Knows no vocabulary: the caller brings the names that its place allows.
//!
//! A name is near when, in this order of strength, it is the same but for case and separators (`ReLU`,
//! `learningRate`), what its initials stand for (`lr`), a slip of the keys away (Gleam's bound on the restricted
//! Damerau–Levenshtein distance), or a part of it or the other way round (`opt`, `epoch_count`).

use super::{Applicability, Diagnostic, Edit, Fix};
use crate::source::Span;

/// Longest word that is compared by distance, in characters. Longer ones are near nothing but themselves.
const LONGEST: usize = 64;

/// How many names are worth offering.
const MOST: usize = 4;

/// The candidate nearest to `word`, if any is near. Among equals the first one given.
///
/// Where a replacement is made without asking, see to it that [`nearest_all`] has but one answer.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_all(word, candidates).first().copied()
}

/// The candidates nearest to `word`: all that are equally near in kind and distance, in the order given, at most four.
pub fn nearest_all<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = Word::new(word);
    let mut best = None;
    let mut names = Vec::new();
    for candidate in candidates {
        let Some(rank) = word.rank(&Word::new(candidate)) else { continue };
        if best.is_none_or(|b| rank < b) {
            best = Some(rank);
            names.clear();
        }
        if best == Some(rank) && !names.contains(&candidate) {
            names.push(candidate);
        }
    }
    names.truncate(MOST);
    names
}

/// A name that a word may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether the word is plainly this name, misspelt: a replacement may then be made without asking.
    pub certain: bool,
}

/// The one candidate that is nearest to `word`; `None` where none is near, or several are equally.
///
/// It is certain where the two differ in case and separators alone, or by a slip of the keys that does not make
/// another name of it: the first letter and the digits are the same, and no letter is added at the end. One letter
/// more or less there is as often another method (`radam`, `adamw`, `selu`, `relu6`), and so are short words.
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
    let [name] = nearest_all(word, candidates)[..] else { return None };
    let (said, meant) = (Word::new(word), Word::new(name));
    let certain = match said.rank(&meant) {
        Some(Rank::Same | Rank::Spelling) => true,
        Some(Rank::Slips(slips)) => is_slip(&said.letters, &meant.letters, slips),
        Some(Rank::Initials | Rank::Part | Rank::Whole(_)) | None => false,
    };
    Some(Near { name, certain })
}

/// Says of `report`, about the unknown `word` at `span`, what it may have been meant for, and offers to write that as
/// `spell` has it: a safe fix for a plain misspelling, one to be asked for otherwise. `known` words are never taken for
/// misspelt. Whether anything was near.
pub fn offer<'a>(
    report: &mut Diagnostic,
    (word, span): (&str, Span),
    candidates: impl IntoIterator<Item = &'a str>,
    known: bool,
    spell: impl Fn(&str) -> String,
) -> bool {
    let names = nearest_all(word, candidates);
    let spelled: Vec<String> = names.iter().map(|name| format!("`{}`", spell(name))).collect();
    if names.is_empty() {
        return false;
    }
    report.help = Some(format!("write {}", crate::text::one_of(&spelled)));
    if let Some(Near { name, certain }) = near(word, names) {
        let applicability = if certain && !known { Applicability::Safe } else { Applicability::Unsafe };
        let text = spell(name);
        let title = format!("rename to `{text}`");
        report.fixes.push(Fix { title, applicability, edits: vec![Edit { span, text }] });
    }
    true
}

/// Whether words that are `slips` apart are one word, misspelt.
fn is_slip(word: &[char], name: &[char], slips: usize) -> bool {
    let digits = |letters: &[char]| letters.iter().copied().filter(char::is_ascii_digit).collect::<Vec<_>>();
    let few = slips == 1 && word.len() >= 4 || slips == 2 && word.len() >= 8;
    few && word.first() == name.first() && digits(word) == digits(name) && !word.starts_with(name)
}

/// How near two names are; less is nearer. The number orders names of one kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The same letters in the same case.
    Same,
    /// The same but for case and separators.
    Spelling,
    /// The word is the initials of the candidate's parts.
    Initials,
    /// This many slips away.
    Slips(usize),
    /// The word is a part of the candidate.
    Part,
    /// The candidate is a part of the word; this many letters of the word are left over.
    Whole(usize),
}

/// A name taken apart for comparison.
struct Word<'a> {
    text: &'a str,
    /// Lower-case parts: `LeakyReLU`, `leaky_relu` and `leaky-relu` agree once they are joined.
    parts: Vec<String>,
    /// The parts joined.
    letters: Vec<char>,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        let parts: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).map(str::to_lowercase).collect();
        let letters = parts.iter().flat_map(|p| p.chars()).collect();
        Self { text, parts, letters }
    }

    fn rank(&self, candidate: &Word) -> Option<Rank> {
        if self.text == candidate.text {
            return Some(Rank::Same);
        }
        if self.letters.is_empty() || candidate.letters.is_empty() {
            return None;
        }
        if self.letters == candidate.letters {
            return Some(Rank::Spelling);
        }
        if self.letters.len() > LONGEST || candidate.letters.len() > LONGEST {
            return None;
        }
        self.initials(candidate).or_else(|| self.slips(candidate)).or_else(|| self.part(candidate))
    }

    /// Gleam's bound, a third of the word and at least one, but never the whole word: `x` is not near `y`.
    fn slips(&self, candidate: &Word) -> Option<Rank> {
        let bound = (self.letters.len() / 3).max(1).min(self.letters.len() - 1);
        if self.letters.len().abs_diff(candidate.letters.len()) > bound {
            return None;
        }
        let slips = distance(&self.letters, &candidate.letters);
        (slips <= bound).then_some(Rank::Slips(slips))
    }

    /// `opt` begins `optimizer`; `batch` is a part of `batch_size`; `categorical_crossentropy` ends in `cross_entropy`.
    fn part(&self, candidate: &Word) -> Option<Rank> {
        let (word, name) = (&self.letters, &candidate.letters);
        if (word.len() >= 3 && name.starts_with(word)) || (word.len() >= 4 && name.ends_with(word)) {
            return Some(Rank::Part);
        }
        let ends = name.len() >= 4 && word.ends_with(name);
        let stands = name.len() >= 3 && candidate.parts.len() == 1 && self.parts.contains(&candidate.parts[0]);
        (ends || stands).then(|| Rank::Whole(word.len() - name.len()))
    }

    /// `lr` stands for `learning_rate`, `bce` for `binary_cross_entropy`.
    fn initials(&self, candidate: &Word) -> Option<Rank> {
        let initials = candidate.parts.iter().filter_map(|p| p.chars().next());
        (candidate.parts.len() >= 2 && initials.eq(self.letters.iter().copied())).then_some(Rank::Initials)
    }
}

/// The restricted Damerau–Levenshtein distance: insertions, deletions, substitutions and swaps of neighbours, no
/// letter touched twice. `a` and `b` are at most [`LONGEST`] long.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substituted = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &[
        "relu",
        "selu",
        "sigmoid",
        "hard_sigmoid",
        "leaky_relu",
        "learning_rate",
        "optimizer",
        "epochs",
        "batch",
        "l1",
        "l2",
        "binary_cross_entropy",
        "cross_entropy",
        "glorot_uniform",
        "glorot_normal",
    ];

    fn nearest_name(word: &str) -> Option<&'static str> {
        nearest(word, NAMES.iter().copied())
    }

    #[test]
    fn slips_of_the_keys() {
        assert_eq!(nearest_name("sigmod"), Some("sigmoid"));
        assert_eq!(nearest_name("simgoid"), Some("sigmoid"), "a swap is one slip");
        assert_eq!(nearest_name("optimiser"), Some("optimizer"));
        assert_eq!(nearest_name("learnign_rate"), Some("learning_rate"));
        assert_eq!(nearest_name("dense"), None);
        assert_eq!(nearest("x", ["y"]), None, "the whole word is not a slip");
    }

    #[test]
    fn case_and_separators_win_over_slips() {
        assert_eq!(nearest_name("ReLU"), Some("relu"));
        assert_eq!(nearest_name("LeakyReLU"), Some("leaky_relu"));
        assert_eq!(nearest_name("binary_crossentropy"), Some("binary_cross_entropy"));
        assert_eq!(nearest("Foo", ["fo", "foo"]), Some("foo"));
        assert_eq!(nearest("Foo", ["foo", "Foo"]), Some("Foo"), "the same word is nearest of all");
    }

    #[test]
    fn parts_and_initials() {
        assert_eq!(nearest_name("opt"), Some("optimizer"));
        assert_eq!(nearest_name("batch_size"), Some("batch"));
        assert_eq!(nearest_name("num_epochs"), Some("epochs"));
        assert_eq!(nearest_name("categorical_crossentropy"), Some("cross_entropy"));
        assert_eq!(nearest("lr", ["l1", "learning_rate", "loss"]), Some("learning_rate"));
        assert_eq!(nearest_name("bce"), Some("binary_cross_entropy"));
    }

    #[test]
    fn equals_come_in_the_order_given() {
        let all = |word| nearest_all(word, NAMES.iter().copied());
        assert_eq!(all("l3"), ["l1", "l2"]);
        assert_eq!(all("glorot"), ["glorot_uniform", "glorot_normal"]);
        assert_eq!(all("sparse_binary_crossentropy"), ["binary_cross_entropy"], "the longer name explains more");
        assert_eq!(
            nearest_all("aaaa", ["aaab", "aaac", "aaab", "aaad", "aaae", "aaaf"]),
            ["aaab", "aaac", "aaad", "aaae"]
        );
    }

    #[test]
    fn odd_words_are_near_nothing() {
        let long = "a".repeat(1 << 16);
        assert_eq!(nearest(&long, [&*format!("{long}b")]), None);
        assert_eq!(nearest_name(""), None);
        assert_eq!(nearest_name("__"), None);
        assert_eq!(nearest("größe", ["grösse", "größe_"]), Some("größe_"));
    }

    #[test]
    fn a_slip_is_certain_and_another_name_is_not() {
        let names = ["sigmoid", "relu", "adam", "tanh", "l1", "dropout", "learning_rate", "step", "mean", "mse"];
        let certain = |word| near(word, names).map(|n| (n.name, n.certain));
        for (word, name) in [
            ("sigmod", "sigmoid"),
            ("ReLU", "relu"),
            ("relo", "relu"),
            ("adma", "adam"),
            ("droput", "dropout"),
            ("learnig_raet", "learning_rate"),
        ] {
            assert_eq!(certain(word), Some((name, true)), "{word}");
        }
        for word in ["selu", "relu6", "relux", "radam", "adamw", "elu", "l2", "multistep", "median", "lr", "tanhs"] {
            assert!(certain(word).is_none_or(|(_, certain)| !certain), "{word}: {:?}", certain(word));
        }
        assert_eq!(near("l3", ["l1", "l2"]), None, "two are equally near");
    }

    #[test]
    fn the_distance_is_restricted() {
        let d = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(d("ca", "abc"), 3, "no letter is touched twice");
        assert_eq!(d("ab", "ba"), 1);
        assert_eq!(d("", "abc"), 3);
        assert_eq!(d("kitten", "sitting"), 3);
    }
}
