//! A key for each row: a number that follows from what the row says and not from where it stands, so that what hangs on
//! it (on which side of a split a row is) outlives sorting, appending and dropping rows, and columns in another order.
//! Not for telling rows apart for certain: equal keys are equal rows but for one chance in 2⁶⁴ a pair.

use super::categories::number_name;
use super::hash::{mix, of_text};
use super::reader::{Column, Kind, Reader, Target};
use crate::tensor::{GOLDEN, Real, wide};

/// What a missing cell says.
const MISSING: u64 = 0x6d69_7373_696e_6721;
/// What the cell of a category says that is not among the known ones.
const UNSEEN: u64 = 0x756e_7365_656e_2121;

fn of_number(value: f64) -> u64 {
    // 0 and −0 are one number.
    if value.is_nan() { MISSING } else { (value + 0.0).to_bits() }
}

/// The same for a number, whether its column is read as numbers or as names.
fn of_name(name: &str) -> u64 {
    match name.parse() {
        Ok(value) if number_name(value) == name => of_number(value),
        _ => of_text(name.as_bytes()),
    }
}

/// What turns a column's cells into parts of keys.
struct Coder {
    column: u64,
    /// Of each category; empty for numbers.
    names: Vec<u64>,
}

impl Coder {
    fn new(column: &Column) -> Self {
        let names = match &column.kind {
            Kind::Number => Vec::new(),
            Kind::Category(known, _) => known.names.iter().map(|name| of_name(name)).collect(),
        };
        Self { column: of_text(column.name.as_bytes()), names }
    }

    #[inline]
    fn number(&self, value: f64) -> u64 {
        mix(self.column ^ of_number(value))
    }

    /// id: a category's number; NaN where the cell is missing, below 0 where its category is not known.
    fn category(&self, id: f64) -> u64 {
        let said = match self.names.get(id.max(0.0) as usize) {
            _ if id.is_nan() => MISSING,
            Some(&name) if id >= 0.0 => name,
            _ => UNSEEN,
        };
        mix(self.column ^ said)
    }
}

/// What turns rows into keys. Columns add up, so that their order does not count.
struct Coders {
    coders: Vec<Coder>,
    /// The columns' own parts, where all hold numbers.
    numbers: Option<Vec<u64>>,
}

impl Coders {
    fn new(columns: &[Column]) -> Self {
        let numbers = columns.iter().all(|column| matches!(column.kind, Kind::Number));
        let numbers = numbers.then(|| columns.iter().map(|column| of_text(column.name.as_bytes())).collect());
        Self { coders: columns.iter().map(Coder::new).collect(), numbers }
    }

    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn key(&self, row: &[f64]) -> u64 {
        if let Some(columns) = &self.numbers {
            let parts = columns.iter().zip(row).map(|(column, &cell)| mix(column ^ of_number(cell)));
            return parts.fold(0, u64::wrapping_add);
        }
        let part = |(coder, &cell): (&Coder, &f64)| {
            if coder.names.is_empty() { coder.number(cell) } else { coder.category(cell) }
        };
        self.coders.iter().zip(row).map(part).fold(0, u64::wrapping_add)
    }
}

/// The keys of a table's rows: of all columns that are inputs or targets, their cells as they were read.
pub(super) fn of_table(read: &Reader) -> Vec<u64> {
    let Reader { columns, inputs: raw, target, classes, values, .. } = read;
    let coders = Coders::new(columns);
    let mut keys: Vec<u64> = Vec::with_capacity(raw.rows());
    wide(
        #[inline(always)]
        || {
            raw.each(
                #[inline(always)]
                |row| keys.push(coders.key(row)),
            );
        },
    );
    // Of a table without inputs, the target alone speaks.
    keys.resize(read.rows, 0);
    match target {
        Target::None => {}
        Target::Class(column) => {
            let coder = Coder::new(column);
            for (key, &class) in keys.iter_mut().zip(classes) {
                *key = key.wrapping_add(coder.category(f64::from(class)));
            }
        }
        Target::Values(columns) => {
            let coders = Coders::new(columns);
            for (key, row) in keys.iter_mut().zip(values.chunks_exact(columns.len().max(1))) {
                *key = key.wrapping_add(coders.key(row));
            }
        }
    }
    keys
}

/// The keys of rows without names. inputs: width × rows; targets: outputs × rows.
pub(super) fn of_block<R: Real>(inputs: &[R], width: usize, targets: &[f64], outputs: usize) -> Vec<u64> {
    let key = |(inputs, targets): (&[R], &[f64])| {
        let fold = |all: u64, value: f64| mix(all ^ of_number(value));
        targets.iter().copied().fold(folded(inputs), fold)
    };
    inputs.chunks_exact(width).zip(targets.chunks_exact(outputs)).map(key).collect()
}

