//! The options of a tunnel, of which a connection has two: their names, how they are read, checked and
//! sent. An option that the layout leaves out has AWS's default, however AWS spells it.

use super::connection::Live;
use super::limits::{self, holds_all, same_or_default, within};
use super::tunnel_config::Config;
use crate::resources::spec::{self, rows};
use crate::schema::normal::Normal;
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    CloudWatchLogOptionsSpecification, IkeVersionsRequestListValue as Ike, ModifyVpnTunnelOptionsSpecification,
    Phase1DhGroupNumbersRequestListValue as Group1, Phase1EncryptionAlgorithmsRequestListValue as Cipher1,
    Phase1IntegrityAlgorithmsRequestListValue as Hash1, Phase2DhGroupNumbersRequestListValue as Group2,
    Phase2EncryptionAlgorithmsRequestListValue as Cipher2, Phase2IntegrityAlgorithmsRequestListValue as Hash2,
    TunnelOption, VpnTunnelLogOptionsSpecification, VpnTunnelOptionsSpecification,
};

type A = spec::A<Live>;
type Row = spec::A<()>;

/// One tunnel as AWS lists it and as it stands in the device's configuration.
#[derive(Debug, Clone, Default)]
pub struct Tunnel {
    /// AWS's address outside of the tunnel, which never changes.
    pub outside: String,
    /// Its options.
    pub options: Option<TunnelOption>,
    /// Its part of the configuration.
    pub config: Config,
}

