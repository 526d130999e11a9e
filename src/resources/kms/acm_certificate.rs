//! aws_acm_certificate: a certificate that ACM issues, or one that is brought along. One that is brought
//! along is replaced in place, under its ARN, and its listeners continue with the new one.

use crate::aws::api::services::ACM;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::block::{TextList, TimestampCell, some};
use crate::resources::document::{Document, Many, Member, One, Unordered, document};
use crate::resources::prelude::*;
use crate::resources::row::{read_object, unread};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The resource type `aws_acm_certificate`.
pub struct AwsAcmCertificate;

/// A certificate with its tags.
pub type Certificate = tags::Tagged<Json, Json>;

/// How long an idempotency token may be.
const TOKEN_LENGTH: usize = 32;
const BROUGHT: [&str; 3] = ["certificate_body", "certificate_chain", "private_key"];

const SWITCH: [&str; 2] = ["ENABLED", "DISABLED"];

/// The algorithms of keys that ACM knows.
const KEY_ALGORITHMS: [&str; 7] =
    ["EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096"];

document! {
    /// How a certificate is published and used.
    Options {
        certificate_transparency_logging_preference = "CertificateTransparencyLoggingPreference": Text
            [.default("ENABLED").check(|v| checks::one_of(v, &SWITCH))];
        export = "Export": Text [.optional_computed().check(|v| checks::one_of(v, &SWITCH))];
    }
}

document! {
    /// The record that proves the ownership of a domain.
    Record {
        domain_name = "DomainName": Text, read [.computed()];
        resource_record_name = "ResourceRecord.Name": Text, read [.computed()];
        resource_record_type = "ResourceRecord.Type": Text, read [.computed()];
        resource_record_value = "ResourceRecord.Value": Text, read [.computed()];
    }
}

document! {
    /// How far the renewal is.
    Renewal {
        renewal_status = "RenewalStatus": Text, read [.computed()];
        renewal_status_reason = "RenewalStatusReason": Text, read [.computed()];
        updated_at = "UpdatedAt": TimestampCell, read [.computed()];
    }
}

document! {
    /// Where a domain is asked for the proof.
    Asked {
        domain_name = "DomainName": Text, create [.required()];
        validation_domain = "ValidationDomain": Text, create [.required()];
    }
}

document! {
    Rows {
        domain_name = "DomainName": Text [.optional_computed().force_new()];
        subject_alternative_names = "SubjectAlternativeNames": Texts [.optional_computed().force_new()];
        validation_method = "ValidationMethod": Text, none
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["DNS", "EMAIL", "NONE"]))]
            [.read(|c| method(c.held()).unwrap_or_else(|| "NONE".to_owned()).into())];
        key_algorithm = "KeyAlgorithm": Text, create
            [.optional_computed().force_new().check(|v| checks::one_of(v, &KEY_ALGORITHMS))]
            [.read(|c| member_text(c.held(), "KeyAlgorithm").map(|key| key.replace('-', "_")).into())];
        certificate_authority_arn = "CertificateAuthorityArn": Text [.force_new()];
        certificate_body = "": Text, none;
        certificate_chain = "": Text, none;
        private_key = "": Text, none [.sensitive().never_returned()];
        private_key_wo = "": Text, none [.write_only()];
        private_key_wo_version = "": Int, none;
        early_renewal_duration = "": Text, none;
        options = "Options": One<Options>;
        validation_option = "DomainValidationOptions": Unordered<Asked>, create [.force_new()];
        arn = "CertificateArn": Text, read [.computed()];
        domain_validation_options = "": Unordered<Record>, none [.computed().read(|c| records(c.held()))];
        not_after = "NotAfter": TimestampCell, read [.computed()];
        not_before = "NotBefore": TimestampCell, read [.computed()];
        pending_renewal = "": Flag, none [.computed().read(|c| is_renewing(c.held()).into())];
        renewal_eligibility = "RenewalEligibility": Text, read [.computed()];
        renewal_summary = "RenewalSummary": Many<Renewal>, read [.computed()];
        status = "Status": Text, read [.computed()];
        r#type = "Type": Text, read [.computed()];
        validation_emails = "": TextList, none [.computed().read(|c| emails(c.held()))];
    }
}

/// How each domain is proved.
pub fn proofs(c: &Json) -> Vec<Json> {
    items(c, "DomainValidationOptions")
}

