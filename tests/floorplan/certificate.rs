//! A private key and a certificate that are made for one test.

use super::support::World;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use floorplan::sandbox::Sandbox;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const SIGN: &str = r#"
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import rsa
key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example")])
now = datetime.datetime.now(datetime.timezone.utc)
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
made = made.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
made = made.not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
open(sys.argv[1] + "/certificate.pem", "wb").write(made.public_bytes(s.Encoding.PEM))
pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.TraditionalOpenSSL, s.NoEncryption())
open(sys.argv[1] + "/key.pem", "wb").write(pem)
"#;

/// Puts a key, `key.pem`, and a certificate that it signs itself, `certificate.pem`, into a folder.
pub fn sign(folder: &Path) {
    let python = Sandbox::shared().and_then(|sandbox| sandbox.python(&|_| ())).expect("the sandbox has a Python");
    let made = Command::new(python).arg("-c").arg(SIGN).arg(folder).status().expect("Python runs");
    assert!(made.success());
}

/// A certificate that ACM has and that a listener takes; its ARN.
pub fn issued(world: &World) -> String {
    let folder = world.path();
    sign(&folder);
    let pem = |name: &str| BASE64_STANDARD.encode(world.read(name));
    let body = json!({"Certificate": pem("certificate.pem"), "PrivateKey": pem("key.pem")});
    let answer = world.json("acm", "CertificateManager.ImportCertificate", body);
    answer["CertificateArn"].as_str().expect("a certificate").to_owned()
}
