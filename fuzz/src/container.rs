//! Changes within a safetensors file whose metadata holds a JSON text, as models and checkpoints are: one of a value of
//! that text, of the program in it, of the tensors or of their header. The lengths, and the hash of a checkpoint, are
//! those of what is there afterwards, so that what is behind them is reached.

use serde_json::{Map, Number, Value, json};
use sha2::{Digest, Sha256};

/// Changes bytes in any way, to so many at the most.
pub type Bytewise<'a> = &'a mut dyn FnMut(&mut Vec<u8>, usize);

/// Which entries of the metadata a file has, and where its text has the program.
#[derive(Clone, Copy)]
pub struct Form {
    /// The entry that holds the text.
    pub text: &'static str,
    /// The entry that holds the hash of everything, where there is one.
    pub hash: Option<&'static str>,
    /// The program's text in the text, as a JSON pointer.
    pub program: &'static str,
}

/// A model.
pub const MODEL: Form = Form { text: "nn", hash: None, program: "/program" };
/// A checkpoint.
pub const CHECKPOINT: Form = Form { text: "nn.checkpoint", hash: Some("nn.sha256"), program: "/origin/program" };

/// Draws that follow from a seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// A file in its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Names of tensors with their type, shape and place; the metadata, its text left out.
    pub header: Map<String, Value>,
    /// The text.
    pub text: String,
    /// The tensors' bytes.
    pub tensors: Vec<u8>,
}

/// The parts of a file; `None` where it is of another form.
pub fn parts(bytes: &[u8], form: Form) -> Option<Parts> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (header, tensors) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let mut header: Map<String, Value> = serde_json::from_slice(header).ok()?;
    let text = header.get_mut("__metadata__")?.as_object_mut()?.remove(form.text)?.as_str()?.to_owned();
    Some(Parts { header, text, tensors: tensors.to_vec() })
}

/// The file that parts make.
pub fn joined(parts: &Parts, form: Form) -> Vec<u8> {
    let mut header = parts.header.clone();
    let hash = form.hash.map(|name| (name, hash(parts)));
    if let Some(metadata) = header.get_mut("__metadata__").and_then(Value::as_object_mut) {
        metadata.insert(form.text.to_owned(), parts.text.clone().into());
        metadata.extend(hash.map(|(name, hash)| (name.to_owned(), hash.into())));
    }
    let mut text = Value::Object(header).to_string();
    while !text.len().is_multiple_of(8) {
        text.push(' ');
    }
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), &parts.tensors].concat()
}

