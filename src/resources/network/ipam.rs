//! aws_vpc_ipam and aws_vpc_ipam_scope: a register of address ranges, and a space of its own in it.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_ipam::builders::CreateIpamFluentBuilder as Create;
use aws_sdk_ec2::operation::create_ipam_scope::builders::CreateIpamScopeFluentBuilder as CreateScope;
use aws_sdk_ec2::operation::modify_ipam::builders::ModifyIpamFluentBuilder as Modify;
use aws_sdk_ec2::operation::modify_ipam_scope::builders::ModifyIpamScopeFluentBuilder as ModifyScope;
use aws_sdk_ec2::types::{
    AddIpamOperatingRegion, Ipam, IpamOperatingRegion, IpamScope, RemoveIpamOperatingRegion, ResourceType,
};

/// The resource type `aws_vpc_ipam`.
pub struct AwsVpcIpam;
/// The resource type `aws_vpc_ipam_scope`.
pub struct AwsVpcIpamScope;

/// Why a register keeps nobody from being served.
pub const ROLE: Role = Role::NotServing("it plans addresses, and takes none away that are in use");

/// How far an object of IPAM is, by AWS's word.
pub fn progress(word: Option<&str>, why: Option<&str>) -> Progress {
    match word.unwrap_or("create-complete") {
        "delete-complete" => Progress::Gone,
        word @ "create-failed" => Progress::Failed(why.unwrap_or(word).into()),
        word if word.ends_with("-in-progress") => Progress::Pending(word.into()),
        _ => Progress::Ready,
    }
}

table! {
    Rows: Ipam, create Create, modify Modify {
        cascade: Switch, none;
        description: Text, read, create, modify;
        enable_private_gua: Switch, read, create, modify;
        metered_account: EnumCell, read, create, modify [.optional_computed()];
        operating_regions: BlockSet<Region> [.required().count(1, None)];
        tier: EnumCell, read, create, modify
            [.default("advanced").check(|v| checks::one_of(v, &["free", "advanced"]))];
        arn = ipam_arn: Text, read [.computed()];
        default_resource_discovery_association_id: Text, read [.computed()];
        default_resource_discovery_id: Text, read [.computed()];
        private_default_scope_id: Text, read [.computed()];
        public_default_scope_id: Text, read [.computed()];
        scope_count: Int, read [.computed()];
    }
}

block! {
    Region: IpamOperatingRegion => AddIpamOperatingRegion {
        region_name: Text [.required()];
    }
}

impl Resource for AwsVpcIpam {
    type Live = Ipam;

    fn spec() -> Spec<Ipam> {
        Spec::new("aws_vpc_ipam", |i: &Ipam| i.ipam_id().map(Into::into), Rows::rows())
            .role(ROLE)
            .tags(|i| tags::read(i.tags()))
            .unique(&[])
            .progress(|i| progress(i.state().map(|s| s.as_str()), i.state_message()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Ipam>> {
        listed!(aws, describe_ipams, tags::filters(which, "ipam-id", &[("ipam-id", "id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_ipam(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::Ipam, want, token)).send().await?;
        made(answer.ipam().and_then(Ipam::ipam_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("cascade");
        let regions = change.take_elements("operating_regions");
        let any = regions.is_some();
        let (gone, new) = regions.unwrap_or_default();
        let name = |block: &Value| Attrs::from_value(block).string("region_name");
        let add = |block| AddIpamOperatingRegion::builder().set_region_name(name(block)).build();
        let remove = |block| RemoveIpamOperatingRegion::builder().set_region_name(name(block)).build();
        let call = aws
            .write
            .ec2
            .modify_ipam()
            .ipam_id(id)
            .set_add_operating_regions(some(new.iter().map(add).collect()))
            .set_remove_operating_regions(some(gone.iter().map(remove).collect()));
        if let Some(call) = Rows::modify(call.clone(), change).or(any.then_some(call)) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_ipam().ipam_id(id);
        done(call.set_cascade(last.bool("cascade").filter(|on| *on)).send().await)
    }
}

table! {
    OfScope: IpamScope, create CreateScope, modify ModifyScope {
        description: Text, read, create, modify;
        ipam_id: Text, create [.required().force_new().read(|s| last_part(s.held().ipam_arn()))];
        arn = ipam_scope_arn: Text, read [.computed()];
        ipam_arn: Text, read [.computed()];
        ipam_scope_type: EnumCell, read [.computed()];
        is_default: Flag, read [.computed()];
        pool_count: Int, read [.computed()];
    }
}

/// The id at the end of an ARN.
pub fn last_part(arn: Option<&str>) -> Value {
    arn.and_then(|arn| arn.rsplit('/').next()).into()
}

impl Resource for AwsVpcIpamScope {
    type Live = IpamScope;

    fn spec() -> Spec<IpamScope> {
        Spec::new("aws_vpc_ipam_scope", |s: &IpamScope| s.ipam_scope_id().map(Into::into), OfScope::rows())
            .role(ROLE)
            .tags(|s| tags::read(s.tags()))
            .unique(&[])
            .progress(|s| progress(s.state().map(|s| s.as_str()), None))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<IpamScope>> {
        listed!(aws, describe_ipam_scopes, tags::filters(which, "ipam-scope-id", &[("ipam-id", "ipam_id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = OfScope::create(aws.write.ec2.create_ipam_scope(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::IpamScope, want, token)).send().await?;
        made(answer.ipam_scope().and_then(IpamScope::ipam_scope_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = OfScope::modify(aws.write.ec2.modify_ipam_scope().ipam_scope_id(id), change) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_ipam_scope().ipam_scope_id(id).send().await)
    }
}
