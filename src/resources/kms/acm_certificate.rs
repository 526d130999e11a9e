//! aws_acm_certificate: a certificate that ACM issues, or one that is brought along. One that is brought
//! along is replaced in place, under its ARN, and its listeners continue with the new one.

use crate::resources::block::{TimestampCell, some};
use crate::resources::prelude::*;
use aws_sdk_acm::operation::request_certificate::builders::RequestCertificateFluentBuilder as Request;
use aws_sdk_acm::primitives::Blob;
use aws_sdk_acm::types::{
    CertificateDetail, CertificateOptions, CertificateStatus, CertificateSummary, DomainValidation,
    DomainValidationOption, Filters, KeyAlgorithm, RenewalStatus, RenewalSummary, ResourceRecord, Tag,
    ValidationMethod,
};
use std::collections::BTreeSet;

/// The resource type `aws_acm_certificate`.
pub struct AwsAcmCertificate;

/// A certificate with its tags.
pub type Certificate = tags::Tagged<CertificateDetail, Tag>;

/// How long an idempotency token may be.
const TOKEN_LENGTH: usize = 32;
const BROUGHT: [&str; 3] = ["certificate_body", "certificate_chain", "private_key"];

const SWITCH: [&str; 2] = ["ENABLED", "DISABLED"];

#[expect(deprecated, reason = "older certificates are still without transparency logging, and layouts say so")]
mod options {
    use super::*;

    block! {
        /// How a certificate is published and used.
        Options: CertificateOptions => CertificateOptions {
            certificate_transparency_logging_preference: EnumCell
                [.default("ENABLED").check(|v| checks::one_of(v, &SWITCH))];
            export: EnumCell [.optional_computed().check(|v| checks::one_of(v, &SWITCH))];
        }
    }
}

block! {
    /// The record that proves the ownership of a domain.
    Record: DomainValidation => CertificateOptions {
        domain_name: Text, read [.computed()];
        resource_record_name: Text, none
            [.computed().read(|v| v.held().resource_record().map(ResourceRecord::name).into())];
        resource_record_type: Text, none
            [.computed().read(|v| v.held().resource_record().map(|record| record.r#type().as_str()).into())];
        resource_record_value: Text, none
            [.computed().read(|v| v.held().resource_record().map(ResourceRecord::value).into())];
    }

    /// How far the renewal is.
    Renewal: RenewalSummary => CertificateOptions {
        renewal_status: EnumCell, read [.computed()];
        renewal_status_reason: EnumCell, read [.computed()];
        updated_at: TimestampCell, read [.computed()];
    }
}

/// Where a domain is asked for the proof.
struct Asked;

impl Cell for Asked {
    fn column<L>(name: &'static str) -> A<L> {
        A::block(
            name,
            Nesting::Set,
            rows(["domain_name", "validation_domain"].map(|name| Row::string(name).required())),
        )
    }
}

impl Put<Option<Vec<DomainValidationOption>>> for Asked {
    fn put(from: &Attrs, name: &str) -> Option<Vec<DomainValidationOption>> {
        let option = |block: &Attrs| {
            let option = DomainValidationOption::builder().set_domain_name(block.string("domain_name"));
            option.set_validation_domain(block.string("validation_domain")).build().ok()
        };
        some(from.blocks(name).iter().filter_map(option).collect())
    }
}

table! {
    Rows: CertificateDetail, create Request {
        domain_name: Text [.optional_computed().force_new()];
        subject_alternative_names: Texts [.optional_computed().force_new()];
        validation_method: EnumCell, none
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["DNS", "EMAIL", "NONE"]))]
            [.read(|c| method(c.held()).map_or("NONE", ValidationMethod::as_str).into())];
        key_algorithm: EnumCell, create
            [.optional_computed().force_new().check(|v| checks::one_of(v, KeyAlgorithm::values()))]
            [.read(|c| c.held().key_algorithm().map(|k| k.as_str().replace('-', "_")).into())];
        certificate_authority_arn: Text [.force_new()];
        certificate_body: Text, none;
        certificate_chain: Text, none;
        private_key: Text, none [.sensitive().never_returned()];
        private_key_wo: Text, none [.write_only()];
        private_key_wo_version: Int, none;
        early_renewal_duration: Text, none;
        options: OptionalBlock<options::Options>;
        validation_option: Asked, create(domain_validation_options) [.force_new()];
        arn = certificate_arn: Text, read [.computed()];
        domain_validation_options: BlockSet<Record>, none [.computed().read(|c| records(c.held()))];
        not_after: TimestampCell, read [.computed()];
        not_before: TimestampCell, read [.computed()];
        pending_renewal: Flag, none [.computed().read(|c| is_renewing(c.held()).into())];
        renewal_eligibility: EnumCell, read [.computed()];
        renewal_summary: BlockList<Renewal>, read [.computed()];
        status: EnumCell, read [.computed()];
        r#type: EnumCell, read [.computed()];
        validation_emails: Emails, read(domain_validation_options) [.computed()];
    }
}

/// Whom ACM asks for the proof.
struct Emails;

impl Cell for Emails {
    fn column<L>(name: &'static str) -> A<L> {
        A::string_list(name)
    }
}

impl Get<&[DomainValidation]> for Emails {
    fn get(from: &[DomainValidation]) -> Value {
        Value::strings(from.iter().flat_map(|v| v.validation_emails()))
    }
}

/// The records that prove the ownership of each domain.
fn records(c: &CertificateDetail) -> Value {
    let reported = c.domain_validation_options().iter().filter(|v| v.resource_record().is_some());
    Value::set(object_type(&Record::rows()), reported.map(Record::read).collect())
}

