//! aws_iam_server_certificate: a certificate with its key, for regions and services that ACM does not serve. It is known
//! by its name, and its id is one that IAM gives.

use super::{name, path};
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::upload_server_certificate::builders::UploadServerCertificateFluentBuilder as Upload;
use aws_sdk_iam::types::{ServerCertificate, ServerCertificateMetadata};

/// The resource type `aws_iam_server_certificate`.
pub struct AwsIamServerCertificate;

table! {
    Body: ServerCertificate, create Upload {
        certificate_body: Text [.required().force_new().normal(Normal::With(same_text))];
        certificate_chain: Text [.force_new().normal(Normal::With(same_text))];
        private_key: Text, create [.required().force_new().sensitive().never_returned()];
    }
}

table! {
    Meta: ServerCertificateMetadata, create Upload {
        name = server_certificate_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        path: Text [.default("/").check(path)];
        arn: Text, read [.computed().follows(&["path"])];
        expiration: TimestampCell, read [.computed()];
        upload_date: TimestampCell, read [.computed()];
    }
}

/// A certificate with its metadata, which an answer could leave out.
pub struct Live {
    certificate: ServerCertificate,
    meta: ServerCertificateMetadata,
}

held!(Live: certificate as ServerCertificate, meta as ServerCertificateMetadata);

/// White space around lines means nothing.
fn same_text(a: &Value, b: &Value) -> bool {
    let lines = |v: &Value| v.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    lines(a) == lines(b)
}

async fn one(aws: &Aws, name: String) -> Result<Live> {
    let missing = || Error::not_found(format!("the server certificate {name:?} does not exist"));
    let answer = aws.read.iam.get_server_certificate().server_certificate_name(&name).send().await?;
    let certificate = answer.server_certificate.ok_or_else(missing)?;
    let meta = certificate.server_certificate_metadata.clone().ok_or_else(missing)?;
    Ok(Live { certificate, meta })
}

impl Resource for AwsIamServerCertificate {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = Body::rows().into_iter().chain(Meta::rows()).collect();
        Spec::new("aws_iam_server_certificate", |l: &Live| Some(l.meta.server_certificate_id.clone()), rows)
            .role(Role::Name(Unjudged::All("certificate")))
            .own_tags(|l| tags::of(l.certificate.tags()))
            .by_name()
            .global()
            .import("NAME", |text| Some(vec![("name", text.into())]))
            .recover(Recover::Key)
    }

    /// IAM lists ids, and gives a certificate by its name.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let names = match which {
            Which::Ids(ids) => {
                let all = all_of(aws.read.iam.list_server_certificates().into_paginator().items().send()).await?;
                let asked = |meta: &ServerCertificateMetadata| ids.contains(&meta.server_certificate_id);
                all.into_iter().filter(asked).map(|meta| meta.server_certificate_name).collect()
            }
            which => which.by("name"),
        };
        each(names, |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Meta::create(Body::create(aws.write.iam.upload_server_certificate(), want), want);
        let answer = call.set_tags(tags::wanted(want)).send().await?;
        made(answer.server_certificate_metadata().map(ServerCertificateMetadata::server_certificate_id))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        let name = &change.before.string("name").unwrap_or_default();
        if change.take("path").is_some() {
            let call = iam.update_server_certificate().server_certificate_name(name);
            call.set_new_path(change.after.string("path")).send().await?;
        }
        tags::change_by!(change, iam, tag_server_certificate untag_server_certificate, server_certificate_name name)
            .map(drop)
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let name = last.string("name");
        unless_gone(aws.write.iam.delete_server_certificate().set_server_certificate_name(name).send().await)
    }
}
