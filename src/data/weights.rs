//! The weights of rows: a column that multiplies the loss of its row in training, read beside the inputs and taken out
//! before anything is learnt of them.

use super::reader::Reader;
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::spec::ColumnName;
use crate::tensor::Real;

/// Takes the last column, of weights, out of what was read. Gives one weight a row; what is no weight is reported.
pub(super) fn take<R: Real>(read: &mut Reader, name: &ColumnName) -> Result<Vec<R>, Box<Diagnostic>> {
    read.columns.pop();
    let weights: Vec<R> = read.inputs.take_last().into_iter().map(R::of).collect();
    let is_weight = |w: &&R| w.is_finite() && **w >= R::ZERO;
    let wrong = weights.len() - weights.iter().filter(is_weight).count();
    if wrong > 0 {
        let text = format!(
            "{wrong} of {} cells of the column of weights `{}` are below 0 or missing",
            weights.len(),
            name.name
        );
        return Err(Diagnostic::error(codes::DATA_VALUE, text).at(name.span, "the rows' weights").into());
    }
    Ok(weights)
}

/// Leaves training rows of weight 0 out, and has rows that are held out weigh 1. All weights 0 are reported.
pub(super) fn settle<R: Real>(
    weights: &mut [R],
    train: &mut Vec<u32>,
    name: &ColumnName,
) -> Result<(), Box<Diagnostic>> {
    train.retain(|&row| weights[row as usize] > R::ZERO);
    if train.is_empty() {
        let text = format!("the weights `{}` of all training rows are 0", name.name);
        return Err(Diagnostic::error(codes::DATA_SPLIT, text).at(name.span, "leaves no row to train on").into());
    }
    let mut kept = train.iter().peekable();
    for (row, weight) in weights.iter_mut().enumerate() {
        if kept.next_if(|&&kept| kept as usize == row).is_none() {
            *weight = R::ONE;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn rows_of_no_weight_are_not_trained_on_and_others_that_are_not_weigh_one() {
        let name = ColumnName { name: "w".into(), span: Span::new(0, 1) };
        let (mut weights, mut train) = (vec![0.0, 2.0, 0.5, 3.0, 0.0], vec![0, 1, 3]);
        assert!(settle(&mut weights, &mut train, &name).is_ok());
        assert_eq!((train, weights), (vec![1, 3], vec![1.0, 2.0, 1.0, 3.0, 1.0]));
        let report = settle(&mut [0.0, 1.0], &mut vec![0], &name).expect_err("no row to train on");
        assert_eq!(report.code, codes::DATA_SPLIT);
    }
}
