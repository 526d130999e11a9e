//! aws_iam_openid_connect_provider and aws_iam_saml_provider: others whose word on who somebody is IAM takes.

use super::{new_tags, retag, tags_of};
use crate::aws::api::member_text;
use crate::aws::api::services::IAM;
use crate::resources::block::{TextList, TimestampCell};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_iam_openid_connect_provider`.
pub struct AwsIamOpenidConnectProvider;
/// The resource type `aws_iam_saml_provider`.
pub struct AwsIamSamlProvider;

/// A provider and its ARN, which is its id.
pub struct Live {
    arn: String,
    found: Json,
}

held!(Live: found as Json);

impl Live {
    fn name(&self) -> &str {
        self.arn.rsplit_once("saml-provider/").map_or("", |(_, name)| name)
    }
}

fn bare(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

fn same_place(a: &Value, b: &Value) -> bool {
    a.as_str().map(bare) == b.as_str().map(bare)
}

fn arn(aws: &Aws, kind: &str, name: &str) -> String {
    format!("arn:{}:iam::{}:{kind}/{name}", aws.partition, aws.account)
}

fn place(value: &Value) -> Result<(), String> {
    checks::text(value, |url| url.starts_with("https://"), "is not a valid address; expected one with https://")
}

document! {
    OpenId {
        client_id_list = "ClientIDList.member": Texts [.required()];
        thumbprint_list = "ThumbprintList.member": TextList [.optional_computed()];
        url = "Url": Text [.required().force_new().normal(Normal::With(same_place)).check(place)];
    }
}

impl Resource for AwsIamOpenidConnectProvider {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let own = A::string("arn").computed().read(|l: &Live| l.arn.as_str().into());
        let all = OpenId::rows().into_iter().chain([own]).collect();
        Spec::new("aws_iam_openid_connect_provider", |l| Some(l.arn.clone()), all)
            .role(Role::NotServing("it says who may act as a role"))
            .own_tags(|l| tags::of(&tags_of(&l.found)))
            .unique(&[&["url"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let arns = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => vec![arn(aws, "oidc-provider", bare(want.str("url").unwrap_or_default()))],
            Which::Token(_) => Vec::new(),
        };
        each(arns, |arn| async move {
            let input = json!({"OpenIDConnectProviderArn": arn});
            let found = aws.read.api.call(&IAM, "GetOpenIDConnectProvider", input).await?;
            Ok(Live { arn, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = joined(OpenId::create(want), new_tags(want));
        let answer = aws.write.api.call(&IAM, "CreateOpenIDConnectProvider", input).await?;
        made(member_text(&answer, "OpenIDConnectProviderArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let by = json!({"OpenIDConnectProviderArn": id});
        let call = |operation, input| aws.write.api.call(&IAM, operation, joined(input, by.clone()));
        if let Some((gone, new)) = change.take_elements("client_id_list") {
            for client in new.iter().filter_map(Value::as_str) {
                call("AddClientIDToOpenIDConnectProvider", json!({"ClientID": client})).await?;
            }
            for client in gone.iter().filter_map(Value::as_str) {
                call("RemoveClientIDFromOpenIDConnectProvider", json!({"ClientID": client})).await?;
            }
        }
        if change.take("thumbprint_list").is_some() {
            // An empty list is written as an empty text.
            let all = some(change.after.strings("thumbprint_list")).map_or(json!(""), |all| json!({"member": all}));
            call("UpdateOpenIDConnectProviderThumbprint", json!({"ThumbprintList": all})).await?;
        }
        retag(aws, change, ("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"), by.clone()).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let input = json!({"OpenIDConnectProviderArn": id});
        unless_gone(aws.write.api.call(&IAM, "DeleteOpenIDConnectProvider", input).await)
    }
}

document! {
    Saml {
        saml_metadata_document = "SAMLMetadataDocument": Text [.required()];
        saml_provider_uuid = "SAMLProviderUUID": Text, read [.computed()];
        valid_until = "ValidUntil": TimestampCell, read [.computed().follows(&["saml_metadata_document"])];
    }
}

impl Resource for AwsIamSamlProvider {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let own = [
            A::string("arn").computed().read(|l: &Live| l.arn.as_str().into()),
            A::string("name").required().force_new().check(super::name).read(|l: &Live| l.name().into()),
        ];
        Spec::new("aws_iam_saml_provider", |l| Some(l.arn.clone()), Saml::rows().into_iter().chain(own).collect())
            .role(Role::NotServing("it says who may act as a role"))
            .own_tags(|l| tags::of(&tags_of(&l.found)))
            .unique(&[&["name"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let arns = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => vec![arn(aws, "saml-provider", want.str("name").unwrap_or_default())],
            Which::Token(_) => Vec::new(),
        };
        each(arns, |arn| async move {
            let found = aws.read.api.call(&IAM, "GetSAMLProvider", json!({"SAMLProviderArn": arn})).await?;
            Ok(Live { arn, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut input = joined(Saml::create(want), new_tags(want));
        input["Name"] = json!(want.string("name"));
        let answer = aws.write.api.call(&IAM, "CreateSAMLProvider", input).await?;
        made(member_text(&answer, "SAMLProviderArn").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(document) = change.take("saml_metadata_document").and_then(Value::as_str) {
            let input = json!({"SAMLProviderArn": id, "SAMLMetadataDocument": document});
            aws.write.api.call(&IAM, "UpdateSAMLProvider", input).await?;
        }
        retag(aws, change, ("TagSAMLProvider", "UntagSAMLProvider"), json!({"SAMLProviderArn": id})).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.api.call(&IAM, "DeleteSAMLProvider", json!({"SAMLProviderArn": id})).await)
    }
}