/// The same for equal rows, and for others hardly ever: each number is folded in by a wide product (as in wyhash).
pub fn folded<R: Real>(row: &[R]) -> u64 {
    row.iter().fold(GOLDEN, |all, value| fold_in(all, value.f64()))
}

#[inline]
fn fold_in(all: u64, value: f64) -> u64 {
    // 0 and −0 are the same number.
    let product = u128::from(all ^ (value + 0.0).to_bits()) * 0xa076_1d64_78bd_642f;
    (product as u64) ^ ((product >> 64) as u64) ^ all.rotate_left(23)
}

/// The same for equal rows, and for most others not: by a few numbers of the row, spread over it. Where rows are many
/// and few of them have their like, this tells which to look at closely, in a fraction of the time of [`folded`].
pub fn glanced<R: Real>(row: &[R]) -> u64 {
    const GLANCES: usize = 6;
    let step = row.len().div_ceil(GLANCES).max(1);
    row.iter().step_by(step).fold(0, |all, value| fold_in(all, value.f64()))
}

/// A map of bits by which numbers are known again: those that were marked always are, few others ever.
#[derive(Clone, Debug)]
pub struct Marks(Vec<u64>);

impl Marks {
    /// None yet, with room to tell so many numbers apart.
    pub fn new(numbers: usize) -> Self {
        Self(vec![0; (16 * numbers).next_power_of_two().max(64) / 64])
    }

    fn place(&self, number: u64) -> (usize, u64) {
        ((number as usize / 64) & (self.0.len() - 1), 1 << (number % 64))
    }

    /// Marks a number; whether its mark is new.
    #[inline]
    pub fn mark(&mut self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    /// Whether a number may have been marked.
    #[inline]
    pub fn has(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.0[word] & bit != 0
    }
}

/// The places of numbers that are met more than once, those of one number together and ascending. Most are met once in
/// most data: marks in a map of bits leave few to be sorted.
pub fn recurring(numbers: &[u64]) -> Vec<Vec<u32>> {
    let (mut once, mut again) = (Marks::new(numbers.len()), Marks::new(numbers.len()));
    for &number in numbers {
        if !once.mark(number) {
            again.mark(number);
        }
    }
    let met_again = |&(number, _): &(u64, u32)| again.has(number);
    let mut places: Vec<(u64, u32)> = numbers.iter().copied().zip(0..).filter(met_again).collect();
    places.sort_unstable();
    let alike = places.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1);
    alike.map(|alike| alike.iter().map(|p| p.1).collect()).collect()
}

/// An order among rows that looks like chance and follows from their keys and a seed alone. Rows that say the same get
/// ranks of their own, so that which of them stands first does not count.
pub(super) fn ranks(keys: Vec<u64>, seed: u64) -> Vec<u64> {
    let salt = mix(seed ^ 0x7370_6c69_7421);
    let recurring = recurring(&keys);
    let mut ranks = keys;
    for key in &mut ranks {
        *key = mix(*key ^ salt);
    }
    for alike in recurring {
        for (n, &row) in alike.iter().enumerate().skip(1) {
            let rank = &mut ranks[row as usize];
            *rank = mix(rank.wrapping_add(n as u64));
        }
    }
    ranks
}

