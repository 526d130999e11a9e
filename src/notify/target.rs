//! Who is notified, as the command line names it. Addresses of webhooks are secrets: they can be given by the name of an
//! environment variable, and are never printed.

use crate::aws::{host, is_loopback};
use crate::diag::Diagnostic;
use crate::drift::finding::digest;
use crate::forge::{Read, Service};
use std::fmt;

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A topic of SNS.
    Sns(Topic),
    /// An incoming webhook of Slack.
    Slack(Address),
    /// An HTTP server that takes the JSON of drift.
    Webhook(Address),
    /// An issue for each layout.
    Issue(Service),
}

/// A topic of SNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its ARN.
    pub arn: String,
    /// Its region.
    pub region: String,
}

/// The address of a webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) url: String,
    /// The name under which it is remembered, without the secret.
    name: String,
}

/// Does not show the secret.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.name)
    }
}

/// The recipients that there are.
const FORMS: &str = "The forms are sns:ARN, slack:URL, webhook:URL, github-issue and gitlab-issue. '$NAME' in place of a URL reads the \
     environment variable NAME.";

impl Target {
    /// From the command line; `read` gives variables of the environment. Nothing of a URL is in the error.
    pub fn read(text: &str, read: Read<'_>) -> Result<Self, Diagnostic> {
        match text.split_once(':') {
            Some(("sns", arn)) => Topic::read(arn).map(Target::Sns),
            Some(("slack", url)) => Address::read("slack", url, read).map(Target::Slack),
            Some(("webhook", url)) => Address::read("webhook", url, read).map(Target::Webhook),
            None if text == "github-issue" => Ok(Target::Issue(Service::Github)),
            None if text == "gitlab-issue" => Ok(Target::Issue(Service::Gitlab)),
            Some((kind, _)) => Err(wrong(format!("{kind:?} is not a kind of recipient."))),
            None => Err(wrong(format!("{text:?} is not a recipient."))),
        }
    }

    /// The name under which the memory keeps what it was sent.
    pub fn name(&self) -> String {
        match self {
            Target::Sns(topic) => format!("sns:{}", topic.arn),
            Target::Slack(address) => format!("slack:{}", address.name),
            Target::Webhook(address) => format!("webhook:{}", address.name),
            Target::Issue(Service::Github) => "github-issue".to_owned(),
            Target::Issue(Service::Gitlab) => "gitlab-issue".to_owned(),
        }
    }

    /// The recipient in an error.
    pub fn words(&self) -> String {
        match self {
            Target::Sns(topic) => topic.arn.clone(),
            Target::Slack(_) => "Slack".to_owned(),
            Target::Webhook(address) => format!("the webhook at {}", host(&address.url)),
            Target::Issue(Service::Github) => "the issue on GitHub".to_owned(),
            Target::Issue(Service::Gitlab) => "the issue on GitLab".to_owned(),
        }
    }
}

impl Topic {
    fn read(arn: &str) -> Result<Self, Diagnostic> {
        let parts: Vec<&str> = arn.split(':').collect();
        match parts.as_slice() {
            ["arn", partition, "sns", region, account, name]
                if ![partition, region, account, name].iter().any(|part| part.is_empty()) =>
            {
                Ok(Topic { arn: arn.to_owned(), region: (*region).to_owned() })
            }
            _ => Err(wrong(format!(
                "{arn:?} is not the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:drift."
            ))),
        }
    }

    /// Whether messages are kept in order, for which they need names.
    pub(super) fn is_fifo(&self) -> bool {
        self.arn.ends_with(".fifo")
    }
}

impl Address {
    fn read(kind: &str, text: &str, read: Read<'_>) -> Result<Self, Diagnostic> {
        let (url, name) = match text.strip_prefix('$') {
            Some(variable) => {
                let variable = variable.trim_start_matches('{').trim_end_matches('}');
                let set = read(variable).filter(|value| !value.trim().is_empty());
                let lacking = || wrong(format!("The environment variable {variable} of {kind}: is not set."));
                (set.ok_or_else(lacking)?.trim().to_owned(), format!("${variable}"))
            }
            None => (text.to_owned(), digest([text])[..16].to_owned()),
        };
        match unfit(kind, &url) {
            Some(why) => Err(wrong(format!("The address of {kind}: {why}."))),
            None => Ok(Address { url, name }),
        }
    }
}

/// Why a text is not the address of a webhook, without the text.
fn unfit(kind: &str, url: &str) -> Option<String> {
    if url.is_empty() {
        return Some(format!("is empty. A shell replaces $NAME itself, unless it is quoted: '{kind}:$NAME'"));
    }
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some("does not begin with https://".to_owned());
    };
    if kind == "slack" && url.starts_with("http://") && !is_loopback(host(url)) {
        return Some("is not encrypted: it has to begin with https://".to_owned());
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let valid = !authority.is_empty() && !authority.contains('@') && url.chars().all(|c| c.is_ascii_graphic());
    (!valid).then(|| "is not a valid URL of a host and a path".to_owned())
}

fn wrong(detail: String) -> Diagnostic {
    Diagnostic::error("The recipient of --notify cannot be used").code("usage").detail(detail).hint(FORMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "https://hooks.slack.example/services/T0/B0/planted";

    fn target(text: &str) -> Result<Target, Diagnostic> {
        Target::read(text, &|name| (name == "HOOK").then(|| format!("{SECRET}\n")))
    }

    #[test]
    fn recipients_are_read() {
        let topic = target("sns:arn:aws:sns:eu-west-1:123456789012:drift").expect("a topic");
        assert_eq!(topic.name(), "sns:arn:aws:sns:eu-west-1:123456789012:drift");
        assert!(matches!(&topic, Target::Sns(topic) if topic.region == "eu-west-1" && !topic.is_fifo()));
        assert_eq!(target("github-issue"), Ok(Target::Issue(Service::Github)));
        assert_eq!(target("gitlab-issue"), Ok(Target::Issue(Service::Gitlab)));
        let of_variable = target("slack:$HOOK").expect("an address");
        assert_eq!(of_variable.name(), "slack:$HOOK");
        assert_eq!(target("slack:${HOOK}").expect("an address"), of_variable);
        assert!(matches!(&of_variable, Target::Slack(address) if address.url == SECRET));
        assert!(matches!(target("webhook:http://alerts.internal:8080/drift"), Ok(Target::Webhook(_))));
        assert!(matches!(target("slack:http://127.0.0.1:8080/x"), Ok(Target::Slack(_))));
    }

    #[test]
    fn what_is_not_a_recipient_is_an_error() {
        for wrong in [
            "",
            "mail:ada",
            "slack",
            "slack:",
            "slack:$UNSET",
            "slack:http://hooks.slack.example/x",
            "webhook:ftp://x/y",
            "webhook:https://",
            "webhook:https://ada:pw@x/y",
            "webhook:https://x/a b",
            "sns:drift",
            "sns:arn:aws:sqs:eu-west-1:123456789012:drift",
            "sns:arn:aws:sns::123456789012:drift",
        ] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
        assert!(target("slack:$UNSET").unwrap_err().detail.contains("UNSET"));
        assert!(target("slack:").unwrap_err().detail.contains("'slack:$NAME'"));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let literal = target(&format!("slack:{SECRET}")).expect("an address");
        for shown in [format!("{literal:?}"), literal.name(), literal.words()] {
            assert!(!shown.contains("planted"), "{shown}");
        }
        let wrong = target(&format!("slack:{SECRET} x")).unwrap_err();
        assert!(!format!("{wrong:?}").contains("planted"));
    }
}
