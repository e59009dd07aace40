//! What stands beside the bytes: data files in memory, programs over them, and the runs that those make.

use nn::catalog::Precision;
use nn::check::{Checked, Depth, Loaded, Options, check_with};
use nn::data::{DataFile, Dataset, Entry, Files, Memory, sha256};
use nn::diagnostic::human::{Look, render};
use nn::diagnostic::machine_readable::{github, json};
use nn::diagnostic::{Diagnostic, Label};
use nn::ir::Program;
use nn::source::{Source, Span};
use nn::tensor::Team;
use nn::train::checkpoint::{Checkpoint, Origin};
use nn::train::history::Recorder;
use nn::train::model::{self, Record, TrainedOn};
use nn::train::{Control, Event, Run, weights};
use std::io::{Read, Result};
use std::sync::LazyLock;

/// Language, shapes and data: no trial of the network, which would take most of the time.
pub const LANGUAGE: Options<'static> = Options { depth: Depth::Language, pedantic: false, model: None };

/// A program over one of [`files`], and what a run of it is to show.
pub struct Given {
    /// What its seeds are called.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Programs of every kind of input and target.
pub const PROGRAMS: &[Given] = &[
    Given {
        name: "classes",
        text: "data \"t.csv\" {\n target = kind\n scale = standard\n missing = mean\n test = 25%\n ignore = [z, w]\n}\n\
               network {\n dense 3 relu\n batch_norm\n dense classes softmax\n}\n\
               train {\n loss = cross_entropy\n learning_rate = 0.01\n epochs = 2\n batch = 8\n}\n",
    },
    Given {
        name: "values",
        text: "data \"t.csv\" {\n target = [z, w]\n scale = minmax\n target_scale = standard\n missing = mode\n \
               validation = 25%\n unseen = unknown\n}\n\
               network {\n dense 3 tanh\n layer_norm\n residual {\n dense 3 tanh\n dropout 10%\n}\n dense 2\n}\n\
               train {\n loss = mse\n optimizer = adam\n learning_rate = plateau(0.01, patience=1)\n epochs = 3\n \
               batch = 6\n precision = f64\n stop = early(patience=2)\n}\n",
    },
    Given {
        name: "two",
        text: "data \"t.csv\" {\n target = bit\n ignore = [kind, z, w]\n missing = median\n test = 25%\n}\n\
               network {\n dense 2 sigmoid\n dense 1 sigmoid\n}\n\
               train {\n loss = binary_cross_entropy\n optimizer = sgd(momentum=0.9)\n learning_rate = 0.01\n \
               epochs = 2\n metrics = [accuracy, f1, confusion]\n class_weights = balanced\n}\n",
    },
    Given {
        name: "pictures",
        text: "data idx(\"x.idx\", \"y.idx\") {\n scale = standard\n validation = 30%\n}\n\
               network {\n flatten\n dense 2 tanh\n dense classes softmax\n}\n\
               train {\n loss = cross_entropy\n learning_rate = 0.01\n epochs = 2\n batch = all\n shuffle = false\n \
               stop = early(patience=1)\n}\n",
    },
];

/// Files that grant the reader no more memory than it takes unasked.
pub struct Small(pub Memory);

impl Files for Small {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        self.0.open(path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        self.0.list(path)
    }

    fn memory(&self) -> Option<u64> {
        Some(0)
    }
}

/// The table that [`PROGRAMS`] are over.
pub fn table() -> String {
    let mut text = "x,c,kind,bit,z,w\n".to_owned();
    for row in 0..24_u32 {
        let x = if row % 11 == 5 { String::new() } else { format!("{}", f64::from(row) / 7.0) };
        let (c, kind) = (["red", "green", ""][row as usize % 3], ["a", "b", "1"][row as usize / 2 % 3]);
        text += &format!("{x},{c},{kind},{},{:.4},{}\n", row % 2, f64::from(row).sin(), row * row);
    }
    text
}

/// Six pictures of 2 × 2, as an IDX file.
pub fn pictures() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2];
    bytes.extend((0..24).map(|v| v * 10));
    bytes
}

/// Their labels.
pub const LABELS: &[u8] = &[0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 2, 0, 1, 2];

