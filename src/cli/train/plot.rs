//! `--plot`: pictures of a finished run. The losses over the epochs, and what was learnt over one or two inputs.

mod fit;

use crate::catalog::Precision;
use crate::check::{Loaded, with_rows};
use crate::cli::shell::{Exit, Shell};
use crate::cli::specimen::save;
use crate::data::Dataset;
use crate::diagnostic::suggest;
use crate::ir::Program;
use crate::picture::{Curves, Drawing, Series, Split};
use crate::train::model::History;
use crate::train::{Ended, Run};
use std::path::{Path, PathBuf};

/// One picture to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plot {
    what: What,
    /// Where it is written.
    pub(super) path: PathBuf,
}

/// What there is to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The losses over the epochs.
    Loss,
    /// What was learnt, over these inputs; over the data's own where none are named.
    Fit(Vec<String>),
}

/// Reads `FILE`, `loss:FILE`, `fit:FILE`, `fit(A,B):FILE`.
pub(super) fn parse(text: &str) -> Result<Plot, String> {
    let (what, path) = what(text)?;
    let path = PathBuf::from(path);
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("svg" | "png") => Ok(Plot { what, path }),
        _ => Err("pictures are drawn as .svg and .png".to_owned()),
    }
}

fn what(text: &str) -> Result<(What, &str), String> {
    if let Some(rest) = text.strip_prefix("fit(") {
        let (names, path) = names(rest)?;
        return Ok((What::Fit(names), path));
    }
    let Some((word, path)) = text.split_once(':') else { return Ok((What::Loss, text)) };
    match word {
        "loss" => Ok((What::Loss, path)),
        "fit" => Ok((What::Fit(Vec::new()), path)),
        // A path with a colon: of a drive (`C:\loss.svg`), or in a folder or file of such a name.
        _ if word.len() < 2 || word.contains(['/', '\\', '.']) => Ok((What::Loss, text)),
        _ => {
            let near =
                suggest::nearest(word, ["loss", "fit"]).map_or(String::new(), |w| format!(", such as `{w}:{path}`"));
            Err(format!(
                "there is no plot `{word}`: write loss:FILE or fit:FILE{near} (a file of such a name is ./{text})"
            ))
        }
    }
}

/// `A,"B, or C"):FILE`: names in order, and what follows them.
fn names(text: &str) -> Result<(Vec<String>, &str), String> {
    let form = || "write fit(A,B):FILE, a name with a comma or bracket in it in quotes".to_owned();
    let (mut names, mut rest) = (Vec::new(), text.trim_start());
    loop {
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(form)?,
            None => rest.split_at(rest.find([',', ')']).ok_or_else(form)?),
        };
        if name.trim().is_empty() {
            return Err(form());
        }
        names.push(name.trim().to_owned());
        let after = after.trim_start();
        if let Some(next) = after.strip_prefix(',') {
            rest = next.trim_start();
        } else {
            let path = after.strip_prefix("):").ok_or_else(form)?;
            return Ok((names, path));
        }
    }
}

/// Whether all of them can be drawn, before a number moves; what cannot is told.
pub(super) fn check(plots: &[Plot], program: &Program, data: &Loaded, shell: &Shell) -> Result<(), Exit> {
    for plot in plots {
        let What::Fit(names) = &plot.what else { continue };
        let preparation = with_rows!(data, data => &data.preparation);
        if let Err(refused) = fit::axes(program, preparation, names) {
            let exit = shell.usage(&refused.message);
            shell.err(&format!("help: {}\n", refused.help));
            return Err(exit);
        }
    }
    Ok(())
}

/// What pictures tell of.
pub(super) struct Done<'d, R> {
    /// The program's file name.
    pub(super) name: String,
    pub(super) program: &'d Program,
    pub(super) data: &'d Dataset<R>,
    pub(super) history: &'d History,
    pub(super) ended: &'d Ended,
}

