//! Plain lines: no quotes, every cell as its column asks. Most files hold nothing else, so blocks of them are read by
//! several threads at once, each a stretch of whole lines. What is not plain is left where it stands, for
//! [`super::reader`] to look at cell by cell: reports, new rows and their order are the same for any number of threads.

use super::cell::{self, Cell};
use super::cell_store::{CellStore, Layout, Row};
use super::decimal::Number;
use super::delimited::find;
use std::ops::Range;
use std::sync::Arc;

/// Fewer bytes than this are not worth a thread of their own.
const STRETCH: usize = 1 << 18;
/// More threads than this are not kept busy: the lines come from one reader.
const MOST_THREADS: usize = 8;

/// What one cell of a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Nothing.
    Skip,
    /// The n-th input, a number.
    Input(usize),
    /// The n-th value that is predicted.
    Value(usize),
    /// The n-th cell of the line that is kept as a text.
    Text(usize),
}

/// How lines are read.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// What separates cells.
    pub(super) delimiter: u8,
    /// One for each cell of a line.
    pub(super) wants: Vec<Want>,
    /// Inputs in a row, categories among them.
    pub(super) inputs: usize,
    /// How they are kept.
    pub(super) layout: Arc<Layout>,
    /// Values in a row.
    pub(super) values: usize,
    /// Texts in a row.
    pub(super) texts: usize,
    /// Whether a missing input is read as NaN.
    pub(super) fills: bool,
    /// The largest number there may be.
    pub(super) largest: f64,
}

/// What a stretch of lines held.
#[derive(Clone, Debug)]
pub(super) struct ByteRun {
    /// Inputs; 0 where a category goes.
    pub(super) inputs: CellStore,
    /// values × rows
    pub(super) values: Vec<f64>,
    /// texts × rows: where each stands in the block.
    pub(super) texts: Vec<Range<usize>>,
    /// Where each line starts in the block, the first that is not plain (or the end) last.
    pub(super) starts: Vec<usize>,
    /// Whether all lines are plain.
    pub(super) whole: bool,
}

impl Lines {
    /// Reads a block of whole lines, on as many threads as there are processors and it is worth. `spare`: stretches
    /// whose memory may be taken.
    pub(super) fn read(&self, block: &[u8], spare: &mut Vec<ByteRun>) -> Vec<ByteRun> {
        let worth = (block.len() / STRETCH).min(MOST_THREADS);
        let threads = match worth {
            0 | 1 => 1,
            _ => std::thread::available_parallelism().map_or(1, usize::from).min(worth),
        };
        let cuts = cuts(block, threads);
        let [first, others @ ..] = &cuts[..] else { return Vec::new() };
        let mut room = || spare.pop().unwrap_or_else(|| self.empty());
        std::thread::scope(|scope| {
            let started: Vec<_> = others
                .iter()
                .map(|cut| {
                    let (lines, to) = (cut.clone(), room());
                    let thread = std::thread::Builder::new().spawn_scoped(scope, || self.stretch(block, lines, to));
                    (cut, thread)
                })
                .collect();
            let mut stretches = vec![self.stretch(block, first.clone(), room())];
            // Where the system gives no thread, the work is done here.
            stretches.extend(started.into_iter().map(|(cut, thread)| {
                let done = thread.ok().and_then(|t| t.join().ok());
                done.unwrap_or_else(|| self.stretch(block, cut.clone(), self.empty()))
            }));
            stretches
        })
    }

    fn empty(&self) -> ByteRun {
        let inputs = CellStore::new(Arc::clone(&self.layout), 0);
        ByteRun { inputs, values: Vec::new(), texts: Vec::new(), starts: Vec::new(), whole: true }
    }

    /// Reads lines, into the memory of a stretch that was read before.
    fn stretch(&self, block: &[u8], lines: Range<usize>, mut read: ByteRun) -> ByteRun {
        if *read.inputs.layout() == self.layout {
            read.inputs.clear();
        } else {
            read.inputs = CellStore::new(Arc::clone(&self.layout), 0);
        }
        read.values.clear();
        read.texts.clear();
        read.starts.clear();
        read.starts.push(lines.start);
        read.whole = true;
        let mut at = lines.start;
        let mut row = Row::new(self.inputs);
        while at < lines.end {
            let (values, texts) = (read.values.len(), read.texts.len());
            read.values.resize(values + self.values, 0.0);
            read.texts.resize(texts + self.texts, 0..0);
            let rest = (&mut row, &mut read.values[values..], &mut read.texts[texts..]);
            let Some(next) = self.line(block, at, rest) else {
                read.values.truncate(values);
                read.texts.truncate(texts);
                read.whole = false;
                return read;
            };
            read.inputs.push(&mut row);
            at = next;
            read.starts.push(at);
        }
        read
    }

