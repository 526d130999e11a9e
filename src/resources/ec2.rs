//! The calls of EC2 that list what filters find.

use crate::aws::{Result, each};
use aws_sdk_ec2::types::Filter;

/// All that a paged call of EC2 lists, made once per batch of filters: `listed!(aws, describe_subnets, filters).await`.
macro_rules! listed {
    ($aws:expr, $call:ident, $filters:expr) => {
        $aws.pages($filters, |filters| {
            $aws.read.ec2.$call().set_filters($crate::resources::block::some(filters)).into_paginator().items().send()
        })
    };
}
pub(super) use listed;

/// All items of a call that does not page, made once per batch of filters.
pub async fn unpaged<T, F>(batches: Vec<Vec<Filter>>, call: impl Fn(Option<Vec<Filter>>) -> F) -> Result<Vec<T>>
where
    T: Send,
    F: Future<Output = Result<Option<Vec<T>>>> + Send,
{
    let call = |filters: Vec<Filter>| call(Some(filters).filter(|f| !f.is_empty()));
    Ok(each(batches, call).await?.into_iter().flatten().flatten().collect())
}
