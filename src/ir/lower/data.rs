//! The `data` block.

mod settings;

use super::{bind_block, dialect};
use crate::catalog::bind::{Arguments, Bound, Chosen, Written, choose};
use crate::catalog::blocks::key;
use crate::catalog::scope::Scope;
use crate::catalog::signature::{Key, held};
use crate::catalog::{Family, blocks, sources};
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
        target: columns(&settings, key::TARGET),
        target_span: settings.get(key::TARGET).span(),
        lacks_target: false,
        inputs: settings.names(key::INPUTS).map(|_| columns(&settings, key::INPUTS)),
        ignore: columns(&settings, key::IGNORE),
        category: columns(&settings, key::CATEGORY),
        scale: word(&settings, key::SCALE, scale),
        target_scale: word(&settings, key::TARGET_SCALE, scale),
        missing: missing(&settings),
        unseen: settings.word(key::UNSEEN).is_some_and(|w| w.value == "unknown"),
        validation: holdout(&settings, key::VALIDATION, out),
        test: holdout(&settings, key::TEST, out),
        split_seed: settings.count(key::SPLIT_SEED).unwrap_or(Spanned::default(0)),
        stratify: settings.flag(key::STRATIFY).unwrap_or(Spanned::default(true)),
        classes: settings.names(key::CLASSES).map(|names| Spanned {
            value: names.iter().map(|n| n.text.clone()).collect(),
            span: settings.get(key::CLASSES).span(),
        }),
        positive: columns(&settings, key::POSITIVE).pop(),
        dates: settings
            .dates(key::DATE)
            .iter()
            .map(|d| ColumnName { name: d.name.text.clone(), span: d.name.span })
            .collect(),
        weight: columns(&settings, key::WEIGHT).pop(),
        dialect: dialect::lower(&settings, out),
        places: dialect::places(block, &settings),
        source,
        source_span,
    };
    settings::check(&mut spec, &settings, block, out);
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
            named(&choose(Family::Source, &name, &written, value.span, scope, out)?, out)
        }
        ValueKind::Call(call) => {
            let written = Written {
                at: call.name.span,
                positional: call.arguments.iter().filter(|a| a.key.is_none()).map(|a| &a.value).collect(),
                named: call.arguments.iter().filter_map(|a| Some((a.key.as_ref()?, &a.value))).collect(),
            };
            named(&choose(Family::Source, &call.name, &written, value.span, scope, out)?, out)
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
    let Err(extension) = sources::is_table(path) else {
        return Some(DataSource::Delimited { path: path.to_owned() });
    };
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

/// A source by its name and sound arguments.
fn named(chosen: &Chosen, out: &mut Vec<Diagnostic>) -> Option<DataSource> {
    let configured = (sources::of(chosen.kind)?.configure)(&chosen.arguments);
    configured.map_err(|report| out.push(*report)).ok()
}

fn columns(settings: &Arguments, key: Key<held::Names>) -> Vec<ColumnName> {
    let names = settings.names(key).unwrap_or_default();
    names.iter().map(|n| ColumnName { name: n.text.clone(), span: n.span }).collect()
}

fn word<T>(settings: &Arguments, key: Key<held::Word>, of: impl Fn(&str) -> T) -> Spanned<T> {
    match settings.word(key) {
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
    if let Some(number) = settings.number(key::MISSING) {
        return Spanned { value: Missing::Constant(number.value), span: number.span };
    }
    let of = |word: &str| match word {
        "drop" => Missing::Drop,
        "mean" => Missing::Mean,
        "mode" => Missing::Mode,
        "median" => Missing::Median,
        _ => Missing::Error,
    };
    word(settings, key::MISSING, of)
}

fn holdout(settings: &Arguments, key: Key<held::Share>, out: &mut Vec<Diagnostic>) -> Option<Spanned<Holdout>> {
    let bound = settings.get(key);
    let value = match bound {
        Bound::Share(share) => Holdout::Share(share.value),
        Bound::Text(path) => Holdout::Source(DataSource::Delimited { path: path.value.clone() }),
        Bound::One(chosen) => Holdout::Source(named(chosen, out)?),
        _ => return None,
    };
    Some(Spanned { value, span: bound.span() })
}
