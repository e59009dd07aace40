//! The nearest valid name.
