//! aws_servicequotas_service_quota: how much of something an account may have. AWS only raises quotas, and only on request;
//! a request that is open counts as granted. Nothing is deleted: the quota stays as it is.

use super::{Usage, held};
use crate::aws::api::services::QUOTAS;
use crate::aws::api::{Pages, member_text};
use crate::resources::document::{Document, Many, document};
use crate::resources::plain::Object;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_servicequotas_service_quota`.
    pub AwsServicequotasServiceQuota {
        adjustable = "Adjustable": Flag, read [.computed()];
        arn = "QuotaArn": Text, read [.computed()];
        default_value = "DefaultValue": Real, read [.computed()];
        quota_code = "QuotaCode": Text, read [.required().force_new()];
        quota_name = "QuotaName": Text, read [.computed()];
        request_id = "RequestId": Text, read [.computed().follows(&["value"])];
        request_status = "RequestStatus": Text, read [.computed().follows(&["value"])];
        service_code = "ServiceCode": Text, read [.required().force_new()];
        service_name = "ServiceName": Text, read [.computed()];
        usage_metric = "UsageMetric": Many<Usage>, read [.computed()];
        value = "Value": Real, read [.required()];
    }
}

static KEY: Composite = Composite::new(&["service_code", "quota_code"], "/");
/// Requests that somebody still looks at.
const OPEN: [&str; 2] = ["PENDING", "CASE_OPENED"];

/// A quota with what was asked for last, where that is still open.
async fn whole(aws: &Aws, service: String, code: String) -> Result<Option<Object>> {
    let Some(mut quota) = held(aws, &service, &code).await? else { return Ok(None) };
    let by = json!({"ServiceCode": service, "QuotaCode": code});
    let operation = "ListRequestedServiceQuotaChangeHistoryByQuota";
    let pages = Pages("NextToken", "NextToken");
    let asked = aws.read.api.list(&QUOTAS, operation, by, pages, "RequestedQuotas").await?;
    let open = |one: &&Json| member_text(one, "Status").is_some_and(|status| OPEN.contains(&&*status));
    if let Some(request) = asked.iter().find(open) {
        quota["Value"] = request["DesiredValue"].clone();
        quota["RequestId"] = request["Id"].clone();
        quota["RequestStatus"] = request["Status"].clone();
    }
    Ok(Some(Object { id: format!("{service}/{code}"), json: quota, tags: Vec::new() }))
}

/// Asks for more, if the account has less.
async fn raise(aws: &Aws, want: &Attrs) -> Result<()> {
    let (service, code) =
        (want.string("service_code").unwrap_or_default(), want.string("quota_code").unwrap_or_default());
    let wanted = want.get("value").and_then(Value::as_number).map_or(0.0, |n| n.to_f64());
    let Some(found) = whole(aws, service.clone(), code.clone()).await? else {
        let message =
            format!("{service} has no quota {code}; `aws service-quotas list-aws-default-service-quotas` lists them");
        return Err(Error::new(Kind::Refused, message));
    };
    let now = found.json["Value"].as_f64().unwrap_or_default();
    if wanted < now {
        let message = format!("the quota is {now} already, and AWS does not lower quotas; give at least that");
        return Err(Error::new(Kind::Refused, message));
    }
    if wanted > now {
        let input = json!({"ServiceCode": service, "QuotaCode": code, "DesiredValue": wanted});
        aws.write.api.call(&QUOTAS, "RequestServiceQuotaIncrease", input).await?;
    }
    Ok(())
}

impl Resource for AwsServicequotasServiceQuota {
    type Live = Object;

    fn spec() -> Spec<Object> {
        Spec::composite("aws_servicequotas_service_quota", &KEY, <Self as Document>::rows())
            .role(Role::NotServing("it says how much there may be"))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        let key = |attrs: Attrs| Some((attrs.string("service_code")?, attrs.string("quota_code")?));
        let keys: Vec<(String, String)> = which.keys(&KEY).into_iter().filter_map(key).collect();
        let found = each(keys, |(service, code)| whole(aws, service, code));
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        raise(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("value") {
            Some(_) => raise(aws, change.after).await,
            None => Ok(()),
        }
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
