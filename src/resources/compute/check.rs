//! Checks of arguments that several types of the family have. None needs AWS.

use crate::resources::prelude::*;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

type Checked = Result<(), String>;

/// How many bytes of user data an instance takes (EC2 user guide, "Run commands on launch").
const USER_DATA: usize = 16 * 1024;

/// Two spellings of one moment.
pub const MOMENT: Normal = Normal::With(|a, b| {
    let at = |v: &Value| v.as_str().and_then(|text| DateTime::from_str(text, Format::DateTimeWithOffset).ok());
    at(a).is_some_and(|a| Some(a) == at(b))
});

/// A moment in RFC 3339.
pub fn moment(value: &Value) -> Checked {
    checks::text(
        value,
        |text| DateTime::from_str(text, Format::DateTimeWithOffset).is_ok(),
        "is not a time; expected a form such as 2026-01-31T18:00:00Z",
    )
}

/// "true" or "false", for bools that are texts; an empty text is none.
pub fn truth(value: &Value) -> Checked {
    checks::one_of(value, &["", "true", "false"])
}

/// A whole number in a range.
pub fn within(value: &Value, least: i64, most: i64) -> Checked {
    match value.as_number() {
        Some(n) if n.to_i64().is_none_or(|n| !(least..=most).contains(&n)) => {
            Err(format!("{n} is out of range; expected a whole number from {least} to {most}"))
        }
        _ => Ok(()),
    }
}

/// How far an answer of the metadata service may travel.
pub fn hop_limit(value: &Value) -> Checked {
    within(value, 1, 64)
}

/// An image id, or a parameter of Systems Manager that holds one.
pub fn image(value: &Value) -> Checked {
    checks::text(
        value,
        |text| text.is_empty() || text.starts_with("ami-") || text.starts_with("resolve:ssm:"),
        "is not an image id; expected a form such as ami-0123456789abcdef0",
    )
}

/// A family and a size.
pub fn instance_type(value: &Value) -> Checked {
    checks::text(
        value,
        |text| text.is_empty() || text.split('.').filter(|part| !part.is_empty()).count() == 2,
        "is not an instance type; expected a form such as t3.micro",
    )
}

/// What happens when the instance shuts itself down.
pub fn shutdown(value: &Value) -> Checked {
    checks::one_of(value, &["stop", "terminate"])
}

/// User data as text.
pub fn user_data(value: &Value) -> Checked {
    value.as_str().map_or(Ok(()), |text| small(text.len()))
}

/// User data in base64.
pub fn user_data_base64(value: &Value) -> Checked {
    let Some(text) = value.as_str() else { return Ok(()) };
    let data = STANDARD.decode(text).map_err(|_| "not in base64; wrap it in base64encode()".to_owned())?;
    small(data.len())
}

fn small(bytes: usize) -> Checked {
    if bytes > USER_DATA {
        return Err(format!("user data of {bytes} bytes is too long; an instance takes {USER_DATA}"));
    }
    Ok(())
}

/// What a name of EC2 Auto Scaling or a launch template may be made of.
pub fn name(value: &Value, least: usize, most: usize, also: &str) -> Checked {
    let Some(text) = value.as_str() else { return Ok(()) };
    if !(least..=most).contains(&text.chars().count()) {
        return Err(format!("{text:?} has {} characters; expected {least} to {most}", text.chars().count()));
    }
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !also.contains(*c)) {
        Some(c) => Err(format!("{text:?} holds {c:?}; expected letters, digits and any of {also}")),
        None => Ok(()),
    }
}

/// What each type of volume may be: sizes in GiB, operations per second, how many of those per GiB, and
/// throughput in MiB per second (EC2 user guide, "Amazon EBS volume types").
const VOLUMES: [(&str, [i64; 2], Option<([i64; 2], i64)>, Option<[i64; 2]>); 7] = [
    ("standard", [1, 1024], None, None),
    ("gp2", [1, 16_384], None, None),
    ("gp3", [1, 65_536], Some(([3000, 80_000], 500)), Some([125, 2000])),
    ("io1", [4, 16_384], Some(([100, 64_000], 50)), None),
    ("io2", [4, 65_536], Some(([100, 256_000], 1000)), None),
    ("sc1", [125, 16_384], None, None),
    ("st1", [125, 16_384], None, None),
];
/// The operations per second that gp3 gives to any size.
const GP3_FREE: i64 = 3000;

