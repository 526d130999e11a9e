//! aws_iam_server_certificate: a certificate with its key, for regions and services that ACM does not serve. It is known
//! by its name, and its id is one that IAM gives.

use super::{PAGES, name, new_tags, path, retag, tags_of};
use crate::aws::api::services::IAM;
use crate::aws::api::{member, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_server_certificate`.
pub struct AwsIamServerCertificate;

document! {
    /// A certificate with the members of its metadata.
    Rows {
        certificate_body = "CertificateBody": Text [.required().force_new().normal(Normal::With(same_text))];
        certificate_chain = "CertificateChain": Text [.force_new().normal(Normal::With(same_text))];
        private_key = "PrivateKey": Text, create [.required().force_new().sensitive().never_returned()];
        name = "ServerCertificateName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        path = "Path": Text [.default("/").check(path)];
        arn = "Arn": Text, read [.computed().follows(&["path"])];
        expiration = "Expiration": TimestampCell, read [.computed()];
        upload_date = "UploadDate": TimestampCell, read [.computed()];
    }
}

/// White space around lines means nothing.
fn same_text(a: &Value, b: &Value) -> bool {
    let lines = |v: &Value| v.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    lines(a) == lines(b)
}

async fn one(aws: &Aws, name: String) -> Result<Json> {
    let missing = || Error::not_found(format!("the server certificate {name:?} does not exist"));
    let answer = aws.read.api.call(&IAM, "GetServerCertificate", json!({"ServerCertificateName": name})).await?;
    let certificate = member(&answer, "ServerCertificate").ok_or_else(missing)?;
    let meta = member(certificate, "ServerCertificateMetadata").ok_or_else(missing)?;
    Ok(joined(meta.clone(), certificate.clone()))
}

impl Resource for AwsIamServerCertificate {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_iam_server_certificate", |c| member_text(c, "ServerCertificateId"), Rows::rows::<Json>())
            .role(Role::Name(Unjudged::All("certificate")))
            .own_tags(|c| tags::of(&tags_of(c)))
            .by_name()
            .global()
            .import("NAME", |text| Some(vec![("name", text.into())]))
            .recover(Recover::Key)
    }

    /// IAM lists ids, and gives a certificate by its name.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let names = match which {
            Which::Ids(ids) => {
                let path = "ServerCertificateMetadataList.member";
                let mut all = aws.read.api.list(&IAM, "ListServerCertificates", json!({}), PAGES, path).await?;
                all.retain(|meta| member_text(meta, "ServerCertificateId").is_some_and(|id| ids.contains(&id)));
                all.iter().filter_map(|meta| member_text(meta, "ServerCertificateName")).collect()
            }
            which => which.by("name"),
        };
        each(names, |name| one(aws, name)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = joined(Rows::create(want), new_tags(want));
        let answer = aws.write.api.call(&IAM, "UploadServerCertificate", input).await?;
        made(member_text(&answer, "ServerCertificateMetadata.ServerCertificateId").as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let name = change.before.string("name");
        if change.take("path").is_some() {
            let input = json!({"ServerCertificateName": name, "NewPath": change.after.string("path")});
            aws.write.api.call(&IAM, "UpdateServerCertificate", input).await?;
        }
        let calls = ("TagServerCertificate", "UntagServerCertificate");
        retag(aws, change, calls, json!({"ServerCertificateName": name})).await
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = json!({"ServerCertificateName": last.string("name")});
        unless_gone(aws.write.api.call(&IAM, "DeleteServerCertificate", input).await)
    }
}
