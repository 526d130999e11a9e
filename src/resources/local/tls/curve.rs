//! The public half of a key on a NIST curve (FIPS 186-5, SP 800-186): the base point, as often as the
//! private number says. Made once per key on the user's own machine, so that it need not take the same
//! time for every number; nothing is signed or agreed with it here. The crates that do this would turn
//! features on of what the AWS SDK is built on, and the library of TLS does not know all four curves.

use dashu_int::fast_div::ConstDivisor;
use dashu_int::modular::Reduced;
use dashu_int::{UBig, ops::BitTest};
use rand::Rng;

/// A curve y² = x³ - 3x + b. Numbers are hexadecimal.
pub struct Curve {
    /// As the layout names it.
    pub name: &'static str,
    /// As SSH names it, if SSH takes it.
    pub ssh: Option<&'static str>,
    /// The object id in DER, without tag and length.
    pub oid: &'static [u8],
    /// How many bytes a coordinate takes.
    pub size: usize,
    field: &'static str,
    order: &'static str,
    base: (&'static str, &'static str),
}

/// All curves that keys are made on.
pub const CURVES: [Curve; 4] = [
    Curve {
        name: "P224",
        ssh: None,
        oid: &[0x2b, 0x81, 0x04, 0x00, 0x21],
        size: 28,
        field: "ffffffffffffffffffffffffffffffff000000000000000000000001",
        order: "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
        base: (
            "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
            "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
        ),
    },
    Curve {
        name: "P256",
        ssh: Some("nistp256"),
        oid: &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        size: 32,
        field: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        base: (
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ),
    },
    Curve {
        name: "P384",
        ssh: Some("nistp384"),
        oid: &[0x2b, 0x81, 0x04, 0x00, 0x22],
        size: 48,
        field: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        base: (
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
    },
    Curve {
        name: "P521",
        ssh: Some("nistp521"),
        oid: &[0x2b, 0x81, 0x04, 0x00, 0x23],
        size: 66,
        field: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        base: (
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        ),
    },
];

type Point<'f> = (Reduced<'f>, Reduced<'f>);

impl Curve {
    /// A private number: any from 1 to the order, all as likely.
    pub fn private(&self, random: &mut impl Rng) -> Vec<u8> {
        let mut bytes = vec![0; self.size + 8];
        random.fill_bytes(&mut bytes);
        let one = UBig::ONE;
        let number = UBig::from_be_bytes(&bytes) % (number(self.order) - &one) + one;
        self.bytes(&number)
    }

    /// The public point of a private number, uncompressed (SEC 1, 2.3.3).
    pub fn public(&self, private: &[u8]) -> Option<Vec<u8>> {
        let field = ConstDivisor::new(number(self.field));
        let base = (field.reduce(number(self.base.0)), field.reduce(number(self.base.1)));
        let private = UBig::from_be_bytes(private);
        let mut sum: Option<Point<'_>> = None;
        for bit in (0..private.bit_len()).rev() {
            sum = sum.and_then(|p| add(&field, &p, &p));
            if private.bit(bit) {
                sum = match sum {
                    Some(p) => add(&field, &p, &base),
                    None => Some(base.clone()),
                };
            }
        }
        let (x, y) = sum?;
        Some([&[4], &self.bytes(&x.residue())[..], &self.bytes(&y.residue())].concat())
    }

    fn bytes(&self, number: &UBig) -> Vec<u8> {
        let digits = number.to_be_bytes();
        let mut all = vec![0; self.size.saturating_sub(digits.len())];
        all.extend(&*digits);
        all
    }
}

/// The sum of two points; `None` is the point at infinity.
fn add<'f>(field: &'f ConstDivisor, p: &Point<'f>, q: &Point<'f>) -> Option<Point<'f>> {
    let small = |n: u8| field.reduce(UBig::from(n));
    let (rise, run) = match p.0 == q.0 {
        true if p.1 == q.1 => (small(3) * (&p.0 * &p.0 - small(1)), small(2) * &p.1),
        true => return None,
        false => (&q.1 - &p.1, &q.0 - &p.0),
    };
    let slope = rise * run.inv()?;
    let x = &slope * &slope - &p.0 - &q.0;
    let y = slope * (&p.0 - &x) - &p.1;
    Some((x, y))
}

/// One of the numbers above.
fn number(hexadecimal: &str) -> UBig {
    UBig::from_str_radix(hexadecimal, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};

    #[test]
    fn every_base_point_has_the_order_of_its_curve() {
        for curve in &CURVES {
            let order = number(curve.order);
            assert!(curve.public(&curve.bytes(&order)).is_none(), "{}", curve.name);
            let last = curve.public(&curve.bytes(&(order - UBig::ONE))).unwrap();
            let opposite = number(curve.field) - number(curve.base.1);
            let expected = [&[4], &curve.bytes(&number(curve.base.0))[..], &curve.bytes(&opposite)].concat();
            assert_eq!(last, expected, "{}", curve.name);
        }
    }

    #[test]
    fn another_implementation_takes_the_two_halves_as_a_pair() {
        let random = ring::rand::SystemRandom::new();
        let known = [(1, &ECDSA_P256_SHA256_ASN1_SIGNING), (2, &ECDSA_P384_SHA384_ASN1_SIGNING)];
        for (at, algorithm) in known {
            let curve = &CURVES[at];
            let private = curve.private(&mut StdRng::seed_from_u64(7));
            let public = curve.public(&private).unwrap();
            EcdsaKeyPair::from_private_key_and_public_key(algorithm, &private, &public, &random).unwrap();
            let other = curve.public(&curve.private(&mut StdRng::seed_from_u64(8))).unwrap();
            assert!(EcdsaKeyPair::from_private_key_and_public_key(algorithm, &private, &other, &random).is_err());
        }
    }
}
