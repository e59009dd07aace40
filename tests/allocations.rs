//! A step of training allocates nothing: every machine's memory is made with it. Counted on the thread that steps,
//! so that tests beside this one do not disturb it.

#![expect(unsafe_code, reason = "a global allocator that counts can be had in no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nn::catalog::layers::Mode;
use nn::catalog::optimizers::Step;
use nn::check::{Loaded, check};
use nn::data::{Memory, Targets};
use nn::engine::{Machine, Plan, UpdateRule};
use nn::source::Source;
use nn::tensor::Team;
use nn::train::{Event, Run};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count() {
    // A thread that is ending has no count any more.
    let _ = ALLOCATIONS.try_with(|n| n.set(n.get() + 1));
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Rows of numbers around 0 with `width` inputs, one of three classes each.
fn rows(width: usize, rows: usize) -> String {
    let names: Vec<_> = (0..width).map(|x| format!("x{x}")).collect();
    let mut text = format!("data {{\n target = t\n table {{\n {} t\n", names.join(" "));
    for row in 0..rows {
        let values: Vec<_> = (0..width).map(|x| format!("{}", (row * 7 + x * 5) % 13)).collect();
        text += &format!("{} c{}\n", values.join(" "), row % 3);
    }
    text + "}\n}\n"
}

/// Allocations of ten steps after the first, full and smaller batches in turn.
fn allocations(network: &str, optimizer: &str, batch: usize, threads: usize) -> u64 {
    let text = format!(
        "{}network {{\n{network}\n}}\ntrain {{\n loss = cross_entropy\n optimizer = {optimizer}\n learning_rate = 0.01\n epochs = 1\n batch = all\n}}\n",
        rows(8, batch)
    );
    let checked = check(&Source::new("test.nn", text), &[], &Memory::new()).expect("no override");
    let (Some(program), Some(Loaded::F32(data))) = (checked.program, checked.data) else {
        panic!("{:#?}", checked.diagnostics);
    };
    let Targets::Classes(classes) = &data.targets else { panic!("classes") };
    let (network, training) = (&program.network, &program.training);
    let (loss, optimizer) = (training.loss.as_ref(), training.optimizer.as_ref());
    let plan = Plan::new(network, batch, false);
    let mut machine = Machine::<f32>::new(network, plan, Some(optimizer), 3, Team::new(threads));
    let mut step = |done: u64| {
        let rows = if done % 3 == 2 { batch / 2 } else { batch };
        machine.set_batch(rows);
        machine.input_mut().copy_from_slice(&data.inputs[..rows * data.features]);
        machine.target_mut().fill(0.0);
        for (row, &class) in classes[..rows].iter().enumerate() {
            machine.target_mut()[row * 3 + class as usize] = 1.0;
        }
        machine.weights_mut().fill(1.0);
        // Once with clipping, once without: two ways through the machine.
        let clip_norm = done.is_multiple_of(2).then_some(0.5);
        let step = Step { learning_rate: 0.01, done };
        machine.step(loss, training.fused, &UpdateRule { optimizer, step, l1: 0.001, l2: 0.001, clip_norm });
        machine.forward(Mode::Inference);
        assert!(machine.is_finite());
    };
    step(0);
    let before = ALLOCATIONS.get();
    (1..11).for_each(&mut step);
    ALLOCATIONS.get() - before
}

#[test]
fn a_step_allocates_nothing_after_the_first() {
    let mixed = "dense 24 tanh\n batch_norm\n residual { dense 24 relu\n dropout 25% }\n layer_norm\n dense 3 softmax";
    let large = "dense 300 relu\n dense 200 gelu\n dense 3 softmax";
    let before = ALLOCATIONS.get();
    drop(vec![1]);
    assert_eq!(ALLOCATIONS.get() - before, 1, "the counter counts");
    for (network, batch) in [("dense 3 softmax", 4), (mixed, 16), (large, 64)] {
        for optimizer in ["sgd(momentum=0.9)", "adam", "rmsprop", "nadam", "lbfgs"] {
            if optimizer == "lbfgs" && network.contains("dropout") {
                continue;
            }
            for threads in [1, 2] {
                let count = allocations(network, optimizer, batch, threads);
                assert_eq!(count, 0, "{network}\n{optimizer}, batch {batch}, {threads} threads");
            }
        }
    }
}

/// Nor does a run between two steps of an epoch: rows, order, rate, metrics and early stopping are all in place.
#[test]
fn a_run_allocates_nothing_between_two_steps() {
    let network = "dense 24 tanh\n batch_norm\n dropout 25%\n dense 3 softmax";
    for train in ["batch = 4", "batch = 5\n learning_rate = cosine(0.01)\n stop = early", "batch = 4\n shuffle = false"]
    {
        let rate = if train.contains("rate") { "" } else { "learning_rate = 0.01\n" };
        let text = format!(
            "{}network {{\n{network}\n}}\ntrain {{\n loss = cross_entropy\n optimizer = adam\n{rate}{train}\n epochs = 3\n}}\n",
            rows(8, 40)
        );
        let checked = check(&Source::new("test.nn", text), &[], &Memory::new()).expect("no override");
        let (Some(program), Some(Loaded::F32(data))) = (checked.program, checked.data) else {
            panic!("{:#?}", checked.diagnostics);
        };
        let mut run = Run::new(&program, &data, Team::new(2));
        let mut counted = 0;
        loop {
            let before = ALLOCATIONS.get();
            match run.advance(1) {
                Some(Event::Progress { .. }) => assert_eq!(ALLOCATIONS.get() - before, 0, "{train}"),
                Some(Event::Epoch(_)) => continue,
                None => break,
            }
            counted += 1;
        }
        assert!(counted >= 24, "{counted} steps");
    }
}
