#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use nn_fuzz::container::{CHECKPOINT, mutated};

fuzz_target!(|bytes: &[u8]| {
    nn_fuzz::checkpoint::read(bytes);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut bytewise = |bytes: &mut Vec<u8>, most: usize| {
        let size = bytes.len().min(most);
        bytes.resize(most, 0);
        let size = fuzzer_mutate(bytes, size, most);
        bytes.truncate(size);
    };
    match mutated(&data[..size], CHECKPOINT, seed, max_size, &mut bytewise) {
        Some(bytes) if bytes.len() <= max_size => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
