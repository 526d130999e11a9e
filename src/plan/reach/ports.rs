//! Packets as a person asks for them: `tcp/443`, `udp/53`, `443`, `tcp/8000-8010`, `icmp`, `any`.

use crate::diag::Diagnostic;
use crate::network::space::{ICMP, ICMPV6, Packets, TCP, UDP};

/// The protocols by name.
const PROTOCOLS: [(&str, u8); 4] = [("tcp", TCP), ("udp", UDP), ("icmp", ICMP), ("icmpv6", ICMPV6)];

/// Reads protocol and ports.
pub fn read(text: &str) -> Result<Packets, Diagnostic> {
    parse(text.trim()).map_err(|why| {
        Diagnostic::error(format!("Invalid port {text:?}"))
            .code("network-port")
            .detail(why)
            .hint("Write tcp/443, udp/53, tcp/8000-8010, icmp or any. A number alone is a port of TCP.")
    })
}

fn parse(text: &str) -> Result<Packets, String> {
    let folded = text.to_ascii_lowercase();
    if folded == "any" {
        return Ok(Packets::all());
    }
    let (protocol, ports) = match folded.split_once('/') {
        Some((protocol, ports)) => (protocol, Some(ports)),
        None if folded.starts_with(|c: char| c.is_ascii_digit()) => ("tcp", Some(folded.as_str())),
        None => (folded.as_str(), None),
    };
    let Some((_, number)) = PROTOCOLS.iter().find(|(name, _)| *name == protocol) else {
        let names = PROTOCOLS.map(|(name, _)| name).join(", ");
        return Err(format!("{protocol:?} is not a valid protocol; it is one of {names}."));
    };
    let Some(ports) = ports else { return Ok(Packets::with_ports(*number, 0, u16::MAX)) };
    if matches!(*number, ICMP | ICMPV6) {
        let kind: u8 = ports.parse().map_err(|_| format!("{ports:?} is not a type of {protocol}, from 0 to 255."))?;
        let first = u16::from(kind) << 8;
        return Ok(Packets::with_ports(*number, first, first | 255));
    }
    let port = |text: &str| {
        let port = text.trim().parse::<u16>();
        port.map_err(|_| format!("{text:?} is not a port; a port is a number from 0 to 65535."))
    };
    let (first, last) = match ports.split_once('-') {
        Some((first, last)) => (port(first)?, port(last)?),
        None => (port(ports)?, port(ports)?),
    };
    if first > last {
        return Err(format!("The range begins with {first} and ends with {last}, which is less."));
    }
    Ok(Packets::with_ports(*number, first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_as_rules_name_them() {
        for (text, services) in [
            ("tcp/443", "tcp/443"),
            ("TCP/443", "tcp/443"),
            ("443", "tcp/443"),
            ("udp/53", "udp/53"),
            ("tcp/8000-8010", "tcp/8000-8010"),
            ("8000-8010", "tcp/8000-8010"),
            ("udp", "udp"),
            ("icmp", "icmp"),
            ("icmp/8", "icmp type 8"),
            ("any", "all traffic"),
        ] {
            assert_eq!(read(text).unwrap().services(), services, "{text}");
        }
    }

    #[test]
    fn a_port_that_is_none_says_why() {
        let why = |text: &str| read(text).unwrap_err().detail;
        insta::assert_snapshot!(
            ["tpc/443", "tcp/70000", "tcp/", "90-80", "-1", "", "tcp/80,443", "icmp/300"].map(why).join("\n"),
            @r#"
        "tpc" is not a valid protocol; it is one of tcp, udp, icmp, icmpv6.
        "70000" is not a port; a port is a number from 0 to 65535.
        "" is not a port; a port is a number from 0 to 65535.
        The range begins with 90 and ends with 80, which is less.
        "-1" is not a valid protocol; it is one of tcp, udp, icmp, icmpv6.
        "" is not a valid protocol; it is one of tcp, udp, icmp, icmpv6.
        "80,443" is not a port; a port is a number from 0 to 65535.
        "300" is not a type of icmp, from 0 to 255.
        "#
        );
    }
}
