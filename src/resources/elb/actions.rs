//! The actions of a listener or a rule on a request. Both take the same blocks.

use crate::aws::api::{items, member_text};
use crate::resources::block::TextMap;
use crate::resources::document::{Document, Member, One, Unordered, at, document};
use crate::resources::prelude::*;
use crate::resources::row::{read_object, unread};
use crate::schema::redaction::is_digest;
use crate::schema::{Mode, shape};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where an action says which target groups it forwards to.
pub const FORWARDING: role::Forwarding = role::Forwarding {
    kind: "type",
    forwards: "forward",
    group: "target_group_arn",
    several: "forward",
    share: "target_group",
    share_group: "arn",
    weight: "weight",
};

const FORWARD: &str = "forward";
/// The kinds of action, and the block that each needs.
const KINDS: [(&str, &str); 6] = [
    (FORWARD, FORWARD),
    ("redirect", "redirect"),
    ("fixed-response", "fixed_response"),
    ("authenticate-cognito", "authenticate_cognito"),
    ("authenticate-oidc", "authenticate_oidc"),
    ("jwt-validation", "jwt_validation"),
];
const CONTENT: [&str; 5] = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
const UNAUTHENTICATED: [&str; 3] = ["deny", "allow", "authenticate"];

fn unauthenticated(value: &Value) -> Result<(), String> {
    checks::one_of(value, &UNAUTHENTICATED)
}

/// Groups that no stickiness binds are the same whatever its duration.
fn same_stickiness(a: &Value, b: &Value) -> bool {
    let on = |v: &Value| shape::only(v).get("enabled").and_then(Value::as_bool) == Some(true);
    let lasts = |v: &Value| shape::only(v).get("duration").and_then(Value::as_i64);
    on(a) == on(b) && (!on(a) || lasts(a) == lasts(b))
}

document! {
    /// Whom Cognito lets in.
    Cognito {
        authentication_request_extra_params = "AuthenticationRequestExtraParams.entry": Entries;
        on_unauthenticated_request = "OnUnauthenticatedRequest": Text [.optional_computed().check(unauthenticated)];
        scope = "Scope": Text [.optional_computed()];
        session_cookie_name = "SessionCookieName": Text [.optional_computed()];
        session_timeout = "SessionTimeout": Int [.optional_computed()];
        user_pool_arn = "UserPoolArn": Text [.required()];
        user_pool_client_id = "UserPoolClientId": Text [.required()];
        user_pool_domain = "UserPoolDomain": Text [.required()];
    }
}
document! {
    /// Whom another identity provider lets in.
    Oidc {
        authentication_request_extra_params = "AuthenticationRequestExtraParams.entry": Entries;
        authorization_endpoint = "AuthorizationEndpoint": Text [.required()];
        client_id = "ClientId": Text [.required()];
        client_secret = "ClientSecret": Text [.required().sensitive().never_returned()];
        issuer = "Issuer": Text [.required()];
        on_unauthenticated_request = "OnUnauthenticatedRequest": Text [.optional_computed().check(unauthenticated)];
        scope = "Scope": Text [.optional_computed()];
        session_cookie_name = "SessionCookieName": Text [.optional_computed()];
        session_timeout = "SessionTimeout": Int [.optional_computed()];
        token_endpoint = "TokenEndpoint": Text [.required()];
        user_info_endpoint = "UserInfoEndpoint": Text [.required()];
    }
}
document! {
    /// A claim that a token must hold.
    Claim {
        format = "Format": Text [.required()];
        name = "Name": Text [.required()];
        values = "Values.member": Texts [.required()];
    }
}
document! {
    /// Which tokens are let in.
    Jwt {
        issuer = "Issuer": Text [.required()];
        jwks_endpoint = "JwksEndpoint": Text [.required()];
        additional_claim = "AdditionalClaims.member": Unordered<Claim>;
    }
}
document! {
    /// An answer of the balancer's own.
    FixedResponse {
        content_type = "ContentType": Text [.required().check(|v| checks::one_of(v, &CONTENT))];
        message_body = "MessageBody": Text;
        status_code = "StatusCode": Text [.optional_computed().check(status_code)];
    }
}
document! {
    /// A group and its share.
    Share {
        arn = "TargetGroupArn": Text [.required()];
        weight = "Weight": Int [.default(1).check(weight).read(|s| share(s.held()))];
    }
}
document! {
    /// Whether a client stays with its group.
    Stickiness {
        duration = "DurationSeconds": Int [.required()];
        enabled = "Enabled": Flag [.default(false)];
    }
}
document! {
    /// To which groups a request goes.
    Forward {
        target_group = "TargetGroups.member": Unordered<Share> [.count(1, Some(5))];
        stickiness = "TargetGroupStickinessConfig": One<Stickiness> [.normal(Normal::With(same_stickiness))];
    }
}
document! {
    /// Where a client is sent.
    Redirect {
        host = "Host": Text [.default("#{host}")];
        path = "Path": Text [.default("/#{path}")];
        port = "Port": Text [.default("#{port}")];
        protocol = "Protocol": Text
            [.default("#{protocol}").check(|v| checks::one_of(v, &["#{protocol}", "HTTP", "HTTPS"]))];
        query = "Query": Text [.default("#{query}")];
        status_code = "StatusCode": Text [.required().check(|v| checks::one_of(v, &["HTTP_301", "HTTP_302"]))];
    }
}
document! {
    /// One action.
    pub Step {
        r#type = "Type": Text [.required().check(kind)];
        order = "Order": Int [.optional_computed()];
        target_group_arn = "TargetGroupArn": Text [.stays()];
        authenticate_cognito = "AuthenticateCognitoConfig": One<Cognito>;
        authenticate_oidc = "AuthenticateOidcConfig": One<Oidc>;
        fixed_response = "FixedResponseConfig": One<FixedResponse>;
        forward = "ForwardConfig": One<Forward> [.optional_computed()];
        jwt_validation = "JwtValidationConfig": One<Jwt>;
        redirect = "RedirectConfig": One<Redirect>;
    }
}

