//! Small layouts whose plans cut flows off, end or open them.

use super::{Flows, Judgement};
use crate::plan::change::{Action, Change, Op, Step, StepId};
use crate::plan::fixtures::change;
use crate::plan::rows::Rows;
use crate::plan::service_check::words;
use crate::schema::{Attrs, Schema};
use crate::value::address::Address;
use crate::value::json::from_json;
use serde_json::{Value as Json, json};

fn schema(address: &Address) -> Option<&'static Schema> {
    crate::resources::resource(&address.resource.type_name)
}

fn attrs(json: Json) -> Attrs {
    Attrs::from_value(&from_json(&json).unwrap())
}

fn stays(address: &str, json: Json) -> Change {
    change(address, Action::NoOp, Some(attrs(json.clone())), Some(attrs(json)))
}

fn comes(address: &str, json: Json) -> Change {
    change(address, Action::Create, None, Some(attrs(json)))
}

fn goes(address: &str, json: Json) -> Change {
    change(address, Action::Delete, Some(attrs(json)), None)
}

fn becomes(address: &str, action: Action, before: Json, after: Json) -> Change {
    change(address, action, Some(attrs(before)), Some(attrs(after)))
}

fn everything() -> Json {
    json!([{ "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"] }])
}

/// A server and a database that have a group each; the rules are the test's.
fn layout() -> Vec<Change> {
    vec![
        stays("aws_vpc.main", json!({ "id": "vpc-1", "cidr_block": "10.0.0.0/16" })),
        stays("aws_subnet.web", json!({ "id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24" })),
        stays("aws_subnet.db", json!({ "id": "subnet-2", "vpc_id": "vpc-1", "cidr_block": "10.0.2.0/24" })),
        stays("aws_db_subnet_group.db", json!({ "id": "dbs", "name": "dbs", "subnet_ids": ["subnet-2"] })),
        stays("aws_security_group.web", json!({ "id": "sg-web", "vpc_id": "vpc-1", "egress": everything() })),
        stays("aws_security_group.db", json!({ "id": "sg-db", "vpc_id": "vpc-1" })),
        stays("aws_instance.web", web(&["sg-web"])),
        stays(
            "aws_db_instance.db",
            json!({
                "id": "db-1", "identifier": "db", "db_subnet_group_name": "dbs", "port": 3306,
                "vpc_security_group_ids": ["sg-db"],
            }),
        ),
    ]
}

fn web(groups: &[&str]) -> Json {
    json!({
        "id": "i-web", "subnet_id": "subnet-1", "private_ip": "10.0.1.5", "public_ip": "",
        "vpc_security_group_ids": groups,
    })
}

/// A rule that lets traffic to the database in.
fn rule(id: &str, peer: &str, port: u16) -> Json {
    let peer_name = if peer.contains('/') { "cidr_ipv4" } else { "referenced_security_group_id" };
    json!({
        "id": id, "security_group_id": "sg-db", "ip_protocol": "tcp", "from_port": port, "to_port": port,
        (peer_name): peer,
    })
}

const RULE: &str = "aws_vpc_security_group_ingress_rule";

/// The steps in the order of the changes; a replacement has both in the order of its action.
fn steps(changes: &[Change], needs: &[(usize, usize)]) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    for (change, of) in changes.iter().enumerate() {
        let ops: &[Op] = match of.action {
            Action::Create => &[Op::Create],
            Action::Update => &[Op::Update],
            Action::Delete => &[Op::Delete],
            Action::DeleteThenCreate => &[Op::Delete, Op::Create],
            Action::CreateThenDelete => &[Op::Create, Op::Delete],
            _ => &[],
        };
        for (at, &op) in ops.iter().enumerate() {
            let id = all.len();
            let mut before: Vec<StepId> =
                needs.iter().filter(|(then, _)| *then == id).map(|(_, first)| *first).collect();
            before.extend((at > 0).then(|| id - 1));
            all.push(Step { change, op, needs: before, wait: None, detour: None, rows: Rows::default() });
        }
    }
    all
}

struct Judged {
    steps: Vec<String>,
    said: Vec<String>,
}

