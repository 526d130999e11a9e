//! tls_self_signed_cert, tls_cert_request and tls_locally_signed_cert.

use super::extension::{self, Wanted};
use super::form::{INTEGER, SEQUENCE, der, part, pem};
use super::name;
use super::sign::{Signer, key_id, parts, unpem};
use super::{Local, Row};
use crate::resources::local::{Given, Values, hex, whole};
use crate::schema::Attrs;
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use sha1::{Digest, Sha1};

pub(super) fn types() -> [Local; 3] {
    [self_signed(), request(), locally_signed()]
}

fn key(name: &'static str) -> Row {
    Row::string(name).required().force_new().sensitive()
}

/// The rows of what is made for some time.
fn lasting() -> [Row; 8] {
    [
        Row::number("validity_period_hours").required().force_new(),
        Row::string_list("allowed_uses").required().force_new().check(extension::check_uses),
        Row::number("early_renewal_hours").default(0),
        Row::bool("is_ca_certificate").default(false).force_new(),
        Row::bool("set_subject_key_id").default(false).force_new(),
        Row::string("cert_pem").computed(),
        Row::string("validity_start_time").computed(),
        Row::string("validity_end_time").computed(),
    ]
}

/// The rows of whom it is for.
fn subject() -> [Row; 4] {
    [
        Row::optional_block("subject", name::rows()).force_new(),
        Row::string_list("dns_names").force_new(),
        Row::string_list("ip_addresses").force_new(),
        Row::string_list("uris").force_new(),
    ]
}

fn self_signed() -> Local {
    let own = [
        key("private_key_pem"),
        Row::bool("set_authority_key_id").default(false).force_new(),
        Row::number("max_path_length").force_new(),
        Row::string("key_algorithm").computed(),
        Row::bool("ready_for_renewal").computed(),
    ];
    Local::new("tls_self_signed_cert", own.into_iter().chain(lasting()).chain(subject()), |want, given| {
        let signer = Signer::read(want.str("private_key_pem").unwrap_or_default())?;
        let id = signer.key_id();
        let name = name::of(want);
        let authority = (want.bool("set_authority_key_id") == Some(true)).then(|| id.clone());
        let names = extension::names(want)?;
        let made = Made { subject: &name, public: &signer.public, issuer: &name, signer: &signer, authority, names };
        let mut values = made.values(want, given)?;
        values.push(("key_algorithm", signer.algorithm().into()));
        Ok(values)
    })
    .until(renewal)
}

fn request() -> Local {
    let own =
        [key("private_key_pem"), Row::string("key_algorithm").computed(), Row::string("cert_request_pem").computed()];
    Local::new("tls_cert_request", own.into_iter().chain(subject()), |want, _| {
        let signer = Signer::read(want.str("private_key_pem").unwrap_or_default())?;
        let attributes = extension::requested(extension::names(want)?);
        let version = der(INTEGER, &[&[0]]);
        let content = der(SEQUENCE, &[&version, &name::of(want), &signer.public, &attributes]);
        let text = pem("CERTIFICATE REQUEST", &signer.signed(&content)?);
        Ok(vec![
            ("id", hex(&Sha1::digest(&text)).into()),
            ("cert_request_pem", text.into()),
            ("key_algorithm", signer.algorithm().into()),
        ])
    })
}

fn locally_signed() -> Local {
    let own = [
        Row::string("cert_request_pem").required().force_new(),
        key("ca_private_key_pem"),
        Row::string("ca_cert_pem").required().force_new(),
        Row::number("max_path_length").force_new(),
        Row::string("ca_key_algorithm").computed(),
        Row::bool("ready_for_renewal").computed(),
    ];
    Local::new("tls_locally_signed_cert", own.into_iter().chain(lasting()), |want, given| {
        let read = |name: &str| {
            let found = unpem(want.str(name).unwrap_or_default());
            found.map(|(_, der)| der).ok_or_else(|| format!("{name} is not a valid PEM"))
        };
        let (request, ca) = (read("cert_request_pem")?, read("ca_cert_pem")?);
        let asked = asked(&request).ok_or("cert_request_pem is not a valid certificate request")?;
        let (issuer, authority) = issuing(&ca).ok_or("ca_cert_pem is not a valid certificate")?;
        let signer = Signer::read(want.str("ca_private_key_pem").unwrap_or_default())?;
        let made = Made {
            subject: &asked.subject,
            public: &asked.public,
            issuer: &issuer,
            signer: &signer,
            authority,
            names: asked.names,
        };
        let mut values = made.values(want, given)?;
        values.push(("ca_key_algorithm", signer.algorithm().into()));
        Ok(values)
    })
    .until(renewal)
}

