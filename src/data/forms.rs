//! The forms in which people write numbers and dates and that are not read as such: `4,7`, `$1,200`, `12%`, `(3)`,
//! `0x1f`, `2021-03-04`. Each is recognised, with the number that it stands for where that is plain, so that a column
//! of them is told of and never becomes one of categories in silence. Not for reading them: see [`super::view`] for
//! what is read.

use super::dates;
use super::view::ungrouped;
use crate::syntax::spell;

/// How a text that a person reads as a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Form {
    /// `4,7`
    DecimalComma,
    /// `1.234,5`
    PointThousands,
    /// `1,234,567`
    CommaThousands,
    /// `3,744`: with a decimal comma or with a comma between thousands.
    EitherComma,
    /// `1 234` or `1'234` or `1_234`, with the mark.
    Thousands(char),
    /// `12%`
    Percent,
    /// `$5`, `5 EUR`
    Currency,
    /// `5kg`
    Unit,
    /// `5abc`: a unit only where every cell has it.
    Suffix,
    /// `1.234` where a comma stands before fractions: such a fraction after all, or thousands.
    EitherPoint,
    /// `−5` with U+2212 or a dash for the minus.
    Minus,
    /// `5-`
    MinusBehind,
    /// `(5)` for −5.
    Parentheses,
    /// A number with no-break or other invisible blanks around it.
    Blanks,
    /// `"5"` with its quotes.
    Quotes,
    /// `0x1f`
    Radix,
    /// Digits of another script.
    Digits,
    /// `<5`, `~5`
    Bound,
    /// `1/2`
    Fraction,
    /// `12:30`
    Time,
    /// `2021-03-04`
    Date,
}

/// A text as a number in a form that is not read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// How it is written.
    pub(super) form: Form,
    /// The number alone, as it would be read.
    pub(super) number: Option<String>,
}

/// Units after a number that leave no doubt that it is one.
const UNITS: &[&str] = &[
    "mg", "g", "kg", "t", "lb", "lbs", "oz", "mm", "cm", "m", "km", "mi", "ft", "in", "inch", "yd", "ms", "s", "sec",
    "min", "h", "hr", "hrs", "d", "day", "days", "week", "weeks", "month", "months", "y", "yr", "yrs", "year", "years",
    "ml", "cl", "l", "L", "gal", "K", "C", "F", "°", "°C", "°F", "W", "kW", "MW", "kWh", "MWh", "V", "mV", "A", "mA",
    "Hz", "kHz", "MHz", "GHz", "B", "kB", "KB", "MB", "GB", "TB", "bps", "kbps", "Mbps", "km/h", "kmh", "kph", "mph",
    "m/s", "mpg", "rpm", "bpm", "px", "pt", "ha", "m²", "m2", "km²", "km2", "m³", "m3", "sqm", "sqft", "ft²", "ft2",
    "bar", "Pa", "hPa", "kPa", "psi", "dB", "N", "J", "kJ", "cal", "kcal", "hp", "HP", "bhp", "PS", "CC", "cc", "k",
    "M", "bn", "pcs", "x", "pp", "bp", "bps", "ppm", "ppb", "mmHg", "mol", "mmol", "mmol/l", "mg/dl", "mg/l", "µg",
    "µm", "nm", "kgm", "Nm", "kmpl",
];
/// Signs of currencies.
const CURRENCIES: &[&str] = &[
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴", "₪", "฿", "₫", "₦", "₱", "¢", "US$", "R$", "kr", "zł", "Kč", "Ft",
    "USD", "EUR", "GBP", "JPY", "CHF", "CNY", "RMB", "INR", "RUB", "KRW", "TRY", "SEK", "NOK", "DKK", "PLN", "CZK",
    "HUF", "BRL", "MXN", "CAD", "AUD", "NZD", "ZAR", "SGD", "HKD", "ILS", "UAH", "THB", "Rs", "Rs.", "CA$", "A$",
];
/// Words that stand where nothing is known, in lower case.
const MARKERS: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "..",
    "...",
    "*",
    "**",
    "?",
    "??",
    "na",
    "n/a",
    "#n/a",
    "n.a.",
    "n.a",
    "n/d",
    "nd",
    "n.d.",
    "nan",
    "-nan",
    "nat",
    "<na>",
    "#na",
    "null",
    "<null>",
    "(null)",
    "[null]",
    "none",
    "nil",
    "\\n",
    "missing",
    "unknown",
    "unk",
    "not available",
    "not applicable",
    "not known",
    "no data",
    "nodata",
    "no value",
    "undefined",
    "undef",
    "void",
    "blank",
    "empty",
    "(blank)",
    "(empty)",
    "tbd",
    "tba",
    "-1.#ind",
    "1.#qnan",
    "-1.#qnan",
    "1.#ind",
    "#div/0!",
    "#value!",
    "#ref!",
    "#name?",
    "#num!",
    "#null!",
    "#n/a n/a",
    "/",
    "//",
    "~",
    "_",
    "invalid",
    "error",
    "err",
    "not recorded",
    "not measured",
    "unspecified",
    "withheld",
    "unbekannt",
    "fehlt",
    "keine angabe",
    "k.a.",
    "k. a.",
    "inconnu",
    "desconocido",
    "sconosciuto",
    "s/d",
    "s.d.",
];

