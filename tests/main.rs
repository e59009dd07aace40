

mod allocations;
