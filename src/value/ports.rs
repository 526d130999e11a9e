//! Ports as a person writes them, in a `guard` block and on the command line: `tcp/443`, `udp/53`, `443`, `tcp/8000-8010`,
//! `icmp`, `icmp/8`, `any`, and several of them with commas.

/// TCP by its number.
pub const TCP: u8 = 6;
/// UDP by its number.
pub const UDP: u8 = 17;
/// ICMP by its number.
pub const ICMP: u8 = 1;
/// ICMP of IPv6 by its number.
pub const ICMPV6: u8 = 58;

/// The protocols by name.
const PROTOCOLS: [(&str, u8); 4] = [("tcp", TCP), ("udp", UDP), ("icmp", ICMP), ("icmpv6", ICMPV6)];

/// The cure of a text that is not ports.
pub const CURE: &str = "Write any, tcp/443, 443 (TCP), udp/500-600, icmp, icmp/8 (a type), or several with commas.";

/// A protocol with some of its ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// Its number; nothing stands for all protocols.
    pub protocol: Option<u8>,
    /// The first port. The port of ICMP is its type times 256 plus its code.
    pub first: u16,
    /// The last port.
    pub last: u16,
}

/// A text that is not ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The fault in a few words.
    pub summary: String,
    /// Why the text cannot be read.
    pub why: String,
}

/// Reads ports.
pub fn read(text: &str) -> Result<Vec<PortRange>, Unread> {
    let one = |part: &str| range(part).map_err(|why| Unread { summary: format!("{part:?} is not a port"), why });
    text.split(',').map(str::trim).map(one).collect()
}

fn range(text: &str) -> Result<PortRange, String> {
    let folded = text.to_ascii_lowercase();
    let whole = |protocol| PortRange { protocol, first: 0, last: u16::MAX };
    if folded == "any" {
        return Ok(whole(None));
    }
    let (name, ports) = match folded.split_once('/') {
        Some((name, ports)) => (name, Some(ports)),
        None if folded.starts_with(|c: char| c.is_ascii_digit()) => ("tcp", Some(folded.as_str())),
        None => (folded.as_str(), None),
    };
    let Some((_, number)) = PROTOCOLS.iter().find(|(known, _)| *known == name) else {
        return Err("The protocols are tcp, udp, icmp and icmpv6.".to_owned());
    };
    let protocol = Some(*number);
    let Some(ports) = ports else { return Ok(whole(protocol)) };
    if matches!(*number, ICMP | ICMPV6) {
        let kind = number_in::<u8>(ports).ok_or_else(|| format!("A type of {name} is a number from 0 to 255."))?;
        let first = u16::from(kind) << 8;
        return Ok(PortRange { protocol, first, last: first | 255 });
    }
    let port = |text: &str| number_in::<u16>(text).ok_or("A port is a number from 0 to 65535.");
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last) = (port(first)?, port(last)?);
    if first > last {
        return Err(format!("The range begins at {first} and ends before that, at {last}."));
    }
    Ok(PortRange { protocol, first, last })
}

/// A number of digits alone; spaces around it are left out.
fn number_in<T: std::str::FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_as_rules_name_them() {
        let of = |number: u8, first, last| PortRange { protocol: Some(number), first, last };
        for (text, expected) in [
            ("tcp/443", vec![of(TCP, 443, 443)]),
            ("TCP/443", vec![of(TCP, 443, 443)]),
            ("443", vec![of(TCP, 443, 443)]),
            ("udp/53", vec![of(UDP, 53, 53)]),
            ("tcp/8000-8010", vec![of(TCP, 8000, 8010)]),
            ("8000 - 8010", vec![of(TCP, 8000, 8010)]),
            ("udp", vec![of(UDP, 0, 65535)]),
            ("icmp", vec![of(ICMP, 0, 65535)]),
            ("icmp/8", vec![of(ICMP, 2048, 2303)]),
            ("icmpv6/128", vec![of(ICMPV6, 32768, 33023)]),
            ("any", vec![PortRange { protocol: None, first: 0, last: 65535 }]),
            ("tcp/22, udp/500-600, icmp", vec![of(TCP, 22, 22), of(UDP, 500, 600), of(ICMP, 0, 65535)]),
            ("tcp/80,443", vec![of(TCP, 80, 80), of(TCP, 443, 443)]),
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_port_that_is_none_says_why() {
        let said = |text: &str| {
            let unread = read(text).unwrap_err();
            format!("{}: {}", unread.summary, unread.why)
        };
        insta::assert_snapshot!(
            ["tpc/443", "tcp/70000", "tcp/", "tcp/+1", "90-80", "-1", "", "tcp/80,", "icmp/300", "sctp/80"].map(said).join("\n"),
            @r#"
        "tpc/443" is not a port: The protocols are tcp, udp, icmp and icmpv6.
        "tcp/70000" is not a port: A port is a number from 0 to 65535.
        "tcp/" is not a port: A port is a number from 0 to 65535.
        "tcp/+1" is not a port: A port is a number from 0 to 65535.
        "90-80" is not a port: The range begins at 90 and ends before that, at 80.
        "-1" is not a port: The protocols are tcp, udp, icmp and icmpv6.
        "" is not a port: The protocols are tcp, udp, icmp and icmpv6.
        "" is not a port: The protocols are tcp, udp, icmp and icmpv6.
        "icmp/300" is not a port: A type of icmp is a number from 0 to 255.
        "sctp/80" is not a port: The protocols are tcp, udp, icmp and icmpv6.
        "#
        );
    }
}
