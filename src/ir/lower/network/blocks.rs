//! The blocks inside a network: `repeat` and `residual`.

use super::{Lowering, Output, Placed};
use crate::catalog::bind::{Arguments, Written, bind, look_up};
use crate::catalog::layers::{self, Add, Form, Layer, LayerKind};
use crate::catalog::{Family, Signature};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::source::Span;
use crate::syntax::tree::Block;

impl Lowering<'_> {
    pub(super) fn block(&mut self, block: &Block) {
        let Some((signature, form)) = self.block_kind(block) else {
            self.current = self.current.lost();
            return;
        };
        let written = Written { at: block.keyword.span, positional: block.values.iter().collect(), named: vec![] };
        let arguments = bind(signature, &written, self.scope, self.out);
        if form == Form::Repeat {
            self.repeat(block, &arguments);
        } else {
            let output = self.residual(block);
            self.current = output;
            if let Some(label) = &block.label {
                self.labels.define(&label.text, output);
            }
        }
    }

    fn block_kind(&mut self, block: &Block) -> Option<(&'static Signature, Form)> {
        let name = &block.keyword;
        if crate::catalog::find(Family::Block, &name.text).is_some() {
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` is a block of the top level", name.text))
                    .at(name.span, "inside `network`")
                    .help("close `network` with `}` before it"),
            );
            return None;
        }
        let signature = look_up(Family::Layer, name, self.out)?;
        let form = layers::find(signature.name).map_or(Form::Layer, LayerKind::form);
        if form.is_block() {
            return Some((signature, form));
        }
        self.out.push(
            Diagnostic::error(codes::SYNTAX, format!("`{}` takes no braces", signature.name))
                .at(block.open, "no block here")
                .help(format!("write it on one line, without braces, as in `{}`", signature.example)),
        );
        None
    }

    fn repeat(&mut self, block: &Block, arguments: &Arguments) {
        if let Some(label) = &block.label {
            self.out.push(
                Diagnostic::error(codes::SYNTAX, "`repeat` takes no label")
                    .at(label.span, "names nothing")
                    .help("label the layers in its braces; they become `LABEL`, `LABEL_2`, …"),
            );
        }
        let Some(times) = arguments.count(layers::TIMES) else {
            self.current = self.current.lost();
            return;
        };
        for turn in 1..=times.value {
            let (nodes, reports) = (self.nodes.len(), self.out.len());
            self.labels.enter();
            self.items(&block.items);
            self.labels.leave(&block.keyword.text);
            // A fault shows in the first turn; the others would only say it again. An empty body does nothing at all.
            if has_errors(&self.out[reports..]) || self.overfull || self.nodes.len() == nodes {
                break;
            }
            // Notes and warnings of the layers' own lines are the same in each turn.
            if turn > 1 {
                self.out.truncate(reports);
            }
        }
    }

    fn residual(&mut self, block: &Block) -> Output {
        let (skip, nodes) = (self.current, self.nodes.len());
        let source = self.known((skip, None)).at;
        self.residuals += 1;
        self.labels.enter();
        self.items(&block.items);
        self.labels.leave(&block.keyword.text);
        self.residuals -= 1;
        let inner = self.current;
        self.is_used[skip.node.0] = true;
        self.is_used[inner.node.0] = true;
        if self.nodes.len() == nodes {
            if inner.known {
                self.out.push(
                    Diagnostic::error(codes::MISSING, "`residual` has no layers")
                        .at(block.keyword.span, "nothing between its braces")
                        .help("write the layers whose output is added to their input"),
                );
            }
            return skip.lost();
        }
        let known = skip.known && inner.known;
        if self.nodes[inner.node.0].shape != self.nodes[skip.node.0].shape {
            if known {
                self.unlike(skip, inner, source);
            }
            return inner.lost();
        }
        let at = block.keyword.span;
        let layer = Box::new(Add::residual(self.nodes[skip.node.0].shape.clone()));
        let place = Placed { label: block.label.as_ref(), kind: layer.kind(), at, statement: at, behind: None };
        let sum = self.push(&place, vec![skip.node, inner.node], layer, vec![], None);
        // A layer that states its width makes the branch's shape known, if not the skip's.
        sum.map_or(inner.lost(), |node| Output { node, known: inner.known })
    }

    /// The report on a branch whose shape is not its input's.
    fn unlike(&mut self, skip: Output, inner: Output, source: Option<Span>) {
        let (shape, last) = (&self.nodes[skip.node.0].shape, &self.nodes[inner.node.0]);
        let message = format!("the branch gives {}, and its input is {shape}: they cannot be added", last.shape);
        let mut diagnostic = Diagnostic::error(codes::OUTPUT_WIDTH, message)
            .at(last.span, format!("gives {}", last.shape))
            .and_if(source, format!("gives {shape}"));
        if shape.rank() == 1 && last.options().width.is_some() {
            diagnostic = diagnostic.help(format!("end the branch with `{} {}`", last.kind(), shape.size()));
        }
        self.out.push(diagnostic);
    }
}
