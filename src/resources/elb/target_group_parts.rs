//! The blocks of a target group: its health check, and those that are attributes by key.

use super::settings::{self, Pairs, Settings, plain, settings};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::row::{read_object, unread};
use crate::resources::spec;
use serde_json::{Value as Json, json};

type Row = spec::A<()>;
type Check = Result<(), String>;

/// How each block that is made of attributes is written.
pub const BLOCKS: [(&str, fn(&Attrs) -> Pairs); 4] = [
    ("stickiness", write_stickiness),
    ("target_failover", |block| settings::write(Failover::KEYS, block)),
    ("target_group_health", write_group_health),
    ("target_health_state", |block| settings::write(HealthState::KEYS, block)),
];

const DAY: i32 = 86_400;

fn rebalance(value: &Value) -> Check {
    checks::one_of(value, &["rebalance", "no_rebalance"])
}

settings! {
    /// target_failover, of gateway balancers.
    Failover {
        on_deregistration: string [.required().check(rebalance)] = "target_failover.on_deregistration";
        on_unhealthy: string [.required().check(rebalance)] = "target_failover.on_unhealthy";
    }
    /// target_health_state, of network balancers.
    HealthState {
        enable_unhealthy_connection_termination: bool [.required()]
            = "target_health_state.unhealthy.connection_termination.enabled";
        unhealthy_draining_interval: number [.empty_is_null().check(|v| seconds(v, 360_000))]
            = "target_health_state.unhealthy.draining_interval_seconds";
    }
    /// target_group_health.dns_failover.
    DnsFailover {
        minimum_healthy_targets_count: string("1") = "target_group_health.dns_failover.minimum_healthy_targets.count";
        minimum_healthy_targets_percentage: string("off")
            = "target_group_health.dns_failover.minimum_healthy_targets.percentage";
    }
    /// target_group_health.unhealthy_state_routing.
    UnhealthyRouting {
        minimum_healthy_targets_count: number(1)
            = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count";
        minimum_healthy_targets_percentage: string("off")
            = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage";
    }
}

/// A block that is made of attributes: its row, and how it is read; null where the group has none of them.
macro_rules! of_settings {
    ($($row:ident, $read:ident: $table:ident;)*) => {$(
        /// The row of the block.
        pub fn $row<L>(name: &'static str) -> A<L> {
            A::optional_block(name, unread($table::columns::<Settings>())).optional_computed()
        }

        /// The block as it is.
        pub fn $read(settings: &Settings) -> Value {
            let columns = $table::columns::<Settings>();
            let has = $table::KEYS.iter().any(|(_, key)| settings.text(key).is_some());
            if has { read_object(columns, settings) } else { Value::null($row::<()>("").row.ty) }
        }
    )*};
}

of_settings! {
    failover_row, failover: Failover;
    health_state_row, health_state: HealthState;
    dns_row, dns: DnsFailover;
    routing_row, routing: UnhealthyRouting;
}

/// The rows of target_group_health.
pub fn group_health_rows() -> Vec<Attribute> {
    rows([dns_row("dns_failover"), routing_row("unhealthy_state_routing")])
}

/// target_group_health as it is.
pub fn group_health(settings: &Settings) -> Value {
    let (dns, routing) = (dns(settings), routing(settings));
    match dns.is_null() && routing.is_null() {
        true => Value::null(object_type(&group_health_rows())),
        false => Value::object([("dns_failover", dns), ("unhealthy_state_routing", routing)]),
    }
}

fn write_group_health(block: &Attrs) -> Pairs {
    let part = |name: &str, keys| block.blocks(name).first().map(|b| settings::write(keys, b)).unwrap_or_default();
    [part("dns_failover", DnsFailover::KEYS), part("unhealthy_state_routing", UnhealthyRouting::KEYS)].concat()
}

/// The rows of stickiness.
pub fn stickiness_rows() -> Vec<Attribute> {
    const TYPES: [&str; 5] = ["lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"];
    rows([
        Row::string("type").required().check(|v| checks::one_of(v, &TYPES)),
        Row::number("cookie_duration").default(DAY).check(|v| between(v, 1, 604_800)),
        Row::string("cookie_name"),
        Row::bool("enabled").default(true),
    ])
}

/// The key of how long a cookie of this type lasts.
fn duration_key(kind: &str) -> Option<String> {
    matches!(kind, "lb_cookie" | "app_cookie").then(|| format!("stickiness.{kind}.duration_seconds"))
}

