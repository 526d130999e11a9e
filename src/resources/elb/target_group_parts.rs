//! The blocks of a target group: its health check, and those that are attributes by key.

use crate::resources::elb::shared::{Settings, plain};
use crate::resources::spec::{self, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, checks};
use crate::value::{Type, Value};
use aws_sdk_elasticloadbalancingv2::types::{TargetGroup, TargetTypeEnum};

type Row = spec::A<()>;
type Check = std::result::Result<(), String>;

/// Attributes as keys and values.
pub type Pairs = Vec<(String, String)>;

/// How each block that is made of attributes is written.
pub const BLOCKS: [(&str, fn(&Attrs) -> Pairs); 4] = [
    ("stickiness", write_stickiness),
    ("target_failover", |block| FAILOVER.write(block)),
    ("target_group_health", write_group_health),
    ("target_health_state", |block| HEALTH_STATE.write(block)),
];

const DAY: i32 = 86_400;

/// A block of which each argument is one attribute.
pub struct Plain {
    rows: fn() -> Vec<Attribute>,
    keys: &'static [(&'static str, &'static str)],
}

/// target_failover, of gateway balancers.
pub const FAILOVER: Plain = Plain {
    rows: failover_rows,
    keys: &[
        ("on_deregistration", "target_failover.on_deregistration"),
        ("on_unhealthy", "target_failover.on_unhealthy"),
    ],
};
/// target_health_state, of network balancers.
pub const HEALTH_STATE: Plain = Plain {
    rows: health_state_rows,
    keys: &[
        ("enable_unhealthy_connection_termination", "target_health_state.unhealthy.connection_termination.enabled"),
        ("unhealthy_draining_interval", "target_health_state.unhealthy.draining_interval_seconds"),
    ],
};
const DNS_FAILOVER: Plain = Plain {
    rows: dns_failover_rows,
    keys: &[
        ("minimum_healthy_targets_count", "target_group_health.dns_failover.minimum_healthy_targets.count"),
        ("minimum_healthy_targets_percentage", "target_group_health.dns_failover.minimum_healthy_targets.percentage"),
    ],
};
const UNHEALTHY_ROUTING: Plain = Plain {
    rows: unhealthy_routing_rows,
    keys: &[
        ("minimum_healthy_targets_count", "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"),
        (
            "minimum_healthy_targets_percentage",
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        ),
    ],
};

impl Plain {
    /// The block; null where the group has no such attributes.
    fn read(&self, settings: &Settings) -> Value {
        let rows = (self.rows)();
        if self.keys.iter().all(|(_, key)| settings.text(key).is_none()) {
            return Value::null(object_type(&rows));
        }
        Value::object(rows.iter().map(|row| {
            let key = self.keys.iter().find(|(name, _)| *name == row.name).map_or("", |(_, key)| key);
            let value = match row.ty {
                Type::Bool => settings.flag(key).into(),
                Type::Number => settings.number(key).into(),
                _ => Value::from(settings.text(key)),
            };
            (row.name, value)
        }))
    }

    /// The same as a list of at most one.
    pub fn read_list(&self, settings: &Settings) -> Value {
        let one = Some(self.read(settings)).filter(|block| !block.is_null());
        Value::list(object_type(&(self.rows)()), one.into_iter().collect())
    }

    fn write(&self, block: &Attrs) -> Pairs {
        let pair = |(name, key): &(&str, &str)| ((*key).to_owned(), block.get(name).map(plain).unwrap_or_default());
        self.keys.iter().map(pair).collect()
    }
}

/// The rows of target_failover.
pub fn failover_rows() -> Vec<Attribute> {
    let word = |name| Row::string(name).required().check(|v| checks::one_of(v, &["rebalance", "no_rebalance"]));
    rows([word("on_deregistration"), word("on_unhealthy")])
}

/// The rows of target_health_state.
pub fn health_state_rows() -> Vec<Attribute> {
    rows([
        Row::bool("enable_unhealthy_connection_termination").required(),
        Row::number("unhealthy_draining_interval").check(|v| seconds(v, 360_000)),
    ])
}

fn dns_failover_rows() -> Vec<Attribute> {
    rows([
        Row::string("minimum_healthy_targets_count").default("1"),
        Row::string("minimum_healthy_targets_percentage").default("off"),
    ])
}

fn unhealthy_routing_rows() -> Vec<Attribute> {
    rows([
        Row::number("minimum_healthy_targets_count").default(1),
        Row::string("minimum_healthy_targets_percentage").default("off"),
    ])
}

