//! The actions of a listener or a rule on a request. Both take the same blocks.

use crate::resources::block::{Long, TextMap};
use crate::resources::prelude::*;
use crate::schema::redaction::is_digest;
use crate::schema::{Mode, shape};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, AuthenticateCognitoActionConfig, AuthenticateOidcActionConfig, FixedResponseActionConfig,
    ForwardActionConfig, JwtValidationActionAdditionalClaim, JwtValidationActionConfig, RedirectActionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};
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

block! {
    /// Whom Cognito lets in.
    Cognito: AuthenticateCognitoActionConfig => AuthenticateCognitoActionConfig {
        authentication_request_extra_params: TextMap;
        on_unauthenticated_request: EnumCell [.optional_computed().check(unauthenticated)];
        scope: Text [.optional_computed()];
        session_cookie_name: Text [.optional_computed()];
        session_timeout: Long [.optional_computed()];
        user_pool_arn: Text [.required()];
        user_pool_client_id: Text [.required()];
        user_pool_domain: Text [.required()];
    }
    /// Whom another identity provider lets in.
    Oidc: AuthenticateOidcActionConfig => AuthenticateOidcActionConfig {
        authentication_request_extra_params: TextMap;
        authorization_endpoint: Text [.required()];
        client_id: Text [.required()];
        client_secret: Text [.required().sensitive().never_returned()];
        issuer: Text [.required()];
        on_unauthenticated_request: EnumCell [.optional_computed().check(unauthenticated)];
        scope: Text [.optional_computed()];
        session_cookie_name: Text [.optional_computed()];
        session_timeout: Long [.optional_computed()];
        token_endpoint: Text [.required()];
        user_info_endpoint: Text [.required()];
    }
    /// A claim that a token must hold.
    Claim: JwtValidationActionAdditionalClaim => JwtValidationActionAdditionalClaim {
        format: EnumCell [.required()];
        name: Text [.required()];
        values: Texts [.required()];
    }
    /// Which tokens are let in.
    Jwt: JwtValidationActionConfig => JwtValidationActionConfig {
        issuer: Text [.required()];
        jwks_endpoint: Text [.required()];
        additional_claim = additional_claims: BlockSet<Claim>;
    }
    /// An answer of the balancer's own.
    FixedResponse: FixedResponseActionConfig => FixedResponseActionConfig {
        content_type: Text [.required().check(|v| checks::one_of(v, &CONTENT))];
        message_body: Text;
        status_code: Text [.optional_computed().check(status_code)];
    }
    /// A group and its share.
    Share: TargetGroupTuple => TargetGroupTuple {
        arn = target_group_arn: Text [.required()];
        weight: Int [.default(1).check(weight).read(|l: &L| l.held().weight().unwrap_or(1).into())];
    }
    /// Whether a client stays with its group.
    Stickiness: TargetGroupStickinessConfig => TargetGroupStickinessConfig {
        duration = duration_seconds: Int [.required()];
        enabled: Flag [.default(false)];
    }
    /// To which groups a request goes.
    Forward: ForwardActionConfig => ForwardActionConfig {
        target_group = target_groups: BlockSet<Share> [.count(1, Some(5))];
        stickiness = target_group_stickiness_config: OptionalBlock<Stickiness> [.normal(Normal::With(same_stickiness))];
    }
    /// Where a client is sent.
    Redirect: RedirectActionConfig => RedirectActionConfig {
        host: Text [.default("#{host}")];
        path: Text [.default("/#{path}")];
        port: Text [.default("#{port}")];
        protocol: Text [.default("#{protocol}").check(|v| checks::one_of(v, &["#{protocol}", "HTTP", "HTTPS"]))];
        query: Text [.default("#{query}")];
        status_code: EnumCell [.required().check(|v| checks::one_of(v, &["HTTP_301", "HTTP_302"]))];
    }
    /// One action.
    Step: Action => Action {
        r#type: EnumCell [.required().check(kind)];
        order: Int [.optional_computed()];
        target_group_arn: Text [.stays()];
        authenticate_cognito = authenticate_cognito_config: OptionalBlock<Cognito>;
        authenticate_oidc = authenticate_oidc_config: OptionalBlock<Oidc>;
        fixed_response = fixed_response_config: OptionalBlock<FixedResponse>;
        forward = forward_config: OptionalBlock<Forward> [.optional_computed()];
        jwt_validation = jwt_validation_config: OptionalBlock<Jwt>;
        redirect = redirect_config: OptionalBlock<Redirect>;
    }
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
    Step::rows()
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

/// Actions in their order, in both spellings of a forward: the group's ARN, and the groups with their
/// shares. An empty ARN says that there are several groups, so that going back to one is seen.
pub fn read(actions: &[Action]) -> Value {
    let mut actions: Vec<&Action> = actions.iter().collect();
    actions.sort_by_key(|a| a.order().unwrap_or_default());
    Value::list(object_type(&rows()), actions.into_iter().map(read_one).collect())
}

fn read_one(action: &Action) -> Value {
    let read = Step::read(action);
    if action.r#type().is_none_or(|kind| kind.as_str() != FORWARD) {
        return read;
    }
    let shares = action.forward_config().map(ForwardActionConfig::target_groups).unwrap_or_default();
    let arn = match shares {
        [] => action.target_group_arn().unwrap_or_default(),
        [only] => only.target_group_arn().unwrap_or_default(),
        _ => "",
    };
    let only = TargetGroupTuple::builder().target_group_arn(arn).build();
    let alone = ForwardActionConfig::builder().target_groups(only).build();
    let forward = Forward::read(action.forward_config().filter(|_| !shares.is_empty()).unwrap_or(&alone));
    let attrs = Attrs::from_value(&read);
    attrs.with("target_group_arn", arn).with("forward", forward).to_value()
}

/// The actions of the blocks `name`.
pub fn write(want: &Attrs, name: &str) -> Vec<Action> {
    want.blocks(name).iter().map(|action| with_known_secret(Step::write(action))).collect()
}

/// A secret that is known only by its digest stays as AWS has it.
fn with_known_secret(mut action: Action) -> Action {
    if let Some(oidc) = &mut action.authenticate_oidc_config
        && oidc.client_secret().is_some_and(is_digest)
    {
        oidc.client_secret = None;
        oidc.use_existing_client_secret = Some(true);
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
    use aws_sdk_elasticloadbalancingv2::types::ActionTypeEnum;

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
        let stickiness = Value::null(object_type(&Stickiness::rows()));
        Value::object([("target_group", Value::set(object_type(&Share::rows()), all)), ("stickiness", stickiness)])
    }

    /// An action as AWS answers it: with both spellings where there is one group.
    fn answered(each: &[(&str, i32)]) -> Value {
        let tuple =
            |(arn, weight): &(&str, i32)| TargetGroupTuple::builder().target_group_arn(*arn).weight(*weight).build();
        let off = TargetGroupStickinessConfig::builder().enabled(false).build();
        let forward = ForwardActionConfig::builder()
            .set_target_groups(Some(each.iter().map(tuple).collect()))
            .target_group_stickiness_config(off)
            .build();
        let only = each.first().filter(|_| each.len() == 1).map(|(arn, _)| (*arn).to_owned());
        let action = Action::builder().r#type(ActionTypeEnum::Forward).order(1).set_target_group_arn(only);
        read(&[action.forward_config(forward).build()])
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
