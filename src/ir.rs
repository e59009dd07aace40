//! The typed program: what the file means once every name is looked up, every number checked and every
//! default filled in. Shapes and ranges stand on every edge; every number the user wrote keeps its span.

pub mod spec;
