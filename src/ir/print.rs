//! The program as text: `nn show` and its kin. Every default is filled in and visible.
