use super::sought::{Act, Clue};
use super::*;
use crate::drift::{Class, Difference, Effect, Severity};
use crate::plan::fixtures::{address, change, plan};
use crate::plan::{Action, Drift};
use crate::resources::Types;
use crate::schema::Attrs;
use crate::value::Value;
use serde_json::{Value as Json, json};

const ADA: &str = "arn:aws:sts::123456789012:assumed-role/operators/ada";
const CLI: &str = "aws-cli/2.15.30 md/Botocore#1.34 ua/2.0 os/linux";

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
}

/// An event as LookupEvents gives it.
fn given(name: &str, minute: i64, parameters: Json) -> Json {
    let whole = json!({
        "eventID": format!("{name}-{minute}"),
        "eventName": name,
        "eventSource": "ec2.amazonaws.com",
        "eventTime": at(minute).to_string(),
        "userIdentity": { "type": "AssumedRole", "arn": ADA, "accountId": "123456789012" },
        "sourceIPAddress": "203.0.113.7",
        "userAgent": CLI,
        "requestParameters": parameters,
        "responseElements": null,
        "readOnly": false,
    });
    json!({ "EventId": format!("{name}-{minute}"), "CloudTrailEvent": whole.to_string(), "Resources": [] })
}

fn event(name: &str, minute: i64, parameters: Json) -> Event {
    Event::read(&given(name, minute, parameters)).unwrap()
}

fn of(class: Class, type_name: &str, clues: Vec<Clue>) -> Sought {
    Sought {
        key: format!("{} {type_name}", class.word()),
        home: Home::Provider("aws".into(), "eu-west-1".into()),
        type_name: type_name.into(),
        names: vec!["subnet-1".into()],
        holders: Vec::new(),
        clues,
        since: at(0),
        known_until: None,
    }
}

fn clue(path: Option<&str>, act: Act, texts: &[&str]) -> Clue {
    Clue {
        path: path.map(str::to_owned),
        act,
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        parameter: None,
    }
}

fn names(deeds: &[Deed]) -> Vec<&str> {
    deeds.iter().map(|deed| deed.event.id.as_str()).collect()
}

fn chosen(sought: &Sought, events: &[Event]) -> Vec<String> {
    names(&choose(sought, events.iter())).into_iter().map(str::to_owned).collect()
}

#[test]
fn an_event_says_who_from_where_and_with_what() {
    let one = event("DeleteSubnet", 1, json!({ "subnetId": "subnet-1" }));
    assert_eq!((one.principal.as_str(), one.address.as_str(), one.way), (ADA, "203.0.113.7", Way::Cli));
    assert_eq!((one.time, one.is_idle), (at(1), false));
    let with = |change: &dyn Fn(&mut Json)| {
        let mut all = given("DeleteSubnet", 1, Json::Null);
        let mut whole: Json = serde_json::from_str(all["CloudTrailEvent"].as_str().unwrap()).unwrap();
        change(&mut whole);
        all["CloudTrailEvent"] = whole.to_string().into();
        Event::read(&all).unwrap()
    };
    let agent = |agent: &str| with(&|whole| whole["userAgent"] = agent.into()).way;
    assert_eq!(agent("floorplan/0.1.0 op/DeleteSubnet"), Way::Floorplan);
    assert_eq!(agent("aws-sdk-rust/1.3 ua/2.1 api/ec2/1.2 os/linux lang/rust/1.9 app/floorplan"), Way::Floorplan);
    assert_eq!(agent("aws-sdk-rust/1.3 app/floorplanner"), Way::Sdk);
    assert_eq!(agent("Boto3/1.34 md/Botocore#1.34"), Way::Sdk);
    assert_eq!(agent("console.ec2.amazonaws.com"), Way::Console);
    assert_eq!(agent("autoscaling.amazonaws.com"), Way::Service);
    assert_eq!(with(&|whole| whole["sessionCredentialFromConsole"] = "true".into()).way, Way::Console);
    assert!(with(&|whole| whole["errorCode"] = "Client.UnauthorizedOperation".into()).is_idle);
    assert!(with(&|whole| whole["readOnly"] = true.into()).is_idle);
    let who = |identity: Json| with(&|whole| whole["userIdentity"] = identity.clone()).principal;
    assert_eq!(who(json!({ "invokedBy": "autoscaling.amazonaws.com" })), "autoscaling.amazonaws.com");
    assert_eq!(who(json!({ "onBehalfOf": { "userId": "u-1" } })), "user u-1 of IAM Identity Center");
    assert_eq!(who(json!({ "principalId": "AIDA", "accountId": "1" })), "AIDA of account 1");
    assert_eq!(who(json!({})), "somebody that the event does not name");
    assert_eq!(Event::read(&json!({ "EventId": "1", "CloudTrailEvent": "{" })), None);
}

