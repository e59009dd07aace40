//! Tables pasted from a CSV file: cells are separated by blanks, and a comma is part of a cell. Only what the
//! header row shows plainly is reported; which cells are numbers is not for here.

use super::reports::Reports;
use super::tree::Cell;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;

/// Reports a table whose header row is separated by commas.
pub(super) fn report_commas(rows: &[Vec<Cell>], reports: &mut Reports) {
    let Some((first, last)) = rows.first().and_then(|header| Some((header.first()?, header.last()?))) else { return };
    let header = &rows[0];
    let trailing =
        header.len() > 1 && header[..header.len() - 1].iter().all(|cell| bare(cell) && cell.text.ends_with(','));
    let joined = header.len() == 1 && bare(first) && first.text.trim_matches(',').contains(',');
    if !(trailing || joined) {
        return;
    }
    let edits = rows.iter().flatten().filter(|cell| bare(cell)).flat_map(commas).collect();
    let mut report = Diagnostic::error(codes::SYNTAX, "the cells of this table are separated by commas")
        .at(first.span.to(last.span), "a comma is part of its cell")
        .help("separate cells by blanks");
    let title = "replace the commas by blanks".to_owned();
    report.fixes.push(Fix { title, applicability: Applicability::Safe, edits });
    reports.push(report);
}

/// Whether the cell is written without quotes.
fn bare(cell: &Cell) -> bool {
    cell.text.len() == (cell.span.end - cell.span.start) as usize
}

fn commas(cell: &Cell) -> impl Iterator<Item = Edit> + '_ {
    let start = cell.span.start as usize;
    cell.text.match_indices(',').map(move |(at, _)| {
        let last = at + 1 == cell.text.len();
        let text = if last { "" } else { " " };
        Edit { span: Span::new(start + at, start + at + 1), text: text.to_owned() }
    })
}
