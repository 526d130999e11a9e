//! An event of CloudTrail, as far as it says who did what to which objects.

use jiff::Timestamp;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The longest text of an event that may be the name of an object or a value of it.
const LONGEST: usize = 256;
/// How the words `userAgent` of our own calls are written, with and without the SDK.
const OWN: [&str; 2] = ["floorplan/", "app/floorplan"];

/// An event, such as a call of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The name of the call, such as `DeleteSubnet`.
    pub name: String,
    /// The service, such as `ec2.amazonaws.com`.
    pub source: String,
    /// When it was.
    pub time: Timestamp,
    /// The ARN of the user or of the session of a role, or the service.
    pub principal: String,
    /// The address that the call came from, or the service.
    pub address: String,
    /// The program, in its own words.
    pub agent: String,
    /// The kind of the program.
    pub way: Way,
    /// Whether the call failed or changes nothing.
    pub is_idle: bool,
    /// The texts and numbers in its parameters and in its answer, and the objects that CloudTrail names for it.
    pub texts: BTreeSet<String>,
    /// The names of its parameters, in small letters.
    pub parameters: BTreeSet<String>,
}

/// The kind of program that made a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The management console.
    Console,
    /// The AWS CLI.
    Cli,
    /// A program with an SDK of AWS, Terraform for instance.
    Sdk,
    /// A service of AWS, on behalf of somebody.
    Service,
    /// Floorplan.
    Floorplan,
}

impl Way {
    /// Its word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Way::Console => "console",
            Way::Cli => "cli",
            Way::Sdk => "sdk",
            Way::Service => "service",
            Way::Floorplan => "floorplan",
        }
    }
}

impl Event {
    /// Reads an event as LookupEvents gives it. One without its main parts is none.
    pub fn read(given: &Json) -> Option<Event> {
        let whole: Json = serde_json::from_str(given["CloudTrailEvent"].as_str()?).ok()?;
        let text = |name: &str| whole[name].as_str().unwrap_or_default().to_owned();
        let (agent, address) = (text("userAgent"), text("sourceIPAddress"));
        let (mut texts, mut parameters) = (BTreeSet::new(), BTreeSet::new());
        collect(&whole["requestParameters"], &mut texts, Some(&mut parameters));
        collect(&whole["responseElements"], &mut texts, None);
        for resource in given["Resources"].as_array().into_iter().flatten() {
            collect(&resource["ResourceName"], &mut texts, None);
        }
        let read_only = whole["readOnly"].as_bool() == Some(true) || given["ReadOnly"].as_str() == Some("true");
        Some(Event {
            id: given["EventId"].as_str().or(whole["eventID"].as_str())?.to_owned(),
            name: whole["eventName"].as_str()?.to_owned(),
            source: text("eventSource"),
            time: time(&whole["eventTime"]).or_else(|| time(&given["EventTime"]))?,
            principal: principal(&whole["userIdentity"], given["Username"].as_str()),
            way: way(&agent, &address, &whole),
            is_idle: read_only || whole["errorCode"].as_str().is_some(),
            address,
            agent,
            texts,
            parameters,
        })
    }

    /// Whether a run of Floorplan made the call, as far as its own words say so.
    pub fn is_own(&self) -> bool {
        self.way == Way::Floorplan
    }
}

/// A time as text, or in seconds.
fn time(given: &Json) -> Option<Timestamp> {
    let seconds = || {
        // Some forms give fractions.
        let text = given.as_number()?.to_string();
        Timestamp::from_second(text.split('.').next()?.parse().ok()?).ok()
    };
    given.as_str().and_then(|text| text.parse().ok()).or_else(seconds)
}

/// Who made a call: the ARN where there is one, else what is known.
fn principal(identity: &Json, username: Option<&str>) -> String {
    let text = |value: &Json| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let person = || text(&identity["onBehalfOf"]["userId"]).map(|id| format!("user {id} of IAM Identity Center"));
    let other = || {
        let id = text(&identity["principalId"]).or_else(|| text(&identity["userName"]))?;
        Some(match text(&identity["accountId"]) {
            Some(account) => format!("{id} of account {account}"),
            None => id,
        })
    };
    text(&identity["arn"])
        .or_else(|| text(&identity["invokedBy"]))
        .or_else(person)
        .or_else(other)
        .or_else(|| username.map(str::to_owned))
        .unwrap_or_else(|| "somebody that the event does not name".to_owned())
}

/// The kind of program, by its own words and by where the call came from.
fn way(agent: &str, address: &str, whole: &Json) -> Way {
    let of_console = ["console.", "signin.", "[S3Console/"];
    let is_service = |text: &str| text.ends_with(".amazonaws.com");
    let from_console = match &whole["sessionCredentialFromConsole"] {
        Json::Bool(yes) => *yes,
        other => other.as_str() == Some("true"),
    };
    if agent.split(' ').any(|word| word.starts_with(OWN[0]) || word == OWN[1]) {
        Way::Floorplan
    } else if from_console || of_console.iter().any(|begin| agent.starts_with(begin)) {
        Way::Console
    } else if is_service(address) || is_service(agent) || whole["userIdentity"]["type"] == "AWSService" {
        Way::Service
    } else if agent.starts_with("aws-cli/") {
        Way::Cli
    } else {
        Way::Sdk
    }
}

/// All texts and numbers of a value, and the names of its members in small letters.
fn collect(value: &Json, texts: &mut BTreeSet<String>, mut names: Option<&mut BTreeSet<String>>) {
    match value {
        Json::String(text) if !text.is_empty() && text.len() <= LONGEST => drop(texts.insert(text.clone())),
        Json::Number(number) => drop(texts.insert(number.to_string())),
        Json::Array(all) => all.iter().for_each(|one| collect(one, texts, names.as_deref_mut())),
        Json::Object(members) => {
            for (name, member) in members {
                if let Some(names) = names.as_deref_mut() {
                    names.insert(name.to_ascii_lowercase());
                }
                collect(member, texts, names.as_deref_mut());
            }
        }
        Json::String(_) | Json::Bool(_) | Json::Null => {}
    }
}
