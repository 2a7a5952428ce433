//! Numbers by value, over all widths.

use mongodb::bson::{Bson, Decimal128};

/// The value of a number: equal for equal values, whatever the BSON type they are stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Number {
    /// Not a number. There is one.
    NaN,
    /// Beyond every number.
    Infinite {
        /// Below instead of above.
        negative: bool,
    },
    /// `coefficient * 10^exponent`, the coefficient at most 34 digits and not divisible by ten.
    /// Zero is `0 * 10^0`, not negative.
    Decimal {
        /// Below zero.
        negative: bool,
        /// The significant digits.
        coefficient: u128,
        /// The power of ten.
        exponent: i32,
    },
    /// `mantissa * 2^exponent`, the mantissa odd: a double that no decimal of 34 digits equals.
    Binary {
        /// Below zero.
        negative: bool,
        /// The significant bits.
        mantissa: u64,
        /// The power of two.
        exponent: i32,
    },
}

/// The largest coefficient of a `Decimal128`: 34 digits.
const MAX_COEFFICIENT: u128 = 10_u128.pow(34) - 1;

impl Number {
    const ZERO: Self = Self::Decimal {
        negative: false,
        coefficient: 0,
        exponent: 0,
    };

    /// The value of a number, or `None` for what is no number.
    pub(crate) fn of(value: &Bson) -> Option<Self> {
        match value {
            Bson::Int32(int) => Some(Self::of_int(i64::from(*int))),
            Bson::Int64(int) => Some(Self::of_int(*int)),
            Bson::Double(double) => Some(Self::of_double(*double)),
            Bson::Decimal128(decimal) => Some(Self::of_decimal(*decimal)),
            _ => None,
        }
    }

    fn of_int(int: i64) -> Self {
        Self::decimal(int < 0, u128::from(int.unsigned_abs()), 0)
    }

    fn of_double(double: f64) -> Self {
        let negative = double.is_sign_negative();
        if double.is_nan() {
            return Self::NaN;
        }
        if double.is_infinite() {
            return Self::Infinite { negative };
        }
        let (mantissa, exponent) = parts_of_double(double);
        if mantissa == 0 {
            return Self::ZERO;
        }
        match decimal_of_binary(mantissa, exponent) {
            Some((coefficient, exponent)) => Self::Decimal {
                negative,
                coefficient,
                exponent,
            },
            None => Self::Binary {
                negative,
                mantissa,
                exponent,
            },
        }
    }

    /// Reads the binary integer encoding of IEEE 754-2008, which BSON uses.
    fn of_decimal(decimal: Decimal128) -> Self {
        let bits = u128::from_le_bytes(decimal.bytes());
        let negative = bits >> 127 == 1;
        match (bits >> 122) & 0b1_1111 {
            0b1_1111 => return Self::NaN,
            0b1_1110 => return Self::Infinite { negative },
            // A coefficient of more than 34 digits, which the standard reads as zero.
            0b1_1000..=0b1_1101 => return Self::ZERO,
            _ => {}
        }
        let coefficient = bits & ((1 << 113) - 1);
        if coefficient > MAX_COEFFICIENT {
            return Self::ZERO;
        }
        let exponent = i32::try_from((bits >> 113) & 0x3fff).unwrap_or_default() - 6176;
        Self::decimal(negative, coefficient, exponent)
    }

