//! The `data` block.

use super::{bind_block, dialect};
use crate::catalog::bind::{Arguments, Bound, Chosen, Written, choose};
use crate::catalog::scope::Scope;
use crate::catalog::{Family, MOST_UNITS, blocks, sources};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::spec::{ColumnName, DataSource, DataSpec, Holdout, Missing, Scale};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Block, Item, Name, Table, Value, ValueKind};

/// Lowers the block; `None` where too little of it is right to read data by.
pub(super) fn lower(block: &Block, scope: &Scope, out: &mut Vec<Diagnostic>) -> Option<DataSpec> {
    let mut tables: Vec<&Table> = Vec::new();
    for item in &block.items {
        if let Item::Table(table) = item {
            tables.push(table);
        }
    }
    let settings = bind_block(block, &blocks::DATA, scope, out, |item, _| matches!(item, Item::Table(_)));
    let (source, source_span) = source(block, &tables, scope, out)?;
    let mut spec = DataSpec {
        target: columns(&settings, "target"),
        target_span: settings.get("target").span(),
        inputs: settings.names("inputs").map(|_| columns(&settings, "inputs")),
        ignore: columns(&settings, "ignore"),
        category: columns(&settings, "category"),
        scale: word(&settings, "scale", scale),
        target_scale: word(&settings, "target_scale", scale),
        missing: missing(&settings),
        unseen: settings.word("unseen").is_some_and(|w| w.value == "unknown"),
        validation: holdout(&settings, "validation"),
        test: holdout(&settings, "test"),
        split_seed: settings.count("split_seed").unwrap_or(Spanned::default(0)),
        stratify: settings.flag("stratify").unwrap_or(Spanned::default(true)),
        classes: settings.names("classes").map(|names| Spanned {
            value: names.iter().map(|n| n.text.clone()).collect(),
            span: settings.get("classes").span(),
        }),
        positive: columns(&settings, "positive").pop(),
        dates: settings
            .dates("date")
            .iter()
            .map(|d| ColumnName { name: d.name.text.clone(), span: d.name.span })
            .collect(),
        weight: columns(&settings, "weight").pop(),
        dialect: dialect::lower(&settings, out),
        places: dialect::places(block, &settings),
        source,
        source_span,
    };
    dialect::check(&spec.source, &settings, out);
    check_target(&mut spec, &settings, block, out);
    check_shares(&spec, out);
    Some(spec)
}

fn source(block: &Block, tables: &[&Table], scope: &Scope, out: &mut Vec<Diagnostic>) -> Option<(DataSource, Span)> {
    if let [first, second, ..] = tables {
        out.push(
            Diagnostic::error(codes::DUPLICATE, "a `data` block has one table")
                .at(second.keyword, "again here")
                .and(first.keyword, "first here"),
        );
    }
    if let Some(extra) = block.values.get(1) {
        out.push(
            Diagnostic::error(codes::SYNTAX, "`data` takes one source")
                .at(extra.span, "one too many")
                .help("held-out files are settings: `test = \"test.csv\"`"),
        );
    }
    match (block.values.first(), tables.first()) {
        (Some(value), Some(table)) => {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, "the data comes from a source or from a table, not both")
                    .at(table.keyword, "a table here")
                    .and(value.span, "a source here")
                    .help("remove one of the two"),
            );
            None
        }
        (Some(value), None) => Some((named_source(value, scope, out)?, value.span)),
        (None, Some(table)) => Some((DataSource::Inline((*table).clone()), table.keyword)),
        (None, None) => {
            if !block.items.iter().any(|i| matches!(i, Item::Broken(_))) {
                out.push(
                    Diagnostic::error(codes::MISSING, "`data` has no source")
                        .at(block.keyword.span, "no file, generator or table")
                        .help("write `data \"file.csv\" {`, or a `table { … }` in its braces"),
                );
            }
            None
        }
    }
}

fn named_source(value: &Value, scope: &Scope, out: &mut Vec<Diagnostic>) -> Option<DataSource> {
    let value = &scope.resolve(value);
    match &value.kind {
        ValueKind::Text(path) => delimited(path, value.span, out),
        ValueKind::Name(text) => {
            let name = Name { text: text.clone(), span: value.span };
            let written = Written { at: value.span, positional: vec![], named: vec![] };
            generated(&choose(Family::Source, &name, &written, value.span, scope, out)?, out)
        }
        ValueKind::Call(call) => {
            let written = Written {
                at: call.name.span,
                positional: call.arguments.iter().filter(|a| a.key.is_none()).map(|a| &a.value).collect(),
                named: call.arguments.iter().filter_map(|a| Some((a.key.as_ref()?, &a.value))).collect(),
            };
            generated(&choose(Family::Source, &call.name, &written, value.span, scope, out)?, out)
        }
        ValueKind::Invalid => None,
        other => {
            out.push(
                Diagnostic::error(
                    codes::DOMAIN,
                    format!("`data` takes a file or a generator, not {}", other.describe()),
                )
                .at(value.span, "not a source")
                .help("write the file's path in quotes: `data \"file.csv\" {`"),
            );
            None
        }
    }
}

