//! The effect of a plan on services while it is carried out, and the waits that limit it.
//!
//! Values only: `rolling` and `availability` make them, the reports word them, apply waits as they say.

use serde::{Deserialize, Serialize};

/// The services that the plan touches.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceImpact {
    /// The availability that the layout demands; nothing is judged without it.
    pub level: Option<Level>,
    /// The services that the plan touches, one line each.
    pub services: Vec<ServiceSummary>,
    /// The waves, in order.
    pub waves: Vec<Wave>,
    /// The single points of failure.
    pub single_points: Vec<SinglePoint>,
    /// Interruptions, those that were allowed too.
    pub losses: Vec<Interruption>,
    /// When the next maintenance window opens, RFC 3339 with zone; with `Level::Single` only.
    pub window: Option<Window>,
    /// Changes that the check cannot judge and that no service was found to depend on.
    pub unjudged: Vec<String>,
    /// The flows that stay though steps of the plan bear on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<FlowSummary>,
}

/// A flow that stays while the plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowSummary {
    /// Where it begins: the short name of a service or block, `internet` or `vpn`, with the name of the site
    /// if there is one.
    pub from: String,
    /// The balancer on the way, if there is one.
    pub through: Option<String>,
    /// Where it ends.
    pub to: String,
    /// Protocols and ports.
    pub what: String,
    /// The steps that bear on it, as indexes of `Plan::steps`.
    pub steps: Vec<usize>,
    /// The NAT gateway that it leaves by from then on, where that is another one.
    pub leaves_by: Option<String>,
    /// Whether all of it comes through all the time.
    pub whole: bool,
}

/// The value of `layout { availability }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// No step may interrupt service.
    High,
    /// Interruptions only in the maintenance window.
    Single,
}

/// A service that the plan touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSummary {
    /// Its short name, as `--allow-downtime` takes it.
    pub service: String,
    /// The object that it is about.
    pub address: String,
    /// The number of members that serve.
    pub members: usize,
    /// How many serve at the worst moment.
    pub least: usize,
    /// How many are created beyond the number at a time.
    pub surge: usize,
    /// Whether AWS itself replaces the members of a scaling group, a share of them at a time.
    pub refreshed: bool,
    /// About how long a failover takes, in seconds, where there is one.
    pub failover: Option<u32>,
    /// Its kind.
    pub kind: ServiceKind,
    /// Whether the layout no longer has the service.
    pub gone: bool,
    /// Whether nothing leads to it afterwards, as the layout asks.
    pub unreached: bool,
    /// Members and what stands before them that go for good.
    pub removed: Vec<String>,
    /// Members that are not healthy now.
    pub sick: Vec<String>,
    /// Changes that bear on it and that the check cannot judge, each with what it is about.
    pub unjudged: Vec<String>,
    /// Whether anything of it changes that the check judges.
    pub judged: bool,
    /// An interruption that comes after the run, in words.
    pub later: Option<String>,
}

/// The kinds of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// The targets of a target group.
    Targets,
    /// The way out of private subnets.
    Egress,
    /// A site-to-site VPN connection.
    Vpn,
    /// A database endpoint.
    Database,
    /// Instances without a balancer.
    Server,
}

/// Members that are replaced at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// The block or service that rolls.
    pub of: String,
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
    /// The addresses of the members.
    pub members: Vec<String>,
    /// Whether the new ones come before the old ones go.
    pub create_first: bool,
    /// Whether they are not made anew but change in place, which interrupts each for a while.
    pub in_place: bool,
    /// The check that reports a new member healthy, in words.
    pub health: Option<String>,
    /// How long a new member must stay healthy, in seconds.
    pub bake: u64,
    /// How long an old member is drained at the most, in seconds.
    pub drain: u64,
    /// Why there are not more or fewer members in it, where that is not plain.
    pub remark: Option<String>,
    /// The reaction when the wave fails.
    pub on_failure: OnFailure,
    /// The objects that are made anew in the wave, as indexes of `Plan::changes`, each after those that it needs.
    pub parts: Vec<usize>,
}

