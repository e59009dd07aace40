//! Why a training done again gave other bits: what is likely, by what is known of both.

use crate::train::model::Record;
use crate::train::weights::Difference;

/// What is known.
pub(super) struct Evidence<'a> {
    pub(super) record: &'a Record,
    /// The seed of the program that the model carries.
    pub(super) seed: u64,
    /// What has become of the data since.
    pub(super) changed: Option<&'a str>,
    /// The first epoch that went another way.
    pub(super) first: Option<u64>,
    pub(super) difference: Option<&'a Difference>,
}

impl Evidence<'_> {
    /// As a sentence without its end. What is known for certain comes before what is guessed.
    pub(super) fn cause(&self) -> String {
        let record = self.record;
        if let Some(changed) = self.changed {
            return changed.to_owned();
        }
        if self.first.is_none() {
            return self.of_the_file();
        }
        if record.seed != self.seed {
            return format!("the model was trained with seed {}, and its program says {}", record.seed, self.seed);
        }
        let version = env!("CARGO_PKG_VERSION");
        if record.version != version {
            return format!("it was trained by nn {}, and this is nn {version}", record.version);
        }
        let what = if self.first == Some(1) { "program or history" } else { "history" };
        format!(
            "the model's {what} was changed after training, its run was resumed with `--extend` under another schedule, \
             or a processor of another kind made it"
        )
    }

    /// All epochs were the same, and what stands in the file is not.
    fn of_the_file(&self) -> String {
        match self.difference {
            Some(d) if d.count == 1 && (d.saved_bits ^ d.trained_bits).is_power_of_two() => {
                let bit = (d.saved_bits ^ d.trained_bits).trailing_zeros();
                format!("one bit of the file has flipped since: bit {bit} of `{}`", d.place())
            }
            _ => "the weights in the file were changed after training".to_owned(),
        }
    }
}
