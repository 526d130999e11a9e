//! The data sources of the provider tls, against a server and certificates that another implementation makes.

use floorplan::sandbox::Sandbox;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Makes a root, a certificate for localhost and keys; prints the port and what they are, and answers handshakes.
const SERVER: &str = r#"
import datetime, hashlib, json, socket, ssl, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID as N
folder = sys.argv[1] + "/"
now = datetime.datetime(2025, 1, 2, 3, 4, 5)
def name(*pairs): return x509.Name([x509.NameAttribute(*pair) for pair in pairs])
def made(subject, issuer, public, signer, ca):
    b = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    b = b.serial_number(x509.random_serial_number()).not_valid_before(now)
    b = b.not_valid_after(datetime.datetime(2049, 12, 31, 23, 59, 59))
    b = b.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    return b.sign(signer, hashes.SHA384() if ca else hashes.SHA256())
root_key = ec.generate_private_key(ec.SECP384R1())
root_name = name((N.COUNTRY_NAME, "NL"), (N.ORGANIZATION_NAME, "Root, Inc. <x>"), (N.COMMON_NAME, "root"))
root = made(root_name, root_name, root_key.public_key(), root_key, True)
key = rsa.generate_private_key(65537, 2048)
leaf = made(name((N.COMMON_NAME, "localhost"), (N.ORGANIZATIONAL_UNIT_NAME, " a+b")), root_name, key.public_key(), root_key, False)
def pem(c): return c.public_bytes(s.Encoding.PEM)
def private(k, form=s.PrivateFormat.PKCS8): return k.private_bytes(s.Encoding.PEM, form, s.NoEncryption())
open(folder + "root.pem", "wb").write(pem(root))
open(folder + "chain.pem", "wb").write(pem(leaf) + pem(root))
open(folder + "key.pem", "wb").write(private(key))
keys = {"rsa": key, "p256": ec.generate_private_key(ec.SECP256R1()), "p521": ec.generate_private_key(ec.SECP521R1()),
        "ed": ed25519.Ed25519PrivateKey.generate()}
known = {}
for one, k in keys.items():
    open(folder + one + ".pem", "wb").write(private(k))
    open(folder + one + ".ssh", "wb").write(private(k, s.PrivateFormat.OpenSSH))
    public = k.public_key()
    known[one] = [public.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo).decode(),
                  public.public_bytes(s.Encoding.OpenSSH, s.PublicFormat.OpenSSH).decode() + "\n"]
def said(c): return {"serial_number": str(c.serial_number), "sha1_fingerprint": c.fingerprint(hashes.SHA1()).hex(),
                     "cert_pem": pem(c).decode()}
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "chain.pem", folder + "key.pem")
listener = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"port": listener.getsockname()[1], "root": said(root), "leaf": said(leaf), "keys": known}), flush=True)
while True:
    try:
        context.wrap_socket(listener.accept()[0], server_side=True).close()
    except OSError:
        pass
"#;

struct Server(Child, Value);