/// Whom ACM asks for the proof.
fn emails(c: &Json) -> Value {
    let all: Vec<Json> = proofs(c).iter().flat_map(|v| items(v, "ValidationEmails")).collect();
    Value::strings(all.iter().filter_map(Json::as_str))
}

fn record_rows() -> Vec<Attribute> {
    unread(Record::rows::<Json>())
}

/// The records that prove the ownership of each domain.
fn records(c: &Json) -> Value {
    let all = proofs(c);
    let reported = all.iter().filter(|v| member(v, "ResourceRecord").is_some());
    let blocks = reported.map(|v| read_object(Record::rows::<Json>(), v)).collect();
    Value::set(object_type(&record_rows()), blocks)
}

fn is_renewing(c: &Json) -> bool {
    let status = member_text(c, "RenewalSummary.RenewalStatus");
    matches!(status.as_deref(), Some("PENDING_AUTO_RENEWAL" | "PENDING_VALIDATION"))
}

fn method(c: &Json) -> Option<String> {
    proofs(c).first().and_then(|v| member_text(v, "ValidationMethod"))
}

/// One that waits for its proof is of use already, once the records to prove it with are there.
fn progress(c: &Certificate) -> Progress {
    let (all, method) = (proofs(c), method(c));
    match member_text(c, "Status").as_deref() {
        Some("FAILED") => {
            Progress::Failed(member_text(c, "FailureReason").unwrap_or_else(|| "the request failed".to_owned()))
        }
        Some("PENDING_VALIDATION") if method.is_none() && all.is_empty() => {
            Progress::Pending("waiting for its validation to be prepared".into())
        }
        Some("PENDING_VALIDATION")
            if method.as_deref() == Some("DNS") && !all.iter().all(|v| member(v, "ResourceRecord").is_some()) =>
        {
            Progress::Pending("waiting for its validation records".into())
        }
        _ => Progress::Ready,
    }
}

fn brought(attrs: &Attrs) -> bool {
    attrs.is_set("certificate_body")
}

fn check(want: &Attrs) -> Faults {
    let own = want.is_given("certificate_body");
    let taken = |name: &str| own && want.is_set(name);
    let lone = |name: &str| !own && want.is_set(name);
    let takes_no = |name: &str| format!("a certificate that is brought along takes no {name}");
    faults! {
        own && !want.is_given("private_key") && !want.is_given("private_key_wo") => "private_key",
            "a certificate that is brought along needs its private_key";
        taken("validation_method") => "validation_method", takes_no("validation_method");
        taken("certificate_authority_arn") => "certificate_authority_arn", takes_no("certificate_authority_arn");
        taken("options") => "options", takes_no("options");
        own && !want.blocks("validation_option").is_empty() => "validation_option", takes_no("validation_option");
        lone("private_key") => "private_key", "private_key needs certificate_body";
        lone("certificate_chain") => "certificate_chain", "certificate_chain needs certificate_body";
        want.str("domain_name").is_some_and(|name| name.ends_with('.')) => "domain_name",
            "the domain ends with a dot; expected a form such as www.example.com";
    }
}

/// The domain is always one of the names that AWS lists, whether the layout repeats it or not.
fn names_alike(want: &Attrs, now: &Attrs) -> Vec<&'static str> {
    let all = |attrs: &Attrs| -> BTreeSet<String> {
        let names = attrs.strings("subject_alternative_names").into_iter();
        names.chain(attrs.string("domain_name").or_else(|| now.string("domain_name"))).collect()
    };
    let alike = want.is_set("subject_alternative_names") && all(want) == all(now);
    if alike { vec!["subject_alternative_names"] } else { Vec::new() }
}

/// The domains that will have to be proved are known before AWS says how, so that a layout can make one record
/// for each.
fn promised(want: &Attrs) -> Vec<(&'static str, Value)> {
    let asked = want.is_unknown("domain_validation_options") && want.str("validation_method") == Some("DNS");
    // Unknown because AWS chooses: the domain alone. Unknown because another object gives it: nothing is known.
    let reported = |names: &Value| names.is_wholly_known() || (names.is_unknown() && names.origin().is_none());
    let Some(domain) = want.string("domain_name").filter(|_| asked) else { return Vec::new() };
    if !want.get("subject_alternative_names").is_none_or(reported) {
        return Vec::new();
    }
    let all: BTreeSet<String> = want.strings("subject_alternative_names").into_iter().chain([domain]).collect();
    let option = |domain: String| {
        let known = |name| if name == "domain_name" { Value::from(&domain) } else { Value::unknown(Type::String) };
        Value::object(record_rows().iter().map(|row| (row.name, known(row.name))))
    };
    vec![("domain_validation_options", Value::set(object_type(&record_rows()), all.into_iter().map(option).collect()))]
}