/// Texts by name: entries of keys and values.
struct Entries;

impl Cell for Entries {
    fn column<L>(name: &'static str) -> A<L> {
        TextMap::column(name)
    }
}
impl Member for Entries {
    fn get(object: &Json, path: &str) -> Value {
        let entry =
            |e: &Json| Some((member_text(e, "key")?.into(), member_text(e, "value").unwrap_or_default().into()));
        Value::map(Type::String, items(object, path).iter().filter_map(entry).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        some(want.string_map(name).into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect())
            .map(Json::Array)
    }
}

/// The weight of a group that has none is 1.
fn share(group: &Json) -> Value {
    Some(at::<Int>(group, "Weight")).filter(|weight| !weight.is_null()).unwrap_or_else(|| 1.into())
}

fn kind(value: &Value) -> Result<(), String> {
    checks::one_of(value, &KINDS.map(|(kind, _)| kind))
}

fn weight(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if !(0..=999).contains(&n) => Err(format!("a weight of {n} is out of range; AWS takes 0 to 999")),
        _ => Ok(()),
    }
}

fn status_code(value: &Value) -> Result<(), String> {
    let fits = |code: &str| code.len() == 3 && code.starts_with(['2', '4', '5']) && code.parse::<u16>().is_ok();
    checks::text(value, fits, "is not a valid status code; expected 2XX, 4XX or 5XX")
}

/// The rows of an action.
pub fn rows() -> Vec<Attribute> {
    unread(Step::rows::<Json>())
}

/// The same for a rule, where AWS's choices for a session are no answers to the provider.
pub fn rule_rows() -> Vec<Attribute> {
    let session = |row: &Attribute| match row.name {
        "scope" | "session_cookie_name" | "session_timeout" => {
            Attribute { mode: Mode::Optional, normal: Normal::UNLESS_GIVEN, ..row.clone() }
        }
        _ => row.clone(),
    };
    let mut all = rows();
    for block in all.iter_mut().filter(|row| row.name.starts_with("authenticate_")).filter_map(|row| row.block.as_mut())
    {
        block.attributes = Arc::new(block.attributes.iter().map(session).collect());
    }
    all
}

/// The actions at a path in their order, in both spellings of a forward: the group's ARN, and the groups with their
/// shares. An empty ARN says that there are several groups, so that going back to one is seen.
pub fn read(object: &Json, path: &str) -> Value {
    let mut actions = items(object, path);
    actions.sort_by_key(|action| at::<Int>(action, "Order").as_i64());
    Value::list(object_type(&rows()), actions.iter().map(read_one).collect())
}

fn read_one(action: &Json) -> Value {
    let read = read_object(Step::rows::<Json>(), action);
    if action["Type"] != FORWARD {
        return read;
    }
    let shares = items(action, "ForwardConfig.TargetGroups.member");
    let arn = match shares.as_slice() {
        [] => member_text(action, "TargetGroupArn"),
        [only] => member_text(only, "TargetGroupArn"),
        _ => None,
    };
    let arn = arn.unwrap_or_default();
    let alone = json!({"TargetGroups": {"member": [{"TargetGroupArn": arn}]}});
    let forward = if shares.is_empty() { &alone } else { &action["ForwardConfig"] };
    let forward = read_object(Forward::rows::<Json>(), forward);
    Attrs::from_value(&read).with("target_group_arn", arn).with("forward", forward).to_value()
}

/// The actions of the blocks `name`.
pub fn write(want: &Attrs, name: &str) -> Json {
    let all: Vec<Json> = want.blocks(name).iter().map(|action| with_known_secret(Step::create(action))).collect();
    json!({"member": all})
}

/// A secret that is known only by its digest stays as AWS has it.
fn with_known_secret(mut action: Json) -> Json {
    if let Some(oidc) = action.get_mut("AuthenticateOidcConfig")
        && oidc["ClientSecret"].as_str().is_some_and(is_digest)
    {
        oidc["ClientSecret"] = Json::Null;
        oidc["UseExistingClientSecret"] = true.into();
    }
    action
}

