//! aws_db_parameter_group and aws_rds_cluster_parameter_group: settings of the engine for the instances or
//! clusters that use the group. Those that the layout does not name are the engine's own. Both are the same
//! but for the calls, see `kinds`.

mod kinds;
mod parameters;

pub use kinds::{Clusters, Instances};

use super::tagging::{self, Tagged};
use super::{DESCRIPTION, checks};
use crate::resources::prelude::*;
use aws_sdk_rds::types::{Parameter, Tag};
use std::marker::PhantomData;

/// What the two kinds of groups do not share: RDS has a set of calls for each.
pub trait Kind: Send + Sync + 'static {
    /// A group as listed.
    type Group: Send + Sync;
    /// The type's name.
    const TYPE: &'static str;
    /// Whether the layout may leave the group behind.
    const SKIPS_DESTROY: bool;

    /// Name and ARN.
    fn key(group: &Self::Group) -> Option<(&str, &str)>;
    /// What it is for, and the engine and version that it is for, such as `mysql8.0`.
    fn purpose(group: &Self::Group) -> (Option<&str>, Option<&str>);
    /// All groups.
    fn list(aws: &Aws) -> impl Future<Output = Result<Vec<Self::Group>>> + Send;
    /// The parameters of a group that somebody set.
    fn parameters(aws: &Aws, name: &str) -> impl Future<Output = Result<Vec<Parameter>>> + Send;
    /// Makes a group; gives its name.
    fn create(aws: &Aws, want: &Attrs, tags: Option<Vec<Tag>>) -> impl Future<Output = Result<String>> + Send;
    /// Sets parameters, as many as one call takes.
    fn set(aws: &Aws, name: &str, portion: Vec<Parameter>) -> impl Future<Output = Result<()>> + Send;
    /// Takes parameters back, as many as one call takes.
    fn reset(aws: &Aws, name: &str, portion: Vec<Parameter>) -> impl Future<Output = Result<()>> + Send;
    /// Deletes a group.
    fn delete(aws: &Aws, name: &str) -> impl Future<Output = Result<()>> + Send;
}

/// A group as listed, with what was set in it.
pub struct Live<K: Kind> {
    found: Tagged<K::Group>,
    set: Vec<Parameter>,
}

/// The resource type `aws_db_parameter_group`.
pub struct ParameterGroup<K>(PhantomData<fn() -> K>);

fn name<K: Kind>(l: &Live<K>) -> Option<&str> {
    K::key(&l.found.object).map(|(name, _)| name)
}

impl<K: Kind> Resource for ParameterGroup<K> {
    type Live = Live<K>;

    fn spec() -> Spec<Live<K>> {
        let mut rows = vec![
            A::string("name").optional_computed().force_new().check(checks::group_name).read(|l| name(l).into()),
            A::string("name_prefix").optional_computed().force_new().check(checks::group_name_prefix),
            A::string("description").default(DESCRIPTION).force_new().read(|l| K::purpose(&l.found.object).0.into()),
            A::string("family").required().force_new().read(|l| K::purpose(&l.found.object).1.into()),
            BlockSet::<parameters::Setting>::column("parameter").read(|l: &Live<K>| parameters::collapse(&l.set)),
            A::string("arn").computed().read(|l| K::key(&l.found.object).map(|(_, arn)| arn).into()),
        ];
        if K::SKIPS_DESTROY {
            rows.push(A::bool("skip_destroy").default(false));
        }
        Spec::new(K::TYPE, |l: &Live<K>| name(l).map(Into::into), rows)
            .role(Role::Settings(Unjudged::All("parameters")))
            .own_tags(|l| tags::of(&l.found.tags))
            .by_name()
            .check(parameters::check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live<K>>> {
        let found = tagging::chosen(aws, which, K::list(aws).await?, K::key).await?;
        each(found, |found| async {
            let set = K::parameters(aws, K::key(&found.object).map_or("", |(name, _)| name)).await?;
            Ok(Live { found, set })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        K::create(aws, want, tags::marked(want, token)).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if change.take("parameter").is_some() {
            let (set, gone) = parameters::steps(&parameters::expand(change.before), &parameters::expand(change.after));
            for portion in set {
                K::set(aws, id, portion).await?;
            }
            for portion in gone {
                K::reset(aws, id, portion).await?;
            }
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) { Ok(()) } else { K::delete(aws, id).await }
    }
}