/// The names of one option for the first and the second tunnel.
pub type Names = [&'static str; 2];

macro_rules! names {
    ($($constant:ident = $suffix:literal),* $(,)?) => {
        $(const $constant: Names = [concat!("tunnel1_", $suffix), concat!("tunnel2_", $suffix)];)*
        /// All options that a layout can give.
        pub const OPTIONS: &[Names] = &[$($constant),*];
    };
}

names! {
    DPD_ACTION = "dpd_timeout_action",
    DPD_SECONDS = "dpd_timeout_seconds",
    LIFECYCLE = "enable_tunnel_lifecycle_control",
    IKE = "ike_versions",
    INSIDE = "inside_cidr",
    INSIDE_IPV6 = "inside_ipv6_cidr",
    LOG = "log_options",
    GROUPS_1 = "phase1_dh_group_numbers",
    CIPHERS_1 = "phase1_encryption_algorithms",
    HASHES_1 = "phase1_integrity_algorithms",
    LIFETIME_1 = "phase1_lifetime_seconds",
    GROUPS_2 = "phase2_dh_group_numbers",
    CIPHERS_2 = "phase2_encryption_algorithms",
    HASHES_2 = "phase2_integrity_algorithms",
    LIFETIME_2 = "phase2_lifetime_seconds",
    KEY = "preshared_key",
    FUZZ = "rekey_fuzz_percentage",
    MARGIN = "rekey_margin_time_seconds",
    REPLAY = "replay_window_size",
    STARTUP = "startup_action",
}

const ALL_IKE: [&str; 2] = ["ikev1", "ikev2"];
const ALL_CIPHERS: [&str; 4] = ["AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"];
const ALL_HASHES: [&str; 4] = ["SHA1", "SHA2-256", "SHA2-384", "SHA2-512"];
const ALL_GROUPS_1: [i32; 12] = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
const ALL_GROUPS_2: [i32; 13] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
const DEFAULT_DPD_ACTION: &str = "clear";
const DEFAULT_DPD_SECONDS: i32 = 30;
const DEFAULT_FUZZ: i32 = 100;
const DEFAULT_LIFETIME_1: i32 = 28_800;
const DEFAULT_LIFETIME_2: i32 = 3_600;
const DEFAULT_MARGIN: i32 = 270;
const DEFAULT_REPLAY: i32 = 1_024;
const DEFAULT_STARTUP: &str = "add";

/// A number whose absence means `$default`.
macro_rules! number {
    ($name:expr, $range:expr, $default:expr) => {
        A::number($name)
            .check(|v| within(v, $range))
            .normal(Normal::With(|a, b| same_or_default(a, b, |v| v.as_i64() == Some($default.into()))))
    };
}

/// A word whose absence means `$default`.
macro_rules! word {
    ($name:expr, $all:expr, $default:expr) => {
        A::string($name)
            .check(|v| checks::one_of(v, &$all))
            .normal(Normal::With(|a, b| same_or_default(a, b, |v| v.as_str() == Some($default))))
    };
}

/// A set of words whose absence means all of them.
macro_rules! words {
    ($name:expr, $all:expr) => {
        A::string_set($name).check(|v| limits::words(v, &$all)).normal(Normal::With(|a, b| {
            same_or_default(a, b, |v| holds_all(v, &$all, |v, word| v.as_str() == Some(*word)))
        }))
    };
}

/// A set of numbers whose absence means all of them.
macro_rules! numbers {
    ($name:expr, $all:expr) => {
        A::of($name, Type::set(Type::Number)).check(|v| limits::numbers(v, &$all)).normal(Normal::With(|a, b| {
            same_or_default(a, b, |v| holds_all(v, &$all, |v, n| v.as_i64() == Some((*n).into())))
        }))
    };
}

/// The rows of tunnel `N`, which is 0 or 1.
pub fn tunnel_rows<const N: usize>() -> Vec<A> {
    fn options<const N: usize>(l: &Live) -> Option<&TunnelOption> {
        l.tunnels.get(N).and_then(|t| t.options.as_ref())
    }
    fn config<const N: usize>(l: &Live) -> Option<&Config> {
        l.tunnels.get(N).map(|t| &t.config)
    }
    let computed = |names: Names| A::string(names[N]).computed();
    vec![
        word!(DPD_ACTION[N], ["clear", "none", "restart"], DEFAULT_DPD_ACTION)
            .read(|l| options::<N>(l).and_then(|o| o.dpd_timeout_action()).into()),
        number!(DPD_SECONDS[N], 30..=i64::from(i32::MAX), DEFAULT_DPD_SECONDS)
            .read(|l| options::<N>(l).and_then(|o| o.dpd_timeout_seconds()).into()),
        A::bool(LIFECYCLE[N])
            .default(false)
            .read(|l| options::<N>(l).and_then(|o| o.enable_tunnel_lifecycle_control()).unwrap_or(false).into()),
        words!(IKE[N], ALL_IKE)
            .read(|l| set(options::<N>(l).map_or(&[][..], |o| o.ike_versions()).iter().filter_map(|v| v.value()))),
        A::string(INSIDE[N])
            .optional_computed()
            .check(limits::inside_cidr)
            .read(|l| options::<N>(l).and_then(|o| o.tunnel_inside_cidr()).into()),
        A::string(INSIDE_IPV6[N])
            .optional_computed()
            .normal(Normal::Cidr)
            .check(limits::inside_ipv6_cidr)
            .read(|l| options::<N>(l).and_then(|o| o.tunnel_inside_ipv6_cidr()).into()),
        A::optional_block(LOG[N], log_rows()).optional_computed().read(|l| log(options::<N>(l))),
        numbers!(GROUPS_1[N], ALL_GROUPS_1).read(|l| {
            set_of_numbers(options::<N>(l).map_or(&[][..], |o| o.phase1_dh_group_numbers()).iter().map(|v| v.value()))
        }),
        words!(CIPHERS_1[N], ALL_CIPHERS).read(|l| {
            set(options::<N>(l).map_or(&[][..], |o| o.phase1_encryption_algorithms()).iter().filter_map(|v| v.value()))
        }),
        words!(HASHES_1[N], ALL_HASHES).read(|l| {
            set(options::<N>(l).map_or(&[][..], |o| o.phase1_integrity_algorithms()).iter().filter_map(|v| v.value()))
        }),
        number!(LIFETIME_1[N], 900..=28_800, DEFAULT_LIFETIME_1)
            .read(|l| options::<N>(l).and_then(|o| o.phase1_lifetime_seconds()).into()),
        numbers!(GROUPS_2[N], ALL_GROUPS_2).read(|l| {
            set_of_numbers(options::<N>(l).map_or(&[][..], |o| o.phase2_dh_group_numbers()).iter().map(|v| v.value()))
        }),
        words!(CIPHERS_2[N], ALL_CIPHERS).read(|l| {
            set(options::<N>(l).map_or(&[][..], |o| o.phase2_encryption_algorithms()).iter().filter_map(|v| v.value()))
        }),
        words!(HASHES_2[N], ALL_HASHES).read(|l| {
            set(options::<N>(l).map_or(&[][..], |o| o.phase2_integrity_algorithms()).iter().filter_map(|v| v.value()))
        }),
        number!(LIFETIME_2[N], 900..=3_600, DEFAULT_LIFETIME_2)
            .read(|l| options::<N>(l).and_then(|o| o.phase2_lifetime_seconds()).into()),
        A::string(KEY[N]).optional_computed().sensitive().check(limits::preshared_key).read(|l| {
            let listed = options::<N>(l).and_then(|o| o.pre_shared_key());
            let key = listed.or_else(|| config::<N>(l).and_then(|c| c.preshared_key.as_deref()));
            limits::if_told(key.filter(|key| reported(key)), Type::String)
        }),
        number!(FUZZ[N], 0..=100, DEFAULT_FUZZ)
            .read(|l| options::<N>(l).and_then(|o| o.rekey_fuzz_percentage()).unwrap_or(DEFAULT_FUZZ).into()),
        number!(MARGIN[N], 60..=1_800, DEFAULT_MARGIN)
            .read(|l| options::<N>(l).and_then(|o| o.rekey_margin_time_seconds()).into()),
        number!(REPLAY[N], 64..=2_048, DEFAULT_REPLAY)
            .read(|l| options::<N>(l).and_then(|o| o.replay_window_size()).into()),
        word!(STARTUP[N], ["add", "start"], DEFAULT_STARTUP)
            .read(|l| options::<N>(l).and_then(|o| o.startup_action()).into()),
        computed(["tunnel1_address", "tunnel2_address"]).read(|l| l.tunnels.get(N).map(|t| t.outside.as_str()).into()),
        computed(["tunnel1_bgp_asn", "tunnel2_bgp_asn"])
            .follows(&super::connection::GATEWAYS)
            .read(|l| config::<N>(l).and_then(|c| c.bgp_asn.as_deref()).into()),
        A::number(["tunnel1_bgp_holdtime", "tunnel2_bgp_holdtime"][N])
            .computed()
            .read(|l| config::<N>(l).and_then(|c| c.bgp_hold_time).into()),
        computed(["tunnel1_cgw_inside_address", "tunnel2_cgw_inside_address"])
            .follows(&[INSIDE[N], INSIDE_IPV6[N]])
            .read(|l| config::<N>(l).and_then(|c| c.device_inside.as_deref()).into()),
        computed(["tunnel1_vgw_inside_address", "tunnel2_vgw_inside_address"])
            .follows(&[INSIDE[N], INSIDE_IPV6[N]])
            .read(|l| config::<N>(l).and_then(|c| c.gateway_inside.as_deref()).into()),
    ]
}

/// Keys that Secrets Manager keeps are listed as asterisks.
fn reported(key: &str) -> bool {
    !key.is_empty() && !key.contains('*')
}

/// A set, or null where AWS says nothing.
fn set<'a>(words: impl Iterator<Item = &'a str>) -> Value {
    let words: Vec<&str> = words.collect();
    if words.is_empty() { Value::null(Type::set(Type::String)) } else { Value::string_set(words) }
}