/// Whether each action has the block that its type needs, and no other.
pub fn check(blocks: &[Attrs]) -> Vec<String> {
    let mut wrong = Vec::new();
    for block in blocks {
        let Some(kind) = block.str("type") else { continue };
        for (needs, name) in KINDS {
            let alone = block.is_given("target_group_arn") && block.str("target_group_arn") != Some("");
            let has = block.is_given(name) || (name == FORWARD && alone);
            if needs == kind && !has {
                let what = if name == FORWARD { "target_group_arn or a forward block" } else { name };
                wrong.push(format!("an action of type {kind} needs {what}"));
            } else if needs != kind && has {
                wrong.push(format!("an action of type {kind} takes no {name}"));
            }
        }
    }
    let last = blocks.iter().max_by_key(|b| b.int("order").unwrap_or(i32::MAX)).and_then(|b| b.str("type"));
    if let Some(kind) = last.filter(|kind| kind.starts_with("authenticate-") || *kind == "jwt-validation") {
        wrong.push(format!("after {kind} comes nothing; the last action must be forward, redirect or fixed-response"));
    }
    let orders: Vec<i32> = blocks.iter().filter_map(|b| b.int("order")).collect();
    if orders.iter().collect::<BTreeSet<_>>().len() < orders.len() {
        wrong.push("two actions have one order".into());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Nesting;
    use crate::schema::equal::{Origin, differs};

    fn row() -> Attribute {
        crate::resources::spec::Row::block("default_action", Nesting::List, rows()).row
    }

    /// An action as a layout gives it, its other arguments null.
    fn given(each: &[(&str, Value)]) -> Value {
        let value = |row: &Attribute| {
            let given = each.iter().find(|(name, _)| *name == row.name).map(|(_, value)| value.clone());
            (row.name, given.unwrap_or_else(|| Value::null(row.ty.clone())))
        };
        Value::list(object_type(&rows()), vec![Value::object(rows().iter().map(value))])
    }

    fn shares(each: &[(&str, i32)]) -> Value {
        let share =
            |(arn, weight): &(&str, i32)| Value::object([("arn", Value::from(*arn)), ("weight", (*weight).into())]);
        let all = each.iter().map(share).collect();
        let stickiness = Value::null(object_type(&unread(Stickiness::rows::<Json>())));
        Value::object([
            ("target_group", Value::set(object_type(&unread(Share::rows::<Json>())), all)),
            ("stickiness", stickiness),
        ])
    }

    /// An action as AWS answers it: with both spellings where there is one group.
    fn answered(each: &[(&str, i32)]) -> Value {
        let tuple = |(arn, weight): &(&str, i32)| json!({"TargetGroupArn": arn, "Weight": weight.to_string()});
        let groups: Vec<Json> = each.iter().map(tuple).collect();
        let forward = json!({"TargetGroups": {"member": groups}, "TargetGroupStickinessConfig": {"Enabled": "false"}});
        let only = each.first().filter(|_| each.len() == 1).map(|(arn, _)| *arn);
        let action = json!({"Type": "forward", "Order": "1", "TargetGroupArn": only, "ForwardConfig": forward});
        read(&json!({"Actions": {"member": action}}), "Actions.member")
    }

    #[test]
    fn a_forward_is_equal_in_both_spellings() {
        let kind = || ("type", Value::from(FORWARD));
        let short = given(&[kind(), ("target_group_arn", "a".into())]);
        let long = given(&[kind(), ("forward", shares(&[("a", 1)]))]);
        let two = given(&[kind(), ("forward", shares(&[("b", 2), ("a", 1)]))]);
        let one_seen = answered(&[("a", 1)]);
        let two_seen = answered(&[("a", 1), ("b", 2)]);
        let same = |a: &Value, b: &Value| !differs(&row(), a, b, Origin::Aws);
        assert!(same(&short, &one_seen) && same(&long, &one_seen) && same(&two, &two_seen));
        assert!(!same(&two, &one_seen) && !same(&long, &two_seen) && !same(&short, &two_seen));
        assert!(!same(&short, &answered(&[("b", 1)])));
    }

    #[test]
    fn an_action_without_what_it_needs_is_refused() {
        let action = |each: &[(&str, Value)]| Attrs::from_value(&given(each).as_elements().unwrap()[0]);
        let kind = |kind: &str| ("type", Value::from(kind));
        assert_eq!(check(&[action(&[kind(FORWARD), ("target_group_arn", "a".into())])]), [""; 0]);
        assert_eq!(
            check(&[action(&[kind(FORWARD)]), action(&[kind("redirect"), ("target_group_arn", "a".into())])]),
            [
                "an action of type forward needs target_group_arn or a forward block",
                "an action of type redirect takes no forward",
                "an action of type redirect needs redirect"
            ]
        );
    }
}