fn is_renewing(c: &CertificateDetail) -> bool {
    let pending = [RenewalStatus::PendingAutoRenewal, RenewalStatus::PendingValidation];
    c.renewal_summary().is_some_and(|renewal| pending.contains(renewal.renewal_status()))
}

fn method(c: &CertificateDetail) -> Option<&ValidationMethod> {
    c.domain_validation_options().first().and_then(|v| v.validation_method())
}

/// One that waits for its proof is of use already, once the records to prove it with are there.
fn progress(c: &Certificate) -> Progress {
    let reported = |v: &DomainValidation| v.resource_record().is_some();
    let all = c.domain_validation_options();
    match c.status() {
        Some(CertificateStatus::Failed) => {
            let reason = c.failure_reason().map_or("the request failed", |reason| reason.as_str());
            Progress::Failed(reason.to_owned())
        }
        Some(CertificateStatus::PendingValidation) if method(c).is_none() && all.is_empty() => {
            Progress::Pending("waiting for its validation to be prepared".into())
        }
        Some(CertificateStatus::PendingValidation)
            if method(c) == Some(&ValidationMethod::Dns) && !all.iter().all(reported) =>
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
        Value::object(Record::rows().iter().map(|row| (row.name, known(row.name))))
    };
    vec![("domain_validation_options", Value::set(object_type(&Record::rows()), all.into_iter().map(option).collect()))]
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

fn blob(want: &Attrs, names: &[&str]) -> Option<Blob> {
    names.iter().find_map(|name| want.str(name).filter(|text| !text.is_empty())).map(Blob::new)
}

/// Brings a certificate along, under a new ARN or in the place of what is there.
async fn import(aws: &Aws, want: &Attrs, arn: Option<&str>, tags: Option<Vec<Tag>>) -> Result<String> {
    let answer = aws
        .write
        .acm
        .import_certificate()
        .set_certificate_arn(arn.map(Into::into))
        .set_certificate(blob(want, &["certificate_body"]))
        .set_private_key(blob(want, &["private_key", "private_key_wo"]))
        .set_certificate_chain(blob(want, &["certificate_chain"]))
        .set_tags(tags)
        .send()
        .await?;
    made(answer.certificate_arn())
}

/// All certificates that are listed under some statuses; without key types ACM leaves most out.
pub async fn list(aws: &Aws, statuses: &[String], key_types: &[String]) -> Result<Vec<CertificateSummary>> {
    let types: Vec<KeyAlgorithm> = match key_types {
        [] => KeyAlgorithm::values().iter().map(|word| (*word).into()).collect(),
        given => given.iter().map(|word| word.as_str().into()).collect(),
    };
    let statuses = some(statuses.iter().map(|word| CertificateStatus::from(word.as_str())).collect());
    let filters = Filters::builder().set_key_types(Some(types)).build();
    let call = aws.read.acm.list_certificates().includes(filters).set_certificate_statuses(statuses);
    all_of(call.into_paginator().items().send()).await
}

/// The tags of a certificate.
pub async fn tags_of(aws: &Aws, arn: &str) -> Result<Vec<Tag>> {
    Ok(aws.read.acm.list_tags_for_certificate().certificate_arn(arn).send().await?.tags.unwrap_or_default())
}

/// A certificate without its tags.
pub async fn one(aws: &Aws, arn: String) -> Result<Certificate> {
    let answer = aws.read.acm.describe_certificate().certificate_arn(&arn).send().await?;
    let object = answer.certificate.ok_or_else(|| Error::not_found(format!("no certificate {arn}")))?;
    Ok(Certificate { object, tags: Vec::new() })
}

impl Resource for AwsAcmCertificate {
    type Live = Certificate;

    fn spec() -> Spec<Certificate> {
        Spec::new("aws_acm_certificate", |c: &Certificate| c.certificate_arn().map(Into::into), Rows::rows())
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
                let named = all.filter(|c| c.domain_name() == want.str("domain_name"));
                named.filter_map(|c| c.certificate_arn).collect()
            }
            Which::Token(token) => {
                let all = list(aws, &[], &[]).await?.into_iter().filter_map(|c| c.certificate_arn);
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
        let call = Rows::create(aws.write.acm.request_certificate(), want).idempotency_token(words).set_tags(tags);
        let method = want.str("validation_method").filter(|m| *m != "NONE").map(Into::into);
        made(call.set_validation_method(method).send().await?.certificate_arn())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("early_renewal_duration");
        change.take("private_key_wo");
        let again = change.take_any(&BROUGHT) | change.take("private_key_wo_version").is_some();
        if again && brought(change.after) {
            import(aws, change.after, Some(id), None).await?;
        }
        if change.take("options").is_some()
            && let Some(options) = OptionalBlock::<options::Options>::put(change.after, "options")
        {
            aws.write.acm.update_certificate_options().certificate_arn(id).options(options).send().await?;
        }
        let acm = &aws.write.acm;
        let set = |tags| acm.add_tags_to_certificate().certificate_arn(id).set_tags(Some(tags)).send();
        let unset = |keys: Vec<String>| {
            let tags = keys.into_iter().filter_map(|key| Tag::builder().key(key).build().ok()).collect();
            acm.remove_tags_from_certificate().certificate_arn(id).set_tags(Some(tags)).send()
        };
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.acm.delete_certificate().certificate_arn(id).send().await)
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
        let options = || Value::unknown(Type::set(object_type(&Record::rows())));
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
