//! Rule groups that AWS or a seller keeps up to date, and what some of AWS's need to know.

use super::field_to_match::{one, single};
use super::rule::overrides;
use crate::resources::prelude::*;
use crate::schema::checks::one_of;

/// `managed_rule_group_statement`.
pub fn statement(scope_down: Row) -> Row {
    one(
        "managed_rule_group_statement",
        [
            Row::block("managed_rule_group_configs", Nesting::List, config()),
            Row::string("name").required(),
            overrides(),
            scope_down,
            Row::string("vendor_name").required(),
            Row::string("version").optional_computed(),
        ],
    )
}

fn payload(value: &Value) -> Result<(), String> {
    one_of(value, &["JSON", "FORM_ENCODED"])
}

fn sensitivity(value: &Value) -> Result<(), String> {
    one_of(value, &["LOW", "MEDIUM", "HIGH"])
}

/// Where a form holds something.
fn field(name: &'static str) -> Row {
    one(name, [Row::string("identifier").required()])
}

fn fields(name: &'static str) -> Row {
    one(name, [Row::string_list("identifiers").required()])
}

/// `managed_rule_group_configs`.
pub fn config() -> Vec<Attribute> {
    let inspection = |v: &Value| one_of(v, &["COMMON", "TARGETED"]);
    let bots = rows([
        Row::bool("enable_machine_learning").optional_computed(),
        Row::string("inspection_level").required().check(inspection),
    ]);
    let path = |name| Row::string(name).required();
    let login_form =
        rows([field("password_field"), Row::string("payload_type").required().check(payload), field("username_field")]);
    let takeover = rows([
        Row::bool("enable_regex_in_path"),
        path("login_path"),
        single("request_inspection", login_form),
        response(),
    ]);
    let sign_up_form = rows([
        fields("address_fields"),
        field("email_field"),
        field("password_field"),
        Row::string("payload_type").required().check(payload),
        fields("phone_number_fields"),
        field("username_field"),
    ]);
    let creation = rows([
        path("creation_path"),
        Row::bool("enable_regex_in_path"),
        path("registration_page_path"),
        single("request_inspection", sign_up_form).count(1, None),
        response(),
    ]);
    let exempt = rows([Row::string("regex_string").required().check(super::checks::regex)]);
    let challenge = rows([
        Row::block("exempt_uri_regular_expression", Nesting::List, exempt).count(0, Some(5)),
        Row::string("sensitivity").optional_computed().check(sensitivity),
        Row::string("usage_of_action").required().check(|v| one_of(v, &["ENABLED", "DISABLED"])),
    ]);
    let client = rows([single("challenge", challenge).count(1, None)]);
    let floods = rows([
        single("client_side_action_config", client).count(1, None),
        Row::string("sensitivity_to_block").optional_computed().check(sensitivity),
    ]);
    rows([
        single("aws_managed_rules_acfp_rule_set", creation),
        single("aws_managed_rules_anti_ddos_rule_set", floods),
        single("aws_managed_rules_atp_rule_set", takeover),
        single("aws_managed_rules_bot_control_rule_set", bots),
        Row::string("login_path"),
        field("password_field"),
        Row::string("payload_type").check(payload),
        field("username_field"),
    ])
}

/// How success and failure of what was asked for look.
fn response() -> Row {
    let values = |first| {
        rows([
            Row::string_set("failure_values").required(),
            Row::string(first).required(),
            Row::string_set("success_values").required(),
        ])
    };
    let codes = |name| Row::of(name, Type::set(Type::Number)).required();
    let texts = rows([Row::string_set("failure_strings").required(), Row::string_set("success_strings").required()]);
    one(
        "response_inspection",
        [
            single("body_contains", texts),
            single("header", values("name")),
            single("json", values("identifier")),
            one("status_code", [codes("failure_codes"), codes("success_codes")]),
        ],
    )
}
