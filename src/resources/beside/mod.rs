//! The objects beside those of layouts, whoever made them: what the drift job compares with the states of all layouts. They
//! are in the networks of the layouts, or carry the tags that the layouts give. Only what a person makes is listed; the
//! defaults of AWS and what other objects bring along are left out.

mod arns;
mod network;
mod services;
mod tagged;

pub use tagged::{Tagged, Tags, tagged};

use super::permissions::Named;
use super::registry;
use super::spec::{Progress, Which};
use super::tags::ServiceTag;
use crate::aws::{Aws, Error, Result};
use crate::schema::Attrs;
use futures::future::{BoxFuture, FutureExt, join_all};
use std::collections::{BTreeMap, BTreeSet};

/// What is needed to look beside layouts, besides the lists of their own types.
pub const ALLOWED: Named = &[
    "ec2:DescribeEgressOnlyInternetGateways",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpnGateways",
    "elasticache:DescribeCacheSubnetGroups",
    "elasticache:ListTagsForResource",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
    "lambda:ListFunctions",
    "lambda:ListTags",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSubnetGroups",
    "rds:ListTagsForResource",
    "tag:GetResources",
];

/// An object beside those of layouts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// The resource type that it would be.
    pub type_name: &'static str,
    /// Its id.
    pub id: String,
    /// Its ARN, where its id is a name that other objects may have as well.
    pub arn: Option<String>,
    /// The VPC that it is in, where it was found there.
    pub vpc: Option<String>,
    /// The name that a person gave it.
    pub name: Option<String>,
}

impl Neighbour {
    fn new(type_name: &'static str, id: Option<&str>, vpc: Option<&str>) -> Option<Self> {
        Some(Neighbour { type_name, id: id?.into(), arn: None, vpc: Some(vpc?.into()), name: None })
    }

    fn named(self, name: Option<&str>) -> Self {
        Neighbour { name: name.map(str::to_owned), ..self }
    }
}

/// Whether an object is known, because a layout has it.
pub type Known<'a> = &'a (dyn Fn(&Neighbour) -> bool + Sync);

/// Where objects are looked for, and which of them are known.
#[derive(Clone, Copy)]
struct Around<'a> {
    aws: &'a Aws,
    vpcs: &'a [String],
    known: Known<'a>,
}

impl Around<'_> {
    /// Whether an object that was listed for the whole region is of interest: in one of the networks and not known.
    fn concerns(&self, object: &Neighbour) -> bool {
        object.vpc.as_ref().is_some_and(|vpc| self.vpcs.contains(vpc)) && !(self.known)(object)
    }
}

/// Whether a service of AWS made an object, as its tags say.
fn of_a_service<T: ServiceTag>(tags: &[T]) -> bool {
    tags.iter().any(|tag| tag.pair().0.starts_with("aws:"))
}

/// Objects that were looked for: what they are in words, and what came of it.
pub type Look = (&'static str, Result<Vec<Neighbour>>);

/// Everything in these VPCs that is not known: one list for each type. A list that fails does not hide the others.
pub async fn in_networks(aws: &Aws, vpcs: &[String], known: Known<'_>) -> Vec<Look> {
    if vpcs.is_empty() {
        return Vec::new();
    }
    let around = Around { aws, vpcs, known };
    let lists: Vec<BoxFuture<'_, Look>> = network::lists(around).into_iter().chain(services::lists(around)).collect();
    let unknown = |object: &Neighbour| !known(object);
    let looks = join_all(lists).await.into_iter();
    looks.map(|(what, found)| (what, found.map(|all| all.into_iter().filter(unknown).collect()))).collect()
}

/// A list with what it is about.
fn list<'a>(what: &'static str, list: impl Future<Output = Result<Vec<Neighbour>>> + Send + 'a) -> BoxFuture<'a, Look> {
    async move { (what, list.await) }.boxed()
}

/// What came of asking for objects by their ids.
#[derive(Debug, Default)]
pub struct Confirmed {
    /// The objects that are there, by type and id.
    pub there: BTreeSet<(&'static str, String)>,
    /// The types that could not be asked for, and why.
    pub failed: Vec<(String, Error)>,
}

/// Asks for objects in the lists of their own types, as other lists may show for a while what is gone.
pub async fn confirm(aws: &Aws, objects: impl IntoIterator<Item = &Neighbour>) -> Confirmed {
    let mut ids: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for object in objects {
        ids.entry(object.type_name).or_default().insert(object.id.clone());
    }
    let asked = ids.into_iter().map(|(type_name, ids)| async move {
        let ids: Vec<String> = ids.into_iter().collect();
        (type_name, asked(aws, type_name, Which::Ids(&ids)).await)
    });
    let mut confirmed = Confirmed::default();
    for (type_name, answer) in join_all(asked).await {
        match answer {
            Ok(found) => confirmed.there.extend(found.into_iter().map(|(id, _)| (type_name, id))),
            Err(e) => confirmed.failed.push((type_name.to_owned(), e)),
        }
    }
    confirmed
}

/// The objects of a type that are there, by id.
async fn asked(aws: &Aws, type_name: &str, which: Which<'_>) -> Result<Vec<(String, Attrs)>> {
    let Some(resource) = registry().get(type_name) else { return Ok(Vec::new()) };
    let seen = resource.describe(aws, which).await?;
    Ok(seen.into_iter().filter(|one| one.progress != Progress::Gone).map(|one| (one.id, one.attrs)).collect())
}
