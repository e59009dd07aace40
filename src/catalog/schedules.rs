//! Schedules: how the learning rate moves. Functions of t, the epochs done so far as a real number, evaluated at each
//! step; T is `epochs`. `plateau` also watches a loss.

use super::bind::Arguments;
use super::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::Key;

    pub(crate) const RATE: Key<f64> = Key::new("rate");
    pub(crate) const WARMUP: Key<f64> = Key::new("warmup");
    pub(crate) const FACTOR: Key<f64> = Key::new("factor");
    pub(crate) const EVERY: Key<u64> = Key::new("every");
    pub(crate) const TO: Key<f64> = Key::new("to");
    pub(crate) const PATIENCE: Key<u64> = Key::new("patience");
}

/// One kind of schedule.
#[derive(Debug)]
pub struct ScheduleKind {
    /// Its reference entry.
    pub signature: Signature,
    /// The rate without warmup, from sound arguments.
    rate: fn(&Arguments, Moment) -> f64,
    /// What an epoch's watched loss changes, where the schedule watches one.
    observe: Option<fn(&Arguments, &mut ScheduleState, f64)>,
}

impl ScheduleKind {
    /// The same, with what other tools call it.
    const fn foreign(mut self, foreign: Foreign) -> Self {
        self.signature.foreign = foreign;
        self
    }
}

/// When a step happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Steps done before this one.
    pub step: u64,
    /// Steps of one epoch.
    pub steps_per_epoch: u64,
    /// T
    pub epochs: u64,
}

impl Moment {
    /// t, the epochs done so far.
    fn t(self) -> f64 {
        self.step as f64 / self.steps_per_epoch as f64
    }
}

/// A configured schedule. What changes in a run is a [`ScheduleState`].
#[derive(Clone, Debug)]
pub struct Schedule {
    kind: Option<&'static ScheduleKind>,
    arguments: Option<Arguments>,
    constant: f64,
    warmup: f64,
}

/// What a schedule that watches a loss remembers: all of it is data, so that a run can be taken up again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScheduleState {
    /// The lowest watched loss so far; infinite before the first.
    pub best: f64,
    /// Epochs since.
    pub waited: u64,
    /// What the rate has come to be multiplied by.
    pub scale: f64,
}

impl ScheduleState {
    /// Of a run that begins.
    pub const START: Self = Self { best: f64::INFINITY, waited: 0, scale: 1.0 };
}

impl Schedule {
    /// A rate that stays.
    pub fn constant(rate: f64) -> Self {
        Self { kind: None, arguments: None, constant: rate, warmup: 0.0 }
    }

    /// A schedule of the catalog, from sound arguments.
    pub fn new(name: &str, arguments: &Arguments) -> Option<Self> {
        let kind = SCHEDULES.iter().find(|s| s.signature.name == name)?;
        let warmup = arguments.value(key::WARMUP);
        Some(Self {
            kind: Some(kind),
            arguments: Some(arguments.clone()),
            warmup,
            ..Self::constant(arguments.value(key::RATE))
        })
    }

    /// η of a step.
    pub fn rate(&self, state: &ScheduleState, moment: Moment) -> f64 {
        let rate = match (&self.kind, &self.arguments) {
            (Some(kind), Some(arguments)) => (kind.rate)(arguments, moment),
            _ => self.constant,
        };
        let warm_steps = self.warmup * moment.steps_per_epoch as f64;
        let done = (moment.step + 1) as f64;
        rate * state.scale * if done < warm_steps { done / warm_steps } else { 1.0 }
    }

    /// Tells an epoch's watched loss.
    pub fn observe(&self, state: &mut ScheduleState, loss: f64) {
        if let (Some(observe), Some(arguments)) = (self.kind.and_then(|k| k.observe), &self.arguments) {
            observe(arguments, state, loss);
        }
    }
}

/// The scale falls when the loss has not for as many epochs as the patience; the waiting then begins anew.
fn wait(arguments: &Arguments, state: &mut ScheduleState, loss: f64) {
    if loss < state.best {
        state.best = loss;
        state.waited = 0;
        return;
    }
    state.waited += 1;
    if state.waited >= arguments.count(key::PATIENCE).map_or(1, |p| p.value) {
        state.scale *= arguments.value(key::FACTOR);
        state.waited = 0;
    }
}

const RATE: Parameter =
    Parameter::positional(key::RATE, Kind::Number(Range::POSITIVE), DefaultValue::Required, "the rate it starts from");
const WARMUP: Parameter = Parameter::named(
    key::WARMUP,
    Kind::Number(Range::NON_NEGATIVE),
    DefaultValue::Number(0.0),
    "epochs over which the value is multiplied by (step + 1)/(warmup·steps per epoch)",
);

const fn row(
    name: &'static str,
    summary: &'static str,
    formula: &'static str,
    parameters: &'static [Parameter],
    example: &'static str,
    source: &'static str,
    rate: fn(&Arguments, Moment) -> f64,
) -> ScheduleKind {
    let signature = Signature {
        name,
        family: Family::Schedule,
        summary,
        formula,
        range: "",
        parameters,
        example,
        source,
        foreign: Foreign::NONE,
    };
    ScheduleKind { signature, rate, observe: None }
}

