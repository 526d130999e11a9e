//! data.aws_servicequotas_service_quota: how much of something the account may have, by the code or the name of the quota.

use super::{Usage, held};
use crate::aws::api::services::QUOTAS;
use crate::aws::api::{Pages, member_text};
use crate::resources::document::{Document, Many, document};
use crate::resources::lookup::{self, one};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Answer {
        adjustable = "Adjustable": Flag;
        arn = "QuotaArn": Text;
        default_value = "DefaultValue": Real;
        global_quota = "GlobalQuota": Flag;
        quota_code = "QuotaCode": Text [.optional_computed()];
        quota_name = "QuotaName": Text [.optional_computed()];
        service_code = "ServiceCode": Text [.required()];
        service_name = "ServiceName": Text;
        usage_metric = "UsageMetric": Many<Usage>;
        value = "Value": Real;
    }
}

/// The data source `aws_servicequotas_service_quota`.
pub struct AwsServicequotasServiceQuota;

const ASKED: [&str; 3] = ["quota_code", "quota_name", "service_code"];
const BY: &[&[&str]] = &[&["quota_code", "quota_name"]];

impl DataSource for AwsServicequotasServiceQuota {
    fn schema() -> Schema {
        let answered = |a: A<Json>| {
            let row = if ASKED.contains(&a.row.name) { a.row } else { a.row.answered() };
            Row { row, read: None }
        };
        let more = [lookup::answer::<Text>("id"), Row::string("region").optional_computed()];
        let all = rows(Answer::rows::<Json>().into_iter().map(answered).chain(more));
        Schema { exactly_one: BY, ..lookup::schema("aws_servicequotas_service_quota", all) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let service = config.string("service_code").unwrap_or_default();
        let codes = match text(config, "quota_code") {
            Some(code) => vec![code],
            None => {
                let by = json!({"ServiceCode": service});
                let pages = Pages("NextToken", "NextToken");
                let operation = "ListAWSDefaultServiceQuotas";
                let all = match aws.read.api.list(&QUOTAS, operation, by, pages, "Quotas").await {
                    Err(e) if e.is_not_found() => Vec::new(),
                    all => all?,
                };
                let named = all.iter().filter(|one| one["QuotaName"].as_str() == config.str("quota_name"));
                named.filter_map(|one| member_text(one, "QuotaCode")).collect()
            }
        };
        let code = one(codes, "quota")?;
        let found = one(held(aws, &service, &code).await?.into_iter().collect(), "quota")?;
        let all = lookup::read(config, Answer::rows::<Json>(), &found);
        Ok(all.with("id", member_text(&found, "QuotaArn")).with("region", &*aws.region))
    }
}
