//! Who made a finding, in the words and members that the forms share.

use crate::drift::blame::{Answer, Blame, Deed, Event, Way, unknown};
use crate::drift::{Finding, LayoutDrift};
use serde_json::{Value as Json, json};

/// The most events that people are shown for one finding; documents have all.
const MOST: usize = 3;

/// A line for each event, or one that says that there is none. Nothing where nobody asked, or events could not be looked for,
/// which is said once for all findings.
pub(super) fn lines(layout: &LayoutDrift, finding: &Finding) -> Vec<String> {
    let Some(blame) = layout.blamed(finding) else { return Vec::new() };
    match &blame.answer {
        Answer::Found(deeds) => {
            let mut lines: Vec<String> = deeds.iter().take(MOST).map(|deed| line(deed, deeds.len() > 1)).collect();
            if let Some(more @ 1..) = deeds.len().checked_sub(MOST) {
                lines.push(format!("and {more} more events"));
            }
            lines
        }
        Answer::Nothing(since) => {
            vec![format!("CloudTrail has no event for it since {since}; an event may take 15 minutes to be there")]
        }
        Answer::Nameless => vec!["its id is not known, and so are its events".to_owned()],
        Answer::Unknown(_) => Vec::new(),
    }
}

/// Who surely made it, each once.
pub(super) fn principals<'a>(layout: &'a LayoutDrift, finding: &Finding) -> Vec<&'a str> {
    let Some(Answer::Found(deeds)) = layout.blamed(finding).map(|blame| &blame.answer) else { return Vec::new() };
    let mut all: Vec<&str> = Vec::new();
    for deed in deeds.iter().filter(|deed| deed.sure) {
        if !all.contains(&deed.event.principal.as_str()) {
            all.push(&deed.event.principal);
        }
    }
    all
}

/// An event in one line, with the parts of the finding that it fits where there are several events.
fn line(deed: &Deed, several: bool) -> String {
    let Deed { event, paths, sure } = deed;
    let perhaps = if *sure { "" } else { "perhaps " };
    let mut line = format!("{perhaps}{} by {}", event.name, event.principal);
    if !event.address.is_empty() && event.address != event.principal {
        line.push_str(&format!(" from {}", event.address));
    }
    line.push_str(&format!(" ({}), {}", program(event), event.time));
    if several && !paths.is_empty() {
        line.push_str(&format!(": {}", paths.join(", ")));
    }
    line
}

/// The program that made the call, in a word.
fn program(event: &Event) -> &str {
    match event.way {
        Way::Console => "console",
        Way::Cli => "CLI",
        Way::Service => "a service of AWS",
        Way::Floorplan => "Floorplan",
        Way::Sdk => event.agent.split(' ').next().filter(|word| !word.is_empty()).unwrap_or("SDK"),
    }
}

/// Why there is nothing about an account and region, a line for each.
pub(super) fn notes(layouts: &[LayoutDrift]) -> Vec<String> {
    unknown(layouts).iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect()
}

/// Whether anybody asked.
pub(super) fn is_asked(layouts: &[LayoutDrift]) -> bool {
    layouts.iter().any(|layout| !layout.blame.is_empty())
}

/// The same for programs.
pub(super) fn json(layout: &LayoutDrift, finding: &Finding) -> Json {
    layout.blamed(finding).map_or(Json::Null, of_blame)
}

fn of_blame(blame: &Blame) -> Json {
    let (status, events, since, reason) = match &blame.answer {
        Answer::Found(deeds) => ("found", deeds.iter().map(of_deed).collect(), None, None),
        Answer::Nothing(since) => ("none", Vec::new(), Some(since.to_string()), None),
        Answer::Nameless => ("unknown", Vec::new(), None, Some("The id of the object is not known.")),
        Answer::Unknown(why) => ("unknown", Vec::new(), None, Some(why.as_str())),
    };
    json!({
        "status": status,
        "account": blame.account,
        "region": blame.region,
        "events": events,
        "since": since,
        "reason": reason,
    })
}

