use super::*;
use crate::lang::config::fixtures::{body, text};

fn said(blocks: &str) -> String {
    let mut diags = Diagnostics::new();
    read(&body(blocks).0, &mut diags);
    text(&diags)
}

/// Only what is wrong, without the source.
fn first_lines(blocks: &str) -> String {
    let mut diags = Diagnostics::new();
    read(&body(blocks).0, &mut diags);
    diags.iter().map(|d| format!("{}: {}\n", d.summary, d.hints.first().unwrap_or(&d.detail))).collect()
}

const RULE: &str = "from = \"internet\"\n to = \"aws_instance.*\"\n";

#[test]
fn a_guard_has_rules_ports_and_exceptions() {
    let blocks = r#"
guard "web-only" {
  level = "warning"
  deny {
    from  = "internet"
    to    = "aws_instance.*"
    ports = "tcp/22, udp/500-600, icmp"
  }
  require {
    from  = "10.0.0.0/8"
    to    = "module.database[\"a\"]"
    ports = "tcp/3306"
  }
  allow {
    from   = "vpn"
    to     = "*"
    ports  = "any"
    reason = "moves until spring"
    until  = "2027-01-31"
  }
}
guard "flow-logs" {
  off = "an account of its own records all traffic"
}
"#;
    let mut diags = Diagnostics::new();
    let all = read(&body(blocks).0, &mut diags);
    assert_eq!(text(&diags), "");
    let [own, logs] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((own.level, own.standard, own.rules.len()), (Some(GuardLevel::Warning), None, 3));
    let range = |protocol, first, last| PortRange { protocol, first, last };
    assert_eq!(own.rules[0].ports, [range(Some(6), 22, 22), range(Some(17), 500, 600), range(Some(1), 0, u16::MAX)]);
    assert_eq!(own.rules[0].to, GuardEnd::Objects("aws_instance.*".into()));
    assert_eq!(own.rules[1].from, GuardEnd::Range("10.0.0.0/8".into()));
    assert_eq!(own.rules[2].ports, [range(None, 0, u16::MAX)]);
    let until = Some(jiff::civil::date(2027, 1, 31));
    assert_eq!(own.rules[2].action, GuardAction::Allow { reason: "moves until spring".into(), until });
    assert_eq!(logs.standard, Some(Standard::FlowLogs));
    assert_eq!(logs.off.as_deref(), Some("an account of its own records all traffic"));
}

