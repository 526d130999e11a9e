//! Hashes, identifiers and decryption.

use super::FunctionError;
use super::args::{Args, WHOLE};
use super::encoding::decode_base64;
use super::filesystem::read;
use super::function::{Body, Function, Parameter, STRING, number, string};
use crate::value::{Type, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::Md5;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use uuid::Uuid;

pub(super) const FUNCTIONS: &[Function] = &[
    of_text("base64sha256", |a| Ok(base64(&Sha256::digest(a.text(0))))),
    of_text("base64sha512", |a| Ok(base64(&Sha512::digest(a.text(0))))),
    Function::new("bcrypt", &[string("str")], STRING, bcrypt).variadic(number("cost")),
    of_file("filebase64sha256", |a| Ok(base64(&Sha256::digest(read(a)?)))),
    of_file("filebase64sha512", |a| Ok(base64(&Sha512::digest(read(a)?)))),
    of_file("filemd5", |a| Ok(hex(&Md5::digest(read(a)?)))),
    of_file("filesha1", |a| Ok(hex(&Sha1::digest(read(a)?)))),
    of_file("filesha256", |a| Ok(hex(&Sha256::digest(read(a)?)))),
    of_file("filesha512", |a| Ok(hex(&Sha512::digest(read(a)?)))),
    of_text("md5", |a| Ok(hex(&Md5::digest(a.text(0))))),
    Function::new("rsadecrypt", &[string("ciphertext"), string("privatekey")], STRING, rsadecrypt),
    of_text("sha1", |a| Ok(hex(&Sha1::digest(a.text(0))))),
    of_text("sha256", |a| Ok(hex(&Sha256::digest(a.text(0))))),
    of_text("sha512", |a| Ok(hex(&Sha512::digest(a.text(0))))),
    Function::new("uuid", &[], STRING, |a| {
        if a.ctx.planning {
            return Ok(Value::unknown_not_null(Type::String));
        }
        let mut bytes = [0; 16];
        (a.ctx.random)(&mut bytes);
        Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string().into())
    }),
    Function::new("uuidv5", &[string("namespace"), string("name")], STRING, uuidv5),
];

const fn of_text(name: &'static str, body: Body) -> Function {
    const STR: &[Parameter] = &[string("str")];
    Function::new(name, STR, STRING, body)
}

const fn of_file(name: &'static str, body: Body) -> Function {
    const PATH: &[Parameter] = &[string("path")];
    Function::new(name, PATH, STRING, body)
}

fn hex(bytes: &[u8]) -> Value {
    bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into()
}

fn base64(bytes: &[u8]) -> Value {
    BASE64_STANDARD.encode(bytes).into()
}

/// A cost below the least that bcrypt knows means the usual one, as in Terraform.
fn bcrypt(a: &Args) -> Result<Value, FunctionError> {
    const USUAL: u32 = 10;
    const MOST: u32 = 16;
    /// The steps of evaluation of a cost of nothing.
    const STEPS: usize = 250;
    if a.len() > 2 {
        return Err(FunctionError::new("bcrypt() takes no more than two arguments"));
    }
    let cost = match a.get(1) {
        None => i64::from(USUAL),
        Some(_) => a.number(1).to_i64().ok_or_else(|| FunctionError::new(WHOLE))?,
    };
    let cost = if cost < 4 { Some(USUAL) } else { u32::try_from(cost).ok().filter(|c| *c <= MOST) };
    let cost = cost.ok_or_else(|| {
        let message =
            format!("the cost must not be more than {MOST}: each more doubles the time, which is seconds there");
        FunctionError::at(1, message)
    })?;
    a.step(STEPS << cost)?;
    if a.text(0).len() > 72 {
        return Err(FunctionError::at(0, "must not be longer than 72 bytes"));
    }
    if a.ctx.planning {
        return Ok(Value::unknown_not_null(Type::String));
    }
    let mut salt = [0; 16];
    (a.ctx.random)(&mut salt);
    let hash = bcrypt::hash_with_salt(a.text(0), cost, salt);
    let hash = hash.map_err(|e| FunctionError::new(format!("error occured generating password: {e}")))?;
    Ok(hash.format_for_version(bcrypt::Version::TwoA).into())
}

fn rsadecrypt(a: &Args) -> Result<Value, FunctionError> {
    let Some(ciphertext) = decode_base64(a.text(0)) else {
        let message = format!("failed to decode input {:?}: cipher text must be base64-encoded", a.text(0));
        return Err(FunctionError::at(0, message));
    };
    let key = a.text(1);
    let key = PrivateKey::from_pkcs1_pem(key).or_else(|_| {
        PrivateKey::from_pkcs8_pem(key).map_err(|_| {
            FunctionError::at(
                1,
                "invalid private key: an unencrypted RSA key in PEM form (PKCS#1 or PKCS#8) is required",
            )
        })
    })?;
    let plain = key.decrypt(Pkcs1v15Encrypt, &ciphertext);
    let plain = plain.map_err(|_| FunctionError::at(0, "failed to decrypt: the key does not fit the cipher text"))?;
    String::from_utf8(plain)
        .map(Value::from)
        .map_err(|_| FunctionError::at(0, "the decrypted value is not valid UTF-8"))
}

fn uuidv5(a: &Args) -> Result<Value, FunctionError> {
    let namespace = match a.text(0) {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other)
            .map_err(|e| FunctionError::new(format!("uuidv5() doesn't support namespace {other} ({e})")))?,
    };
    let hash = Sha1::new().chain_update(namespace.as_bytes()).chain_update(a.text(1)).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    Ok(uuid::Builder::from_sha1_bytes(bytes).into_uuid().to_string().into())
}
