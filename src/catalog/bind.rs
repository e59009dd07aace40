//! Arguments to parameters.
