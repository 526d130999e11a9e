//! The forms that keys are written in: DER, PEM and that of OpenSSH.

use base64::prelude::{BASE64_STANDARD, Engine};

/// Tags of DER.
pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const NULL: u8 = 0x05;
pub const OBJECT_ID: u8 = 0x06;
pub const UTF8_STRING: u8 = 0x0c;
pub const PRINTABLE_STRING: u8 = 0x13;
pub const UTC_TIME: u8 = 0x17;
pub const GENERALIZED_TIME: u8 = 0x18;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;
/// The tag of the part `n` of a sequence that may be left out.
pub const fn part(n: u8) -> u8 {
    0xa0 | n
}

/// A value of DER made of parts.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|b| *b != 0).unwrap_or(length.len() - 1)..];
    let mut all = vec![tag];
    match significant {
        [short @ ..=0x7f] => all.push(*short),
        long => {
            all.push(0x80 | long.len() as u8);
            all.extend(long);
        }
    }
    all.extend(content);
    all
}

/// A string of bits without bits to spare.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    der(BIT_STRING, &[&[0], bytes])
}

/// PEM (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut all = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        all.push_str(line);
        all.push('\n');
        rest = after;
    }
    all + &format!("-----END {label}-----\n")
}

/// A string of SSH (RFC 4251): its length, then its bytes.
pub fn ssh_string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
}

/// A positive number of SSH (RFC 4251): no zeros in front but the one that keeps it positive.
pub fn ssh_number(big_endian: &[u8]) -> Vec<u8> {
    let start = big_endian.iter().position(|b| *b != 0).unwrap_or(big_endian.len());
    let digits = &big_endian[start..];
    let sign: &[u8] = if digits.first().is_some_and(|b| *b >= 0x80) { &[0] } else { &[] };
    ssh_string(&[sign, digits].concat())
}

/// An unencrypted private key as OpenSSH keeps it (its PROTOCOL.key). `check` is any number.
pub fn openssh(kind: &str, public: &[u8], private: &[u8], check: u32) -> String {
    let mut inner = [&check.to_be_bytes()[..], &check.to_be_bytes(), &ssh_string(kind.as_bytes()), private].concat();
    inner.extend(ssh_string(b""));
    let padding = (8 - inner.len() % 8) % 8;
    inner.extend((1..=padding).map(|n| n as u8));
    let none = ssh_string(b"none");
    let head = [b"openssh-key-v1\0", &none[..], &none, &ssh_string(b""), &1u32.to_be_bytes()].concat();
    pem("OPENSSH PRIVATE KEY", &[head, ssh_string(public), ssh_string(&inner)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_der_are_as_short_as_they_can_be() {
        assert_eq!(der(OCTET_STRING, &[]), [4, 0]);
        assert_eq!(der(OCTET_STRING, &[&[1, 2], &[3]]), [4, 3, 1, 2, 3]);
        assert_eq!(der(OCTET_STRING, &[&[0; 127]])[..2], [4, 127]);
        assert_eq!(der(OCTET_STRING, &[&[0; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(der(OCTET_STRING, &[&[0; 300]])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn numbers_of_ssh_are_positive_and_have_no_zeros_in_front() {
        assert_eq!(ssh_number(&[0, 0, 0x7f]), [0, 0, 0, 1, 0x7f]);
        assert_eq!(ssh_number(&[0x80]), [0, 0, 0, 2, 0, 0x80]);
        assert_eq!(ssh_number(&[0]), [0, 0, 0, 0]);
    }

    #[test]
    fn a_pem_has_lines_of_64_characters() {
        insta::assert_snapshot!(pem("THING", &[0; 50]), @r"
        -----BEGIN THING-----
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAA=
        -----END THING-----
        ");
    }
}
