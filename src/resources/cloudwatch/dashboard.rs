//! aws_cloudwatch_dashboard: pictures of metrics. PutDashboard makes one and changes it.

use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_cloudwatch::operation::get_dashboard::GetDashboardOutput as Dashboard;

/// The resource type `aws_cloudwatch_dashboard`.
pub struct AwsCloudwatchDashboard;

table! {
    Rows: Dashboard {
        dashboard_body: Text, read [.required().normal(Normal::Json).check(checks::json)];
        dashboard_name: Text, read [.required().force_new()];
        dashboard_arn: Text, read [.computed()];
    }
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    let call = aws.write.cloudwatch.put_dashboard().set_dashboard_name(want.string("dashboard_name"));
    done(call.set_dashboard_body(want.string("dashboard_body")).send().await)
}

impl Resource for AwsCloudwatchDashboard {
    type Live = Dashboard;

    fn spec() -> Spec<Dashboard> {
        Spec::new("aws_cloudwatch_dashboard", |d: &Dashboard| d.dashboard_name().map(Into::into), Rows::rows())
            .role(Role::NotServing("it shows how services are"))
            .unique(&[&["dashboard_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Dashboard>> {
        each(which.by("dashboard_name"), |name| async move {
            Ok(aws.read.cloudwatch.get_dashboard().dashboard_name(name).send().await?)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        made(want.str("dashboard_name"))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.cloudwatch.delete_dashboards().dashboard_names(id).send().await)
    }
}
