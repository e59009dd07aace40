//! Records of delimited files: quotes, line ends, separators and what is no table.

use super::*;
use crate::data::Memory;
use proptest::prelude::*;

/// Gives its bytes a few at a time, so that records fall over the ends of reads.
struct Drip(Vec<u8>, usize);

impl Read for Drip {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(out.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0.drain(..count);
        Ok(count)
    }
}

struct Dripping(Vec<u8>, usize);

impl crate::data::Files for Dripping {
    fn open(&self, _: &str) -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(Drip(self.0.clone(), self.1)))
    }
}

fn records(rows: &mut Delimited) -> Result<Vec<Vec<String>>, Box<Diagnostic>> {
    let mut records = Vec::new();
    while rows.advance()? {
        records.push((0..rows.width()).map(|c| String::from_utf8_lossy(rows.cell(c)).into_owned()).collect());
    }
    Ok(records)
}

fn open(text: &str) -> Delimited {
    let files = Memory::new().with("a.csv", text);
    Delimited::open("a.csv", &files, &Dialect::default()).expect("opens")
}

fn dripping(text: &str, bytes: usize, dialect: &Dialect) -> Delimited {
    Delimited::open("a.csv", &Dripping(text.into(), bytes), dialect).expect("opens")
}

#[test]
fn runs_of_blanks_separate_and_those_at_the_ends_do_not() {
    let dialect = Dialect { separator: Some(b' '), ..Dialect::default() };
    let expected = [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]];
    for end in ["", " ", "\t ", " \r", " \r\n", "\n", "  \n\n"] {
        let text = format!("a b \r\n  1  2\t\r\n \t\n3\t4  \n5 6{end}");
        for bytes in [1, 2, 3, 7, 100] {
            let found = records(&mut dripping(&text, bytes, &dialect)).expect("reads");
            assert_eq!(found, expected, "{text:?}, {bytes} at a time");
        }
    }
}

#[test]
fn lines_are_passed_over_however_they_come_and_end() {
    for (text, expected) in [("a title\nx,y\n", vec![["x", "y"]]), ("a title", vec![]), ("\nx,y", vec![["x", "y"]])] {
        for bytes in [1, 3, 100] {
            let dialect = Dialect { skip_lines: 1, ..Dialect::default() };
            let found = records(&mut dripping(text, bytes, &dialect)).expect("reads");
            assert_eq!(found, expected, "{text:?}, {bytes} at a time");
        }
    }
}

#[test]
fn quotes_breaks_marks_and_blank_lines() {
    let text = "\u{feff}a,\"b,\"\"c\"\n\r\n\n1, 2 \r\n\"x\ny\",\n  \n\"z\"w,v";
    let expected = [vec!["a", "b,\"c"], vec!["1", "2"], vec!["x\ny", ""], vec!["zw", "v"]];
    assert_eq!(records(&mut open(text)).expect("reads"), expected);
}

#[test]
fn places_are_lines_and_columns_of_the_file() {
    let mut rows = open("a,b\r\n\r\n\"x\ny\",\"é\"\"\",bad\n1,2");
    rows.advance().expect("header");
    rows.advance().expect("row");
    let RowPlace::File(e) = rows.place(Some(2), "here".into()) else { panic!("a file") };
    assert_eq!((e.line, e.column, &e.text[..]), (4, 10, "y\",\"é\"\"\",bad"));
    assert_eq!(&e.text[e.start..e.end], "bad");
    let RowPlace::File(e) = rows.place(Some(0), String::new()) else { panic!("a file") };
    assert_eq!((e.line, e.column, &e.text[..]), (3, 1, "\"x"));
    rows.advance().expect("row");
    let RowPlace::File(e) = rows.place(None, String::new()) else { panic!("a file") };
    assert_eq!((e.line, &e.text[..]), (5, "1,2"));
}

#[test]
fn what_is_no_such_text_is_said() {
    for (bytes, says) in
        [(&b"\xff\xfea\0"[..], "UTF-16"), (b"\x1f\x8b\x08\x00", "cannot be read"), (b"PK\x03\x04xxxx", "zip archive")]
    {
        let files = Memory::new().with("a.csv", bytes);
        let error = Delimited::open("a.csv", &files, &Dialect::default()).err().expect("refused");
        assert!(error.message.contains(says), "{}", error.message);
    }
    let error = records(&mut open("a,b\n1,\"2\n3,4\n")).expect_err("unclosed");
    assert!(error.message.contains("line 2"), "{}", error.message);
    assert_eq!((error.excerpts[0].line, error.excerpts[0].column), (2, 3));
}

#[test]
fn held_rows_are_read_again() {
    let text: String = (0..30_000).flat_map(|i| [i.to_string(), ",abcdefghij\n".to_owned()]).collect();
    let mut rows = open(&text);
    rows.advance().expect("header");
    rows.hold();
    for _ in 0..20_000 {
        rows.advance().expect("row");
    }
    rows.rewind();
    rows.advance().expect("row");
    assert_eq!(rows.cell(0), b"1");
    assert_eq!(records(&mut rows).expect("reads").len(), 29_998);
}

proptest! {
    #[test]
    fn records_are_those_of_the_csv_crate(
        parts in proptest::collection::vec(prop_oneof![Just("a"), Just(","), Just("\""), Just("\n"), Just("\r\n"), Just("bc")], 0..60),
        drip in 1usize..9,
    ) {
        let text = parts.concat();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> =
            reader.records().map(|r| r.expect("utf-8").iter().map(|c| c.trim_end_matches('\r').to_owned()).collect()).collect();
        let rows = Delimited::open("a.csv", &Dripping(text.clone().into_bytes(), drip), &Dialect::default());
        match records(&mut rows.expect("opens")) {
            Ok(found) => {
                let found: Vec<Vec<String>> = found;
                let expected: Vec<Vec<String>> =
                    expected.into_iter().map(|r| r.iter().map(|c| String::from_utf8_lossy(trim(c.as_bytes())).into_owned()).collect()).collect();
                prop_assert_eq!(found, expected, "{:?}", text);
            }
            // The crate takes an unclosed quote as it comes; here it is refused.
            Err(e) => prop_assert!(e.message.contains("never closed"), "{:?}", text),
        }
    }
}
