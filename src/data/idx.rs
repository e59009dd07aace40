//! IDX files, plain or gzip (told by their first bytes, not by their names): whole numbers of one, two and four
//! bytes, and floats of four and eight. The first dimension counts rows. What a header claims is never allocated,
//! only what the file really holds.
//!
//! Layout: two zero bytes, a type (0x08 to 0x0e, see [`Element`]), the number of dimensions, each dimension as a
//! big-endian u32, then the values, big-endian, row by row.

use std::io::BufRead;

use super::files::{Files, unpacked, unreadable};
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::{Real, Shape};

/// Values read at a time.
const CHUNK: usize = 1 << 14;
/// The most dimensions that are taken for real.
const MOST_DIMENSIONS: usize = 8;

/// What an IDX file's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// 0x08: a byte without a sign.
    Byte,
    /// 0x09
    SignedByte,
    /// 0x0b
    Short,
    /// 0x0c
    Int,
    /// 0x0d
    Float,
    /// 0x0e
    Double,
}

impl Element {
    fn of(kind: u8) -> Option<Self> {
        Some(match kind {
            0x08 => Self::Byte,
            0x09 => Self::SignedByte,
            0x0b => Self::Short,
            0x0c => Self::Int,
            0x0d => Self::Float,
            0x0e => Self::Double,
            _ => return None,
        })
    }

    /// Whether a column of them holds labels.
    pub(super) fn is_whole(self) -> bool {
        !matches!(self, Self::Float | Self::Double)
    }

    fn bytes(self) -> usize {
        match self {
            Self::Byte | Self::SignedByte => 1,
            Self::Short => 2,
            Self::Int | Self::Float => 4,
            Self::Double => 8,
        }
    }

    /// The numbers that bytes hold, each of [`Element::bytes`].
    fn numbers<R: Real>(self, bytes: &[u8], to: &mut Vec<R>) {
        fn each<const N: usize, R: Real>(bytes: &[u8], to: &mut Vec<R>, number: impl Fn([u8; N]) -> f64) {
            to.extend(bytes.as_chunks::<N>().0.iter().map(|bytes| R::of(number(*bytes))));
        }
        match self {
            Self::Byte => each(bytes, to, |[byte]| f64::from(byte)),
            Self::SignedByte => each(bytes, to, |byte| f64::from(i8::from_be_bytes(byte))),
            Self::Short => each(bytes, to, |bytes| f64::from(i16::from_be_bytes(bytes))),
            Self::Int => each(bytes, to, |bytes| f64::from(i32::from_be_bytes(bytes))),
            Self::Float => each(bytes, to, |bytes| f64::from(f32::from_be_bytes(bytes))),
            Self::Double => each(bytes, to, f64::from_be_bytes),
        }
    }
}

/// One IDX file, its header read.
pub(super) struct Idx {
    pub(super) path: String,
    pub(super) element: Element,
    /// Rows first.
    dimensions: Vec<usize>,
    /// Values in one row.
    pub(super) width: usize,
    /// Rows read.
    done: usize,
    input: Box<dyn BufRead>,
    bytes: Vec<u8>,
}

pub(super) fn broken(text: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(codes::DATA_FORMAT, text))
}

fn foreign(path: &str, start: &[u8]) -> Box<Diagnostic> {
    let bytes: Vec<_> = start.iter().map(|b| format!("{b:02x}")).collect();
    let report = broken(format!("`{path}` is not an IDX file: it starts with the bytes {}", bytes.join(" ")));
    report.note_that("an IDX file starts with 00 00 and its type: 08, 09, 0b, 0c, 0d or 0e").into()
}

