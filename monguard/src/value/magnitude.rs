//! Which of two numbers is greater, exactly.

use std::cmp::Ordering;

use super::number::Number;

impl Ord for Number {
    /// By value; NaN, which has none, below them all, as MongoDB sorts it.
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (Magnitude::of(*self), Magnitude::of(*other));
        self.rank().cmp(&other.rank()).then_with(|| {
            if self.is_negative() {
                b.compare(a)
            } else {
                a.compare(b)
            }
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Number {
    fn is_negative(self) -> bool {
        match self {
            Number::NaN => false,
            Number::Infinite { negative }
            | Number::Decimal { negative, .. }
            | Number::Binary { negative, .. } => negative,
        }
    }

    /// Where it stands by sign and kind alone.
    fn rank(self) -> u8 {
        match self {
            Number::NaN => 0,
            Number::Infinite { negative: true } => 1,
            Number::Decimal { coefficient: 0, .. } => 3,
            Number::Decimal { negative, .. } | Number::Binary { negative, .. } => {
                if negative {
                    2
                } else {
                    4
                }
            }
            Number::Infinite { negative: false } => 5,
        }
    }
}

/// `coefficient * 2^twos * 5^fives`.
#[derive(Clone, Copy, Debug)]
struct Magnitude {
    coefficient: u128,
    twos: i32,
    fives: i32,
}

impl Magnitude {
    fn of(number: Number) -> Self {
        let (coefficient, twos, fives) = match number {
            Number::NaN | Number::Infinite { .. } => (0, 0, 0),
            Number::Decimal {
                coefficient,
                exponent,
                ..
            } => (coefficient, exponent, exponent),
            Number::Binary {
                mantissa, exponent, ..
            } => (u128::from(mantissa), exponent, 0),
        };
        Magnitude {
            coefficient,
            twos,
            fives,
        }
    }

    /// The binary logarithm, right to far more than [`CLOSE`](Self::CLOSE).
    #[allow(clippy::cast_precision_loss, reason = "an estimate")]
    fn log2(self) -> f64 {
        (self.coefficient as f64).log2()
            + f64::from(self.twos)
            + f64::from(self.fives) * 5_f64.log2()
    }

    /// Logarithms that are further apart than this decide by themselves.
    const CLOSE: f64 = 1e-6;

    fn compare(self, other: Self) -> Ordering {
        if self.coefficient == 0 || other.coefficient == 0 {
            return self.coefficient.cmp(&other.coefficient);
        }
        let (a, b) = (self.log2(), other.log2());
        if (a - b).abs() > Self::CLOSE {
            return a.total_cmp(&b);
        }
        let (twos, fives) = (self.twos.min(other.twos), self.fives.min(other.fives));
        self.digits(twos, fives).cmp(&other.digits(twos, fives))
    }

    /// The integer `self / (2^twos * 5^fives)`.
    fn digits(self, twos: i32, fives: i32) -> Digits {
        let mut digits = Digits::of(self.coefficient);
        (fives..self.fives).for_each(|_| digits.multiply(5));
        (twos..self.twos).for_each(|_| digits.multiply(2));
        digits
    }
}

/// A natural number of any size, its digits of 32 bits, the least first, without leading zeros.
#[derive(Debug, PartialEq, Eq)]
struct Digits(Vec<u32>);

impl Digits {
    fn of(mut number: u128) -> Self {
        let mut digits = Vec::new();
        while number > 0 {
            digits.push(low(number));
            number >>= 32;
        }
        Digits(digits)
    }

    fn multiply(&mut self, factor: u32) {
        let mut carry = 0_u128;
        for digit in &mut self.0 {
            let product = u128::from(*digit) * u128::from(factor) + carry;
            *digit = low(product);
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(low(carry));
        }
    }
}

impl Ord for Digits {
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Digits {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the low 32 bits are meant")]
fn low(number: u128) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use mongodb::bson::Bson;

    use super::*;

    fn number(value: impl Into<Bson>) -> Number {
        Number::of(&value.into()).unwrap()
    }

    fn decimal(text: &str) -> Number {
        number(Bson::Decimal128(text.parse().unwrap()))
    }

    #[test]
    fn numbers_ascend_over_all_widths() {
        let ascending = [
            number(f64::NAN),
            number(f64::NEG_INFINITY),
            decimal("-1E+6000"),
            number(f64::MIN),
            number(i64::MIN),
            number(-1.5),
            decimal("-1.4"),
            decimal("-1E-6000"),
            number(0_i32),
            decimal("1E-6000"),
            number(5e-324),
            decimal("0.1"),
            // The double is a little more than the decimal.
            number(0.1),
            number(1_i32),
            // 2^53 + 1 lies between two doubles.
            number(9_007_199_254_740_992.0),
            number(9_007_199_254_740_993_i64),
            number(9_007_199_254_740_994.0),
            number(i64::MAX),
            number(9_223_372_036_854_775_808.0),
            number(1e23),
            decimal("1E+23"),
            number(f64::MAX),
            decimal("1E+6000"),
            number(f64::INFINITY),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{a:?} {b:?}");
            }
        }
    }
}
