//! [`Team`]: threads made once, when there is first something to share, that share out the pieces of one piece of
//! work after another. Idle threads spin for some tens of microseconds, so that the next step of a training run finds
//! them awake, and then sleep. Not a scheduler: one piece of work at a time, no queue, no futures.

use std::any::Any;
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

/// How often an idle thread looks for work before it sleeps: some tens of microseconds.
const SPINS: u32 = 4_000;
/// The same where there are more threads than processors, and spinning would take time from those that work.
const SPINS_CROWDED: u32 = 16;

/// Threads that work together. A team of one has no threads of its own and costs nothing; nor does a larger one before
/// it has work of more than one piece.
///
/// What a piece computes must not depend on who computes it: kernels cut their work into pieces by its shape alone,
/// never by [`threads`](Team::threads), and so give the same bits for any team.
#[derive(Debug)]
pub struct Team {
    threads: usize,
    hired: OnceLock<Hired>,
}

/// The threads, once there was something to share, and what they share.
#[derive(Debug)]
struct Hired {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Team {
    /// A team of `threads`, the caller's among them; fewer where the system will not give as many, one for zero.
    pub fn new(threads: usize) -> Self {
        Self { threads: threads.clamp(1, 256), hired: OnceLock::new() }
    }

    /// The caller alone.
    pub const fn solo() -> Self {
        Self { threads: 1, hired: OnceLock::new() }
    }

    /// How many threads there may be, the caller's among them.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Calls `piece(i)` once for each `i` in `0..pieces`, on whichever thread is free, and returns when all are done.
    /// A thread takes the same stretch of a count again and again, so that its part of the data stays in its cache.
    ///
    /// Calls from inside a piece, or from two threads at once, are served one after the other on the calling thread.
    ///
    /// # Panics
    /// With the panic of a piece, after every thread has stopped working.
    pub fn run(&self, pieces: usize, piece: impl Fn(usize) + Sync) {
        if self.threads > 1 && pieces > 1 {
            self.hired.get_or_init(|| Hired::new(self.threads)).shared.run(pieces, &piece);
        } else {
            (0..pieces).for_each(piece);
        }
    }

    /// Calls `work(i, &mut parts[i])` once for each part. As [`run`](Team::run), with the parts handed out.
    pub fn each<T: Send>(&self, parts: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
        if self.threads == 1 {
            return parts.iter_mut().enumerate().for_each(|(i, part)| work(i, part));
        }
        let parts = Parts { first: parts.as_mut_ptr(), count: parts.len() };
        self.run(parts.count, |i| work(i, parts.take(i)));
    }
}

impl Hired {
    /// Starts the threads; where the system gives fewer, the others and the caller do their part.
    fn new(threads: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Arc::new(Shared::new(threads, if threads > cores { SPINS_CROWDED } else { SPINS }));
        let start = |me: usize| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("team-{me}")).spawn(move || shared.serve(me)).ok()
        };
        let workers = (1..threads).map_while(start).collect();
        Self { shared, workers }
    }
}

impl Drop for Hired {
    fn drop(&mut self) {
        self.shared.stop.store(true, SeqCst);
        self.shared.wake();
        for worker in self.workers.drain(..) {
            // A worker's loop catches the panics of pieces; there is nobody to tell of any other here.
            drop(worker.join());
        }
    }
}

/// The parts of [`Team::each`], each of which one thread takes.
struct Parts<T> {
    first: *mut T,
    count: usize,
}

// SAFETY: through a shared `Parts` a thread reaches only the parts it takes, and `T: Send` lets it have them.
#[allow(unsafe_code, reason = "hands disjoint elements of one slice to several threads")]
unsafe impl<T: Send> Sync for Parts<T> {}

impl<T> Parts<T> {
    #[allow(clippy::mut_from_ref, unsafe_code, reason = "each index is taken once, see below")]
    fn take(&self, i: usize) -> &mut T {
        assert!(i < self.count);
        // SAFETY: `i` is inside the slice, which `Team::each` borrows until all pieces are done; `Shared::run` calls
        // each index once, so no two of these references are to the same element.
        unsafe { &mut *self.first.add(i) }
    }
}

/// One thread's next piece, on a cache line of its own.
#[derive(Debug)]
#[repr(align(128))]
struct Next(AtomicUsize);

