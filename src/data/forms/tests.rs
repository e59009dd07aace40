//! Which form of number a cell is taken for.

use super::*;

#[test]
fn what_a_person_reads_as_a_number_is_recognised() {
    use Form::*;
    for (text, form, number) in [
        ("4,7", DecimalComma, Some("4.7")),
        ("0,125", DecimalComma, Some("0.125")),
        ("1234,567", DecimalComma, Some("1234.567")),
        ("-1,5e3", DecimalComma, Some("-1.5e3")),
        ("3,744", EitherComma, None),
        ("1,234,567", CommaThousands, Some("1234567")),
        ("1,234.50", CommaThousands, Some("1234.50")),
        ("1.234,5", PointThousands, Some("1234.5")),
        ("1.234.567", PointThousands, Some("1234567")),
        ("1 234", Thousands(' '), Some("1234")),
        ("1\u{a0}234,5", Thousands(' '), Some("1234.5")),
        ("1'234'567.25", Thousands('\''), Some("1234567.25")),
        ("2%", Percent, Some("2")),
        ("-1.5 %", Percent, Some("-1.5")),
        ("$32", Currency, Some("32")),
        ("-$1,200.50", Currency, Some("-1200.50")),
        ("$-3", Currency, Some("-3")),
        ("5 EUR", Currency, Some("5")),
        ("€ 5", Currency, Some("5")),
        ("5kg", Unit, Some("5")),
        ("5 m2", Unit, Some("5")),
        ("-3.5 °C", Unit, Some("-3.5")),
        ("\u{2212}0.5", Minus, Some("-0.5")),
        ("\u{2013}3", Minus, Some("-3")),
        ("- 3", Minus, Some("-3")),
        ("3-", MinusBehind, Some("-3")),
        ("(0.5)", Parentheses, Some("-0.5")),
        ("(1,234.5)", Parentheses, Some("-1234.5")),
        ("\u{a0}5", Blanks, Some("5")),
        ("5\u{200b}", Blanks, Some("5")),
        ("\"5\"", Quotes, Some("5")),
        ("'5'", Quotes, Some("5")),
        ("0x2a", Radix, Some("42")),
        ("0b101", Radix, Some("5")),
        ("\u{ff11}\u{ff12}.\u{ff15}", Digits, Some("12.5")),
        ("\u{6f1}\u{6f2}", Digits, Some("12")),
        ("1500m2", Unit, Some("1500")),
        ("<0.1", Bound, Some("0.1")),
        (">= 10", Bound, Some("10")),
        ("1/2", Fraction, None),
        ("12:30", Time, None),
        ("2021-02-10", Date, None),
        ("03/04/2021", Date, None),
    ] {
        let expected = Some(Written { form, number: number.map(str::to_owned) });
        assert_eq!(look(text), expected, "{text}");
    }
    for text in [
        "",
        "a",
        "abc 5",
        "A12",
        "1st",
        "1.2.3",
        "10.0.0.1",
        "18-25",
        "5 apples and 3",
        "-",
        ",",
        "1,2,3",
        "v1.2",
        "1e",
        "12-34-56-78",
        "1234567890/2",
        "1/2b",
        "1a/2",
    ] {
        assert_eq!(look(text), None, "{text}");
    }
}
