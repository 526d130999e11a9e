//! aws_wafv2_api_key: lets pages of these domains ask WAF for puzzles. WAF gives it no id: a digest of it stands for one,
//! so that the key itself stays sealed.

use super::checks;
use super::object::{CLOUDFRONT, REGIONAL, pages, write};
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// The resource type `aws_wafv2_api_key`.
pub struct AwsWafv2ApiKey;

/// A key and its scope.
pub struct Live {
    json: Json,
    scope: String,
}

impl Live {
    fn key(&self) -> Option<&str> {
        self.json["APIKey"].as_str()
    }

    fn domains(&self) -> Vec<String> {
        items(&self.json, "TokenDomains").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    }
}

/// How much of a digest is the id.
const BYTES: usize = 8;

fn id(key: &str) -> String {
    Sha256::digest(key).iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

async fn listed(aws: &Aws, scope: &str) -> Result<Vec<Live>> {
    let all = pages(aws, scope, "ListAPIKeys", "APIKeySummaries").await?;
    Ok(all.into_iter().map(|json| Live { json, scope: scope.to_owned() }).collect())
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (key, scope) = text.rsplit_once(',')?;
    [REGIONAL, CLOUDFRONT].contains(&scope).then(|| vec![("api_key", key.into()), ("scope", scope.into())])
}

/// Whether this is the key that is named, or one with what is wanted of it.
fn meant(live: &Live, want: &Attrs) -> bool {
    if let Some(key) = text(want, "api_key") {
        return live.key() == Some(&key);
    }
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all
    };
    sorted(live.domains()) == sorted(want.strings("token_domains"))
}

impl Resource for AwsWafv2ApiKey {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let all = vec![
            A::string("api_key").computed().sensitive().read(|l: &Live| l.key().into()),
            A::string("scope").required().force_new().check(checks::scope).read(|l| (&l.scope).into()),
            A::string_set("token_domains").required().force_new().read(|l| Value::string_set(l.domains())),
        ];
        Spec::new("aws_wafv2_api_key", |l: &Live| l.key().map(id), all)
            .role(Role::NotServing("it lets pages ask for puzzles"))
            .import("APIKEY,SCOPE", parse)
            .id_from(|attrs| attrs.str("api_key").map(id))
            .recover(Recover::Key)
    }

    /// CloudFront's keys are listed only for what the region does not have.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(ids) => {
                let mut found: Vec<Live> = Vec::new();
                for scope in [REGIONAL, CLOUDFRONT] {
                    if found.len() < ids.len() {
                        let all = listed(aws, scope).await?.into_iter();
                        found.extend(all.filter(|l| l.key().is_some_and(|key| ids.contains(&id(key)))));
                    }
                }
                Ok(found)
            }
            Which::NaturalKey(want) => {
                let mut all = listed(aws, want.str("scope").unwrap_or(REGIONAL)).await?;
                all.retain(|l| meant(l, want));
                Ok(all)
            }
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let scope = want.str("scope").unwrap_or(REGIONAL);
        let input = json!({"Scope": scope, "TokenDomains": want.strings("token_domains")});
        let answer = write(aws, scope, "CreateAPIKey", input).await?;
        Ok(id(&made(member_text(&answer, "APIKey").as_deref())?))
    }

    async fn delete(aws: &Aws, own: &str, last: &Attrs) -> Result<()> {
        let scope = last.str("scope").unwrap_or(REGIONAL);
        let found = listed(aws, scope).await?.into_iter().find(|l| l.key().map(id).as_deref() == Some(own));
        let Some(key) = found.as_ref().and_then(Live::key) else { return Ok(()) };
        unless_gone(write(aws, scope, "DeleteAPIKey", json!({"Scope": scope, "APIKey": key})).await)
    }
}
