use mongodb::bson::Bson;

/// How a number is stored, and what fits into its Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)] // each is the Rust type of its name
pub enum NumberKind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
}

/// An amount to add: exact for integers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Number {
    /// An integer of any of the kinds.
    Integer(i128),
    /// A floating-point number.
    Float(f64),
}

impl NumberKind {
    /// The name of the Rust type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            NumberKind::I8 => "i8",
            NumberKind::I16 => "i16",
            NumberKind::I32 => "i32",
            NumberKind::I64 => "i64",
            NumberKind::U8 => "u8",
            NumberKind::U16 => "u16",
            NumberKind::U32 => "u32",
            NumberKind::U64 => "u64",
            NumberKind::F32 => "f32",
            NumberKind::F64 => "f64",
        }
    }

    pub(crate) const fn is_integer(self) -> bool {
        !matches!(self, NumberKind::F32 | NumberKind::F64)
    }

    /// The number as serde writes a value of this type, or `None` where it does not fit.
    pub(crate) fn store(self, number: Number) -> Option<Bson> {
        let Number::Integer(integer) = number else {
            return self.store_float(number);
        };
        match self {
            NumberKind::I8 => i8::try_from(integer).ok().map(|n| Bson::Int32(n.into())),
            NumberKind::I16 => i16::try_from(integer).ok().map(|n| Bson::Int32(n.into())),
            NumberKind::I32 => i32::try_from(integer).ok().map(Bson::Int32),
            // BSON has no unsigned integers: a u64 may hold what an i64 may.
            NumberKind::U64 if integer < 0 => None,
            NumberKind::I64 | NumberKind::U64 => i64::try_from(integer).ok().map(Bson::Int64),
            NumberKind::U8 => u8::try_from(integer).ok().map(|n| Bson::Int32(n.into())),
            NumberKind::U16 => u16::try_from(integer).ok().map(|n| Bson::Int32(n.into())),
            NumberKind::U32 => u32::try_from(integer).ok().map(|n| Bson::Int64(n.into())),
            #[allow(clippy::cast_precision_loss)] // as adding it to a float in Rust would
            NumberKind::F32 | NumberKind::F64 => self.store_float(Number::Float(integer as f64)),
        }
    }

    fn store_float(self, number: Number) -> Option<Bson> {
        let Number::Float(float) = number else {
            return None;
        };
        match self {
            NumberKind::F64 => Some(Bson::Double(float)),
            #[allow(clippy::cast_possible_truncation)] // the field is an f32
            NumberKind::F32 => Some(Bson::Double(f64::from(float as f32))),
            _ => None,
        }
    }
}

/// A field type that numbers can be added to.
///
/// Implement it for a newtype of a number that serde writes as the number itself.
#[diagnostic::on_unimplemented(
    message = "`inc` and `mul` need a numeric field, and `{Self}` is not one",
    label = "not a number",
    note = "the integers of up to 64 bits, `f32` and `f64` are; a `Decimal128` is not computed with: set the result"
)]
pub trait Numeric {
    /// The type of what is added.
    type Amount;
    /// How the number is stored.
    const KIND: NumberKind;
    /// The amount as a number.
    fn number(amount: Self::Amount) -> Number;
}

/// What can be added to a number of this type.
#[diagnostic::on_unimplemented(
    message = "a field of `{Self}` cannot be changed by a `{X}`",
    label = "this field holds `{Self}`"
)]
pub trait AmountFrom<X> {
    /// The amount.
    fn amount(value: X) -> Self;
}

#[diagnostic::do_not_recommend]
impl<V> AmountFrom<V> for V {
    fn amount(value: V) -> V {
        value
    }
}

macro_rules! numeric {
    ($($ty:ty, $amount:ty, $kind:ident, $number:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Numeric for $ty {
            type Amount = $amount;
            const KIND: NumberKind = NumberKind::$kind;
            fn number(amount: $amount) -> Number {
                Number::$number(amount.into())
            }
        }
    )*};
}

// The amount of an unsigned field is signed: it can be lowered.
numeric! {
    i8, i8, I8, Integer;
    i16, i16, I16, Integer;
    i32, i32, I32, Integer;
    i64, i64, I64, Integer;
    u8, i16, U8, Integer;
    u16, i32, U16, Integer;
    u32, i64, U32, Integer;
    u64, i64, U64, Integer;
    f32, f32, F32, Float;
    f64, f64, F64, Float;
}

#[diagnostic::do_not_recommend]
impl<N: Numeric> Numeric for Option<N> {
    type Amount = N::Amount;
    const KIND: NumberKind = N::KIND;
    fn number(amount: N::Amount) -> Number {
        N::number(amount)
    }
}
