//! aws_dx_private_virtual_interface and aws_dx_transit_virtual_interface: a VLAN on a connection with a BGP session over
//! it, to networks or to transit gateways.

use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{Service, member_text};
use crate::resources::block::IntText;
use crate::resources::document::{Document, at, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use crate::resources::vpn::limits;
use crate::schema::rows::Interruption;
use serde_json::{Value as Json, json};

/// The frames of an interface that takes larger ones, and of others.
const JUMBO: i64 = 8500;
const ORDINARY: i64 = 1500;
/// Older private interfaces have these.
const FORMER_JUMBO: i64 = 9001;
/// How long the interfaces of a connection are out that was not made for large frames (Direct Connect User Guide, "MTUs").
const RENEWAL: u32 = 30;

fn vlan(value: &Value) -> Result<(), String> {
    limits::within(value, 1..=4094)
}

fn asn(value: &Value) -> Result<(), String> {
    limits::within(value, 1..=2_147_483_646)
}

fn long_asn(value: &Value) -> Result<(), String> {
    limits::within(value, 1..=4_294_967_294)
}

fn key(value: &Value) -> Result<(), String> {
    let length = value.as_str().unwrap_or_default().chars().count();
    // The message must not show it.
    if length == 0 || (6..=80).contains(&length) {
        Ok(())
    } else {
        Err("the key has another length; expected 6 to 80 characters".into())
    }
}

fn frames(value: &Value, all: &[i64]) -> Result<(), String> {
    let shown: Vec<String> = all.iter().map(i64::to_string).collect();
    checks::number(value, |n| all.contains(&n), &format!("is not a size of frames; expected {}", shown.join(" or ")))
}

fn interrupted(before: &Attrs, after: &Attrs) -> Option<Interruption> {
    let large = |attrs: &Attrs| attrs.int("mtu").is_some_and(|mtu| i64::from(mtu) != ORDINARY);
    let renews = !large(before) && large(after) && before.bool("jumbo_frame_capable") != Some(true);
    renews.then_some(Interruption { attribute: "mtu", seconds: RENEWAL, failover: false })
}

/// One of the types: its rows beyond those of both, its word for itself, its call, and the member that holds all.
macro_rules! interface {
    ($(#[$doc:meta])* $ty:ident $name:literal $kind:literal $create:literal $new:literal $frames:expr,
     $tags:literal, $rules:expr, { $($rows:tt)* }) => {
        document! {
            $(#[$doc])*
            pub $ty {
                address_family = "addressFamily": Text
                    [.required().force_new().check(|v| checks::one_of(v, &["ipv4", "ipv6"]))];
                amazon_address = "amazonAddress": Text [.optional_computed().force_new()];
                amazon_side_asn = "amazonSideAsn": Text, read [.computed()];
                arn = "arn": Text, read [.computed()];
                aws_device = "awsDeviceV2": Text, read [.computed()];
                bgp_asn = "asn": Int [.force_new().stays().check(asn)];
                bgp_asn_long = "asnLong": IntText [.force_new().stays().check(long_asn)];
                bgp_auth_key = "authKey": Text [.optional_computed().force_new().sensitive().check(key)];
                connection_id = "connectionId": Text [.required().force_new()];
                customer_address = "customerAddress": Text [.optional_computed().force_new()];
                jumbo_frame_capable = "jumboFrameCapable": Flag, read [.computed()];
                mtu = "mtu": Int, read, create, modify [.default(ORDINARY).check(|v| frames(v, &$frames))];
                name = "virtualInterfaceName": Text, read, create, modify [.required()];
                prefix_pool_allocated_count_ipv4 = "prefixPoolAllocatedCountIpv4": Int, read, create, modify
                    [.optional_computed()];
                prefix_pool_allocated_count_ipv6 = "prefixPoolAllocatedCountIpv6": Int, read, create, modify
                    [.optional_computed()];
                rate_limit = "rateLimit": Text, read, create, modify [.optional_computed()];
                sitelink_enabled = "enableSiteLink": Switch, create, modify
                    [.read(|l| at::<Switch>(l.held(), "siteLinkEnabled"))];
                vlan = "vlan": Int [.required().force_new().check(vlan)];
                $($rows)*
            }
        }

        impl Plain for $ty {
            const SERVICE: &'static Service = &DIRECT_CONNECT;
            const CREATE: &'static str = $create;
            const READ: (&'static str, &'static str) = ("DescribeVirtualInterfaces", "virtualInterfaces");
            const UPDATE: &'static str = "UpdateVirtualInterfaceAttributes";
            const DELETE: &'static str = "DeleteVirtualInterface";
            const TAGS: Option<Tags> = Some(super::tags($tags));
            const MARKED: bool = true;

            fn specification() -> Spec<Object> {
                let id = |i: &Object| Some(i.id.clone());
                let spec = Spec::new($name, id, <Self as Document>::rows())
                    .role(Role::Gateway(Unjudged::All("routes")))
                    .unique(&[&["connection_id", "vlan"]])
                    .interrupts(interrupted)
                    .progress(|i| super::progress(i, "virtualInterfaceState"))
                    .wait_for_deletion();
                ($rules)(spec)
            }

            fn key(id: &str) -> Json {
                json!({"virtualInterfaceId": id})
            }

            fn id(_want: &Attrs, answer: &Json) -> Option<String> {
                let made = member_text(answer, "virtualInterface.virtualInterfaceId");
                made.or_else(|| member_text(answer, "virtualInterfaceId"))
            }

            fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
                let mut all = <Self as Document>::create(want);
                let connection = all.as_object_mut().and_then(|all| all.remove("connectionId"));
                json!({"connectionId": connection, $new: all})
            }

            fn change(change: &mut Change<'_>) -> Option<Json> {
                <Self as Document>::modify(change)
            }

            /// All interfaces have ids of one form: one of another kind is none of this type.
            async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
                if json["virtualInterfaceType"] != $kind {
                    return Err(Error::not_found(format!("{id} is not a {} virtual interface", $kind)));
                }
                json["arn"] = super::arn(aws, &json, &aws.region, "dxvif", id).into();
                Ok(json)
            }
        }
    };
}

interface! {
    /// The resource type `aws_dx_private_virtual_interface`.
    AwsDxPrivateVirtualInterface "aws_dx_private_virtual_interface" "private"
        "CreatePrivateVirtualInterface" "newPrivateVirtualInterface" [ORDINARY, JUMBO, FORMER_JUMBO],
    "newPrivateVirtualInterface.tags",
    |spec: Spec<Object>| spec.exactly_one(&[&["bgp_asn", "bgp_asn_long"], &["dx_gateway_id", "vpn_gateway_id"]]),
    {
        dx_gateway_id = "directConnectGatewayId": Text [.force_new()];
        vpn_gateway_id = "virtualGatewayId": Text [.force_new()];
    }
}
interface! {
    /// The resource type `aws_dx_transit_virtual_interface`.
    AwsDxTransitVirtualInterface "aws_dx_transit_virtual_interface" "transit"
        "CreateTransitVirtualInterface" "newTransitVirtualInterface" [ORDINARY, JUMBO],
    "newTransitVirtualInterface.tags",
    |spec: Spec<Object>| spec.exactly_one(&[&["bgp_asn", "bgp_asn_long"]]),
    {
        dx_gateway_id = "directConnectGatewayId": Text [.required().force_new()];
    }
}