/// stickiness as it is.
pub fn stickiness(settings: &Settings) -> Value {
    let Some(kind) = settings.text("stickiness.type") else { return Value::null(object_type(&stickiness_rows())) };
    let lasts = duration_key(kind).map(|key| settings.number(&key)).filter(|n| !n.is_null());
    Value::object([
        ("type", Value::from(kind)),
        ("cookie_duration", lasts.unwrap_or_else(|| DAY.into())),
        ("cookie_name", settings.string("stickiness.app_cookie.cookie_name")),
        ("enabled", settings.bool("stickiness.enabled")),
    ])
}

fn write_stickiness(block: &Attrs) -> Pairs {
    let kind = block.str("type").unwrap_or_default();
    let text = |name: &str| block.get(name).map(plain).unwrap_or_default();
    let mut pairs =
        vec![("stickiness.enabled".to_owned(), text("enabled")), ("stickiness.type".to_owned(), kind.to_owned())];
    pairs.extend(duration_key(kind).map(|key| (key, text("cookie_duration"))));
    if kind == "app_cookie" {
        pairs.push(("stickiness.app_cookie.cookie_name".to_owned(), text("cookie_name")));
    }
    pairs
}

/// Whether the type of stickiness fits the protocol.
pub fn check_stickiness(block: &Attrs, protocol: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    let (Some(kind), Some(protocol)) = (block.str("type"), protocol) else { return wrong };
    let fits = match kind {
        "lb_cookie" | "app_cookie" => matches!(protocol, "HTTP" | "HTTPS"),
        "source_ip" => !matches!(protocol, "HTTP" | "HTTPS" | "GENEVE"),
        _ => protocol == "GENEVE",
    };
    if !fits {
        wrong.push(format!("stickiness by {kind} does not fit a group with protocol {protocol}"));
    }
    if kind == "app_cookie" && !block.is_set("cookie_name") && !block.is_unknown("cookie_name") {
        wrong.push("stickiness by app_cookie needs cookie_name".into());
    }
    wrong
}

document! {
    /// health_check. What is left out of a block is what Terraform's provider sets, which is not what AWS chooses
    /// when there is no block at all. A Lambda function is invoked, so port and protocol read as the defaults.
    Health {
        enabled = "HealthCheckEnabled": Flag [.default(true)];
        healthy_threshold = "HealthyThresholdCount": Int [.default(3).check(|v| between(v, 2, 10))];
        interval = "HealthCheckIntervalSeconds": Int [.default(30).check(|v| between(v, 5, 300))];
        matcher = "": Text, none [.optional_computed().check(matcher).read(|g| codes(g.held()).into())];
        path = "HealthCheckPath": Text [.optional_computed().check(path)];
        port = "HealthCheckPort": Text, create [.default("traffic-port").check(health_port)]
            [.read(|g| or_of_function(g.held(), "HealthCheckPort", "traffic-port"))];
        protocol = "HealthCheckProtocol": Text, create
            [.default("HTTP").check(|v| checks::one_of(v, &["HTTP", "HTTPS", "TCP"]))]
            [.read(|g| or_of_function(g.held(), "HealthCheckProtocol", "HTTP"))];
        timeout = "HealthCheckTimeoutSeconds": Positive [.optional_computed().check(|v| between(v, 2, 120))];
        unhealthy_threshold = "UnhealthyThresholdCount": Int [.default(3).check(|v| between(v, 2, 10))];
    }
}

/// A member of a group; a group of Lambda functions has this instead of none.
fn or_of_function(g: &Json, name: &str, other: &str) -> Value {
    member_text(g, name).or_else(|| (g["TargetType"] == "lambda").then(|| other.to_owned())).into()
}

fn codes(g: &Json) -> Option<String> {
    member_text(g, "Matcher.HttpCode").or_else(|| member_text(g, "Matcher.GrpcCode"))
}

/// The row of health_check.
pub fn health_row<L>() -> A<L> {
    A::optional_block("health_check", unread(Health::rows::<Json>())).optional_computed()
}

/// health_check as it is.
pub fn health(g: &Json) -> Value {
    read_object(Health::rows::<Json>(), g)
}

/// health_check as the calls take it.
pub fn wanted_health(want: &Attrs) -> Json {
    let mut health = want.blocks("health_check").into_iter().next().unwrap_or_default();
    if want.str("target_type") == Some("lambda") {
        health = health.with("port", Value::any_null()).with("protocol", Value::any_null());
    }
    let by = if want.str("protocol_version") == Some("GRPC") { "GrpcCode" } else { "HttpCode" };
    joined(Health::create(&health), json!({"Matcher": {by: text(&health, "matcher")}}))
}