/// A requested certificate never becomes one that is brought along, nor does export change.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let other = brought(before) != (brought(after) || after.is_unknown("certificate_body"));
    let export = |attrs: &Attrs| attrs.blocks("options").first().and_then(|o| o.string("export"));
    let exported = export(after).is_some() && export(before) != export(after);
    [("certificate_body", other), ("options", exported)]
        .into_iter()
        .filter_map(|(name, so)| so.then_some(name))
        .collect()
}

/// The first of these arguments that is given, as bytes.
fn blob(want: &Attrs, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text(want, name)).map(|text| BASE64_STANDARD.encode(text))
}

/// Brings a certificate along, under a new ARN or in the place of what is there.
async fn import(aws: &Aws, want: &Attrs, arn: Option<&str>, tags: Option<Vec<Json>>) -> Result<String> {
    let input = json!({
        "CertificateArn": arn,
        "Certificate": blob(want, &["certificate_body"]),
        "PrivateKey": blob(want, &["private_key", "private_key_wo"]),
        "CertificateChain": blob(want, &["certificate_chain"]),
        "Tags": tags,
    });
    arn_in(&aws.write.api.call(&ACM, "ImportCertificate", input).await?)
}

/// The ARN in the answer of a call that makes a certificate.
fn arn_in(answer: &Json) -> Result<String> {
    made(member_text(answer, "CertificateArn").as_deref())
}

/// All certificates that are listed under some statuses; without key types ACM leaves most out.
pub async fn list(aws: &Aws, statuses: &[String], key_types: &[String]) -> Result<Vec<Json>> {
    let types = if key_types.is_empty() { json!(KEY_ALGORITHMS) } else { json!(key_types) };
    let input = json!({"Includes": {"keyTypes": types}, "CertificateStatuses": some(statuses.to_vec())});
    let pages = Pages("NextToken", "NextToken");
    aws.read.api.list(&ACM, "ListCertificates", input, pages, "CertificateSummaryList").await
}

/// The tags of a certificate.
pub async fn tags_of(aws: &Aws, arn: &str) -> Result<Vec<Json>> {
    let answer = aws.read.api.call(&ACM, "ListTagsForCertificate", json!({"CertificateArn": arn})).await?;
    Ok(items(&answer, "Tags"))
}

/// A certificate without its tags.
pub async fn one(aws: &Aws, arn: String) -> Result<Certificate> {
    let answer = aws.read.api.call(&ACM, "DescribeCertificate", json!({"CertificateArn": arn})).await?;
    let object = member(&answer, "Certificate").cloned();
    let object = object.ok_or_else(|| Error::not_found(format!("no certificate {arn}")))?;
    Ok(Certificate { object, tags: Vec::new() })
}

impl Resource for AwsAcmCertificate {
    type Live = Certificate;

    fn spec() -> Spec<Certificate> {
        Spec::new("aws_acm_certificate", |c: &Certificate| member_text(c, "CertificateArn"), Rows::rows())
            .role(Role::Name(Unjudged::None("listeners that use it are judged")))
            .own_tags(|c| tags::of(&c.tags))
            .progress(progress)
            .managed_by_aws(|want, now| {
                let options = want.lacks_block("options").then_some("options");
                names_alike(want, now).into_iter().chain(options).collect()
            })
            .derive(promised)
            .exactly_one(&[&["domain_name", "certificate_body"]])
            .conflicts(&[&["private_key", "private_key_wo"]])
            .replace_when(replace_when)
            .check(check)
    }

