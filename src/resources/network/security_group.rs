//! aws_security_group: who may talk to its members. Its rules are set by `update` alone, inline or
//! not at all; a new group starts without AWS's rule that lets everything out.

use super::holders;
use super::permissions::{self, Direction};
use crate::aws::{Aws, Kind, Result, filter, filtered, made};
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::rules::security_rule;
use crate::rules::security_rule::Rules;
use crate::schema::normal::Normal;
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{ResourceType, SecurityGroup};

type A = spec::A<Group>;
type Row = spec::A<()>;

/// What Terraform's provider writes when a layout has no description. Kept as it is: another text
/// would replace every group of a layout that comes from there.
pub const DESCRIPTION: &str = "Managed by Terraform";

/// A group as listed.
pub struct Group {
    /// What EC2 lists.
    pub group: SecurityGroup,
    /// Its ARN.
    pub arn: String,
}

/// The resource type `aws_security_group`.
pub struct AwsSecurityGroup;

/// The rows of an inline rule.
fn rule_rows() -> Vec<Attribute> {
    let empty = || Value::strings::<&str>([]);
    rows([
        Row::string_list("cidr_blocks").default(empty()).check(ipv4_ranges),
        Row::string("description").default("").check(description),
        Row::number("from_port").required(),
        Row::string_list("ipv6_cidr_blocks").default(empty()).check(ipv6_ranges),
        Row::string_list("prefix_list_ids").default(empty()),
        Row::string("protocol").required(),
        Row::string_set("security_groups").default(Value::string_set::<&str>([])),
        Row::bool("self").default(false),
        Row::number("to_port").required(),
    ])
}

/// A check of a list of IPv4 ranges.
pub fn ipv4_ranges(value: &Value) -> std::result::Result<(), String> {
    checks::elements(value, checks::ipv4_cidr)
}

/// A check of a list of IPv6 ranges.
pub fn ipv6_ranges(value: &Value) -> std::result::Result<(), String> {
    checks::elements(value, checks::ipv6_cidr)
}

/// A check of the description of a rule or group.
pub fn description(value: &Value) -> std::result::Result<(), String> {
    value.as_str().map_or(Ok(()), security_rule::description)
}

/// The rows `ingress` and `egress`, and what every group has.
pub fn common_rows() -> Vec<A> {
    let side = |name| {
        A::block(name, Nesting::Set, rule_rows())
            .as_attribute()
            .initial(security_rule::none())
            .normal(Normal::With(security_rule::same))
            .each(security_rule::inline_block)
            .check(security_rule::block_set)
    };
    let [tags, tags_all] = A::tags(|g| tags::read(g.group.tags()));
    vec![
        side("ingress").read(|g| security_rule::collapse(&Direction::Ingress.of(&g.group))),
        side("egress").read(|g| security_rule::collapse(&Direction::Egress.of(&g.group))),
        A::bool("revoke_rules_on_delete").default(false),
        A::string("vpc_id").optional_computed().force_new().read(|g| g.group.vpc_id().into()),
        A::string("arn").computed().read(|g| g.arn.as_str().into()),
        A::string("owner_id").computed().read(|g| g.group.owner_id().into()),
        tags,
        tags_all,
    ]
}

/// Types whose objects are rules of a group.
pub const RULES: [(&str, &str); 3] = [
    ("aws_security_group_rule", "security_group_id"),
    ("aws_vpc_security_group_egress_rule", "security_group_id"),
    ("aws_vpc_security_group_ingress_rule", "security_group_id"),
];

/// A group with inline rules of one side has those of the other inline as well: none, if none are written. One
/// without any may have its rules from anywhere, other layouts among them.
fn beside_inline(config: &Attrs) -> Vec<&'static str> {
    match (config.is_set("ingress"), config.is_set("egress")) {
        (true, false) => vec!["egress"],
        (false, true) => vec!["ingress"],
        _ => Vec::new(),
    }
}

/// The id of a listed group.
pub fn id(g: &Group) -> Option<String> {
    g.group.group_id().map(Into::into)
}

/// Groups with their ARNs.
pub async fn listed(aws: &Aws, filters: Vec<Vec<aws_sdk_ec2::types::Filter>>) -> Result<Vec<Group>> {
    let found = permissions::groups(aws, filters).await?;
    let with_arn = |group: SecurityGroup| {
        let own = || aws.ec2_arn(&format!("security-group/{}", group.group_id().unwrap_or_default()));
        let arn = group.security_group_arn().map_or_else(own, str::to_owned);
        Group { group, arn }
    };
    Ok(found.into_iter().map(with_arn).collect())
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

fn group_name(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(name) if name.starts_with("sg-") => Err(format!("{name:?} begins with sg-, which AWS keeps for ids")),
        Some(name) if name.chars().count() > 255 => Err("the name is longer than 255 characters".into()),
        _ => Ok(()),
    }
}

impl Resource for AwsSecurityGroup {
    type Live = Group;

    fn spec() -> Spec<Group> {
        let mut rows = vec![
            A::string("name").optional_computed().force_new().check(group_name).read(|g| g.group.group_name().into()),
            A::string("name_prefix").optional_computed().force_new().check(group_name),
            A::string("description")
                .default(DESCRIPTION)
                .force_new()
                .check(description)
                .read(|g| g.group.description().into()),
        ];
        rows.extend(common_rows());
        Spec::new("aws_security_group", id, rows)
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"]])
            .unique(&[&["name", "vpc_id"]])
            .lasting(beside_inline, &RULES)
            .check(security_rule::unfinished_block_sets)
            .holds_inline(security_rule::held_inline)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Group>> {
        let filters = match which {
            Which::Ids(ids) => filtered("group-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![
                filter("vpc-id", want.str("vpc_id").unwrap_or_default()),
                filter("group-name", want.str("name").unwrap_or_default()),
            ]],
        };
        listed(aws, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_security_group()
            .set_group_name(want.string("name"))
            .description(want.str("description").unwrap_or(DESCRIPTION))
            .set_vpc_id(want.string("vpc_id"))
            .tag_specifications(tags::at_creation(ResourceType::SecurityGroup, want, token))
            .send()
            .await?;
        made(answer.group_id())
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
        match delete().await.map_err(crate::aws::Error::from) {
            Err(e) if revoke && e.kind == Kind::Dependency => {
                permissions::revoke_all(aws, id).await?;
                delete().await?;
                Ok(())
            }
            done => done.map(drop),
        }
    }
}
