//! Dates and times of day as people write them. Unambiguous forms are read; `03/04/2021` is only recognised, until
//! something says whether the day or the month comes first.

use crate::ir::dialect::DateOrder;

/// A date, and a time of day where one is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    /// Days since 1970-01-01, with the time of day as a fraction.
    pub(super) days: f64,
    /// Its year.
    pub(super) year: i64,
    /// Its month, 1 to 12.
    pub(super) month: u32,
    /// Days after Monday, 0 to 6.
    pub(super) weekday: u32,
    /// The hour, 0 to 23, with minutes and seconds as a fraction.
    pub(super) hour: f64,
}

/// What a text says of a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    /// It is this one.
    Moment(Moment),
    /// Two numbers of which either may be the day, in their order, and the year; the time of day in seconds.
    Either(u32, u32, i64, f64),
}

/// The months in English, as far as they are told apart.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text is written as a date is.
pub(super) fn looks_like_date(text: &str) -> bool {
    read(text).is_some() || is_month(text)
}

/// Whether a text is written as a time of day is: `12:30`, `12:30:15.5`, `1:30 pm`.
pub(super) fn looks_like_time(text: &str) -> bool {
    seconds(text).is_some()
}

/// A month of a year: `2021-03`, `Mar 2021`.
fn is_month(text: &str) -> bool {
    let year = |t: &str| t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit());
    match text.split_once(['-', '/', ' ']) {
        Some((first, second)) if year(first) => second.len() == 2 && matches!(second.parse(), Ok(1..=12u32)),
        Some((first, second)) => year(second) && month_name(first).is_some(),
        None => false,
    }
}

/// Reads a date; `None` where it is none, or no day of the calendar.
pub(super) fn read(text: &str) -> Option<Reading> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST || !text.is_ascii() || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (date, time) = parted(text);
    let (seconds, offset) = match time {
        Some(time) => timed(time)?,
        None => (0.0, 0.0),
    };
    let seconds = seconds - offset;
    named(date, seconds).or_else(|| numbered(date, seconds))
}

/// Reads a date by the order that its column has.
pub(super) fn by_order(text: &str, order: Option<DateOrder>) -> Option<Moment> {
    match (read(text)?, order) {
        (Reading::Moment(moment), _) => Some(moment),
        (Reading::Either(day, month, year, seconds), Some(DateOrder::Day))
        | (Reading::Either(month, day, year, seconds), Some(DateOrder::Month)) => moment(year, month, day, seconds),
        (Reading::Either(..), None) => None,
    }
}

/// The order that a text of two numbers and a year leaves possible, where it leaves one.
pub(super) fn order_of(text: &str) -> Option<DateOrder> {
    let (date, _) = parted(text);
    let parts: Vec<&str> = date.split(['/', '-', ' ']).collect();
    let [first, second, year] = parts[..] else { return None };
    let number = |t: &str| t.parse::<u32>().ok().filter(|_| t.len() <= 2);
    let (first, second) = (number(first)?, number(second)?);
    (year.len() == 4 || year.len() == 2).then_some(())?;
    match (first > 12, second > 12) {
        (true, false) => Some(DateOrder::Day),
        (false, true) => Some(DateOrder::Month),
        _ => None,
    }
}

/// The date and the time of day behind it.
fn parted(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else {
        return (text.trim_end_matches("T00").trim(), None);
    };
    let start = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let date = text[..start].trim_end().trim_end_matches(['T', 't', ',']);
    (date.trim_end(), Some(&text[start..]))
}

/// A time of day in seconds, and what its zone is ahead of UTC.
fn timed(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    if let Some(time) =
        text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix(" UTC")).or_else(|| text.strip_suffix(" GMT"))
    {
        return Some((seconds(time.trim_end())?, 0.0));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((seconds(text)?, 0.0)) };
    let digits: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
    let number = |t: &str| t.parse::<f64>().ok().filter(|_| t.bytes().all(|b| b.is_ascii_digit()));
    let offset = match digits.len() {
        2 => number(&digits)? * 3600.0,
        4 => number(&digits[..2])? * 3600.0 + number(&digits[2..])? * 60.0,
        _ => return None,
    };
    Some((seconds(text[..at].trim_end())?, if text[at..].starts_with('-') { -offset } else { offset }))
}

