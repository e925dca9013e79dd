//! Numbers without loss: core computes with 512 bits, so neither `f64` nor `i64` can carry them.

use std::fmt;
use std::str::FromStr;

/// An exact decimal number of any size, or an infinity. Equal numbers have one form, so `1.0`,
/// `1` and `10e-1` are equal. The order serves canonical sets only; it is not numeric.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(Form);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    NegativeInfinity,
    /// `digits` × 10^`exponent`, without zeros at either end of the digits; zero has no digits.
    Finite {
        negative: bool,
        digits: String,
        exponent: i64,
    },
    PositiveInfinity,
}

/// Exponents of [`Form::Finite`] beyond this are refused, in either direction; core's own numbers
/// end earlier.
const MAX_EXPONENT: i64 = 1_000_000_000;

/// Numbers with up to this many zeros to add are written out, others with an exponent.
const MAX_ZEROS: i64 = 40;

/// Why a whole number of 64 bits is one of ours.
const SMALL: &str = "64 bits are far from the largest exponent";

/// The text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

impl Number {
    /// The one form of a number. None where its exponent is out of range, which is judged in that
    /// form: what can be read can be written and read again.
    fn finite(negative: bool, digits: &str, exponent: i64) -> Option<Self> {
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            return Some(Self::zero());
        }
        let zeros = i64::try_from(significant.len() - trimmed.len()).ok()?;
        let exponent = exponent.saturating_add(zeros);
        (-MAX_EXPONENT..=MAX_EXPONENT)
            .contains(&exponent)
            .then(|| Self(Form::Finite { negative, digits: trimmed.to_owned(), exponent }))
    }

    fn zero() -> Self {
        Self(Form::Finite { negative: false, digits: String::new(), exponent: 0 })
    }

    /// The exact value of `float`; None for NaN, which is no value of the language.
    pub fn from_f64(float: f64) -> Option<Self> {
        if float.is_nan() {
            None
        } else if float == f64::INFINITY {
            Some(Self(Form::PositiveInfinity))
        } else if float == f64::NEG_INFINITY {
            Some(Self(Form::NegativeInfinity))
        } else {
            // No f64 has more than 1074 digits behind the point, so this is exact.
            format!("{float:.1074}").parse().ok()
        }
    }

    /// The value as an infinity that only a float can carry on the wire.
    pub(super) fn infinity(&self) -> Option<f64> {
        match self.0 {
            Form::NegativeInfinity => Some(f64::NEG_INFINITY),
            Form::PositiveInfinity => Some(f64::INFINITY),
            Form::Finite { .. } => None,
        }
    }

    /// The value, where it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        let Form::Finite { negative, digits, exponent } = &self.0 else { return None };
        let zeros = usize::try_from(*exponent).ok().filter(|zeros| *zeros < 19)?;
        let sign = if *negative { "-" } else { "" };
        format!("{sign}{digits}{:0<zeros$}", if digits.is_empty() { "0" } else { "" }).parse().ok()
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// True for numbers without a fraction.
    pub fn is_whole(&self) -> bool {
        matches!(&self.0, Form::Finite { exponent, .. } if *exponent >= 0)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::finite(value < 0, &value.unsigned_abs().to_string(), 0).expect(SMALL)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::finite(false, &value.to_string(), 0).expect(SMALL)
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    /// Reads `-12.5e3`: digits with an optional sign, fraction and exponent.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().map_err(|_| NotANumber)?),
            None => (text, 0_i64),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotANumber);
        }
        let shift = i64::try_from(fraction.len()).map_err(|_| NotANumber)?;
        Self::finite(negative, &digits, exponent.saturating_sub(shift)).ok_or(NotANumber)
    }
}

impl fmt::Display for Number {
    /// Decimal text that core reads back as the same number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, digits, exponent) = match &self.0 {
            Form::NegativeInfinity => return f.write_str("-Inf"),
            Form::PositiveInfinity => return f.write_str("Inf"),
            Form::Finite { negative, digits, exponent } => (negative, digits.as_str(), *exponent),
        };
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let text = match exponent {
            _ if digits.is_empty() => "0".to_owned(),
            0..=MAX_ZEROS => format!("{digits}{}", "0".repeat(exponent.unsigned_abs() as usize)),
            _ if exponent < 0 && length + exponent > 0 => {
                let (whole, fraction) =
                    digits.split_at((length + exponent).unsigned_abs() as usize);
                format!("{whole}.{fraction}")
            }
            _ if exponent < 0 && length + exponent > -MAX_ZEROS => {
                let zeros = (length + exponent).unsigned_abs() as usize;
                format!("0.{}{digits}", "0".repeat(zeros))
            }
            _ => format!("{digits}e{exponent}"),
        };
        if *negative { write!(f, "-{text}") } else { f.write_str(&text) }
    }
}

#[cfg(test)]
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn equal_numbers_are_equal_whatever_their_spelling() {
        for (a, b) in [("1", "1.0"), ("10e-1", "1"), ("-0", "0"), ("0.00", "0"), ("1e3", "1000")] {
            assert_eq!(number(a), number(b));
        }
        assert_ne!(number("1"), number("-1"));
    }

    #[test]
    fn text_round_trips_without_loss() {
        for text in [
            "0",
            "-7",
            "0.1",
            "12345678901234567890123",
            "-0.000125",
            "3.14159265358979323846264338327950288",
            "1e90",
            "5e-324",
        ] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1200").to_string(), "1200");
        assert_eq!(number("99e40").to_string(), format!("99{}", "0".repeat(40)));
    }

    #[test]
    fn a_float_keeps_its_exact_value() {
        let exact = Number::from_f64(0.1).unwrap();
        assert_ne!(exact, number("0.1"));
        assert!(exact.to_string().starts_with("0.1000000000000000055511151231257827"));
        assert_eq!(Number::from_f64(2.25).unwrap(), number("2.25"));
        assert_eq!(Number::from_f64(1e300).unwrap().to_i64(), None);
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(f64::NEG_INFINITY).unwrap().to_string(), "-Inf");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1.2.3",
            "0x10",
            "1e",
            "1e99999999999",
            "1e-9223372036854775808", // has no absolute value in an i64
            "0.1e-9223372036854775808",
            "10e9223372036854775807",
            "NaN",
            " 1",
            "1_0",
        ] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text}");
        }
    }

    /// The exponent counts as it is written, with the zeros at the end of the digits in it.
    #[test]
    fn what_is_read_can_be_written_and_read_again() {
        for text in ["1e1000000000", "0.1e1000000001", "-7e-1000000000", "0e-9223372036854775808"] {
            let read = number(text);
            assert_eq!(number(&read.to_string()), read, "{text}");
        }
        for text in ["10e1000000000", "0.1e-1000000000"] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text}");
        }
    }

    #[test]
    fn whole_numbers_convert_when_they_fit() {
        for (text, want) in [
            ("0", Some(0)),
            ("-12000", Some(-12000)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1e18", Some(1_000_000_000_000_000_000)),
            ("1e19", None),
            ("1.5", None),
        ] {
            assert_eq!(number(text).to_i64(), want, "{text}");
        }
        assert!(number("1e30").is_whole() && !number("1.5").is_whole());
    }
}
