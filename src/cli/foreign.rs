//! Files of other programs where a program, a model or rows are asked for: known by their first bytes or their names,
//! and answered by what to do instead.

use std::io::Read;
use std::path::Path;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Rows as text.
    Table,
    /// JSON, also one object a line.
    Json,
    /// A file that other programs read; their word for it.
    Other(&'static str),
}

/// First bytes, and what they begin.
const MARKS: &[(&[u8], Form)] = &[
    (b"PK\x03\x04", Form::Other("a zip archive (as .xlsx, .npz and .pt files are)")),
    (b"PAR1", Form::Other("a Parquet file")),
    (b"ARROW1", Form::Other("an Arrow file")),
    (b"\x93NUMPY", Form::Other("a NumPy array")),
    (b"\x89HDF", Form::Other("an HDF5 file")),
    (b"SQLite format 3", Form::Other("an SQLite database")),
    (b"%PDF", Form::Other("a PDF")),
    (b"\x89PNG", Form::Other("a picture")),
    (b"\xff\xd8\xff", Form::Other("a picture")),
    (b"\x80\x04", Form::Other("a Python pickle")),
    (b"\x80\x05", Form::Other("a Python pickle")),
];

/// Ends of names, and what they stand for.
const ENDS: &[(&str, Form)] = &[
    ("csv", Form::Table),
    ("tsv", Form::Table),
    ("json", Form::Json),
    ("jsonl", Form::Json),
    ("ndjson", Form::Json),
    ("py", Form::Other("a Python program")),
    ("ipynb", Form::Other("a notebook")),
    ("parquet", Form::Other("a Parquet file")),
    ("xlsx", Form::Other("a spreadsheet")),
    ("xls", Form::Other("a spreadsheet")),
    ("npy", Form::Other("a NumPy array")),
    ("onnx", Form::Other("an ONNX model")),
    ("pt", Form::Other("a PyTorch file")),
    ("pth", Form::Other("a PyTorch file")),
];

/// What a file that begins with these bytes is, if it is of another program.
pub(crate) fn foreign(path: &Path, start: &[u8]) -> Option<Form> {
    let marked = MARKS.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, form)| *form);
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
    marked.or_else(|| ENDS.iter().find(|(known, _)| end.as_deref() == Some(known)).map(|(_, form)| *form))
}

/// What a file of rows is, if rows cannot be read from it.
pub(crate) fn no_rows(path: &Path) -> Option<Form> {
    let mut start = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    foreign(path, &start[..read]).filter(|form| *form != Form::Table)
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Table => "a table",
            Self::Json => "JSON",
            Self::Other(words) => words,
        }
    }

    /// The rest of a sentence about a file that stands where a program or a model is asked for.
    pub(crate) fn instead(self, path: &Path) -> String {
        match self {
            Self::Table => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                format!("is a table, not a program: a program names it, as `data \"{name}\" {{ target = … }}`")
            }
            Self::Json | Self::Other(_) => {
                format!("is {}: a program is a .nn file, a model a .safetensors file", self.words())
            }
        }
    }

    /// The rest of a sentence about a file that stands where rows are asked for.
    pub(crate) fn as_rows(self) -> String {
        format!("is {}: rows are read from .csv, .tsv and IDX files; write it as .csv", self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_bytes_and_names() {
        let form = |name: &str, bytes: &[u8]| foreign(Path::new(name), bytes);
        assert_eq!(form("wine.CSV", b"a,b\n"), Some(Form::Table));
        assert_eq!(form("rows.json", b"[{}]"), Some(Form::Json));
        assert_eq!(form("x.csv", b"PAR1\0"), Some(Form::Other("a Parquet file")));
        assert_eq!(form("m.nn", b"data xor {"), None);
        assert_eq!(form("program", b"# x"), None);
        let sentence = Form::Table.instead(Path::new("d/wine.csv"));
        assert_eq!(sentence, "is a table, not a program: a program names it, as `data \"wine.csv\" { target = … }`");
    }
}
