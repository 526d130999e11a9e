//! aws_lb_target_group_attachment: one target of a group. A target that is draining is on its way out
//! and counts as gone.

use crate::aws::api::services::ELB_V2;
use crate::aws::api::{items, member_text};
use crate::resources::elb::shared;
use crate::resources::prelude::*;
use crate::resources::spec;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

type A = spec::A<Target>;

/// The resource type `aws_lb_target_group_attachment`.
pub struct AwsLbTargetGroupAttachment;

/// A target in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    group: String,
    id: String,
    /// A Lambda function has none.
    port: Option<i32>,
}

impl Target {
    /// What the target is, as AWS has no id for it: group, target and port.
    fn id(&self) -> String {
        let port = self.port.map(|port| format!(",{port}")).unwrap_or_default();
        format!("{},{}{port}", self.group, self.id)
    }

    fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split(',');
        let (group, id) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let port = match parts.next() {
            Some(port) => Some(port.parse().ok()?),
            None => None,
        };
        parts.next().is_none().then_some(Target { group, id, port })
    }

    fn named(id: &str) -> Result<Self> {
        Target::parse(id).ok_or_else(|| Error::not_found(format!("{id} does not name a group, a target and a port")))
    }

    fn meets(&self, seen: &Target) -> bool {
        self.group == seen.group && self.id == seen.id && (self.port.is_none() || self.port == seen.port)
    }
}

/// How the targets of a group are, in one call.
pub async fn health(aws: &Aws, group: &str) -> Result<Vec<Json>> {
    let answer = aws.read.api.call(&ELB_V2, "DescribeTargetHealth", json!({"TargetGroupArn": group})).await?;
    Ok(items(&answer, "TargetHealthDescriptions.member"))
}

fn stays(seen: &Json) -> bool {
    let health = &seen["TargetHealth"];
    health["State"] != "draining" && health["Reason"] != "Target.NotRegistered"
}

/// The port that a target has when the layout gives none: its group's.
async fn port(aws: &Aws, group: &str) -> Result<Option<i32>> {
    let input = json!({"TargetGroupArns": {"member": [group]}});
    let answer = aws.read.api.call(&ELB_V2, "DescribeTargetGroups", input).await?;
    Ok(items(&answer, "TargetGroups.member").first().and_then(shared::port_of))
}

impl Resource for AwsLbTargetGroupAttachment {
    type Live = Target;

    fn spec() -> Spec<Target> {
        let fixed = |name| A::string(name).force_new();
        Spec::new(
            "aws_lb_target_group_attachment",
            |t| Some(t.id()),
            vec![
                fixed("target_group_arn").required().read(|t| t.group.as_str().into()),
                fixed("target_id").required().read(|t| t.id.as_str().into()),
                A::number("port").stays().force_new().check(shared::port).read(|t| t.port.into()),
                fixed("availability_zone"),
                fixed("quic_server_id"),
            ],
        )
        .import("TARGETGROUPARN,TARGETID,PORT", |text| {
            let target = Target::parse(text)?;
            let mut given = vec![("target_group_arn", target.group.into()), ("target_id", target.id.into())];
            given.extend(target.port.map(|port| ("port", port.into())));
            Some(given)
        })
        .id_from(|attrs| {
            let (group, id) = (attrs.string("target_group_arn")?, attrs.string("target_id")?);
            Some(Target { group, id, port: attrs.int("port") }.id())
        })
        .role(Role::Attachment(role::Attachment { group: "target_group_arn", member: "target_id", port: Some("port") }))
        .unique(&[&["target_group_arn", "target_id", "port"]])
        .recover(Recover::Key)
    }

    /// All targets of the groups that are asked for, one call per group.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Target>> {
        let asked: Vec<Target> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Target::parse(id)).collect(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => match (want.string("target_group_arn"), want.string("target_id")) {
                (Some(group), Some(id)) => {
                    let port = match want.int("port") {
                        Some(port) => Some(port),
                        None => port(aws, &group).await?,
                    };
                    vec![Target { group, id, port }]
                }
                _ => Vec::new(),
            },
        };
        let groups: BTreeSet<String> = asked.iter().map(|t| t.group.clone()).collect();
        let of_group = |group: String| async move {
            let target = |seen: &Json| {
                let (id, port) = (member_text(seen, "Target.Id")?, shared::port_of(&seen["Target"]));
                Some(Target { group: group.clone(), id, port })
            };
            let seen = health(aws, &group).await?;
            Ok::<Vec<Target>, Error>(seen.iter().filter(|seen| stays(seen)).filter_map(target).collect())
        };
        let found = each(groups, of_group).await?.into_iter().flatten();
        let wanted = |seen: &Target| asked.iter().any(|asked| asked.meets(seen));
        Ok(found.filter(wanted).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (Some(group), Some(id)) = (want.string("target_group_arn"), want.string("target_id")) else {
            return Err(Error::not_found("no target group or no target"));
        };
        let port = match want.int("port") {
            Some(port) => Some(port),
            None => port(aws, &group).await?,
        };
        let (zone, server) = (want.str("availability_zone"), want.str("quic_server_id"));
        let target = json!({"Id": id, "Port": port, "AvailabilityZone": zone, "QuicServerId": server});
        let input = json!({"TargetGroupArn": group, "Targets": {"member": [target]}});
        aws.write.api.call(&ELB_V2, "RegisterTargets", input).await?;
        Ok(Target { group, id, port }.id())
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let target = Target::named(id)?;
        let gone = json!({"Id": target.id, "Port": target.port});
        let input = json!({"TargetGroupArn": target.group, "Targets": {"member": [gone]}});
        match aws.write.api.call(&ELB_V2, "DeregisterTargets", input).await {
            // The target is not registered any more.
            Err(e) if e.is("InvalidTarget") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_group_target_and_port() {
        let target = |id: &str, port| Target { group: "arn:tg/web/1".into(), id: id.into(), port };
        for each in [target("i-1", Some(80)), target("2001:db8::1", Some(443)), target("arn:aws:lambda:f", None)] {
            assert_eq!(Target::parse(&each.id()), Some(each));
        }
        assert_eq!(Target::parse("arn:tg/web/1,i-1,http"), None);
        assert_eq!(Target::parse("arn:tg/web/1"), None);
    }
}
