//! aws_config_configuration_recorder: which kinds of objects Config writes down, and how often. A region has one, which is
//! put as a whole; that it records says `aws_config_configuration_recorder_status`.

use crate::aws::api::services::CONFIG;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, One, Sole, at, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const RHYTHMS: [&str; 2] = ["CONTINUOUS", "DAILY"];
const STRATEGIES: [&str; 3] =
    ["ALL_SUPPORTED_RESOURCE_TYPES", "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES"];

fn rhythm(value: &Value) -> Result<(), String> {
    checks::one_of(value, &RHYTHMS)
}

/// The one strategy that the kinds do not say already.
const EXCLUSION: &str = "EXCLUSION_BY_RESOURCE_TYPES";

/// The strategy, where the kinds do not say it already. AWS shows it always.
fn strategy(group: &Json) -> Value {
    let shown = member_text(group, "recordingStrategy.useOnly").as_deref() == Some(EXCLUSION);
    at::<One<Strategy>>(if shown { group } else { &Json::Null }, "recordingStrategy")
}

/// A strategy that the kinds say already may be left out.
fn same_strategy(a: &Value, b: &Value) -> bool {
    let excludes = |value: &Value| {
        let first = value.as_elements().and_then(<[Value]>::first);
        first.is_some_and(|block| block.get("use_only").and_then(Value::as_str) == Some(EXCLUSION))
    };
    excludes(a) == excludes(b)
}

document! {
    Excluded {
        resource_types = "resourceTypes": Texts;
    }
}
document! {
    Strategy {
        use_only = "useOnly": Text [.check(|v| checks::one_of(v, &STRATEGIES))];
    }
}
document! {
    Group {
        all_supported = "allSupported": Flag [.default(true)];
        exclusion_by_resource_types = "exclusionByResourceTypes": One<Excluded>;
        include_global_resource_types = "includeGlobalResourceTypes": Switch;
        recording_strategy = "recordingStrategy": One<Strategy>
            [.normal(Normal::With(same_strategy)).read(|l| strategy(l.held()))];
        resource_types = "resourceTypes": Texts;
    }
}
document! {
    Exception {
        description = "description": Text;
        recording_frequency = "recordingFrequency": Text [.required().check(rhythm)];
        resource_types = "resourceTypes": Texts [.required()];
    }
}
document! {
    Rhythm {
        recording_frequency = "recordingFrequency": Text [.default("CONTINUOUS").check(rhythm)];
        recording_mode_override = "recordingModeOverrides": Sole<Exception>;
    }
}
document! {
    /// The resource type `aws_config_configuration_recorder`.
    pub AwsConfigConfigurationRecorder {
        name = "name": Text, read, create, modify [.default("default").force_new()];
        recording_group = "recordingGroup": One<Group>, read, create, modify [.stays()];
        recording_mode = "recordingMode": One<Rhythm>, read, create, modify [.stays()];
        role_arn = "roleARN": Text, read, create, modify [.required()];
    }
}

impl Plain for AwsConfigConfigurationRecorder {
    const SERVICE: &'static Service = &CONFIG;
    const CREATE: &'static str = "PutConfigurationRecorder";
    const READ: (&'static str, &'static str) = ("DescribeConfigurationRecorders", "ConfigurationRecorders");
    const DELETE: &'static str = "DeleteConfigurationRecorder";

    fn specification() -> Spec<Object> {
        Spec::new("aws_config_configuration_recorder", |r: &Object| Some(r.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it writes down what is there"))
            .unique(&[&["name"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"ConfigurationRecorderName": id})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        json!({"ConfigurationRecorderNames": [id]})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("name")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        json!({"ConfigurationRecorder": <Self as Document>::create(want)})
    }

    async fn further(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if <Self as Document>::whole(change).is_some() {
            let all = json!({"ConfigurationRecorder": <Self as Document>::create(change.after)});
            aws.write.api.call(&CONFIG, Self::CREATE, all).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_counts_only_where_it_says_more() {
        let group = |word: &str| json!({"recordingStrategy": {"useOnly": word}});
        let [all, some, but] = STRATEGIES.map(|word| at::<One<Strategy>>(&group(word), "recordingStrategy"));
        assert_eq!(strategy(&group(STRATEGIES[0])).as_elements(), None);
        assert_eq!(strategy(&group(EXCLUSION)), but);
        assert!(same_strategy(&all, &some) && same_strategy(&all, &strategy(&group(STRATEGIES[1]))));
        assert!(!same_strategy(&all, &but) && same_strategy(&but, &but));
    }
}