impl Idx {
    /// Opens the file and reads its header.
    pub(super) fn open(path: &str, files: &dyn Files) -> Result<Self, Box<Diagnostic>> {
        let unreadable = |e: &std::io::Error| unreadable(path, e);
        let mut input = files.open(path).and_then(unpacked).map_err(|e| unreadable(&e))?;
        let mut header = [0; 4];
        let got = fill(&mut input, &mut header).map_err(|e| unreadable(&e))?;
        if got == 0 {
            return Err(broken(format!("`{path}` is empty")));
        }
        let element = match header {
            _ if got < 4 => return Err(foreign(path, &header[..got])),
            [0, 0, kind, _] => Element::of(kind).ok_or_else(|| foreign(path, &header))?,
            _ => return Err(foreign(path, &header)),
        };
        let rank = usize::from(header[3]);
        if rank == 0 || rank > MOST_DIMENSIONS {
            return Err(broken(format!("`{path}` claims {rank} dimensions; 1 to {MOST_DIMENSIONS} are read")));
        }
        let mut sizes = vec![0; rank * 4];
        if fill(&mut input, &mut sizes).map_err(|e| unreadable(&e))? < sizes.len() {
            return Err(broken(format!("`{path}` ends within its header")));
        }
        let size = |b: &[u8]| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize;
        let dimensions: Vec<usize> = sizes.chunks_exact(4).map(size).collect();
        let shape = Shape::new(dimensions.clone());
        match shape.checked_size() {
            None => return Err(broken(format!("`{path}` claims {shape} values, more than can be counted"))),
            Some(0) => return Err(broken(format!("`{path}` claims the dimensions {shape}: it holds no values"))),
            Some(_) => {}
        }
        let width = dimensions[1..].iter().product();
        Ok(Self { path: path.to_owned(), element, dimensions, width, done: 0, input, bytes: Vec::new() })
    }

    /// The rows that the header claims.
    pub(super) fn rows(&self) -> usize {
        self.dimensions[0]
    }

    /// The dimensions of one row; `[1]` where a row is one value.
    pub(super) fn shape(&self) -> Vec<usize> {
        match &self.dimensions[1..] {
            [] => vec![1],
            shape => shape.to_vec(),
        }
    }

    /// The next rows, `most` at most, put behind `values`. After the last row the file must end.
    pub(super) fn read<R: Real>(&mut self, most: usize, values: &mut Vec<R>) -> Result<usize, Box<Diagnostic>> {
        let rows = most.min(self.rows() - self.done);
        let mut left = rows * self.width;
        let each = self.element.bytes();
        while left > 0 {
            let wanted = left.min(CHUNK) * each;
            self.bytes.resize(wanted, 0);
            let got = fill(&mut self.input, &mut self.bytes).map_err(|e| unreadable(&self.path, &e))?;
            let before = values.len();
            self.element.numbers(&self.bytes[..got], values);
            if let Some(at) = values[before..].iter().position(|v| !v.is_finite()) {
                let row = self.done + (rows * self.width - left + at) / self.width;
                let text = format!("row {row} of `{}` holds a value that is not finite", self.path);
                return Err(Diagnostic::error(codes::NON_FINITE, text).into());
            }
            if got < wanted {
                return Err(self.truncated(self.done * self.width + rows * self.width - left + got / each));
            }
            left -= wanted / each;
        }
        self.done += rows;
        if self.done == self.rows() {
            let more = fill(&mut self.input, &mut [0]).map_err(|e| unreadable(&self.path, &e))?;
            if more > 0 {
                let claim = Shape::new(self.dimensions.clone());
                return Err(broken(format!("`{}` goes on after the {claim} values that its header claims", self.path)));
            }
        }
        Ok(rows)
    }

    fn truncated(&self, held: usize) -> Box<Diagnostic> {
        let claim = Shape::new(self.dimensions.clone());
        let count = claim.size();
        let product = if self.dimensions.len() > 1 { format!("{claim} = {count}") } else { count.to_string() };
        broken(format!("`{}` is cut short: its header claims {product} values, and it holds {held}", self.path))
    }
}

/// Reads until `bytes` is full or the input ends; how many were read.
fn fill(input: &mut dyn BufRead, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < bytes.len() {
        match input.read(&mut bytes[got..]) {
            Ok(0) => break,
            Ok(count) => got += count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            // A gzip stream that stops midway: what was read counts, the claim is then not met.
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}