#[test]
fn a_deletion_is_by_whoever_deleted() {
    let subnet = || json!({ "subnetId": "subnet-1" });
    let events = [
        event("CreateTags", 1, json!({ "resourcesSet": { "items": [{ "resourceId": "subnet-1" }] } })),
        event("DeleteSubnet", 2, json!({ "subnetId": "subnet-2" })),
        event("DeleteSubnet", 3, subnet()),
        event("DeleteTags", 4, subnet()),
        event("ModifySubnetAttribute", 5, subnet()),
    ];
    let gone = of(Class::Missing, "aws_subnet", vec![clue(None, Act::Take, &["subnet-1"])]);
    assert_eq!(chosen(&gone, &events), ["DeleteSubnet-3"]);
    assert!(choose(&gone, events.iter())[0].sure);
    assert!(is_settled(&gone, events.iter()) && !is_settled(&gone, events[..2].iter()));
    // What failed did nothing, and what was before the window is not it.
    let failed = Event { is_idle: true, ..event("DeleteSubnet", 9, subnet()) };
    assert_eq!(chosen(&gone, &[failed]), [""; 0]);
    assert_eq!(chosen(&gone, &[event("DeleteSubnet", -1, subnet())]), [""; 0]);
    // A rule of the group that is gone was taken away before the group was.
    let group = of(Class::Missing, "aws_subnet", vec![clue(None, Act::Take, &["subnet-1", "22", "10.0.0.0/8"])]);
    let rule = json!({ "groupId": "subnet-1", "port": 22, "range": "10.0.0.0/8" });
    let both = [event("RevokeSecurityGroupIngress", 1, rule), event("DeleteSubnet", 2, subnet())];
    assert_eq!(chosen(&group, &both), ["DeleteSubnet-2"]);
}

#[test]
fn an_object_that_nobody_manages_is_by_its_maker() {
    let made = of(Class::Unmanaged, "aws_subnet", vec![clue(None, Act::Make, &["subnet-1"])]);
    let events = [
        event("CreateTags", 1, json!({ "resource": "subnet-1" })),
        event("CreateSubnet", 2, json!({ "vpcId": "vpc-1", "answer": "subnet-1" })),
        event("AssociateRouteTable", 3, json!({ "subnetId": "subnet-1" })),
        event("CreateNetworkInterface", 4, json!({ "subnetId": "subnet-1" })),
    ];
    assert_eq!(chosen(&made, &events), ["CreateSubnet-2"]);
}

#[test]
fn each_difference_has_the_event_that_names_its_values() {
    let tag = clue(Some("tags[\"Owner\"]"), Act::Tag, &["Owner", "ada"]);
    let rule = clue(Some("ingress"), Act::Change, &["tcp port 22, 0.0.0.0/0", "22", "0.0.0.0/0"]);
    let group = of(Class::Changed, "aws_security_group", vec![rule.clone(), tag]);
    let allow = |minute: i64, port: i64, range: &str| {
        let parameters = json!({ "groupId": "subnet-1", "items": [{ "fromPort": port, "cidrIp": range }] });
        event("AuthorizeSecurityGroupIngress", minute, parameters)
    };
    let tagged = |minute: i64, key: &str| {
        event("CreateTags", minute, json!({ "resource": "subnet-1", "tag": [{ "key": key, "value": "ada" }] }))
    };
    let events = [
        allow(1, 22, "0.0.0.0/0"),
        allow(2, 443, "0.0.0.0/0"),
        tagged(3, "Owner"),
        tagged(4, "Cost"),
        event("CreateSecurityGroup", 5, json!({ "groupId": "subnet-1", "x": "0.0.0.0/0", "y": 22 })),
    ];
    let deeds = choose(&group, events.iter());
    assert_eq!(names(&deeds), ["CreateTags-3", "AuthorizeSecurityGroupIngress-1"]);
    assert_eq!(deeds[0].paths, ["tags[\"Owner\"]"]);
    assert_eq!(deeds[1].paths, ["ingress"]);
    assert!(is_settled(&group, events.iter()));
    // An event that names nothing of it may be the one, if there is none that does.
    let unsure = choose(&of(Class::Changed, "aws_subnet", vec![rule]), [allow(2, 443, "::/0")].iter());
    assert_eq!(unsure.iter().map(|deed| deed.sure).collect::<Vec<_>>(), [false]);
}

#[test]
fn our_own_events_count_only_if_the_state_does_not_know_them() {
    let own = |minute: i64| Event { way: Way::Floorplan, ..event("DeleteSubnet", minute, json!({ "id": "subnet-1" })) };
    let gone = of(Class::Missing, "aws_subnet", vec![clue(None, Act::Take, &["subnet-1"])]);
    let gone = Sought { known_until: Some(at(5)), ..gone };
    assert_eq!(chosen(&gone, &[own(4)]), [""; 0]);
    assert_eq!(chosen(&gone, &[own(4), own(6)]), ["DeleteSubnet-6"]);
    assert!(!is_settled(&gone, [own(6)].iter()), "somebody else may have done it before");
    let others = [event("DeleteSubnet", 2, json!({ "id": "subnet-1" })), own(6)];
    assert_eq!(chosen(&gone, &others), ["DeleteSubnet-2"]);
}

