//! From the tree to the typed program, in two halves: [`begin`] needs the file alone, [`Begun::finish`] also what the
//! data turned out to be. In between the caller reads the data that [`Begun::data`] names.

mod data;
mod dialect;
mod metrics;
mod network;
mod positive;
mod search;
mod set;
mod targets;
mod training;

use super::spec::{DataSpec, Facts};
use super::{Network, Training};
use crate::catalog::bind::{Arguments, Written, bind, look_up};
use crate::catalog::blocks::key;
use crate::catalog::scope::{Lack, Quantity, Scope};
use crate::catalog::{Family, Signature, blocks};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::tree::{Block, File, Item, Name, Statement, Value};
use crate::tensor::Dtype;
pub use set::{Override, located, set};

/// A program whose names and numbers are looked up as far as the file alone allows.
#[derive(Debug)]
pub struct Begun<'a> {
    /// The `data` block; `None` where it is missing or wrong (reported).
    pub data: Option<DataSpec>,
    /// Seed of every random stream.
    pub seed: u64,
    /// Of its numbers.
    pub precision: Dtype,
    scope: Scope,
    network: Option<&'a Block>,
    train: Option<(&'a Block, Arguments)>,
}

/// The first half: blocks, bindings, the `data` and `train` blocks.
pub fn begin<'a>(file: &'a File, out: &mut Vec<Diagnostic>) -> Begun<'a> {
    let mut scope = Scope::default();
    for item in &file.items {
        if let Item::Let(binding) = item {
            scope.bind(binding, out);
        }
    }
    let found = Blocks::find(file, out);
    let data = found.data.and_then(|block| data::lower(block, &scope, out));
    let train = found.train.map(|block| (block, training::bind_settings(block, &scope, out)));
    let settings = train.as_ref().map(|(_, settings)| settings);
    let seed = settings.and_then(|s| s.count(key::SEED)).map_or(0, |s| s.value);
    let precision = settings.map_or(Dtype::F32, training::precision);
    Begun { data, seed, precision, scope, network: found.network, train }
}

impl Begun<'_> {
    /// The second half: the network with its shapes, and the training that fits it. Without facts (the data could not
    /// be read, or was not looked at) what depends on them is left unchecked, and nothing comes back.
    pub fn finish(mut self, facts: Option<&Facts>, out: &mut Vec<Diagnostic>) -> Option<(Network, Training)> {
        let before = out.len();
        let (features, classes) = quantities(facts, self.data.as_ref());
        self.scope.quantities(features, classes);
        let source = self.data.as_ref().map(|d| d.source_span);
        let network = self.network.and_then(|block| network::lower(block, facts, source, &self.scope, out));
        let training = match (&self.train, &network) {
            (Some((block, settings)), Some(network)) => {
                training::lower(block, settings, network, self.data.as_ref(), facts, out)
            }
            _ => None,
        };
        out.extend(self.scope.unused());
        let sound = !out[before..].iter().any(|d| d.level == crate::diagnostic::Level::Error);
        let settings_sound = self.train.as_ref().is_some_and(|(_, settings)| settings.is_sound());
        match (network, training) {
            (Some(network), Some(training)) if sound && settings_sound => Some((network, training)),
            _ => None,
        }
    }
}

fn quantities(facts: Option<&Facts>, data: Option<&DataSpec>) -> (Quantity, Quantity) {
    use super::spec::TargetFacts;
    let Some(facts) = facts else { return (Quantity::Unknown, Quantity::Unknown) };
    let classes = match &facts.target {
        TargetFacts::Classes { names, .. } => Quantity::Known(names.len()),
        TargetFacts::Values { whole, .. } => Quantity::Without(match (targets::as_classes(data), whole) {
            (Some(category), Some(count)) => Lack {
                why: format!("the target holds {count} different whole numbers, read as values"),
                help: format!("write `{}` in `data` to take them as classes", category.text.trim()),
                edit: Some(category),
            },
            _ => Lack {
                why: "the target is a number, not a class".to_owned(),
                help: "write a number: an output for each target".to_owned(),
                edit: None,
            },
        }),
    };
    (Quantity::Known(facts.input.size()), classes)
}

/// The three blocks of a file, each at most once.
#[derive(Default)]
struct Blocks<'a> {
    /// Whether there is a block whose name says nothing: it may be any of the three.
    unknown: bool,
    data: Option<&'a Block>,
    network: Option<&'a Block>,
    train: Option<&'a Block>,
}

