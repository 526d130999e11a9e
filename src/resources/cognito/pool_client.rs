//! aws_cognito_user_pool_client: a program that may use a pool. Its id is the client's, which no call takes alone: the
//! pool of one is found in the lists of all pools.

use crate::aws::api::services::COGNITO;
use crate::aws::api::{Pages, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Analytics {
        application_arn = "ApplicationArn": Text;
        application_id = "ApplicationId": Text;
        external_id = "ExternalId": Text;
        role_arn = "RoleArn": Text [.optional_computed()];
        user_data_shared = "UserDataShared": Flag [.optional_computed()];
    }
}
document! {
    Rotation {
        feature = "Feature": Text [.required()];
        retry_grace_period_seconds = "RetryGracePeriodSeconds": Int;
    }
}
document! {
    Units {
        access_token = "AccessToken": Text [.optional_computed()];
        id_token = "IdToken": Text [.optional_computed()];
        refresh_token = "RefreshToken": Text [.optional_computed()];
    }
}
document! {
    Rows {
        access_token_validity = "AccessTokenValidity": Int, read, create, modify [.optional_computed()];
        allowed_oauth_flows = "AllowedOAuthFlows": Texts, read, create, modify [.optional_computed()];
        allowed_oauth_flows_user_pool_client = "AllowedOAuthFlowsUserPoolClient": Flag, read, create, modify
            [.optional_computed()];
        allowed_oauth_scopes = "AllowedOAuthScopes": Texts, read, create, modify [.optional_computed()];
        auth_session_validity = "AuthSessionValidity": Int, read, create, modify [.optional_computed()];
        callback_urls = "CallbackURLs": Texts, read, create, modify [.optional_computed()];
        client_secret = "ClientSecret": Text, read [.computed().sensitive()];
        default_redirect_uri = "DefaultRedirectURI": Text, read, create, modify [.optional_computed()];
        enable_propagate_additional_user_context_data = "EnablePropagateAdditionalUserContextData": Flag,
            read, create, modify [.optional_computed()];
        enable_token_revocation = "EnableTokenRevocation": Flag, read, create, modify [.optional_computed()];
        explicit_auth_flows = "ExplicitAuthFlows": Texts, read, create, modify [.optional_computed()];
        generate_secret = "GenerateSecret": Flag, create
            [.force_new().read(|c| member_text(c.held(), "ClientSecret").is_some().into())];
        id_token_validity = "IdTokenValidity": Int, read, create, modify [.optional_computed()];
        logout_urls = "LogoutURLs": Texts, read, create, modify [.optional_computed()];
        name = "ClientName": Text, read, create, modify [.required()];
        prevent_user_existence_errors = "PreventUserExistenceErrors": Text, read, create, modify [.optional_computed()];
        read_attributes = "ReadAttributes": Texts, read, create, modify [.optional_computed()];
        refresh_token_validity = "RefreshTokenValidity": Int, read, create, modify [.optional_computed()];
        supported_identity_providers = "SupportedIdentityProviders": Texts, read, create, modify [.optional_computed()];
        user_pool_id = "UserPoolId": Text [.required().force_new()];
        write_attributes = "WriteAttributes": Texts, read, create, modify [.optional_computed()];
        analytics_configuration = "AnalyticsConfiguration": One<Analytics>, read, create, modify;
        refresh_token_rotation = "RefreshTokenRotation": One<Rotation>, read, create, modify;
        token_validity_units = "TokenValidityUnits": One<Units>, read, create, modify [.optional_computed()];
    }
}

/// The resource type `aws_cognito_user_pool_client`.
pub struct AwsCognitoUserPoolClient;

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (pool, client) = text.split_once('/')?;
    Some(vec![("user_pool_id", pool.into()), ("id", client.into())])
}

/// Pool, id and name of all clients of a pool.
async fn listed(aws: &Aws, pool: &str) -> Result<Vec<[String; 3]>> {
    let input = json!({"UserPoolId": pool, "MaxResults": super::PAGE});
    let pages = Pages("NextToken", "NextToken");
    let found = aws.read.api.list(&COGNITO, "ListUserPoolClients", input, pages, "UserPoolClients").await?;
    let text = |client: &Json, name| member_text(client, name).unwrap_or_default();
    Ok(found.iter().map(|one| [pool.to_owned(), text(one, "ClientId"), text(one, "ClientName")]).collect())
}

impl Resource for AwsCognitoUserPoolClient {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_cognito_user_pool_client", |c: &Json| member_text(c, "ClientId"), Rows::rows())
            .role(Role::Settings(Unjudged::All("how users sign in")))
            .recover(Recover::Key)
            .import("POOL/CLIENT", import)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let (pools, meant): (Vec<String>, Box<dyn Fn(&[String; 3]) -> bool + Send>) = match which {
            Which::Token(_) => return Ok(Vec::new()),
            Which::Ids(ids) => {
                let all = super::pools(aws).await?;
                let ids = ids.to_vec();
                (all.iter().filter_map(|p| member_text(p, "Id")).collect(), Box::new(move |c| ids.contains(&c[1])))
            }
            Which::NaturalKey(want) => {
                let (id, name) = (want.string("id"), want.string("name"));
                let meant =
                    move |c: &[String; 3]| id.as_ref().map_or(name.as_deref() == Some(&*c[2]), |id| *id == c[1]);
                (want.string("user_pool_id").into_iter().collect(), Box::new(meant))
            }
        };
        let all = each(pools, |pool| async move { listed(aws, &pool).await }).await?;
        let meant: Vec<[String; 3]> = all.into_iter().flatten().filter(|client| meant(client)).collect();
        each(meant, |[pool, client, _]| async move {
            let input = json!({"UserPoolId": pool, "ClientId": client});
            let answer = aws.read.api.call(&COGNITO, "DescribeUserPoolClient", input).await?;
            Ok(answer["UserPoolClient"].clone())
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = aws.write.api.call(&COGNITO, "CreateUserPoolClient", Rows::create(want)).await?;
        made(member_text(&answer, "UserPoolClient.ClientId").as_deref())
    }

    /// What the call leaves out gets its default again.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(mut input) = Rows::whole(change) else { return Ok(()) };
        input["UserPoolId"] = change.after.string("user_pool_id").into();
        input["ClientId"] = id.into();
        if let Json::Object(members) = &mut input {
            members.retain(|_, value| value != "");
        }
        aws.write.api.call(&COGNITO, "UpdateUserPoolClient", input).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let input = json!({"UserPoolId": last.str("user_pool_id"), "ClientId": id});
        aws.write.api.call(&COGNITO, "DeleteUserPoolClient", input).await.map(drop)
    }
}
