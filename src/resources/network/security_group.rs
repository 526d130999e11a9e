//! aws_security_group: who may connect to its members. Its rules are set by `update` alone, inline or
//! not at all; a new group starts without AWS's rule that lets everything out.

use super::holders;
use super::permissions::{self, Direction};
use crate::resources::prelude::*;
use crate::resources::spec;
use crate::rules::security_rule;
use crate::rules::security_rule::Rules;
use crate::schema::Nesting;
use aws_sdk_ec2::operation::create_security_group::builders::CreateSecurityGroupFluentBuilder as Create;
use aws_sdk_ec2::types::{Filter, ResourceType, SecurityGroup};

/// What Terraform's provider writes when a layout has no description. Kept as it is: another text
/// would replace every group of a layout that comes from there.
const DESCRIPTION: &str = "Managed by Terraform";

/// A group as listed.
pub type Group = WithArn<SecurityGroup>;

/// The resource type `aws_security_group`.
pub struct AwsSecurityGroup;

table! {
    Rows: Group, create Create {
        name = group_name: Text [.optional_computed().force_new().check(group_name)];
        name_prefix: Text, none [.optional_computed().force_new().check(group_name)];
        description: Text [.default(DESCRIPTION).force_new().check(description)];
        vpc_id: Text [.optional_computed().force_new()];
    }
}

table! {
    /// What the default group of a VPC has, too.
    Common: Group {
        ingress: Inline, none [.read(|g| security_rule::collapse(&Direction::Ingress.of(g.held())))];
        egress: Inline, none [.read(|g| security_rule::collapse(&Direction::Egress.of(g.held())))];
        revoke_rules_on_delete: Switch, none;
        arn: Text, none [.computed().read(|g| arn(g.held()).into())];
        owner_id: Text, read [.computed()];
    }
}

/// The inline rules of one side.
struct Inline;

impl Cell for Inline {
    fn column<L>(name: &'static str) -> spec::A<L> {
        spec::A::block(name, Nesting::Set, rule_rows())
            .as_attribute()
            .initial(security_rule::none())
            .normal(Normal::With(security_rule::same))
            .each(security_rule::inline_block)
            .check(security_rule::block_set)
    }
}

fn rule_rows() -> Vec<Attribute> {
    type Row = spec::A<()>;
    let list = |name| Row::string_list(name).default(Value::strings::<&str>([]));
    let all = [
        list("cidr_blocks").check(ipv4_ranges),
        Row::string("description").default("").check(description),
        Row::number("from_port"),
        list("ipv6_cidr_blocks").check(ipv6_ranges),
        list("prefix_list_ids"),
        Row::string("protocol"),
        Row::string_set("security_groups").default(Value::string_set::<&str>([])),
        Row::bool("self").default(false),
        Row::number("to_port"),
    ];
    rows(all.map(Row::optional_computed))
}

/// A check of a list of IPv4 ranges.
pub fn ipv4_ranges(value: &Value) -> Result<(), String> {
    checks::elements(value, checks::ipv4_cidr)
}

/// A check of a list of IPv6 ranges.
pub fn ipv6_ranges(value: &Value) -> Result<(), String> {
    checks::elements(value, checks::ipv6_cidr)
}

/// A check of the description of a rule or group.
pub fn description(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), security_rule::description)
}

fn group_name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.starts_with("sg-") => Err(format!("{name:?} begins with sg-, which AWS keeps for ids")),
        Some(name) if name.chars().count() > 255 => Err("the name is longer than 255 characters".into()),
        _ => Ok(()),
    }
}

/// What a group is to a service; `held` is whether AWS does not delete it while others hold it.
pub fn filter_role(held: bool) -> Role {
    Role::Filter(role::Filter { held, unjudged: Unjudged::Of("rules", &["ingress", "egress"]) })
}

/// The specification of a kind of group: its own rows, and which sides the layout leaves out and yet decides.
pub fn spec(name: &'static str, own: Vec<spec::A<Group>>, lasting: fn(&Attrs) -> Vec<&'static str>) -> Spec<Group> {
    /// Types whose objects are rules of a group.
    const RULES: [(&str, &str); 3] = [
        ("aws_security_group_rule", "security_group_id"),
        ("aws_vpc_security_group_egress_rule", "security_group_id"),
        ("aws_vpc_security_group_ingress_rule", "security_group_id"),
    ];
    let rows = own.into_iter().chain(Common::rows()).collect();
    Spec::new(name, |g: &Group| g.group_id().map(Into::into), rows)
        .tags(|g| tags::read(g.tags()))
        .lasting(lasting, &RULES)
        .check(security_rule::unfinished_block_sets)
        .holds_inline(security_rule::held_inline)
}

/// A group with inline rules of one side has those of the other inline as well: none, if none are written. One
/// without any may have its rules from anywhere, other layouts among them.
fn beside_inline(config: &Attrs) -> Vec<&'static str> {
    match (config.is_set("ingress"), config.is_set("egress")) {
        (true, false) => vec!["egress"],
        (false, true) => vec!["ingress"],
        _ => Vec::new(),
    }
}

/// The ARN of a group, which may be another account's.
pub fn arn(g: &Group) -> &str {
    g.security_group_arn().unwrap_or(g.arn())
}

/// Groups with their ARNs.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Group>> {
    let found = permissions::groups(aws, filters).await?;
    Ok(WithArn::all(aws, "security-group", found, SecurityGroup::group_id))
}

/// Brings `ingress` and `egress` about.
pub async fn update_rules(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    change.take("revoke_rules_on_delete");
    for side in [Direction::Ingress, Direction::Egress] {
        if let Some(after) = change.take(side.name()) {
            let before = change.before.get(side.name()).map_or_else(Rules::new, security_rule::expand);
            permissions::change(aws, id, side, &before, &security_rule::expand(after)).await?;
        }
    }
    Ok(())
}

impl Resource for AwsSecurityGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        spec("aws_security_group", Rows::rows(), beside_inline)
            .role(filter_role(true))
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"]])
            .unique(&[&["name", "vpc_id"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        listed(aws, tags::filters(which, "group-id", &[("vpc-id", "vpc_id"), ("group-name", "name")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_security_group(), want);
        let tags = tags::at_creation(ResourceType::SecurityGroup, want, token);
        made(call.tag_specifications(tags).send().await?.group_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update_rules(aws, id, change).await
    }

    async fn holders(aws: &Aws, id: &str) -> Result<Vec<String>> {
        holders::of_group(aws, id).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let delete = || aws.write.ec2.delete_security_group().group_id(id).send();
        let revoke = last.bool("revoke_rules_on_delete") == Some(true);
        match delete().await.map_err(Error::from) {
            Err(e) if revoke && e.kind == Kind::Dependency => {
                permissions::revoke_all(aws, id).await?;
                delete().await?;
                Ok(())
            }
            done => done.map(drop),
        }
    }
}