impl<'a> Blocks<'a> {
    fn find(file: &'a File, out: &mut Vec<Diagnostic>) -> Self {
        let mut found = Self::default();
        let mut broken = false;
        for item in &file.items {
            match item {
                Item::Block(block) => found.place(block, out),
                Item::Let(_) => {}
                Item::Broken(_) => broken = true,
                Item::Setting(setting) => out.push(outside(&setting.key, setting.span, "setting")),
                Item::Statement(statement) => {
                    // A block without its braces: it is not missing besides.
                    broken |= aliases_of_block(&statement.kind.text).is_some();
                    out.push(stray_statement(statement));
                }
                Item::Table(table) => out.push(
                    Diagnostic::error(codes::SYNTAX, "a table stands outside every block")
                        .at(table.keyword, "belongs in `data { … }`")
                        .help("write `data { target = … table { … } }`"),
                ),
            }
        }
        if broken || found.unknown {
            // The broken line may have been a block's head.
            return found;
        }
        for (block, signature) in
            [(found.data, &blocks::DATA), (found.network, &blocks::NETWORK), (found.train, &blocks::TRAIN)]
        {
            if block.is_none() {
                out.push(missing_block(file, signature));
            }
        }
        found
    }

    fn place(&mut self, block: &'a Block, out: &mut Vec<Diagnostic>) {
        // Looked up, or meant: a misspelt block is checked as the one that its name is nearest to.
        let Some(signature) = look_up(Family::Block, &block.keyword, out).or_else(|| nearest_block(&block.keyword))
        else {
            self.unknown = true;
            return;
        };
        let takes_source = *signature == blocks::DATA;
        let slot = if takes_source {
            &mut self.data
        } else if *signature == blocks::NETWORK {
            &mut self.network
        } else {
            &mut self.train
        };
        if let Some(earlier) = slot {
            out.push(
                Diagnostic::error(codes::DUPLICATE, format!("a program has one `{}` block", signature.name))
                    .at(block.keyword.span, "again here")
                    .and(earlier.keyword.span, "first here")
                    .help("put what stands in both into one"),
            );
            return;
        }
        if !takes_source && let Some(value) = block.values.first() {
            out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` takes nothing before its brace", signature.name))
                    .at(value.span, "not wanted here")
                    .help(format!("write `{} {{`", signature.name)),
            );
        }
        *slot = Some(block);
    }
}

fn nearest_block(name: &Name) -> Option<&'static Signature> {
    let near = crate::diagnostic::suggest::nearest(&name.text, blocks::BLOCKS.iter().map(|b| b.name))?;
    crate::catalog::find(Family::Block, near)
}

fn missing_block(file: &File, signature: &Signature) -> Diagnostic {
    let last =
        file.items.iter().filter_map(|i| if let Item::Block(b) = i { Some(b.keyword.span) } else { None }).next_back();
    Diagnostic::error(codes::MISSING, format!("the program has no `{}` block: {}", signature.name, signature.summary))
        .at(last.unwrap_or(Span::at(0)), format!("no `{}` block before or after this", signature.name))
        .help(format!("add `{} {{ … }}`{}", signature.name, with_required(signature)))
}

/// `, with` the settings that a block cannot do without.
fn with_required(signature: &Signature) -> String {
    let required =
        signature.parameters.iter().filter(|p| p.default == crate::catalog::signature::DefaultValue::Required);
    let required: Vec<_> = required.map(|p| format!("`{} = …`", p.name)).collect();
    if required.is_empty() { String::new() } else { format!(", with {}", required.join(", ")) }
}

fn outside(name: &Name, span: Span, what: &str) -> Diagnostic {
    let home =
        crate::catalog::kinds(Family::Block).into_iter().find(|b| b.parameters.iter().any(|p| p.name == name.text));
    let diagnostic = Diagnostic::error(codes::SYNTAX, format!("a {what} stands outside every block"));
    match home {
        Some(block) => diagnostic.at(span, format!("`{}` belongs in `{} {{ … }}`", name.text, block.name)),
        None => diagnostic
            .at(span, "belongs to no block")
            .help("at the top level stand `let`, `data`, `network` and `train`"),
    }
}

fn stray_statement(statement: &Statement) -> Diagnostic {
    let block = aliases_of_block(&statement.kind.text);
    match block {
        Some(block) => Diagnostic::error(codes::SYNTAX, format!("`{block}` is a block and needs braces"))
            .at(statement.span, "no braces")
            .help(format!("write `{block} {{` … `}}`")),
        None => outside(&statement.kind, statement.span, "statement"),
    }
}

fn aliases_of_block(name: &str) -> Option<&'static str> {
    crate::catalog::find(Family::Block, name).map(|s| s.name)
}

/// Binds the settings of a block; whatever else stands in it is handed to `other`, which says whether it belongs there.
fn bind_block(
    block: &Block,
    signature: &'static Signature,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
    mut other: impl FnMut(&Item, &mut Vec<Diagnostic>) -> bool,
) -> Arguments {
    let mut settings: Vec<(&Name, &Value)> = Vec::new();
    let mut broken = false;
    for item in &block.items {
        match item {
            Item::Setting(setting) => settings.push((&setting.key, &setting.value)),
            Item::Broken(_) => broken = true,
            _ if other(item, out) => {}
            Item::Statement(statement) => {
                // `epochs 500` lacks its sign, not its value.
                settings.extend(
                    statement
                        .values
                        .first()
                        .filter(|_| known(signature, &statement.kind))
                        .map(|value| (&statement.kind, value)),
                );
                // `target: species` has another sign: what is wrong with the line is said once.
                broken |= statement.label.as_ref().is_some_and(|label| known(signature, label));
                out.push(statement_for_setting(statement, signature));
            }
            Item::Block(inner) => out.push(
                Diagnostic::error(codes::SYNTAX, format!("no block stands in `{}`", signature.name))
                    .at(inner.keyword.span, format!("not in `{}`", signature.name)),
            ),
            Item::Let(binding) => out.push(
                Diagnostic::error(codes::SYNTAX, "`let` stands at the top level")
                    .at(binding.span, format!("inside `{}`", signature.name))
                    .help("move it above the blocks"),
            ),
            Item::Table(table) => out.push(
                Diagnostic::error(codes::SYNTAX, format!("no table stands in `{}`", signature.name))
                    .at(table.keyword, "belongs in `data`"),
            ),
        }
    }
    let mut found = Vec::new();
    let arguments =
        bind(signature, &Written { at: block.keyword.span, positional: vec![], named: settings }, scope, &mut found);
    // A broken line may be the very setting that seems to be missing.
    out.extend(found.into_iter().filter(|d| !(broken && d.code == codes::MISSING)));
    arguments
}

fn known(signature: &Signature, name: &Name) -> bool {
    crate::catalog::aliases::parameter(signature, &name.text).is_some()
}

/// `target: species` in a block of settings.
fn colon_for_equals(statement: &Statement, label: &Name) -> Diagnostic {
    let (end, start) = (label.span.end as usize, statement.kind.span.start as usize);
    let name = &label.text;
    let diagnostic = Diagnostic::error(codes::SYNTAX, format!("`{name}` is followed by `:`, and a value by `=`"))
        .at(Span::new(end, start), "`=` expected");
    if statement.values.is_empty() && statement.options.is_empty() {
        diagnostic.help(format!("write `{name} = {}`", statement.kind.text)).fix(
            crate::diagnostic::Applicability::Safe,
            "write `=`",
            Span::new(end, start),
            " = ",
        )
    } else {
        diagnostic.help(format!("write `{name} = …`, with one value"))
    }
}

/// `epochs 100` in a block of settings.
fn statement_for_setting(statement: &Statement, signature: &'static Signature) -> Diagnostic {
    if let Some(label) = statement.label.as_ref().filter(|label| known(signature, label)) {
        return colon_for_equals(statement, label);
    }
    let name = &statement.kind.text;
    let diagnostic =
        Diagnostic::error(codes::SYNTAX, format!("`{}` takes settings, one `name = value` a line", signature.name))
            .at(statement.span, "not a setting");
    match (known(signature, &statement.kind), statement.values.as_slice()) {
        (true, [value]) if statement.options.is_empty() && statement.label.is_none() => {
            diagnostic.help(format!("write `=` after `{name}`")).fix(
                crate::diagnostic::Applicability::Safe,
                "insert `=`",
                Span::new(statement.kind.span.end as usize, value.span.start as usize),
                " = ",
            )
        }
        _ if crate::catalog::find(Family::Layer, name).is_some() => diagnostic.help("layers stand in `network { … }`"),
        _ => diagnostic,
    }
}
