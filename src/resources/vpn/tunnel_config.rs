//! The configuration that AWS writes for the device at the other end: an XML document, the only place
//! where some attributes of a tunnel stand.

use roxmltree::{Document, Node};

/// One tunnel in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// AWS's address outside of the tunnel.
    pub outside: String,
    /// The device's address inside.
    pub device_inside: Option<String>,
    /// AWS's address inside.
    pub gateway_inside: Option<String>,
    /// AWS's ASN.
    pub bgp_asn: Option<String>,
    /// How long AWS holds a BGP session without a sign of life.
    pub bgp_hold_time: Option<i32>,
    /// The pre-shared key.
    pub preshared_key: Option<String>,
}

/// The tunnels of a document; none if it is not readable.
pub fn tunnels(xml: &str) -> Vec<Config> {
    let Ok(document) = Document::parse(xml.trim()) else { return Vec::new() };
    let tunnels = document.descendants().filter(|n| n.has_tag_name("ipsec_tunnel"));
    tunnels.filter_map(|tunnel| config(tunnel)).collect()
}

fn config(tunnel: Node<'_, '_>) -> Option<Config> {
    Some(Config {
        outside: text(tunnel, &["vpn_gateway", "tunnel_outside_address", "ip_address"])?,
        device_inside: text(tunnel, &["customer_gateway", "tunnel_inside_address", "ip_address"]),
        gateway_inside: text(tunnel, &["vpn_gateway", "tunnel_inside_address", "ip_address"]),
        bgp_asn: text(tunnel, &["vpn_gateway", "bgp", "asn"]),
        bgp_hold_time: text(tunnel, &["vpn_gateway", "bgp", "hold_time"]).and_then(|t| t.parse().ok()),
        preshared_key: text(tunnel, &["ike", "pre_shared_key"]),
    })
}

/// The text at the end of a path of elements.
fn text(from: Node<'_, '_>, path: &[&str]) -> Option<String> {
    let mut node = from;
    for name in path {
        node = node.children().find(|n| n.has_tag_name(*name))?;
    }
    node.text().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tunnel_is_read_with_what_stands_nowhere_else() {
        let tunnel = |n: i32| {
            format!(
                "<ipsec_tunnel><customer_gateway><tunnel_inside_address><ip_address>169.254.{n}.2</ip_address>\
                 </tunnel_inside_address></customer_gateway><vpn_gateway><tunnel_outside_address>\
                 <ip_address>52.0.0.{n}</ip_address></tunnel_outside_address><tunnel_inside_address>\
                 <ip_address> 169.254.{n}.1 </ip_address></tunnel_inside_address><bgp><asn>64512</asn>\
                 <hold_time>30</hold_time></bgp></vpn_gateway><ike><pre_shared_key>key{n}</pre_shared_key></ike>\
                 </ipsec_tunnel>"
            )
        };
        let read = tunnels(&format!("\n <vpn_connection id=\"vpn-1\">{}{}</vpn_connection>", tunnel(7), tunnel(8)));
        let expected = |n: i32| Config {
            outside: format!("52.0.0.{n}"),
            device_inside: Some(format!("169.254.{n}.2")),
            gateway_inside: Some(format!("169.254.{n}.1")),
            bgp_asn: Some("64512".into()),
            bgp_hold_time: Some(30),
            preshared_key: Some(format!("key{n}")),
        };
        assert_eq!(read, [expected(7), expected(8)]);
    }

    #[test]
    fn an_unreadable_document_has_no_tunnels() {
        assert_eq!(tunnels(""), []);
        assert_eq!(tunnels("<vpn_connection>"), []);
        assert_eq!(tunnels("<vpn_connection><ipsec_tunnel/></vpn_connection>"), []);
    }
}