/// What is being worked on. Written by the owner of `busy` while the work is closed and nobody is active.
#[derive(Clone, Copy)]
struct Work {
    piece: *const (dyn Fn(usize) + Sync),
    pieces: usize,
}

struct Shared {
    /// Work's number (high bits), whether it may be joined ([`OPEN`]), how many workers are in it (low 32 bits).
    state: AtomicU64,
    work: UnsafeCell<Option<Work>>,
    next: Box<[Next]>,
    busy: AtomicBool,
    stop: AtomicBool,
    spins: u32,
    sleepers: AtomicUsize,
    sleep: Mutex<()>,
    alarm: Condvar,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

const OPEN: u64 = 1 << 32;
const NUMBER: u64 = 1 << 33;
const ACTIVE: u64 = OPEN - 1;

// SAFETY: `work` is written only by the thread that holds `busy`, while the state is not open and no worker is active;
// workers read it only between joining (an acquiring exchange on an open state) and leaving (a releasing subtraction
// that the writer acquires). The pointer in it is to a `Sync` closure that outlives the work, see `run`.
#[allow(unsafe_code, reason = "the closure is shared with threads that outlive the call")]
unsafe impl Sync for Shared {}
// SAFETY: as above; nothing in it belongs to one thread.
#[allow(unsafe_code, reason = "the closure is shared with threads that outlive the call")]
unsafe impl Send for Shared {}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("threads", &self.next.len()).finish_non_exhaustive()
    }
}

impl Shared {
    fn new(threads: usize, spins: u32) -> Self {
        Self {
            state: AtomicU64::new(0),
            work: UnsafeCell::new(None),
            next: (0..threads).map(|_| Next(AtomicUsize::new(0))).collect(),
            busy: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            spins,
            sleepers: AtomicUsize::new(0),
            sleep: Mutex::new(()),
            alarm: Condvar::new(),
            panic: Mutex::new(None),
        }
    }

    /// The first piece of thread `t`'s stretch.
    fn stretch(&self, t: usize, pieces: usize) -> usize {
        t * pieces / self.next.len()
    }

    fn run(&self, pieces: usize, piece: &(dyn Fn(usize) + Sync)) {
        if self.busy.swap(true, Acquire) {
            return (0..pieces).for_each(piece);
        }
        for (t, next) in self.next.iter().enumerate() {
            next.0.store(self.stretch(t, pieces), Relaxed);
        }
        // SAFETY: the lifetime is forgotten, not lengthened in use: below, this function waits until no worker is
        // active and the work is closed before it returns or unwinds, and no worker keeps the pointer after leaving.
        #[allow(unsafe_code, reason = "threads that outlive the call borrow the closure while it lasts")]
        let piece: *const (dyn Fn(usize) + Sync + 'static) =
            unsafe { std::mem::transmute::<&(dyn Fn(usize) + Sync), &'static (dyn Fn(usize) + Sync)>(piece) };
        // SAFETY: `busy` is ours, the state is closed and the last work's waiting saw nobody active.
        #[allow(unsafe_code, reason = "the only writer of `work`, see the argument for Sync")]
        unsafe {
            *self.work.get() = Some(Work { piece, pieces });
        }
        let number = self.state.load(Relaxed) & !(OPEN | ACTIVE);
        self.state.store(number.wrapping_add(NUMBER) | OPEN, SeqCst);
        if self.sleepers.load(SeqCst) > 0 {
            self.wake();
        }
        self.take_part(0, Work { piece, pieces });
        self.state.fetch_and(!OPEN, AcqRel);
        let mut looks = 0u32;
        while self.state.load(Acquire) & ACTIVE != 0 {
            pause(&mut looks, self.spins);
        }
        let panic = self.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.busy.store(false, Release);
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }

    /// Works through one's own stretch, then through what is left of the others'. A panic is kept for the caller.
    fn take_part(&self, me: usize, work: Work) {
        let threads = self.next.len();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: `run` does not return before every thread has left the work.
            #[allow(unsafe_code, reason = "the closure outlives the work, see `run`")]
            let piece = unsafe { &*work.piece };
            for t in (me..threads).chain(0..me) {
                let (next, end) = (&self.next[t].0, self.stretch(t + 1, work.pieces));
                while next.load(Relaxed) < end {
                    let i = next.fetch_add(1, Relaxed);
                    if i < end {
                        piece(i);
                    }
                }
            }
        }));
        if let Err(panic) = outcome {
            self.panic.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(panic);
        }
    }

    /// A worker's life: join each piece of work that is open, leave it when no piece is left, sleep when there is none.
    fn serve(&self, me: usize) {
        let (mut last, mut looks) = (0, 0u32);
        while !self.stop.load(Relaxed) {
            let state = self.state.load(Acquire);
            if !joinable(state, last) {
                looks += 1;
                if looks < self.spins {
                    std::hint::spin_loop();
                } else {
                    self.sleep(last);
                    looks = 0;
                }
            } else if self.state.compare_exchange_weak(state, state + 1, AcqRel, Relaxed).is_ok() {
                last = state & !(OPEN | ACTIVE);
                // SAFETY: joined, so the writer waits until we leave.
                #[allow(unsafe_code, reason = "reads `work` while active in it, see the argument for Sync")]
                let work = unsafe { *self.work.get() };
                if let Some(work) = work {
                    self.take_part(me, work);
                }
                self.state.fetch_sub(1, Release);
                looks = 0;
            }
        }
    }

    /// Sleeps until there is work after `last`, or until woken for work that the others have finished since: then more
    /// is near, and it is worth spinning again. The order (count oneself, then look at the state; in `run`: set the
    /// state, then look at the count; all sequentially consistent) leaves no moment in which a call is missed.
    fn sleep(&self, last: u64) {
        let guard = self.sleep.lock().unwrap_or_else(PoisonError::into_inner);
        self.sleepers.fetch_add(1, SeqCst);
        if !joinable(self.state.load(SeqCst), last) && !self.stop.load(SeqCst) {
            drop(self.alarm.wait(guard));
        }
        self.sleepers.fetch_sub(1, SeqCst);
    }

    fn wake(&self) {
        let _guard = self.sleep.lock().unwrap_or_else(PoisonError::into_inner);
        self.alarm.notify_all();
    }
}

