//! How fast we call: one token bucket per caller, region and action, shaped like AWS's own, so that
//! many tasks together stay below the limit instead of running into it. Throttling answers halve
//! the pace, successes let it recover. Holds no task back longer than its own turn.

use super::action::Action;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The slowest pace, in calls per second, however often AWS throttles.
const SLOWEST: f64 = 0.5;
/// From this pace on, in calls per second, an endpoint without documented limits has none again.
const UNLIMITED_AGAIN: f64 = 200.0;
/// The longest wait for a turn: a signed request is good for five minutes.
const LONGEST_WAIT: Duration = Duration::from_secs(240);
/// Throttling answers within this time of a slow-down belong to it.
const ONE_SLOW_DOWN: Duration = Duration::from_secs(1);

/// A bucket as AWS documents it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    /// How many calls at once.
    capacity: f64,
    /// How many more per second.
    refill: f64,
}

const fn shape(capacity: f64, refill: f64) -> Shape {
    Shape { capacity, refill }
}

const NO_LIMIT: Shape = shape(f64::INFINITY, f64::INFINITY);

/// EC2 Developer Guide, "Request throttling": token bucket sizes and refill rates.
const EC2_ACTIONS: &[(&str, Shape)] = &[
    ("AcceptVpcEndpointConnections", shape(10.0, 1.0)),
    ("AssignPrivateIpAddresses", shape(100.0, 10.0)),
    ("AuthorizeSecurityGroupEgress", shape(200.0, 20.0)),
    ("AuthorizeSecurityGroupIngress", shape(200.0, 20.0)),
    ("CreateNetworkInterface", shape(100.0, 5.0)),
    ("CreateTags", shape(100.0, 10.0)),
    ("CreateVpcEndpoint", shape(4.0, 0.3)),
    ("CreateVpcEndpointServiceConfiguration", shape(10.0, 1.0)),
    ("DeleteNetworkInterface", shape(100.0, 5.0)),
    ("DeleteTags", shape(100.0, 10.0)),
    ("DeleteVpcEndpoints", shape(4.0, 0.3)),
    ("DescribeVpcEndpoints", shape(30.0, 20.0)),
    ("ModifyVpcEndpoint", shape(4.0, 0.3)),
    ("RevokeSecurityGroupEgress", shape(200.0, 20.0)),
    ("RevokeSecurityGroupIngress", shape(200.0, 20.0)),
    ("RunInstances", shape(5.0, 2.0)),
    ("StartInstances", shape(5.0, 2.0)),
    ("UnassignPrivateIpAddresses", shape(100.0, 10.0)),
];
/// EC2, all other reads.
const EC2_READ: Shape = shape(100.0, 20.0);
/// EC2, all other changes.
const EC2_WRITE: Shape = shape(50.0, 5.0);

/// CloudTrail API Reference, "LookupEvents": two a second.
const LOOK_UPS: Shape = shape(1.0, 2.0);

/// The limit of AWS for `action`. Other services do not document their limits by action; they start
/// without one and are slowed by their answers.
fn documented(action: &Action) -> Shape {
    match action.service.as_str() {
        "ec2" => {}
        "cloudtrail" if action.name == "LookupEvents" => return LOOK_UPS,
        _ => return NO_LIMIT,
    }
    let own = EC2_ACTIONS.iter().find(|(name, _)| *name == action.name).map(|(_, shape)| *shape);
    own.unwrap_or(if action.is_read() { EC2_READ } else { EC2_WRITE })
}

/// How many attempts went out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// Attempts of calls that change nothing.
    pub reads: u64,
    /// Attempts of calls that change something.
    pub writes: u64,
    /// How many of them were answered with throttling.
    pub throttled: u64,
    /// All attempts by `service:Action`.
    pub by_action: BTreeMap<String, u64>,
}

impl std::fmt::Display for CallCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} API calls: {} reading, {} changing", self.reads + self.writes, self.reads, self.writes)?;
        if self.throttled > 0 {
            write!(f, ", {} throttled", self.throttled)?;
        }
        for (action, count) in &self.by_action {
            write!(f, "\n  {count:>6} {action}")?;
        }
        Ok(())
    }
}

/// The limiter of a process; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Limits(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    buckets: HashMap<Action, Bucket>,
    counts: CallCounts,
}

