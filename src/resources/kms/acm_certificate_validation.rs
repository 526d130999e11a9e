//! aws_acm_certificate_validation: the wait until a certificate is issued. Nothing is made in AWS: who needs an
//! issued certificate refers to this and not to the certificate itself.

use super::acm_certificate::{Certificate, one, proofs};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use std::collections::BTreeSet;

/// The resource type `aws_acm_certificate_validation`.
pub struct AwsAcmCertificateValidation;

document! {
    Rows {
        certificate_arn = "CertificateArn": Text, read [.required().force_new()];
        validation_record_fqdns = "": Texts, none [.force_new()];
    }
}

/// In minutes: AWS says that validation by DNS takes half an hour as a rule, and may take hours.
const PATIENCE: u64 = 75;

fn progress(c: &Certificate) -> Progress {
    match member_text(c, "Status").as_deref().unwrap_or_default() {
        "PENDING_VALIDATION" => Progress::Pending("PENDING_VALIDATION".into()),
        status @ ("FAILED" | "VALIDATION_TIMED_OUT") => {
            let reason = member_text(c, "FailureReason");
            Progress::Failed(format!("{status}: {}", reason.as_deref().unwrap_or("its records were not found in time")))
        }
        _ => Progress::Ready,
    }
}

/// The records that are needed and not among those of the layout.
fn missing(needed: &[String], given: &[String]) -> Vec<String> {
    let plain = |name: &String| name.trim_end_matches('.').to_ascii_lowercase();
    let given: BTreeSet<String> = given.iter().map(plain).collect();
    let needed: BTreeSet<String> = needed.iter().map(plain).collect();
    needed.difference(&given).cloned().collect()
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    text.starts_with("arn:").then(|| vec![("certificate_arn", text.into())])
}

impl Resource for AwsAcmCertificateValidation {
    type Live = Certificate;

    fn spec() -> Spec<Certificate> {
        Spec::new("aws_acm_certificate_validation", |c: &Certificate| member_text(c, "CertificateArn"), Rows::rows())
            .role(Role::NotServing("it waits for a certificate"))
            .progress(progress)
            .default_timeout(PATIENCE)
            .recover(Recover::Key)
            .import("CERTIFICATEARN", import)
            .id_from(|attrs| attrs.string("certificate_arn"))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Certificate>> {
        each(which.by("certificate_arn"), |arn| one(aws, arn)).await
    }

    /// Makes nothing. A wait that could never end is an error at once.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let arn = want.string("certificate_arn").unwrap_or_default();
        let certificate = one(aws, arn.clone()).await?;
        let all = proofs(&certificate);
        let needed: Vec<String> = all.iter().filter_map(|v| member_text(v, "ResourceRecord.Name")).collect();
        let given = want.strings("validation_record_fqdns");
        let lacking = missing(&needed, &given);
        if !given.is_empty() && !lacking.is_empty() {
            let lacking = lacking.join(", ");
            let message = format!("validation_record_fqdns lacks {lacking}, without which {arn} is not issued");
            return Err(Error::new(Kind::Refused, message));
        }
        Ok(arn)
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_with_and_without_its_dot() {
        let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(missing(&all(&["_a.Shop.example."]), &all(&["_a.shop.example"])), [""; 0]);
        assert_eq!(missing(&all(&["_a.x.", "_b.x."]), &all(&["_a.x"])), ["_b.x"]);
    }
}
