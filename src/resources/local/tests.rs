//! The types make of their arguments what users of Terraform know.

use super::{Given, Local, types};
use crate::schema::{Attrs, Mode};
use crate::value::{Type, Value};
use jiff::Timestamp;
use std::path::Path;
use std::process::Command;

fn of(name: &str) -> &'static Local {
    &types()[name]
}

fn given(seed: u8) -> Given {
    Given::new("2024-01-31T12:30:15Z".parse().unwrap(), &[seed], "test")
}

/// The arguments with the defaults of the type.
fn want<const N: usize>(name: &str, arguments: [(&'static str, Value); N]) -> Attrs {
    let defaults = of(name).schema.attributes.iter().filter_map(|row| Some((row.name, row.default.clone()?)));
    let want: Attrs = defaults.collect();
    arguments.into_iter().fold(want, |want, (name, value)| want.with(name, value))
}

fn make<const N: usize>(name: &str, seed: u8, arguments: [(&'static str, Value); N]) -> Attrs {
    of(name).made(&want(name, arguments), &mut given(seed)).unwrap()
}

fn number(attrs: &Attrs, name: &str) -> i64 {
    attrs.get(name).and_then(Value::as_i64).unwrap_or_else(|| panic!("{name} in {attrs:?}"))
}

fn text<'a>(attrs: &'a Attrs, name: &str) -> &'a str {
    attrs.str(name).unwrap_or_else(|| panic!("{name} in {attrs:?}"))
}

/// Arguments that every type takes.
fn least(name: &str) -> Attrs {
    let arguments: Vec<(&'static str, Value)> = match name {
        "random_id" => vec![("byte_length", 4.into())],
        "random_bytes" | "random_string" | "random_password" => vec![("length", 12.into())],
        "random_integer" => vec![("min", 1.into()), ("max", i64::MAX.into())],
        "random_shuffle" => vec![("input", Value::strings((0..50).map(|n| n.to_string())))],
        "time_offset" => vec![("offset_days", 1.into())],
        "time_rotating" => vec![("rotation_days", 1.into())],
        "time_sleep" => vec![("create_duration", "1s".into())],
        "tls_private_key" => vec![("algorithm", "ED25519".into())],
        "tls_self_signed_cert" => certified(vec![("private_key_pem", key(1).into())]),
        "tls_cert_request" => vec![("private_key_pem", key(1).into())],
        "tls_locally_signed_cert" => {
            let request = of("tls_cert_request").made(&least("tls_cert_request"), &mut given(1)).unwrap();
            let ca = of("tls_self_signed_cert").made(&least("tls_self_signed_cert"), &mut given(1)).unwrap();
            certified(vec![
                ("cert_request_pem", text(&request, "cert_request_pem").into()),
                ("ca_private_key_pem", key(1).into()),
                ("ca_cert_pem", text(&ca, "cert_pem").into()),
            ])
        }
        _ => Vec::new(),
    };
    arguments.into_iter().fold(want(name, []), |want, (name, value)| want.with(name, value))
}

/// The types whose objects are nowhere but in the state.
fn of_the_state() -> impl Iterator<Item = (&'static str, &'static Local)> {
    types().iter().map(|(name, local)| (*name, local)).filter(|(name, _)| !name.starts_with("local_"))
}

/// A private key as PEM.
fn key(seed: u8) -> String {
    text(&make("tls_private_key", seed, [("algorithm", "ED25519".into())]), "private_key_pem").to_owned()
}

/// What every certificate needs.
fn certified(mut arguments: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    arguments.push(("validity_period_hours", 12.into()));
    arguments.push(("allowed_uses", Value::strings(["server_auth", "cert_signing", "crl_signing"])));
    arguments
}

#[test]
fn the_same_seed_makes_the_same_object_and_another_one_another() {
    for (name, local) in of_the_state() {
        let make = |seed| local.made(&least(name), &mut given(seed)).unwrap();
        let one = make(1);
        assert_eq!(one.get("id"), make(1).get("id"), "{name}");
        let random = !name.starts_with("time_") && name != "tls_cert_request";
        assert_eq!(one != make(2), random, "{name}: {one:?}");
        for row in &local.schema.attributes {
            let value = one.get(row.name).unwrap();
            assert!(row.mode != Mode::Computed || row.ty == Type::Dynamic || !value.is_null(), "{name}.{}", row.name);
            assert_eq!(row.sensitive, value.is_sensitive(), "{name}.{}", row.name);
        }
    }
}

#[test]
fn derived_attributes_do_not_change_what_was_made() {
    for (name, local) in of_the_state() {
        let made = local.made(&least(name), &mut given(1)).unwrap();
        assert_eq!(local.whole(made.clone()), made, "{name}");
    }
}

#[test]
fn data_gives_its_input_as_output_with_its_type() {
    let input = Value::object([("a", Value::tuple(vec![1.into(), "x".into()]))]);
    let made = make("terraform_data", 1, [("input", input.clone())]);
    assert_eq!(made.get("output"), Some(&input));
    let planned = of("terraform_data").schema.derived(Attrs::default().with("input", input.clone()));
    assert_eq!(planned.get("output"), Some(&input));
    let unknown = of("terraform_data").schema.derived(Attrs::default().with("input", Value::unknown(Type::String)));
    assert!(unknown.is_unknown("output"));
}

#[test]
fn a_random_id_is_spelt_in_every_way_with_its_prefix() {
    let made = of("random_id").imported("random_id.a", "x-,_v_-8A").unwrap();
    assert_eq!(text(&made, "id"), "_v_-8A");
    assert_eq!(text(&made, "b64_url"), "x-_v_-8A");
    assert_eq!(text(&made, "b64_std"), "x-/v/+8A==");
    assert_eq!(text(&made, "hex"), "x-fefffef0");
    assert_eq!(text(&made, "dec"), "x-4278189808");
    assert_eq!(number(&made, "byte_length"), 4);
}

#[test]
fn a_random_text_has_the_wanted_character_classes() {
    let count = |text: &str, of: fn(&char) -> bool| text.chars().filter(of).count();
    for seed in 0..20 {
        let arguments = [
            ("length", 10.into()),
            ("min_upper", 2.into()),
            ("min_numeric", 3.into()),
            ("min_special", 4.into()),
            ("override_special", "_".into()),
            ("lower", false.into()),
        ];
        let made = make("random_string", seed, arguments);
        let result = text(&made, "result");
        assert_eq!(result.len(), 10);
        assert!(count(result, char::is_ascii_uppercase) >= 2, "{result}");
        assert!(count(result, char::is_ascii_digit) >= 3, "{result}");
        assert!(count(result, |c| *c == '_') >= 4, "{result}");
        assert_eq!(count(result, char::is_ascii_lowercase), 0, "{result}");
        assert_eq!(made.get("id"), made.get("result"));
    }
    let only = [("length", 40.into()), ("special", false.into()), ("number", false.into())];
    let result = make("random_string", 1, only);
    assert!(text(&result, "result").chars().all(|c| c.is_ascii_alphabetic()), "{result:?}");
}

#[test]
fn a_text_that_cannot_be_made_is_refused_before_anything_is() {
    let wrong = |arguments: [(&'static str, Value); 3]| {
        let check = of("random_string").schema.check.unwrap();
        check(&want("random_string", arguments)).into_iter().map(|(at, why)| format!("{at}: {why}")).collect::<String>()
    };
    let lengths = wrong([("length", 3.into()), ("min_upper", 2.into()), ("min_lower", 2.into())]);
    insta::assert_snapshot!(lengths, @"length: 3 characters cannot hold the 4 that the least numbers ask for");
    assert_eq!(wrong([("length", 4.into()), ("min_upper", 2.into()), ("min_lower", 2.into())]), "");
    let unknown = Value::unknown(Type::Number);
    assert_eq!(wrong([("length", 3.into()), ("min_upper", 2.into()), ("min_lower", unknown)]), "");
}

#[test]
fn a_password_fits_its_hash_and_its_id_gives_nothing_away() {
    let made = make("random_password", 1, [("length", 80.into())]);
    let hash = text(&made, "bcrypt_hash");
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(bcrypt::verify(&text(&made, "result")[..72], hash).unwrap());
    assert_eq!(text(&made, "id"), "none");
}

#[test]
fn a_seed_gives_the_same_integer_in_range() {
    let all: std::collections::BTreeSet<i64> = (0..60)
        .map(|seed| number(&make("random_integer", seed, [("min", (-1).into()), ("max", 2.into())]), "result"))
        .collect();
    assert_eq!(all.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 2]);
    let seeded =
        |seed| make("random_integer", seed, [("min", 0.into()), ("max", i64::MAX.into()), ("seed", "a".into())]);
    assert_eq!(seeded(1), seeded(2));
    assert!(
        of("random_integer")
            .made(&want("random_integer", [("min", 2.into()), ("max", 1.into())]), &mut given(1))
            .is_err()
    );
}

#[test]
fn a_pet_has_so_many_words_after_its_prefix() {
    let made = make("random_pet", 1, [("length", 3.into()), ("prefix", "web".into()), ("separator", ".".into())]);
    let words: Vec<&str> = text(&made, "id").split('.').collect();
    assert_eq!((words.len(), words[0]), (4, "web"), "{words:?}");
    assert!(words.iter().all(|w| w.chars().all(|c| c.is_ascii_lowercase())), "{words:?}");
}

#[test]
fn a_shuffle_repeats_an_element_only_after_all_others() {
    let input = Value::strings(["a", "b", "c"]);
    let made = make("random_shuffle", 3, [("input", input.clone()), ("result_count", 6.into())]);
    let all = made.strings("result");
    for half in all.chunks(3) {
        let mut half = half.to_vec();
        half.sort();
        assert_eq!(half, ["a", "b", "c"]);
    }
    assert_eq!(make("random_shuffle", 3, [("input", input), ("result_count", 2.into())]).strings("result").len(), 2);
}

#[test]
fn time_offsets_follow_the_calendar() {
    let moved = |arguments: [(&'static str, Value); 1]| text(&make("time_offset", 1, arguments), "rfc3339").to_owned();
    let cases = [
        ("offset_seconds", 50, "2024-01-31T12:31:05Z"),
        ("offset_minutes", -31, "2024-01-31T11:59:15Z"),
        ("offset_hours", 12, "2024-02-01T00:30:15Z"),
        ("offset_days", 29, "2024-02-29T12:30:15Z"),
        ("offset_months", 1, "2024-03-02T12:30:15Z"),
        ("offset_months", -2, "2023-12-01T12:30:15Z"),
        ("offset_years", 1, "2025-01-31T12:30:15Z"),
    ];
    for (name, n, expected) in cases {
        assert_eq!(moved([(name, n.into())]), expected, "{name} {n}");
    }
    let kept = make("time_static", 1, []);
    assert_eq!(text(&kept, "rfc3339"), "2024-01-31T12:30:15Z");
    assert_eq!(
        ["year", "month", "day", "hour", "minute", "second"].map(|n| number(&kept, n)),
        [2024, 1, 31, 12, 30, 15]
    );
    assert_eq!(number(&kept, "unix"), 1_706_704_215);
}

#[test]
fn a_changed_offset_moves_the_moment_and_keeps_its_base() {
    let made = make("time_offset", 1, [("offset_days", 1.into())]);
    let changed = of("time_offset").whole(made.with("offset_days", 2));
    assert_eq!(text(&changed, "rfc3339"), "2024-02-02T12:30:15Z");
    assert_eq!(text(&changed, "base_rfc3339"), "2024-01-31T12:30:15Z");
    let unknown = of("time_offset").schema.derived(changed.with("offset_days", Value::unknown(Type::Number)));
    assert!(unknown.is_unknown("rfc3339") && unknown.is_unknown("unix"));
}

#[test]
fn a_rotation_is_over_after_its_end_and_not_before() {
    let made = make("time_rotating", 1, [("rotation_days", 30.into())]);
    assert_eq!(text(&made, "rotation_rfc3339"), "2024-03-01T12:30:15Z");
    assert_eq!(text(&made, "id"), "2024-01-31T12:30:15Z");
    let is_over = |now: &str| of("time_rotating").is_over(&made, now.parse().unwrap(), Path::new(""));
    assert!(!is_over("2024-03-01T12:30:15Z") && is_over("2024-03-01T12:30:16Z"));
    assert!(!of("time_static").is_over(&make("time_static", 1, []), Timestamp::MAX, Path::new("")));
}

#[test]
fn imports_tell_what_the_object_is() {
    let cases = [
        ("terraform_data", "abc", "id", "abc"),
        ("random_uuid", "6EC0BD7F-11C0-43DA-975E-2A8AD9EBAE0B", "id", "6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b"),
        ("random_string", "hunter2", "id", "hunter2"),
        ("random_password", "hunter2", "result", "hunter2"),
        ("random_bytes", "8/fu3q+2DcgSJ19i0jZ5Cw==", "hex", "f3f7eedeafb60dc812275f62d236790b"),
        ("random_integer", "15390,1,50000", "id", "15390"),
        ("time_static", "2020-02-12T06:36:13Z", "rfc3339", "2020-02-12T06:36:13Z"),
        ("time_offset", "2020-02-12T06:36:13Z,0,0,7,0,0,0", "rfc3339", "2020-02-19T06:36:13Z"),
        ("time_rotating", "2020-02-12T06:36:13Z,0,0,30,0,0", "rotation_rfc3339", "2020-03-13T06:36:13Z"),
        ("time_rotating", "2020-02-12T06:36:13Z,2020-02-13T06:36:13Z", "rotation_rfc3339", "2020-02-13T06:36:13Z"),
        ("time_sleep", ",30s", "destroy_duration", "30s"),
    ];
    for (name, import, row, expected) in cases {
        let found = of(name).imported(&format!("{name}.a"), import).unwrap();
        assert_eq!(text(&found, row), expected, "{name} {import}");
        assert_eq!(of(name).imported(&format!("{name}.a"), import).unwrap(), found, "{name} is the same each time");
    }
    let bad =
        ["random_uuid x", "random_integer 1,2", "random_id !", "time_static today", "time_sleep 30s", "random_pet a"];
    for (name, import) in bad.map(|text| text.split_once(' ').unwrap()) {
        assert!(of(name).imported("a", import).is_err(), "{name} {import}");
    }
}

/// Runs OpenSSL or ssh-keygen on a file with this content; nothing where the machine does not have it.
fn tool(command: &str, arguments: &[&str], content: &str) -> Option<(bool, String)> {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    let output = Command::new(command).args(arguments).arg(file.path()).output().ok()?;
    Some((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

#[test]
fn openssl_and_openssh_read_the_keys() {
    let keys = [
        [("algorithm", "RSA".into()), ("rsa_bits", 1024.into())],
        [("algorithm", "ECDSA".into()), ("ecdsa_curve", "P224".into())],
        [("algorithm", "ECDSA".into()), ("ecdsa_curve", "P256".into())],
        [("algorithm", "ECDSA".into()), ("ecdsa_curve", "P384".into())],
        [("algorithm", "ECDSA".into()), ("ecdsa_curve", "P521".into())],
        [("algorithm", "ED25519".into()), ("ecdsa_curve", "P224".into())],
    ];
    for (seed, arguments) in (1..).zip(keys) {
        let key = make("tls_private_key", seed, arguments);
        let public = text(&key, "public_key_pem");
        for form in ["private_key_pem", "private_key_pem_pkcs8"] {
            if let Some((_, reported)) = tool("openssl", &["pkey", "-pubout", "-in"], text(&key, form)) {
                assert_eq!(reported, public, "{form} of {key:?}");
            }
        }
        let ssh = text(&key, "public_key_openssh");
        assert_eq!(ssh.is_empty(), key.str("ecdsa_curve") == Some("P224") && key.str("algorithm") == Some("ECDSA"));
        if ssh.is_empty() {
            assert_eq!(text(&key, "private_key_openssh"), "");
            continue;
        }
        if let Some((_, reported)) = tool("ssh-keygen", &["-y", "-f"], text(&key, "private_key_openssh")) {
            assert_eq!(reported.trim(), ssh.trim());
            let (_, print) = tool("ssh-keygen", &["-l", "-f"], ssh).unwrap();
            assert!(print.contains(text(&key, "public_key_fingerprint_sha256")), "{print}");
            let (_, print) = tool("ssh-keygen", &["-l", "-E", "md5", "-f"], ssh).unwrap();
            assert!(print.contains(text(&key, "public_key_fingerprint_md5")), "{print}");
        }
    }
}

#[test]
fn openssl_reads_and_verifies_certificates() {
    let subject = |name: &str| {
        let rows = &of("tls_cert_request").schema.attribute("subject").unwrap().block.as_ref().unwrap().attributes;
        let text = |row: &crate::schema::Attribute| match row.name {
            "common_name" => Value::string(name),
            "country" => "DE".into(),
            _ => Value::null(row.ty.clone()),
        };
        let one = Value::object(rows.iter().map(|row| (row.name, text(row))));
        Value::list(one.ty(), vec![one])
    };
    let keys: [[(&'static str, Value); 3]; 4] = [
        [("algorithm", "RSA".into()), ("rsa_bits", 1024.into()), ("ecdsa_curve", "P224".into())],
        [("algorithm", "ECDSA".into()), ("rsa_bits", 1024.into()), ("ecdsa_curve", "P256".into())],
        [("algorithm", "ECDSA".into()), ("rsa_bits", 1024.into()), ("ecdsa_curve", "P384".into())],
        [("algorithm", "ED25519".into()), ("rsa_bits", 1024.into()), ("ecdsa_curve", "P224".into())],
    ];
    for (seed, arguments) in (1..).zip(keys) {
        let key = make("tls_private_key", seed, arguments);
        for form in ["private_key_pem", "private_key_pem_pkcs8"] {
            let secret = || Value::string(text(&key, form)).mark(true);
            let uses = || Value::strings(["cert_signing", "digital_signature", "client_auth"]);
            let ca = make(
                "tls_self_signed_cert",
                seed,
                [
                    ("private_key_pem", secret()),
                    ("subject", subject("authority")),
                    ("validity_period_hours", (24 * 365 * 20).into()),
                    ("allowed_uses", uses()),
                    ("is_ca_certificate", true.into()),
                ],
            );
            assert_eq!(text(&ca, "key_algorithm"), text(&key, "algorithm"));
            assert_eq!(
                (text(&ca, "validity_start_time"), text(&ca, "validity_end_time")),
                ("2024-01-31T12:30:15Z", "2044-01-26T12:30:15Z")
            );
            let request = make(
                "tls_cert_request",
                seed,
                [
                    ("private_key_pem", secret()),
                    ("subject", subject("server")),
                    ("dns_names", Value::strings(["a.example.com"])),
                    ("ip_addresses", Value::strings(["10.0.0.1"])),
                ],
            );
            let leaf = make(
                "tls_locally_signed_cert",
                seed,
                [
                    ("cert_request_pem", text(&request, "cert_request_pem").into()),
                    ("ca_private_key_pem", secret()),
                    ("ca_cert_pem", text(&ca, "cert_pem").into()),
                    ("validity_period_hours", (24 * 365 * 10).into()),
                    ("allowed_uses", Value::strings(["server_auth", "key_encipherment"])),
                    ("early_renewal_hours", 24.into()),
                ],
            );
            let end = |at: &str| of("tls_locally_signed_cert").is_over(&leaf, at.parse().unwrap(), Path::new(""));
            assert!(!end("2034-01-26T12:30:15Z") && end("2034-01-28T12:30:14Z"));
            let Some((read, shown)) = tool("openssl", &["x509", "-noout", "-text", "-in"], text(&leaf, "cert_pem"))
            else {
                continue;
            };
            assert!(read, "{}", text(&leaf, "cert_pem"));
            for part in [
                "CN = server",
                "CN = authority",
                "DNS:a.example.com, IP Address:10.0.0.1",
                "TLS Web Server Authentication",
                "Key Encipherment",
                "CA:FALSE",
            ] {
                assert!(shown.replace("CN=", "CN = ").contains(part), "{part} in {shown}");
            }
            let (read, shown) =
                tool("openssl", &["req", "-noout", "-verify", "-text", "-in"], text(&request, "cert_request_pem"))
                    .unwrap();
            assert!(read && shown.contains("DNS:a.example.com"), "{shown}");
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("ca.pem"), text(&ca, "cert_pem")).unwrap();
            let trust = dir.path().join("ca.pem").to_string_lossy().into_owned();
            let arguments = ["verify", "-attime", "1720000000", "-auth_level", "0", "-CAfile", &trust];
            let (verified, shown) = tool("openssl", &arguments, text(&leaf, "cert_pem")).unwrap();
            assert!(verified, "{shown}");
        }
    }
    let p224 = make("tls_private_key", 9, [("algorithm", "ECDSA".into())]);
    let request = want("tls_cert_request", [("private_key_pem", text(&p224, "private_key_pem").into())]);
    assert!(of("tls_cert_request").made(&request, &mut given(1)).unwrap_err().contains("cannot sign"));
    let wrong = want("tls_cert_request", [("private_key_pem", "x".into())]);
    assert!(of("tls_cert_request").made(&wrong, &mut given(1)).unwrap_err().contains("cannot be read"));
}
