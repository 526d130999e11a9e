//! data aws_db_parameter_group and data aws_rds_certificate: a group of parameters by its name, and the certificate that
//! databases show to clients.

use crate::resources::lookup::{computed, here, one, schema, time, with_rows};
use crate::resources::prelude::*;
use aws_sdk_rds::types::{Certificate, DbParameterGroup};

/// The data source `aws_db_parameter_group`.
pub struct ParameterGroupData;
/// The data source `aws_rds_certificate`.
pub struct CertificateData;

table! {
    Group: DbParameterGroup {
        arn = db_parameter_group_arn: Text, read;
        description: Text, read;
        family = db_parameter_group_family: Text, read;
        id = db_parameter_group_name: Text, read;
        name = db_parameter_group_name: Text, read;
    }
}

impl DataSource for ParameterGroupData {
    fn schema() -> Schema {
        let found = computed::<Group>().into_iter().map(|row| match row.row.name {
            "name" => row.required(),
            _ => row,
        });
        schema("aws_db_parameter_group", rows(found.chain([Row::string("region").optional_computed()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.rds.describe_db_parameter_groups().set_db_parameter_group_name(config.string("name"));
        let found = all_of(call.into_paginator().items().send()).await?;
        let group = one(found, "parameter group")?;
        Ok(with_rows::<Group>(config, &group).with("region", &*aws.region))
    }
}

table! {
    Shown: Certificate {
        arn = certificate_arn: Text, read;
        certificate_type: Text, read;
        customer_override: Flag, read;
        customer_override_valid_till: Text, none [.read(|c| time(c.held().customer_override_valid_till()))];
        id = certificate_identifier: Text, read;
        thumbprint: Text, read;
        valid_from: Text, none [.read(|c| time(c.held().valid_from()))];
        valid_till: Text, none [.read(|c| time(c.held().valid_till()))];
    }
}

impl DataSource for CertificateData {
    fn schema() -> Schema {
        let given = [
            Row::bool("default_for_new_launches"),
            Row::bool("latest_valid_till"),
            Row::string("region").optional_computed(),
        ];
        let found = computed::<Shown>().into_iter().map(|row| match row.row.name {
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
            let call = aws.read.rds.describe_certificates().set_certificate_identifier(text(config, "id"));
            let answer = call.set_marker(marker).send().await?;
            found.extend(answer.certificates.unwrap_or_default());
            default = default.or(answer.default_certificate_for_new_launches);
            marker = answer.marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                break;
            }
        }
        if on("default_for_new_launches") {
            found.retain(|c: &Certificate| c.certificate_identifier() == default.as_deref());
        }
        if on("latest_valid_till") {
            let till = |c: &Certificate| c.valid_till().map(|t| t.as_nanos());
            found.sort_by_key(|c| std::cmp::Reverse(till(c)));
            found.truncate(1);
        }
        let certificate = one(found, "certificate")?;
        Ok(with_rows::<Shown>(config, &certificate).with("region", &*aws.region))
    }
}
