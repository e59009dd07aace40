//! `input`: the data's shape, stated; or the same values in another shape.

use super::{Lowering, Output, Placed, Taken};
use crate::catalog::bind::{Arguments, Bound};
use crate::catalog::layers::{self, Identity};
use crate::catalog::op::Op;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::ir::network::NodeId;
use crate::source::Span;
use crate::syntax::tree::Statement;
use crate::tensor::Shape;

impl Lowering<'_> {
    /// `input 1x28x28`: states the data's shape, or gives the same values another one.
    pub(super) fn input(&mut self, statement: &Statement, arguments: &Arguments, before: Taken) -> Option<Output> {
        let Bound::Shape(written) = arguments.get(layers::SHAPE) else { return None };
        let shape = written.value.clone();
        let at = written.span.unwrap_or(statement.span);
        // In a branch it cannot speak of the data: the skip has the data's own shape.
        if self.nodes.len() > 1 || self.residuals > 0 || self.stated || before.1.is_some() {
            return self.reshape(statement, shape, at, before);
        }
        self.stated = true;
        let Some(facts) = self.facts else {
            // Nothing to compare it with: taken at its word.
            self.nodes[0].shape = shape;
            return None;
        };
        if facts.input.size() != shape.size() {
            let (have, want) = (facts.input.size(), shape.size());
            let mut diagnostic = Diagnostic::error(
                codes::INPUT_WIDTH,
                format!("the network states {want} inputs, and the data has {have}"),
            )
            .at(at, if shape.rank() > 1 { format!("{shape} is {want} values") } else { format!("{want} inputs") })
            .and_if(self.source, format!("{have} input columns{}", listed(&facts.input_names)));
            if shape.rank() == 1 {
                diagnostic = diagnostic.help(format!("write `input {have}`, or leave the line out")).fix(
                    Applicability::Unsafe,
                    format!("write `{have}`"),
                    at,
                    have.to_string(),
                );
            }
            self.out.push(diagnostic);
            return None;
        }
        self.nodes[0].shape = shape;
        self.nodes[0].span = statement.kind.span;
        self.nodes[0].statement = statement.span;
        if let Some(label) = &statement.label {
            label.text.clone_into(&mut self.nodes[0].label);
        }
        self.source = Some(statement.kind.span);
        Some(Output { node: NodeId(0), known: true })
    }

    fn reshape(&mut self, statement: &Statement, shape: Shape, at: Span, before: Taken) -> Option<Output> {
        let input = self.known(before);
        if input.shape.size() != shape.size() {
            let (have, want) = (input.shape.size(), shape.size());
            let report =
                Diagnostic::error(codes::RESHAPE, format!("{shape} is {want} values, and {} gives {have}", input.name))
                    .at(at, format!("{want} values"))
                    .and_if(input.at, format!("gives {}", values(&input.shape)));
            if before.0.known {
                self.out.push(report);
            }
            return None;
        }
        let op = Op::Reshape { dimensions: shape.dimensions().to_vec() };
        let kind = layers::input();
        let layer = Box::new(Identity { kind, shape, op, activation: None });
        let label = statement.label.as_ref();
        let place = Placed { label, kind, at: statement.kind.span, statement: statement.span, behind: None };
        let node = self.push(&place, vec![before.0.node], layer, vec![], None)?;
        Some(Output { node, ..before.0 })
    }
}

/// `16 values`, `4x4, 16 values`
fn values(shape: &Shape) -> String {
    if shape.rank() == 1 { format!("{} values", shape.size()) } else { format!("{shape}, {} values", shape.size()) }
}

/// `: a, b, c …`
fn listed(names: &[String]) -> String {
    match names.len() {
        0 => String::new(),
        1..=6 => format!(": {}", names.join(", ")),
        _ => format!(": {}, …", names[..5].join(", ")),
    }
}