/// `12:30`, `12:30:15.5`, `1:30 pm`.
fn seconds(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim_end(), Some(0.0)),
        (None, Some(clock)) => (clock.trim_end(), Some(12.0)),
        (None, None) => (lower.as_str(), None),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let whole =
        |t: &str| t.parse::<u32>().ok().filter(|_| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()));
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (whole(hour)?, whole(minute)?, 0.0),
        [hour, minute, second] => {
            let sound = second.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                && second.find('.').unwrap_or(second.len()) <= 2;
            (whole(hour)?, whole(minute)?, second.parse::<f64>().ok().filter(|_| sound)?)
        }
        _ => return None,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => f64::from(hour % 12) + half,
        Some(_) => return None,
        None => f64::from(hour),
    };
    (hour < 24.0 && minute < 60 && second < 60.0).then_some(hour * 3600.0 + f64::from(minute) * 60.0 + second)
}

/// The month that a name begins.
fn month_name(text: &str) -> Option<u32> {
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    let known = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = known.iter().position(|m| *m == lower).or_else(|| MONTHS.iter().position(|m| *m == lower));
    at.or_else(|| (lower == "sept").then_some(8)).map(|at| at as u32 + 1)
}

/// Dates whose month is a word: `4 Mar 2021`, `Mar 4, 2021`, `04-Mar-2021`.
fn named(date: &str, seconds: f64) -> Option<Reading> {
    let parts: Vec<&str> = date.split([' ', '-', '/', ',', '.']).filter(|p| !p.is_empty()).collect();
    // A weekday before it says nothing new.
    let parts = match &parts[..] {
        [day, rest @ ..] if rest.len() == 3 && is_weekday(day) => rest,
        all => all,
    };
    let [first, second, year] = parts else { return None };
    let number = |t: &str| t.parse::<u32>().ok().filter(|_| t.len() <= 2);
    let day = |t: &str| number(t.trim_end_matches(|c: char| c.is_ascii_alphabetic()));
    let (day, month) = match (month_name(first), month_name(second)) {
        (Some(month), None) => (day(second)?, month),
        (None, Some(month)) => (day(first)?, month),
        _ => return None,
    };
    let year = year.parse::<i64>().ok().filter(|_| year.len() == 4 && !year.starts_with(['+', '-']))?;
    moment(year, month, day, seconds).map(Reading::Moment)
}

fn is_weekday(text: &str) -> bool {
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    lower.len() >= 3
        && ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .iter()
            .any(|d| d.starts_with(&lower))
}

/// Dates in numbers: the year first is year, month, day; with points the day is first; with strokes it is asked about.
fn numbered(date: &str, seconds: f64) -> Option<Reading> {
    let mark = date.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<&str> = date.split(mark).collect();
    let [first, second, third] = parts[..] else { return None };
    if !parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |t: &str| t.parse::<u32>().unwrap_or(u32::MAX);
    let (a, b, c) = (number(first), number(second), number(third));
    match (first.len(), third.len(), mark) {
        (4, 1..=2, _) => moment(i64::from(a), b, c, seconds).map(Reading::Moment),
        (1..=2, 4, '.') => moment(i64::from(c), b, a, seconds).map(Reading::Moment),
        (1..=2, 4, _) => match (moment(i64::from(c), b, a, seconds), moment(i64::from(c), a, b, seconds)) {
            (Some(day_first), Some(_)) if a == b => Some(Reading::Moment(day_first)),
            (None, None) => None,
            _ => Some(Reading::Either(a, b, i64::from(c), seconds)),
        },
        _ => None,
    }
}

/// The moment of a day of the calendar and the seconds after its midnight; `None` where there is no such day.
fn moment(year: i64, month: u32, day: u32, seconds: f64) -> Option<Moment> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let days = days_from_civil(year, month, day) as f64 + seconds / 86_400.0;
    let whole = days.floor();
    let (year, month) = civil(whole as i64);
    // 1970-01-01 was a Thursday.
    let weekday = (whole as i64 + 3).rem_euclid(7) as u32;
    Some(Moment { days, year, month, weekday, hour: (seconds.rem_euclid(86_400.0)) / 3600.0 })
}

