//! The way to AWS: clients, errors by kind, paging. Everything that leaves the process for AWS goes
//! through the two client sets here: `read`, which the SDK may retry, and `write`, which nobody
//! repeats but our own loop, which knows what was surely not executed.

mod action;
pub mod api;
pub mod clients;
pub mod documents;
mod driver;
pub mod error;
pub mod events;
pub mod keys;
pub mod limits;
mod lock_table;
pub mod objects;
mod peer;
pub mod places;
pub mod settings;
mod switchboard;
mod transport;
mod web;

pub use clients::connect;
pub use error::{Error, Kind, Result};
pub use limits::CallCounts;
pub use settings::{AssumeRole, ProviderSettings};
pub use switchboard::Switchboard;
pub use transport::{Gate, Transport, host, is_loopback};

use aws_sdk_ec2::types::Filter;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt, TryStreamExt};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How many values one filter takes (EC2 API: Filter).
const FILTER_VALUES: usize = 200;

/// One account in one region, as one provider configuration reaches it.
#[derive(Debug, Clone)]
pub struct Aws {
    /// For Describe, Get and List calls.
    pub read: Clients,
    /// For every call that changes something; `grep aws.write` lists them all.
    pub write: Clients,
    /// The twelve digits of the account; empty when the provider says not to ask for it.
    pub account: Arc<str>,
    /// The region, such as `eu-west-1`.
    pub region: Arc<str>,
    /// The partition of ARNs, such as `aws`.
    pub partition: Arc<str>,
    /// Who the credentials belong to.
    pub caller: Arc<Caller>,
    /// The tags that the provider gives to every object.
    pub default_tags: Arc<BTreeMap<String, String>>,
    /// Where the names of files in arguments start.
    pub dir: Arc<Path>,
    origin: Arc<clients::Origin>,
}

/// The identity of the credentials, as STS reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The ARN of the user or role session.
    pub arn: String,
    /// The unique id of the user or role session.
    pub user_id: String,
}

/// One client per service.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Services without a crate of their own.
    pub api: api::Api,
    /// EC2, and with it the VPC.
    pub ec2: aws_sdk_ec2::Client,
    /// STS.
    pub sts: aws_sdk_sts::Client,
}

impl Aws {
    /// The same credentials in another region, for a resource with a `region` argument.
    pub fn for_region(&self, region: &str) -> Aws {
        if *self.region == *region { self.clone() } else { self.origin.in_region(self, region) }
    }

    /// What the objects that are seen through this belong to: two connections of one realm and region see the same
    /// objects. That is the account, at its endpoints; of an unknown account, only the connection itself.
    pub fn realm(&self) -> String {
        self.origin.realm(&self.account)
    }

    /// The one value of its type for this provider configuration and region: what calls that go on side by side share.
    pub fn shared<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.origin.shared(&self.region)
    }

    /// Asks `gate` before each call that changes something, over all regions and providers on the same [`Transport`].
    pub fn guard(&self, gate: Gate) {
        self.origin.transport().guard(gate);
    }

    /// How many calls went out so far, over all regions and providers on the same [`Transport`].
    pub fn calls(&self) -> CallCounts {
        self.origin.calls()
    }

    /// All items of a paged call, made once per batch of filters, the batches concurrently.
    pub async fn pages<T, E>(
        &self,
        batches: Vec<Vec<Filter>>,
        call: impl Fn(Vec<Filter>) -> PaginationStream<std::result::Result<T, E>>,
    ) -> Result<Vec<T>>
    where
        T: Send,
        E: Send,
        Error: From<E>,
    {
        let all = together(batches.into_iter().map(|filters| all_of(call(filters)))).await?;
        Ok(all.into_iter().flatten().collect())
    }

    /// The content of a file that an argument names.
    pub fn file(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.dir.join(name);
        std::fs::read(&path).map_err(|e| Error::new(Kind::Refused, format!("{} cannot be read: {e}", path.display())))
    }

    /// The ARN of an EC2 object of this account and region.
    pub fn ec2_arn(&self, resource: &str) -> String {
        format!("arn:{}:ec2:{}:{}:{resource}", self.partition, self.region, self.account)
    }
}

/// A filter with one value.
pub fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// Filters on `name` for any number of values, in batches that one call takes each. No values, no
/// batches.
pub fn filtered(name: &str, values: &[String]) -> Vec<Vec<Filter>> {
    let one = |chunk: &[String]| vec![Filter::builder().name(name).set_values(Some(chunk.to_vec())).build()];
    values.chunks(FILTER_VALUES).map(one).collect()
}

/// How many calls of [`each`] are under way at a time; the limiter paces them further.
const CONCURRENT: usize = 16;

/// The results of `call` for each item, concurrently, in order; an item that is gone meanwhile is left out.
/// For APIs that list without details.
pub async fn each<I, T, F>(items: impl IntoIterator<Item = I>, call: impl Fn(I) -> F) -> Result<Vec<T>>
where
    T: Send,
    F: Future<Output = Result<T>> + Send,
{
    let calls = items.into_iter().map(|item| {
        let answer = call(item);
        async move {
            match answer.await {
                Err(e) if e.is_not_found() => Ok(None),
                answer => answer.map(Some),
            }
        }
    });
    Ok(together(calls).await?.into_iter().flatten().collect())
}

/// The results of all calls, in order, or the first error.
async fn together<T, F>(calls: impl Iterator<Item = F>) -> Result<Vec<T>>
where
    T: Send,
    F: Future<Output = Result<T>> + Send,
{
    let calls: Vec<F> = calls.collect();
    let answers: Vec<Mutex<Option<T>>> = calls.iter().map(|_| Mutex::default()).collect();
    let kept = calls.into_iter().zip(&answers).map(|(call, answer)| {
        let keep = async move {
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(call.await?);
            Ok(())
        };
        keep.boxed()
    });
    drive(kept.collect()).await?;
    Ok(answers.into_iter().filter_map(|answer| answer.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

/// Drives all of them. Not generic, since the machinery that does so is large.
async fn drive(work: Vec<BoxFuture<'_, Result<()>>>) -> Result<()> {
    stream::iter(work).buffered(CONCURRENT).try_collect().await
}

/// All items of a listing, page by page.
pub async fn all_of<T, E>(pages: PaginationStream<std::result::Result<T, E>>) -> Result<Vec<T>>
where
    Error: From<E>,
{
    Ok(pages.collect::<std::result::Result<Vec<_>, E>>().await?)
}

/// The success of a call whose answer says nothing else.
pub fn done<T, E>(answer: std::result::Result<T, E>) -> Result<()>
where
    Error: From<E>,
{
    Ok(answer.map(drop)?)
}

/// The id in the answer of a create call.
pub fn made(id: Option<&str>) -> Result<String> {
    id.map(str::to_owned).ok_or_else(|| Error::ambiguous("the answer of the create call holds no id"))
}
