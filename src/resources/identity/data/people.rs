//! data aws_iam_user, aws_iam_users, aws_iam_group, aws_iam_roles, aws_iam_account_alias and aws_iam_session_context: who is
//! there, and who is asking.

use crate::aws::api::services::IAM;
use crate::aws::api::{items, member_text};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, Many, at, document};
use crate::resources::identity::members::with_users;
use crate::resources::identity::role::{boundary, one as role};
use crate::resources::identity::user::one;
use crate::resources::identity::{PAGES, tags_of};
use crate::resources::lookup::{read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use regex::Regex;
use serde_json::{Value as Json, json};

/// The data source `aws_iam_user`.
pub struct UserData;
/// The data source `aws_iam_users`.
pub struct UsersData;
/// The data source `aws_iam_group`.
pub struct GroupData;
/// The data source `aws_iam_roles`.
pub struct RolesData;
/// The data source `aws_iam_account_alias`.
pub struct AccountAlias;
/// The data source `aws_iam_session_context`.
pub struct SessionContext;

document! {
    UserRows {
        user_name = "UserName": Text, read [.required()];
        arn = "Arn": Text, read [.computed()];
        id = "UserId": Text, read [.computed()];
        path = "Path": Text, read [.computed()];
        permissions_boundary = "": Text, none [.computed().read(|u| boundary(u.held()).into())];
        tags = "": TextMap, none [.optional_computed().read(|u| tags::of(&tags_of(u.held())))];
        user_id = "UserId": Text, read [.computed()];
    }
}

impl DataSource for UserData {
    fn schema() -> Schema {
        schema("aws_iam_user", unread(UserRows::rows::<Json>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let found = one(aws, config.string("user_name").unwrap_or_default()).await?;
        Ok(read(config, UserRows::rows(), &found))
    }
}

document! {
    /// A user of a group.
    Member {
        arn = "Arn": Text, read;
        path = "Path": Text, read;
        user_id = "UserId": Text, read;
        user_name = "UserName": Text, read;
    }
}

document! {
    GroupRows {
        group_name = "GroupName": Text, read [.required()];
        arn = "Arn": Text, read [.computed()];
        group_id = "GroupId": Text, read [.computed()];
        id = "GroupId": Text, read [.computed()];
        path = "Path": Text, read [.computed()];
    }
}

impl DataSource for GroupData {
    fn schema() -> Schema {
        let users = Many::<Member>::column::<Json>("users").computed();
        schema("aws_iam_group", unread(GroupRows::rows::<Json>().into_iter().chain([users])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let name = config.str("group_name").unwrap_or_default();
        let (group, users) = with_users(aws, name).await?;
        let group = group.ok_or_else(|| Error::not_found(format!("the group {name:?} does not exist")))?;
        let users = at::<Many<Member>>(&json!({"Users": users}), "Users");
        Ok(read(config, GroupRows::rows(), &group).with("users", users))
    }
}

/// The rows of a list of names.
fn names_schema(name: &'static str) -> Schema {
    let given = ["name_regex", "path_prefix"].map(Row::string);
    let found = ["arns", "names"].map(|name| Row::string_set(name).computed());
    schema(name, rows(given.into_iter().chain(found).chain([Row::string("id").computed()])))
}

/// Of the objects that a call lists at a path, those whose name matches. `name` is the member that has it.
async fn matching(aws: &Aws, config: &Attrs, call: &'static str, path: &str, name: &str) -> Result<Attrs> {
    let input = json!({"PathPrefix": text(config, "path_prefix")});
    let all = aws.read.api.list(&IAM, call, input, PAGES, path).await?;
    let all: Vec<(String, String)> =
        all.iter().filter_map(|one| Some((member_text(one, name)?, member_text(one, "Arn")?))).collect();
    let pattern = text(config, "name_regex").map(|text| Regex::new(&text)).transpose();
    let pattern = pattern.map_err(|e| Error::new(Kind::Refused, format!("name_regex is not valid: {e}")))?;
    let fits = |(name, _): &&(String, String)| pattern.as_ref().is_none_or(|pattern| pattern.is_match(name));
    let (names, arns): (Vec<&str>, Vec<&str>) = all.iter().filter(fits).map(|(n, a)| (n.as_str(), a.as_str())).unzip();
    let found = config.clone().with("names", Value::string_set(names)).with("arns", Value::string_set(arns));
    Ok(found.with("id", &*aws.region))
}

impl DataSource for UsersData {
    fn schema() -> Schema {
        names_schema("aws_iam_users")
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        matching(aws, config, "ListUsers", "Users.member", "UserName").await
    }
}

impl DataSource for RolesData {
    fn schema() -> Schema {
        names_schema("aws_iam_roles")
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        matching(aws, config, "ListRoles", "Roles.member", "RoleName").await
    }
}

impl DataSource for AccountAlias {
    fn schema() -> Schema {
        schema("aws_iam_account_alias", rows(["account_alias", "id"].map(|name| Row::string(name).computed())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let answer = aws.read.api.call(&IAM, "ListAccountAliases", json!({})).await?;
        let alias = items(&answer, "AccountAliases.member").into_iter().next();
        let alias = alias.ok_or_else(|| Error::not_found("the account has no alias"))?;
        Ok(config.clone().with("account_alias", alias.as_str()).with("id", alias.as_str()))
    }
}

/// The role and the name of the session in the ARN of an assumed role.
fn session(arn: &str) -> Option<(&str, &str)> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    let (path_and_role, session) = rest.rsplit_once('/')?;
    Some((path_and_role.rsplit('/').next()?, session))
}

impl DataSource for SessionContext {
    fn schema() -> Schema {
        let found = ["id", "issuer_arn", "issuer_id", "issuer_name", "session_name"];
        let all = found.map(|name| Row::string(name).computed());
        schema("aws_iam_session_context", rows(all.into_iter().chain([Row::string("arn").required()])))
    }

    /// Somebody who has assumed no role is the issuer.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let arn = config.str("arn").unwrap_or_default();
        let config = config.clone().with("id", arn);
        let Some((name, session)) = session(arn) else {
            let none = ["issuer_id", "issuer_name", "session_name"];
            return Ok(none.into_iter().fold(config.with("issuer_arn", arn), |all, name| all.with(name, "")));
        };
        let role = role(aws, name.to_owned()).await?;
        Ok(config
            .with("issuer_arn", member_text(&role, "Arn"))
            .with("issuer_id", member_text(&role, "RoleId"))
            .with("issuer_name", name)
            .with("session_name", session))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assumed_role_has_a_session() {
        let of = |rest: &str| format!("arn:aws:sts::123456789012:{rest}");
        assert_eq!(session(&of("assumed-role/web/me")), Some(("web", "me")));
        assert_eq!(session(&of("assumed-role/a/b/web/me")), Some(("web", "me")));
        assert_eq!(session("arn:aws:iam::123456789012:user/me"), None);
    }
}