/// Whether a text is one that people write where nothing is known.
pub(super) fn is_marker(text: &str) -> bool {
    let lower = text.trim_matches(is_invisible).to_lowercase();
    lower.is_empty() || MARKERS.contains(&lower.as_str())
}

/// Blanks and characters without a look of their own.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// What a text that is no number as it stands is taken for; `None` where a person reads no number in it.
pub(super) fn look(text: &str) -> Option<Written> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST || !text.chars().any(char::is_numeric) {
        return None;
    }
    let bare = text.trim_matches(is_invisible);
    if bare.len() < text.len() {
        let number = if is_plain(bare) { Some(bare.to_owned()) } else { look(bare)?.number };
        return Some(Written { form: Form::Blanks, number });
    }
    let inner =
        bare.trim_matches(['"', '\'', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '`', '«', '»']);
    if inner.len() < bare.len() && !inner.is_empty() {
        let inner = inner.trim_matches(is_invisible);
        let number = if is_plain(inner) { Some(inner.to_owned()) } else { look(inner)?.number };
        return Some(Written { form: Form::Quotes, number });
    }
    if dates::looks_like_date(bare) {
        return Some(Written { form: Form::Date, number: None });
    }
    decorated(bare)
}

/// A number with something before or behind it.
fn decorated(text: &str) -> Option<Written> {
    let with = |form, number| Some(Written { form, number });
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return with(Form::Parentheses, within(inner.trim())?.number.map(|n| format!("-{n}")));
    }
    if let Some(value) = radix(text) {
        return with(Form::Radix, Some(value));
    }
    if let Some(rest) = text.strip_prefix(['<', '>', '~', '≈', '≤', '≥']) {
        let rest = rest.strip_prefix('=').unwrap_or(rest).trim();
        return with(Form::Bound, within(rest)?.number);
    }
    amount(text)
}

/// The number of a text that is one or is written as one.
fn within(text: &str) -> Option<Body> {
    if is_plain(text) {
        return Some(Body { form: None, number: Some(text.to_owned()) });
    }
    amount(text).map(|written| Body { form: Some(written.form), number: written.number })
}

/// A number that may have a sign, a currency, a percent sign or a unit.
fn amount(text: &str) -> Option<Written> {
    let (minus, rest) = sign(text);
    if let Some(rest) = rest.strip_suffix(['%', '‰', '٪']) {
        return Some(Written { form: Form::Percent, number: signed(minus, value(rest.trim_end())?.number) });
    }
    if let Some(rest) = without_currency(rest) {
        let (inner, rest) = sign(rest);
        return Some(Written { form: Form::Currency, number: signed(minus || inner, value(rest)?.number) });
    }
    if let Some((first, second)) = rest.split_once(['/', ':'])
        && let Some(form) = pair(rest, first, second)
    {
        return Some(Written { form, number: None });
    }
    if let Some(written) = body(rest) {
        let form = match written.form {
            None if text.ends_with('-') => Form::MinusBehind,
            None if minus || text.starts_with('+') => Form::Minus,
            None => return None,
            Some(form) => form,
        };
        return Some(Written { form, number: signed(minus, written.number) });
    }
    let end = rest
        .rfind(|c: char| c.is_numeric() && !matches!(c, '²' | '³'))
        .map(|at| at + rest[at..].chars().next().map_or(1, char::len_utf8))?;
    // `m2` and its like end in a digit of their own.
    let end =
        UNITS.iter().find(|u| u.ends_with(['2', '3']) && rest.ends_with(*u)).map_or(end, |u| rest.len() - u.len());
    let (number, unit) = (rest[..end].trim_end(), rest[end..].trim_matches(is_invisible));
    let is_word = !unit.is_empty()
        && unit.chars().count() <= 8
        && unit.chars().all(|c| c.is_alphabetic() || "°/²³.".contains(c) || c.is_ascii_digit());
    let is_ordinal = matches!(unit, "st" | "nd" | "rd" | "th" | "." | "er" | "e" | "º" | "ª");
    if !is_word || is_ordinal {
        return None;
    }
    let form = if UNITS.contains(&unit) { Form::Unit } else { Form::Suffix };
    Some(Written { form, number: signed(minus, value(number)?.number) })
}