/// What is wrong with a volume: the type is unknown, or size, operations and throughput do not go with it.
/// `size` names the argument that holds its size. Gives the argument at fault with each message.
pub fn volume(volume: &Attrs, kind: &str, size: &'static str) -> Vec<(&'static str, String)> {
    let number = |name: &str| volume.get(name).and_then(Value::as_i64);
    let mut wrong = Vec::new();
    let name = match volume.str(kind) {
        Some(name) if !name.is_empty() => name,
        _ => return wrong,
    };
    let Some((_, sizes, rate, throughput)) = VOLUMES.iter().find(|(known, ..)| *known == name) else {
        let known: Vec<&str> = VOLUMES.iter().map(|(known, ..)| *known).collect();
        return vec![(size, format!("{name:?} is not a valid volume type; expected one of {}", known.join(", ")))];
    };
    let outside = |n: i64, [least, most]: [i64; 2]| !(least..=most).contains(&n);
    if let Some(n) = number(size).filter(|n| outside(*n, *sizes)) {
        wrong
            .push((size, format!("a {name} volume of {n} GiB is out of range; expected {} to {}", sizes[0], sizes[1])));
    }
    match (number("iops").filter(|n| *n > 0), rate) {
        (Some(_), None) => {
            wrong.push(("iops", format!("a {name} volume takes no iops; gp3, io1 and io2 do")));
        }
        (Some(n), Some((range, _))) if outside(n, *range) => {
            wrong
                .push(("iops", format!("{n} iops are out of range for {name}; expected {} to {}", range[0], range[1])));
        }
        (Some(n), Some((_, per_gib))) => {
            let free = if name == "gp3" { GP3_FREE } else { 0 };
            if let Some(gib) = number(size).filter(|gib| n > free.max(gib * per_gib)) {
                let message = format!("{n} iops are too many for {gib} GiB of {name}, which gives {per_gib} per GiB");
                wrong.push(("iops", message));
            }
        }
        (None, Some(_)) if name != "gp3" && !volume.is_unknown("iops") => {
            wrong.push(("iops", format!("a {name} volume needs iops")));
        }
        _ => {}
    }
    match (number("throughput").filter(|n| *n > 0), throughput) {
        (Some(_), None) => {
            wrong.push(("throughput", format!("a {name} volume takes no throughput; only gp3 does")));
        }
        (Some(n), Some(range)) if outside(n, *range) => {
            let message = format!("{n} MiB/s are out of range for {name}; expected {} to {}", range[0], range[1]);
            wrong.push(("throughput", message));
        }
        _ => {}
    }
    wrong
}

/// Two places name something that only one place may.
pub fn both(want: &Attrs, one: &'static str, other: &str) -> Option<(&'static str, String)> {
    let given = |name: &str| {
        let empty = want.get(name).is_none_or(|v| v.is_null() || v.as_elements().is_some_and(<[Value]>::is_empty));
        !empty
    };
    (given(one) && given(other)).then(|| (one, format!("{one} and {other} exclude one another")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: &str, size: i64, iops: i64, throughput: i64) -> Vec<String> {
        let disk =
            Attrs::default().with("type", kind).with("size", size).with("iops", iops).with("throughput", throughput);
        volume(&disk, "type", "size").into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn a_volume_says_what_does_not_go_with_its_type() {
        assert_eq!(said("gp3", 100, 3000, 125), [""; 0]);
        assert_eq!(said("gp3", 4, 3000, 0), [""; 0]);
        assert_eq!(said("io2", 100, 5000, 0), [""; 0]);
        assert_eq!(said("gp2", 10, 3000, 0), ["a gp2 volume takes no iops; gp3, io1 and io2 do"]);
        assert_eq!(
            said("gp4", 10, 0, 0),
            ["\"gp4\" is not a valid volume type; expected one of standard, gp2, gp3, io1, io2, sc1, st1"]
        );
        assert_eq!(said("io1", 10, 0, 0), ["a io1 volume needs iops"]);
        assert_eq!(said("io1", 10, 1000, 0), ["1000 iops are too many for 10 GiB of io1, which gives 50 per GiB"]);
        assert_eq!(
            said("st1", 10, 0, 500),
            [
                "a st1 volume of 10 GiB is out of range; expected 125 to 16384",
                "a st1 volume takes no throughput; only gp3 does",
            ]
        );
    }

    #[test]
    fn user_data_is_measured_as_the_instance_gets_it() {
        let exact = "x".repeat(USER_DATA);
        assert_eq!(user_data(&exact.as_str().into()), Ok(()));
        assert!(user_data(&format!("{exact}x").into()).unwrap_err().contains("16385 bytes"));
        assert_eq!(user_data_base64(&STANDARD.encode(&exact).into()), Ok(()));
        assert!(user_data_base64(&STANDARD.encode(format!("{exact}x")).into()).is_err());
        assert!(user_data_base64(&"#!/bin/sh".into()).unwrap_err().contains("base64encode"));
    }

    #[test]
    fn names_are_of_the_characters_that_aws_takes() {
        assert_eq!(name(&"web-1".into(), 3, 128, "-"), Ok(()));
        assert!(name(&"we".into(), 3, 128, "-").is_err());
        assert!(name(&"web 1".into(), 3, 128, "-").unwrap_err().contains("' '"));
    }
}
