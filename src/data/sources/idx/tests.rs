//! Pairs of IDX files: every type of number, and every way in which a file can be bad.

use crate::data::tests::{SOURCE, bad, block, good, only};
use crate::data::{Memory, NewData, Targets, Use, load};
use crate::diagnostic::{Level, codes};
use crate::ir::spec::{DataSource, DataSpec, Scale, TargetFacts};
use crate::source::Spanned;
use std::io::Write;

fn idx(element: u8, dimensions: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, element, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
    bytes.extend(values);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

fn idx_spec() -> DataSpec {
    block(DataSource::Idx { inputs: "x".into(), targets: "y".into() })
}

#[test]
fn idx_pictures_and_labels() {
    let pictures = idx(8, &[3, 2, 2], &[0, 255, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255]);
    let labels = idx(8, &[3], &[1, 0, 1]);
    let mut spec = idx_spec();
    for (x, y) in [(pictures.clone(), labels.clone()), (gzip(&pictures), gzip(&labels))] {
        let d = good::<f32>(&spec, &Memory::new().with("x", x).with("y", y));
        assert_eq!((d.facts.input.dimensions(), d.row(0)), (&[2, 2][..], &[0.0, 255.0, 0.0, 255.0][..]));
        assert_eq!(d.targets, Targets::Classes(vec![1, 0, 1]));
        let TargetFacts::Classes { names, counts, .. } = &d.facts.target else { panic!("classes") };
        assert_eq!((names.join(" "), counts), ("0 1".into(), &vec![1, 2]));
    }
    spec.scale = Spanned::default(Scale::Standard);
    let files = Memory::new().with("x", pictures).with("y", labels);
    let d = good::<f64>(&spec, &files);
    let near = |(a, b): (&f64, f64)| (a - b).abs() < 1e-12;
    assert!(d.row(0).iter().zip([-1.0, 1.0, -1.0, 1.0]).all(near), "a picture is scaled as a whole");
    let new = NewData::Idx { inputs: "x", targets: Some("y") };
    let mut batches = d.preparation.open::<f64>(new, &files, Use::Evaluate).expect("fits");
    let batch = batches.read(2).expect("reads").expect("rows");
    assert_eq!((&batch.inputs[..], batch.targets), (&d.inputs[..8], Some(Targets::Classes(vec![1, 0]))));
    assert_eq!(batches.read(2).expect("reads").map(|b| b.rows), Some(1));
    assert_eq!(batches.read(2), Ok(None));
    let other = Memory::new().with("x", idx(8, &[1, 4], &[0; 4]));
    let new = NewData::Idx { inputs: "x", targets: None };
    let refused = d.preparation.open::<f64>(new, &other, Use::Predict).err().expect("another shape");
    only(&refused, codes::DATA_FIT, "have the shape 4, and the model takes 2x2");
}

#[test]
fn idx_numbers_of_every_type_are_read() {
    type Bytes = fn(i32) -> Vec<u8>;
    let all = |values: [i32; 4], bytes: Bytes| values.into_iter().flat_map(bytes).collect::<Vec<u8>>();
    let types: [(u8, Bytes); 6] = [
        (0x08, |v| vec![v as u8]),
        (0x09, |v| (v as i8).to_be_bytes().to_vec()),
        (0x0b, |v| (v as i16).to_be_bytes().to_vec()),
        (0x0c, |v| v.to_be_bytes().to_vec()),
        (0x0d, |v| (v as f32).to_be_bytes().to_vec()),
        (0x0e, |v| f64::from(v).to_be_bytes().to_vec()),
    ];
    for (element, bytes) in types {
        let x = idx(element, &[4, 1], &all([7, 100, 3, 0], bytes));
        let y = idx(element, &[4], &all([2, 0, 1, 2], bytes));
        let files = Memory::new().with("x", x).with("y", y);
        let d = good::<f32>(&idx_spec(), &files);
        assert_eq!(d.inputs, [7.0, 100.0, 3.0, 0.0], "type {element:#x}");
        let expected = match element {
            0x0d | 0x0e => Targets::Values { width: 1, values: vec![2.0, 0.0, 1.0, 2.0] },
            _ => Targets::Classes(vec![2, 0, 1, 2]),
        };
        assert_eq!(d.targets, expected, "type {element:#x}");
        let new = NewData::Idx { inputs: "x", targets: Some("y") };
        let mut batches = d.preparation.open::<f32>(new, &files, Use::Evaluate).expect("fits");
        assert_eq!(batches.read(9).expect("reads").expect("rows").targets, Some(expected));
    }
    let signed = idx(0x0c, &[4, 1], &all([-7, 70_000, -1, 0], types[3].1));
    let labelled =
        |labels: [i32; 4]| Memory::new().with("x", signed.clone()).with("y", idx(0x0c, &[4], &all(labels, types[3].1)));
    assert_eq!(good::<f32>(&idx_spec(), &labelled([0, 1, 0, 1])).inputs, [-7.0, 70_000.0, -1.0, 0.0]);
    for label in [-1, 10_000] {
        let report =
            only(&bad(&idx_spec(), &labelled([0, 1, label, 1])), codes::DATA_VALUE, &format!("label {label}:"));
        assert!(report.help.is_some_and(|help| help.contains("np.unique")));
    }
    // A class that no row is of is an output all the same, and is told of.
    let (dataset, reports) = load::<f32>(&idx_spec(), &labelled([0, 3, 1, 3]), None);
    let report = only(&reports, codes::IMBALANCE, "no row of `y` is of the class `2`");
    assert_eq!((report.level, dataset.map(|d| d.facts.target_is_binary())), (Level::Warning, Some(false)));
    let huge = idx(0x0e, &[2], &[1e300f64.to_be_bytes(), 1f64.to_be_bytes()].concat());
    let files = Memory::new().with("x", idx(8, &[2, 1], &[1, 2])).with("y", huge);
    only(&bad(&idx_spec(), &files), codes::NON_FINITE, "row 0 of `y` holds a value too large");
}

#[test]
fn idx_floats_are_values() {
    let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let mut spec = idx_spec();
    spec.scale = Spanned::default(Scale::Minmax);
    let x = idx(0x0d, &[2, 2], &floats(&[1.0, 10.0, 3.0, 30.0]));
    let y = idx(0x0d, &[2], &floats(&[0.5, -0.5]));
    let d = good::<f64>(&spec, &Memory::new().with("x", x.clone()).with("y", y));
    assert_eq!(d.inputs, [0.0, 0.0, 1.0, 1.0], "a vector is scaled place by place");
    assert_eq!(d.targets, Targets::Values { width: 1, values: vec![0.5, -0.5] });
    let evaluated = |y: Vec<u8>| {
        let files = Memory::new().with("x", x.clone()).with("y", y);
        let new = NewData::Idx { inputs: "x", targets: Some("y") };
        d.preparation.open::<f64>(new, &files, Use::Evaluate).and_then(|mut batches| batches.read(9))
    };
    let batch = evaluated(idx(0x0d, &[2], &floats(&[0.25, 4.0]))).expect("fits").expect("rows");
    assert_eq!(batch.targets, Some(Targets::Values { width: 1, values: vec![0.25, 4.0] }));
    let two = evaluated(idx(0x0d, &[2, 2], &floats(&[0.25, 4.0, 1.0, 2.0]))).expect_err("two values a row");
    only(&two, codes::DATA_FIT, "`y` holds 2 values a row, and the model predicts 1");
    let y = idx(0x0d, &[2], &floats(&[0.5, f32::NAN]));
    only(&bad(&spec, &Memory::new().with("x", x).with("y", y)), codes::NON_FINITE, "row 1 of `y`");
}

#[test]
fn bad_idx_files_are_said_to_be_so() {
    let labels = || idx(8, &[2], &[0, 1]);
    let x = |bytes: Vec<u8>| Memory::new().with("x", bytes).with("y", labels());
    let good_x = || idx(8, &[2, 3], &[0; 6]);
    for (files, says) in [
        (x(vec![]), "`x` is empty"),
        (x(b"PNG".to_vec()), "is not an IDX file: it starts with the bytes 50 4e 47"),
        (x(vec![0, 0, 8]), "is not an IDX file"),
        (x(idx(0x0a, &[2, 3], &[0; 12])), "is not an IDX file: it starts with the bytes 00 00 0a 02"),
        (x(vec![0, 0, 8, 0]), "claims 0 dimensions"),
        (x(vec![0, 0, 8, 200]), "claims 200 dimensions"),
        (x(vec![0, 0, 8, 2, 0, 0]), "ends within its header"),
        (x(idx(8, &[2, u32::MAX, u32::MAX, 9], &[])), "more than can be counted"),
        (x(idx(8, &[2, u32::MAX], &[1, 2, 3])), "claims 2x4294967295 = 8589934590 values, and it holds 3"),
        (x(idx(8, &[2, 3], &[0; 5])), "claims 2x3 = 6 values, and it holds 5"),
        (x(idx(8, &[2, 3], &[0; 7])), "goes on after the 2x3 values"),
        (x(idx(8, &[0, 3], &[])), "it holds no values"),
        (x(idx(8, &[3, 1], &[0; 3])), "`x` holds 3 rows and `y` holds 2"),
        (x(gzip(&good_x())[..24].to_vec()), "`x` is cut short"),
        (Memory::new().with("x", good_x()).with("y", vec![]), "`y` is empty"),
    ] {
        let report = only(&bad(&idx_spec(), &files), codes::DATA_FORMAT, says);
        assert_eq!(report.primary.map(|l| l.span), Some(SOURCE));
    }
    only(&bad(&idx_spec(), &Memory::new().with("x", good_x())), codes::DATA_FILE, "`y` does not exist");
    let one = Memory::new().with("x", good_x()).with("y", idx(8, &[2], &[4, 4]));
    only(&bad(&idx_spec(), &one), codes::IMBALANCE, "of one class, `4`");
}