fn of_deed(deed: &Deed) -> Json {
    let event = &deed.event;
    json!({
        "id": event.id,
        "name": event.name,
        "source": event.source,
        "time": event.time.to_string(),
        "principal": event.principal,
        "address": event.address,
        "via": event.way.word(),
        "user_agent": event.agent,
        "floorplan": event.is_own(),
        "sure": deed.sure,
        "paths": deed.paths,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::layouts;
    use super::super::{json, junit, markdown, sarif, text};
    use super::*;
    use crate::drift::blame::key;

    fn event(name: &str, way: Way, agent: &str) -> Event {
        Event {
            id: format!("id-{name}"),
            name: name.into(),
            source: "ec2.amazonaws.com".into(),
            time: "2026-11-30T17:20:11Z".parse().unwrap(),
            principal: "arn:aws:sts::123456789012:assumed-role/ops/a|b".into(),
            address: "203.0.113.7".into(),
            agent: agent.into(),
            way,
            is_idle: false,
            texts: ["hunter2".to_owned()].into(),
            parameters: Default::default(),
        }
    }

    /// A rule and a tag by two people, a deletion without an event, a place that may not be looked at.
    fn blamed() -> Vec<LayoutDrift> {
        let mut all = layouts();
        let deed = |event, path: &str, sure| Deed { event, paths: vec![path.into()], sure };
        let rule = event("AuthorizeSecurityGroupIngress", Way::Console, "console.ec2.amazonaws.com");
        let tag = event("CreateTags", Way::Sdk, "Boto3/1.34 md/x");
        let answers = [
            Answer::Found(vec![deed(rule, "ingress", true), deed(tag, "tags[\"Name\"]", false)]),
            Answer::Nothing("2026-11-30T16:00:00Z".parse().unwrap()),
            Answer::Nameless,
            Answer::Unknown("AccessDeniedException: no.".into()),
        ];
        let layout = &mut all[0];
        for (finding, answer) in layout.findings.iter().zip(answers) {
            let blame = Blame { account: "123456789012".into(), region: "eu-west-1".into(), answer };
            layout.blame.insert(key(finding), blame);
        }
        all
    }

    #[test]
    fn people_read_who_it_was() {
        let all = blamed();
        let said: Vec<Vec<String>> = all[0].findings.iter().map(|finding| lines(&all[0], finding)).collect();
        assert_eq!(
            said,
            [
                vec![
                    "AuthorizeSecurityGroupIngress by arn:aws:sts::123456789012:assumed-role/ops/a|b from 203.0.113.7 \
                     (console), 2026-11-30T17:20:11Z: ingress"
                        .to_owned(),
                    "perhaps CreateTags by arn:aws:sts::123456789012:assumed-role/ops/a|b from 203.0.113.7 \
                     (Boto3/1.34), 2026-11-30T17:20:11Z: tags[\"Name\"]"
                        .to_owned(),
                ],
                vec![
                    "CloudTrail has no event for it since 2026-11-30T16:00:00Z; an event may take 15 minutes to be there"
                        .to_owned()
                ],
                vec!["its id is not known, and so are its events".to_owned()],
                vec![],
            ]
        );
        let plain = text(&all, false);
        assert!(said.iter().flatten().all(|line| plain.contains(line.as_str())), "{plain}");
        let table = markdown(&all);
        assert!(table.contains("| Object | Drift | Apply | Layout | Place | Who |"), "{table}");
        assert!(table.contains("assumed-role/ops/a&#124;b"), "{table}");
        let note = "Who made the changes in 123456789012 eu-west-1 is not known";
        assert_eq!(table.matches(note).count(), 1, "{table}");
        assert!(junit(&all).contains("(console), 2026-11-30T17:20:11Z"));
        assert!(!markdown(&layouts()).contains("Who"));
    }

    #[test]
    fn exposure_by_hand_names_who_it_was() {
        let mut all = blamed();
        all[0].findings[0].exposure = vec![crate::plan::ExposureChange {
            action: crate::plan::exposure::Turn::Opens,
            from: "internet".into(),
            internet: true,
            services: "tcp/22".into(),
            to: vec!["bastion".into()],
            addresses: vec!["aws_instance.bastion".into()],
            note: None,
            may: None,
        }];
        let line = "by hand: + internet → tcp/22 → bastion, by arn:aws:sts::123456789012:assumed-role/ops/a|b";
        let plain = text(&all, false);
        assert!(plain.contains(&format!("      {line}\n")), "{plain}");
        assert!(junit(&all).contains(line) && sarif(&all).to_string().contains(line));
        assert_eq!(json(&all)["layouts"][0]["findings"][0]["exposure"][0]["services"], "tcp/22");
        all[0].blame.clear();
        assert!(text(&all, false).contains("→ bastion\n"), "where nobody asked nobody is named");
    }

    #[test]
    fn programs_read_who_it_was() {
        let all = blamed();
        let document = json(&all);
        let of = |n: usize| document["layouts"][0]["findings"][n]["blame"].clone();
        assert_eq!(
            (0..4).map(|n| of(n)["status"].clone()).collect::<Vec<_>>(),
            ["found", "none", "unknown", "unknown"]
        );
        let first = of(0)["events"][0].clone();
        assert_eq!(
            first,
            json!({
                "id": "id-AuthorizeSecurityGroupIngress",
                "name": "AuthorizeSecurityGroupIngress",
                "source": "ec2.amazonaws.com",
                "time": "2026-11-30T17:20:11Z",
                "principal": "arn:aws:sts::123456789012:assumed-role/ops/a|b",
                "address": "203.0.113.7",
                "via": "console",
                "user_agent": "console.ec2.amazonaws.com",
                "floorplan": false,
                "sure": true,
                "paths": ["ingress"],
            })
        );
        assert_eq!(
            (&of(1)["since"], &of(3)["reason"]),
            (&"2026-11-30T16:00:00Z".into(), &"AccessDeniedException: no.".into())
        );
        let scanning = sarif(&all);
        let results = &scanning["runs"][0]["results"];
        assert_eq!(results[0]["properties"]["blame"], of(0));
        assert!(results[0]["message"]["text"].as_str().unwrap().contains("(console), 2026-11-30T17:20:11Z: ingress."));
        let notes = &scanning["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(notes.as_array().unwrap().len(), 3, "two layouts that were not judged, and a place: {notes}");
        // What an event holds besides stays out: it may be a secret.
        let forms = [text(&all, false), markdown(&all), junit(&all), document.to_string(), scanning.to_string()];
        assert!(forms.iter().all(|form| !form.contains("hunter2")));
    }
}