fn set_of_numbers(numbers: impl Iterator<Item = Option<i32>>) -> Value {
    let numbers: Vec<Value> = numbers.flatten().map(Value::from).collect();
    if numbers.is_empty() { Value::null(Type::set(Type::Number)) } else { Value::set(Type::Number, numbers) }
}

const FORMATS: [&str; 2] = ["json", "text"];

fn cloudwatch_rows() -> Vec<Attribute> {
    let format = |name| Row::string(name).optional_computed().check(|v| checks::one_of(v, &FORMATS));
    rows([
        Row::bool("bgp_log_enabled").default(false),
        Row::string("bgp_log_group_arn"),
        format("bgp_log_output_format"),
        Row::bool("log_enabled").default(false),
        Row::string("log_group_arn"),
        format("log_output_format"),
    ])
}

fn log_rows() -> Vec<Attribute> {
    rows([Row::optional_block("cloudwatch_log_options", cloudwatch_rows())])
}

/// Where the tunnel's log goes.
fn log(options: Option<&TunnelOption>) -> Value {
    let Some(o) = options.and_then(|o| o.log_options()).and_then(|l| l.cloud_watch_log_options()) else {
        return Value::null(object_type(&log_rows()));
    };
    let cloudwatch = Value::object([
        ("bgp_log_enabled", Value::from(o.bgp_log_enabled().unwrap_or(false))),
        ("bgp_log_group_arn", o.bgp_log_group_arn().into()),
        ("bgp_log_output_format", o.bgp_log_output_format().into()),
        ("log_enabled", o.log_enabled().unwrap_or(false).into()),
        ("log_group_arn", o.log_group_arn().into()),
        ("log_output_format", o.log_output_format().into()),
    ]);
    Value::object([("cloudwatch_log_options", cloudwatch)])
}

