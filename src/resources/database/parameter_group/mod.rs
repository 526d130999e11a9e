//! aws_db_parameter_group and aws_rds_cluster_parameter_group: settings of the engine for the instances or
//! clusters that use the group. Those that the layout does not name are the engine's own. Both are the same
//! but for the calls, see `kinds`.

mod kinds;
mod parameters;

pub use kinds::{Clusters, Instances, Kind};

use super::rds::{call, list};
use super::tagging::{self, Tagged};
use super::{DESCRIPTION, checks};
use crate::aws::api::member_text;
use crate::resources::document::{Unordered, at};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};
use std::marker::PhantomData;

/// The member that has the engine and version that a group is for, such as `mysql8.0`.
const FAMILY: &str = "DBParameterGroupFamily";

/// A group as listed, with what was set in it.
pub struct Live {
    found: Tagged,
    set: Vec<Json>,
}

/// The resource type `aws_db_parameter_group`.
pub struct ParameterGroup<K>(PhantomData<fn() -> K>);

fn name<K: Kind>(l: &Live) -> Option<String> {
    member_text(&l.found, K::KEY.0)
}

impl<K: Kind> Resource for ParameterGroup<K> {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = vec![
            A::string("name").optional_computed().force_new().check(checks::group_name).read(|l| name::<K>(l).into()),
            A::string("name_prefix").optional_computed().force_new().check(checks::group_name_prefix),
            A::string("description")
                .default(DESCRIPTION)
                .force_new()
                .read(|l: &Live| at::<Text>(&l.found, "Description")),
            A::string("family").required().force_new().read(|l| at::<Text>(&l.found, FAMILY)),
            Unordered::<parameters::Setting>::column("parameter").read(|l| parameters::collapse(&l.set)),
            A::string("arn").computed().read(|l| at::<Text>(&l.found, K::KEY.1)),
        ];
        if K::SKIPS_DESTROY {
            rows.push(A::bool("skip_destroy").default(false));
        }
        Spec::new(K::TYPE, name::<K>, rows)
            .role(Role::Settings(Unjudged::All("parameters")))
            .own_tags(|l| tags::of(&l.found.tags))
            .by_name()
            .check(parameters::check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let ((call, path), (name, arn)) = (K::LIST, K::KEY);
        let found = tagging::chosen(aws, which, list(aws, call, json!({}), path).await?, name, arn).await?;
        each(found, |found| async {
            let input = json!({name: found.object[name], "Source": "user"});
            Ok(Live { set: list(aws, K::PARAMETERS, input, "Parameters.Parameter").await?, found })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let input = json!({
            K::KEY.0: want.str("name"),
            FAMILY: want.str("family"),
            "Description": want.str("description"),
        });
        let answer = call(aws, K::CREATE, tagging::marked(input, want, token)).await?;
        made(member_text(&answer[K::GROUP], K::KEY.0).as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if change.take("parameter").is_some() {
            let (set, gone) = parameters::steps(&parameters::expand(change.before), &parameters::expand(change.after));
            for portion in set {
                let input = json!({K::KEY.0: id, "Parameters": {"Parameter": portion}});
                call(aws, K::MODIFY, input).await?;
            }
            for portion in gone {
                let input = json!({K::KEY.0: id, "ResetAllParameters": false, "Parameters": {"Parameter": portion}});
                call(aws, K::RESET, input).await?;
            }
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) {
            return Ok(());
        }
        call(aws, K::DELETE, json!({K::KEY.0: id})).await.map(drop)
    }
}
