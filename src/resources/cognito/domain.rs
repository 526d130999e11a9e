//! aws_cognito_user_pool_domain: where the pages of a pool are. Its id is the domain.

use crate::aws::api::services::COGNITO;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The hosted zone of all distributions of CloudFront.
const CLOUDFRONT_ZONE: &str = "Z2FDTNDATAQYW2";

document! {
    /// The resource type `aws_cognito_user_pool_domain`.
    pub AwsCognitoUserPoolDomain {
        aws_account_id = "AWSAccountId": Text, read [.computed()];
        certificate_arn = "CustomDomainConfig.CertificateArn": Text, read, create, modify;
        cloudfront_distribution = "CloudFrontDistribution": Text, read [.computed()];
        cloudfront_distribution_arn = "CloudFrontDistribution": Text, read [.computed()];
        cloudfront_distribution_zone_id = "": Text, none [.computed().read(|_| CLOUDFRONT_ZONE.into())];
        domain = "Domain": Text [.required().force_new()];
        managed_login_version = "ManagedLoginVersion": Int, read, create, modify [.optional_computed()];
        s3_bucket = "S3Bucket": Text, read [.computed()];
        user_pool_id = "UserPoolId": Text [.required().force_new()];
        version = "Version": Text, read [.computed()];
    }
}

impl Plain for AwsCognitoUserPoolDomain {
    const SERVICE: &'static Service = &COGNITO;
    const CREATE: &'static str = "CreateUserPoolDomain";
    const READ: (&'static str, &'static str) = ("DescribeUserPoolDomain", "DomainDescription");
    const UPDATE: &'static str = "UpdateUserPoolDomain";
    const DELETE: &'static str = "DeleteUserPoolDomain";
    const NAME: &'static str = "domain";

    fn specification() -> Spec<Object> {
        Spec::new("aws_cognito_user_pool_domain", |d: &Object| Some(d.id.clone()), <Self as Document>::rows())
            .role(Role::Name(Unjudged::All("certificate")))
            .unique(&[&["domain"]])
            .recover(Recover::Key)
            .replace_when(|before, after| {
                let goes = before.is_filled("certificate_arn") != after.is_given("certificate_arn");
                if goes { vec!["certificate_arn"] } else { Vec::new() }
            })
            .progress(|d| state(d, "Status", &["CREATING", "UPDATING", "DELETING"], &["FAILED"], &[]))
            .default_timeout(60)
    }

    fn key(id: &str) -> Json {
        json!({"Domain": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("domain")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = <Self as Document>::whole(change)?;
        input["UserPoolId"] = change.after.string("user_pool_id").into();
        Some(input)
    }

    /// The answer about a domain that is not there has no members.
    async fn more(_aws: &Aws, id: &str, json: Json) -> Result<Json> {
        match member_text(&json, "UserPoolId") {
            Some(_) => Ok(json),
            None => Err(Error::not_found(format!("the domain {id} was not found"))),
        }
    }

    async fn before_delete(aws: &Aws, id: &str, last: &Attrs) -> Result<bool> {
        let input = json!({"Domain": id, "UserPoolId": last.str("user_pool_id")});
        aws.write.api.call(&COGNITO, Self::DELETE, input).await?;
        Ok(false)
    }
}