fn judged(more: Vec<Change>, needs: &[(usize, usize)]) -> Judged {
    let mut changes = layout();
    for change in more {
        match changes.iter_mut().find(|known| known.address == change.address) {
            Some(known) => *known = change,
            None => changes.push(change),
        }
    }
    let mut steps = steps(&changes, needs);
    let flows = Flows::of(&changes, &steps, Vec::new(), &schema);
    flows.arrange(&mut steps);
    let Judgement { flows, losses } = flows.judge(&steps, &[]);
    let numbers = |steps: &[StepId]| steps.iter().map(|step| (step + 1).to_string()).collect::<Vec<_>>().join(", ");
    let kept = flows.iter().map(|flow| {
        let how = flow.leaves_by.as_ref().map_or("kept".to_owned(), |by| format!("leaves by {by}"));
        format!("{} → {} {}: {how} ({})", flow.from, flow.to, flow.what, numbers(&flow.steps))
    });
    let lost = losses.iter().map(|loss| format!("step {}: {}", loss.step + 1, words(&loss.reason)));
    let step = |step: &Step| format!("{} {} after [{}]", step.op, changes[step.change].address, numbers(&step.needs));
    Judged { said: kept.chain(lost).collect(), steps: steps.iter().map(step).collect() }
}

#[test]
fn a_new_rule_comes_before_the_old_one_goes() {
    let old = goes(&format!("{RULE}.old"), rule("sgr-1", "sg-web", 3306));
    let new = comes(&format!("{RULE}.new"), rule("sgr-2", "10.0.1.0/24", 3306));
    let judged = judged(vec![old, new], &[]);
    assert_eq!(
        judged.steps,
        [
            "create aws_vpc_security_group_ingress_rule.new after []",
            "delete aws_vpc_security_group_ingress_rule.old after [1]",
        ]
    );
    assert_eq!(judged.said, ["web → db tcp/3306: kept (1, 2)"]);
}

#[test]
fn a_rule_that_is_gone_ends_the_flow() {
    let judged = judged(vec![goes(&format!("{RULE}.old"), rule("sgr-1", "sg-web", 3306))], &[]);
    assert_eq!(judged.said, ["step 1: web → db tcp/3306 ends"]);
}

#[test]
fn a_rule_that_goes_first_cuts_the_flow_off() {
    let address = format!("{RULE}.db");
    let (before, after) = (rule("sgr-1", "sg-web", 3306), rule("sgr-2", "10.0.1.0/24", 3306));
    let judged = judged(vec![becomes(&address, Action::DeleteThenCreate, before, after)], &[]);
    assert_eq!(judged.said, ["step 1: web → db tcp/3306 is cut off until step 2 is done"]);
}

#[test]
fn a_rule_of_another_port_cuts_nothing_off() {
    let kept = stays(&format!("{RULE}.db"), rule("sgr-1", "sg-web", 3306));
    let other = goes(&format!("{RULE}.other"), rule("sgr-2", "sg-web", 22));
    assert_eq!(judged(vec![kept, other], &[]).said, [""; 0]);
}

#[test]
fn the_rule_of_a_new_group_comes_before_it_is_given() {
    let group = comes("aws_security_group.new", json!({ "vpc_id": "vpc-1", "egress": everything() }));
    let mut after = attrs(web(&[]));
    let id = crate::value::Value::unknown(crate::value::Type::String)
        .from_origin(|| crate::value::Origin { address: "aws_security_group.new".into(), attribute: "id".into() });
    after =
        after.with("vpc_security_group_ids", crate::value::Value::list(crate::value::Type::String, vec![id.clone()]));
    let given = change("aws_instance.web", Action::Update, Some(attrs(web(&["sg-web"]))), Some(after));
    let old = stays(&format!("{RULE}.old"), rule("sgr-1", "sg-web", 3306));
    let ours = attrs(rule("sgr-2", "sg-new", 3306)).with("referenced_security_group_id", id);
    let new = change(&format!("{RULE}.new"), Action::Create, None, Some(ours));
    // The server and the rule both need the group, and nothing else says which of them comes first.
    let judged = judged(vec![given, old, group, new], &[(0, 1), (2, 1)]);
    assert_eq!(
        judged.steps,
        [
            "create aws_security_group.new after []",
            "create aws_vpc_security_group_ingress_rule.new after [1]",
            "update aws_instance.web after [1, 2]",
        ]
    );
    assert!(judged.said.contains(&"web → db tcp/3306: kept (1, 2, 3)".to_owned()), "{:?}", judged.said);
}

