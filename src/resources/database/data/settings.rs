//! data aws_db_parameter_group and data aws_rds_certificate: a group of parameters by its name, and the certificate that
//! databases show to clients.

use super::super::rds::{ask, is, list};
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, document, moment};
use crate::resources::lookup::{answered, here, one, read, schema, time};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The data source `aws_db_parameter_group`.
pub struct ParameterGroupData;
/// The data source `aws_rds_certificate`.
pub struct CertificateData;

document! {
    Group {
        arn = "DBParameterGroupArn": Text, read;
        description = "Description": Text, read;
        family = "DBParameterGroupFamily": Text, read;
        id = "DBParameterGroupName": Text, read;
        name = "DBParameterGroupName": Text, read;
    }
}

impl DataSource for ParameterGroupData {
    fn schema() -> Schema {
        let found = answered(Group::rows::<Json>()).into_iter().map(|row| match row.row.name {
            "name" => row.required(),
            _ => row,
        });
        schema("aws_db_parameter_group", rows(found.chain([Row::string("region").optional_computed()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let input = json!({"DBParameterGroupName": config.str("name")});
        let found = list(&aws, "DescribeDBParameterGroups", input, "DBParameterGroups.DBParameterGroup").await?;
        let group = one(found, "parameter group")?;
        Ok(read(config, Group::rows(), &group).with("region", &*aws.region))
    }
}

document! {
    Shown {
        arn = "CertificateArn": Text, read;
        certificate_type = "CertificateType": Text, read;
        customer_override = "CustomerOverride": Flag, read;
        customer_override_valid_till = "": Text, none
            [.read(|c| time(moment(c.held(), "CustomerOverrideValidTill").as_ref()))];
        id = "CertificateIdentifier": Text, read;
        thumbprint = "Thumbprint": Text, read;
        valid_from = "": Text, none [.read(|c| time(moment(c.held(), "ValidFrom").as_ref()))];
        valid_till = "": Text, none [.read(|c| time(moment(c.held(), "ValidTill").as_ref()))];
    }
}

impl DataSource for CertificateData {
    fn schema() -> Schema {
        let given = [
            Row::bool("default_for_new_launches"),
            Row::bool("latest_valid_till"),
            Row::string("region").optional_computed(),
        ];
        let found = answered(Shown::rows::<Json>()).into_iter().map(|row| match row.row.name {
            "id" => row.optional_computed(),
            _ => row,
        });
        let conflicts: &[&[&str]] = &[&["id", "default_for_new_launches"], &["id", "latest_valid_till"]];
        Schema { conflicts, ..schema("aws_rds_certificate", rows(found.chain(given))) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let on = |name: &str| config.bool(name) == Some(true);
        let (mut found, mut default, mut marker) = (Vec::new(), None, None);
        loop {
            let input = json!({"CertificateIdentifier": text(config, "id"), "Marker": marker});
            let answer = ask(&aws, "DescribeCertificates", input).await?;
            found.extend(items(&answer, "Certificates.Certificate"));
            default = default.or(member_text(&answer, "DefaultCertificateForNewLaunches"));
            marker = member_text(&answer, "Marker").filter(|marker| !marker.is_empty());
            if marker.is_none() {
                break;
            }
        }
        if on("default_for_new_launches") {
            found.retain(|c| is(c, "CertificateIdentifier", default.as_deref()));
        }
        if on("latest_valid_till") {
            found.sort_by_key(|c| std::cmp::Reverse(moment(c, "ValidTill").map(|t| t.as_nanos())));
            found.truncate(1);
        }
        let certificate = one(found, "certificate")?;
        Ok(read(config, Shown::rows(), &certificate).with("region", &*aws.region))
    }
}
