//! The two tunnels of a connection: their options, how they are read, checked and sent.

use super::connection::{GATEWAYS, Live};
use super::limits;
use super::tunnel_config::Config;
use super::tunnel_options::{
    Ciphers, DpdAction, Groups1, Groups2, Hashes, LogCell, Number, Several, Startup, Versions, Word,
};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::builders::{
    ModifyVpnTunnelOptionsSpecificationBuilder as Modify, VpnTunnelOptionsSpecificationBuilder as Create,
};
use aws_sdk_ec2::types::{ModifyVpnTunnelOptionsSpecification, TunnelOption, VpnTunnelOptionsSpecification};
use std::ops::Deref;

/// One tunnel as AWS lists it and as it is in the device's configuration.
#[derive(Debug, Clone)]
pub struct Tunnel {
    /// AWS's address outside of the tunnel, which never changes.
    pub outside: String,
    /// Its options.
    pub options: TunnelOption,
    /// Its part of the configuration.
    pub config: Config,
}

impl Tunnel {
    /// The tunnel with this outside address.
    pub fn at(outside: &str) -> Tunnel {
        let options = TunnelOption::builder().build();
        Tunnel { outside: outside.to_owned(), options, config: Config::default() }
    }
}

/// The first or the second tunnel, 0 or 1.
#[derive(Debug, Clone)]
pub struct Nth<const N: usize>(pub Tunnel);

impl<const N: usize> Deref for Nth<N> {
    type Target = TunnelOption;

    fn deref(&self) -> &TunnelOption {
        &self.0.options
    }
}

impl<const N: usize> Nth<N> {
    fn address(&self) -> Option<&str> {
        Some(self.0.outside.as_str()).filter(|outside| !outside.is_empty())
    }
    fn bgp_asn(&self) -> Option<&str> {
        self.0.config.bgp_asn.as_deref()
    }
    fn bgp_holdtime(&self) -> Option<i32> {
        self.0.config.bgp_hold_time
    }
    fn cgw_inside_address(&self) -> Option<&str> {
        self.0.config.device_inside.as_deref()
    }
    fn vgw_inside_address(&self) -> Option<&str> {
        self.0.config.gateway_inside.as_deref()
    }
}

/// Keys that Secrets Manager keeps are listed as asterisks.
fn key<const N: usize>(tunnel: &Nth<N>) -> Value {
    let key = tunnel.pre_shared_key().or(tunnel.0.config.preshared_key.as_deref());
    limits::if_reported(key.filter(|key| !key.is_empty() && !key.contains('*')), Type::String)
}