/// Every schedule, in the order of the reference.
pub static SCHEDULES: &[ScheduleKind] = &[
    row(
        "step",
        "falls by a factor every so many epochs",
        "rate·factor^⌊t/every⌋",
        &[
            RATE,
            Parameter::named(
                key::FACTOR, Kind::Number(Range::POSITIVE),
                DefaultValue::Number(0.5),
                "what each step multiplies by",
            ),
            Parameter::named(key::EVERY, Kind::Count(1), DefaultValue::Number(20.0), "epochs between steps"),
            WARMUP,
        ],
        "learning_rate = step(0.1, factor=0.5, every=20)",
        "",
        // ⌊t/every⌋ in whole numbers: t/every in floating point could fall just short of the next step.
        |a, m| {
            a.value(key::RATE)
                * a.value(key::FACTOR).powf((m.step / m.steps_per_epoch / a.count(key::EVERY).map_or(1, |e| e.value)) as f64)
        },
    ).foreign(Foreign { names: &["step_lr"], ..Foreign::NONE }),
    row(
        "exponential",
        "falls by a factor every epoch, smoothly",
        "rate·factor^t",
        &[
            RATE,
            Parameter::named(
                key::FACTOR, Kind::Number(Range::POSITIVE),
                DefaultValue::Number(0.95),
                "what an epoch multiplies by",
            ),
            WARMUP,
        ],
        "learning_rate = exponential(0.1, factor=0.95)",
        "",
        |a, m| a.value(key::RATE) * a.value(key::FACTOR).powf(m.t()),
    ).foreign(Foreign { names: &["exponential_lr"], ..Foreign::NONE }),
    row(
        "cosine",
        "falls along half a cosine",
        "to + (rate − to)(1 + cos(πt/T))/2",
        &[
            RATE,
            Parameter::named(key::TO, Kind::Number(Range::NON_NEGATIVE), DefaultValue::Number(0.0), "the rate it ends at"),
            WARMUP,
        ],
        "learning_rate = cosine(0.1, to=0.001)",
        "Loshchilov and Hutter 2017",
        |a, m| {
            let (rate, to) = (a.value(key::RATE), a.value(key::TO));
            to + (rate - to) * (1.0 + (std::f64::consts::PI * m.t() / m.epochs as f64).cos()) / 2.0
        },
    ).foreign(Foreign { names: &["cosine_annealing"], ..Foreign::NONE }),
    row(
        "one_cycle",
        "rises to the rate, falls back, then far below",
        "u = t/T, low = rate/10: low + (rate − low)·u/0.45 for u < 0.45; rate − (rate − low)(u − 0.45)/0.45 for u < 0.9; low − (low − rate/1000)(u − 0.9)/0.1 after",
        &[RATE, WARMUP],
        "learning_rate = one_cycle(0.1)",
        "Smith 2018, A disciplined approach to neural network hyper-parameters, section 4.2",
        |a, m| {
            let (rate, u) = (a.value(key::RATE), m.t() / m.epochs as f64);
            let low = rate / 10.0;
            if u < 0.45 {
                low + (rate - low) * u / 0.45
            } else if u < 0.9 {
                rate - (rate - low) * (u - 0.45) / 0.45
            } else {
                low - (low - rate / 1000.0) * (u - 0.9) / 0.1
            }
        },
    ).foreign(Foreign { names: &["onecycle"], ..Foreign::NONE }),
    ScheduleKind {
        observe: Some(wait),
        ..row(
            "plateau",
            "falls by a factor when the validation loss (without one, the training loss) has not fallen for `patience` epochs",
            "rate·factorᵏ, k times waited in vain",
            &[
                RATE,
                Parameter::named(
                    key::FACTOR, Kind::Number(Range::POSITIVE),
                    DefaultValue::Number(0.5),
                    "what each fall multiplies by",
                ),
                Parameter::named(key::PATIENCE, Kind::Count(1), DefaultValue::Number(5.0), "epochs to wait"),
                WARMUP,
            ],
            "learning_rate = plateau(0.1, factor=0.5, patience=5)",
            "",
            |a, _| a.value(key::RATE),
        ).foreign(Foreign { names: &["reduce_on_plateau"], ..Foreign::NONE })
    },
    row(
        "warmup",
        "rises from near 0 over the first epochs, then stays",
        "rate·min(1, (step + 1)/(warmup·steps per epoch))",
        &[
            RATE,
            Parameter::positional(key::WARMUP, Kind::Number(Range::NON_NEGATIVE), DefaultValue::Required, "epochs of the rise"),
        ],
        "learning_rate = warmup(0.1, 5)",
        "Goyal et al. 2017",
        |a, _| a.value(key::RATE),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warmup_multiplies_and_ends() {
        let schedule = Schedule { warmup: 2.0, ..Schedule::constant(0.5) };
        let at = |step| schedule.rate(&ScheduleState::START, Moment { step, steps_per_epoch: 3, epochs: 9 });
        assert!((at(0) - 0.5 / 6.0).abs() < 1e-15);
        assert!((at(2) - 0.25).abs() < 1e-15);
        assert_eq!(at(5), 0.5);
        assert_eq!(at(20), 0.5);
    }
}