impl Limits {
    /// Waits for the turn of one attempt of `action` and counts it. `custom` endpoints, such as a
    /// local one, have no documented limits.
    pub async fn turn(&self, action: &Action, custom: bool) {
        let wait = {
            let mut state = self.state();
            state.counts.count(action);
            let bucket = state
                .buckets
                .entry(action.clone())
                .or_insert_with(|| Bucket::new(if custom { NO_LIMIT } else { documented(action) }, Instant::now()));
            bucket.take(Instant::now())
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// The result of an attempt.
    pub fn answered(&self, action: &Action, throttled: bool) {
        let mut state = self.state();
        state.counts.throttled += u64::from(throttled);
        if let Some(bucket) = state.buckets.get_mut(action) {
            if throttled { bucket.slow_down(Instant::now()) } else { bucket.recover() }
        }
    }

    /// How many attempts went out so far.
    pub fn calls(&self) -> CallCounts {
        self.state().counts.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallCounts {
    fn count(&mut self, action: &Action) {
        let sum = if action.is_read() { &mut self.reads } else { &mut self.writes };
        *sum += 1;
        *self.by_action.entry(format!("{}:{}", action.service, action.name)).or_default() += 1;
    }
}

/// One bucket. Tokens may be negative: that many calls already wait for their turn.
#[derive(Debug)]
struct Bucket {
    limit: Shape,
    /// Calls per second now; at most the limit's.
    pace: f64,
    tokens: f64,
    filled: Instant,
    slowed: Option<Instant>,
    /// Calls since `second`, for the pace of an unlimited bucket that is throttled.
    lately: f64,
    second: Instant,
}

impl Bucket {
    fn new(limit: Shape, now: Instant) -> Self {
        let (pace, tokens) = (limit.refill, limit.capacity);
        Bucket { limit, pace, tokens, filled: now, slowed: None, lately: 0.0, second: now }
    }

    /// Takes one token; how long to wait until it is there.
    fn take(&mut self, now: Instant) -> Duration {
        if now - self.second > Duration::from_secs(1) {
            self.lately = 0.0;
            self.second = now;
        }
        self.lately += 1.0;
        if self.pace.is_infinite() {
            return Duration::ZERO;
        }
        let gained = (now - self.filled).as_secs_f64() * self.pace;
        // An unlimited bucket that was slowed saves up no more than a second's worth.
        let capacity = if self.limit.capacity.is_finite() { self.limit.capacity } else { self.pace.max(1.0) };
        self.tokens = (self.tokens + gained).min(capacity) - 1.0;
        self.filled = now;
        Duration::try_from_secs_f64(-self.tokens / self.pace).unwrap_or(Duration::ZERO).min(LONGEST_WAIT)
    }

    fn slow_down(&mut self, now: Instant) {
        if self.slowed.is_none_or(|at| now - at > ONE_SLOW_DOWN) {
            let pace = if self.pace.is_finite() { self.pace } else { self.lately };
            self.pace = (pace / 2.0).max(SLOWEST);
            self.slowed = Some(now);
        }
        self.tokens = self.tokens.min(0.0);
        self.filled = self.filled.max(now);
    }

    fn recover(&mut self) {
        if self.pace >= self.limit.refill {
            return;
        }
        let step = if self.limit.refill.is_finite() { self.limit.refill / 20.0 } else { 1.0 };
        self.pace = (self.pace + step).min(self.limit.refill);
        if self.pace >= UNLIMITED_AGAIN && self.limit.refill.is_infinite() {
            self.pace = f64::INFINITY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(service: &str, name: &str) -> Action {
        Action { service: service.into(), name: name.into(), ..Action::default() }
    }

    /// How many seconds the last of `n` calls at once waits for its turn.
    fn burst(bucket: &mut Bucket, n: usize, now: Instant) -> f64 {
        (0..n).map(|_| bucket.take(now).as_secs_f64()).fold(0.0, f64::max)
    }

    #[test]
    fn a_burst_goes_out_at_once_and_the_rest_at_the_refill_rate() {
        let now = Instant::now();
        let mut bucket = Bucket::new(documented(&action("ec2", "CreateSubnet")), now);
        assert_eq!(burst(&mut bucket, 50, now), 0.0);
        assert_eq!(burst(&mut bucket, 10, now), 2.0);
        let later = now + Duration::from_secs(60);
        assert_eq!(burst(&mut bucket, 50, later), 0.0, "the bucket fills up again");
        assert_eq!(burst(&mut bucket, 1, later), 0.2, "but not beyond its size");
    }

    #[test]
    fn each_action_has_the_limit_that_aws_documents() {
        assert_eq!(documented(&action("ec2", "DescribeVpcs")), EC2_READ);
        assert_eq!(documented(&action("ec2", "CreateVpcEndpoint")), shape(4.0, 0.3));
        assert_eq!(documented(&action("cloudtrail", "LookupEvents")), shape(1.0, 2.0));
        assert_eq!(documented(&action("cloudtrail", "DescribeTrails")), NO_LIMIT);
        assert_eq!(documented(&action("elasticloadbalancing", "CreateLoadBalancer")), NO_LIMIT);
    }

    #[test]
    fn an_endpoint_is_not_held_back_until_it_throttles() {
        let now = Instant::now();
        let mut bucket = Bucket::new(NO_LIMIT, now);
        assert_eq!(burst(&mut bucket, 500, now), 0.0);
        bucket.slow_down(now);
        assert_eq!(burst(&mut bucket, 10, now), 10.0 / 250.0, "half of the pace at which it was throttled");
        bucket.pace = 20.0;
        (0..400).for_each(|_| bucket.recover());
        assert_eq!(burst(&mut bucket, 500, now), 0.0, "successes lift the limit again");
    }

    #[test]
    fn throttling_halves_the_pace_once_per_second() {
        let now = Instant::now();
        let mut bucket = Bucket::new(EC2_WRITE, now);
        (0..32).for_each(|_| bucket.slow_down(now));
        assert_eq!(burst(&mut bucket, 5, now), 2.0, "5 calls at 2.5 per second");
        (1..50).for_each(|i| bucket.slow_down(now + Duration::from_secs(2 * i)));
        assert_eq!(bucket.pace, SLOWEST);
        (0..100).for_each(|_| bucket.recover());
        assert_eq!(bucket.pace, EC2_WRITE.refill);
    }

    #[tokio::test]
    async fn calls_are_counted_by_action() {
        let limits = Limits::default();
        limits.turn(&action("ec2", "DescribeVpcs"), true).await;
        limits.turn(&action("ec2", "DescribeVpcs"), true).await;
        limits.turn(&action("ec2", "CreateVpc"), true).await;
        limits.answered(&action("ec2", "CreateVpc"), true);
        let calls = limits.calls();
        assert_eq!((calls.reads, calls.writes, calls.throttled), (2, 1, 1));
        assert_eq!(calls.by_action["ec2:DescribeVpcs"], 2);
    }
}
