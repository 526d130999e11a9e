//! aws_network_interface_attachment and aws_network_interface_sg_attachment: an interface on an instance, and one security
//! group of an interface, as objects of their own.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::attach_network_interface::builders::AttachNetworkInterfaceFluentBuilder as Attach;
use aws_sdk_ec2::types::{AttachmentStatus, Filter, NetworkInterface, NetworkInterfaceAttachment as Attachment};

/// The resource type `aws_network_interface_attachment`.
pub struct AwsNetworkInterfaceAttachment;
/// The resource type `aws_network_interface_sg_attachment`.
pub struct AwsNetworkInterfaceSgAttachment;

async fn interfaces(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<NetworkInterface>> {
    listed!(aws, describe_network_interfaces, filters).await
}

/// An interface that is on an instance.
pub struct Attached {
    interface: String,
    attachment: Attachment,
}

held!(Attached: attachment as Attachment);

table! {
    Rows: Attachment, create Attach {
        device_index: Int [.required().force_new()];
        instance_id: Text [.required().force_new()];
        network_card_index: Int [.optional_computed().force_new().empty_is_null()];
        attachment_id: Text, read [.computed()];
        status: EnumCell, read [.computed()];
    }
}

impl Resource for AwsNetworkInterfaceAttachment {
    type Live = Attached;

    fn spec() -> Spec<Attached> {
        let interface =
            A::string("network_interface_id").required().force_new().read(|a: &Attached| (&a.interface).into());
        let rows = Rows::rows().into_iter().chain([interface]).collect();
        Spec::new("aws_network_interface_attachment", |a: &Attached| a.attachment.attachment_id().map(Into::into), rows)
            .role(Role::Settings(Unjudged::All("interfaces")))
            .unique(&[&["network_interface_id"]])
            .recover(Recover::Key)
            .wait_for_deletion()
            .progress(|a| match a.attachment.status() {
                Some(AttachmentStatus::Attached) | None => Progress::Ready,
                Some(AttachmentStatus::Detached) => Progress::Gone,
                Some(other) => Progress::Pending(other.as_str().into()),
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Attached>> {
        let filters = match which {
            Which::Token(_) => return Ok(Vec::new()),
            which => {
                tags::filters(which, "attachment.attachment-id", &[("network-interface-id", "network_interface_id")])
            }
        };
        let attached = |i: NetworkInterface| {
            let (interface, attachment) = (i.network_interface_id?, i.attachment?);
            attachment.attachment_id().is_some().then_some(Attached { interface, attachment })
        };
        let ours = |a: &Attached| match which {
            Which::NaturalKey(want) => a.attachment.instance_id() == want.str("instance_id"),
            _ => true,
        };
        Ok(interfaces(aws, filters).await?.into_iter().filter_map(attached).filter(ours).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.attach_network_interface(), want);
        made(call.set_network_interface_id(want.string("network_interface_id")).send().await?.attachment_id())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.detach_network_interface().attachment_id(id).send().await)
    }
}

/// A security group of an interface.
pub struct Link {
    group: String,
    interface: String,
}

static KEY: Composite = Composite::new(&["security_group_id", "network_interface_id"], "_").marked(&["sg-", "eni-"]);

/// The call takes all groups of an interface: one change at a time, or one would undo another.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn groups(i: &NetworkInterface) -> Vec<String> {
    i.groups().iter().filter_map(|g| g.group_id().map(Into::into)).collect()
}

/// Sets the groups of an interface to what `change` makes of them.
async fn regroup(aws: &Aws, of: &Attrs, change: impl Fn(&mut Vec<String>, String)) -> Result<()> {
    let _turn = TURN.lock().await;
    let id = of.string("network_interface_id").unwrap_or_default();
    let found = interfaces(aws, filtered("network-interface-id", std::slice::from_ref(&id))).await?;
    let found = found.first().ok_or_else(|| Error::not_found(format!("the network interface {id} does not exist")))?;
    let (before, mut after) = (groups(found), groups(found));
    change(&mut after, of.string("security_group_id").unwrap_or_default());
    if after == before {
        return Ok(());
    }
    let call = aws.write.ec2.modify_network_interface_attribute().network_interface_id(id);
    done(call.set_groups(Some(after)).send().await)
}

impl Resource for AwsNetworkInterfaceSgAttachment {
    type Live = Link;

    fn spec() -> Spec<Link> {
        let fixed = |name| A::string(name).required().force_new();
        let rows = vec![
            fixed("network_interface_id").read(|l: &Link| (&l.interface).into()),
            fixed("security_group_id").read(|l| (&l.group).into()),
        ];
        Spec::composite("aws_network_interface_sg_attachment", &KEY, rows)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("rules") }))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Link>> {
        let asked = filtered("network-interface-id", &which.parts(&KEY, "network_interface_id"));
        let links = |i: &NetworkInterface| {
            let interface = i.network_interface_id().unwrap_or_default().to_owned();
            groups(i).into_iter().map(|group| Link { group, interface: interface.clone() }).collect::<Vec<_>>()
        };
        Ok(interfaces(aws, asked).await?.iter().flat_map(links).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let add = |all: &mut Vec<String>, group: String| {
            if !all.contains(&group) {
                all.push(group);
            }
        };
        regroup(aws, want, add).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        regroup(aws, last, |all, group| all.retain(|one| *one != group)).await
    }
}