/// Whether the parts of a health check fit each other and the group's protocol.
pub fn check_health(block: &Attrs, protocol: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    let by_http = matches!(block.str("protocol"), Some("HTTP" | "HTTPS"));
    if let (Some(timeout), Some(interval)) = (block.int("timeout"), block.int("interval")) {
        let strict = matches!(protocol, Some("HTTP" | "HTTPS"));
        if timeout > interval || (strict && timeout == interval) {
            wrong.push(format!("the timeout of {timeout} seconds must be shorter than the interval of {interval}"));
        }
    }
    if block.str("protocol") == Some("TCP") {
        for name in ["path", "matcher"] {
            if block.str(name).is_some_and(|text| !text.is_empty()) {
                wrong.push(format!("a health check by TCP has no {name}"));
            }
        }
        if matches!(protocol, Some("HTTP" | "HTTPS")) {
            wrong.push("a group of HTTP or HTTPS is checked by HTTP or HTTPS, not by TCP".into());
        }
    } else if by_http && block.str("path") == Some("") && protocol == Some("GENEVE") {
        wrong.push("a health check by HTTP needs a path".into());
    }
    wrong
}

fn between(value: &Value, low: i64, high: i64) -> Check {
    checks::number(value, |n| (low..=high).contains(&n), &format!("is out of range; AWS takes {low} to {high}"))
}

/// A time of at most so many seconds, as number or text.
pub fn seconds(value: &Value, most: i64) -> Check {
    let text = plain(value);
    match text.parse::<i64>() {
        Ok(n) if (0..=most).contains(&n) => Ok(()),
        _ if text.is_empty() => Ok(()),
        _ => Err(format!("{text:?} is not a valid time; AWS takes 0 to {most} seconds")),
    }
}

/// No slow start, or one of 30 to 900 seconds.
pub fn slow_start(value: &Value) -> Check {
    match value.as_i64() {
        Some(0) | None => Ok(()),
        _ => between(value, 30, 900).map_err(|text| format!("{text} seconds, or 0 for none")),
    }
}

fn path(value: &Value) -> Check {
    checks::text(value, |path| path.is_empty() || path.starts_with('/'), "does not begin with /")?;
    match value.as_str() {
        Some(path) if path.len() > 1024 => Err("the path is longer than 1024 characters".into()),
        _ => Ok(()),
    }
}

fn health_port(value: &Value) -> Check {
    let fits = |text: &str| text == "traffic-port" || text.parse::<u16>().is_ok_and(|port| port > 0);
    checks::text(value, fits, "is not a valid port; expected traffic-port or 1 to 65535")
}

/// Codes such as `200`, `200,302` or `200-299`.
fn matcher(value: &Value) -> Check {
    let code = |part: &str| part.parse::<u16>().is_ok();
    let range = |part: &str| part.split_once('-').map_or_else(|| code(part), |(low, high)| code(low) && code(high));
    let fits = |text: &str| text.is_empty() || text.split(',').all(range);
    checks::text(value, fits, "names no codes; expected a form such as 200, 200,302 or 200-299")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_health_check_that_cannot_work_is_refused() {
        let health = |timeout: i32, interval: i32, protocol: &str| {
            Attrs::default().with("timeout", timeout).with("interval", interval).with("protocol", protocol)
        };
        let said = |block: Attrs, protocol| check_health(&block, Some(protocol));
        assert_eq!(said(health(5, 30, "HTTP"), "HTTP"), [""; 0]);
        assert_eq!(
            said(health(30, 30, "HTTP"), "HTTP"),
            ["the timeout of 30 seconds must be shorter than the interval of 30"]
        );
        assert_eq!(said(health(10, 10, "TCP"), "TCP"), [""; 0], "a network balancer takes both alike");
        assert_eq!(
            said(health(5, 30, "TCP").with("path", "/x"), "HTTPS"),
            ["a health check by TCP has no path", "a group of HTTP or HTTPS is checked by HTTP or HTTPS, not by TCP"]
        );
        assert!(matcher(&"200,300-399".into()).is_ok() && matcher(&"2xx".into()).is_err());
    }

    #[test]
    fn stickiness_fits_the_protocol() {
        let by = |kind: &str| Attrs::default().with("type", kind);
        assert_eq!(check_stickiness(&by("lb_cookie"), Some("HTTP")), [""; 0]);
        assert_eq!(
            check_stickiness(&by("lb_cookie"), Some("TCP")),
            ["stickiness by lb_cookie does not fit a group with protocol TCP"]
        );
        assert_eq!(check_stickiness(&by("app_cookie"), Some("HTTP")), ["stickiness by app_cookie needs cookie_name"]);
    }
}