/// Whether a column that is said to hold dates has such a cell read.
pub(super) fn is_read_as_date(text: &str) -> bool {
    dates::read(text.trim_matches(is_invisible)).is_some()
}

/// What to do about a text in a column of numbers called `name`.
pub(super) fn advice(text: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(text);
    let shown = crate::text::shorten(&super::excerpt::shown(text.as_bytes()), 40);
    if is_marker(&text) {
        return format!("`missing_values = [{}]` in `data` if it means that nothing is known", spell::quoted(&shown));
    }
    match look(&text) {
        Some(Written { number: Some(number), form }) if form != Form::Suffix => {
            format!("write `{number}` for `{shown}` in the file")
        }
        _ => format!("`category = {}` if its values are classes", spell::list([name])),
    }
}

/// What stands behind the last digit.
pub(super) fn suffix(text: &str) -> &str {
    text.trim_matches(is_invisible).rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or("").trim()
}

/// Whether most of a column's different values are numbers, in whatever form.
pub(crate) fn are_numbers<S: AsRef<str>>(names: &[S]) -> bool {
    let count = names
        .iter()
        .map(AsRef::as_ref)
        .filter(|n| is_plain(n) || look(n).is_some_and(|w| w.form != Form::Suffix))
        .count();
    2 * count > names.len()
}

/// Whether the number is negative, and it without its sign: any of the characters that are used for a minus.
fn sign(text: &str) -> (bool, &str) {
    const MINUS: [char; 8] = ['-', '\u{2212}', '\u{2013}', '\u{2012}', '\u{2010}', '\u{2011}', '\u{fe63}', '\u{ff0d}'];
    match (text.strip_prefix(MINUS), text.strip_prefix(['+', '\u{ff0b}']), text.strip_suffix(MINUS)) {
        (Some(rest), ..) => (true, rest.trim_start()),
        (None, Some(rest), _) => (false, rest.trim_start()),
        (None, None, Some(rest)) => (true, rest),
        (None, None, None) => (false, text),
    }
}

fn signed(minus: bool, number: Option<String>) -> Option<String> {
    number.map(|n| if minus { format!("-{n}") } else { n })
}

/// Whether a text is a number as it stands.
pub(super) fn is_plain(text: &str) -> bool {
    matches!(super::cell::read(text.as_bytes()), super::cell::Cell::Number(_))
}

fn without_currency(text: &str) -> Option<&str> {
    let before = CURRENCIES.iter().filter_map(|c| text.strip_prefix(c)).min_by_key(|rest| rest.len());
    let after = || CURRENCIES.iter().filter_map(|c| text.strip_suffix(c)).min_by_key(|rest| rest.len());
    before.or_else(after).map(|rest| rest.trim_matches(is_invisible))
}

/// `0x1f`, `0b101`, `0o17`.
fn radix(text: &str) -> Option<String> {
    let (minus, rest) = sign(text);
    let lower = rest.to_ascii_lowercase();
    let of = |prefix: &str, radix| Some(u64::from_str_radix(lower.strip_prefix(prefix)?, radix).ok()?.to_string());
    signed(minus, of("0x", 16).or_else(|| of("0b", 2)).or_else(|| of("0o", 8)))
}

/// What two numbers around a `/` or a `:` are.
fn pair(text: &str, first: &str, second: &str) -> Option<Form> {
    let digits = |t: &str| !t.is_empty() && t.len() <= 9 && t.bytes().all(|b| b.is_ascii_digit());
    if text.contains('/') {
        return (digits(first.trim()) && digits(second.trim())).then_some(Form::Fraction);
    }
    dates::looks_like_time(text).then_some(Form::Time)
}

/// The number alone, whichever marks it has.
fn value(text: &str) -> Option<Body> {
    if text.is_empty() || text.starts_with(['-', '+']) {
        return None;
    }
    body(text)
}

/// A number of digits and marks; the form is `None` where it is read as it stands.
struct Body {
    form: Option<Form>,
    number: Option<String>,
}

