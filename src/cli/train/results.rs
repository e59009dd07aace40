//! What a training came to, measured and told: loss and metrics of each split, and tables of classes and predictions.

use super::Job;
use crate::catalog::Precision;
use crate::catalog::metrics::Outcome;
use crate::cli::breakdown;
use crate::cli::report::{self, Line};
use crate::cli::shell::Shell;
use crate::data::{Dataset, Original};
use crate::ir::spec::DataSource;
use crate::text::exact;
use crate::train::predict::Writer;
use crate::train::terms::Parts;
use crate::train::{Ended, Evaluation, Run, Terms};
use std::path::Path;

/// What each split came to.
pub(super) struct Results {
    pub(super) splits: Vec<Split>,
}

/// A split's name, what it came to, and its metrics.
pub(super) type Split = (&'static str, Evaluation, Vec<(&'static str, Outcome)>);

impl Results {
    pub(super) fn test(&self) -> Option<(&Evaluation, &[(&'static str, Outcome)])> {
        self.splits.iter().find(|(name, ..)| *name == "test").map(|(_, e, m)| (e, m.as_slice()))
    }
}

impl Job<'_> {
    pub(super) fn evaluate<R: Precision>(&self, run: &mut Run<'_, R>, data: &Dataset<R>) -> Results {
        let mut splits = Vec::new();
        for (name, rows) in [("training", &data.train), ("validation", &data.validation), ("test", &data.test)] {
            if !rows.is_empty() {
                let evaluation = run.evaluate(rows);
                let metrics = evaluation.metrics(&self.program.training.metrics);
                splits.push((name, evaluation, metrics));
            }
        }
        Results { splits }
    }

    pub(super) fn tell<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        data: &Dataset<R>,
        results: &Results,
        ended: &Ended,
        path: &Path,
        shell: &mut Shell,
    ) {
        match ended {
            Ended::Early { best } => shell.out(&format!("stopped early; the weights of epoch {best} are back\n")),
            Ended::Interrupted => {
                let output =
                    self.args.output.as_ref().map_or_else(String::new, |path| format!(" -o {}", path.display()));
                let file = self.args.file.display();
                shell.out(&format!(
                    "interrupted; what was reached is saved: `nn train {file}{output} --resume` goes on\n"
                ));
            }
            Ended::Epochs | Ended::Diverged(_) => {}
        }
        // Early stopping brings the best weights back however a run ends.
        let last = run.train_loss().len() as u64;
        if let (Ended::Interrupted | Ended::Epochs, Some(best)) = (ended, run.best())
            && best != last
        {
            shell.out(&format!("the weights of epoch {best} are back\n"));
        }
        let lines: Vec<_> =
            results.splits.iter().map(|(name, evaluation, metrics)| Line { name, evaluation, metrics }).collect();
        let terms = Terms::of(self.program);
        shell.out(&report::splits(&lines, &terms));
        if let Some((name, evaluation, _)) = results.splits.last() {
            // `eval` lists classes besides; labels and targets have no number of their own in the table above.
            let each = (terms.parts != Parts::Classes).then(|| breakdown::table(name, &evaluation.tally, &terms));
            let tables = [each.flatten(), report::confusion(name, &evaluation.tally, &terms)];
            tables.into_iter().flatten().for_each(|table| shell.out(&format!("\n{table}")));
        }
        let shown = &self.program.training.metrics;
        let remarks: Vec<String> =
            results.splits.iter().flat_map(|(name, e, _)| breakdown::remarks(name, &e.tally, &terms, shown)).collect();
        if let Some(remarks) = breakdown::told(&remarks) {
            shell.out(&format!("\n{remarks}"));
        }
        if let Some(table) = self.small_table(run, data) {
            shell.out(&format!("\n{table}"));
        }
        shell.out(&format!("\nsaved {}\n", path.display()));
    }

    /// The predictions themselves, where the data is a small table in the program.
    fn small_table<R: Precision>(&self, run: &mut Run<'_, R>, data: &Dataset<R>) -> Option<String> {
        const MOST_ROWS: usize = 16;
        const MOST_COLUMNS: usize = 8;
        if !matches!(self.program.data.source, DataSource::Inline(_))
            || data.rows() > MOST_ROWS
            || data.features > MOST_COLUMNS
        {
            return None;
        }
        let writer = Writer::new(self.program, &data.preparation);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in 0..data.rows() as u32 {
            let output = run.outputs(row);
            let originals = data.preparation.inputs.original(data.row(row));
            if rows.is_empty() {
                let names = originals.iter().map(|(name, _)| name.clone());
                rows.push(names.chain(writer.header()).collect());
            }
            let inputs = originals.iter().map(|(_, value)| match value {
                Original::Number(n) => exact(*n),
                Original::Category(name) => (*name).to_owned(),
                Original::Unseen => String::new(),
            });
            // The name of a class stays as it is, though it be a number.
            let names = usize::from(self.program.training.target.is_classes());
            let cells = writer.row(&output).into_iter().enumerate();
            let cells = cells.map(|(k, c)| if k < names { c } else { c.parse().map_or(c, report::short) });
            rows.push(inputs.chain(cells).collect());
        }
        Some(report::aligned(&rows))
    }
}