/// When a new certificate is needed.
fn renewal(attrs: &Attrs) -> Option<Timestamp> {
    let end: Timestamp = attrs.str("validity_end_time")?.parse().ok()?;
    let early = whole(attrs, "early_renewal_hours").unwrap_or(0).checked_mul(3600)?;
    end.checked_sub(SignedDuration::from_secs(early)).ok()
}

/// A certificate before it is signed; the parts are DER.
struct Made<'a> {
    subject: &'a [u8],
    public: &'a [u8],
    issuer: &'a [u8],
    signer: &'a Signer,
    /// The id of the key that signs, where it is said.
    authority: Option<Vec<u8>>,
    /// The other names of the subject, as the value of an extension.
    names: Option<Vec<u8>>,
}

impl Made<'_> {
    fn values(self, want: &Attrs, given: &mut Given) -> Result<Values, String> {
        let hours = whole(want, "validity_period_hours").unwrap_or(0);
        let start = Timestamp::from_second(given.now.as_second()).unwrap_or(given.now);
        let seconds = hours.checked_mul(3600).ok_or("validity_period_hours is too large")?;
        let end =
            start.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| "validity_period_hours is too large")?;
        let mut serial = [0; 16];
        given.random.fill_bytes(&mut serial);
        // Positive, and without a zero in front.
        serial[0] = (serial[0] & 0x7f) | 0x40;
        let is_ca = want.bool("is_ca_certificate") == Some(true);
        let subject_key = is_ca || want.bool("set_subject_key_id") == Some(true);
        let extensions = extension::all(Wanted {
            uses: &want.strings("allowed_uses"),
            ca: is_ca.then(|| whole(want, "max_path_length")),
            subject_key: subject_key.then(|| key_id(self.public)),
            authority_key: self.authority,
            names: self.names,
        });
        let validity = der(SEQUENCE, &[&extension::time(start), &extension::time(end)]);
        let content = der(
            SEQUENCE,
            &[
                &der(part(0), &[&der(INTEGER, &[&[2]])]),
                &der(INTEGER, &[&serial]),
                &self.signer.signs_with(),
                self.issuer,
                &validity,
                self.subject,
                self.public,
                &der(part(3), &[&der(SEQUENCE, &[&extensions])]),
            ],
        );
        let text = |moment: Timestamp| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Ok(vec![
            ("id", dashu_int::UBig::from_be_bytes(&serial).to_string().into()),
            ("cert_pem", pem("CERTIFICATE", &self.signer.signed(&content)?).into()),
            ("validity_start_time", text(start).into()),
            ("validity_end_time", text(end).into()),
            ("ready_for_renewal", false.into()),
        ])
    }
}

/// What a request asks for.
struct Asked {
    subject: Vec<u8>,
    public: Vec<u8>,
    names: Option<Vec<u8>>,
}

fn asked(request: &[u8]) -> Option<Asked> {
    let whole = parts(request)?;
    let signed = parts(whole.first()?.content)?;
    let info = parts(signed.first()?.content)?;
    let [_, subject, public, ..] = info.as_slice() else { return None };
    let names = info.get(3).and_then(|attributes| extension::names_requested(attributes.content));
    Some(Asked { subject: subject.whole.to_vec(), public: public.whole.to_vec(), names })
}

/// The name of a certificate's subject, and the id of its key.
fn issuing(certificate: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let whole = parts(certificate)?;
    let signed = parts(whole.first()?.content)?;
    let all = parts(signed.first()?.content)?;
    let first = usize::from(all.first()?.tag == part(0));
    let subject = all.get(first + 4)?.whole.to_vec();
    let extensions = all.iter().find(|p| p.tag == part(3)).and_then(|p| parts(p.content));
    let id = extensions.and_then(|all| extension::subject_key(all.first()?.content));
    Some((subject, id))
}
