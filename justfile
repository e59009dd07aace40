# The few recipes there are; `just` lists them.

# All that must hold before a change lands
ci:
    bash .ci/run

# The tests, built so that the next build takes seconds
test *ARGS:
    CARGO_INCREMENTAL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 cargo test --release {{ARGS}}

# Writes blessed reports, documents and pictures anew: read the diff before it is kept
bless *ARGS:
    NN_BLESS=1 CARGO_INCREMENTAL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 cargo test --release {{ARGS}}

# Times a training step, by kind of network
bench:
    cargo bench --bench step
