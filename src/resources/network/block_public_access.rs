//! aws_vpc_block_public_access_options and aws_vpc_block_public_access_exclusion: keeps the internet out of all VPCs of a
//! region, but for those that are excluded.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    InternetGatewayBlockMode, ResourceType, VpcBlockPublicAccessExclusion as Exclusion,
    VpcBlockPublicAccessOptions as Options,
};

/// The resource type `aws_vpc_block_public_access_options`.
pub struct AwsVpcBlockPublicAccessOptions;
/// The resource type `aws_vpc_block_public_access_exclusion`.
pub struct AwsVpcBlockPublicAccessExclusion;

const BLOCKED: &str = "internet_gateway_block_mode";
const EXCLUDED: &str = "internet_gateway_exclusion_mode";
const BLOCKS: [&str; 3] = ["block-bidirectional", "block-ingress", "off"];
const EXCLUDES: [&str; 2] = ["allow-bidirectional", "allow-egress"];
const WHAT: &str = "ways in from the internet and out to it";

table! {
    All: Options {
        aws_account_id: Text, read [.computed()];
        aws_region: Text, read [.computed()];
        internet_gateway_block_mode: EnumCell, read [.required().check(|v| checks::one_of(v, &BLOCKS))];
    }
}

async fn set(aws: &Aws, mode: InternetGatewayBlockMode) -> Result<()> {
    let call = aws.write.ec2.modify_vpc_block_public_access_options();
    done(call.internet_gateway_block_mode(mode).send().await)
}

fn mode(want: &Attrs) -> InternetGatewayBlockMode {
    want.str(BLOCKED).unwrap_or_default().into()
}

impl Resource for AwsVpcBlockPublicAccessOptions {
    type Live = Options;

    fn spec() -> Spec<Options> {
        Spec::new("aws_vpc_block_public_access_options", |o| o.aws_region().map(Into::into), All::rows::<Options>())
            .role(Role::Settings(Unjudged::All(WHAT)))
            .unique(&[&["region"]])
            .recover(Recover::Key)
            .progress(|o| match o.state().map(|state| state.as_str()) {
                Some(state) if state.ends_with("in-progress") => Progress::Pending(state.to_owned()),
                _ => Progress::Ready,
            })
    }

    /// Every region has them. Where nothing is blocked there are none.
    async fn describe(aws: &Aws, _which: Which<'_>) -> Result<Vec<Options>> {
        let found = aws.read.ec2.describe_vpc_block_public_access_options().send().await?;
        Ok(found.vpc_block_public_access_options.into_iter().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        set(aws, mode(want)).await?;
        Ok(aws.region.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take(BLOCKED).is_some() { set(aws, mode(change.after)).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        set(aws, InternetGatewayBlockMode::Off).await
    }
}

/// The id in the ARN of a VPC or a subnet.
fn part<'a>(one: &'a Exclusion, kind: &str) -> Option<&'a str> {
    one.resource_arn().and_then(|arn| arn.rsplit_once(kind)).map(|(_, id)| id)
}

table! {
    Rows: Exclusion {
        internet_gateway_exclusion_mode: EnumCell, read [.required().check(|v| checks::one_of(v, &EXCLUDES))];
        resource_arn: Text, read [.computed()];
        subnet_id: Text, none [.force_new().read(|e| part(e.held(), ":subnet/").into())];
        vpc_id: Text, none [.force_new().read(|e| part(e.held(), ":vpc/").into())];
    }
}

fn progress(one: &Exclusion) -> Progress {
    match one.state().map(|state| state.as_str()).unwrap_or_default() {
        "delete-complete" | "disable-complete" => Progress::Gone,
        state if state.ends_with("in-progress") => Progress::Pending(state.to_owned()),
        state if state.ends_with("failed") => {
            Progress::Failed(format!("{state}: {}", one.reason().unwrap_or("AWS gives no reason")))
        }
        _ => Progress::Ready,
    }
}

impl Resource for AwsVpcBlockPublicAccessExclusion {
    type Live = Exclusion;

    fn spec() -> Spec<Exclusion> {
        let id = |e: &Exclusion| e.exclusion_id().map(Into::into);
        Spec::new("aws_vpc_block_public_access_exclusion", id, Rows::rows::<Exclusion>())
            .role(Role::Settings(Unjudged::All(WHAT)))
            .tags(|e| tags::read(e.tags()))
            .exactly_one(&[&["subnet_id", "vpc_id"]])
            .progress(progress)
            .wait_for_deletion()
            .recover(Recover::TokenTag)
    }

    /// A region has 50 at the most, which one page gives.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Exclusion>> {
        let call = aws.read.ec2.describe_vpc_block_public_access_exclusions();
        let call = match which {
            Which::Token(token) => call.filters(tags::token_filter(token)),
            _ => call,
        };
        let mut all = call.max_results(1000).send().await?.vpc_block_public_access_exclusions.unwrap_or_default();
        all.retain(|e| match which {
            Which::Ids(ids) => e.exclusion_id().is_some_and(|id| ids.iter().any(|one| one == id)),
            Which::Token(_) => true,
            Which::NaturalKey(want) => {
                part(e, ":subnet/") == want.str("subnet_id") && part(e, ":vpc/") == want.str("vpc_id")
            }
        });
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = aws.write.ec2.create_vpc_block_public_access_exclusion();
        let call = call.internet_gateway_exclusion_mode(want.str(EXCLUDED).unwrap_or_default().into());
        let call = call.set_subnet_id(text(want, "subnet_id")).set_vpc_id(text(want, "vpc_id"));
        let kind = ResourceType::VpcBlockPublicAccessExclusion;
        let answer = call.tag_specifications(tags::at_creation(kind, want, token)).send().await?;
        made(answer.vpc_block_public_access_exclusion().and_then(Exclusion::exclusion_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(mode) = change.take(EXCLUDED).and_then(Value::as_str) else { return Ok(()) };
        let call = aws.write.ec2.modify_vpc_block_public_access_exclusion().exclusion_id(id);
        done(call.internet_gateway_exclusion_mode(mode.into()).send().await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_vpc_block_public_access_exclusion().exclusion_id(id);
        settle::unless_gone(call.send().await)
    }
}
