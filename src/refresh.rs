//! The live objects of a state: one list per provider, region and type, all at once, joined to addresses by id.
//! Never one call per object.

use crate::aws::{Aws, Error};
use crate::objects::{Instance, State};
use crate::plan::Live;
use crate::resources::{AnyResource, Progress, Which, local, registry};
use crate::value::address::Address;
use futures::future::join_all;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A list that failed: which type it is about, and why.
pub type Failure = (String, Error);

/// Reads all current objects of `state`. `connect` gives the connection of a provider and region; objects
/// without one are left out, the planner reports them.
pub async fn refresh(
    state: &State,
    connect: impl Fn(&str, &str) -> Option<Aws>,
) -> Result<HashMap<Address, Live>, Vec<Failure>> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<(Address, &str)>> = BTreeMap::new();
    for (address, instance) in &state.resources {
        let Some((type_name, _)) = registry().get_key_value(address.resource.type_name.as_ref()) else { continue };
        let key = (instance.provider.as_str(), instance.region.as_str(), *type_name);
        groups.entry(key).or_default().push((address.clone(), instance.id.as_str()));
    }
    let lists = groups.into_iter().filter_map(|((provider, region, type_name), members)| {
        let aws = connect(provider, region)?;
        let resource = registry().get(type_name)?.as_ref();
        Some(list(aws, resource, members))
    });
    let mut found = HashMap::new();
    let mut failures = Vec::new();
    for listed in join_all(lists).await {
        match listed {
            Ok(objects) => found.extend(objects),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(found) } else { Err(failures) }
}

/// The objects of `state` that live in it alone and are over by now.
pub fn over(state: &State, now: jiff::Timestamp, dir: &str) -> HashMap<Address, Live> {
    let is_over = |(address, instance): &(&Address, &Instance)| {
        let kind = local::types().get(&*address.resource.type_name);
        kind.is_some_and(|kind| kind.is_over(&instance.attrs, now, Path::new(dir)))
    };
    state.resources.iter().filter(is_over).map(|(address, _)| (address.clone(), Live::Gone)).collect()
}

async fn list(
    aws: Aws,
    resource: &'static dyn AnyResource,
    members: Vec<(Address, &str)>,
) -> Result<Vec<(Address, Live)>, Failure> {
    let mut ids: Vec<String> = members.iter().map(|(_, id)| (*id).to_owned()).collect();
    ids.sort();
    ids.dedup();
    let seen = resource.describe(&aws, Which::Ids(&ids)).await.map_err(|e| (resource.schema().name.to_owned(), e))?;
    let seen: HashMap<String, _> =
        seen.into_iter().filter(|o| o.progress != Progress::Gone).map(|o| (o.id, o.attrs)).collect();
    let join = |(address, id): (Address, &str)| {
        let live = seen.get(id).map_or(Live::Gone, |attrs| Live::There(attrs.clone().with("id", id)));
        (address, live)
    };
    Ok(members.into_iter().map(join).collect())
}
