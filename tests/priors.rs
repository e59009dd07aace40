//! A model's own data read again after it changed: dates, weights and unseen categories are those of the preparation
//! that the model has, and each row is on the side where it was.

use nn::check::{Checked, Depth, Loaded, Options, check_with};
use nn::data::{Dataset, Memory, Prior, load};
use nn::diagnostic::{Diagnostic, codes};
use nn::ir::spec::DataSpec;
use nn::source::Source;

const NETWORK: &str = "network {\n  dense 1\n}\ntrain {\n  loss = mse\n  optimizer = sgd\n  learning_rate = 0.01\n  epochs = 1\n  batch = 4\n}\n";

/// The rows of a program's table as they were learnt from.
fn learnt(settings: &str, table: &str) -> (DataSpec, Dataset<f32>) {
    let source = Source::new("p.nn", format!("data \"t.csv\" {{\n  target = y\n{settings}\n}}\n{NETWORK}"));
    let options = Options { depth: Depth::Language, ..Options::default() };
    let files = Memory::new().with("t.csv", table);
    let Checked { program, data, diagnostics } = check_with(&source, &[], &files, options).expect("no overrides");
    let Some((program, Loaded::F32(data))) = program.zip(data) else { panic!("{diagnostics:?}") };
    (program.data, data)
}

/// Another table read as the model takes it.
fn again(spec: &DataSpec, before: &Dataset<f32>, table: &str) -> (Option<Dataset<f32>>, Vec<Diagnostic>) {
    let prior = Prior { preparation: &before.preparation, split: before.sides.as_ref().map(|sides| &sides.rule) };
    load(spec, &Memory::new().with("t.csv", table), Some(prior))
}

fn inputs(data: &Dataset<f32>, row: u32) -> Vec<u32> {
    data.row(row).iter().map(|v| v.to_bits()).collect()
}

/// Whether a row is one to train on.
fn trained(data: &Dataset<f32>, row: u32) -> bool {
    data.train.contains(&row)
}

#[test]
fn dates_are_read_in_the_order_that_training_showed() {
    // The 25th shows that days stand first; what is left afterwards does not.
    let days: Vec<u32> = (1..=12).chain([25]).collect();
    let line = |day: &u32| format!("{day:02}/03/2024,{day}\n");
    let table = |days: &[u32]| days.iter().map(line).fold("day,y\n".to_owned(), |all, line| all + &line);
    for settings in ["  date = [day]\n  test = 30%", "  date = parts(day)\n  test = 30%\n  scale = standard"] {
        let (spec, before) = learnt(settings, &table(&days));
        let mut fewer: Vec<u32> = days[..12].to_vec();
        fewer.reverse();
        let (now, reports) = again(&spec, &before, &table(&fewer));
        let now = now.unwrap_or_else(|| panic!("{reports:?}"));
        for row in 0..12 {
            assert_eq!(inputs(&now, row), inputs(&before, 11 - row), "{settings}, row {row}");
            assert_eq!(trained(&now, row), trained(&before, 11 - row), "{settings}, row {row}");
        }
        let (none, reports) = again(&spec, &before, "day,y\nsoon,1\n");
        assert!(none.is_none() && reports.iter().any(|r| r.code == codes::DATA_VALUE), "{reports:?}");
    }
}

#[test]
fn rows_keep_their_weights_and_their_sides() {
    let line = |n: &u32| format!("{n},{},{}\n", n % 5, f64::from(n % 3) + 0.5);
    let table = |rows: &[u32]| rows.iter().map(line).fold("x,y,w\n".to_owned(), |all, line| all + &line);
    let rows: Vec<u32> = (0..40).collect();
    let (spec, before) = learnt("  weight = w\n  validation = 20%\n  test = 20%", &table(&rows));
    // Turned round, and ten more.
    let turned: Vec<u32> = (0..50).rev().collect();
    let (now, reports) = again(&spec, &before, &table(&turned));
    let now = now.unwrap_or_else(|| panic!("{reports:?}"));
    let (weights, old) = (now.weights.as_ref().expect("weights"), before.weights.as_ref().expect("weights"));
    assert_eq!((now.features, weights.len()), (1, 50));
    for (at, &n) in turned.iter().enumerate() {
        let expected = if trained(&now, at as u32) { n as f32 % 3.0 + 0.5 } else { 1.0 };
        assert_eq!(weights[at], expected, "row {n}");
        if n < 40 {
            assert_eq!((trained(&now, at as u32), weights[at]), (trained(&before, n), old[n as usize]), "row {n}");
        }
    }
    // Other weights move no row, and the column may be anywhere.
    let other = rows.iter().map(|n| format!("9,{n},{}\n", n % 5)).fold("w,x,y\n".to_owned(), |all, line| all + &line);
    let (now, _) = again(&spec, &before, &other);
    assert_eq!(now.map(|now| (now.train, now.validation)), Some((before.train.clone(), before.validation.clone())));
    for (table, says) in [("x,y\n1,2\n", "no column named `w`"), ("x,y,w\n1,2,-3\n", "are below 0 or missing")] {
        let (none, reports) = again(&spec, &before, table);
        assert!(none.is_none() && reports.iter().any(|r| r.message.contains(says)), "{reports:?}");
    }
}

#[test]
fn a_category_that_training_has_not_seen_is_what_the_program_says() {
    let table = "c,y\nred,1\nblue,2\nred,3\nblue,4\n";
    let more = "c,y\ngreen,7\nred,1\n";
    let (spec, before) = learnt("  unseen = unknown", table);
    let (now, reports) = again(&spec, &before, more);
    let now = now.unwrap_or_else(|| panic!("{reports:?}"));
    assert!(reports.is_empty(), "{reports:?}");
    assert_eq!((now.row(0), now.row(1)), (&[0.0, 0.0, 1.0][..], &[0.0, 1.0, 0.0][..]));
    let (spec, before) = learnt("", table);
    let (now, reports) = again(&spec, &before, more);
    let now = now.unwrap_or_else(|| panic!("{reports:?}"));
    assert_eq!((now.row(0), now.row(1)), (&[0.0, 0.0][..], &[0.0, 1.0][..]));
    assert!(reports.iter().any(|r| r.message.contains("green")), "{reports:?}");
}
