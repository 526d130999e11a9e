//! aws_iam_openid_connect_provider and aws_iam_saml_provider: others whose word on who somebody is IAM takes.

use crate::resources::block::{TextList, TimestampCell};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_iam::operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput;
use aws_sdk_iam::operation::get_saml_provider::GetSamlProviderOutput;

/// The resource type `aws_iam_openid_connect_provider`.
pub struct AwsIamOpenidConnectProvider;
/// The resource type `aws_iam_saml_provider`.
pub struct AwsIamSamlProvider;

/// A provider and its ARN, which is its id.
pub struct Live<T> {
    arn: String,
    found: T,
}

impl<T> Holds<T> for Live<T> {
    fn held(&self) -> &T {
        &self.found
    }
}

impl<T> Live<T> {
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

table! {
    OpenId: GetOpenIdConnectProviderOutput {
        client_id_list: Texts, read [.required()];
        thumbprint_list: TextList, read [.optional_computed()];
        url: Text, read [.required().force_new().normal(Normal::With(same_place)).check(place)];
    }
}

type OpenIdLive = Live<GetOpenIdConnectProviderOutput>;

impl Resource for AwsIamOpenidConnectProvider {
    type Live = OpenIdLive;

    fn spec() -> Spec<OpenIdLive> {
        let own = A::string("arn").computed().read(|l: &OpenIdLive| l.arn.as_str().into());
        let all = OpenId::rows().into_iter().chain([own]).collect();
        Spec::new("aws_iam_openid_connect_provider", |l| Some(l.arn.clone()), all)
            .role(Role::NotServing("it says who may act as a role"))
            .own_tags(|l| tags::of(l.found.tags()))
            .unique(&[&["url"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<OpenIdLive>> {
        let arns = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => vec![arn(aws, "oidc-provider", bare(want.str("url").unwrap_or_default()))],
            Which::Token(_) => Vec::new(),
        };
        each(arns, |arn| async move {
            let found = aws.read.iam.get_open_id_connect_provider().open_id_connect_provider_arn(&arn).send().await?;
            Ok(Live { arn, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.iam.create_open_id_connect_provider().set_url(want.string("url"));
        let call = call.set_client_id_list(some(want.strings("client_id_list")));
        let call = call.set_thumbprint_list(some(want.strings("thumbprint_list")));
        made(call.set_tags(tags::wanted(want)).send().await?.open_id_connect_provider_arn())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        if let Some((gone, new)) = change.take_elements("client_id_list") {
            for client in new.iter().filter_map(Value::as_str) {
                let call = iam.add_client_id_to_open_id_connect_provider().open_id_connect_provider_arn(id);
                call.client_id(client).send().await?;
            }
            for client in gone.iter().filter_map(Value::as_str) {
                let call = iam.remove_client_id_from_open_id_connect_provider().open_id_connect_provider_arn(id);
                call.client_id(client).send().await?;
            }
        }
        if change.take("thumbprint_list").is_some() {
            let call = iam.update_open_id_connect_provider_thumbprint().open_id_connect_provider_arn(id);
            call.set_thumbprint_list(Some(change.after.strings("thumbprint_list"))).send().await?;
        }
        tags::change_by!(change, iam, tag_open_id_connect_provider untag_open_id_connect_provider, open_id_connect_provider_arn id)
            .map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.iam.delete_open_id_connect_provider().open_id_connect_provider_arn(id).send().await)
    }
}

table! {
    Saml: GetSamlProviderOutput {
        saml_metadata_document: Text, read [.required()];
        saml_provider_uuid: Text, read [.computed()];
        valid_until: TimestampCell, read [.computed().follows(&["saml_metadata_document"])];
    }
}

type SamlLive = Live<GetSamlProviderOutput>;

impl Resource for AwsIamSamlProvider {
    type Live = SamlLive;

    fn spec() -> Spec<SamlLive> {
        let own = [
            A::string("arn").computed().read(|l: &SamlLive| l.arn.as_str().into()),
            A::string("name").required().force_new().check(super::name).read(|l: &SamlLive| l.name().into()),
        ];
        Spec::new("aws_iam_saml_provider", |l| Some(l.arn.clone()), Saml::rows().into_iter().chain(own).collect())
            .role(Role::NotServing("it says who may act as a role"))
            .own_tags(|l| tags::of(l.found.tags()))
            .unique(&[&["name"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<SamlLive>> {
        let arns = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::NaturalKey(want) => vec![arn(aws, "saml-provider", want.str("name").unwrap_or_default())],
            Which::Token(_) => Vec::new(),
        };
        each(arns, |arn| async move {
            let found = aws.read.iam.get_saml_provider().saml_provider_arn(&arn).send().await?;
            Ok(Live { arn, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.iam.create_saml_provider().set_name(want.string("name"));
        let call = call.set_saml_metadata_document(want.string("saml_metadata_document"));
        made(call.set_tags(tags::wanted(want)).send().await?.saml_provider_arn())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let iam = &aws.write.iam;
        if let Some(document) = change.take("saml_metadata_document").and_then(Value::as_str) {
            iam.update_saml_provider().saml_provider_arn(id).saml_metadata_document(document).send().await?;
        }
        tags::change_by!(change, iam, tag_saml_provider untag_saml_provider, saml_provider_arn id).map(drop)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.iam.delete_saml_provider().saml_provider_arn(id).send().await)
    }
}
