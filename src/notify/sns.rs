//! A notice as a message of SNS (`sns:Publish`).

use super::target::Topic;
use crate::aws::api::services::SNS;
use crate::aws::{Error, Kind, ProviderSettings, connect};
use crate::diag::Diagnostic;
use crate::drift::LayoutDrift;
use crate::report::drift::{message, subject};
use serde_json::json;
use std::time::Duration;

/// The longest message, in bytes. SNS takes 256 KiB with all that belongs to it.
const LONGEST: usize = 250_000;
/// Attempts of a call.
const ATTEMPTS: u32 = 3;
/// The pause after a first failed attempt.
const PAUSE: Duration = Duration::from_millis(500);

/// Publishes a notice with the credentials of the environment. `id` names it. An `endpoint` replaces AWS.
pub(super) async fn publish(
    topic: &Topic,
    layouts: &[LayoutDrift],
    id: &str,
    endpoint: Option<&str>,
) -> Result<(), Diagnostic> {
    let settings = ProviderSettings { region: Some(topic.region.clone()), ..ProviderSettings::default() };
    let settings = ProviderSettings { skip_requesting_account_id: true, ..settings.in_sandbox(endpoint) };
    let aws = connect(&settings).await.map_err(|e| failed(topic, &e))?;
    let mut input = json!({
        "TopicArn": topic.arn,
        "Subject": subject(layouts),
        "Message": message(layouts, LONGEST),
    });
    if topic.is_fifo() {
        input["MessageGroupId"] = "floorplan-drift".into();
        input["MessageDeduplicationId"] = id.into();
    }
    let mut attempt = 1;
    loop {
        let error = match aws.write.api.call(&SNS, "Publish", input.clone()).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        // A message that comes twice is better than one that does not come.
        let again = matches!(error.kind, Kind::Ambiguous | Kind::Throttled | Kind::Unreachable);
        if !again || attempt >= ATTEMPTS {
            return Err(failed(topic, &error));
        }
        tokio::time::sleep(PAUSE * attempt).await;
        attempt += 1;
    }
}

fn failed(topic: &Topic, error: &Error) -> Diagnostic {
    let d = Diagnostic::error("Cannot send the notice to SNS")
        .code("drift-notify")
        .detail(format!("{}: {error}. The next run sends it again.", topic.arn));
    match error.hint() {
        Some(hint) => d.hint(hint),
        None => d,
    }
}
