//! aws_cloudwatch_dashboard: pictures of metrics. PutDashboard makes one and changes it.

use crate::aws::api::member_text;
use crate::aws::api::services::CLOUDWATCH;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_cloudwatch_dashboard`.
pub struct AwsCloudwatchDashboard;

document! {
    Rows {
        dashboard_body = "DashboardBody": Text [.required().normal(Normal::Json).check(checks::json)];
        dashboard_name = "DashboardName": Text [.required().force_new()];
        dashboard_arn = "DashboardArn": Text, read [.computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    done(aws.write.api.call(&CLOUDWATCH, "PutDashboard", Rows::create(want)).await)
}

impl Resource for AwsCloudwatchDashboard {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_cloudwatch_dashboard", |d: &Json| member_text(d, "DashboardName"), Rows::rows())
            .role(Role::NotServing("it shows how services are"))
            .unique(&[&["dashboard_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let of = |name: String| aws.read.api.call(&CLOUDWATCH, "GetDashboard", json!({"DashboardName": name}));
        each(which.by("dashboard_name"), of).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        made(want.str("dashboard_name"))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.api.call(&CLOUDWATCH, "DeleteDashboards", json!({"DashboardNames": [id]})).await)
    }
}
