//! data aws_acm_certificate: one certificate that is there, found by domain, tags, type and age.

use crate::aws::api::services::ACM;
use crate::aws::api::{member, member_text};
use crate::resources::kms::acm_certificate::{list, tags_of};
use crate::resources::lookup::{here, one, schema};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_acm_certificate`.
pub struct AcmCertificateData;

const ISSUED: &str = "ISSUED";

/// When a certificate came, in seconds since 1970.
fn came(c: &Json) -> Option<i64> {
    let at = ["IssuedAt", "ImportedAt", "CreatedAt"].iter().find_map(|name| member(c, name)?.as_f64());
    at.map(|seconds| seconds as i64)
}

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
        let statuses = statuses.unwrap_or_else(|| vec![ISSUED.to_owned()]);
        let types = config.strings("types");
        let mut found = list(aws, &statuses, &config.strings("key_types")).await?;
        found.retain(|c| domain.is_none_or(|domain| member_text(c, "DomainName").as_deref() == Some(domain)));
        found.retain(|c| types.is_empty() || member_text(c, "Type").is_some_and(|kind| types.contains(&kind)));
        let tagged = |c: Json| async move {
            let tags = tags_of(aws, &member_text(&c, "CertificateArn").unwrap_or_default()).await?;
            Ok::<_, Error>((c, tags))
        };
        let mut found = each(found, tagged).await?;
        found.retain(|(_, tags)| tags::hold_all(tags, &wanted));
        if config.bool("most_recent") == Some(true) {
            found.sort_by_key(|(c, _)| came(c));
            found.drain(..found.len().saturating_sub(1));
        }
        let (found, tags) = one(found, "certificate")?;
        let (mut body, mut chain) = (None, None);
        let (arn, status) = (member_text(&found, "CertificateArn"), member_text(&found, "Status"));
        if status.as_deref() == Some(ISSUED) {
            let answer = aws.read.api.call(&ACM, "GetCertificate", json!({"CertificateArn": arn})).await?;
            (body, chain) = (member_text(&answer, "Certificate"), member_text(&answer, "CertificateChain"));
        }
        Ok(config
            .clone()
            .with("arn", arn.clone())
            .with("certificate", body)
            .with("certificate_chain", chain)
            .with("domain", member_text(&found, "DomainName"))
            .with("id", arn)
            .with("region", &*aws.region)
            .with("status", status)
            .with("tags", tags::of(&tags)))
    }
}
