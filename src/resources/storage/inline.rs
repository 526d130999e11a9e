//! The configurations of a bucket as blocks of the bucket itself, which the provider calls deprecated. Each is sent as the
//! object of its own that it stands for. They are not read back: what somebody changes outside shows there alone.

use super::configuration::{Configuration, Place};
use super::inline_rows::{COPIES, LIFECYCLE};
use super::{acl, cors, encryption, inline_rules, logging, object_lock, policy, replication, switches};
use super::{lifecycle, versioning, website};
use crate::aws::api::member_text;
use crate::resources::prelude::*;

/// The arguments and blocks, in the order in which they are set: versions are kept before they are copied, and others may
/// be let in before they are granted anything.
pub const NAMES: [&str; 13] = [
    "versioning",
    "object_lock_configuration",
    "policy",
    "acl",
    "grant",
    "server_side_encryption_configuration",
    LIFECYCLE,
    "logging",
    "website",
    "cors_rule",
    COPIES,
    "request_payer",
    "acceleration_status",
];

/// Whether a value says anything: a text, or a block at least.
fn says(value: &Value) -> bool {
    !value.is_null() && value.as_elements() != Some(&[]) && value.as_str() != Some("")
}

/// What the layout gives of them.
pub fn given(want: &Attrs) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| want.get(name).is_some_and(says)).collect()
}

/// What it leaves out, and stays as it is.
pub fn left(want: &Attrs) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| !want.is_unknown(name) && !given(want).contains(name)).collect()
}

/// Blocks of an object of its own, with the bucket that it is of.
struct Own<'a> {
    aws: &'a Aws,
    place: Place,
}

impl Own<'_> {
    async fn put<C: Configuration>(&self, attrs: Attrs) -> Result<()> {
        C::put(self.aws, &self.place, None, &attrs.with("bucket", self.place.bucket.as_str())).await
    }
}

