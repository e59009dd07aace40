//! Sources: settings that each takes, and what generators draw.

use super::*;
use crate::catalog::{Chosen, blocks};
use std::f64::consts::{PI, TAU};

#[test]
fn each_setting_of_data_speaks_of_one_thing() {
    let mut spoken: Vec<&str> = Topic::ALL.iter().flat_map(|topic| topic.settings()).copied().collect();
    let mut settings: Vec<&str> = blocks::DATA.parameters.iter().map(|p| p.name).collect();
    spoken.sort_unstable();
    settings.sort_unstable();
    assert_eq!(spoken, settings);
}

#[test]
fn what_is_held_out_is_written_as_something_of_the_same_form() {
    for source in SOURCES {
        let written = source.held_out_as;
        let like = SOURCES.iter().find(|s| match &s.named {
            Some(named) => written.starts_with(&format!("{}(", named.signature.name)),
            None => written.starts_with('"') && s.is_held_out,
        });
        let like = like.unwrap_or_else(|| panic!("{written} is no source"));
        assert!(like.is_held_out && like.form == source.form, "{written} for {}", source.called);
    }
}

fn generators() -> impl Iterator<Item = &'static Generator> {
    let named = SOURCES.iter().filter_map(|source| source.named.as_ref());
    named.filter_map(|named| match (named.configure)(&Chosen::default(&named.signature).arguments) {
        Ok(DataSource::Generator { generator, .. }) => Some(generator),
        _ => None,
    })
}

fn generator(name: &str) -> &'static Generator {
    generators().find(|g| g.name() == name).expect("a generator")
}

#[test]
fn each_has_its_rows_balanced_and_repeatable() {
    assert_eq!(generators().count(), 6);
    for g in generators() {
        for samples in [0, 1, 2, 3, 7, 300] {
            let rows: Vec<_> = g.rows(samples, 0.1, 5).collect();
            assert_eq!(rows.len(), samples, "{}", g.name());
            assert_eq!(rows, g.rows(samples, 0.1, 5).collect::<Vec<_>>(), "{}", g.name());
            assert!(rows.iter().flatten().all(|v| v.is_finite()), "{}", g.name());
            for class in 0..g.classes {
                let count = rows.iter().filter(|r| r[2] == class as f64).count();
                assert!(count.abs_diff(samples / g.classes) <= 1, "{}: {count} of {samples}", g.name());
            }
        }
        let (a, b) = (g.rows(50, 0.1, 5).collect::<Vec<_>>(), g.rows(50, 0.1, 6).collect::<Vec<_>>());
        assert_ne!(a, b, "{}: another seed, other rows", g.name());
    }
}

#[test]
fn without_noise_they_lie_on_their_curves() {
    let rows = |name: &str| generator(name).rows(200, 0.0, 1).collect::<Vec<_>>();
    for r in rows("xor") {
        assert_eq!(r[2] == 1.0, (r[0] < 0.0) != (r[1] < 0.0), "{r:?}");
    }
    for r in rows("circle") {
        assert!((r[0].hypot(r[1]) - if r[2] == 0.0 { 1.0 } else { 0.5 }).abs() < 1e-12);
    }
    for r in rows("moons") {
        let (x, y) = if r[2] == 0.0 { (r[0], r[1]) } else { (1.0 - r[0], 0.5 - r[1]) };
        assert!((x.hypot(y) - 1.0).abs() < 1e-12 && y > -1e-12);
    }
    for r in rows("spiral") {
        let (radius, half) = (r[0].hypot(r[1]), PI * r[2]);
        let angle = 1.5 * TAU * radius + half;
        assert!((r[0] - radius * angle.cos()).abs() < 1e-9 && radius <= 1.0 + 1e-12);
    }
    let mut centres: Vec<_> = rows("blobs").iter().map(|r| format!("{:.6} {:.6}", r[0], r[1])).collect();
    centres.sort();
    centres.dedup();
    assert_eq!(centres.len(), 3);
    let corner = 3f64.sqrt();
    for (r, (x, y)) in rows("blobs").iter().zip([(0.0, 2.0), (-corner, -1.0), (corner, -1.0)].into_iter().cycle()) {
        assert!((r[0] - x).abs() < 1e-12 && (r[1] - y).abs() < 1e-12, "{r:?}");
    }
    for r in rows("sine") {
        assert_eq!((r[1], r.len()), (r[0].sin(), 2));
    }
}

#[test]
fn noise_is_added_in_standard_deviations() {
    use crate::tensor::{Purpose, Stream};
    let mut draws = Stream::new(4, Purpose::Generate);
    let blobs = |noise| generator("blobs").rows(60, noise, 4).collect::<Vec<_>>();
    for (centre, moved) in blobs(0.0).iter().zip(blobs(0.25)) {
        let expected = [centre[0] + 0.25 * draws.normal(), centre[1] + 0.25 * draws.normal(), centre[2]];
        assert_eq!(moved, expected);
    }
}