/// Days since 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year and month of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, u32) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_since_1970() {
        for (text, days) in [
            ("1970-01-01", 0.0),
            ("1969-12-31", -1.0),
            ("2000-03-01", 11017.0),
            ("2021/02/10", 18668.0),
            ("10.02.2021", 18668.0),
            ("10 Feb 2021", 18668.0),
            ("Feb 10, 2021", 18668.0),
            ("February 10 2021", 18668.0),
            ("10-Feb-2021", 18668.0),
            ("Wed, 10 Feb 2021", 18668.0),
            ("2021-02-10T12:00:00Z", 18668.5),
            ("2021-02-10 06:00", 18668.25),
            ("2021-02-10T00:00:00+01:00", 18668.0 - 1.0 / 24.0),
            ("2021-02-10 6:00 PM", 18668.75),
            ("2021-02-10T18:00:00.000-0600", 18669.0),
            ("04/04/2021", 18721.0),
            ("2021-02-10T00:00:00+02", 18668.0 - 2.0 / 24.0),
            ("2021-02-10T00:00:00-01:30", 18668.0 + 1.5 / 24.0),
        ] {
            let Some(Reading::Moment(moment)) = read(text) else { panic!("{text}: {:?}", read(text)) };
            assert!((moment.days - days).abs() < 1e-9, "{text}: {}", moment.days);
        }
        for text in [
            "2021-02-30",
            "2021-13-01",
            "2021-00-10",
            "1.2.3",
            "10.0.0.1",
            "12-34-56",
            "2021",
            "abc",
            "32.01.2021",
            "2021-2-10T25:00",
            "30/31/2021",
            "2021-02-10T00:00:00+123",
            "2021-02-10 24:00",
            "2021-02-10 12:60",
            "2021-02-10 12:30:60",
            "2021-02-10 12:30:059",
            "2021-02-10 12:30:1e1",
            "2021-02-10 13:30 pm",
            "2021-02-10 0:30 am",
            "10 Feb +021",
            "10 Feb 20211",
            "Foo, 10 Feb 2021",
            "We, 10 Feb 2021",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        // Forty bytes are the most that a date has.
        let padded = |width: usize| read(&format!("{:<width$}", "2021-02-10")).is_some();
        assert_eq!([40, 41, 45].map(padded), [true, false, false]);
    }

    #[test]
    fn the_order_of_two_numbers_is_not_guessed() {
        assert!(matches!(read("03/04/2021"), Some(Reading::Either(3, 4, 2021, _))));
        assert_eq!(by_order("03/04/2021", None), None);
        let month = |order| by_order("03/04/2021", Some(order)).map(|m| m.month);
        assert_eq!((month(DateOrder::Day), month(DateOrder::Month)), (Some(4), Some(3)));
        assert_eq!(
            (order_of("13/04/2021"), order_of("04/13/2021"), order_of("03/04/2021")),
            (Some(DateOrder::Day), Some(DateOrder::Month), None)
        );
        assert_eq!([order_of("13/04/21"), order_of("13/04/021")], [Some(DateOrder::Day), None]);
        assert_eq!([order_of("12/04/2021"), order_of("04/12/2021"), order_of("13/13/2021")], [None; 3]);
        assert_eq!(by_order("13/04/2021", Some(DateOrder::Month)), None, "no such month");
    }

    #[test]
    fn parts_are_those_of_the_calendar() {
        let Some(Reading::Moment(m)) = read("2024-02-29 13:30") else { panic!("a date") };
        assert_eq!((m.year, m.month, m.weekday, m.hour), (2024, 2, 3, 13.5));
        let Some(Reading::Moment(m)) = read("1999-12-31T23:00:00-02:00") else { panic!("a date") };
        assert_eq!((m.year, m.month, m.weekday), (2000, 1, 5), "at the time of UTC");
    }

    #[test]
    fn every_day_of_four_centuries_is_the_next() {
        let mut last = days_from_civil(1599, 12, 31);
        for year in 1600..2000 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(m) = moment(year, month, day, 0.0) {
                        assert_eq!((m.days, m.year, m.month), (last as f64 + 1.0, year, month));
                        last += 1;
                    }
                }
            }
        }
        assert_eq!(last, days_from_civil(1999, 12, 31));
    }
}