/// Whether the work of `state` is open and not the one that was last taken part in.
fn joinable(state: u64, last: u64) -> bool {
    state & OPEN != 0 && state & !(OPEN | ACTIVE) != last
}

/// Spins for a while, then lets others have the processor.
fn pause(looks: &mut u32, spins: u32) {
    *looks += 1;
    if *looks < spins {
        std::hint::spin_loop();
    } else {
        *looks = 0;
        std::thread::yield_now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_called_once_for_any_team() {
        for threads in 1..=4 {
            let team = Team::new(threads);
            for pieces in [0, 1, 2, 3, 7, 64] {
                let calls: Vec<_> = (0..pieces).map(|_| AtomicUsize::new(0)).collect();
                for _ in 0..200 {
                    team.run(pieces, |i| {
                        calls[i].fetch_add(1, Relaxed);
                    });
                }
                assert!(calls.iter().all(|c| c.load(Relaxed) == 200));
            }
        }
    }

    #[test]
    fn each_hands_out_every_part() {
        let team = Team::new(3);
        let mut parts: Vec<Vec<usize>> = vec![Vec::new(); 10];
        for round in 0..50 {
            team.each(&mut parts, |i, part| part.push(i + round));
        }
        for (i, part) in parts.iter().enumerate() {
            assert_eq!(*part, (i..i + 50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_call_from_inside_a_piece_is_served() {
        let (team, calls) = (Team::new(2), AtomicUsize::new(0));
        team.run(4, |_| {
            team.run(5, |_| {
                calls.fetch_add(1, Relaxed);
            });
        });
        assert_eq!(calls.load(Relaxed), 20);
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_team_lives_on() {
        let team = Team::new(2);
        for bad in 0..8 {
            let outcome = catch_unwind(AssertUnwindSafe(|| team.run(8, |i| assert!(i != bad, "piece {i}"))));
            let text = outcome.err().and_then(|p| p.downcast_ref::<String>().cloned());
            assert_eq!(text, Some(format!("piece {bad}")));
        }
        let calls = AtomicUsize::new(0);
        team.run(9, |_| {
            calls.fetch_add(1, Relaxed);
        });
        assert_eq!(calls.load(Relaxed), 9);
    }

    #[test]
    fn sleepers_wake() {
        let (team, calls) = (Team::new(4), AtomicUsize::new(0));
        for _ in 0..5 {
            std::thread::sleep(std::time::Duration::from_millis(3));
            team.run(16, |_| {
                calls.fetch_add(1, Relaxed);
            });
        }
        assert_eq!(calls.load(Relaxed), 80);
    }
}