/// What is sent of the options of one tunnel.
pub struct Sent<'a> {
    /// The options as they shall be.
    pub attrs: &'a Attrs,
    /// The tunnel, 0 or 1.
    pub tunnel: usize,
    /// Only these, each with its default where it is left out. `None` sends what is given.
    pub only: Option<&'a [&'static str]>,
}

impl Sent<'_> {
    fn asked(&self, names: Names) -> Option<&'static str> {
        let name = names[self.tunnel];
        let asked = self.only.map_or_else(|| self.attrs.is_set(name), |only| only.contains(&name));
        asked.then_some(name)
    }

    fn text(&self, names: Names, default: Option<&str>) -> Option<String> {
        let name = self.asked(names)?;
        self.attrs.string(name).filter(|t| !t.is_empty()).or_else(|| default.map(str::to_owned))
    }

    fn number(&self, names: Names, default: i32) -> Option<i32> {
        let name = self.asked(names)?;
        Some(self.attrs.int(name).unwrap_or(default))
    }

    fn words<T>(&self, names: Names, all: &[&str], make: impl Fn(&str) -> T) -> Option<Vec<T>> {
        let given = self.attrs.strings(self.asked(names)?);
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        Some((if given.is_empty() { all } else { &given }).iter().map(|word| make(word)).collect())
    }

    fn numbers<T>(&self, names: Names, all: &[i32], make: impl Fn(i32) -> T) -> Option<Vec<T>> {
        let elements = self.attrs.elements(self.asked(names)?).iter();
        let given: Vec<i32> = elements.filter_map(|v| i32::try_from(v.as_i64()?).ok()).collect();
        Some((if given.is_empty() { all } else { &given }).iter().map(|n| make(*n)).collect())
    }

    fn log(&self) -> Option<VpnTunnelLogOptionsSpecification> {
        let outer = self.attrs.blocks(self.asked(LOG)?);
        let inner = outer.first().and_then(|o| o.blocks("cloudwatch_log_options").into_iter().next());
        let inner = inner.unwrap_or_default();
        let on = |name: &str| Some(inner.bool(name).unwrap_or(false));
        let cloudwatch = CloudWatchLogOptionsSpecification::builder()
            .set_log_enabled(on("log_enabled"))
            .set_log_group_arn(inner.string("log_group_arn"))
            .set_log_output_format(inner.string("log_output_format"))
            .set_bgp_log_enabled(on("bgp_log_enabled"))
            .set_bgp_log_group_arn(inner.string("bgp_log_group_arn"))
            .set_bgp_log_output_format(inner.string("bgp_log_output_format"))
            .build();
        Some(VpnTunnelLogOptionsSpecification::builder().cloud_watch_log_options(cloudwatch).build())
    }
}

