//! Reports for programs.