/// The hash of a checkpoint of these parts, as nn takes it.
fn hash(parts: &Parts) -> String {
    let place = |tensor: &Value, end: usize| usize::try_from(tensor["data_offsets"][end].as_u64()?).ok();
    let tensors = parts.header.iter().filter_map(|(name, tensor)| {
        let bytes = parts.tensors.get(place(tensor, 0)?..place(tensor, 1)?)?;
        (name != "__metadata__").then_some((name.as_str(), bytes))
    });
    let mut hash = Sha256::new();
    for (name, bytes) in std::iter::once(("", parts.text.as_bytes())).chain(tensors) {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    nn::data::hexadecimal(&hash.finalize())
}

/// A file after one to three changes; `None` where it is of another form.
pub fn mutated(bytes: &[u8], form: Form, seed: u32, most: usize, bytewise: Bytewise<'_>) -> Option<Vec<u8>> {
    let mut draws = Draws(u64::from(seed));
    let mut parts = parts(bytes, form)?;
    for _ in 0..=draws.below(3) {
        change(&mut parts, form, &mut draws, most, bytewise);
    }
    let mut bytes = joined(&parts, form);
    if draws.below(30) == 0 {
        bytewise(&mut bytes, most);
    }
    Some(bytes)
}

fn change(parts: &mut Parts, form: Form, draws: &mut Draws, most: usize, bytewise: Bytewise<'_>) {
    match draws.below(12) {
        0 => {
            let mut text = std::mem::take(&mut parts.text).into_bytes();
            bytewise(&mut text, most);
            parts.text = String::from_utf8_lossy(&text).into_owned();
        }
        1 if !parts.tensors.is_empty() => {
            let length = parts.tensors.len();
            bytewise(&mut parts.tensors, length);
            parts.tensors.resize(length, 0);
        }
        2 if parts.tensors.len() >= 8 => {
            let at = draws.below(parts.tensors.len() / 4 - 1) * 4;
            let single = [f32::NAN, f32::INFINITY, f32::MAX, -1.0, -f32::MAX, 0.0, f32::MIN_POSITIVE];
            let double = [f64::NAN, f64::INFINITY, f64::MAX, -1.0, -f64::MAX, 0.0, 5e-324];
            let k = draws.below(single.len());
            if draws.below(2) == 0 {
                parts.tensors[at..at + 4].copy_from_slice(&single[k].to_le_bytes());
            } else {
                parts.tensors[at..at + 8].copy_from_slice(&double[k].to_le_bytes());
            }
        }
        3 => {
            let mut header = Value::Object(std::mem::take(&mut parts.header));
            change_value(&mut header, draws);
            parts.header = header.as_object().cloned().unwrap_or_default();
        }
        4 | 5 => {
            let Ok(mut text) = serde_json::from_str::<Value>(&parts.text) else { return };
            let Some(program) = text.pointer_mut(form.program) else { return };
            let mut bytes = program.as_str().unwrap_or_default().as_bytes().to_vec();
            bytewise(&mut bytes, most);
            *program = String::from_utf8_lossy(&bytes).into();
            parts.text = text.to_string();
        }
        6 => {
            let Ok(mut text) = serde_json::from_str::<Value>(&parts.text) else { return };
            let mut strings = Vec::new();
            places(&text, "", &mut strings);
            strings.retain(|at| text.pointer(at).is_some_and(Value::is_string));
            if strings.is_empty() {
                return;
            }
            let Some(value) = text.pointer_mut(&strings[draws.below(strings.len())]) else { return };
            let mut bytes = value.as_str().unwrap_or_default().as_bytes().to_vec();
            bytewise(&mut bytes, most);
            *value = String::from_utf8_lossy(&bytes).into();
            parts.text = text.to_string();
        }
        _ => {
            let Ok(mut text) = serde_json::from_str::<Value>(&parts.text) else { return };
            change_value(&mut text, draws);
            parts.text = text.to_string();
        }
    }
}

/// The places of every value under one, as JSON pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(object) => {
            let escaped = |key: &String| key.replace('~', "~0").replace('/', "~1");
            object.iter().for_each(|(key, inner)| places(inner, &format!("{at}/{}", escaped(key)), out));
        }
        Value::Array(array) => array.iter().enumerate().for_each(|(k, inner)| places(inner, &format!("{at}/{k}"), out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Changes one value somewhere below another.
fn change_value(whole: &mut Value, draws: &mut Draws) {
    let mut all = Vec::new();
    places(whole, "", &mut all);
    let (at, other) = (&all[draws.below(all.len())], &all[draws.below(all.len())]);
    let other = whole.pointer(other).cloned().unwrap_or(Value::Null);
    let Some(value) = whole.pointer_mut(at) else { return };
    match (draws.below(5), value) {
        (0, Value::Array(array)) => array.truncate(array.len() / 2),
        (1, Value::Array(array)) => array.extend(array.last().cloned()),
        (2, Value::Array(array)) => array.reverse(),
        (0, Value::Object(object)) => {
            let key = object.keys().nth(draws.below(object.len())).cloned().unwrap_or_default();
            object.remove(&key);
        }
        (0 | 1, Value::Number(number)) => {
            let by = [-1.0, 0.0, 2.0, 0.5, 1e300][draws.below(5)];
            let new = number.as_f64().unwrap_or(0.0) * by;
            *number = Number::from_f64(new).unwrap_or_else(|| 0.into());
        }
        (2, Value::Number(number)) => {
            if let Some(whole) = number.as_u64() {
                *number = if draws.below(2) == 0 { whole.wrapping_add(1) } else { whole.saturating_sub(1) }.into();
            }
        }
        (0, Value::String(text)) => text.push(['x', '\n', '\u{1b}', '0'][draws.below(4)]),
        (1, Value::String(text)) => drop(text.pop()),
        (3, value) => *value = other,
        (_, value) => {
            let new = [
                Value::Null,
                json!(0),
                json!(1),
                json!(-1),
                json!(u64::MAX),
                json!(u64::from(u32::MAX)),
                json!(1e308),
                json!(5e-324),
                json!(""),
                json!("a"),
                json!(true),
                json!([]),
                json!({}),
            ];
            *value = new[draws.below(new.len())].clone();
        }
    }
}