    /// The list of ACM has neither details nor tags.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Certificate>> {
        let arns: Vec<String> = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => {
                let all = list(aws, &[], &[]).await?.into_iter();
                let named = all.filter(|c| member_text(c, "DomainName").as_deref() == want.str("domain_name"));
                named.filter_map(|c| member_text(&c, "CertificateArn")).collect()
            }
            Which::Token(token) => {
                let listed = list(aws, &[], &[]).await?.into_iter();
                let all = listed.filter_map(|c| member_text(&c, "CertificateArn"));
                let ours = |arn: String| async move {
                    let tags = tags_of(aws, &arn).await?;
                    Ok::<_, Error>(tags::hold_token(&tags, token).then_some(arn))
                };
                each(all, ours).await?.into_iter().flatten().collect()
            }
        };
        let tagged = |arn: String| async move {
            let tags = tags_of(aws, &arn).await?;
            Ok::<_, Error>(Certificate { tags, ..one(aws, arn).await? })
        };
        each(arns, tagged).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::marked(want, token);
        if brought(want) {
            return import(aws, want, None, tags).await;
        }
        let words = token.0.chars().filter(char::is_ascii_alphanumeric).take(TOKEN_LENGTH).collect::<String>();
        let mut input = Rows::create(want);
        input["IdempotencyToken"] = words.into();
        input["ValidationMethod"] = want.str("validation_method").filter(|m| *m != "NONE").into();
        input["Tags"] = json!(tags);
        arn_in(&aws.write.api.call(&ACM, "RequestCertificate", input).await?)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&ACM, operation, input);
        change.take("early_renewal_duration");
        change.take("private_key_wo");
        let again = change.take_any(&BROUGHT) | change.take("private_key_wo_version").is_some();
        if again && brought(change.after) {
            import(aws, change.after, Some(id), None).await?;
        }
        if change.take("options").is_some()
            && let Some(options) = One::<Options>::put(change.after, "options")
        {
            call("UpdateCertificateOptions", json!({"CertificateArn": id, "Options": options})).await?;
        }
        let set = |tags: Vec<Json>| call("AddTagsToCertificate", json!({"CertificateArn": id, "Tags": tags}));
        let unset = |keys: Vec<String>| {
            let tags: Json = keys.into_iter().map(|key| json!({"Key": key})).collect();
            call("RemoveTagsFromCertificate", json!({"CertificateArn": id, "Tags": tags}))
        };
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ACM, "DeleteCertificate", json!({"CertificateArn": id})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_a_name_whether_it_is_repeated_or_not() {
        let attrs = |domain: &str, names: &[&str]| {
            Attrs::default().with("domain_name", domain).with("subject_alternative_names", Value::string_set(names))
        };
        let now = attrs("a.example", &["a.example", "b.example"]);
        assert_eq!(names_alike(&attrs("a.example", &["b.example"]), &now), ["subject_alternative_names"]);
        assert_eq!(names_alike(&attrs("a.example", &["a.example", "b.example"]), &now), ["subject_alternative_names"]);
        assert_eq!(names_alike(&attrs("a.example", &["a.example"]), &now), [""; 0]);
        assert_eq!(names_alike(&attrs("a.example", &["c.example"]), &now), [""; 0]);
    }

    #[test]
    fn the_domains_to_be_proved_are_known_before_the_records_are() {
        let options = || Value::unknown(Type::set(object_type(&record_rows())));
        let asked = |names: Value| {
            let want = Attrs::default().with("domain_name", "a.example").with("validation_method", "DNS");
            want.with("subject_alternative_names", names).with("domain_validation_options", options())
        };
        let domains = |want: &Attrs| -> Vec<Option<String>> {
            let found = promised(want).into_iter().flat_map(|(_, value)| value.as_elements().unwrap_or(&[]).to_vec());
            found.map(|option| Attrs::from_value(&option).string("domain_name")).collect()
        };
        assert_eq!(domains(&asked(Value::unknown(Type::set(Type::String)))), [Some("a.example".into())]);
        let both = domains(&asked(Value::string_set(["b.example"])));
        assert_eq!(both, [Some("a.example".into()), Some("b.example".into())]);
        let half = Value::set(Type::String, vec![Value::unknown(Type::String)]);
        assert_eq!(domains(&asked(half)), []);
        assert_eq!(domains(&asked(Value::string_set(["b.example"])).with("validation_method", "EMAIL")), []);
    }

    #[test]
    fn a_certificate_is_requested_or_brought_along() {
        let said = |want: Attrs| check(&want).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        let body = || Attrs::default().with("certificate_body", "PEM");
        assert_eq!(said(body()), ["a certificate that is brought along needs its private_key"]);
        assert_eq!(
            said(body().with("private_key", "PEM").with("validation_method", "DNS")),
            ["a certificate that is brought along takes no validation_method"]
        );
        assert_eq!(said(Attrs::default().with("private_key", "PEM")), ["private_key needs certificate_body"]);
    }
}
