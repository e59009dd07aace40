//! Texts that the program writes and the repository keeps: compared, or with `NN_BLESS=1` written anew.

use std::fs;
use std::io;
use std::path::Path;

/// Compares `text` with the file at `path`; what is wrong comes back as a sentence.
pub(crate) fn compare(path: &Path, text: &str) -> io::Result<Option<String>> {
    if std::env::var_os("NN_BLESS").is_some_and(|v| v == "1") {
        fs::write(path, text)?;
        return Ok(None);
    }
    let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display();
    let kept = match fs::read_to_string(path) {
        Ok(kept) => kept,
        Err(error) => return Ok(Some(format!("{shown}: {error}; NN_BLESS=1 writes it"))),
    };
    let differs = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now);
    Ok((kept != text).then(|| {
        let line = differs.unwrap_or_else(|| kept.lines().count().min(text.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("(its end)").to_owned();
        format!("{shown}, line {}: kept\n  {}\nnow\n  {}\n(NN_BLESS=1 keeps it)", line + 1, at(&kept), at(text))
    }))
}