impl Server {
    fn start(folder: &Path) -> Self {
        let python = Sandbox::shared().and_then(|sandbox| sandbox.python(&|_| ())).expect("the sandbox has a Python");
        let mut server = Command::new(python).arg("-c").arg(SERVER).arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Server(server, serde_json::from_str(&line).expect("the server says where it is"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Plans a layout, with the root among what the system trusts; the values of its outputs, or what was said.
fn planned(folder: &Path, layout: &str, trusted: bool) -> Result<Value, String> {
    std::fs::write(folder.join("main.tf"), layout).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_floorplan"));
    command
        .args(["plan", ".", "--format=json"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("NO_COLOR", "1");
    command.env("SSL_CERT_FILE", folder.join(if trusted { "root.pem" } else { "none.pem" }));
    let output = command.output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let plan: Value = serde_json::from_slice(&output.stdout).expect("a plan");
    Ok(plan["planned_values"]["outputs"].clone())
}

#[test]
fn a_certificate_is_read_from_its_server_and_from_text() {
    let home = tempfile::tempdir().unwrap();
    let folder = &home.path().join("shop");
    std::fs::create_dir(folder).unwrap();
    let server = Server::start(folder);
    let known = &server.1;
    let at = format!("https://localhost:{}/x", known["port"]);
    let layout = format!(
        "data \"tls_certificate\" \"it\" {{\n  url = \"{at}\"\n}}\n\
         data \"tls_certificate\" \"text\" {{\n  content = file(\"${{path.module}}/chain.pem\")\n}}\n\
         output \"it\" {{\n  value = data.tls_certificate.it.certificates\n}}\n\
         output \"text\" {{\n  value = data.tls_certificate.text.certificates\n}}\n"
    );
    let found = planned(folder, &layout, true).unwrap();
    let all = &found["it"]["value"];
    for (n, one) in ["root", "leaf"].into_iter().enumerate() {
        for (name, value) in known[one].as_object().unwrap() {
            assert_eq!(&all[n][name], value, "{one}.{name}");
        }
    }
    let root = &all[0];
    assert_eq!(root["subject"], r"CN=root,O=Root\, Inc. \<x\>,C=NL");
    assert_eq!(root["issuer"], root["subject"]);
    assert_eq!([&root["is_ca"], &all[1]["is_ca"]], [true, false]);
    assert_eq!([&root["signature_algorithm"], &all[1]["signature_algorithm"]], ["ECDSA-SHA384", "ECDSA-SHA256"]);
    assert_eq!([&root["public_key_algorithm"], &all[1]["public_key_algorithm"]], ["ECDSA", "RSA"]);
    assert_eq!([&root["not_before"], &root["not_after"]], ["2025-01-02T03:04:05Z", "2049-12-31T23:59:59Z"]);
    assert_eq!(all[1]["subject"], r"CN=localhost,OU=\ a\+b");
    assert_eq!(root["version"], 3);
    let text = &found["text"]["value"];
    assert_eq!([&text[0], &text[1]], [&all[1], &all[0]]);
    let refused = planned(folder, &layout, false).unwrap_err();
    assert!(refused.contains("cannot be asked for its certificates: "), "{refused}");
    let unverified = layout.replace("/x\"\n", "/x\"\n  verify_chain = false\n");
    assert_eq!(planned(folder, &unverified, false).unwrap()["it"]["value"], *all);
}

#[test]
fn the_public_half_of_a_key_is_read_from_both_forms() {
    let home = tempfile::tempdir().unwrap();
    let folder = &home.path().join("shop");
    std::fs::create_dir(folder).unwrap();
    let server = Server::start(folder);
    let mut layout = String::new();
    for (key, form, argument) in ["rsa", "p256", "p521", "ed"]
        .iter()
        .flat_map(|key| [(key, "pem", "private_key_pem"), (key, "ssh", "private_key_openssh")])
    {
        layout.push_str(&format!(
            "data \"tls_public_key\" \"{key}_{form}\" {{\n  {argument} = file(\"${{path.module}}/{key}.{form}\")\n}}\n\
             output \"{key}_{form}\" {{\n  value = [data.tls_public_key.{key}_{form}.public_key_pem, \
             data.tls_public_key.{key}_{form}.public_key_openssh]\n}}\n"
        ));
    }
    let found = planned(folder, &layout, true).unwrap();
    for (key, forms) in server.1["keys"].as_object().unwrap() {
        for form in ["pem", "ssh"] {
            assert_eq!(&found[format!("{key}_{form}")]["value"], forms, "{key} {form}");
        }
    }
    let both = "data \"tls_public_key\" \"it\" {}\n";
    let refused = planned(folder, both, true).unwrap_err();
    assert!(refused.contains("Give one of private_key_pem and private_key_openssh"), "{refused}");
}