/// One number for a set of rows, in whatever order they stand.
pub(super) fn content(keys: &[u64]) -> u64 {
    keys.iter().fold(0, |all, &key| all.wrapping_add(mix(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_the_same_as_a_name() {
        assert_eq!(of_name("1.5"), of_number(1.5));
        assert_eq!(of_name("0"), of_number(-0.0));
        for (a, b) in [("007", "7"), ("1.0", "1"), ("a", "b"), ("", "a"), ("12345678", "123456789")] {
            assert_ne!(of_name(a), of_name(b), "{a} and {b}");
        }
    }

    #[test]
    fn what_recurs_is_found_whole() {
        let numbers: Vec<u64> = (0..3000u64).map(|n| mix(n % 2900)).collect();
        let found = recurring(&numbers);
        assert_eq!(found.len(), 100);
        assert!(found.iter().all(|alike| alike.len() == 2 && alike[1] - alike[0] == 2900));
        assert_eq!((recurring(&[]), recurring(&[7])), (vec![], vec![]));
    }

    #[test]
    fn equal_rows_have_ranks_of_their_own_in_any_order() {
        let sorted = |keys: &[u64]| {
            let mut ranks = ranks(keys.to_vec(), 5);
            ranks.sort_unstable();
            ranks
        };
        let all = sorted(&[3, 9, 3, 4, 3]);
        assert_eq!(all, sorted(&[3, 3, 3, 4, 9]));
        assert!(all.windows(2).all(|w| w[0] < w[1]));
        assert_ne!(ranks(vec![3, 9], 5), ranks(vec![3, 9], 6), "another seed, another order");
        assert_eq!(content(&[1, 2, 3]), content(&[3, 1, 2]));
    }

    /// Models know their training rows by these: a change of any would have them judged by rows they were trained on.
    #[test]
    fn keys_are_those_of_every_version() {
        // The first outputs of SplitMix64 from 0; all others by an independent program that follows the definitions.
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let first = [0, step, step.wrapping_mul(2)].map(mix);
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
        let texts = ["", "a", "12345678", "petal length"].map(|text| of_text(text.as_bytes()));
        let literal = [0xe220_a839_7b1d_cdaf, 0x5e02_5f9a_de9e_af3e, 0x83db_ec76_b33f_9ca3, 0xf26a_0fcc_cb92_9f7c];
        assert_eq!(texts, literal);
        assert_eq!([1.5, f64::NAN].map(of_number), [0x3ff8_0000_0000_0000, 0x6d69_7373_696e_6721]);
        let rows = [folded::<f64>(&[]), folded(&[-0.0]), folded(&[1.5, -2.0]), folded(&[1.5f32, -2.0])];
        let literal = [step, 0xbbba_82cc_8c49_37d5, 0xb7a1_82e0_0b21_5c16, 0xb7a1_82e0_0b21_5c16];
        assert_eq!(rows, literal);
        let blocks = of_block(&[1.5, -2.0, 0.0, 0.25], 2, &[3.0, f64::NAN], 1);
        assert_eq!(blocks, [0xed01_159c_31a2_2110, 0x6b55_31bc_507f_5aa6]);
        assert_eq!(of_block(&[1.5, -2.0], 2, &[3.0, 4.0], 2), [0x3d63_bbfb_e730_6b87]);
        let number = Coder { column: of_text(b"x"), names: Vec::new() };
        assert_eq!([2.5, f64::NAN].map(|v| number.number(v)), [0x680a_8b40_3c8e_1bd7, 0xe123_b883_33af_b03a]);
        let color = Coder { column: of_text(b"c"), names: vec![of_text(b"blue"), of_text(b"red")] };
        let said = [1.0, -1.0, 2.0, f64::NAN].map(|id| color.category(id));
        let unseen = 0xe44a_edf1_292d_8b72;
        assert_eq!(said, [0x2df6_f698_9e9b_374f, unseen, unseen, 0xd599_b1e3_560a_53f3]);
        // The parts of a row add up.
        let row = Coders { coders: vec![number, color], numbers: None }.key(&[2.5, 1.0]);
        assert_eq!(row, 0x680a_8b40_3c8e_1bd7_u64.wrapping_add(0x2df6_f698_9e9b_374f));
        assert_eq!(ranks(vec![3, 9, 3], 5), [0x55a1_b198_9038_7423, 0x1409_3924_9395_cb5b, 0x82cf_a03c_2010_d4e2]);
        assert_eq!(content(&[1, 2, 3]), 0x456d_78af_809b_437c);
    }

    #[test]
    fn marks_are_found_again_and_few_others() {
        for numbers in [0, 1, 3, 4, 5, 1000] {
            let mut marks = Marks::new(numbers);
            // Sixteen bits a number, at least 64, a power of two of them.
            assert_eq!(marks.0.len() * 64, (16 * numbers).next_power_of_two().max(64), "{numbers}");
            let all: Vec<u64> = (0..numbers as u64).map(mix).collect();
            let new = all.iter().filter(|&&number| marks.mark(number)).count();
            assert!(all.iter().all(|&number| marks.has(number) && !marks.mark(number)));
            let others = (0..1000u64).map(|n| mix(n + 1_000_000)).filter(|&number| marks.has(number)).count();
            assert!(new * 20 >= numbers * 18 && others < 140, "{numbers}: {new} are new, {others} others");
        }
        let mut marks = Marks::new(8);
        assert!(marks.mark(63) && marks.mark(64) && marks.mark(127), "each has a bit of its own");
        assert_eq!(marks.0, [1 << 63, 1 | 1 << 63]);
    }
}
