//! data aws_acm_certificate: one certificate that is there, found by domain, tags, type and age.

use crate::resources::kms::acm_certificate::{list, tags_of};
use crate::resources::lookup::{here, one, schema};
use crate::resources::prelude::*;
use aws_sdk_acm::types::{CertificateStatus, CertificateSummary};

/// The data source `aws_acm_certificate`.
pub struct AcmCertificateData;

impl DataSource for AcmCertificateData {
    fn schema() -> Schema {
        let texts = ["arn", "certificate", "certificate_chain", "status"].map(|name| Row::string(name).computed());
        let given = [
            Row::string("domain").optional_computed(),
            Row::string("id").optional_computed(),
            Row::string_set("key_types"),
            Row::bool("most_recent"),
            Row::string("region").optional_computed(),
            Row::string_list("statuses"),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::string_list("types"),
        ];
        schema("aws_acm_certificate", rows(texts.into_iter().chain(given)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &here(aws, config);
        let (domain, wanted) = (config.str("domain").filter(|d| !d.is_empty()), config.string_map("tags"));
        if domain.is_none() && wanted.is_empty() {
            return Err(Error::new(Kind::Refused, "a certificate is looked up by domain, by tags, or by both"));
        }
        let statuses = Some(config.strings("statuses")).filter(|all| !all.is_empty());
        let statuses = statuses.unwrap_or_else(|| vec![CertificateStatus::Issued.as_str().to_owned()]);
        let types = config.strings("types");
        let mut found = list(aws, &statuses, &config.strings("key_types")).await?;
        found.retain(|c| domain.is_none_or(|domain| c.domain_name() == Some(domain)));
        found.retain(|c| types.is_empty() || c.r#type().is_some_and(|t| types.iter().any(|name| name == t.as_str())));
        let tagged = |c: CertificateSummary| async move {
            let tags = tags_of(aws, c.certificate_arn().unwrap_or_default()).await?;
            Ok::<_, Error>((c, tags))
        };
        let mut found = each(found, tagged).await?;
        found.retain(|(_, tags)| tags::hold_all(tags, &wanted));
        if config.bool("most_recent") == Some(true) {
            found.sort_by_key(|(c, _)| c.issued_at().or(c.imported_at()).or(c.created_at()).map(|at| at.secs()));
            found.drain(..found.len().saturating_sub(1));
        }
        let (found, tags) = one(found, "certificate")?;
        let (mut body, mut chain) = (None, None);
        if found.status() == Some(&CertificateStatus::Issued) {
            let arn = found.certificate_arn().unwrap_or_default();
            let answer = aws.read.acm.get_certificate().certificate_arn(arn).send().await?;
            (body, chain) = (answer.certificate, answer.certificate_chain);
        }
        Ok(config
            .clone()
            .with("arn", found.certificate_arn())
            .with("certificate", body)
            .with("certificate_chain", chain)
            .with("domain", found.domain_name())
            .with("id", found.certificate_arn())
            .with("region", &*aws.region)
            .with("status", found.status().map(CertificateStatus::as_str))
            .with("tags", tags::of(&tags)))
    }
}