/// One block, as a list of it.
pub fn block<const N: usize>(rows: [(&'static str, Value); N]) -> Value {
    Value::tuple(vec![Value::object(rows)])
}

/// The value of an argument; null where it is not given.
pub fn value(attrs: &Attrs, name: &str) -> Value {
    attrs.get(name).cloned().unwrap_or_else(Value::any_null)
}

fn first(want: &Attrs, name: &str) -> Attrs {
    want.blocks(name).into_iter().next().unwrap_or_default()
}

fn kept(want: &Attrs, before: &Attrs) -> Attrs {
    let word = |on: Option<bool>, no: &'static str| Value::from(if on == Some(true) { "Enabled" } else { no });
    let (now, then) = (first(want, "versioning"), first(before, "versioning"));
    let off = if then.bool("enabled") == Some(true) { "Suspended" } else { "Disabled" };
    let status = word(now.bool("enabled"), off);
    let rows = [("status", status), ("mfa_delete", word(now.bool("mfa_delete"), "Disabled"))];
    let rows = rows.into_iter().filter(|(name, _)| *name == "status" || now.bool("mfa_delete") == Some(true));
    Attrs::default().with("versioning_configuration", Value::tuple(vec![Value::object(rows)]))
}

fn site(want: &Attrs) -> Attrs {
    let pages = first(want, "website");
    let mut all = Attrs::default().with("routing_rules", value(&pages, "routing_rules"));
    if pages.is_given("index_document") {
        all = all.with("index_document", block([("suffix", value(&pages, "index_document"))]));
    }
    if pages.is_given("error_document") {
        all = all.with("error_document", block([("key", value(&pages, "error_document"))]));
    }
    if let Some(to) = text(&pages, "redirect_all_requests_to") {
        let (protocol, host) = to.split_once("://").map_or((None, to.as_str()), |(p, host)| (Some(p), host));
        let rows = [("host_name", Value::from(host.trim_end_matches('/'))), ("protocol", protocol.into())];
        all = all.with("redirect_all_requests_to", block(rows));
    }
    all
}

/// The grants, one for each permission, with the owner of the bucket that the call wants to hear of.
async fn granted(aws: &Aws, bucket: &str, want: &Attrs) -> Result<Attrs> {
    let owner = member_text(&acl::get(aws, &Place::of_id(bucket)).await?, "Owner.ID");
    let mut all = Vec::new();
    for grant in want.blocks("grant") {
        let to = ["id", "type", "uri"].map(|name| (name, value(&grant, name)));
        for permission in grant.strings("permissions") {
            all.push(Value::object([("permission", permission.into()), ("grantee", block(to.clone()))]));
        }
    }
    let policy = block([("owner", block([("id", owner.into())])), ("grant", Value::tuple(all))]);
    Ok(Attrs::default().with("access_control_policy", policy))
}

/// Sets what changes.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let own = Own { aws, place: Place::of_id(id) };
    let want = change.after;
    for name in NAMES {
        if change.take(name).is_none() || left(want).contains(&name) {
            continue;
        }
        let as_it_is = || Attrs::default().with(name, value(want, name));
        match name {
            "versioning" => own.put::<versioning::Versioning>(kept(want, change.before)).await?,
            "object_lock_configuration" => {
                let lock = first(want, name).with("object_lock_enabled", "Enabled");
                own.put::<object_lock::ObjectLock>(lock).await?;
            }
            "policy" => own.put::<policy::Policy>(as_it_is()).await?,
            "acl" => acl::put(aws, &own.place, &as_it_is()).await?,
            "grant" => acl::put(aws, &own.place, &granted(aws, id, want).await?).await?,
            "server_side_encryption_configuration" => own.put::<encryption::Encryption>(first(want, name)).await?,
            LIFECYCLE => own.put::<lifecycle::Lifecycle>(inline_rules::lifecycle(want)).await?,
            "logging" => own.put::<logging::Logging>(first(want, name)).await?,
            "website" => own.put::<website::Website>(site(want)).await?,
            "cors_rule" => own.put::<cors::Cors>(as_it_is()).await?,
            COPIES => own.put::<replication::Replication>(inline_rules::copies(&first(want, name))).await?,
            "request_payer" => {
                let payer = Attrs::default().with("payer", value(want, name));
                own.put::<switches::RequestPayment>(payer).await?;
            }
            _ => own.put::<switches::Acceleration>(Attrs::default().with("status", value(want, name))).await?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, block: Value) -> Attrs {
        Attrs::default().with(name, Value::tuple(vec![block]))
    }

    #[test]
    fn versions_that_were_kept_are_suspended() {
        let of = |on: bool| with("versioning", Value::object([("enabled", on.into())]));
        let status = |attrs: &Attrs| first(attrs, "versioning_configuration").string("status");
        assert_eq!(status(&kept(&of(true), &Attrs::default())).as_deref(), Some("Enabled"));
        assert_eq!(status(&kept(&of(false), &of(true))).as_deref(), Some("Suspended"));
        assert_eq!(status(&kept(&of(false), &Attrs::default())).as_deref(), Some("Disabled"));
    }

    #[test]
    fn a_redirect_names_a_host_and_perhaps_a_protocol() {
        let of = |to: &str| {
            let all = site(&with("website", Value::object([("redirect_all_requests_to", to.into())])));
            let to = first(&all, "redirect_all_requests_to");
            (to.string("host_name"), to.string("protocol"))
        };
        assert_eq!(of("https://example.com/"), (Some("example.com".into()), Some("https".into())));
        assert_eq!(of("example.com"), (Some("example.com".into()), None));
    }

    #[test]
    fn what_is_left_out_stays() {
        let want = Attrs::default().with("acl", "private").with("cors_rule", Value::tuple(Vec::new()));
        assert_eq!(given(&want), ["acl"]);
        assert!(left(&want).contains(&"cors_rule") && !left(&want).contains(&"acl"));
    }
}
