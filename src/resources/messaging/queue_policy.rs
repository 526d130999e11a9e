//! aws_sqs_queue_policy: who may use a queue, where that is not part of the queue's own block.

use super::queue::{self, Queue};
use crate::resources::prelude::*;

/// The resource type `aws_sqs_queue_policy`.
pub struct AwsSqsQueuePolicy;

table! {
    Rows: Queue {
        queue_url: Text, none [.required().force_new().read(|q| q.held().url.as_str().into())];
        policy: Text, none [.required().normal(Normal::Policy).check(checks::policy)]
            [.read(|q| q.held().attributes.get("Policy").into())];
    }
}

async fn put(aws: &Aws, url: &str, policy: &str) -> Result<()> {
    queue::set(aws, url, [("Policy".to_owned(), policy.to_owned())].into()).await
}

impl Resource for AwsSqsQueuePolicy {
    type Live = Queue;

    fn spec() -> Spec<Queue> {
        Spec::new("aws_sqs_queue_policy", |q| Some(q.url.clone()), Rows::rows::<Queue>())
            .role(Role::NotServing("it says who may use a queue"))
            .holds_again(crate::resources::holds::queue_policy)
            .unique(&[&["queue_url"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Queue>> {
        let mut found = queue::listed(aws, which.by("queue_url")).await?;
        found.retain(|queue| queue.attributes.get("Policy").is_some_and(|policy| !policy.is_empty()));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let url = want.string("queue_url").unwrap_or_default();
        put(aws, &url, want.str("policy").unwrap_or_default()).await?;
        Ok(url)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("policy").and_then(|policy| policy.as_str()) {
            Some(policy) => put(aws, id, policy).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        put(aws, id, "").await
    }
}