#[test]
fn a_part_is_found_by_what_it_is_a_part_of() {
    let rule = clue(None, Act::Take, &["sgr-1", "22", "10.0.0.0/8"]);
    let mut gone = of(Class::Missing, "aws_vpc_security_group_ingress_rule", vec![rule]);
    gone.names = vec!["sgr-1".into()];
    gone.holders = vec!["sg-1".into()];
    let revoke = |minute: i64, id: &str| {
        event("RevokeSecurityGroupIngress", minute, json!({ "groupId": "sg-1", "securityGroupRuleIds": [id] }))
    };
    assert_eq!(chosen(&gone, &[revoke(1, "sgr-1"), revoke(2, "sgr-2")]), ["RevokeSecurityGroupIngress-1"]);
    assert_eq!(chosen(&gone, &[revoke(2, "sgr-2")]), [""; 0]);
}

fn finding(class: Class, at: &str, id: &str, differences: Vec<Difference>) -> Finding {
    let address = address(at);
    Finding {
        class,
        severity: Severity::Changes,
        why: String::new(),
        type_name: address.resource.type_name.to_string(),
        address: Some(address),
        id: Some(id.into()),
        name: None,
        region: "eu-west-1".into(),
        differences,
        effect: Effect::Revert,
        note: None,
        exposure: Vec::new(),
        at: None,
    }
}

fn difference(path: &str, live: Option<Value>) -> Difference {
    Difference {
        attribute: path.split(['[', '.']).next().unwrap_or_default().into(),
        path: path.into(),
        state: None,
        live,
        wanted: None,
        effect: Effect::Revert,
        severity: Severity::Changes,
        why: String::new(),
    }
}

#[test]
fn a_rule_is_looked_for_by_its_group_and_what_it_says() {
    let attrs: Attrs = [
        ("id", Value::from("sgr-1")),
        ("arn", "arn:aws:ec2:eu-west-1:1:security-group-rule/sgr-1".into()),
        ("security_group_id", "sg-1".into()),
        ("cidr_ipv4", "10.0.0.0/8".into()),
        ("from_port", 22.into()),
        ("description", Value::from("hunter2").mark(true)),
    ]
    .into_iter()
    .collect();
    let at_rule = "aws_vpc_security_group_ingress_rule.r";
    let mut plan = plan(vec![change(at_rule, Action::Create, None, None)]);
    plan.drift = vec![Drift { address: address(at_rule), stored: attrs, live: None, attributes: Vec::new() }];
    let gone = finding(Class::Missing, at_rule, "sgr-1", Vec::new());
    let found = sought(&[gone], &plan, &Types, Some(at(0)), at(600));
    let one = &found[0];
    assert_eq!(one.names, ["sgr-1", "arn:aws:ec2:eu-west-1:1:security-group-rule/sgr-1"]);
    assert_eq!(one.holders, ["sg-1"]);
    assert_eq!(one.clues[0].texts.iter().map(String::as_str).collect::<Vec<_>>(), ["10.0.0.0/8", "22", "sgr-1"]);
    assert_eq!((one.since, one.known_until), (at(-60), Some(at(5))));
}

#[test]
fn the_window_begins_with_the_state_of_managed_objects() {
    let differences = vec![
        difference("tags[\"Owner\"]", Some("ada".into())),
        difference("password", Some(Value::from("hunter2").mark(true))),
    ];
    let changed = finding(Class::Changed, "aws_vpc.v", "vpc-1", differences);
    let stray = Finding { class: Class::Unmanaged, differences: Vec::new(), ..changed.clone() };
    let now = at(60 * 24 * 200);
    let all = |written| sought(&[changed.clone(), stray.clone()], &plan(Vec::new()), &Types, written, now);
    let kept = at(60 * (24 * 200 - 24 * 90 + 1));
    let since = |written| all(written).iter().map(|one| one.since).collect::<Vec<_>>();
    assert_eq!(since(Some(at(60 * 24 * 199))), [at(60 * (24 * 199 - 1)), kept]);
    assert_eq!(since(Some(at(0))), [kept, kept]);
    assert_eq!(since(None), [kept, kept]);
    let ours = &all(None)[0];
    assert_eq!(ours.home, Home::Place("eu-west-1".into()));
    let texts = |n: usize| ours.clues[n].texts.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((texts(0), ours.clues[0].act), (vec!["Owner", "ada"], Act::Tag));
    assert_eq!((texts(1), ours.clues[1].parameter.as_deref()), (Vec::new(), Some("password")));
    // A difference that is ignored is not asked about.
    let left = changed.with(vec![changed.differences[0].clone()]).unwrap();
    assert_eq!(ours.clone().about(&left).clues.len(), 1);
    assert_eq!(key(&left), ours.key);
}
