//! The reference: that `docs/reference.md` is what the catalog says, and that every example in it works.

use std::error::Error;
use std::path::Path;

use nn::catalog::activations;
use nn::catalog::losses::{self, Loss, Targets};
use nn::catalog::signature::{Family, Signature};
use nn::catalog::{Chosen, all, optimizers, reference};
use nn::check::check;
use nn::data::Memory;
use nn::diagnostic::human::{Look, render};
use nn::source::Source;

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn the_reference_is_up_to_date() -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let written = crate::common::run(&["doc", "--markdown"]).out;
    assert!(written.starts_with(&reference::markdown()));
    let wrong = crate::bless::compare(&path, &written)?;
    assert_eq!(wrong, None);
    Ok(())
}

#[test]
fn every_example_is_a_sound_part_of_a_program() -> Outcome {
    for signature in all() {
        let source = Source::new(signature.name, program(signature));
        let checked = check(&source, &[], &files())?;
        let report = render(&source, &checked.diagnostics, &Look::PLAIN, None);
        assert!(checked.program.is_some(), "the example of `{}`\n{report}", signature.name);
    }
    Ok(())
}

const CLASSES: &str = "data blobs(samples=30) { validation = 20% }\n";
const COUNTS: &str = "data {\n target = y\n table {\n x y\n -1 0\n -0.5 1\n 0 1\n 0.5 3\n 1 4\n }\n}\n";
const VALUES: &str = "data sine(samples=30) { }\n";
const TWO: &str = "data xor(samples=30) { }\n";

/// A program around the example of a kind, in which nothing else is at fault.
fn program(signature: &'static Signature) -> String {
    let example = signature.example;
    let network = |layers: &str| format!("network {{\n{layers}\n}}\n");
    let train = |settings: &str| format!("train {{\n{settings}\nepochs = 9\n}}\n");
    let softmax = network("dense classes softmax");
    let rate = "learning_rate = 0.1";
    let usual = train(&format!("loss = cross_entropy\n{rate}"));
    match (signature.family, signature.name) {
        (Family::Block, "data") => format!("{example}\n{softmax}{usual}"),
        (Family::Block, "network") => format!("{CLASSES}{}{usual}", example.replace('}', "\ndense classes softmax\n}")),
        (Family::Block, _) => format!("{CLASSES}{softmax}{example}\n"),
        (Family::Source, "sine") => {
            format!("{example}\n{}{}", network("dense 1"), train(&format!("loss = mse\n{rate}")))
        }
        (Family::Source, _) => format!("{example}\n{}{usual}", network("flatten\ndense classes softmax")),
        (Family::Layer, "input") => {
            format!(
                "data idx(\"images.idx\", \"labels.idx\") {{ }}\n{}{usual}",
                network(&format!("{example}\nflatten\ndense classes softmax"))
            )
        }
        // Before any weights, which would have no gradient.
        (Family::Activation, name) if is_flat(name) => {
            format!("{CLASSES}{}{usual}", network(&format!("{example}\ndense 16 relu\ndense classes softmax")))
        }
        (Family::Layer, _) if signature.labels().is_some() => format!(
            "{CLASSES}{}{usual}",
            network(&format!("left: dense 16 relu\nright: dense 16 relu from=input\n{example}\ndense classes softmax"))
        ),
        (Family::Layer, "select") => {
            format!("{CLASSES}{}{usual}", network(&format!("{example}\ndense classes softmax")))
        }
        (Family::Layer | Family::Activation, _) => {
            format!("{CLASSES}{}{usual}", network(&format!("dense 16 relu\n{example}\ndense classes softmax")))
        }
        (Family::Initializer, _) => {
            format!("{CLASSES}{}{usual}", network(&format!("{example}\ndense classes softmax")))
        }
        (Family::Loss, _) => {
            let (data, output) = match loss(signature).targets() {
                Targets::Distribution | Targets::ClassOrLabel => (CLASSES, "dense classes softmax"),
                Targets::Labels => (TWO, "dense 1 sigmoid"),
                Targets::Signs => (TWO, "dense 1"),
                Targets::Amounts => (COUNTS, "dense 1 softplus"),
                Targets::Values => (VALUES, "dense 1"),
            };
            format!("{data}{}{}", network(output), train(&format!("{example}\n{rate}")))
        }
        (Family::Schedule, _) => format!("{CLASSES}{softmax}{}", train(&format!("loss = cross_entropy\n{example}"))),
        (Family::Optimizer, name) if searches(name) => {
            format!("{CLASSES}{softmax}{}", train(&format!("loss = cross_entropy\n{rate}\n{example}\nbatch = all")))
        }
        (Family::Optimizer | Family::Stop, _) => {
            format!("{CLASSES}{softmax}{}", train(&format!("loss = cross_entropy\n{rate}\n{example}")))
        }
        (Family::Metric, "rmse" | "mse" | "mae" | "r2" | "mape") => {
            format!("{VALUES}{}{}", network("dense 1"), train(&format!("loss = mse\n{rate}\n{example}")))
        }
        (Family::Metric, _) => {
            format!("{CLASSES}{softmax}{}", train(&format!("loss = cross_entropy\n{rate}\n{example}")))
        }
    }
}

/// Whether an optimizer takes all rows at once.
fn searches(name: &str) -> bool {
    let kind = optimizers::find(name).expect("an optimizer");
    (kind.configure)(&Chosen::default(&kind.signature).arguments).searches()
}

/// Whether an activation has no slope.
fn is_flat(name: &str) -> bool {
    let kind = activations::find(name).expect("an activation");
    (kind.configure)(&Chosen::default(&kind.signature).arguments).traits().max_slope == 0.0
}

/// A loss with its defaults.
fn loss(signature: &'static Signature) -> Box<dyn Loss> {
    let kind = losses::find(signature.name).expect("a loss");
    (kind.configure)(&Chosen::default(signature).arguments)
}

/// The data files that examples name.
fn files() -> Memory {
    let header = |kind: u8, dimensions: &[u32]| {
        let mut bytes = vec![0, 0, kind, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
        bytes
    };
    let images = [header(8, &[4, 28, 28]), (0..4 * 784).map(|i| (i % 251) as u8).collect()].concat();
    let labels = [header(8, &[4]), vec![0, 1, 1, 0]].concat();
    let iris = "sepal,petal,species\n5.1,1.4,setosa\n7.0,4.7,versicolor\n4.9,1.5,setosa\n6.4,4.5,versicolor\n";
    Memory::new().with("images.idx", images).with("labels.idx", labels).with("iris.csv", iris)
}