    fn decimal(negative: bool, mut coefficient: u128, mut exponent: i32) -> Self {
        if coefficient == 0 {
            return Self::ZERO;
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        Self::Decimal {
            negative,
            coefficient,
            exponent,
        }
    }
}

/// The odd mantissa and the power of two of a finite double; zero has mantissa zero.
fn parts_of_double(double: f64) -> (u64, i32) {
    const FRACTION_BITS: u32 = 52;
    let bits = double.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let biased = i32::try_from((bits >> FRACTION_BITS) & 0x7ff).unwrap_or_default();
    let (mantissa, exponent) = match (biased, fraction) {
        (0, 0) => return (0, 0),
        (0, _) => (fraction, -1074),
        _ => (fraction | 1 << FRACTION_BITS, biased - 1075),
    };
    let shift = mantissa.trailing_zeros();
    (mantissa >> shift, exponent + shift.cast_signed())
}

/// `mantissa * 2^exponent` (mantissa odd) as a decimal of at most 34 digits, if it is one.
fn decimal_of_binary(mut mantissa: u64, mut exponent: i32) -> Option<(u128, i32)> {
    let mut tens = 0;
    let factor = if exponent < 0 {
        // m / 2^k = m * 5^k / 10^k; an odd number times a power of five ends in no zero.
        tens = exponent;
        5_u128.checked_pow(exponent.unsigned_abs())?
    } else {
        while exponent > 0 && mantissa.is_multiple_of(5) {
            mantissa /= 5;
            exponent -= 1;
            tens += 1;
        }
        2_u128.checked_pow(exponent.unsigned_abs())?
    };
    let coefficient = u128::from(mantissa).checked_mul(factor)?;
    (coefficient <= MAX_COEFFICIENT).then_some((coefficient, tens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Bson {
        Bson::Decimal128(text.parse().unwrap())
    }

    fn same(a: &Bson, b: &Bson) -> bool {
        Number::of(a).unwrap() == Number::of(b).unwrap()
    }

    #[test]
    fn widths_do_not_matter() {
        for one in [
            Bson::Int32(1),
            Bson::Int64(1),
            Bson::Double(1.0),
            decimal("1.00"),
            decimal("10E-1"),
        ] {
            assert!(same(&one, &Bson::Int32(1)), "{one}");
            assert!(!same(&one, &Bson::Int32(-1)), "{one}");
        }
        assert!(same(&Bson::Int64(1200), &decimal("1.2E+3")));
    }

    #[test]
    fn a_double_is_compared_exactly() {
        assert!(same(&Bson::Double(0.5), &decimal("0.5")));
        assert!(!same(&Bson::Double(0.1), &decimal("0.1")));
        // 2^53 + 1 is no double; the nearest one is 2^53.
        assert!(!same(
            &Bson::Int64(9_007_199_254_740_993),
            &Bson::Double(9_007_199_254_740_992.0)
        ));
        assert!(!same(
            &Bson::Int64(i64::MAX),
            &Bson::Double(9_223_372_036_854_775_808.0)
        ));
        assert!(same(
            &Bson::Int64(i64::MIN),
            &Bson::Double(-9_223_372_036_854_775_808.0)
        ));
        assert!(same(&Bson::Double(1e22), &decimal("1E+22")));
        // Not 10^23: the double next to it.
        assert!(!same(&Bson::Double(1e23), &decimal("1E+23")));
        assert!(same(
            &Bson::Double(1e23),
            &decimal("99999999999999991611392")
        ));
        assert!(same(
            &Bson::Double(2_f64.powi(-20)),
            &decimal("9.5367431640625E-7")
        ));
    }

    #[test]
    fn extremes_have_a_value() {
        for double in [f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::MIN, f64::EPSILON] {
            assert!(same(&Bson::Double(double), &Bson::Double(double)));
            assert!(!same(&Bson::Double(double), &Bson::Double(-double)));
            assert!(!same(&Bson::Double(double), &Bson::Int32(0)));
        }
        assert!(same(
            &decimal("9.999999999999999999999999999999999E+6144"),
            &decimal("9.999999999999999999999999999999999E+6144")
        ));
    }

    #[test]
    fn zero_has_no_sign_and_nan_equals_itself() {
        for zero in [
            Bson::Double(-0.0),
            decimal("-0"),
            decimal("0E-10"),
            Bson::Int64(0),
        ] {
            assert!(same(&zero, &Bson::Int32(0)), "{zero}");
        }
        assert!(same(&Bson::Double(f64::NAN), &decimal("NaN")));
        assert!(same(&Bson::Double(-f64::NAN), &Bson::Double(f64::NAN)));
        assert!(same(
            &Bson::Double(f64::NEG_INFINITY),
            &decimal("-Infinity")
        ));
        assert!(!same(&Bson::Double(f64::INFINITY), &decimal("-Infinity")));
    }

    #[test]
    fn a_coefficient_that_is_too_long_is_zero() {
        let mut bytes = [0xff; 16];
        bytes[15] = 0x60;
        assert_eq!(
            Number::of_decimal(Decimal128::from_bytes(bytes)),
            Number::ZERO
        );
        // 2^113 - 1 has 35 digits.
        let long: u128 = ((1 << 113) - 1) | (6176 << 113);
        assert_eq!(
            Number::of_decimal(Decimal128::from_bytes(long.to_le_bytes())),
            Number::ZERO
        );
    }
}