fn body(text: &str) -> Option<Body> {
    let mut form = None;
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            _ if c.is_ascii() || !c.is_numeric() => plain.push(c),
            _ => {
                form = Some(Form::Digits);
                plain.push(digit(c)?);
            }
        }
    }
    if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let end = plain.find(['e', 'E']).unwrap_or(plain.len());
    let (mantissa, exponent) = plain.split_at(end);
    let power = exponent.get(1..).map_or("0", |e| e.trim_start_matches(['+', '-']));
    if power.is_empty() || !power.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let found = marks(mantissa)?;
    let number = found.number.map(|n| format!("{n}{exponent}"));
    Some(Body { form: found.form.or(form), number })
}

/// The ASCII digit of a digit of another script, whose digits stand in a row from its 0 on.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 12] = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xe50, 0xff10, 0x1d7ce];
    let zero = ZEROS.into_iter().find(|&zero| (zero..zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// What the marks between digits mean.
fn marks(text: &str) -> Option<Body> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let other = text.chars().find(|c| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let of = |form, number: String| Some(Body { form, number: Some(number) });
    // A number in one form: groups before the fraction, and the fraction.
    let split = |mark: char| text.split_once(mark).unwrap_or((text, ""));
    match (points, commas, other) {
        (0 | 1, 0, None) => (text.len() > points).then(|| Body { form: None, number: Some(text.to_owned()) }),
        (0, 1, None) => {
            let (whole, fraction) = split(',');
            if whole.is_empty() && fraction.is_empty() {
                return None;
            }
            let either = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if either {
                return Some(Body { form: Some(Form::EitherComma), number: None });
            }
            of(Some(Form::DecimalComma), format!("{whole}.{fraction}"))
        }
        (0, 2.., None) => of(Some(Form::CommaThousands), ungrouped(text, ',')?),
        (2.., 0, None) => of(Some(Form::PointThousands), ungrouped(text, '.')?),
        (1, 1.., None) if text.rfind('.') > text.rfind(',') => {
            let (whole, fraction) = split('.');
            of(Some(Form::CommaThousands), format!("{}.{fraction}", ungrouped(whole, ',')?))
        }
        (1.., 1, None) => {
            let (whole, fraction) = split(',');
            digits(fraction).then_some(())?;
            of(Some(Form::PointThousands), format!("{}.{fraction}", ungrouped(whole, '.')?))
        }
        (_, _, Some(mark)) if matches!(mark, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}' | '_') => {
            let at = text.find(['.', ',']).unwrap_or(text.len());
            let (whole, fraction) = text.split_at(at);
            let fraction = fraction.get(1..).unwrap_or("");
            digits(fraction).then_some(())?;
            let whole = ungrouped(whole, mark)?;
            (digits(&whole) && points + commas <= 1).then_some(())?;
            let point = if fraction.is_empty() { "" } else { "." };
            of(Some(Form::Thousands(canonical(mark))), format!("{whole}{point}{fraction}"))
        }
        _ => None,
    }
}

/// The mark as a program writes it.
fn canonical(mark: char) -> char {
    match mark {
        '\'' | '\u{2019}' => '\'',
        '_' => '_',
        _ => ' ',
    }
}

impl Form {
    /// What numbers of this form are: `numbers with decimal commas`.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::DecimalComma => "numbers with a decimal comma",
            Self::PointThousands => "numbers with points between thousands",
            Self::CommaThousands => "numbers with commas between thousands",
            Self::EitherComma => "numbers with a comma, before a fraction or between thousands",
            Self::Thousands(' ') => "numbers with blanks between thousands",
            Self::Thousands('_') => "numbers with `_` between thousands",
            Self::Thousands(_) => "numbers with apostrophes between thousands",
            Self::Percent => "percentages",
            Self::Currency => "amounts with the sign of a currency",
            Self::Unit | Self::Suffix => "numbers with a unit",
            Self::EitherPoint => "numbers with a point, before a fraction or between thousands",
            Self::Minus => "numbers with a sign that is not read, such as U+2212 for the minus",
            Self::MinusBehind => "numbers with their minus behind them",
            Self::Parentheses => "numbers in parentheses, negative as accounts write them",
            Self::Blanks => "numbers with invisible blanks around them",
            Self::Quotes => "numbers with quotes that are part of the cell",
            Self::Radix => "hexadecimal or binary numbers",
            Self::Digits => "numbers in the digits of another script",
            Self::Bound => "bounds rather than numbers",
            Self::Fraction => "fractions",
            Self::Time => "times of day",
            Self::Date => "dates",
        }
    }

    /// Whether a name may well be written so: it is told of, and refused to nobody.
    pub(super) fn may_be_a_name(self) -> bool {
        matches!(self, Self::Unit | Self::Suffix | Self::Fraction | Self::Time | Self::Date | Self::Bound)
    }
}

#[cfg(test)]
mod tests;