/// CreateVpnConnection and ModifyVpnTunnelOptions take the same options by types of their own.
macro_rules! with_options {
    ($kind:ident, $sent:expr) => {{
        let sent: &Sent<'_> = $sent;
        $kind::builder()
            .set_dpd_timeout_action(sent.text(DPD_ACTION, Some(DEFAULT_DPD_ACTION)))
            .set_dpd_timeout_seconds(sent.number(DPD_SECONDS, DEFAULT_DPD_SECONDS))
            .set_enable_tunnel_lifecycle_control(
                sent.asked(LIFECYCLE).map(|name| sent.attrs.bool(name).unwrap_or(false)),
            )
            .set_ike_versions(sent.words(IKE, &ALL_IKE, |v| Ike::builder().value(v).build()))
            .set_tunnel_inside_cidr(sent.text(INSIDE, None))
            .set_tunnel_inside_ipv6_cidr(sent.text(INSIDE_IPV6, None))
            .set_log_options(sent.log())
            .set_phase1_dh_group_numbers(sent.numbers(GROUPS_1, &ALL_GROUPS_1, |n| Group1::builder().value(n).build()))
            .set_phase1_encryption_algorithms(
                sent.words(CIPHERS_1, &ALL_CIPHERS, |v| Cipher1::builder().value(v).build()),
            )
            .set_phase1_integrity_algorithms(sent.words(HASHES_1, &ALL_HASHES, |v| Hash1::builder().value(v).build()))
            .set_phase1_lifetime_seconds(sent.number(LIFETIME_1, DEFAULT_LIFETIME_1))
            .set_phase2_dh_group_numbers(sent.numbers(GROUPS_2, &ALL_GROUPS_2, |n| Group2::builder().value(n).build()))
            .set_phase2_encryption_algorithms(
                sent.words(CIPHERS_2, &ALL_CIPHERS, |v| Cipher2::builder().value(v).build()),
            )
            .set_phase2_integrity_algorithms(sent.words(HASHES_2, &ALL_HASHES, |v| Hash2::builder().value(v).build()))
            .set_phase2_lifetime_seconds(sent.number(LIFETIME_2, DEFAULT_LIFETIME_2))
            .set_pre_shared_key(sent.text(KEY, None))
            .set_rekey_fuzz_percentage(sent.number(FUZZ, DEFAULT_FUZZ))
            .set_rekey_margin_time_seconds(sent.number(MARGIN, DEFAULT_MARGIN))
            .set_replay_window_size(sent.number(REPLAY, DEFAULT_REPLAY))
            .set_startup_action(sent.text(STARTUP, Some(DEFAULT_STARTUP)))
            .build()
    }};
}

/// The options of a tunnel of a new connection.
pub fn new_options(attrs: &Attrs, tunnel: usize) -> VpnTunnelOptionsSpecification {
    with_options!(VpnTunnelOptionsSpecification, &Sent { attrs, tunnel, only: None })
}