/// The files that [`PROGRAMS`] are over.
pub fn files() -> Small {
    Small(Memory::new().with("t.csv", table()).with("x.idx", pictures()).with("y.idx", LABELS))
}

/// One of [`PROGRAMS`] over its data.
pub struct Ready {
    /// Its text.
    pub source: Source,
    /// It, lowered.
    pub program: Program,
    /// Its rows.
    pub data: Loaded,
    /// What a run of it is a run of.
    pub origin: Origin,
}

/// [`PROGRAMS`] over their data.
pub static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| PROGRAMS.iter().map(|given| ready(given.text)).collect());

fn ready(text: &str) -> Ready {
    let source = Source::new("p.nn", text);
    let checked = check_with(&source, &[], &files(), LANGUAGE).expect("no overrides");
    let Checked { program: Some(program), data: Some(data), .. } = checked else {
        panic!("{text}\n{:#?}", checked.diagnostics)
    };
    let file = |path: &str| {
        let mut bytes = Vec::new();
        files().open(path).and_then(|mut file| file.read_to_end(&mut bytes)).expect("in memory");
        DataFile { path: path.to_owned(), bytes: bytes.len() as u64, sha256: sha256(&bytes) }
    };
    let origin = Origin {
        version: "0".to_owned(),
        program: text.to_owned(),
        overrides: Vec::new(),
        files: program.data.source.files().into_iter().map(file).collect(),
        start: None,
    };
    Ready { source, program, data, origin }
}

/// The model that one of [`PROGRAMS`] gives, and its checkpoint before each step.
pub fn trained(ready: &Ready) -> (Vec<u8>, Vec<Vec<u8>>) {
    match &ready.data {
        Loaded::F32(data) => run(ready, data),
        Loaded::F64(data) => run(ready, data),
    }
}

fn run<R: Precision>(ready: &Ready, data: &Dataset<R>) -> (Vec<u8>, Vec<Vec<u8>>) {
    let Ready { source, program, origin, .. } = ready;
    let mut run = Run::new(program, data, Team::solo());
    let mut checkpoints = Vec::new();
    loop {
        let mut state = run.state().expect("it does not diverge");
        // The time that steps took is not the same twice.
        state.sums.seconds = 0.0;
        checkpoints.push(Checkpoint { origin: origin.clone(), state }.bytes().expect("a checkpoint"));
        if run.advance(1).is_none() {
            break;
        }
    }
    let (mut run, mut recorder) = (Run::new(program, data, Team::solo()), Recorder::default());
    let ended = run.run(|event| {
        if let Event::Epoch(epoch) = event {
            recorder.push(epoch);
        }
        Control::Continue
    });
    let record = Record {
        version: "0".to_owned(),
        name: source.name().to_owned(),
        folder: String::new(),
        program: source.text().to_owned(),
        overrides: Vec::new(),
        facts: program.facts.clone(),
        preparation: data.preparation.clone(),
        data: TrainedOn { files: origin.files.clone(), rows: data.rows(), sides: data.sides.clone() },
        seed: program.training.seed,
        ended: ended.reason().to_owned(),
        steps: run.steps(),
        history: recorder.history(),
        start: None,
        continued: false,
    };
    (model::bytes(&record, &weights::store(run.machine())).expect("a model"), checkpoints)
}

/// Whether every place of a report is one of the text that it speaks of; its words in every form that there is.
pub fn told(source: &Source, found: &[Diagnostic]) {
    let text = source.text();
    let whole = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} of {} bytes", text.len());
    for diagnostic in found {
        let marked = |label: &Label| whole(label.span);
        diagnostic.primary.iter().chain(&diagnostic.labels).for_each(marked);
        diagnostic.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| whole(edit.span));
        for excerpt in &diagnostic.excerpts {
            assert!(excerpt.text.get(excerpt.start..excerpt.end).is_some(), "{excerpt:?}");
        }
    }
    if !found.is_empty() {
        let told = [render(source, found, &Look::PLAIN, None), json(source, found), github(source, found)];
        assert!(told.iter().all(|text| !text.is_empty()), "{found:?}");
    }
}
