//! Decryption and compression, whose results do not fit into a table.

use super::{call, with_context};
use crate::lang::budget::Budget;
use crate::value::Value;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use std::io::Read;

#[test]
fn rsadecrypt_reads_keys_of_both_forms() {
    let mut random = StdRng::seed_from_u64(1);
    let key = PrivateKey::new(&mut random, 1024).unwrap();
    let secret = key.as_public_key().encrypt(&mut random, Pkcs1v15Encrypt, b"hello").unwrap();
    let secret = Value::from(BASE64_STANDARD.encode(secret));
    let pkcs1 = key.to_pkcs1_pem(Default::default()).unwrap();
    let pkcs8 = key.to_pkcs8_pem(Default::default()).unwrap();
    with_context(false, |ctx| {
        for pem in [pkcs1.as_str(), pkcs8.as_str()] {
            assert_eq!(call("rsadecrypt", &[secret.clone(), pem.into()], ctx, &Budget::default()), Ok("hello".into()));
            let error = call("rsadecrypt", &["aGVsbG8=".into(), pem.into()], ctx, &Budget::default()).unwrap_err();
            assert_eq!(error.argument, Some(0));
        }
    });
}

#[test]
fn base64gzip_can_be_unpacked() {
    let packed = with_context(false, |ctx| call("base64gzip", &["hello".into()], ctx, &Budget::default())).unwrap();
    let bytes = BASE64_STANDARD.decode(packed.as_str().unwrap()).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello");
}
