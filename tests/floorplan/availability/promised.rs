//! What a plan promises, read from the lines that a person reads, and held against what was seen.

use super::sampler::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// The lines under "Availability", by service.
pub struct Promised(BTreeMap<String, String>);

/// How much a line promises.
#[derive(Clone, Copy, PartialEq)]
enum Share {
    /// As much as there is before.
    All,
    /// So many.
    Least(usize),
    /// Nothing.
    None,
    /// That it ends.
    Gone,
}

impl Promised {
    /// From what `plan` or `apply` prints.
    pub fn of(printed: &str) -> Self {
        let lines = printed.lines().skip_while(|l| !l.starts_with("Availability (")).skip(1);
        let lines = lines.take_while(|l| l.starts_with("  "));
        let named = lines.filter_map(|l| l.strip_prefix("  ")?.split_once(": "));
        let service = |name: &str| name.starts_with("NAT ") || ["web", "vpn[office]", "database"].contains(&name);
        let named = named.filter(|(name, _)| service(name));
        Promised(named.map(|(name, words)| (name.to_owned(), words.to_owned())).collect())
    }

    fn share(&self, service: &str) -> Share {
        let Some(words) = self.0.get(service) else { return Share::All };
        let first = words.split("; ").next().unwrap_or_default();
        let least = first.trim_start_matches("at least ").split_once(" of ").and_then(|(n, _)| n.parse().ok());
        match (first, least) {
            (_, Some(least)) => Share::Least(least),
            ("one of its two tunnels at least stays up", _) => Share::Least(1),
            ("removed, as the layout asks" | "nothing leads to it any more, as the layout asks", _) => Share::Gone,
            ("0 s without egress" | "its gateway stays", _) => Share::All,
            (first, _) if first.starts_with("in service") || first.starts_with("not checked: ") => Share::All,
            (first, _) if first.starts_with("removed, as the layout asks: ") => Share::All,
            _ => Share::None,
        }
    }

    /// What was seen and should not have been.
    pub fn broken(&self, seen: &[Moment]) -> Vec<String> {
        let (first, last) = (&seen[0], &seen[seen.len() - 1]);
        let mut all = Vec::new();
        let mut hold = |service: &str, was: usize, now: &dyn Fn(&Moment) -> usize| {
            let share = self.share(service);
            let least = match share {
                Share::All => was,
                Share::Least(n) => n,
                Share::None | Share::Gone => 0,
            };
            let worst = seen.iter().map(now).min().unwrap_or_default();
            if worst < least {
                all.push(format!("{service}: {worst} at the worst, {least} promised"));
            }
            if share == Share::Gone && now(last) > 0 {
                all.push(format!("{service}: still there, and it should be gone"));
            }
        };
        hold("web", first.serving, &|m| m.serving);
        for zone in first.out.iter().filter(|(_, out)| **out).map(|(zone, _)| zone) {
            hold(&format!("NAT {zone}"), 1, &|m| usize::from(m.out.get(zone) == Some(&true)));
        }
        for (id, up) in &first.tunnels {
            hold("vpn[office]", *up, &|m| m.tunnels.get(id).copied().unwrap_or_default());
        }
        hold("database", first.databases.len(), &|m| m.databases.len());
        all
    }

    /// The judged lines in short: without addresses, zones of one fate together.
    pub fn words(&self) -> String {
        let mut zones: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut all = Vec::new();
        for (service, words) in &self.0 {
            let words = short(words);
            match service.strip_prefix("NAT eu-west-1") {
                _ if words.starts_with("not checked") => {}
                Some(zone) => zones.entry(words).or_default().push(zone),
                None => all.push(format!("{service}: {words}")),
            }
        }
        all.extend(zones.into_iter().map(|(words, zones)| format!("NAT {}: {words}", zones.join(", "))));
        all.join("<br>")
    }
}

/// A line without its addresses.
fn short(words: &str) -> String {
    let part = |part: &str| match part.split_once(": ") {
        Some(("not checked", what)) => {
            let kinds: BTreeSet<&str> =
                what.split('(').skip(1).filter_map(|p| p.split_once(')')).map(|(p, _)| p).collect();
            format!("not checked: {}", kinds.into_iter().collect::<Vec<_>>().join(", "))
        }
        Some((title, what)) if what.starts_with("module.") => format!("{title}: {}", what.split(", ").count()),
        _ => part.to_owned(),
    };
    words.split("; ").map(part).collect::<Vec<_>>().join("; ")
}

/// What was seen at the worst, in words.
pub fn worst(seen: &[Moment]) -> String {
    let (first, last) = (&seen[0], &seen[seen.len() - 1]);
    let serving = seen.iter().map(|m| m.serving).min().unwrap_or_default();
    let mut all = vec![match last.serving {
        0 => "none served any more".to_owned(),
        _ => format!("never fewer than {serving} serve"),
    }];
    let lost = |zone: &&String| seen.iter().any(|m| m.out.get(*zone) != Some(&true));
    let lost: Vec<&str> = first.out.keys().filter(lost).map(|z| z.trim_start_matches("eu-west-1")).collect();
    if !first.out.is_empty() {
        all.push(match lost[..] {
            [] => "every zone has its way out".to_owned(),
            _ => format!("every zone but {} has its way out", lost.join(", ")),
        });
    }
    for id in first.tunnels.keys() {
        let up = seen.iter().map(|m| m.tunnels.get(id).copied().unwrap_or_default()).min().unwrap_or_default();
        all.push(if up == 2 { "both tunnels up".into() } else { format!("{up} of 2 tunnels up") });
    }
    if last.databases.len() < first.databases.len() {
        all.push("the database goes".into());
    }
    all.join("; ")
}