fn delimited(path: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<DataSource> {
    let lower = path.to_ascii_lowercase();
    let extension = lower.strip_suffix(".gz").unwrap_or(&lower).rsplit_once('.').map(|(_, e)| e.to_owned());
    if matches!(extension.as_deref(), Some("csv" | "tsv" | "txt" | "data")) {
        return Some(DataSource::Delimited { path: path.to_owned() });
    }
    if path == "-" {
        out.push(
            Diagnostic::error(codes::DOMAIN, "`-` is no file, and a program's data is read more than once".to_owned())
                .at(span, "standard input can be read once only")
                .note_that("training, `nn eval`, `nn trace` and `nn verify` each read it, and a model tells whether it has changed")
                .help("save it first: `cat > data.csv`, then `data \"data.csv\" {`; `nn predict MODEL -` reads new rows from standard input"),
        );
        return None;
    }
    let found = extension.map_or("no ending".to_owned(), |e| format!("`.{e}`"));
    out.push(
        Diagnostic::error(codes::DOMAIN, format!("`{path}` is not of a format that nn reads"))
            .at(span, format!("{found}; `.csv`, `.tsv`, `.txt` and `.data` are read, and `.gz` of each"))
            .help("save the data as CSV; IDX files go in pairs: `data idx(\"inputs\", \"labels\") { }`"),
    );
    None
}

fn generated(chosen: &Chosen, out: &mut Vec<Diagnostic>) -> Option<DataSource> {
    let arguments = &chosen.arguments;
    if *chosen.kind == sources::IDX {
        let text = |name| arguments.text(name).map(|t| t.value.clone());
        return Some(DataSource::Idx { inputs: text("inputs")?, targets: text("targets")? });
    }
    let samples = arguments.count("samples")?;
    if samples.value > MOST_UNITS as u64 {
        out.push(
            Diagnostic::error(codes::DOMAIN, format!("`samples` is {}, more than nn generates", samples.value))
                .at(samples.span.or(chosen.span)?, format!("at most {MOST_UNITS}")),
        );
        return None;
    }
    Some(DataSource::Generator {
        name: chosen.kind.name,
        samples: samples.value as usize,
        noise: arguments.value("noise"),
        seed: arguments.count("seed")?.value,
    })
}

fn columns(settings: &Arguments, name: &str) -> Vec<ColumnName> {
    let names = settings.names(name).unwrap_or_default();
    names.iter().map(|n| ColumnName { name: n.text.clone(), span: n.span }).collect()
}

fn word<T>(settings: &Arguments, name: &str, of: impl Fn(&str) -> T) -> Spanned<T> {
    match settings.word(name) {
        Some(word) => Spanned { value: of(word.value), span: word.span },
        None => Spanned::default(of("")),
    }
}

fn scale(word: &str) -> Scale {
    match word {
        "standard" => Scale::Standard,
        "minmax" => Scale::Minmax,
        _ => Scale::None,
    }
}

fn missing(settings: &Arguments) -> Spanned<Missing> {
    if let Some(number) = settings.number("missing") {
        return Spanned { value: Missing::Constant(number.value), span: number.span };
    }
    let of = |word: &str| match word {
        "drop" => Missing::Drop,
        "mean" => Missing::Mean,
        "mode" => Missing::Mode,
        "median" => Missing::Median,
        _ => Missing::Error,
    };
    word(settings, "missing", of)
}

fn holdout(settings: &Arguments, name: &str) -> Option<Spanned<Holdout>> {
    match settings.get(name) {
        Bound::Share(share) => Some(Spanned { value: Holdout::Share(share.value), span: share.span }),
        Bound::Text(path) => Some(Spanned { value: Holdout::File(path.value.clone()), span: path.span }),
        _ => None,
    }
}

/// Sources with columns need a target; the others have their own.
fn check_target(spec: &mut DataSpec, settings: &Arguments, block: &Block, out: &mut Vec<Diagnostic>) {
    let has_columns = matches!(spec.source, DataSource::Delimited { .. } | DataSource::Inline(_));
    if has_columns && spec.target.is_empty() && matches!(settings.get("target"), Bound::Absent) {
        let broken = block.items.iter().any(|i| matches!(i, Item::Broken(_)));
        if !broken {
            out.push(
                Diagnostic::error(codes::MISSING, "`data` needs `target`: the column to predict")
                    .at(spec.source_span, "this data has no target")
                    .help("write `target = COLUMN` in its braces"),
            );
        }
    }
    let is_idx = matches!(spec.source, DataSource::Idx { .. });
    for name in ["target", "inputs", "ignore", "category"] {
        if is_idx && let Some(span) = settings.get(name).span() {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("IDX data has no columns, so `{name}` means nothing"))
                    .at(span, "no such column")
                    .and(spec.source_span, "IDX data")
                    .help("remove the line"),
            );
        }
    }
    for input in spec.inputs.iter().flatten() {
        if let Some(ignored) = spec.ignore.iter().find(|i| i.name == input.name) {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("`{}` is an input and ignored", input.name))
                    .at(input.span, "an input here")
                    .and(ignored.span, "ignored here")
                    .help("remove it from one of the two"),
            );
        }
        if let Some(target) = spec.target.iter().find(|t| t.name == input.name) {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("`{}` is the target and an input", input.name))
                    .at(input.span, "an input here")
                    .and(target.span, "the target here")
                    .help("remove it from `inputs`"),
            );
        }
    }
}

fn check_shares(spec: &DataSpec, out: &mut Vec<Diagnostic>) {
    let share = |h: &Option<Spanned<Holdout>>| match h {
        Some(Spanned { value: Holdout::Share(share), span }) => Some((*share, (*span)?)),
        _ => None,
    };
    if let (Some((validation, at)), Some((test, and))) = (share(&spec.validation), share(&spec.test))
        && validation + test >= 1.0 - 1e-9
    {
        let (validation, test) = (validation * 100.0, test * 100.0);
        out.push(
            Diagnostic::error(
                codes::DATA_SPLIT,
                format!("{validation}% and {test}% held out leave nothing to train on"),
            )
            .at(at, "held out for validation")
            .and(and, "held out for the test"),
        );
    }
}