/// The options `only` of a tunnel that is there.
pub fn changed_options(attrs: &Attrs, tunnel: usize, only: &[&'static str]) -> ModifyVpnTunnelOptionsSpecification {
    with_options!(ModifyVpnTunnelOptionsSpecification, &Sent { attrs, tunnel, only: Some(only) })
}

/// Whether an option is changed without replacing the tunnel's endpoint, if it is told so.
pub fn spares_the_endpoint(name: &str) -> bool {
    LIFECYCLE.contains(&name)
}

/// What the options of the two tunnels must not be together.
pub fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    for n in 0..2 {
        let seconds = |names: Names, default: i32| match want.is_unknown(names[n]) {
            true => None,
            false => Some(want.int(names[n]).unwrap_or(default)),
        };
        let phase2 = seconds(LIFETIME_2, DEFAULT_LIFETIME_2);
        if let (Some(one), Some(two)) = (seconds(LIFETIME_1, DEFAULT_LIFETIME_1), phase2)
            && two >= one
        {
            wrong.push((LIFETIME_2[n], format!("{two} seconds are too many; expected fewer than phase 1 has, {one}")));
        }
        if let (Some(margin), Some(two)) = (seconds(MARGIN, DEFAULT_MARGIN), phase2)
            && margin > two / 2
        {
            let half = two / 2;
            wrong.push((MARGIN[n], format!("{margin} seconds are too many; expected at most half of phase 2, {half}")));
        }
        let versions = want.strings(IKE[n]);
        let without_two = !versions.is_empty() && !versions.iter().any(|v| v == "ikev2");
        if want.str(STARTUP[n]) == Some("start") && without_two && !want.is_unknown(IKE[n]) {
            wrong.push((STARTUP[n], "AWS can start a tunnel with IKEv2 only; add \"ikev2\" to ike_versions".into()));
        }
    }
    for names in [INSIDE, INSIDE_IPV6] {
        if want.is_set(names[0]) && want.str(names[0]) == want.str(names[1]) {
            wrong.push((names[1], "both tunnels have the same range inside; expected two".into()));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attrs<const K: usize>(given: [(&str, Value); K]) -> Attrs {
        given.into_iter().collect()
    }

    #[test]
    fn a_new_tunnel_gets_what_is_given_and_no_defaults() {
        let want = attrs([
            ("tunnel1_ike_versions", Value::string_set(["ikev2"])),
            ("tunnel1_phase1_dh_group_numbers", Value::set(Type::Number, vec![20.into()])),
            ("tunnel2_preshared_key", "second.key".into()),
            ("tunnel1_replay_window_size", Value::any_null()),
        ]);
        let (one, two) = (new_options(&want, 0), new_options(&want, 1));
        assert_eq!(one.ike_versions().iter().filter_map(|v| v.value()).collect::<Vec<_>>(), ["ikev2"]);
        assert_eq!(one.phase1_dh_group_numbers().iter().filter_map(|v| v.value()).collect::<Vec<_>>(), [20]);
        assert_eq!((one.pre_shared_key(), one.replay_window_size()), (None, None));
        assert_eq!((two.pre_shared_key(), two.ike_versions().len()), (Some("second.key"), 0));
    }

    #[test]
    fn an_option_that_is_left_out_again_gets_its_default_back() {
        let want = attrs([("tunnel2_dpd_timeout_action", "restart".into())]);
        let only = [IKE[1], LIFETIME_1[1], FUZZ[1], STARTUP[1]];
        let sent = changed_options(&want, 1, &only);
        assert_eq!(sent.ike_versions().len(), 2);
        assert_eq!((sent.phase1_lifetime_seconds(), sent.rekey_fuzz_percentage()), (Some(28_800), Some(100)));
        assert_eq!((sent.startup_action(), sent.dpd_timeout_action()), (Some("add"), None));
    }

    #[test]
    fn options_that_do_not_fit_each_other_are_found() {
        let found = |want: Attrs| check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(found(Attrs::default()), [""; 0]);
        let short = attrs([("tunnel1_phase1_lifetime_seconds", 900.into())]);
        assert_eq!(found(short), ["tunnel1_phase2_lifetime_seconds"]);
        let narrow = attrs([("tunnel2_phase2_lifetime_seconds", 900.into()), (MARGIN[1], 500.into())]);
        assert_eq!(found(narrow), ["tunnel2_rekey_margin_time_seconds"]);
        let old = attrs([(STARTUP[0], "start".into()), (IKE[0], Value::string_set(["ikev1"]))]);
        assert_eq!(found(old), ["tunnel1_startup_action"]);
        let twice = attrs([(INSIDE[0], "169.254.9.0/30".into()), (INSIDE[1], "169.254.9.0/30".into())]);
        assert_eq!(found(twice), ["tunnel2_inside_cidr"]);
    }

    #[test]
    fn keys_that_are_kept_elsewhere_are_not_read() {
        assert!(reported("a.real_key"));
        assert!(!reported("****"));
    }
}