/// The rows of target_group_health.
pub fn group_health_rows() -> Vec<Attribute> {
    rows([
        Row::optional_block("dns_failover", dns_failover_rows()).optional_computed(),
        Row::optional_block("unhealthy_state_routing", unhealthy_routing_rows()).optional_computed(),
    ])
}

/// target_group_health as it is.
pub fn group_health(settings: &Settings) -> Value {
    let (dns, routing) = (DNS_FAILOVER.read(settings), UNHEALTHY_ROUTING.read(settings));
    match dns.is_null() && routing.is_null() {
        true => Value::null(object_type(&group_health_rows())),
        false => Value::object([("dns_failover", dns), ("unhealthy_state_routing", routing)]),
    }
}

fn write_group_health(block: &Attrs) -> Pairs {
    let part = |name: &str, plain: &Plain| block.blocks(name).first().map(|b| plain.write(b)).unwrap_or_default();
    [part("dns_failover", &DNS_FAILOVER), part("unhealthy_state_routing", &UNHEALTHY_ROUTING)].concat()
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
    let lasts = duration_key(kind).and_then(|key| settings.number(&key)).unwrap_or(DAY.into());
    Value::object([
        ("type", Value::from(kind)),
        ("cookie_duration", lasts.into()),
        ("cookie_name", settings.text("stickiness.app_cookie.cookie_name").into()),
        ("enabled", settings.flag("stickiness.enabled").into()),
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

/// The rows of health_check. What is left out of a block is what Terraform's provider sets, which is
/// not what AWS chooses when there is no block at all.
pub fn health_rows() -> Vec<Attribute> {
    rows([
        Row::bool("enabled").default(true),
        Row::number("healthy_threshold").default(3).check(|v| between(v, 2, 10)),
        Row::number("interval").default(30).check(|v| between(v, 5, 300)),
        Row::string("matcher").optional_computed().check(matcher),
        Row::string("path").optional_computed().check(path),
        Row::string("port").default("traffic-port").check(health_port),
        Row::string("protocol").default("HTTP").check(|v| checks::one_of(v, &["HTTP", "HTTPS", "TCP"])),
        Row::number("timeout").optional_computed().check(|v| between(v, 2, 120)),
        Row::number("unhealthy_threshold").default(3).check(|v| between(v, 2, 10)),
    ])
}

/// health_check as it is. A Lambda function is invoked, so port and protocol read as the defaults.
pub fn health(g: &TargetGroup) -> Value {
    let invoked = g.target_type() == Some(&TargetTypeEnum::Lambda);
    let codes = g.matcher().and_then(|m| m.http_code().or(m.grpc_code()));
    let protocol = g.health_check_protocol().map(|p| p.as_str());
    Value::object([
        ("enabled", Value::from(g.health_check_enabled())),
        ("healthy_threshold", g.healthy_threshold_count().into()),
        ("interval", g.health_check_interval_seconds().into()),
        ("matcher", codes.into()),
        ("path", g.health_check_path().into()),
        ("port", g.health_check_port().or(invoked.then_some("traffic-port")).into()),
        ("protocol", protocol.or(invoked.then_some("HTTP")).into()),
        ("timeout", g.health_check_timeout_seconds().into()),
        ("unhealthy_threshold", g.unhealthy_threshold_count().into()),
    ])
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
    match value.as_i64() {
        Some(n) if !(low..=high).contains(&n) => Err(format!("{n} is out of range; AWS takes {low} to {high}")),
        _ => Ok(()),
    }
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
    match value.as_str() {
        Some(path) if !path.is_empty() && !path.starts_with('/') => Err(format!("{path:?} does not begin with /")),
        Some(path) if path.len() > 1024 => Err("the path is longer than 1024 characters".into()),
        _ => Ok(()),
    }
}

fn health_port(value: &Value) -> Check {
    match value.as_str() {
        None | Some("traffic-port") => Ok(()),
        Some(text) if text.parse::<u16>().is_ok_and(|port| port > 0) => Ok(()),
        Some(text) => Err(format!("{text:?} is not a valid port; expected traffic-port or 1 to 65535")),
    }
}

/// Codes such as `200`, `200,302` or `200-299`.
fn matcher(value: &Value) -> Check {
    let Some(text) = value.as_str() else { return Ok(()) };
    let code = |part: &str| part.parse::<u16>().is_ok();
    let range = |part: &str| match part.split_once('-') {
        Some((low, high)) => code(low) && code(high),
        None => code(part),
    };
    match text.is_empty() || text.split(',').all(range) {
        true => Ok(()),
        false => Err(format!("{text:?} names no codes; expected a form such as 200, 200,302 or 200-299")),
    }
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
