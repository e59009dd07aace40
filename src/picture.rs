//! Pictures: plain data in, a [`Drawing`] out, which writes itself as SVG text or PNG bytes.
//!
//! Loss curves ([`Curves`]), networks ([`Graph`], with [`Lit`] paths or [`Valued`] units), confusion counts
//! ([`Confusion`]), and what a network makes of one input ([`Fit`]) or of two ([`Regions`]). Each of those types is
//! defined here and knows nothing of networks or training: whoever has something to show fills one in. Not for text
//! reports, and not for opening files.
//!
//! Every drawing brings its own background card, follows a dark surrounding in SVG (`prefers-color-scheme`),
//! holds its texts apart, and is bounded in size whatever it is given.

mod curves;
mod drawing;
mod fit;
mod font;
mod heat;
mod network;
mod number;
mod palette;
mod png;
mod split;
mod spots;
mod svg;
mod ticks;

pub use curves::{Curves, Line, Series};
pub use drawing::Drawing;
pub use fit::{Fit, Output};
pub use heat::{Confusion, Field, Regions};
pub use network::{Edge, Graph, Group, Lit, LitEdge, LitUnit, Node, Valued, ValuedUnit, Wiring};
pub use split::Split;
pub use spots::Spot;
