//! Whether a [`Preparation`] is one that rows can be prepared by, wherever it comes from: learnt from data, whose
//! numbers may be too large for their own mean, or read from a file that anybody may have written.

use super::dataset::Targets;
use super::preparation::{InputColumn, InputKind, Inputs, Preparation, Scaling, TargetRule, Unnamed};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::dialect::{Dialect, Numbers};
use crate::ir::spec::Statistics;
use crate::tensor::{Real, is_all_finite};

impl Preparation {
    /// The report of a row, of those that it has prepared, whose value is finite, and so far from what is trained on
    /// that it no longer is once it is scaled. `first` is the number of the first row.
    pub(super) fn beyond<R: Real>(
        &self,
        (inputs, first): (&[R], usize),
        targets: Option<&Targets<R>>,
    ) -> Option<Diagnostic> {
        let targets: (&[R], usize) = match targets {
            Some(Targets::Values { width, values }) => (values, *width),
            Some(Targets::Classes(_)) | None => (&[], 1),
        };
        let inputs = (inputs, self.inputs.shape().size());
        let names = [self.inputs.names(), self.target.columns().into_iter().map(str::to_owned).collect()];
        for ((values, width), names) in [inputs, targets].into_iter().zip(names) {
            if is_all_finite(values) {
                continue;
            }
            let at = values.iter().position(|value| !value.is_finite())?;
            let of = names.get(at % width).map_or(String::new(), |name| format!(" of `{name}`"));
            let text = format!(
                "row {}: a value{of} is too far from those that are trained on to be scaled",
                first + at / width
            );
            return Some(Diagnostic::error(codes::NON_FINITE, text));
        }
        None
    }

    /// What keeps rows from being prepared by it, as a sentence.
    pub fn fault(&self) -> Option<String> {
        let inputs = match &self.inputs {
            Inputs::Columns(columns) => columns.iter().find_map(of_column),
            Inputs::Block(block) => of_block(block),
        };
        inputs.or_else(|| of_target(&self.target)).or_else(|| of_dialect(&self.dialect))
    }
}

fn of_column(column: &InputColumn) -> Option<String> {
    let name = &column.name;
    match &column.kind {
        InputKind::Number { statistics, fill, scaling } => {
            let what = || format!("column `{name}`");
            if fill.is_some_and(|fill| !fill.is_finite()) {
                return Some(format!("what fills the missing cells of column `{name}` is no finite number"));
            }
            of_numbers(statistics, *scaling, what)
        }
        InputKind::Category { names, fill, .. } => {
            if names.is_empty() {
                return Some(format!("column `{name}` has no values to tell apart"));
            }
            let outside = fill.is_some_and(|fill| fill >= names.len());
            outside.then(|| format!("what fills the missing cells of column `{name}` is none of its values"))
        }
    }
}

fn of_block(block: &Unnamed) -> Option<String> {
    let places = block.shape.iter().try_fold(1usize, |size, &d| size.checked_mul(d)).unwrap_or(0);
    let (known, scales) = (block.statistics.len(), block.scaling.len());
    if known != scales || (known != 1 && known != places) {
        return Some(format!("{places} inputs have {known} statistics and {scales} scales"));
    }
    block.statistics.iter().zip(&block.scaling).find_map(|(s, scaling)| of_numbers(s, *scaling, || "the inputs".into()))
}

fn of_target(target: &TargetRule) -> Option<String> {
    match target {
        TargetRule::Classes { column, names, .. } => {
            let mut sorted: Vec<&String> = names.iter().collect();
            sorted.sort();
            let twice = sorted.windows(2).any(|pair| pair[0] == pair[1]);
            (names.is_empty() || twice).then(|| format!("the classes of `{column}` are none, or one is there twice"))
        }
        TargetRule::Values(columns) if columns.is_empty() => Some("there is no target".to_owned()),
        TargetRule::Values(columns) => {
            columns.iter().find_map(|c| of_numbers(&c.statistics, c.scaling, || format!("the target `{}`", c.name)))
        }
    }
}

fn of_dialect(dialect: &Dialect) -> Option<String> {
    if let Some(mark) = dialect.separator.map(char::from).filter(|&mark| !Dialect::may_separate(mark)) {
        return Some(format!("{mark:?} cannot stand between cells"));
    }
    let Numbers { decimal, thousands } = dialect.numbers;
    let mark = thousands.filter(|&mark| mark == decimal.mark() || !Numbers::may_group(mark))?;
    Some(format!("{mark:?} cannot stand between thousands"))
}

