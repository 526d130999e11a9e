//! aws_ami_launch_permission: who else may start instances from an image.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::{ImageAttributeName, LaunchPermission, LaunchPermissionModifications};
use std::collections::BTreeSet;

/// The resource type `aws_ami_launch_permission`.
pub struct AwsAmiLaunchPermission;

/// A permission with its image.
pub struct Given {
    image: String,
    permission: LaunchPermission,
}

held!(Given: permission as LaunchPermission);

const IMAGE: &str = "image_id";
/// Those who may, each with the word that the id has for it.
const WHO: [(&str, &str); 4] =
    [("account_id", ""), ("group", "group-"), ("organization_arn", "org-"), ("organizational_unit_arn", "ou-")];

table! {
    Rows: LaunchPermission {
        account_id = user_id: Text, read [.force_new()];
        group: EnumCell, read [.force_new().check(|v| checks::one_of(v, &["all"]))];
        organization_arn: Text, read [.force_new()];
        organizational_unit_arn: Text, read [.force_new()];
    }
}

/// The id that Terraform gives it.
fn id(image: &str, who: &Attrs) -> Option<String> {
    let one = WHO.iter().find_map(|(name, word)| Some(format!("{image}-{word}{}", text(who, name)?)));
    one.filter(|_| !image.is_empty())
}

fn id_of(given: &Given) -> Option<String> {
    let rows = Rows::rows::<LaunchPermission>().into_iter();
    let who = rows.filter_map(|a| Some((a.row.name, (a.read?)(&given.permission)))).collect();
    id(&given.image, &who)
}

/// The image in an id, such as `ami-1`.
fn image_in(id: &str) -> Option<String> {
    let mut parts = id.splitn(3, '-');
    Some(format!("{}-{}", parts.next()?, parts.next()?))
}

async fn modify(
    aws: &Aws,
    of: &Attrs,
    change: impl Fn(LaunchPermission) -> LaunchPermissionModifications,
) -> Result<()> {
    let one = LaunchPermission::builder()
        .set_user_id(text(of, "account_id"))
        .set_group(EnumCell::put(of, "group"))
        .set_organization_arn(text(of, "organization_arn"))
        .set_organizational_unit_arn(text(of, "organizational_unit_arn"));
    let call = aws.write.ec2.modify_image_attribute().set_image_id(of.string(IMAGE));
    settle::unless_gone(call.attribute("launchPermission").launch_permission(change(one.build())).send().await)
}

impl Resource for AwsAmiLaunchPermission {
    type Live = Given;

    fn spec() -> Spec<Given> {
        let image = A::string(IMAGE).required().force_new().read(|g: &Given| (&g.image).into());
        let rows = Rows::rows().into_iter().chain([image]).collect();
        Spec::new("aws_ami_launch_permission", id_of, rows)
            .role(Role::NotServing("it bears on instances that are yet to be started"))
            .unique(&[&[IMAGE, "account_id", "group", "organization_arn", "organizational_unit_arn"]])
            .recover(Recover::Key)
            .exactly_one(&[&["account_id", "group", "organization_arn", "organizational_unit_arn"]])
            .import("[ACCOUNTID|GROUP|ORGANIZATIONARN|ORGANIZATIONALUNITARN]/IMAGEID", |text| {
                let (who, image) = text.rsplit_once('/')?;
                let name = match who {
                    who if who.len() == 12 && who.chars().all(|c| c.is_ascii_digit()) => "account_id",
                    who if who.starts_with("arn:") && who.contains(":ou/") => "organizational_unit_arn",
                    who if who.starts_with("arn:") => "organization_arn",
                    _ => "group",
                };
                Some(vec![(IMAGE, image.into()), (name, who.into())])
            })
    }

    /// The permissions of each image that is asked for.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Given>> {
        let wanted: Vec<String> = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => id(want.str(IMAGE).unwrap_or_default(), want).into_iter().collect(),
        };
        let images: BTreeSet<String> = wanted.iter().filter_map(|id| image_in(id)).collect();
        let found = each(images, |image| async move {
            let call = aws.read.ec2.describe_image_attribute().image_id(&image);
            let answer = call.attribute(ImageAttributeName::LaunchPermission).send().await?;
            let all = answer.launch_permissions.unwrap_or_default().into_iter();
            Ok(all.map(|permission| Given { image: image.clone(), permission }).collect::<Vec<_>>())
        });
        let all = found.await?.into_iter().flatten();
        Ok(all.filter(|g| id_of(g).is_some_and(|id| wanted.contains(&id))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        modify(aws, want, |one| LaunchPermissionModifications::builder().add(one).build()).await?;
        made(id(want.str(IMAGE).unwrap_or_default(), want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        modify(aws, last, |one| LaunchPermissionModifications::builder().remove(one).build()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_that_of_terraform() {
        let who = |name: &str, value: &str| id("ami-1", &Attrs::default().with(name, value)).unwrap();
        assert_eq!(who("account_id", "123456789012"), "ami-1-123456789012");
        assert_eq!(who("group", "all"), "ami-1-group-all");
        let unit = "arn:aws:organizations::1:ou/o-1/ou-1";
        assert_eq!(who("organizational_unit_arn", unit), format!("ami-1-ou-{unit}"));
        assert_eq!(image_in("ami-1-org-arn:x").as_deref(), Some("ami-1"));
    }
}
