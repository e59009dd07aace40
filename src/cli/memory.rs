//! How much memory a machine is about to take, held against what there is: an allocation that fails ends the program
//! without a word.

use crate::engine::Plan;
use crate::ir::Program;
use crate::tensor::in_precision;
use crate::text::{digits, grouped};

/// Refuses, as a sentence, what needs more bytes than there are; silent where the system does not say how many.
pub(crate) fn enough(program: &Program, needed: usize) -> Result<(), String> {
    match free() {
        Some(free) if needed as u64 > free => {
            let weights = grouped(program.network.parameter_count() as u64);
            Err(format!(
                "a network of {weights} parameters takes {} here, and {} are free: make it smaller, or its batch",
                amount(needed as u64),
                amount(free)
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// As [`enough`], for a network through which so many rows go at once and that learns nothing: what a model file asks
/// for may be more than whoever wrote it ever had.
pub(crate) fn enough_to_predict(program: &Program, rows: usize) -> Result<(), String> {
    let number = in_precision!(program.training.precision, R => size_of::<R>());
    enough(program, Plan::new(&program.network, rows, false).bytes(number, 0))
}

fn amount(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", digits(bytes as f64 / 1e3, 3)),
        1_000_000..1_000_000_000 => format!("{} MB", digits(bytes as f64 / 1e6, 3)),
        _ => format!("{} GB", digits(bytes as f64 / 1e9, 3)),
    }
}

/// Bytes that may still be taken: of the machine, of the group of processes, of this process.
pub(crate) fn free() -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let kibibytes = |text: &str, name: &str| field(text, name).map(|kib| kib.saturating_mul(1024));
    let machine = read("/proc/meminfo").and_then(|text| {
        let swap = kibibytes(&text, "SwapFree:").unwrap_or(0);
        kibibytes(&text, "MemAvailable:").map(|free| free.saturating_add(swap))
    });
    let group = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse::<u64>().ok()).map(|most| {
        let used = read("/sys/fs/cgroup/memory.current").and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        most.saturating_sub(used)
    });
    let process = read("/proc/self/limits").and_then(|text| field(&text, "Max address space")).map(|most| {
        let used = read("/proc/self/status").and_then(|text| field(&text, "VmSize:")).unwrap_or(0);
        most.saturating_sub(used.saturating_mul(1024))
    });
    [machine, group, process].into_iter().flatten().min()
}

/// The first number behind a name at a line's start.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_words_are_read() {
        let text = "MemTotal:       100 kB\nMemAvailable:    42 kB\n";
        assert_eq!((field(text, "MemAvailable:"), field(text, "SwapFree:")), (Some(42), None));
        let limits = "Limit   Soft Limit   Hard Limit\nMax address space         unlimited    unlimited   bytes\n";
        assert_eq!(field(limits, "Max address space"), None);
        assert_eq!((amount(1500), amount(23_400_000_000)), ("1.5 kB".into(), "23.4 GB".into()));
    }
}
