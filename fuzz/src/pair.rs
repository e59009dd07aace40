//! A pair of IDX files: the first byte chooses how they are read and which of the two the bytes are, the rest is one
//! file, or both, with the length of the first before them.

use super::given::{LABELS, LANGUAGE, READY, Small, pictures, told};
use super::table::{taken, whole};
use nn::check::{Loaded, check_with};
use nn::data::{Memory, NewData};
use nn::source::Source;

/// Settings of `data`, by the first byte.
const SETTINGS: &[&str] = &[
    "scale = standard\n test = 25%\n",
    "validation = 30%\n stratify = false\n",
    "scale = minmax\n test = idx(\"x0\", \"y0\")\n",
    "test = idx(\"x\", \"y\")\n",
];

/// The last layer and the loss, by the first byte.
const ENDS: [(&str, &str); 2] = [("classes softmax", "cross_entropy"), ("targets", "mse")];

/// Reads a pair, and as new rows of a model; whether a program learns from it.
pub fn read(bytes: &[u8]) -> bool {
    let Some((&first, bytes)) = bytes.split_first() else { return false };
    let (inputs, targets) = match (first >> 4 & 3, bytes) {
        (0, bytes) => (bytes.to_vec(), LABELS.to_vec()),
        (1, bytes) => (pictures(), bytes.to_vec()),
        (_, [low, high, rest @ ..]) => {
            let at = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
            (rest[..at].to_vec(), rest[at..].to_vec())
        }
        _ => return false,
    };
    let settings = SETTINGS[first as usize % SETTINGS.len()];
    let (last, loss) = ENDS[usize::from(first >> 3 & 1)];
    let precision = if first >= 128 { "f64" } else { "f32" };
    let text = format!(
        "data idx(\"x\", \"y\") {{\n {settings}}}\nnetwork {{\n flatten\n dense {last}\n}}\ntrain {{\n loss = {loss}\n \
         learning_rate = 0.1\n epochs = 1\n precision = {precision}\n}}\n"
    );
    let source = Source::new("p.nn", text);
    let files = Memory::new().with("x", inputs).with("y", targets).with("x0", pictures()).with("y0", LABELS);
    let files = Small(files);
    let checked = check_with(&source, &[], &files, LANGUAGE).expect("no overrides");
    told(&source, &checked.diagnostics);
    let new = NewData::Idx { inputs: "x", targets: Some("y") };
    match &checked.data {
        Some(Loaded::F32(data)) => {
            whole(data);
            taken::<f32>(&data.preparation, new, &files, &source);
        }
        Some(Loaded::F64(data)) => {
            whole(data);
            taken::<f64>(&data.preparation, new, &files, &source);
        }
        None => {}
    }
    for ready in READY.iter() {
        if let Loaded::F32(data) = &ready.data {
            taken::<f32>(&data.preparation, new, &files, &source);
        }
    }
    checked.program.is_some()
}
