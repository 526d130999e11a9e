//! Numbers as Terraform has them: binary floating point of 512 bits, rounded to nearest even.
//!
//! With that width `0.1 + 0.2` prints as `0.3` and integers of 150 digits survive. Text form is
//! the shortest decimal that reads back as the same number, never in exponent form.
//!
//! Results of functions that compute in machine numbers (`pow`, `log`, `length`) are narrower, as
//! in Terraform, which shows in how they print; a result has the width of its wider operand.

use dashu_base::{Abs, BitTest, Signed};
use dashu_float::{Context, FBig, Repr, round::mode::HalfEven};
use dashu_int::IBig;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// Bits of precision.
const PRECISION: usize = 512;
/// Bits of a machine integer.
const INTEGER_PRECISION: usize = 64;
/// Bits of an `f64`.
const FLOAT_PRECISION: usize = 53;
/// The most digits that a number is read from and written with.
pub const MOST_DIGITS: usize = 30_000;
/// The largest decimal exponent that is read: far beyond use, near enough to be printed.
const MAX_EXPONENT: i64 = 10_000;

type Binary = FBig<HalfEven, 2>;
type Decimal = FBig<HalfEven, 10>;

/// An exact-enough number; always finite.
#[derive(Clone)]
pub struct Number(Binary);

impl Number {
    /// About how many digits it takes to write it, if they are more than a few.
    pub fn digits(&self) -> usize {
        let repr = self.0.repr();
        let bits = repr.significand().bit_len() + repr.exponent().unsigned_abs();
        if bits <= 4 * PRECISION { 0 } else { bits / 4 }
    }

    /// Whether it is too large, or too near to zero, to be written.
    pub fn is_excessive(&self) -> bool {
        self.digits() > MOST_DIGITS
    }

    /// Reads decimal text, with optional sign, fraction and exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty())
            || digits.len() > MOST_DIGITS
            || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
            || exponent.parse::<i64>().ok()?.abs() > MAX_EXPONENT
        {
            return None;
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        let decimal = Decimal::from_str(&format!("{sign}{whole:0>1}.{fraction:0<1}e{exponent}")).ok()?;
        let number = Number(decimal.with_base_and_precision::<2>(PRECISION).value());
        Some(if number.is_zero() && !sign.is_empty() { Number::negative_zero(PRECISION) } else { number })
    }

    fn negative_zero(width: usize) -> Self {
        let zero = Binary::from_repr(Repr::neg_zero(), Context::new(width));
        Number(zero)
    }

    /// The number with `value` as its nearest.
    pub fn from_f64(value: f64) -> Option<Self> {
        let binary = Binary::try_from(value).ok().filter(|_| value.is_finite())?;
        Some(Number(binary.with_precision(FLOAT_PRECISION).value()))
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// `value` with the width of the wider of `self` and `other`.
    fn with_width(&self, other: &Self, operation: impl FnOnce(Binary, Binary) -> Binary) -> Self {
        let width = self.0.precision().max(other.0.precision());
        let widen = |n: &Self| n.0.clone().with_precision(width).value();
        Number(operation(widen(self), widen(other)).with_precision(width).value())
    }

    fn whole(&self, value: Binary) -> Self {
        let whole = Number(value.with_precision(self.0.precision()).value());
        if whole.is_zero() { Number::from(0i64) } else { whole }
    }

    /// Whether it has no fraction.
    pub fn is_integer(&self) -> bool {
        self.is_zero() || self.0.repr().is_int()
    }

    /// The integer, if it is one.
    pub fn to_integer(&self) -> Option<IBig> {
        self.is_integer().then(|| self.0.to_int().value())
    }

    /// The integer as `i64`, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.to_integer().and_then(|i| i64::try_from(i).ok())
    }

    /// The integer as `usize`, if it is one and fits.
    pub fn to_usize(&self) -> Option<usize> {
        self.to_integer().and_then(|i| usize::try_from(i).ok())
    }

    /// Sum.
    pub fn add(&self, other: &Self) -> Self {
        self.with_width(other, |a, b| a + b)
    }

    /// Difference.
    pub fn sub(&self, other: &Self) -> Self {
        self.with_width(other, |a, b| a - b)
    }

    /// Product.
    pub fn mul(&self, other: &Self) -> Self {
        self.with_width(other, |a, b| a * b)
    }

    /// Quotient; `None` for a zero divisor.
    pub fn div(&self, other: &Self) -> Option<Self> {
        (!other.is_zero()).then(|| self.with_width(other, |a, b| a / b))
    }

    /// Remainder with the sign of the dividend; `None` for a zero divisor.
    pub fn rem(&self, other: &Self) -> Option<Self> {
        let whole = self.div(other)?.trunc();
        Some(self.sub(&whole.mul(other)))
    }

    /// The number with the other sign.
    pub fn neg(&self) -> Self {
        Number(-self.0.clone())
    }

    /// The absolute value.
    pub fn abs(&self) -> Self {
        if self.is_zero() { Number::from(0i64) } else { Number(self.0.clone().abs()) }
    }

    /// The largest integer not above it.
    pub fn floor(&self) -> Self {
        self.whole(self.0.floor())
    }

    /// The smallest integer not below it.
    pub fn ceil(&self) -> Self {
        self.whole(self.0.ceil())
    }

    /// The number without its fraction.
    pub fn trunc(&self) -> Self {
        self.whole(self.0.trunc())
    }

