//! [`Interrupts`]: a signal that asks the program to end. The first is taken note of, so that what was reached can be
//! saved; a second one ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The signals that are listened for: an interrupt at the keyboard, a request to end, a terminal that is closed.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM];

/// Signals that came.
#[derive(Clone, Debug)]
pub(crate) struct Interrupts {
    /// The number of the last one; 0 for none.
    signal: Arc<AtomicUsize>,
}

impl Interrupts {
    /// Listens from here on.
    pub(crate) fn listen() -> Self {
        let (came, signal) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        for number in SIGNALS {
            // In this order: a first signal finds the flag down, and raises it. Where a signal cannot be listened
            // for, it ends the program, as everywhere.
            let _ = signal_hook::flag::register_conditional_shutdown(number, 128 + number, Arc::clone(&came))
                .and_then(|_| signal_hook::flag::register_usize(number, Arc::clone(&signal), number as usize))
                .and_then(|_| signal_hook::flag::register(number, Arc::clone(&came)));
        }
        Self { signal }
    }

    /// The status with which a program ends for the signal that came, as shells count: 130 for an interrupt.
    pub(crate) fn status(&self) -> Option<u8> {
        let signal = self.signal.load(Ordering::Relaxed);
        (signal > 0).then_some(128 + signal as u8)
    }
}