#[test]
fn an_invalid_port_says_how_ports_are_written() {
    insta::assert_snapshot!(said("guard \"x\" {\n  deny {\n    from = \"internet\"\n    to = \"*\"\n    ports = \"tcp/22, tpc/80\"\n  }\n}\n"), @r#"
    error: "tpc/80" is not a port
     --> main.tf:5:13
      |
    5 |     ports = "tcp/22, tpc/80"
      |             ^^^^^^^^^^^^^^^^
      The protocols are tcp, udp, icmp and icmpv6.
      Hint: Write any, tcp/443, 443 (TCP), udp/500-600, icmp, icmp/8 (a type), or several with commas.
    "#);
}

#[test]
fn an_end_that_cannot_be_one_is_refused() {
    let with = |from: &str| {
        first_lines(&format!("guard \"x\" {{\n deny {{\n from = \"{from}\"\n to = \"*\"\n ports = \"any\"\n }}\n}}\n"))
    };
    assert_eq!(with("internt"), "\"internt\" is not an end of traffic: Did you mean \"internet\"?\n");
    assert!(with("web").starts_with("\"web\" is not an end of traffic: Expected"), "{}", with("web"));
    assert!(with("10.0.0.0/33").starts_with("\"10.0.0.0/33\" is not an end of traffic"), "{}", with("10.0.0.0/33"));
    for fine in ["internet", "vpn", "10.0.0.0/8", "2001:db8::/32", "module.web", "module.*", "aws_lb.web[0]", "*"] {
        assert_eq!(with(fine), "", "{fine}");
    }
}

#[test]
fn a_guard_that_does_nothing_is_refused() {
    let rule = |kind: &str, more: &str| format!("{kind} {{\n {RULE} ports = \"any\"\n {more}\n}}\n");
    let guard = |name: &str, inner: &str| first_lines(&format!("guard \"{name}\" {{\n{inner}\n}}\n"));
    insta::assert_snapshot!([
        guard("flow-log", "off = \"elsewhere\""),
        guard("flow-logs", ""),
        guard("flow-logs", "off = true"),
        guard("flow-logs", "off = \" \""),
        guard("flow-logs", "off = \"elsewhere\"\nlevel = \"error\""),
        guard("flow-logs", "level = \"eror\""),
        guard("flow-logs", &rule("allow", "reason = \"x\"")),
        guard("databases", &rule("deny", "")),
        guard("databases", &format!("off = \"x\"\n{}", rule("allow", "reason = \"x\""))),
        guard("own", ""),
        guard("own", &rule("allow", "reason = \"x\"")),
    ].concat(), @r#"
    The guard "flow-log" forbids nothing and requires nothing: Did you mean "flow-logs"?
    The guard "flow-logs" says nothing: Write level = "error" to have it forbid the plan, or off = "the reason".
    off takes the reason: Write off = "the reason", or remove it.
    off takes the reason: Write off = "the reason", or remove it.
    The guard "flow-logs" is switched off and has a level: Keep off with its reason, or level.
    Invalid level: Did you mean "error"?
    The guard "flow-logs" is not about traffic: Cure what the guard finds, or switch it off: off = "the reason".
    "databases" is the name of a guard that every layout has: Give a guard of your own another name.
    The guard "databases" is switched off and has exceptions: Keep off with its reason, or the allow blocks.
    The guard "own" forbids nothing and requires nothing: An allow block counts in the guard that it is an exception to.
    The guard "own" allows what it does not forbid: An allow block counts in the guard that it is an exception to.
    "#);
}

#[test]
fn an_exception_needs_a_reason_and_a_date_is_a_date() {
    let allow = |more: &str| {
        let inner = format!("allow {{\n {RULE} ports = \"any\"\n {more}\n}}");
        first_lines(&format!("guard \"databases\" {{\n{inner}\n}}\n"))
    };
    insta::assert_snapshot!([
        allow(""),
        allow("reason = \"\""),
        allow("reason = null"),
        allow("reason = \"x\"\nuntil = \"31.1.2027\""),
        allow("reason = \"x\"\nuntil = \"2027-02-30\""),
        allow("reason = \"x\"\nuntill = \"2027-01-31\""),
    ].concat(), @r#"
    Missing required argument: The argument "reason" is required, but is not given.
    An exception has an empty reason: Say why this traffic is let through.
    "reason" is null: It must be given.
    "31.1.2027" is not a date: Write a date such as "2027-01-31".
    "2027-02-30" is not a date: Write a date such as "2027-01-31".
    Unsupported argument: Did you mean "until"?
    "#);
}

#[test]
fn names_of_guards_are_given_once() {
    let deny = format!("deny {{\n {RULE} ports = \"any\"\n}}");
    let twice = first_lines(&format!("guard \"x\" {{\n{deny}\n}}\nguard \"x\" {{\n{deny}\n}}\n"));
    assert_eq!(twice, "Duplicate guard: Remove one of the two, or give one another name.\n");
    let bare = first_lines("guard {\n}\nguard \"a b\" {\n}\n");
    assert!(bare.starts_with("Missing label: Write `guard \"NAME\" { … }`.\nInvalid name:"), "{bare}");
}

#[test]
fn traffic_from_outside_to_a_range_is_refused() {
    let blocks = "guard \"x\" {\n deny {\n from = \"internet\"\n to = \"10.0.0.0/8\"\n ports = \"any\"\n }\n}\n";
    let said = first_lines(blocks);
    assert!(said.starts_with("Traffic from outside to a range cannot be judged: Name the objects"), "{said}");
}