    /// The integer nearest to the number times ten to the `power`, halves to even.
    pub fn scaled(&self, power: i64) -> IBig {
        let shift = |by: u64| IBig::from(10).pow(usize::try_from(by).unwrap_or(usize::MAX));
        let repr = self.0.repr();
        let (mut above, mut below) = (repr.significand().clone(), IBig::ONE);
        match power {
            0.. => above *= shift(power.unsigned_abs()),
            _ => below *= shift(power.unsigned_abs()),
        }
        match repr.exponent() {
            e @ 0.. => above <<= e.unsigned_abs(),
            e => below <<= e.unsigned_abs(),
        }
        let (quotient, rest) = (&above / &below, (&above % &below).abs());
        let twice = rest * 2;
        let odd = (&quotient % IBig::from(2)) != IBig::ZERO;
        if twice > below || (twice == below && odd) {
            return quotient + if above.is_negative() { IBig::NEG_ONE } else { IBig::ONE };
        }
        quotient
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i64 {
        if self.is_zero() {
            0
        } else if self.0.is_negative() {
            -1
        } else {
            1
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.repr().significand().is_zero()
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::from(IBig::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::from(IBig::from(value))
    }
}

impl From<IBig> for Number {
    fn from(value: IBig) -> Self {
        let width = value.bit_len().max(INTEGER_PRECISION);
        Number(Binary::from_parts(value, 0).with_precision(width).value())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_zero() && other.is_zero() { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}
impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let repr = self.0.repr();
        repr.significand().hash(state);
        if !self.is_zero() {
            repr.exponent().hash(state);
        }
    }
}
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.precision();
        if self.0.repr().is_neg_zero() {
            return f.write_str("-0");
        }
        if let Some(integer) = self.to_integer()
            && integer.bit_len() <= width
        {
            return write!(f, "{integer}");
        }
        if width <= FLOAT_PRECISION {
            return write!(f, "{}", self.to_f64());
        }
        // Decimal digits that always suffice to distinguish two neighbouring numbers.
        let enough = width * 30103 / 100_000 + 2;
        let rounded = |digits: usize| self.0.clone().with_base_and_precision::<10>(digits).value();
        let same = |d: &Decimal| d.clone().with_base_and_precision::<2>(width).value() == self.0;
        let near = rounded(enough - 6);
        let shortest = if same(&near) {
            near
        } else {
            (enough - 5..enough).map(rounded).find(same).unwrap_or_else(|| rounded(enough))
        };
        let (significand, exponent) = shortest.into_repr().into_parts();
        let sign = if significand.is_negative() { "-" } else { "" };
        let digits = significand.abs().to_string();
        if exponent >= 0 {
            return write!(f, "{sign}{digits}{}", "0".repeat(exponent.unsigned_abs()));
        }
        let places = exponent.unsigned_abs();
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn decimal_fractions_add_as_people_expect() {
        assert_eq!(n("0.1").add(&n("0.2")).to_string(), "0.3");
        assert_eq!(n("1").div(&n("3")).unwrap().mul(&n("3")).to_string(), "1");
        assert_eq!(n("-0.05").to_string(), "-0.05");
        assert_eq!(n("1e-7").to_string(), "0.0000001");
        assert_eq!(n("1.50").to_string(), "1.5");
        assert_eq!(n("5e20").to_string(), "500000000000000000000");
    }

    #[test]
    fn results_print_as_floats_but_compute_exactly() {
        let power = Number::from_f64(2f64.powi(100)).unwrap();
        assert_eq!(power.to_string(), "1267650600228229400000000000000");
        assert_eq!(power.sub(&n("1")).to_string(), "1267650600228229401496703205375");
        assert_eq!(power, n("1267650600228229401496703205376"));
        let third = Number::from(1usize).div(&Number::from(3usize)).unwrap();
        assert_eq!(third.to_string(), "0.33333333333333333334");
    }

    #[test]
    fn long_integers_survive() {
        assert_eq!(n("123456789012345678901234567890").to_string(), "123456789012345678901234567890");
    }

    #[test]
    fn a_third_prints_as_many_digits_as_terraform_prints() {
        let third = n("1").div(&n("3")).unwrap().to_string();
        assert_eq!(third, format!("0.{}5", "3".repeat(154)));
    }

    /// What the console of the real Terraform 1.11 prints.
    #[test]
    fn a_zero_keeps_its_sign() {
        let zero = n("0");
        for (made, shown) in [
            (zero.neg(), "-0"),
            (zero.neg().neg(), "0"),
            (n("-1").mul(&zero), "-0"),
            (zero.div(&n("-5")).unwrap(), "-0"),
            (zero.neg().add(&zero), "0"),
            (zero.neg().sub(&zero), "-0"),
            (n("1").sub(&n("1")), "0"),
            (n("-5").rem(&n("5")).unwrap(), "0"),
            (n("-0"), "-0"),
            (n("-0.0"), "-0"),
            (n("-0.5").ceil(), "0"),
            (n("-0").abs(), "0"),
            (Number::from_f64(-0.0).unwrap(), "-0"),
        ] {
            assert_eq!(made.to_string(), shown);
        }
        assert_eq!(n("-0"), zero);
        assert_eq!((n("-0").signum(), n("-0").to_i64(), n("-0").is_integer()), (0, Some(0), true));
    }

    #[test]
    fn remainder_has_the_sign_of_the_dividend() {
        assert_eq!(n("-5").rem(&n("3")).unwrap().to_string(), "-2");
        assert_eq!(n("5.5").rem(&n("2")).unwrap().to_string(), "1.5");
        assert_eq!(n("5").rem(&n("0")), None);
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for bad in ["", "a", "1_000", ".", "0x10", "1e999999999", "NaN", "inf", "1 "] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }
}
