//! The program as text: `nn show` and its kin. Every default is filled in and visible.
//!
//! [`Sheet`] holds all that is said, as plain data, and writes itself as text or JSON; [`nodes`] is the network as the
//! compiler sees it. Not for reports of faults, and not for pictures.

mod nodes;
pub mod sheet;
mod text;

pub use nodes::nodes;
pub use sheet::Sheet;
