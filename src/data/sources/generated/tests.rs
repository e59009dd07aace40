//! Generated rows go the way of all others.

use crate::catalog::Chosen;
use crate::catalog::sources::{Generator, SOURCES};
use crate::data::Memory;
use crate::data::tests::{bad, block, good, only, share};
use crate::diagnostic::codes;
use crate::ir::spec::{DataSource, TargetFacts};

fn generators() -> impl Iterator<Item = &'static Generator> {
    let named = SOURCES.iter().filter_map(|source| source.named.as_ref());
    named.filter_map(|named| match (named.configure)(&Chosen::default(&named.signature).arguments) {
        Ok(DataSource::Generator { generator, .. }) => Some(generator),
        _ => None,
    })
}

#[test]
fn generators_load_like_files() {
    for g in generators() {
        let source = DataSource::Generator { generator: g, samples: 90, noise: 0.1, seed: 3 };
        let mut spec = block(source);
        spec.test = share(0.2);
        let d = good::<f64>(&spec, &Memory::new());
        assert_eq!((d.rows(), d.test.len(), d.features), (90, 18, g.columns.len() - 1), "{}", g.name());
        match &d.facts.target {
            TargetFacts::Classes { names, counts, .. } => {
                assert_eq!((names.len(), counts.iter().sum::<usize>()), (g.classes, 72), "{}", g.name());
            }
            TargetFacts::Values { names, .. } => assert_eq!((g.classes, &names[..]), (0, &["y".to_owned()][..])),
        }
        let first: Vec<f64> = g.rows(90, 0.1, 3).next().expect("a row");
        assert_eq!(d.row(0), &first[..d.features], "numbers survive to the bit");
    }
    for generator in generators() {
        let spec = block(DataSource::Generator { generator, samples: 0, noise: 0.0, seed: 0 });
        only(&bad(&spec, &Memory::new()), codes::DATA_FORMAT, "no rows");
    }
}
