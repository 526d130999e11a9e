//! random_string and random_password: random characters of chosen classes. The password is sensitive
//! and comes with its bcrypt hash.

use super::{Given, Local, Row, Values, keepers};
use crate::resources::local::{length, whole};
use crate::schema::Attrs;
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const NUMERIC: &str = "0123456789";
const SPECIAL: &str = "!@#$%&*()-_=+[]{}<>:?";
/// The names of the classes with those of their least numbers.
const CLASSES: [(&str, &str); 4] =
    [("upper", "min_upper"), ("lower", "min_lower"), ("numeric", "min_numeric"), ("special", "min_special")];
/// The cost of a hash, and of how many bytes one is made: both as Terraform has them.
const COST: u32 = 10;
const HASHED: usize = 72;

pub(super) fn string() -> Local {
    Local::new("random_string", rows().chain([Row::string("result").computed()]), |want, given| {
        Ok(if want.is_set("result") { Values::new() } else { vec![("result", characters(want, given)?.into())] })
    })
    .check(check)
    .derive(|attrs| number(attrs).chain(attrs.get("result").map(|result| ("id", result.clone()))).collect())
    .import("RESULT", reported)
}

pub(super) fn password() -> Local {
    let secret = |name| Row::string(name).computed().sensitive();
    Local::new("random_password", rows().chain([secret("bcrypt_hash"), secret("result")]), |want, given| {
        let result = match want.string("result") {
            Some(result) => result,
            None => characters(want, given)?,
        };
        let mut salt = [0; 16];
        given.random.fill_bytes(&mut salt);
        let hashed = &result.as_bytes()[..result.len().min(HASHED)];
        let hash = bcrypt::hash_with_salt(hashed, COST, salt).map_err(|e| e.to_string())?;
        let hash = hash.format_for_version(bcrypt::Version::TwoA);
        Ok(vec![("result", result.into()), ("bcrypt_hash", hash.into()), ("id", "none".into())])
    })
    .check(check)
    .derive(|attrs| number(attrs).collect())
    .import("RESULT", reported)
}

fn rows() -> impl Iterator<Item = Row> {
    let class = |name| Row::bool(name).default(true).force_new();
    let least = |name| {
        Row::number(name).default(0).force_new().check(|value| match value.as_i64() {
            Some(n) if n < 0 => Err(format!("{n} is too small; expected 0 or more")),
            _ => Ok(()),
        })
    };
    let general = [
        keepers(),
        Row::number("length").required().force_new().check(length),
        Row::bool("number").optional_computed().force_new(),
        Row::string("override_special").force_new(),
    ];
    general.into_iter().chain(CLASSES.into_iter().flat_map(move |(name, min)| [class(name), least(min)]))
}

/// `number` is the old name of `numeric` and wins where it is given.
fn number(attrs: &Attrs) -> impl Iterator<Item = (&'static str, crate::value::Value)> {
    let given = attrs.is_set("number");
    attrs.get("numeric").filter(|_| !given).map(|numeric| ("number", numeric.clone())).into_iter()
}

/// The characters of a class, whether it is asked for or not.
fn members<'a>(want: &'a Attrs, class: &str) -> &'a str {
    match class {
        "upper" => UPPER,
        "lower" => LOWER,
        "numeric" => NUMERIC,
        _ => want.str("override_special").filter(|s| !s.is_empty()).unwrap_or(SPECIAL),
    }
}

fn is_on(want: &Attrs, class: &str) -> bool {
    let old = want.bool("number").filter(|_| class == "numeric");
    old.or(want.bool(class)).unwrap_or(true)
}

fn least(want: &Attrs, min: &str) -> i64 {
    whole(want, min).unwrap_or(0)
}

fn characters(want: &Attrs, given: &mut Given) -> Result<String, String> {
    let length = usize::try_from(whole(want, "length").unwrap_or(0)).map_err(|e| e.to_string())?;
    let mut all: Vec<char> = Vec::with_capacity(length);
    let mut allowed: Vec<char> = Vec::new();
    for (class, min) in CLASSES {
        let members: Vec<char> = members(want, class).chars().collect();
        for _ in 0..least(want, min) {
            all.extend(members.choose(&mut given.random));
        }
        if is_on(want, class) {
            allowed.extend(members);
        }
    }
    while all.len() < length {
        all.push(*allowed.choose(&mut given.random).ok_or("no class of characters is left to choose from")?);
    }
    all.shuffle(&mut given.random);
    Ok(all.into_iter().collect())
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let unknown = CLASSES.iter().any(|(class, min)| want.is_unknown(class) || want.is_unknown(min));
    let (Some(length), false) = (whole(want, "length"), unknown || want.is_unknown("number")) else {
        return Vec::new();
    };
    let needed: i64 = CLASSES.iter().map(|(_, min)| least(want, min)).fold(0, i64::saturating_add);
    if length < needed {
        let message = format!("{length} characters cannot hold the {needed} that the least numbers ask for");
        return vec![("length", message)];
    }
    if length > needed && !CLASSES.iter().any(|(class, _)| is_on(want, class)) {
        return vec![("length", "every class of characters is turned off; expected at least one of them".into())];
    }
    Vec::new()
}

/// An import says only what the characters are.
fn reported(text: &str) -> Option<Values> {
    let length = i64::try_from(text.chars().count()).ok().filter(|n| *n > 0)?;
    Some(vec![("result", text.into()), ("length", length.into())])
}
