//! [`Groups`]: of whom or what each row is, where a column that is no input says so: rows of one patient or device are
//! not apart when they stand on two sides of a split, whether or not the network sees the column.

/// Words of a column's name that speak of who or what a row is of.
const ENTITIES: [&str; 22] = [
    "id",
    "patient",
    "subject",
    "user",
    "customer",
    "client",
    "person",
    "participant",
    "group",
    "session",
    "household",
    "family",
    "animal",
    "device",
    "speaker",
    "author",
    "player",
    "student",
    "employee",
    "account",
    "vehicle",
    "machine",
];

/// Of whom or what rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// The column that says so.
    pub column: String,
    /// One number a row, the same for the same text. Rows from files of their own have none.
    pub keys: Vec<u64>,
}

/// Whether a column's name has a word for who or what a row is of: `patient`, `user_id`, `DeviceID`.
pub fn speaks_of_entities(name: &str) -> bool {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.iter().any(|word| ENTITIES.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_entities_are_found_in_names() {
        for name in ["patient", "user_id", "DeviceID", "Subject No", "id"] {
            assert!(speaks_of_entities(name), "{name}");
        }
        for name in ["width", "idle", "island", "paid", "grid", ""] {
            assert!(!speaks_of_entities(name), "{name}");
        }
    }
}