    /// Reads the line that starts at `at`; where the next one starts, or `None` if it is not plain.
    #[inline]
    fn line(
        &self,
        block: &[u8],
        mut at: usize,
        (inputs, values, texts): (&mut Row, &mut [f64], &mut [Range<usize>]),
    ) -> Option<usize> {
        let last = self.wants.len() - 1;
        for (k, want) in self.wants.iter().enumerate() {
            let stop = find(block, at, self.delimiter)?;
            if (block[stop] == b'\n') != (k == last) {
                return None;
            }
            match *want {
                Want::Skip => {}
                // Sixteen bytes hold no number that is too large.
                Want::Input(n) => match cell::quick(block, at..stop) {
                    Some(number) => inputs.set(n, number),
                    None => inputs.set(n, self.number(&block[at..stop], self.fills)?),
                },
                Want::Value(n) => match cell::quick(block, at..stop) {
                    Some(number) => values[n] = number.value(),
                    None => values[n] = self.number(&block[at..stop], false)?.value(),
                },
                Want::Text(n) => texts[n] = at..stop,
            }
            at = stop + 1;
        }
        Some(at)
    }

    /// A cell's number, of those that are not read at once.
    fn number(&self, cell: &[u8], fills: bool) -> Option<Number> {
        match cell::read(cell::trim(cell)) {
            Cell::Number(value) if value.abs() <= self.largest => Some(Number::Exact(value)),
            Cell::Missing if fills => Some(Number::of(f64::NAN)),
            Cell::Number(_) | Cell::Missing | Cell::Infinite | Cell::Text => None,
        }
    }
}

/// Cuts a block into so many stretches of whole lines, or fewer.
fn cuts(block: &[u8], count: usize) -> Vec<Range<usize>> {
    let mut cuts = Vec::with_capacity(count);
    let mut start = 0;
    for k in 1..=count {
        let near = (block.len() * k / count).max(start);
        let end = block[near..].iter().position(|&b| b == b'\n').map_or(block.len(), |n| near + n + 1);
        let end = if k == count { block.len() } else { end };
        if end > start {
            cuts.push(start..end);
        }
        start = end;
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(wants: Vec<Want>) -> Lines {
        let (inputs, layout) = (2, Arc::new(Layout::new(2)));
        let largest = f64::from(f32::MAX);
        Lines { delimiter: b',', wants, inputs, layout, values: 1, texts: 0, fills: false, largest }
    }

    #[test]
    fn a_stretch_ends_before_the_first_line_that_is_not_plain() {
        let lines = lines(vec![Want::Input(1), Want::Skip, Want::Value(0), Want::Input(0)]);
        let block = b"1,x,2,3\n4,,5, 6 \r\n7,x,?,8\n9,x,1,2\n";
        let read = lines.stretch(block, 0..block.len(), lines.empty());
        let row = |at| [read.inputs.get(at, 0), read.inputs.get(at, 1)];
        assert_eq!((read.inputs.rows(), row(0), row(1)), (2, [3.0, 1.0], [6.0, 4.0]));
        assert_eq!(read.values, [2.0, 5.0]);
        assert_eq!((read.starts, read.whole), (vec![0, 8, 18], false));
        for line in ["1,2,3\n", "1,2,3,4,5\n", "1e39,x,2,3\n", "\n"] {
            assert_eq!(lines.stretch(line.as_bytes(), 0..line.len(), lines.empty()).starts, [0], "{line}");
        }
    }

    #[test]
    fn cuts_are_whole_lines_and_all_of_them() {
        let block = b"1,2\n3,4\n5,6\nlong,long,long,long,long\n7,8\n";
        for count in 1..8 {
            let cuts = cuts(block, count);
            assert!(cuts.iter().all(|c| block[c.end - 1] == b'\n'));
            assert_eq!(cuts.iter().flat_map(|c| block[c.clone()].to_vec()).collect::<Vec<_>>(), block);
        }
    }
}
