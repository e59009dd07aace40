//! What an optimizer that looks at other weights excludes: its loss must be one function of the weights, so each step
//! takes all rows, and nothing is drawn, bounded or scheduled.

use crate::catalog::bind::{Arguments, Bound};
use crate::catalog::blocks::key;
use crate::catalog::schedules;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::ir::network::Network;
use crate::source::Span;
use crate::syntax::tree::{Block, Item};

/// A program's training, as far as it matters here.
pub(super) struct Search<'a> {
    /// The optimizer's name.
    pub(super) name: &'static str,
    /// Where it is chosen.
    pub(super) span: Option<Span>,
    /// The `train` block.
    pub(super) block: &'a Block,
    /// Its settings.
    pub(super) settings: &'a Arguments,
    /// The network.
    pub(super) network: &'a Network,
}

impl Search<'_> {
    /// Reports each.
    pub(super) fn check(&self, out: &mut Vec<Diagnostic>) {
        self.batch(out);
        self.rate(out);
        self.bound(out);
        for node in self.network.nodes.iter().filter(|n| n.layer.as_ref().is_some_and(|l| l.is_random())) {
            let message = format!(
                "`{}` compares losses at several weights, and `{}` draws anew each time",
                self.name,
                node.kind()
            );
            let report = self.report(message, node.span, "makes the loss random");
            out.push(report.help("leave the line out, or choose another optimizer").fix(
                Applicability::Unsafe,
                format!("leave `{}` out", node.kind()),
                node.statement,
                "",
            ));
        }
    }

    fn batch(&self, out: &mut Vec<Diagnostic>) {
        let message = format!("`{}` takes all rows in each step", self.name);
        let Bound::Count(rows) = self.settings.get(key::BATCH) else { return };
        let span = rows.span.or(self.span).unwrap_or(self.block.keyword.span);
        let count = if rows.value == 1 { "1 row".to_owned() } else { format!("{} rows", rows.value) };
        let (what, edit) = if let Some(span) = rows.span {
            (count, Edit { span, text: "all".to_owned() })
        } else {
            let text = "\n  batch = all".to_owned();
            (format!("steps are of {count} where nothing is said"), Edit { span: Span::at(span.end as usize), text })
        };
        let report = self.report(message, span, what).help("write `batch = all`");
        out.push(mended(report, "write `batch = all`", edit));
    }

    fn rate(&self, out: &mut Vec<Diagnostic>) {
        let Bound::One(schedule) = self.settings.get(key::LEARNING_RATE) else { return };
        let Some(span) = schedule.span else { return };
        let rate = schedule.arguments.value(schedules::key::RATE);
        let message = format!("`{}` finds the length of its steps itself, and takes no schedule", self.name);
        let report =
            self.report(message, span, "moves the rate").help(format!("write `{rate}`: the first step's length"));
        out.push(mended(report, format!("write `{rate}`"), Edit { span, text: rate.to_string() }));
    }

    fn bound(&self, out: &mut Vec<Diagnostic>) {
        let name = key::CLIP_NORM.name();
        let Some(span) = self.settings.get(key::CLIP_NORM).span() else { return };
        let message = format!("`{}` compares the gradient with the loss, and `{name}` changes it", self.name);
        let report = self.report(message, span, "bounds the gradient").help("remove the line");
        let setting = |item: &Item| if let Item::Setting(setting) = item { Some(setting.clone()) } else { None };
        let line = self.block.items.iter().filter_map(setting).find(|s| s.value.span == span).map(|s| s.span);
        let edit = line.map(|span| Edit { span, text: String::new() });
        out.push(match edit {
            Some(edit) => mended(report, "remove the line", edit),
            None => report,
        });
    }

    fn report(&self, message: String, span: Span, label: impl Into<String>) -> Diagnostic {
        let other = self.span.filter(|own| *own != span);
        Diagnostic::error(codes::EXCLUSIVE, message).at(span, label).and_if(other, "looks at the loss of all rows")
    }
}

fn mended(mut report: Diagnostic, title: impl Into<String>, edit: Edit) -> Diagnostic {
    report.fixes.push(Fix { title: title.into(), applicability: Applicability::Unsafe, edits: vec![edit] });
    report
}