/// The names of one option for the first and the second tunnel.
pub type Names = [&'static str; 2];

/// The tables of both tunnels, and the names of all that a layout can give.
macro_rules! tunnels {
    ($($name:ident $(($sdk:ident))?: $cell:ty $([$($changes:tt)+])*;)*) => { pastey::paste! {
        /// All options that a layout can give.
        pub const OPTIONS: &[Names] = &[$([stringify!([<tunnel1_ $name>]), stringify!([<tunnel2_ $name>])]),*];

        table! {
            First: Nth<0>, create Create, modify Modify {
                $([<tunnel1_ $name>] = $name: $cell, read $(($sdk))?, create $(($sdk))?, modify $(($sdk))?
                    $([$($changes)+])*;)*
            }
        }
        table! {
            Second: Nth<1>, create Create, modify Modify {
                $([<tunnel2_ $name>] = $name: $cell, read $(($sdk))?, create $(($sdk))?, modify $(($sdk))?
                    $([$($changes)+])*;)*
            }
        }
    } };
}

tunnels! {
    dpd_timeout_action: Word<DpdAction>;
    dpd_timeout_seconds: Number<30, { i32::MAX }, 30>;
    enable_tunnel_lifecycle_control: Switch;
    ike_versions: Several<Versions>;
    inside_cidr(tunnel_inside_cidr): Text [.optional_computed().check(limits::inside_cidr)];
    inside_ipv6_cidr(tunnel_inside_ipv6_cidr): Text
        [.optional_computed().normal(Normal::Cidr).check(limits::inside_ipv6_cidr)];
    log_options: LogCell;
    phase1_dh_group_numbers: Several<Groups1>;
    phase1_encryption_algorithms: Several<Ciphers>;
    phase1_integrity_algorithms: Several<Hashes>;
    phase1_lifetime_seconds: Number<900, 28_800, PHASE_1>;
    phase2_dh_group_numbers: Several<Groups2>;
    phase2_encryption_algorithms: Several<Ciphers>;
    phase2_integrity_algorithms: Several<Hashes>;
    phase2_lifetime_seconds: Number<900, 3_600, PHASE_2>;
    preshared_key(pre_shared_key): Text
        [.optional_computed().sensitive().check(limits::preshared_key).read(|t| key(t.held()))];
    rekey_fuzz_percentage: Number<0, 100, 100>;
    rekey_margin_time_seconds: Number<60, 1_800, MARGIN>;
    replay_window_size: Number<64, 2_048, 1_024>;
    startup_action: Word<Startup>;
}

const PHASE_1: i32 = 28_800;
const PHASE_2: i32 = 3_600;
const MARGIN: i32 = 270;

/// What AWS and the device's configuration say of a tunnel.
macro_rules! answers {
    ($rows:ident: $n:literal, $tunnel:ident) => { pastey::paste! { table! {
        $rows: Nth<$n> {
            [<$tunnel _address>] = address: Text, read [.computed()];
            [<$tunnel _bgp_asn>] = bgp_asn: Text, read [.computed().follows(&GATEWAYS)];
            [<$tunnel _bgp_holdtime>] = bgp_holdtime: Int, read [.computed()];
            [<$tunnel _cgw_inside_address>] = cgw_inside_address: Text, read
                [.computed().follows(&[stringify!([<$tunnel _inside_cidr>]), stringify!([<$tunnel _inside_ipv6_cidr>])])];
            [<$tunnel _vgw_inside_address>] = vgw_inside_address: Text, read
                [.computed().follows(&[stringify!([<$tunnel _inside_cidr>]), stringify!([<$tunnel _inside_ipv6_cidr>])])];
        }
    } } };
}

answers!(FirstAnswers: 0, tunnel1);
answers!(SecondAnswers: 1, tunnel2);

/// The rows of both tunnels.
pub fn rows() -> impl Iterator<Item = A<Live>> {
    [First::rows(), FirstAnswers::rows(), Second::rows(), SecondAnswers::rows()].into_iter().flatten()
}

/// The options of a tunnel of a new connection: those that are given.
pub fn new_options(want: &Attrs, tunnel: usize) -> VpnTunnelOptionsSpecification {
    let given = want.iter().filter(|(_, value)| !value.is_null());
    let given: Attrs = given.map(|(name, value)| (name.clone(), value.clone())).collect();
    let all = if tunnel == 0 { First::create } else { Second::create };
    all(Create::default(), &given).build()
}

/// The options `only` of a tunnel that is there, each with its default where it is left out.
pub fn changed_options(want: &Attrs, tunnel: usize, only: &[&'static str]) -> ModifyVpnTunnelOptionsSpecification {
    let value = |name: &str| want.get(name).cloned().unwrap_or_else(Value::any_null);
    let asked: Attrs = only.iter().map(|name| (*name, value(name))).collect();
    let all = if tunnel == 0 { First::modify } else { Second::modify };
    let mut change = Change::new(&asked, &asked, only.iter().copied());
    all(Modify::default(), &mut change).unwrap_or_default().build()
}

/// Whether an option is changed without replacing the tunnel's endpoint, if that is asked for.
pub fn spares_the_endpoint(name: &str) -> bool {
    name.ends_with("_enable_tunnel_lifecycle_control")
}

/// The whole name of an option of a tunnel.
fn name(tunnel: usize, option: &str) -> &'static str {
    let all = OPTIONS.iter().map(|names| names[tunnel]);
    all.into_iter().find(|name| name[8..] == *option).unwrap_or_default()
}

/// What the options of the two tunnels must not be together.
pub fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    for n in 0..2 {
        let [first, second, margin, start, ike] = [
            "phase1_lifetime_seconds",
            "phase2_lifetime_seconds",
            "rekey_margin_time_seconds",
            "startup_action",
            "ike_versions",
        ]
        .map(|option| name(n, option));
        let seconds = |name, default| (!want.is_unknown(name)).then(|| want.int(name).unwrap_or(default));
        let two = seconds(second, PHASE_2);
        if let (Some(one), Some(two)) = (seconds(first, PHASE_1), two)
            && two >= one
        {
            wrong.push((second, format!("{two} seconds are too many; expected fewer than phase 1 has, {one}")));
        }
        if let (Some(seconds), Some(half)) = (seconds(margin, MARGIN), two.map(|two| two / 2))
            && seconds > half
        {
            wrong.push((margin, format!("{seconds} seconds are too many; expected at most half of phase 2, {half}")));
        }
        let versions = want.strings(ike);
        let without_two = !versions.is_empty() && !versions.iter().any(|v| v == "ikev2");
        if want.str(start) == Some("start") && without_two && !want.is_unknown(ike) {
            wrong.push((start, "AWS can start a tunnel with IKEv2 only; add \"ikev2\" to ike_versions".into()));
        }
    }
    for option in ["inside_cidr", "inside_ipv6_cidr"] {
        let [first, second] = [0, 1].map(|n| name(n, option));
        if want.is_set(first) && want.str(first) == want.str(second) {
            wrong.push((second, "both tunnels have the same range inside; expected two".into()));
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
        let left_out =
            ["ike_versions", "phase1_lifetime_seconds", "rekey_fuzz_percentage", "startup_action", "log_options"];
        let sent = changed_options(&want, 1, &left_out.map(|option| name(1, option)));
        assert_eq!(sent.ike_versions().len(), 2);
        assert_eq!((sent.phase1_lifetime_seconds(), sent.rekey_fuzz_percentage()), (Some(28_800), Some(100)));
        assert_eq!((sent.startup_action(), sent.dpd_timeout_action()), (Some("add"), None));
        let log = sent.log_options().and_then(|l| l.cloud_watch_log_options()).unwrap();
        assert_eq!((log.log_enabled(), log.bgp_log_enabled()), (Some(false), Some(false)));
    }

    #[test]
    fn options_that_do_not_fit_each_other_are_found() {
        let found = |want: Attrs| check(&want).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(found(Attrs::default()), [""; 0]);
        let short = attrs([("tunnel1_phase1_lifetime_seconds", 900.into())]);
        assert_eq!(found(short), ["tunnel1_phase2_lifetime_seconds"]);
        let margin = "tunnel2_rekey_margin_time_seconds";
        let narrow = attrs([("tunnel2_phase2_lifetime_seconds", 900.into()), (margin, 500.into())]);
        assert_eq!(found(narrow), [margin]);
        let old =
            attrs([("tunnel1_startup_action", "start".into()), ("tunnel1_ike_versions", Value::string_set(["ikev1"]))]);
        assert_eq!(found(old), ["tunnel1_startup_action"]);
        let inside = "169.254.9.0/30";
        let twice = attrs([("tunnel1_inside_cidr", inside.into()), ("tunnel2_inside_cidr", inside.into())]);
        assert_eq!(found(twice), ["tunnel2_inside_cidr"]);
    }

    #[test]
    fn keys_that_are_kept_elsewhere_are_not_read() {
        let with = |text: &str| {
            Nth::<0>(Tunnel {
                options: TunnelOption::builder().pre_shared_key(text).build(),
                ..Tunnel::at("192.0.2.1")
            })
        };
        assert_eq!(key(&with("a.real_key")), "a.real_key".into());
        assert!(key(&with("****")).is_unknown());
    }
}