#[test]
fn what_no_end_has_does_not_open_in_between() {
    let public = |mut json: Json| {
        json["public_ip"] = "54.1.2.3".into();
        json
    };
    let shared = [
        stays("aws_instance.web", public(web(&["sg-web"]))),
        stays("aws_internet_gateway.main", json!({ "id": "igw-1", "vpc_id": "vpc-1" })),
        stays("aws_route_table.main", json!({ "id": "rtb-1", "vpc_id": "vpc-1" })),
        stays(
            "aws_route.out",
            json!({
                "id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1",
            }),
        ),
        stays(
            "aws_route_table_association.web",
            json!({ "id": "assoc-1", "subnet_id": "subnet-1", "route_table_id": "rtb-1" }),
        ),
        stays(
            "aws_network_acl.web",
            json!({
                "id": "acl-1", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1"],
                "ingress": [{ "rule_no": 100, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0,
                    "cidr_block": "0.0.0.0/0" }],
                "egress": [{ "rule_no": 100, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0,
                    "cidr_block": "0.0.0.0/0" }],
            }),
        ),
    ];
    let opens = comes(
        "aws_security_group_rule.ssh",
        json!({
            "type": "ingress", "security_group_id": "sg-web", "protocol": "tcp", "from_port": 22, "to_port": 22,
            "cidr_blocks": ["0.0.0.0/0"],
        }),
    );
    let denies = comes(
        "aws_network_acl_rule.ssh",
        json!({
            "network_acl_id": "acl-1", "rule_number": 50, "egress": false, "protocol": "tcp", "rule_action": "deny",
            "cidr_block": "0.0.0.0/0", "from_port": 22, "to_port": 22,
        }),
    );
    let judged = judged(shared.into_iter().chain([opens, denies]).collect(), &[]);
    assert_eq!(
        judged.steps,
        ["create aws_network_acl_rule.ssh after []", "create aws_security_group_rule.ssh after [1]",]
    );
    assert_eq!(judged.said, [""; 0]);
}

#[test]
fn a_first_plan_keeps_nothing() {
    let new = |change: Change| Change { before: None, action: Action::Create, ..change };
    let changes: Vec<Change> = layout().into_iter().map(new).collect();
    let steps = steps(&changes, &[]);
    let judgement = Flows::of(&changes, &steps, Vec::new(), &schema).judge(&steps, &[]);
    assert!(judgement.flows.is_empty() && judgement.losses.is_empty(), "{judgement:?}");
}

#[test]
fn a_balancer_that_may_not_send_serves_nobody() {
    let app = json!({
        "id": "i-app", "subnet_id": "subnet-2", "private_ip": "10.0.2.5", "public_ip": "",
        "vpc_security_group_ids": ["sg-app"],
    });
    let from_anywhere = json!([{ "protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/16"] }]);
    let group = |id: &str| json!({ "id": id, "vpc_id": "vpc-1", "ingress": from_anywhere });
    let more = vec![
        stays("aws_security_group.front", group("sg-front")),
        stays("aws_security_group.app", group("sg-app")),
        stays("aws_instance.app", app),
        stays(
            "aws_lb.front",
            json!({
                "id": "lb-1", "arn": "lb-1", "internal": true, "load_balancer_type": "application",
                "subnets": ["subnet-1"], "security_groups": ["sg-front"],
            }),
        ),
        stays(
            "aws_lb_target_group.app",
            json!({ "id": "tg-1", "arn": "tg-1", "port": 80, "protocol": "HTTP", "vpc_id": "vpc-1" }),
        ),
        stays(
            "aws_lb_listener.front",
            json!({
                "id": "listener-1", "arn": "listener-1", "load_balancer_arn": "lb-1", "port": 80, "protocol": "HTTP",
                "default_action": [{ "type": "forward", "target_group_arn": "tg-1" }],
            }),
        ),
        stays(
            "aws_lb_target_group_attachment.app",
            json!({ "id": "attachment-1", "target_group_arn": "tg-1", "target_id": "i-app" }),
        ),
        goes(
            "aws_vpc_security_group_egress_rule.front",
            json!({ "id": "sgr-1", "security_group_id": "sg-front", "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0" }),
        ),
    ];
    assert_eq!(judged(more, &[]).said, ["step 1: web → front → app tcp/80 ends"]);
}

#[test]
fn a_rule_that_takes_in_more_keeps_the_flow() {
    let address = format!("{RULE}.db");
    let (before, mut after) = (rule("sgr-1", "sg-web", 3306), rule("sgr-1", "sg-web", 3306));
    after["from_port"] = 3300.into();
    let judged = judged(vec![becomes(&address, Action::Update, before, after)], &[]);
    assert_eq!(judged.said, ["web → db tcp/3306: kept (1)"]);
}