/// Draws and writes all of them.
pub(super) fn draw<R: Precision>(
    plots: &[Plot],
    done: &Done<'_, R>,
    run: &mut Run<'_, R>,
    shell: &Shell,
) -> Result<(), Exit> {
    for Plot { what, path } in plots {
        match what {
            What::Loss => save(&done.losses(), path, shell)?,
            What::Fit(_) if matches!(done.ended, Ended::Diverged(_)) => not_drawn(path, shell),
            What::Fit(names) => {
                let axes = fit::axes(done.program, &done.data.preparation, names);
                let axes = axes.map_err(|refused| shell.usage(&refused.message))?;
                save(&fit::draw(done, &axes, run.machine_mut()), path, shell)?;
            }
        }
    }
    Ok(())
}

fn not_drawn(path: &Path, shell: &Shell) {
    shell.err(&format!("`{}` is not drawn: a run that diverged has fitted nothing\n", path.display()));
}

impl<R> Done<'_, R> {
    /// The losses over the epochs.
    fn losses(&self) -> Drawing {
        let diverged = matches!(self.ended, Ended::Diverged(_));
        let best = if let Ended::Early { best } = self.ended { self.history.place(*best) } else { None };
        let series = |split: Split, losses: &[f64]| {
            // The epoch that a number became NaN or infinite in has no loss, and its place.
            let next = losses.len().checked_sub(1).map_or(1, |last| self.history.epoch(last) + 1);
            let points = self.history.points(losses).chain(diverged.then_some((next, f64::INFINITY)));
            Series {
                name: split.name().to_owned(),
                points: points.map(|(epoch, loss)| (epoch as f64, loss)).collect(),
                split: Some(split),
                diverged,
                ..Series::default()
            }
        };
        let mut all = vec![series(Split::Training, &self.history.train_loss)];
        if !self.history.validation_loss.is_empty() {
            all.push(series(Split::Validation, &self.history.validation_loss));
        }
        if let Some(last) = all.last_mut() {
            last.best = best;
        }
        let title = format!("{}: {} over the epochs", self.name, self.program.training.loss.name());
        Curves { title, x_name: "epoch".into(), y_name: "loss".into(), series: all, ordered: false }.draw()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_are_read() {
        let fit = |names: &[&str]| What::Fit(names.iter().map(|n| (*n).to_owned()).collect());
        let cases = [
            ("loss.svg", What::Loss, "loss.svg"),
            ("loss:a/b.PNG", What::Loss, "a/b.PNG"),
            ("fit:fit.png", fit(&[]), "fit.png"),
            ("fit(x):f.svg", fit(&["x"]), "f.svg"),
            ("fit(petal length, b):c:f.svg", fit(&["petal length", "b"]), "c:f.svg"),
            ("fit(\"a,b\",\"c)\"):f.svg", fit(&["a,b", "c)"]), "f.svg"),
            ("C:\\runs\\loss.svg", What::Loss, "C:\\runs\\loss.svg"),
            ("./a:b.svg", What::Loss, "./a:b.svg"),
        ];
        for (text, what, path) in cases {
            assert_eq!(parse(text), Ok(Plot { what, path: path.into() }), "{text}");
        }
    }

    #[test]
    fn what_is_no_plot_is_refused() {
        let cases = [
            ("loss.pdf", ".svg and .png"),
            ("fit:fit", ".svg and .png"),
            ("", ".svg and .png"),
            ("fti:a.svg", "such as `fit:a.svg`"),
            ("regions:a.svg", "there is no plot `regions`"),
            ("fit(a:b.svg", "write fit(A,B):FILE"),
            ("fit(a,):b.svg", "write fit(A,B):FILE"),
            ("fit():b.svg", "write fit(A,B):FILE"),
            ("fit(a)b.svg", "write fit(A,B):FILE"),
            ("fit(\"a):b.svg", "write fit(A,B):FILE"),
        ];
        for (text, said) in cases {
            let found = parse(text).expect_err(text);
            assert!(found.contains(said), "{text}: {found}");
        }
    }
}