fn of_numbers(known: &Statistics, scaling: Scaling, what: impl Fn() -> String) -> Option<String> {
    let Statistics { min, max, mean, std } = *known;
    if [min, max, mean, std].iter().any(|value| !value.is_finite()) {
        return Some(format!("the values of {} are so large that their mean or deviation is no finite number", what()));
    }
    if min > max || std < 0.0 {
        return Some(format!("the statistics of {} contradict each other", what()));
    }
    match scaling {
        Scaling::None => None,
        Scaling::Constant { value } => {
            (!value.is_finite()).then(|| format!("the constant of {} is no finite number", what()))
        }
        Scaling::Affine { shift, divisor } if shift.is_finite() && divisor.is_finite() && divisor > 0.0 => None,
        Scaling::Affine { .. } => {
            Some(format!("the values of {} lie so near or so far apart that they cannot be scaled", what()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ValueColumn;
    use crate::ir::spec::Missing;

    #[test]
    fn each_fault_is_told() {
        let known = Statistics { min: 0.0, max: 2.0, mean: 1.0, std: 1.0 };
        let affine = |shift, divisor| Scaling::Affine { shift, divisor };
        let numbers = [
            (known, Scaling::None, None),
            (known, affine(1.0, 0.5), None),
            (known, affine(1.0, 0.0), Some("cannot be scaled")),
            (known, affine(1.0, -1.0), Some("cannot be scaled")),
            (known, affine(f64::NAN, 1.0), Some("cannot be scaled")),
            (known, Scaling::Constant { value: f64::INFINITY }, Some("constant")),
            (Statistics { mean: f64::INFINITY, ..known }, Scaling::None, Some("so large")),
            (Statistics { min: 3.0, ..known }, Scaling::None, Some("contradict")),
        ];
        for (statistics, scaling, says) in numbers {
            let target = TargetRule::Values(vec![ValueColumn { name: "y".into(), statistics, scaling }]);
            let kind = InputKind::Number { statistics, fill: None, scaling };
            let as_input = InputColumn { name: "x".into(), kind };
            for found in [of_target(&target), of_column(&as_input)] {
                assert_eq!(found.as_deref().map(|f| f.contains(says.unwrap_or("?"))), says.map(|_| true), "{found:?}");
            }
        }
        let column = |names: &[&str], fill| InputColumn {
            name: "c".into(),
            kind: InputKind::Category {
                names: names.iter().map(|n| (*n).to_owned()).collect(),
                numeric: false,
                fill,
                unknown: false,
            },
        };
        assert_eq!(of_column(&column(&["a"], Some(0))), None);
        assert!(of_column(&column(&["a"], Some(1))).is_some() && of_column(&column(&[], None)).is_some());
        let block = |shape: &[usize], count: usize| Unnamed {
            shape: shape.to_vec(),
            statistics: vec![known; count],
            scaling: vec![Scaling::None; count],
        };
        assert_eq!((of_block(&block(&[2, 2], 1)), of_block(&block(&[4], 4))), (None, None));
        for (shape, count) in [(&[4][..], 0), (&[4], 3), (&[usize::MAX, 2], 2)] {
            assert!(of_block(&block(shape, count)).is_some(), "{shape:?}");
        }
        let classes = |names: &[&str]| TargetRule::Classes {
            column: "y".into(),
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            numeric: false,
            binary_numbers: false,
        };
        assert!(of_target(&classes(&[])).is_some() && of_target(&classes(&["a", "b", "a"])).is_some());
        let whole = Preparation {
            inputs: Inputs::Columns(vec![column(&["a"], None)]),
            target: classes(&["a", "b"]),
            missing: Missing::Error,
            dialect: Dialect::default(),
        };
        assert_eq!(whole.fault(), None);
        let written = |separator, thousands| Dialect {
            separator: Some(separator),
            numbers: Numbers { thousands: Some(thousands), ..Numbers::default() },
            ..Dialect::default()
        };
        assert_eq!(of_dialect(&written(b';', ',')), None);
        for (separator, thousands) in [(b'"', ','), (b'\n', ','), (b'a', ','), (b';', '.'), (b';', '1')] {
            assert!(of_dialect(&written(separator, thousands)).is_some(), "{separator} {thousands}");
        }
    }
}
