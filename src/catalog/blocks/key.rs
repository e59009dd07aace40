//! The keys of the blocks' settings.

use crate::catalog::signature::{Key, held};

/// `target`
pub const TARGET: Key<held::Names> = Key::new("target");
/// `inputs`
pub const INPUTS: Key<held::Names> = Key::new("inputs");
/// `ignore`
pub const IGNORE: Key<held::Names> = Key::new("ignore");
/// `category`
pub const CATEGORY: Key<held::Names> = Key::new("category");
/// `scale`
pub const SCALE: Key<held::Word> = Key::new("scale");
/// `target_scale`
pub const TARGET_SCALE: Key<held::Word> = Key::new("target_scale");
/// `missing`
pub const MISSING: Key<held::Word> = Key::new("missing");
/// `unseen`
pub const UNSEEN: Key<held::Word> = Key::new("unseen");
/// `validation`
pub const VALIDATION: Key<held::Share> = Key::new("validation");
/// `test`
pub const TEST: Key<held::Share> = Key::new("test");
/// `split_seed`
pub const SPLIT_SEED: Key<u64> = Key::new("split_seed");
/// `weight`
pub const WEIGHT: Key<held::Names> = Key::new("weight");
/// `stratify`
pub const STRATIFY: Key<bool> = Key::new("stratify");
/// `classes`
pub const CLASSES: Key<held::Names> = Key::new("classes");
/// `positive`
pub const POSITIVE: Key<held::Names> = Key::new("positive");
/// `separator`
pub const SEPARATOR: Key<String> = Key::new("separator");
/// `decimal`
pub const DECIMAL: Key<String> = Key::new("decimal");
/// `thousands`
pub const THOUSANDS: Key<String> = Key::new("thousands");
/// `missing_values`
pub const MISSING_VALUES: Key<held::Names> = Key::new("missing_values");
/// `header`
pub const HEADER: Key<held::Names> = Key::new("header");
/// `date`
pub const DATE: Key<held::Dates> = Key::new("date");
/// `skip_lines`
pub const SKIP_LINES: Key<u64> = Key::new("skip_lines");
/// `init`
pub const INIT: Key<held::One> = Key::new("init");
/// `bias_init`
pub const BIAS_INIT: Key<held::One> = Key::new("bias_init");
/// `loss`
pub const LOSS: Key<held::One> = Key::new("loss");
/// `optimizer`
pub const OPTIMIZER: Key<held::One> = Key::new("optimizer");
/// `learning_rate`
pub const LEARNING_RATE: Key<f64> = Key::new("learning_rate");
/// `epochs`
pub const EPOCHS: Key<u64> = Key::new("epochs");
/// `batch`
pub const BATCH: Key<u64> = Key::new("batch");
/// `seed`
pub const SEED: Key<u64> = Key::new("seed");
/// `shuffle`
pub const SHUFFLE: Key<bool> = Key::new("shuffle");
/// `precision`
pub const PRECISION: Key<held::Word> = Key::new("precision");
/// `l1`
pub const L1: Key<f64> = Key::new("l1");
/// `l2`
pub const L2: Key<f64> = Key::new("l2");
/// `clip_norm`
pub const CLIP_NORM: Key<f64> = Key::new("clip_norm");
/// `class_weights`
pub const CLASS_WEIGHTS: Key<held::Numbers> = Key::new("class_weights");
/// `stop`
pub const STOP: Key<held::One> = Key::new("stop");
/// `metrics`
pub const METRICS: Key<held::Many> = Key::new("metrics");
