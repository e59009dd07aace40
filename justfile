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

# Follows what the code does with the bytes of a target of `fuzz/`: `just fuzz model -max_total_time=60`
fuzz TARGET *ARGS:
    mkdir -p target/fuzz/corpus/{{TARGET}}
    RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing" \
        cargo run --release --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --target {{arch()}}-unknown-linux-gnu \
        --bin {{TARGET}} -- target/fuzz/corpus/{{TARGET}} fuzz/corpus/{{TARGET}} -timeout=10 -rss_limit_mb=3000 \
        -artifact_prefix=target/fuzz/ {{ARGS}}