/// The reaction to a wave that does not become healthy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Everything stays as it is, for a person to look.
    #[default]
    Stop,
    /// The new members of the wave are taken out again.
    Rollback,
}

/// Something that a layout has only once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinglePoint {
    /// Its short name.
    pub service: String,
    /// The object.
    pub address: String,
    /// The change that would make it highly available.
    pub cure: String,
}

/// An interruption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interruption {
    /// The short name of the service.
    pub service: String,
    /// The address of what goes out of service.
    pub address: String,
    /// The step at which it begins, as an index of `Plan::steps`.
    pub step: usize,
    /// The reason of the interruption.
    pub reason: InterruptionReason,
    /// The cure.
    pub cure: String,
    /// Where the layout says what would have to change, as file and line.
    pub place: Option<String>,
    /// Whether the user allowed it.
    pub allowed: bool,
}

/// The reason of the interruption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterruptionReason {
    /// No member is left.
    LastMember,
    /// Fewer members than the limit.
    UnderLimit {
        /// So many serve.
        least: usize,
        /// So many should.
        limit: usize,
    },
    /// Members of these zones are out at once.
    Zones(Vec<String>),
    /// Private subnets have no way out.
    Egress,
    /// A change in place interrupts it, for about so many seconds.
    Interrupted {
        /// The attribute whose change does it.
        attribute: String,
        /// About how long.
        seconds: u32,
    },
    /// An object before the members goes: a listener or balancer.
    Front(String),
    /// The layout leaves no member in what is still reached.
    Emptied,
    /// Its data goes with it.
    Data,
    /// A flow that is there before and after the plan is not there in between.
    FlowLost {
        /// From where, to where, and which packets.
        flow: String,
        /// The step after which it is there again, where one order decides that; the same step if it is but a moment.
        until: Option<usize>,
    },
    /// A flow that is there before the plan is not there after it, though both of its ends stay.
    FlowEnds {
        /// From where, to where, and which packets.
        flow: String,
    },
    /// A flow that is there neither before nor after the plan is there in between.
    FlowOpens {
        /// From where, to where, and which packets.
        flow: String,
        /// The step after which it is not there any more, where one order decides that.
        until: Option<usize>,
        /// Whether it begins on the Internet.
        public: bool,
    },
}

/// A maintenance window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// As the layout says it.
    pub text: String,
    /// The time zone.
    pub timezone: String,
    /// When it opens next, or opened, if it is open: RFC 3339 with offset.
    pub opens: String,
    /// When it closes then.
    pub closes: String,
    /// Whether it is open at the time of planning.
    pub open: bool,
}

/// The condition that a waiting step waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// The new object of the step's change is healthy, and stays so for a while.
    Healthy {
        /// The source of that health.
        by: Health,
        /// How long it must stay so, in seconds.
        bake: u64,
        /// When to give up, in seconds.
        timeout: u64,
    },
    /// The old object of the step's change, an attachment that was deleted, gets no requests any more.
    Drained {
        /// How long to wait at the most, in seconds.
        most: u64,
    },
    /// So many of the other members are healthy that one may be taken out of service.
    Others {
        /// Their attachments, as indexes of `Plan::changes`.
        by: Vec<usize>,
        /// How many have to be.
        least: usize,
        /// When to give up, in seconds.
        timeout: u64,
    },
}

/// The source that reports a member healthy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// The target groups of these attachments, as indexes of `Plan::changes`.
    Targets(Vec<usize>),
    /// The status checks of the instance.
    Status,
    /// As many members as a scaling group shall have, in each of its target groups; as an index of `Plan::changes`.
    Scaling(usize),
}

impl ServiceImpact {
    /// The interruptions that nobody allowed. What the layout ends for good waits for no window, and what opens between
    /// parts of the layout is only said.
    pub fn broken(&self) -> impl Iterator<Item = &Interruption> {
        let counts = |loss: &&Interruption| match loss.reason {
            InterruptionReason::FlowEnds { .. } => self.level == Some(Level::High),
            InterruptionReason::FlowOpens { public, .. } => public,
            _ => true,
        };
        self.losses.iter().filter(|loss| !loss.allowed).filter(counts)
    }
}
